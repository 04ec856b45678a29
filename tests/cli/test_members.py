"""show, edit, undo, redo and history of one person."""

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.members import MemberDraft
from correspondent_desk.records import members
from correspondent_desk.store.database import open_store
from correspondent_desk.store.vault import DeskFolder, unlock
from tests.cli.conftest import Run

ANNE = "000417"
EVIL = MemberDraft(
    family_name="ZORRO", first_name="Al\x1b[2J\u202edro", matricule="E1", note="\x1b]0;x\x07"
)


@pytest.fixture
def shown(on_desk: Run) -> Any:
    """Anne's card as JSON."""
    return lambda: json.loads(on_desk("show", "member", ANNE, "--json").out)


def test_a_card_says_who_how_to_reach_and_what_took_place(on_desk: Run) -> None:
    ended = on_desk("show", "member", ANNE)

    assert ended.status == 0
    assert ended.lines[0] == "Mrs Anne LE GOFF (née KERVÉLEC)"
    assert "06 39 98 56 07 (le matin)" in ended.out
    assert "Beneficiary number: B8000417 · entry and end of rights: since " in ended.out
    assert "Promet d’apporter le certificat lundi." in ended.out


def test_a_person_goes_by_three_numbers(on_desk: Run, shown: Any) -> None:
    card = shown()

    for number in (str(card["id"]), card["uid"], card["uid"].upper(), ANNE):
        assert json.loads(on_desk("show", "member", number, "--json").out)["id"] == card["id"]


@pytest.mark.parametrize("number", ["999999", "abc", "", "-1", "0", "0x6", "' OR 1=1 --"])
def test_nobody_goes_by_that_number(on_desk: Run, number: str) -> None:
    ended = on_desk("show", "member", "--", number)

    assert ended.status == 2
    assert ended.err.endswith("[no-such-record]\n")


def test_several_people_of_one_staff_number_are_named(on_desk: Run, shown: Any) -> None:
    anne = shown()["id"]
    other = json.loads(on_desk("search", "ma", "--json").lines[0])["id"]
    assert on_desk("edit", "member", other, f"matricule={ANNE}").status == 0

    for words in (
        ("show", "member", ANNE),
        ("edit", "member", ANNE, "note=x"),
        ("history", "member", ANNE),
    ):
        ended = on_desk(*words)
        told, code = ended.err.splitlines()
        assert (ended.status, code) == (2, "[several-records]")
        assert f"staff number {ANNE}: " in told
        assert f" {anne} Mrs Anne LE GOFF" in told
        assert f" {other} " in told
    assert on_desk("show", "member", anne).status == 0


@pytest.mark.parametrize(("known", "typed"), [("00815", "815"), ("815", "00815")])
def test_a_staff_number_may_have_lost_its_first_zeros(
    on_desk: Run, shown: Any, known: str, typed: str
) -> None:
    anne = shown()["id"]
    assert on_desk("edit", "member", f"id:{anne}", f"matricule={known}").status == 0
    edited = on_desk("edit", "member", typed, "note=x")
    other = json.loads(on_desk("search", "ma", "--json").lines[0])["id"]
    assert on_desk("edit", "member", other, f"matricule=0{known}").status == 0

    assert edited.out == "Saved: Mrs Anne LE GOFF.\n"
    assert json.loads(on_desk("show", "member", known, "--json").out)["id"] == anne
    assert on_desk("show", "member", f"000{known}").err.endswith("[several-records]\n")


def test_a_number_here_that_is_a_staff_number_without_its_zeros_changes_nobody(
    on_desk: Run, shown: Any
) -> None:
    anne = shown()["id"]
    other = json.loads(on_desk("search", "ma", "--json").lines[0])["id"]
    assert on_desk("edit", "member", other, f"matricule=000{anne}").status == 0

    assert on_desk("edit", "member", anne, "note=x").err.endswith("[ambiguous-number]\n")
    assert on_desk("show", "member", f"id:{anne}").status == 0
    assert on_desk("show", "member", f"000{anne}").status == 0


def test_a_number_that_means_two_people_changes_neither(on_desk: Run, shown: Any) -> None:
    anne = shown()["id"]
    other = json.loads(on_desk("search", "ma", "--json").lines[0])["id"]
    assert on_desk("edit", "member", other, f"matricule={anne}").status == 0

    refused = on_desk("edit", "member", anne, "note=x")
    told, code = refused.err.splitlines()
    edited = on_desk("edit", "member", f"id:{anne}", "note=x")

    assert (refused.status, code) == (2, "[ambiguous-number]")
    assert f" {anne} Mrs Anne LE GOFF" in told
    assert f", {other} " in told
    assert edited.out == "Saved: Mrs Anne LE GOFF.\n"
    assert shown()["note"] == "x"


@pytest.mark.parametrize(
    ("edit", "key", "value"),
    [
        ("first_name=Annaïg", "first_name", "Annaïg"),
        ("note=Deux = un + un", "note", "Deux = un + un"),
        ("birth_date=1970-12-31", "birth_date", "1970-12-31"),
        ("birth_date=29/02/1972", "birth_date", "1972-02-29"),
        ("birth_date=", "birth_date", None),
        ("civility=", "civility", ""),
        ("status=leave", "status", "leave"),
        ("site=centre technique", "site", "Centre technique"),
        ("site=", "site", ""),
        ("rhythm_months=6", "rhythm_months", 6),
        ("no_letter_home=non", "no_letter_home", False),
        ("preferred_channel=sms", "preferred_channel", "sms"),
        (
            "address=3 rue Haute|67990|VALBRUNE",
            "address",
            {"lines": ["3 rue Haute"], "postcode": "67990", "town": "VALBRUNE", "country": ""},
        ),
        (
            "mails=a@example.org, b@example.org",
            "mails",
            [
                {"address": "a@example.org", "label": "", "do_not_use": False},
                {"address": "b@example.org", "label": "", "do_not_use": False},
            ],
        ),
    ],
)
def test_a_field_is_edited_and_the_edit_taken_back(
    on_desk: Run, shown: Any, edit: str, key: str, value: object
) -> None:
    before = shown()[key]

    assert on_desk("edit", "member", ANNE, edit).status == 0
    assert shown()[key] == value
    assert on_desk("undo").status == 0
    assert shown()[key] == before
    assert on_desk("redo").status == 0
    assert shown()[key] == value


def test_a_number_or_an_address_is_kept_once(on_desk: Run, shown: Any) -> None:
    twice = ("phones=+33639980001,06 39 98 00 01", "mails=a@example.org, a@example.org")
    assert on_desk("edit", "member", ANNE, *twice).status == 0

    assert [one["number"] for one in shown()["phones"]] == ["+33639980001"]
    assert [one["address"] for one in shown()["mails"]] == ["a@example.org"]


def test_a_phone_that_stays_keeps_its_label(on_desk: Run, shown: Any) -> None:
    on_desk("edit", "member", ANNE, "phones=06 39 98 56 07, 01 99 00 12 34 (bureau)")

    assert [(one["number"], one["label"]) for one in shown()["phones"]] == [
        ("+33639985607", "le matin"),
        ("+33199001234", "bureau"),
    ]


@pytest.mark.parametrize(
    ("edit", "code"),
    [
        ("note", "[bad-edit:form]"),
        ("=x", "[bad-edit:field]"),
        ("search_doc=x", "[bad-edit:field]"),
        ("birth_date=31/02/1971", "[bad-edit:value]"),
        ("birth_date=hier", "[bad-edit:value]"),
        ("civility=dr", "[bad-edit:value]"),
        ("site=Mars", "[bad-edit:value]"),
        ("rhythm_months=-1", "[bad-edit:value]"),
        (f"rhythm_months={10**30}", "[bad-edit:value]"),
        ("bracket_year=99999999999999999999", "[bad-edit:value]"),
        ("address=sans code", "[bad-edit:value]"),
        ("no_letter_home=maybe", "[bad-edit:value]"),
        ("family_name=", "[has-problems]"),
        ("birth_date=2999-01-01", "[has-problems]"),
        ("phones=abc", "[has-problems]"),
        ("mails=nobody", "[has-problems]"),
        ("note=1 85 05 78 006 084 91", "[has-problems]"),
        (f"service={'x' * 300}", "[has-problems]"),
        ("note=\udcff", "[usage]"),
    ],
)
def test_an_edit_that_cannot_be_is_refused_as_a_whole(
    on_desk: Run, shown: Any, edit: str, code: str
) -> None:
    if edit == "family_name=":
        on_desk("edit", "member", ANNE, "usage_name=")
    before = shown()
    ended = on_desk("edit", "member", ANNE, "first_name=Zoé", edit)

    assert ended.status == 2
    assert ended.err.splitlines()[-1] == code
    assert "Traceback" not in ended.err
    assert shown() == before


@pytest.mark.parametrize(
    ("edit", "advice"),
    [
        ("status=zombie", "It can be: active, contract, apprentice, leave, retired"),
        ("civility=dr", "It can be: mrs, mr."),
        ("no_letter_home=maybe", "It can be: yes, no."),
        ("rhythm_months=0", "It can be a number from 1 to 120."),
        ("site=Mars", "the name of a site"),
        ("address=sans code", "3 rue Haute|67990|VALBRUNE"),
        ("birth_date=hier", "Write dates like 1970-12-31."),
    ],
)
def test_a_value_that_cannot_be_read_is_told_what_can(on_desk: Run, edit: str, advice: str) -> None:
    assert advice in on_desk("--lang", "en", "edit", "member", ANNE, edit).err


def test_several_fields_are_one_step(on_desk: Run, shown: Any) -> None:
    before = shown()
    on_desk("edit", "member", ANNE, "first_name=Zoé", "note=Bonjour")

    assert on_desk("undo").out == "Taken back: Change of a member’s card: Mrs Zoé LE GOFF\n"
    assert shown() == before
    assert on_desk("undo").out == "There is nothing to take back.\n"
    assert on_desk("undo").status == 1


def test_what_is_planned_with_who_has_died_is_told(on_desk: Run) -> None:
    shown = on_desk("show", "member", ANNE).out
    assert "\nNext meeting: " in shown or "\nMeeting today, " in shown  # by the hour of the day
    said = on_desk("edit", "member", ANNE, "status=deceased")

    assert said.status == 4
    assert said.lines[0] == "Saved: Mrs Anne LE GOFF."
    assert said.lines[1].startswith("Still planned: Meeting: ")
    assert on_desk("edit", "member", ANNE, "note=Bonjour").status == 0


def test_history_names_steps_by_whom_they_are_about(on_desk: Run) -> None:
    on_desk("edit", "member", ANNE, "note=Bonjour")
    on_desk("undo")
    lines = on_desk("history").lines

    assert lines[0].endswith("Step taken back: Mrs Anne LE GOFF")
    assert lines[1].endswith("New note of Mrs Anne LE GOFF (taken back)")
    assert lines[2].endswith("Invented people added")
    assert len(on_desk("history", "--limit", "2").lines) == 2


def test_the_history_of_a_person_says_before_and_after(on_desk: Run) -> None:
    on_desk("edit", "member", ANNE, "preferred_channel=sms")
    newest, *others = on_desk("history", "member", ANNE).lines

    assert newest.endswith("preferred way of contact: by phone → by text message")
    [first] = [line for line in others if "family name: KERVÉLEC" in line]
    assert "Invented people added: civility: Mrs" in first
    assert [line for line in others if "Invented people added (meeting): " in line]
    assert [line for line in others if "Invented people added (contact): " in line]


def test_the_history_of_a_request_by_its_number(on_desk: Run, tmp_path: Path) -> None:
    on_desk("export", "requests", str(tmp_path / "r.csv"))
    written = (tmp_path / "r.csv").read_text("utf-8-sig")
    head, *rows = csv.reader(written.splitlines(), delimiter=";")
    for row in rows[:3]:
        request = dict(zip(head, row, strict=True))

        lines = on_desk("history", "request", request["Request number"]).lines

        opened = date.fromisoformat(request["Opened on"])
        assert f"date of opening: {opened:%d/%m/%Y}" in lines[-1]
    assert on_desk("history", "request", "7K3M-9QXT-4ZWJ").err.endswith("[no-such-record]\n")


def test_the_history_of_what_is_on_no_card(on_desk: Run) -> None:
    lines = on_desk("history", "office").lines

    assert [line for line in lines if "name of the office: " in line]
    assert [line for line in lines if "opening hours: 08:30 – 17:30 (Mon, Tue, " in line]
    assert [
        line
        for line in lines
        if "; date, time and place: " in line and ", every week until" in line
    ]


def test_history_has_nothing_else_to_show(on_desk: Run) -> None:
    assert on_desk("history", "request").status == 2
    assert on_desk("history", "office", "1").status == 2
    assert on_desk("history", "member").status == 2


def test_who_works_here_stands_beside_the_edit(on_desk: Run) -> None:
    on_desk("edit", "member", ANNE, "note=Bonjour")
    [step] = on_desk("history", "--limit", "1", "--json").lines

    assert json.loads(step)["person"] == "Camille Morvan"


def test_a_field_that_is_named_twice_is_refused(on_desk: Run, shown: Any) -> None:
    before = shown()["note"]
    ended = on_desk("edit", "member", ANNE, "note=a", "note =b")

    assert ended.err.splitlines()[-1] == "[bad-edit:twice]"
    assert shown()["note"] == before


@pytest.mark.parametrize(
    "edit",
    [
        "birth_date=0001-01-01",
        "birth_date=1899-12-31",
        "entered_on=1800-01-01",
        "left_on=9999-12-31",
    ],
)
def test_a_date_that_cannot_be_right_is_a_problem_in_words(on_desk: Run, edit: str) -> None:
    ended = on_desk("edit", "member", ANNE, edit)

    assert ended.err.splitlines()[-1] == "[has-problems]"
    assert "too far in the past or the future" in ended.err
    assert edit.partition("=")[0] not in ended.err


@pytest.mark.parametrize("sign", ["\x1b[2J", "\x00", "\x9b", "\u202e", "\u2066"])
def test_signs_that_cannot_be_seen_are_refused(on_desk: Run, sign: str) -> None:
    for field in ("first_name", "note"):
        ended = on_desk("edit", "member", ANNE, f"{field}=A{sign}B")

        assert ended.status == 2
        assert "signs that cannot be seen" in ended.err
        assert sign not in ended.err


def test_a_name_is_one_line_and_a_note_several(on_desk: Run, shown: Any) -> None:
    assert on_desk("edit", "member", ANNE, "note=one\ntwo").status == 0
    assert on_desk("edit", "member", ANNE, "first_name=one\ntwo").status == 2
    assert shown()["note"] == "one\ntwo"


def test_what_others_wrote_does_not_command_the_terminal(on_desk: Run, desk: Path) -> None:
    folder = DeskFolder(desk)
    store = open_store(folder, unlock(folder, "demo"))
    store.do(Action.MEMBER_CREATED, lambda s: members.create(s, EVIL))
    store.close()

    listed = [on_desk("search", "zorro").out, on_desk("search", "zorro", "--json").out]
    card = on_desk("show", "member", "E1").out

    for said in (*listed, card, on_desk("history").out):
        assert "ZORRO" in said
        assert "\x1b" not in said
        assert "\u202e" not in said
    assert json.loads(listed[1])["first_name"] == EVIL.first_name


def test_what_was_wrong_before_keeps_nobody_from_other_fields(on_desk: Run, desk: Path) -> None:
    folder = DeskFolder(desk)
    store = open_store(folder, unlock(folder, "demo"))
    store.do(Action.MEMBER_CREATED, lambda s: members.create(s, EVIL))
    store.close()

    assert on_desk("edit", "member", "E1", "service=Voirie").status == 0
    assert on_desk("edit", "member", "E1", "birth_date=1800-01-01").status == 2
    assert on_desk("edit", "member", "E1", "first_name=Aldro").status == 0
