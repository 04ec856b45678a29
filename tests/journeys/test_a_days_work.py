"""A correspondent opens the desk and does a day's work: the whole story, through the real window."""

import csv
import socket
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from pypdf import PdfReader
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from correspondent_desk import language
from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.meetings import MeetingStatus
from correspondent_desk.domain.members import MemberCard, MemberId
from correspondent_desk.gui.committee.page import CommitteePage
from correspondent_desk.gui.first_start.page import FirstStart
from correspondent_desk.gui.keys import Command, outcome_key
from correspondent_desk.gui.lock.page import LockPage
from correspondent_desk.gui.meetings.page import MeetingsPage
from correspondent_desk.gui.members.contact_fields import Note
from correspondent_desk.gui.members.page import MembersPage
from correspondent_desk.gui.page import Target
from correspondent_desk.gui.requests.page import RequestsPage
from correspondent_desk.gui.today.page import TodayPage
from correspondent_desk.language import _
from correspondent_desk.records import meetings, members, requests
from correspondent_desk.records.demo.making import make_demo
from correspondent_desk.store.vault import DeskFolder
from tests.journeys.someone import CTRL, NOW, Someone, in_table

PASSPHRASE = "quatre petits bateaux bleus"
TODAY = NOW.date()

Arrives = Callable[[Path], Someone]


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """No address is looked up and nothing connected to, whatever becomes of the refusal."""
    touched: list[str] = []

    def refuse(name: str) -> Callable[..., None]:
        def refused(*_told: object, **_named: object) -> None:
            touched.append(name)
            raise OSError(name)

        return refused

    for name in ("connect", "connect_ex", "bind", "sendto"):
        monkeypatch.setattr(socket.socket, name, refuse(name))
    monkeypatch.setattr(socket, "getaddrinfo", refuse("getaddrinfo"))
    yield
    assert touched == []


@pytest.fixture(params=["fr", "en"])
def arrives(request: pytest.FixtureRequest, qtbot: QtBot, qapp: QApplication) -> Iterator[Arrives]:
    """Someone at a window, in French and in English."""
    there: list[Someone] = []
    font = qapp.font()

    def open_window(folder: Path) -> Someone:
        there.append(Someone(qtbot, qapp, folder, request.param))
        return there[-1]

    yield open_window
    for one in there:
        one.leaves()
    qapp.setFont(font)
    language.use("en")


@pytest.fixture
def demo(tmp_path: Path) -> Path:
    """The folder of a demo office."""
    make_demo(DeskFolder(tmp_path / "demo"), 30, 1, TODAY)
    return tmp_path / "demo"


def test_the_first_start_makes_a_desk_and_tests_its_recovery_sheet(
    arrives: Arrives, tmp_path: Path
) -> None:
    someone = arrives(tmp_path / "desk")
    page = someone.program.window.presented
    assert isinstance(page, FirstStart)
    someone.writes(page.office.office, "Mairie de Valbrune")
    someone.writes(page.office.person, "Camille Morvan")
    someone.writes(page.office.sites, "Hôtel de ville\nCentre technique")
    someone.clicks(_("&Continue").replace("&", ""))
    someone.writes(page.passphrase.first, PASSPHRASE)
    someone.writes(page.passphrase.again, PASSPHRASE)
    someone.clicks(_("&Continue").replace("&", ""))
    someone.waits_until(lambda: page.recovery is not None)
    assert page.recovery is not None
    sheet = tmp_path / "sheet.pdf"
    page.recovery.save_sheet(sheet)
    someone.waits_until(sheet.exists)
    printed = PdfReader(sheet).pages[0].extract_text()
    code = page.recovery.code.text()
    assert "Mairie de Valbrune" in printed
    for field, place in zip(page.recovery.fields, page.recovery.asked, strict=True):
        someone.writes(field, code.split("-")[place].lower())
    someone.clicks(_("&Finish").replace("&", ""))
    someone.waits_for_the_desk()
    someone.leaves()

    again = arrives(tmp_path / "desk")

    locked = again.program.window.presented
    assert isinstance(locked, LockPage)
    again.writes(locked.field, "something else")
    again.clicks(_("&Unlock").replace("&", ""))
    again.waits_until(locked.message.text)
    again.writes(locked.field, PASSPHRASE)
    again.clicks(_("&Unlock").replace("&", ""))
    again.waits_for_the_desk()
    assert again.reads("Mairie de Valbrune")


def test_a_staff_list_goes_in_changes_nothing_twice_and_undoes_in_one_step(
    arrives: Arrives, demo: Path, tmp_path: Path
) -> None:
    staff = tmp_path / "liste.csv"
    with staff.open("w", encoding="cp1252", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(("Prénom", "Nom", "Matricule", "Date de naissance", "Tél", "CP", "Ville"))
        writer.writerow(("Zélie", "ÉTIENNE", "900001", "03/02/1990", "639981234", "1000", "BOURG"))
        writer.writerow(("Aimé", "LE FLOC'H", "900002", "29/02/1991", "06 39 98 12 35", "", ""))
        writer.writerow(("Anne", "LE GOFF", "417", "", "0639985699", "", ""))
    someone = arrives(demo)
    someone.waits_for_the_desk()
    page = someone.exchange()

    page.take_file(staff)
    someone.clicks(_("&Import").replace("&", ""))
    someone.waits_until(lambda: page.importing.done.is_done)
    assert "29/02/1991" in in_table(page.importing.lines.table)

    assert len([one for one in someone.looks_for("zelie etienne") if "ÉTIENNE" in one]) == 1
    assert someone.looks_for("06 39 98 56 99")[0].endswith("LE GOFF")
    someone.presses(Qt.Key.Key_Escape)
    page = someone.exchange()
    page.take_file(staff)
    someone.waits_to_read(_("Nothing would change."))
    someone.presses(Qt.Key.Key_Z, CTRL)
    someone.waits_until(lambda: not _found(someone, "zelie etienne"))


def test_people_are_found_by_name_number_birth_name_and_with_a_slip(
    arrives: Arrives, demo: Path
) -> None:
    someone = arrives(demo)
    someone.waits_for_the_desk()

    for words in ("le gof", "legoff", "5607", "000417", "kervelec", "le gofff"):
        assert any("Anne LE GOFF" in one for one in someone.looks_for(words)), words
    someone.looks_for("le gof")
    someone.presses(Qt.Key.Key_Return)

    someone.waits_until(lambda: isinstance(someone.frame.page, MembersPage))
    someone.waits_to_read("KERVÉLEC")


def test_a_call_a_request_a_meeting_and_its_outcome(arrives: Arrives, demo: Path) -> None:
    someone = arrives(demo)
    someone.waits_for_the_desk()
    workspace = someone.program.workspace
    assert workspace is not None
    person = _found(someone, "o brien")[0]
    someone.looks_for("o brien")
    someone.presses(Qt.Key.Key_Return)
    someone.waits_until(lambda: someone.frame.page.person_in_view() == person)

    someone.presses(Qt.Key.Key_E, CTRL)
    someone.waits_until(lambda: isinstance(QApplication.focusWidget(), Note))
    someone.types("Rappelé, tout va bien.")
    someone.presses(Qt.Key.Key_Return, CTRL)
    someone.waits_until(lambda: _card(someone, person).last_contact_on == TODAY)

    someone.presses(Qt.Key.Key_R, CTRL)
    someone.waits_until(lambda: isinstance(someone.frame.page, RequestsPage))
    asked = someone.frame.page
    assert isinstance(asked, RequestsPage)
    someone.writes(asked.form.subject, "Prêt pour une voiture")
    someone.writes(asked.form.next_what, "Demander le devis")
    someone.writes(asked.form.next_due, "01/12/2026")
    asked.form.save.click()
    someone.waits_until(lambda: not asked.form.isVisible())
    assert _requests_of(someone, "voiture")

    someone.looks_for("o brien")
    someone.presses(Qt.Key.Key_Return)
    someone.waits_until(lambda: isinstance(someone.frame.page, MembersPage))
    someone.presses(Qt.Key.Key_M, CTRL)
    someone.waits_until(lambda: isinstance(someone.frame.page, MeetingsPage))
    agenda = someone.frame.page
    assert isinstance(agenda, MeetingsPage)
    fields, form = agenda.form.fields, agenda.form
    someone.waits_until(lambda: fields.person.value() == person)
    someone.writes(fields.date, "24/11/2026")
    someone.writes(fields.time, "9:30")
    someone.waits_to_read("LE GOFF")  # who comes at that time
    assert not form.warnings.is_kept
    someone.writes(fields.time, "14:00")  # the site of this person opens at 9:30
    someone.waits_until(lambda: form.warnings.is_kept)
    someone.clicks(_("&Plan the meeting").replace("&", ""))
    someone.waits_until(lambda: _meetings_of(someone, person))
    assert _card(someone, person).last_seen_on != TODAY

    planned = _meetings_of(someone, person)[0]
    someone.frame.go(Target(page="meetings", id=planned))
    someone.waits_until(lambda: agenda.card.row is not None and agenda.card.row.id == planned)
    agenda.card.take_focus()
    someone.presses(Qt.Key(ord(outcome_key(MeetingStatus.SEEN))))
    someone.presses(Qt.Key.Key_Return)
    someone.waits_until(lambda: _card(someone, person).last_seen_on == TODAY)
    someone.goes_to(2, MembersPage)
    someone.waits_to_read(_("today"))


def test_the_day_is_answered_printed_undone_and_told(
    arrives: Arrives, demo: Path, tmp_path: Path
) -> None:
    someone = arrives(demo)
    someone.waits_for_the_desk()
    page = someone.goes_to(1, TodayPage)
    someone.waits_to_read("ÇELIK")

    sheet = tmp_path / "day.pdf"
    page.print_page()
    someone.waits_until(page.print_panel.isVisible)
    page.print_panel.save_to(sheet)
    someone.waits_until(sheet.exists)
    assert "LE GOFF" in PdfReader(sheet).pages[0].extract_text()

    line = next(one for one in page.sections.lines if "ÇELIK" in one.entry.title)
    line.head.setFocus()
    someone.clicks(_("&Later…").replace("&", ""))
    someone.clicks(_("&Tomorrow").replace("&", ""))
    someone.waits_until(lambda: not _awaits(page, "ÇELIK"))
    someone.frame.run(Command.UNDO)
    someone.waits_until(lambda: _awaits(page, "ÇELIK"))

    line = next(one for one in page.sections.lines if "PETIT" in one.entry.title)
    line.head.setFocus()
    someone.clicks(_("Don&e").replace("&", ""))
    someone.clicks(_("Done, nothing comes next"))
    someone.waits_until(lambda: not _awaits(page, "PETIT"))
    someone.waits_to_read(_("Line done"))
    someone.frame.run(Command.UNDO)
    someone.waits_until(lambda: _awaits(page, "PETIT"))
    someone.frame.run(Command.REDO)
    someone.waits_until(lambda: not _awaits(page, "PETIT"))


def test_two_desks_and_a_hub_end_equal_and_a_person_settles_what_differs(
    arrives: Arrives, tmp_path: Path
) -> None:
    hub, stick = tmp_path / "hub", tmp_path / "stick"
    stick.mkdir()
    make_demo(DeskFolder(tmp_path / "accueil"), 12, 1, TODAY)
    first = arrives(tmp_path / "accueil")
    first.waits_for_the_desk()
    _keeps_a_hub(first, hub, [tmp_path / "for accueil", tmp_path / "for portable"])
    _joins(first, tmp_path / "for accueil", "accueil")
    _prepares(first, stick)
    _takes_in(first, stick)
    second = arrives(tmp_path / "portable")
    _sets_up(second, tmp_path)
    _joins(second, tmp_path / "for portable", "portable")
    _prepares(second, stick)
    _takes_in(first, stick)
    _carries(first, stick, second)
    assert _found(second, "le goff")

    _edits(first, "Mairie de Valbrune-sur-Ill", "Bâtiments")
    _edits(second, "Ville de Valbrune", None)
    for someone in (first, second):
        _prepares(someone, stick)
        _takes_in(first, stick)
    for someone in (first, second):
        _carries(first, stick, someone)
    for someone in (first, second):
        person = MemberId(_found(someone, "le goff")[0])
        assert _card(someone, person).draft.service == "Bâtiments"
        assert "employer" in _card(someone, person).open_disagreements

    page = first.exchange()
    first.waits_until(page.disputes.isVisible)
    first.clicks(_("Keep &here").replace("&", ""))
    first.waits_until(lambda: not _card(first, _found(first, "le goff")[0]).open_disagreements)
    _prepares(first, stick)
    _takes_in(first, stick)
    _carries(first, stick, second)

    cards = [_card(one, _found(one, "le goff")[0]) for one in (first, second)]
    drafts = [replace(card.draft, site_id=None) for card in cards]  # a number of the desk's own
    assert drafts[0] == drafts[1]
    assert cards[0].site == cards[1].site
    assert drafts[1].employer == "Mairie de Valbrune-sur-Ill"
    assert not _card(second, _found(second, "le goff")[0]).open_disagreements


def _sets_up(someone: Someone, place: Path) -> None:
    page = someone.program.window.presented
    assert isinstance(page, FirstStart)
    someone.writes(page.office.office, "Mairie de Valbrune")
    someone.clicks(_("&Continue").replace("&", ""))
    someone.writes(page.passphrase.first, PASSPHRASE)
    someone.writes(page.passphrase.again, PASSPHRASE)
    someone.clicks(_("&Continue").replace("&", ""))
    someone.waits_until(lambda: page.recovery is not None)
    assert page.recovery is not None
    page.recovery.save_sheet(place / "sheet.pdf")
    for field, asked in zip(page.recovery.fields, page.recovery.asked, strict=True):
        someone.writes(field, page.recovery.code.text().split("-")[asked])
    someone.clicks(_("&Finish").replace("&", ""))
    someone.waits_for_the_desk()


def _joins(someone: Someone, stick: Path, name: str) -> None:
    [invitation] = stick.glob("*.cdinvite")
    page = someone.exchange()
    someone.waits_until(page.hub.name.isVisible)
    someone.writes(page.hub.name, name)
    page.take_file(invitation)
    someone.waits_until(lambda: page.hub.prepare.isVisible() and not page.hub.is_busy)


def _prepares(someone: Someone, stick: Path) -> None:
    page = someone.exchange()
    someone.waits_until(lambda: page.hub.prepare.isVisible() and not page.hub.is_busy)
    page.hub.prepare_wanted.emit(stick)
    someone.waits_until(lambda: _files(stick) and not page.hub.is_busy)


def _files(stick: Path) -> list[str]:
    return [str(path) for path in sorted(stick.glob("*.cdb"))]


def _committee(someone: Someone) -> CommitteePage:
    someone.frame.go(Target(page="committee"))
    page = someone.frame.page
    assert isinstance(page, CommitteePage)
    return page


def _keeps_a_hub(someone: Someone, hub: Path, sticks: list[Path]) -> None:
    page = _committee(someone)
    page.begin(hub, "")
    someone.waits_until(page.offices.isVisible)
    someone.writes(page.offices.name, "Mairie de Valbrune")
    page.offices.add.click()
    someone.waits_until(lambda: page.offices.invites)
    [code] = page.offices.invites
    for stick in sticks:
        stick.mkdir()
        page.invite(code, stick)
        someone.waits_until(partial(_is_told, page, stick.name))


def _is_told(page: CommitteePage, words: str) -> bool:
    return words in page.offices.outcome.result.text()


def _takes_in(keeper: Someone, stick: Path) -> None:
    page, files = _committee(keeper), _files(stick)
    page.take_in([Path(file) for file in files])
    outcome = page.files.outcome
    keeper.waits_until(lambda: all(file in outcome.result.text() for file in files))
    assert not outcome.problem.isVisible()


def _carries(keeper: Someone, stick: Path, someone: Someone) -> None:
    """The hub's answer to a desk, on a stick of its own, shown and then applied."""
    for old in stick.glob("*.cdb"):
        old.unlink()
    committee = _committee(keeper)
    committee.put(stick)
    keeper.waits_until(lambda: not committee.files.outcome.waiting.is_waiting)
    page = someone.exchange()
    for path in sorted(stick.glob("*.cdb")):
        page.take_file(path)
        someone.waits_until(lambda: not page.bundle.waiting.is_waiting)
        if page.bundle.apply.isVisible():
            page.bundle.apply.click()
            someone.waits_until(page.bundle.after.isVisible)
    for old in stick.glob("*.cdb"):
        old.unlink()


def _edits(someone: Someone, employer: str, service: str | None) -> None:
    """Change the employer, and the service if one is given, as a form would."""
    workspace = someone.program.workspace
    assert workspace is not None
    person = MemberId(_found(someone, "le goff")[0])
    opened = _card(someone, person)
    draft = replace(opened.draft, employer=employer)
    if service:
        draft = replace(draft, service=service)
    done: list[object] = []
    workspace.changed.connect(done.append)
    workspace.do(Action.MEMBER_EDITED, lambda s: members.save(s, opened, draft))
    someone.waits_until(lambda: done)


def _awaits(page: TodayPage, name: str) -> bool:
    return any(name in line.entry.title for line in page.sections.lines)


def _found(someone: Someone, words: str) -> list[int]:
    workspace = someone.program.workspace
    assert workspace is not None
    return list(workspace.now(lambda s: members.find_ids(s, words, today=TODAY)))


def _requests_of(someone: Someone, words: str) -> list[int]:
    workspace = someone.program.workspace
    assert workspace is not None
    return list(workspace.now(lambda s: requests.find_ids(s, words, today=TODAY)))


def _meetings_of(someone: Someone, person: int) -> list[int]:
    workspace = someone.program.workspace
    assert workspace is not None
    rows = workspace.now(lambda s: meetings.day(s, TODAY))
    return [row.id for row in rows if row.draft.member_id == person]


def _card(someone: Someone, person: int) -> MemberCard:
    workspace = someone.program.workspace
    assert workspace is not None
    return workspace.now(lambda s: members.card(s, MemberId(person), TODAY))
