import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from correspondent_desk.domain.text import folded, squashed, tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("LE GOFF", "le goff"),
        ("Éléonore", "eleonore"),
        ("Œuvrard", "oeuvrard"),
        ("Lætitia", "laetitia"),
        ("Ǽlfric", "aelfric"),
        ("Øyvind", "oyvind"),
        ("Đặng", "dang"),
        ("Łukasz", "lukasz"),
        ("Straßer", "strasser"),
        ("STRAẞER", "strasser"),
        ("Işık", "isik"),
        ("İnönü", "inonu"),
        ("Þórr Guðrún", "thorr gudrun"),
        ("Nguyễn", "nguyen"),
        ("N’Diaye", "n'diaye"),
        ("Floc\u02bch", "floc'h"),
        ("Floc´h", "floc'h"),
        ("floc`h", "floc'h"),
        ("Saint\u2011Exupéry", "saint-exupery"),
        ("Dupont–Martin", "dupont-martin"),
        ("de\u00a0La\u202fTour", "de la tour"),
        ("Sou\u00adlier\u200b", "soulier"),
        ("Иванова", "иванова"),
        ("Παπαδόπουλος", "παπαδοπουλοσ"),
        ("", ""),
    ],
)
def test_folding_takes_away_what_people_do_not_type(text: str, expected: str) -> None:
    assert folded(text) == expected


def test_folding_is_done_once_for_all_for_every_character() -> None:
    row = 256
    changed_again = [
        hex(first)
        for first in range(0, sys.maxunicode + 1, row)
        if folded(once := folded(" ".join(map(chr, range(first, first + row))))) != once
    ]

    assert changed_again == []


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert folded(folded(text)) == folded(text)


@given(st.text(st.characters(codec="latin-1")))
def test_case_does_not_matter(text: str) -> None:
    assert folded(text.upper()) == folded(text.lower()) == folded(text)


@given(st.text())
def test_tokens_are_letters_and_digits_of_the_folded_text(text: str) -> None:
    found = tokens(text)

    assert all(token and token == folded(token) for token in found)
    assert tokens(" ".join(found)) == found
    assert squashed(text) == "".join(found)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Le Floc'h", ("le", "floc", "h")),
        ("Jean-Pierre", ("jean", "pierre")),
        ("DUPONT--MARTIN", ("dupont", "martin")),
        ("snake_case", ("snake", "case")),
        ("A-00417", ("a", "00417")),
        ("Martin", ("martin",)),
        (" - ", ()),
    ],
)
def test_tokens_are_cut_at_everything_else(text: str, expected: tuple[str, ...]) -> None:
    assert tokens(text) == expected
