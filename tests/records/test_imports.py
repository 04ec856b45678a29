"""Importing a staff list: what it would change, and doing that in one step."""

from datetime import date
from functools import partial
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from correspondent_desk.domain import planning
from correspondent_desk.domain.members import MemberStatus, Phone
from correspondent_desk.formats.staff_cells import CellFault
from correspondent_desk.formats.staff_headings import StaffField
from correspondent_desk.messages.imports import summary
from correspondent_desk.records import imports, members, office
from correspondent_desk.records.imports import (
    Change,
    ImportOutdated,
    ImportPreview,
    Outcome,
)
from correspondent_desk.records.trouble import NothingToDo
from correspondent_desk.store.database import Database
from tests.formats.reading import meant
from tests.records.acts import TODAY, a_member, a_site, card, edit
from tests.records.staff_lists import a_list, everybody, looked_at, taken_in


def test_an_empty_desk_takes_everybody_in(desk: Database, tmp_path: Path) -> None:
    path = a_list(
        tmp_path,
        "000417;KERVÉLEC;Le Goff;Anne;12/03/1971;06 39 98 00 01;1 quai Sud;35000;Rennes;Voirie;Dépôt",
        "000418;NDIAYE;;Awa;01/01/1980;;;;;Parcs;depot",
    )

    preview = looked_at(desk, path)
    report = taken_in(desk, preview)

    assert preview.counts[Outcome.NEW] == report.new == 2
    assert preview.new_sites == report.new_sites == ("Dépôt",)
    anne, awa = everybody(desk)
    assert (anne.family_name, anne.usage_name, anne.birth_date) == (
        "KERVÉLEC", "Le Goff", date(1971, 3, 12),
    )  # fmt: skip
    assert anne.phones == (Phone(number="+33639980001"),)
    assert (anne.address.lines, anne.address.town) == (("1 quai Sud",), "Rennes")
    depot = desk.read(office.sites)[0]
    assert anne.site_id == awa.site_id == depot.id


def test_a_site_of_a_list_is_open_on_weekdays_where_the_office_is(
    desk: Database, tmp_path: Path
) -> None:
    a_site(desk, "Mairie", department="29")

    taken_in(desk, looked_at(desk, a_list(tmp_path, "000417;ROUX;;Anne;;;;;;Voirie;École")))

    school = {one.draft.name: one.draft for one in desk.read(office.sites)}["École"]
    assert (school.department, school.open_weekdays) == ("29", (1, 2, 3, 4, 5))
    assert planning.open_hours(school, TODAY)


def test_those_taken_in_are_found(desk: Database, tmp_path: Path) -> None:
    taken_in(desk, looked_at(desk, a_list(tmp_path, "000417;KERVÉLEC;Le Goff;Anne;;0639984701")))

    found = [
        list(desk.read(partial(members.find_ids, words=words, today=TODAY)))
        for words in ("legoff", "kerv", "417", "4701")
    ]

    assert [len(ids) for ids in found] == [1, 1, 1, 1]


def test_the_same_list_again_changes_nothing(desk: Database, tmp_path: Path) -> None:
    path = a_list(
        tmp_path,
        "000417;KERVÉLEC;Le Goff;Anne;12/03/1971;0639980001;1 quai Sud;35000;Rennes;Voirie;Dépôt",
        "000418;NDIAYE;;Awa;01/01/1980",
    )
    taken_in(desk, looked_at(desk, path))

    again = looked_at(desk, path)

    assert again.counts[Outcome.UNCHANGED] == 2
    assert again.is_nothing
    assert again.lines == ()
    with pytest.raises(NothingToDo):
        taken_in(desk, again)


def test_a_list_without_numbers_again_changes_nothing(desk: Database, tmp_path: Path) -> None:
    path = a_list(tmp_path, "Roux;Anne;12/03/1971", head="Nom;Prénom;Date de naissance")
    taken_in(desk, looked_at(desk, path))

    with pytest.raises(NothingToDo):
        taken_in(desk, looked_at(desk, path))


def test_an_address_that_stays_whole_is_told(desk: Database, tmp_path: Path) -> None:
    cells = ("1 quai Sud 35000 Rennes", "2 quai Sud, Rennes", "", "BP 35000 Rennes")
    people = [f"{number + 1};ROUX;Anne;{cell}" for number, cell in enumerate(cells)]
    head = "Matricule;Nom;Prénom;Adresse"
    told = looked_at(desk, a_list(tmp_path, *people, head=head))
    apart = looked_at(desk, a_list(tmp_path, "R;A;1 quai;Rennes", head="Nom;Prénom;Adresse;Ville"))

    assert told.whole_addresses == (3, 5)
    assert (
        "2 addresses are taken as they stand, since postcode and town cannot be told apart in them:"
        " rows 3, 5."
    ) in summary(told)
    assert apart.whole_addresses == ()
    taken_in(desk, told)
    again = looked_at(desk, a_list(tmp_path, *people, head=head))
    assert summary(again) == ["4 people are known already, with nothing new."]


def test_the_whole_import_is_one_step_of_undo(desk: Database, tmp_path: Path) -> None:
    roux = a_member(desk, "Roux", matricule="000001", service="Roads")
    path = a_list(tmp_path, "000001;ROUX;;Anne;;;;;;Parks;Depot", "000002;PETIT;;Jean")
    taken_in(desk, looked_at(desk, path))
    assert len(everybody(desk)) == 2

    desk.undo()

    assert len(everybody(desk)) == 1
    assert card(desk, roux).draft.service == "Roads"
    assert desk.read(office.sites) == []
    desk.redo()
    assert card(desk, roux).draft.service == "Parks"


def test_a_row_updates_by_number_and_says_from_what_to_what(desk: Database, tmp_path: Path) -> None:
    depot = a_site(desk, "Depot")
    roux = a_member(
        desk, "Roux", matricule="417", service="Roads", site_id=depot,
        phones=(Phone(number="+33639980001", label="evenings"),),
    )  # fmt: skip
    path = a_list(
        tmp_path, "000417;ROUX;;Anne;12/03/1971;06 39 98 00 02;1 quai Sud;35000;Rennes;Parks;Hall"
    )

    preview = looked_at(desk, path)
    taken_in(desk, preview)

    assert [one.outcome for one in preview.lines] == [Outcome.UPDATED]
    assert set(preview.lines[0].changes) == {
        Change("birth_date", None, date(1971, 3, 12)),
        Change("phones", ("+33639980001",), ("+33639980001", "+33639980002")),
        Change("address", "", "1 quai Sud, 35000 Rennes"),
        Change("matricule", "417", "000417"),
        Change("service", "Roads", "Parks"),
        Change("site_id", "Depot", "Hall"),
    }
    draft = card(desk, roux).draft
    assert draft.phones[0].label == "evenings"
    assert draft.matricule == "000417"
    assert (draft.service, draft.address.town) == ("Parks", "Rennes")


def test_an_empty_cell_erases_nothing(desk: Database, tmp_path: Path) -> None:
    roux = a_member(
        desk, "Roux", matricule="000417", service="Roads", birth_date=date(1971, 3, 12),
        status=MemberStatus.LEAVE, phones=(Phone(number="+33639980001"),),
    )  # fmt: skip
    before = card(desk, roux).draft

    preview = looked_at(desk, a_list(tmp_path, "000417;Roux;;Anne"))

    assert preview.counts[Outcome.UNCHANGED] == 1
    assert card(desk, roux).draft == before


def test_capitals_and_missing_accents_are_no_news(desk: Database, tmp_path: Path) -> None:
    a_member(desk, "d’Hérouville", first_name="Zoé", matricule="000417", service="État civil")

    preview = looked_at(desk, a_list(tmp_path, "000417;D'HEROUVILLE;;ZOE;;;;;;ETAT CIVIL"))

    assert preview.counts[Outcome.UNCHANGED] == 1


def test_cells_that_cannot_be_read_are_listed_and_the_rest_goes_in(
    desk: Database, tmp_path: Path
) -> None:
    path = a_list(tmp_path, "000417;ROUX;;Anne;31/02/1971;12", "000418;;;Nobody")

    preview = looked_at(desk, path)
    report = taken_in(desk, preview)

    assert (preview.left_out, preview.cells_left_empty) == (1, 1)
    assert (report.left_out, report.cells_left_empty) == (1, 1)
    assert [(one.row, one.fault) for one in preview.problems] == [
        (2, CellFault.NO_SUCH_DAY),
        (3, CellFault.NO_NAME),
    ]
    assert preview.faults[CellFault.NO_NAME] == 1
    assert [one.birth_date for one in everybody(desk)] == [None]


def test_who_is_not_in_the_list_is_counted_and_stays(desk: Database, tmp_path: Path) -> None:
    a_member(desk, "Absent")
    a_member(desk, "Gone", status=MemberStatus.LEFT)
    a_member(desk, "Roux", matricule="000417")

    preview = looked_at(desk, a_list(tmp_path, "000417;ROUX;;Anne;;;;;;Parks"))
    taken_in(desk, preview)

    assert preview.absent == 1
    assert [one.family_name for one in preview.absentees] == ["Absent"]
    assert desk.read(lambda s: list(imports.absentees(s, preview))) == list(preview.absentees)
    assert len(everybody(desk)) == 3


def test_a_list_is_applied_as_previewed_though_the_file_is_gone(
    desk: Database, tmp_path: Path
) -> None:
    path = a_list(tmp_path, "000417;ROUX;;Anne")
    preview = looked_at(desk, path)
    path.unlink()

    assert taken_in(desk, preview).new == 1


def test_other_work_meanwhile_does_no_harm(desk: Database, tmp_path: Path) -> None:
    preview = looked_at(desk, a_list(tmp_path, "000417;ROUX;;Anne"))
    a_member(desk, "Petit")

    assert taken_in(desk, preview).new == 1


def test_a_preview_that_is_no_longer_true_is_refused(desk: Database, tmp_path: Path) -> None:
    preview = looked_at(desk, a_list(tmp_path, "000417;ROUX;;Anne"))
    a_member(desk, "Roux", matricule="000417")

    with pytest.raises(ImportOutdated):
        taken_in(desk, preview)


def test_what_changed_meanwhile_is_not_written_over(desk: Database, tmp_path: Path) -> None:
    opened = card(desk, a_member(desk, "Roux", matricule="000417"))
    preview = looked_at(desk, a_list(tmp_path, "000417;ROUX;;Anne;;;;;;Parks"))
    edit(desk, opened, note="met at the market")

    taken_in(desk, preview)

    draft = card(desk, opened.id).draft
    assert (draft.service, draft.note) == ("Parks", "met at the market")


def test_what_a_person_said_of_a_column_is_remembered(desk: Database, tmp_path: Path) -> None:
    path = a_list(tmp_path, "417;Roux;Anne;Bât. B", head="Matricule;Nom;Prénom;Truc")

    def choose(session: Session) -> ImportPreview:
        sheet, proposal = imports.open_list(session, path)
        mapping = meant(proposal, {3: StaffField.SERVICE})
        return imports.preview(session, sheet, mapping, today=TODAY)

    preview = desk.read(choose)
    taken_in(desk, preview)

    _, proposal = desk.read(lambda s: imports.open_list(s, path))
    assert proposal.mapping.fields[3] is StaffField.SERVICE
    assert everybody(desk)[0].service == "Bât. B"


def test_every_row_can_be_told_for_a_report(desk: Database, tmp_path: Path) -> None:
    a_member(desk, "Roux", matricule="000001")
    path = a_list(tmp_path, "000001;ROUX;;Anne", "000002;PETIT;;Jean", "000002;PETIT;;Jean")
    preview = looked_at(desk, path)

    told = desk.read(lambda s: list(imports.lines(s, preview)))

    assert [(one.row, one.outcome) for one in told] == [
        (2, Outcome.UNCHANGED),
        (3, Outcome.NEW),
        (4, Outcome.LEFT_OUT),
    ]


def test_a_preview_shows_the_first_lines_of_each_outcome(desk: Database, tmp_path: Path) -> None:
    rows = [f"{number:06};ROUX;;Anne {number}" for number in range(imports.MOST_LINES + 50)]

    preview = looked_at(desk, a_list(tmp_path, *rows))

    assert len(preview.lines) == imports.MOST_LINES
    assert preview.counts[Outcome.NEW] == imports.MOST_LINES + 50


def test_a_list_of_many_blocks_keeps_every_row_with_its_answer(
    desk: Database, tmp_path: Path
) -> None:
    first, last = "000000;ROUX;;First", "009999;ZOLA;;Last"
    rows = [f"{number:06};MARTIN;;Anne {number}" for number in range(1, 4_500)]
    taken_in(desk, looked_at(desk, a_list(tmp_path, first, *rows)))

    report = taken_in(desk, looked_at(desk, a_list(tmp_path, first + ";;;;;;Parks", *rows, last)))

    assert (report.new, report.updated, report.unchanged) == (1, 1, 4_499)
    ids = desk.read(lambda s: members.find_ids(s, today=TODAY))
    assert len(ids) == 4_501
    assert desk.read(lambda s: members.rows(s, ids[-2:]))[0].service == "Parks"
