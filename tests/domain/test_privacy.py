import pytest
from hypothesis import given
from hypothesis import strategies as st

from correspondent_desk.domain.privacy import looks_like_nir, nir_in


def key_of(number: str) -> str:
    return f"{97 - int(number.replace('2A', '19').replace('2B', '18')) % 97:02}"


@pytest.mark.parametrize(
    "text",
    [
        "185057800608491",
        "1 85 05 78 006 084 91",
        "1 85 05 78 006 084 / 91",
        "1.85.05.78.006.084.91",
        "1850 5780 0608 491",
        " 1-85-05-78-006-084-91 ",
        "1\u00a085\u00a005\u00a078\u00a0006\u00a0084\u00a091",
        "1850578006084",
        "2 55 08 14 168 025 38",
        "2 69 05 2A 004 123 " + key_of("269052A004123"),
        "2 69 05 2b 004 123 " + key_of("269052B004123"),
        "1 85 20 97 105 084 " + key_of("1852097105084"),
        "8 85 63 99 350 084 " + key_of("8856399350084"),
    ],
)
def test_social_security_numbers_are_recognised(text: str) -> None:
    assert looks_like_nir(text)
    assert [text[start:end] for start, end in nir_in(text)] == [text.strip()]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "000417",
        "06 12 34 56 07",
        "1 85 05 78 006 084 92",  # wrong key
        "1 85 05 78 006 084 3",
        "1 85 15 78 006 084",  # no such month
        "1 85 05 00 006 084",  # no such department
        "5 85 05 78 006 084",  # no such sex
        "3760123456789",  # bar code
        "1763850578006",  # milliseconds
        "FR76 3000 1007 9416 0000 0000 123",
        "123 456 789 00012",
        "20/12/2021",
    ],
)
def test_other_numbers_are_not(text: str) -> None:
    assert not looks_like_nir(text)
    assert nir_in(text) == ()


def test_a_note_shows_where_the_numbers_stand() -> None:
    note = "Vue le 12 1 85 05 78 006 084 91, épouse (2550814168025 38) ; dossier 12345."

    assert [note[start:end] for start, end in nir_in(note)] == [
        "1 85 05 78 006 084 91",
        "2550814168025 38",
    ]


def test_a_number_inside_another_is_not_told_twice() -> None:
    overlapping = "1 85 05 78 006 084 91 1 85 05 78 006 084 91"

    assert nir_in(overlapping) == ((0, 21), (22, 43))


@pytest.mark.parametrize(
    "note", ["12 1850578006084", "1850578006084 5", "1850578006084-12-3", "X1850578006084"]
)
def test_without_its_key_a_number_must_stand_alone(note: str) -> None:
    assert nir_in(note) == ()


@given(
    sex=st.sampled_from("12"),
    year=st.integers(0, 99),
    month=st.integers(1, 12),
    department=st.sampled_from(["01", "29", "2A", "2B", "67", "95", "97", "99"]),
    rest=st.integers(0, 999_999),
    gap=st.sampled_from(["", " ", ".", "-", "\u202f"]),
)
def test_every_real_number_is_recognised_and_one_wrong_digit_is_seen(
    *, sex: str, year: int, month: int, department: str, rest: int, gap: str
) -> None:
    parts = [sex, f"{year:02}", f"{month:02}", department, f"{rest:06}"]
    number = "".join(parts)
    right = key_of(number)
    wrong = f"{int(right) % 97 + 1:02}"

    assert looks_like_nir(gap.join([*parts, right]))
    assert not looks_like_nir(gap.join([*parts, wrong]))
    assert nir_in(f"NIR : {gap.join([*parts, right])}, merci")
