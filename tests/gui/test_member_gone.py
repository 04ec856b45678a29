"""Somebody is removed or erased elsewhere while something is being typed about them."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.members import MemberId
from correspondent_desk.gui.members.page import MembersPage
from correspondent_desk.gui.page import Target
from correspondent_desk.gui.tasks import Tasks
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.hub import erasing
from correspondent_desk.records import erasures, members
from correspondent_desk.store.database import Database
from correspondent_desk.store.identity import find_id, raw, uid_of
from correspondent_desk.store.tables import Contact, Member
from correspondent_desk.sync import exchange
from tests.builders import add_member
from tests.sync.desks import Town


class Two:
    """Anne is on two desks; on the first her card is in view."""

    def __init__(self, folder: Path, tasks: Tasks, qtbot: QtBot) -> None:
        self.qtbot, self.town = qtbot, Town(folder)
        self.here, self.there = self.town.desk("Yann"), self.town.desk("Rozenn")
        self.anne = MemberId(add_member(self.here, "Quemeneur"))
        self.town.round()
        self.workspace = Workspace(self.here, tasks)
        self.page = MembersPage(self.workspace)
        self.said: list[str] = []
        self.page.said.connect(self.said.append)
        self.workspace.changed.connect(self.page.refresh)
        qtbot.addWidget(self.page)
        self.page.show()
        self.page.open(Target(page="members", id=self.anne))
        qtbot.waitUntil(lambda: self.page.card.shows(self.anne))

    def of_there(self) -> MemberId:
        uid = self.here.read(lambda s: uid_of(s, self.anne))
        return MemberId(self.there.read(lambda s: find_id(s, uid)) or 0)

    def remove_there(self) -> None:
        id_ = self.of_there()
        self.there.do(Action.MEMBER_REMOVED, lambda s: members.remove(s, id_))

    def erase_there(self) -> None:
        id_ = self.of_there()
        self.there.do(Action.MEMBER_REMOVED, lambda s: erasures.ask(s, id_))
        self.town.up(self.there)
        [wish] = erasing.requests(self.town.hub)
        erasing.confirm(self.town.hub, wish.id)

    def exchange_here(self) -> None:
        """As the page of exchanges does, until all is shown."""
        self.town.up(self.there)
        file = self.town.written_for(self.here)

        def work(desk: Database) -> tuple[None, dict[object, object]]:
            return None, exchange.apply(desk, file).changed  # type: ignore[return-value]

        with self.qtbot.waitSignal(self.workspace.changed):
            self.workspace.lend(work)  # type: ignore[arg-type]
        self.qtbot.waitUntil(lambda: not self.workspace.is_busy)

    def is_listed(self) -> bool:
        query = "SELECT count(*) FROM member_listed"
        return bool(self.here.read(lambda s: raw(s).execute(query).fetchone()[0]))


@pytest.fixture
def two(tmp_path: Path, tasks: Tasks, qtbot: QtBot) -> Iterator[Two]:
    made = Two(tmp_path, tasks, qtbot)
    yield made
    made.page.hide()
    made.town.close()


def test_what_is_typed_about_who_was_removed_stays_and_brings_them_back(two: Two) -> None:
    page, log = two.page, two.page.card.log
    page.log_contact(two.anne)
    log.note.setPlainText("She called twice")
    two.remove_there()

    two.exchange_here()
    two.qtbot.waitUntil(lambda: bool(two.said))

    assert two.said[0].startswith("Anne QUEMENEUR was removed meanwhile.")
    assert not log.isHidden()
    assert not two.is_listed()
    log.save.click()
    two.qtbot.waitUntil(log.isHidden)
    assert two.is_listed()
    assert two.here.read(lambda s: s.query(Contact.note).one()) == ("She called twice",)


def test_what_is_saved_about_somebody_else_brings_nobody_back(two: Two) -> None:
    other = MemberId(add_member(two.here, "Tanguy"))
    page, log = two.page, two.page.card.log
    page.log_contact(two.anne)
    log.note.setPlainText("She called twice")
    two.remove_there()
    two.exchange_here()
    two.qtbot.waitUntil(lambda: bool(two.said))
    page.open(Target(page="members", id=other))
    two.qtbot.waitUntil(lambda: page.card.shows(other))
    page.log_contact(other)
    log.note.setPlainText("He came by")
    log.save.click()
    two.qtbot.waitUntil(log.isHidden)
    two.qtbot.waitUntil(lambda: not two.workspace.is_busy)

    assert two.here.read(lambda s: s.query(Contact.note).all()) == [("He came by",)]
    query = "SELECT id FROM member_listed"
    assert two.here.read(lambda s: raw(s).execute(query).fetchall()) == [(other,)]


def test_a_change_to_who_was_removed_stays_open_and_brings_them_back(two: Two) -> None:
    form = two.page.form
    two.page.card.edit_wanted.emit()
    form.fields.town.setText("Quimper")
    two.remove_there()

    two.exchange_here()
    two.qtbot.waitUntil(lambda: bool(two.said))
    form.save.click()
    two.qtbot.waitUntil(two.is_listed)

    assert two.here.read(lambda s: s.query(Member.town).one()) == ("Quimper",)


def test_what_is_typed_about_who_was_erased_goes_and_that_is_said(two: Two) -> None:
    page, log = two.page, two.page.card.log
    page.log_contact(two.anne)
    log.note.setPlainText("She called twice")
    two.erase_there()

    two.exchange_here()
    two.qtbot.waitUntil(lambda: bool(two.said))

    assert two.said == ["This person was erased for good, with what was being typed about them."]
    assert log.isHidden()
    page.leave()
    two.qtbot.waitUntil(lambda: not two.workspace.is_busy)
    assert two.here.drafts() == []


def test_nothing_typed_is_told_of_an_erasure_while_nothing_was(two: Two) -> None:
    two.page.log_contact(two.anne)
    two.erase_there()

    two.exchange_here()
    two.qtbot.waitUntil(lambda: bool(two.said))

    assert two.said == ["This person was erased for good."]
    assert two.page.card.log.isHidden()


def test_who_removes_somebody_themselves_is_not_told_so(two: Two) -> None:
    two.page.log_contact(two.anne)
    two.page.card.log.note.setPlainText("She called twice")

    two.page.card.details.remove_wanted.emit()
    two.qtbot.waitUntil(lambda: two.page.card.member is None)

    assert two.said == []
