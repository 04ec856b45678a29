"""The page of exchanges with a real hub: joining, files both ways, and a disagreement settled."""

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QFileDialog, QLabel
from pytestqt.qtbot import QtBot
from sqlalchemy.orm import Session

from correspondent_desk import language
from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.fields import Kind
from correspondent_desk.gui.exchange import words
from correspondent_desk.hub import exchange as exchange_of_hub
from correspondent_desk.hub import ingest, invitations
from correspondent_desk.records import members
from correspondent_desk.records.exports import Exported
from correspondent_desk.store import history, origins
from correspondent_desk.store.changes import Changed
from correspondent_desk.store.identity import raw
from correspondent_desk.store.tables import Member
from correspondent_desk.sync import exchange
from correspondent_desk.sync.sending import REFUSED
from tests.builders import add_member
from tests.gui.a11y import nameless
from tests.gui.exchange_desk import Seat, seat, settle_in, town, words_of
from tests.gui.hands import press, type_here
from tests.gui.meanwhile import busy
from tests.sync.desks import Town

TODAY = date(2026, 11, 22)
__all__ = ["seat", "town"]


def test_enter_in_the_name_of_the_computer_joins(
    seat: Seat, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    invitation = town.invitation()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *_told: (str(invitation), ""))
    seat.page.hub.name.setFocus()
    type_here("Accueil")

    press(Qt.Key.Key_Return)

    assert "Mairie de Valbrune" in seat.wait()


def test_a_desk_joins_and_prepares_its_first_file(
    qtbot: QtBot, seat: Seat, town: Town, tmp_path: Path
) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    add_member(seat.desk)
    assert not seat.is_enrolled()
    assert nameless(seat.page) == []
    seat.page.hub.name.setFocus()
    type_here("Accueil")
    changed: list[Changed] = []
    seat.workspace.changed.connect(changed.append)

    seat.page.take_file(town.invitation())
    assert "Mairie de Valbrune" in seat.wait()
    assert any(Kind.OFFICE in one for one in changed)  # the side bar asks for the office's name
    qtbot.waitUntil(seat.is_enrolled)
    assert seat.page.hub.prepare.hasFocus()
    assert "None yet." in words_of(seat)
    seat.page.hub.prepare_wanted.emit(stick)

    assert "File no. 1 is ready: 1 change" in seat.wait()
    [file] = stick.iterdir()
    arrival = ingest.take_in(town.hub, file)
    assert arrival is not None
    qtbot.waitUntil(lambda: "not acknowledged yet" in words_of(seat))


def test_that_one_joined_is_said_until_the_hub_knows_this_desk(
    qtbot: QtBot, seat: Seat, town: Town
) -> None:
    hub = seat.page.hub
    hub.name.setText(f"PC {seat.desk.person}")
    seat.page.take_file(town.invitation())
    assert "it makes this desk known there" in seat.wait()

    town.round()
    seat.page.show_status()

    qtbot.waitUntil(lambda: "this is desk no. 1" in hub.whose.text())
    assert not hub.result.isVisible()


def test_that_a_file_without_changes_is_ready_is_said_until_the_hub_has_answered(
    qtbot: QtBot, seat: Seat, town: Town, tmp_path: Path
) -> None:
    exchange.enrol(seat.desk, town.invitation(), desk_name=f"PC {seat.desk.person}")
    hub, bundle = seat.page.hub, seat.page.bundle
    seat.page.show_status()
    qtbot.waitUntil(seat.is_enrolled)

    hub.prepare_wanted.emit(tmp_path)

    assert "File no. 1 is ready: no change" in seat.wait()
    qtbot.waitUntil(lambda: not seat.workspace.is_busy)
    assert hub.result.isVisible()
    ingest.take_in(town.hub, next(tmp_path.glob("*.cdb")))
    seat.page.take_file(town.written_for(seat.desk))
    qtbot.waitUntil(bundle.apply.isVisible)
    bundle.apply.click()
    qtbot.waitUntil(bundle.after.isVisible)
    bundle.back.click()
    qtbot.waitUntil(lambda: not hub.result.isVisible())


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_what_is_over_is_said_no_more_once_the_answer_was_taken_in(
    qtbot: QtBot, seat: Seat, town: Town, tmp_path: Path, code: str
) -> None:
    language.use(code)
    exchange.enrol(seat.desk, town.invitation(), desk_name=f"PC {seat.desk.person}")
    add_member(seat.desk)
    seat.page.show_status()
    qtbot.waitUntil(seat.is_enrolled)
    ready = {"en": "File no. 1 is ready", "fr": "Le fichier n° 1 est prêt"}[code]
    seat.page.hub.prepare_wanted.emit(tmp_path)
    assert ready in seat.wait().replace("\N{NO-BREAK SPACE}", " ")
    add_member(seat.desk, "Roux")
    seat.page.show_status()
    qtbot.waitUntil(lambda: not seat.workspace.is_busy)
    assert seat.page.hub.result.isVisible()

    ingest.take_in(town.hub, next(tmp_path.glob("*.cdb")))
    seat.page.take_file(town.written_for(seat.desk))
    bundle = seat.page.bundle
    qtbot.waitUntil(bundle.apply.isVisible)
    assert bundle.advice.isVisible()
    way = seat.page.way_back()
    bundle.back.click()
    assert way is not None
    seat.page.open(way)
    qtbot.waitUntil(bundle.apply.isVisible)
    bundle.apply.click()
    qtbot.waitUntil(bundle.after.isVisible)
    assert seat.page.way_back() is None
    assert not bundle.advice.isVisible()
    bundle.back.click()

    qtbot.waitUntil(lambda: not seat.page.hub.result.isVisible())
    assert ready not in seat.page.hub.standing.text()


def test_a_file_of_ones_own_is_told_apart_from_a_strangers(
    qtbot: QtBot, seat: Seat, town: Town, tmp_path: Path
) -> None:
    exchange.enrol(seat.desk, town.invitation())
    add_member(seat.desk)
    own = exchange.prepare(seat.desk, tmp_path / "own.cdb")
    assert own

    seat.page.take_file(own.path)
    qtbot.waitUntil(seat.page.bundle.problem.isVisible)

    assert "This desk itself prepared this file, no. 1" in seat.page.bundle.problem.text()
    assert not seat.page.bundle.apply.isVisible()
    assert "1 change to send." in words.standing(exchange.status(seat.desk), TODAY)


def test_a_hub_without_a_name_of_its_own_begins_the_line_too() -> None:
    status = exchange.ExchangeStatus(hub_name="the committee", office_name="Valbrune")

    assert words.whose(status) == "The committee, for Valbrune"


def test_a_file_is_told_in_words_before_it_changes_anything(
    qtbot: QtBot, seat: Seat, town: Town
) -> None:
    settle_in(seat, town)
    bundle = seat.page.bundle

    seat.page.take_file(town.written_for(seat.desk))
    qtbot.waitUntil(bundle.apply.isVisible)

    assert "Comité Ouest" in bundle.told.text()
    assert "1 disagreement to settle." in bundle.told.text()
    assert "Rozenn" in bundle.more.text()
    assert seat.desk.read(exchange.disagreements) == []

    bundle.apply.setFocus()
    press(Qt.Key.Key_Space)
    qtbot.waitUntil(bundle.after.isVisible)
    assert "1 disagreement to settle." in bundle.report.text()
    assert len(seat.desk.read(exchange.disagreements)) == 1
    assert bundle.settle.hasFocus()
    press(Qt.Key.Key_Space)
    qtbot.waitUntil(seat.page.disputes.keep_here.hasFocus)


def somebody_removes_twelve_of_twenty(seat: Seat, town: Town) -> None:
    """On another desk, whose file the hub has; the desk here still has them all."""
    other = town.desk("Rozenn")
    exchange.enrol(seat.desk, town.invitation(), desk_name=f"PC {seat.desk.person}")
    for number in range(20):
        add_member(seat.desk, f"N{number}")
    town.round()
    town.round()

    def remove(session: Session) -> None:
        for one in session.query(Member).order_by(Member.id).limit(12):
            history.remove(session, one)

    other.do(Action.MEMBER_REMOVED, remove)
    town.up(other)


def test_an_exchange_that_would_empty_the_lists_leads_to_its_file(
    qtbot: QtBot, seat: Seat, town: Town
) -> None:
    somebody_removes_twelve_of_twenty(seat, town)
    shared = town.path / "shared"
    shared.mkdir()
    exchange_of_hub.exchange_folder(town.hub, shared)
    hub, bundle = seat.page.hub, seat.page.bundle

    hub.folder_wanted.emit(shared)
    assert "would take 12 of 20 people out of the lists" in seat.wait()
    hub.look.click()
    qtbot.waitUntil(bundle.apply.isVisible)
    bundle.apply.click()
    qtbot.waitUntil(bundle.asking.isVisible)

    assert seat.page.stack.currentWidget() is bundle
    hub.say("")
    assert hub.look.isHidden()


def test_a_file_that_empties_the_lists_is_taken_in_only_when_asked_and_meant(
    qtbot: QtBot, seat: Seat, town: Town
) -> None:
    somebody_removes_twelve_of_twenty(seat, town)
    file, bundle = town.written_for(seat.desk), seat.page.bundle

    def left() -> int:
        return len(seat.desk.read(lambda s: members.find_ids(s, "", today=TODAY)))

    seat.page.take_file(file)
    qtbot.waitUntil(bundle.apply.isVisible)
    said = "This file would take 12 of 20 people out of the lists."
    assert said in bundle.told.text()
    bundle.apply.click()
    qtbot.waitUntil(bundle.asking.isVisible)
    assert bundle.question.text() == said
    assert said not in bundle.told.text()
    assert nameless(seat.page) == []
    press(Qt.Key.Key_Space)  # the answer with the focus is the safe one
    assert seat.page.stack.currentWidget() is seat.page.overview
    assert left() == 20

    seat.page.take_file(file)
    qtbot.waitUntil(bundle.apply.isVisible)
    bundle.apply.click()
    qtbot.waitUntil(bundle.asking.isVisible)
    bundle.take_it.click()
    qtbot.waitUntil(bundle.after.isVisible)
    assert left() == 8


def test_a_file_is_told_of_before_another_one_is_read(qtbot: QtBot, seat: Seat, town: Town) -> None:
    settle_in(seat, town)
    bundle, file = seat.page.bundle, town.written_for(seat.desk)
    other = file.with_name("other.cdb")
    other.write_bytes(file.read_bytes())
    seat.page.take_file(file)
    qtbot.waitUntil(bundle.apply.isVisible)

    with busy(seat.workspace):
        bundle.apply.click()
        with qtbot.waitSignal(seat.page.said) as said:
            seat.page.take_file(other)
    assert said.args == ["Another file can be opened once this one is taken in."]
    qtbot.waitUntil(lambda: not seat.workspace.is_busy)

    assert bundle.file.text() == str(file)
    assert bundle.after.isVisible()
    seat.page.take_file(other)
    assert bundle.file.text() == str(other)


def test_a_file_that_is_still_being_looked_at_is_gone_on_with_in_another_language(
    qtbot: QtBot, seat: Seat, town: Town
) -> None:
    settle_in(seat, town)
    file = town.written_for(seat.desk)

    seat.page.take_file(file)
    way = seat.page.way_back()

    assert way is not None
    assert way.begun == file
    qtbot.waitUntil(seat.page.bundle.apply.isVisible)


def test_a_file_that_the_hub_refused_is_never_called_lost(seat: Seat, town: Town) -> None:
    exchange.enrol(seat.desk, town.invitation())
    add_member(seat.desk)
    town.prepared(seat.desk)
    [row] = exchange.status(seat.desk).handed_over
    late = row.made_at.date() + timedelta(days=30)

    assert words.is_late(row, late)
    assert not words.is_late(replace(row, state=REFUSED), late)


def test_a_shared_folder_exchanges_both_ways(qtbot: QtBot, seat: Seat, town: Town) -> None:
    settle_in(seat, town)
    shared = town.path / "stick"

    seat.page.hub.folder_wanted.emit(shared)
    assert "was put there for the hub" in seat.wait()
    seat.page.hub.folder_wanted.emit(shared)
    assert "The committee has not answered yet" in seat.wait()
    town.exchange_folder()
    seat.page.hub.folder_wanted.emit(shared)

    assert "1 disagreement to settle." in seat.wait()
    qtbot.waitUntil(lambda: str(shared) in seat.page.hub.place.text())


def test_a_file_of_a_copy_of_this_desk_is_told(qtbot: QtBot, seat: Seat, town: Town) -> None:
    settle_in(seat, town)
    add_member(seat.desk, "PETIT")
    made = exchange.exchange_folder(seat.desk, town.path / "stick").prepared
    assert made is not None
    # As if a copy on another computer had made it, which goes on from the same number.
    seat.workspace.keep(lambda s: raw(s).execute("UPDATE outbox SET bundle=zeroblob(16)"))
    qtbot.waitUntil(lambda: not seat.workspace.is_busy)

    seat.page.hub.folder_wanted.emit(town.path / "stick")

    assert "this computer did not write it" in seat.wait()
    assert made.path.exists()
    qtbot.waitUntil(seat.page.colleagues.doubled.isVisible)


def test_a_desk_put_back_to_before_it_joined_reads_how_it_joins_again(
    qtbot: QtBot, seat: Seat
) -> None:
    card = seat.page.hub
    assert "keeps everything to itself" in card.why_join.text()
    origins.note_exported(seat.desk.folder, {}, bundle=3)

    seat.page.show_status()

    qtbot.waitUntil(lambda: "made before this desk joined" in card.why_join.text())
    assert card.join.isVisible()


def test_a_desk_that_is_not_let_in_is_told_and_reads_another_invitation(
    qtbot: QtBot, seat: Seat, town: Town
) -> None:
    shared, card = town.path / "stick", seat.page.hub
    exchange.enrol(seat.desk, town.invitation(), desk_name="PC accueil")
    invitations.withdraw(town.hub, invitations.still_open(town.hub)[0].number)
    card.folder_wanted.emit(shared)
    assert "was put there for the hub" in seat.wait()
    qtbot.waitUntil(lambda: not card.joining.isVisible())
    town.exchange_folder()

    card.folder_wanted.emit(shared)
    assert "has withdrawn the invitation of this desk" in seat.wait()
    qtbot.waitUntil(card.joining.isVisible)
    assert "has withdrawn the invitation of this desk" in card.standing.text()
    assert card.join.is_main
    assert not card.prepare.is_main
    assert not card.why_join.isVisible()
    card.folder_wanted.emit(shared)
    assert "has withdrawn the invitation of this desk" in seat.wait()
    assert nameless(seat.page) == []

    card.join_with(town.invitation())
    assert "now belongs to" in seat.wait()
    qtbot.waitUntil(lambda: not card.joining.isVisible())


@pytest.mark.parametrize("content", [b"", b"not a bundle", b"\x00" * 4096])
def test_a_file_that_is_no_bundle_is_refused_in_words(
    qtbot: QtBot, seat: Seat, town: Town, tmp_path: Path, content: bytes
) -> None:
    exchange.enrol(seat.desk, town.invitation(), desk_name=f"PC {seat.desk.person}")
    path = tmp_path / "mail.cdb"
    path.write_bytes(content)

    seat.page.take_file(path)

    qtbot.waitUntil(seat.page.bundle.problem.isVisible)
    assert len(seat.page.bundle.problem.text()) > 20
    assert not seat.page.bundle.apply.isVisible()


def test_an_invitation_that_is_none_is_refused_in_words(seat: Seat, tmp_path: Path) -> None:
    path = tmp_path / "x.cdinvite"
    path.write_text("hello", encoding="utf-8")

    seat.page.take_file(path)

    assert seat.wait().startswith("! This file is not an invitation. ")
    assert not seat.is_enrolled()


def test_a_list_is_exported(qtbot: QtBot, seat: Seat, tmp_path: Path) -> None:
    add_member(seat.desk, "Çelik")
    lists = seat.page.lists
    lists.what.set_value(Exported.MEMBERS)
    assert any("take those zeros off" in one.text() for one in lists.findChildren(QLabel))

    lists.export_to(tmp_path / "out.csv")
    qtbot.waitUntil(lists.words.isVisible)

    assert "Çelik" in (tmp_path / "out.csv").read_text(encoding="utf-8-sig")
    assert "1 line was written" in lists.words.text()

    lists.export_to(tmp_path / "nowhere" / "out.csv")
    qtbot.waitUntil(lambda: lists.words.text().startswith("! "))
