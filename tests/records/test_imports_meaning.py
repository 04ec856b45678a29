"""Whom each row of a staff list means, and whom it leaves to a person."""

from datetime import date
from pathlib import Path

import pytest

from correspondent_desk.domain.members import MemberStatus
from correspondent_desk.messages.imports import line
from correspondent_desk.records import imports
from correspondent_desk.records.imports import (
    Change,
    Outcome,
    RowTrouble,
)
from correspondent_desk.records.trouble import NothingToDo
from correspondent_desk.store.database import Database
from tests.records.acts import a_member, card
from tests.records.staff_lists import a_list, everybody, looked_at, taken_in


def test_the_committees_number_counts_before_the_employers(desk: Database, tmp_path: Path) -> None:
    a_member(desk, "Roux", beneficiary_number="B-77", matricule="000001")
    head = "N° bénéficiaire;Matricule;Nom;Prénom"

    preview = looked_at(desk, a_list(tmp_path, "b77;000002;ROUX;Anne", head=head))

    assert preview.lines[0].changes == (Change("matricule", "000001", "000002"),)


def test_two_numbers_of_two_people_are_left_to_a_person(desk: Database, tmp_path: Path) -> None:
    a_member(desk, "Roux", beneficiary_number="77")
    a_member(desk, "Petit", matricule="000001")
    head = "N° bénéficiaire;Matricule;Nom;Prénom"

    preview = looked_at(desk, a_list(tmp_path, "77;000001;ROUX;Anne", head=head))

    assert [one.trouble for one in preview.lines] == [RowTrouble.TWO_PEOPLE]


def test_a_number_that_two_members_have_is_left_to_a_person(desk: Database, tmp_path: Path) -> None:
    a_member(desk, "Roux", matricule="417")
    a_member(desk, "Petit", matricule="000417")

    preview = looked_at(desk, a_list(tmp_path, "000417;ROUX;;Anne"))

    assert [one.trouble for one in preview.lines] == [RowTrouble.TWICE_ON_DESK]


def test_a_number_given_to_someone_else_changes_nobody(desk: Database, tmp_path: Path) -> None:
    roux = a_member(desk, "Roux", matricule="000417", birth_date=date(1950, 1, 1))

    preview = looked_at(desk, a_list(tmp_path, "000417;NDIAYE;;Awa;01/01/1990"))

    assert [(one.trouble, one.member) for one in preview.lines] == [(RowTrouble.OTHER_PERSON, roux)]
    with pytest.raises(NothingToDo):
        taken_in(desk, preview)


def test_a_new_name_after_a_wedding_is_the_same_person(desk: Database, tmp_path: Path) -> None:
    a_member(desk, "Kervélec", matricule="000417", birth_date=date(1971, 3, 12))

    preview = looked_at(desk, a_list(tmp_path, "000417;KERVELEC;Le Goff;Anne;12/03/1971"))

    assert preview.lines[0].changes == (Change("usage_name", "", "Le Goff"),)


def test_a_list_with_one_name_leaves_the_other_as_it_is(desk: Database, tmp_path: Path) -> None:
    born = date(1971, 3, 12)
    told = {"usage_name": "Le Goff", "matricule": "000417", "birth_date": born}
    anne = a_member(desk, "Kervélec", **told)

    by_number = looked_at(
        desk, a_list(tmp_path, "000417;LE GOFF;Anne", head="Matricule;Nom;Prénom")
    )
    head = "Nom;Prénom;Date de naissance"
    used = looked_at(desk, a_list(tmp_path, "LEGOFF;Anne;12/03/1971", head=head))
    at_birth = looked_at(desk, a_list(tmp_path, "KERVELEC;Anne;12/03/1971", head=head))

    assert by_number.counts[Outcome.UNCHANGED] == 1
    for preview in (used, at_birth):
        assert [(one.outcome, one.member, one.changes) for one in preview.lines] == [
            (Outcome.SUGGESTED, anne, ())
        ]


def test_a_name_in_use_comes_before_the_same_at_birth(desk: Database, tmp_path: Path) -> None:
    roux = a_member(desk, "Roux")
    a_member(desk, "Roux", usage_name="Petit")

    preview = looked_at(desk, a_list(tmp_path, "ROUX;Anne", head="Nom;Prénom"))

    assert [(one.outcome, one.member) for one in preview.lines] == [(Outcome.SUGGESTED, roux)]


def test_a_row_that_may_mean_two_namesakes_makes_no_third(desk: Database, tmp_path: Path) -> None:
    a_member(desk, "Roux")
    a_member(desk, "Roux")

    preview = looked_at(desk, a_list(tmp_path, "000417;ROUX;;Anne;12/03/1971"))

    assert [one.trouble for one in preview.lines] == [RowTrouble.NAMESAKES]
    assert "Several people of this desk are called Anne ROUX" in line(preview.lines[0])
    with pytest.raises(NothingToDo):
        taken_in(desk, preview)


def test_of_two_namesakes_the_one_born_that_day_is_meant(desk: Database, tmp_path: Path) -> None:
    a_member(desk, "Roux")
    anne = a_member(desk, "Roux", birth_date=date(1971, 3, 12))

    preview = looked_at(desk, a_list(tmp_path, "000417;ROUX;;Anne;12/03/1971"))

    assert [(one.outcome, one.member) for one in preview.lines] == [(Outcome.SUGGESTED, anne)]


def test_a_person_twice_in_the_list_counts_once(desk: Database, tmp_path: Path) -> None:
    path = a_list(tmp_path, "000417;ROUX;;Anne", "000418;PETIT;;Jean", "417;ROUX;;Anne")

    preview = looked_at(desk, path)

    assert preview.counts[Outcome.NEW] == 2
    twice = [one for one in preview.lines if one.outcome is Outcome.LEFT_OUT]
    assert [(one.row, one.trouble, one.other_row) for one in twice] == [
        (4, RowTrouble.TWICE_IN_LIST, 2)
    ]


def test_a_number_that_stands_beside_two_names_is_told_with_the_first(
    desk: Database, tmp_path: Path
) -> None:
    path = a_list(
        tmp_path,
        "000417;ROUX;;Anne",
        "417;PETIT;;Bea",
        "0417;ROUX;;Anne;12/03/1971",
        "000418;BENALI;;Zoé;12/03/1971",
        "000418;BENALI;;Zoé;13/03/1971",
    )

    preview = looked_at(desk, path)
    told = desk.read(lambda session: list(imports.lines(session, preview)))

    expected = [
        (3, RowTrouble.SAME_MATRICULE, 2, "ROUX"),
        (4, RowTrouble.TWICE_IN_LIST, 2, ""),
        (6, RowTrouble.SAME_MATRICULE, 5, "BENALI"),
    ]
    for lines in (preview.lines, told):
        assert [
            (one.row, one.trouble, one.other_row, one.other.family_name if one.other else "")
            for one in lines
            if one.outcome is Outcome.LEFT_OUT
        ] == expected


def test_people_changed_meanwhile_leave_a_number_of_two_names_told(
    desk: Database, tmp_path: Path
) -> None:
    path = a_list(tmp_path, "000417;ROUX;;Anne", "417;PETIT;;Bea")
    preview = looked_at(desk, path)
    a_member(desk, "Durand")

    assert taken_in(desk, preview).new == 1


def test_a_namesake_with_the_same_birth_date_is_suggested(desk: Database, tmp_path: Path) -> None:
    roux = a_member(desk, "Roux", birth_date=date(1971, 3, 12))
    path = a_list(tmp_path, "000417;ROUX;;ANNE;12/03/1971;;;;;Parks")

    preview = looked_at(desk, path)

    assert [(one.outcome, one.member) for one in preview.lines] == [(Outcome.SUGGESTED, roux)]
    with pytest.raises(NothingToDo):
        taken_in(desk, preview)


def test_a_confirmed_suggestion_updates_and_a_refused_one_is_new(
    desk: Database, tmp_path: Path
) -> None:
    roux = a_member(desk, "Roux", birth_date=date(1971, 3, 12))
    a_member(desk, "Petit", birth_date=date(1980, 1, 1))
    path = a_list(
        tmp_path,
        "000417;ROUX;;Anne;12/03/1971;;;;;Parks;Hall",
        "000418;PETIT;;Anne;01/01/1980;;;;;Roads;Depot",
    )
    preview = looked_at(desk, path)
    assert preview.new_sites == ()

    report = taken_in(desk, preview, same=[2], different=[3])

    assert (report.updated, report.new, report.waiting) == (1, 1, 0)
    assert report.new_sites == ("Hall", "Depot")
    draft = card(desk, roux).draft
    assert (draft.matricule, draft.service) == ("000417", "Parks")
    assert len(everybody(desk)) == 3


def test_namesakes_whose_birth_dates_or_numbers_differ_are_other_people(
    desk: Database, tmp_path: Path
) -> None:
    a_member(desk, "Roux", birth_date=date(1971, 3, 12))
    a_member(desk, "Petit", matricule="000001")

    preview = looked_at(
        desk, a_list(tmp_path, "000417;ROUX;;Anne;13/03/1990", "000002;PETIT;;Anne")
    )

    assert preview.counts[Outcome.NEW] == 2


@pytest.mark.parametrize(
    ("known", "told", "becomes"),
    [
        (MemberStatus.DECEASED, "en poste", Outcome.SUGGESTED),
        (MemberStatus.DECEASED, "retraité", Outcome.SUGGESTED),
        (MemberStatus.RETIRED, "en poste", Outcome.SUGGESTED),
        (MemberStatus.LEFT, "en poste", Outcome.SUGGESTED),
        (MemberStatus.LEFT, "", Outcome.UNCHANGED),
        (MemberStatus.DECEASED, "décédé", Outcome.UNCHANGED),
        (MemberStatus.LEFT, "retraité", Outcome.UPDATED),
        (MemberStatus.ACTIVE, "décédé", Outcome.UPDATED),
        (MemberStatus.LEAVE, "en poste", Outcome.UPDATED),
    ],
)
def test_no_list_brings_the_dead_or_gone_back_by_itself(
    desk: Database, tmp_path: Path, known: MemberStatus, told: str, becomes: Outcome
) -> None:
    roux = a_member(desk, "Roux", matricule="000417", status=known)
    path = a_list(tmp_path, f"417;ROUX;Anne;{told}", head="Matricule;Nom;Prénom;Statut")

    preview = looked_at(desk, path)

    assert preview.counts[becomes] == 1
    if becomes is Outcome.SUGGESTED:
        assert preview.lines[0].takes_back == known
        with pytest.raises(NothingToDo):
            taken_in(desk, preview)
        assert card(desk, roux).draft.status is known
        assert taken_in(desk, preview, same=[2]).updated == 1
        assert card(desk, roux).draft.status is not known


def test_first_zeros_that_an_earlier_list_had_lost_come_back(
    desk: Database, tmp_path: Path
) -> None:
    taken_in(desk, looked_at(desk, a_list(tmp_path, "1000;ROUX;;Anne", "88;PETIT;;Jean")))
    whole = a_list(tmp_path, "001000;ROUX;;Anne", "88;PETIT;;Jean", "012345;DOE;;Zoé")

    preview = looked_at(desk, whole)
    taken_in(desk, preview)

    assert [one.changes for one in preview.lines if one.outcome is Outcome.UPDATED] == [
        (Change("matricule", "1000", "001000"),),
        (Change("matricule", "0088", "000088"),),
    ]
    lossy = looked_at(desk, a_list(tmp_path, "1000;ROUX;;Anne", "88;PETIT;;Jean"))
    assert lossy.counts[Outcome.UNCHANGED] == 2
    assert looked_at(desk, whole).is_nothing


def test_a_preview_says_how_the_cells_of_somebody_new_were_read(
    desk: Database, tmp_path: Path
) -> None:
    rows = (
        "000417;ROUX;;Anne;07/04/97;639981234;1 quai Sud;1000;Bourg;Parcs;Dépôt",
        "000418;PETIT;MARTIN",
    )

    first, second = looked_at(desk, a_list(tmp_path, *rows)).lines

    assert line(first) == (
        "Anne ROUX is new: birth date: 07/04/1997; staff number: 000417; phones: 06 39 98 12 34; "
        "address: 1 quai Sud, 01000 Bourg; department of the office: Parcs; site: Dépôt."
    )
    assert line(second) == "MARTIN is new: family name: PETIT; staff number: 000418."
