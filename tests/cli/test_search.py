"""search: from a cold start, and line by line."""

import json

import pytest

from tests.cli.conftest import Run


@pytest.mark.parametrize(
    "words",
    ["le gof", "legoff", "LE GOFF Anne", "kervelec", "5607", "06 39 98 56 07", "000417", "le golf"],
)
def test_someone_is_found_in_many_ways(on_desk: Run, words: str) -> None:
    ended = on_desk("search", *words.split())

    assert ended.status == 0
    assert "Mrs Anne LE GOFF · née KERVÉLEC" in ended.out


def test_what_is_found_tells_people_apart_and_how_to_reach_them(on_desk: Run) -> None:
    [line] = on_desk("search", "000417").lines

    assert line.startswith("6  Mrs Anne LE GOFF · née KERVÉLEC · 18/04/")
    assert line.endswith("· Hôtel de ville · 000417 · 06 39 98 56 07")


def test_one_object_for_each_person(on_desk: Run) -> None:
    found = [json.loads(line) for line in on_desk("search", "a", "--json", "--limit", "7").lines]

    assert len(found) == 7
    assert len({one["id"] for one in found}) == 7


def test_nobody_is_found(on_desk: Run) -> None:
    assert on_desk("search", "zzzz").out == "Nobody was found.\n"
    assert on_desk("search", "zzzz").status == 1
    assert on_desk("search", "zzzz", "--json").out == ""


def test_each_line_is_answered(on_desk: Run) -> None:
    typed = "le gof\n\nzzzz\r\nkervélec".encode()
    answers = [json.loads(line) for line in on_desk("search", "--lines", typed=typed).lines]

    assert [(one["words"], len(one["found"])) for one in answers] == [
        ("le gof", 1),
        ("", 0),
        ("zzzz", 0),
        ("kervélec", 1),
    ]


def test_bytes_that_are_no_letters_find_nobody(on_desk: Run) -> None:
    [answer] = on_desk("search", "--lines", typed=b"\xff\xfe\n").lines

    assert json.loads(answer)["found"] == []


@pytest.mark.parametrize("words", [[], ["--lines", "le gof"], ["le", "--limit", "0"]])
def test_a_search_that_cannot_be_understood_is_refused(on_desk: Run, words: list[str]) -> None:
    ended = on_desk("search", *words)

    assert ended.status == 2
    assert ended.err.endswith("[usage]\n")
