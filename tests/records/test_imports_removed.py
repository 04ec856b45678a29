"""Somebody who was removed by hand and stands in the next list again."""

from pathlib import Path

import pytest

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.members import MemberId
from correspondent_desk.messages import imports as messages
from correspondent_desk.records import members
from correspondent_desk.records.imports import Outcome
from correspondent_desk.store.database import Database
from tests.records.acts import TODAY, a_contact, a_member, card
from tests.records.staff_lists import a_list, looked_at, taken_in


def remove(desk: Database, member: MemberId) -> None:
    desk.do(Action.MEMBER_REMOVED, lambda s: members.remove(s, member))


def ids(desk: Database) -> list[int]:
    return list(desk.read(lambda s: members.find_ids(s, today=TODAY)))


@pytest.mark.parametrize(
    "row",
    [
        "417;ROUX;;Anne;",
        ";ROUX;;Anne;1971-03-12",
        ";Roux;;anne;",
        "0417;ROUX;;Anna;1971-03-12",
    ],
)
def test_they_wait_for_a_persons_word(desk: Database, tmp_path: Path, row: str) -> None:
    roux = a_member(desk, "Roux", matricule="000417", birth_date=TODAY.replace(1971, 3, 12))
    remove(desk, roux)

    preview = looked_at(desk, a_list(tmp_path, row, "9;NOUVEAU;;Zoé;1980-01-01"))
    report = taken_in(desk, preview)

    assert [one.outcome for one in preview.lines] == [Outcome.SUGGESTED, Outcome.NEW]
    assert "was removed from this desk on " in messages.line(preview.lines[0])
    assert (report.new, report.waiting) == (1, 1)
    assert len(ids(desk)) == 1


def test_the_same_person_comes_back_with_what_was_removed_with_them(
    desk: Database, tmp_path: Path
) -> None:
    roux = a_member(desk, "Roux", matricule="000417")
    a_contact(desk, roux, "2026-11-30 10:00")
    remove(desk, roux)
    gone = desk.read(lambda s: members.timeline(s, roux))

    preview = looked_at(desk, a_list(tmp_path, "417;ROUX;;Anne;;;;;;Voirie"))
    report = taken_in(desk, preview, same=[2])

    assert (report.new, report.updated, report.waiting) == (0, 1, 0)
    assert ids(desk) == [roux]
    assert card(desk, roux).draft.service == "Voirie"
    assert not card(desk, roux).is_removed
    assert len(desk.read(lambda s: members.timeline(s, roux))) == len(gone) + 1 == 1
    desk.undo()
    assert ids(desk) == []


def test_somebody_else_is_new(desk: Database, tmp_path: Path) -> None:
    roux = a_member(desk, "Roux", matricule="000417")
    remove(desk, roux)

    preview = looked_at(desk, a_list(tmp_path, "417;ROUX;;Anne"))
    report = taken_in(desk, preview, different=[2])

    assert report.new == 1
    assert card(desk, roux).is_removed


@pytest.mark.parametrize("row", ["417;MARTIN;;Paul;1990-01-01", ";ROUX;;Anne;1999-03-12"])
def test_whoever_cannot_be_them_is_new(desk: Database, tmp_path: Path, row: str) -> None:
    roux = a_member(desk, "Roux", matricule="000417", birth_date=TODAY.replace(1971, 3, 12))
    remove(desk, roux)

    preview = looked_at(desk, a_list(tmp_path, row))

    assert preview.counts[Outcome.NEW] == 1


def test_a_list_taken_back_is_new_again(desk: Database, tmp_path: Path) -> None:
    path = a_list(tmp_path, "417;ROUX;;Anne;1971-03-12")
    taken_in(desk, looked_at(desk, path))
    desk.undo()

    preview = looked_at(desk, path)

    assert preview.counts[Outcome.NEW] == 1


def test_who_is_back_under_a_new_card_is_the_one_meant(desk: Database, tmp_path: Path) -> None:
    remove(desk, a_member(desk, "Roux", matricule="000417"))
    a_member(desk, "Roux", matricule="000417")

    preview = looked_at(desk, a_list(tmp_path, "417;ROUX;;Anne"))

    assert preview.counts[Outcome.UNCHANGED] == 1
