"""Whoever presses Save again while something long is being written saves once."""

from datetime import datetime

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPushButton, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.members import MemberDraft, MemberId
from correspondent_desk.gui.members.page import MembersPage
from correspondent_desk.gui.requests.page import RequestsPage
from correspondent_desk.gui.tasks import Tasks
from correspondent_desk.gui.today.asking import WhatFollows
from correspondent_desk.gui.widgets.save_once import SaveOnce
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.records import members, requests
from correspondent_desk.store.database import Database
from correspondent_desk.store.tables import Contact, Member, Request
from tests.builders import add_member
from tests.gui.day_desk import add_request
from tests.gui.hands import press
from tests.gui.meanwhile import busy

CTRL = Qt.KeyboardModifier.ControlModifier
NOW = datetime(2026, 12, 3, 9, 30).astimezone()


@pytest.fixture
def workspace(desk: Database, tasks: Tasks) -> Workspace:
    """The desk on the morning of 3 December 2026."""
    return Workspace(desk, tasks, clock=lambda: NOW)


def count(desk: Database, table: type) -> int:
    return desk.read(lambda s: s.query(table).count())


def shown(qtbot: QtBot, page: QWidget) -> None:
    qtbot.addWidget(page)
    page.show()
    page.activateWindow()
    qtbot.waitUntil(page.isActiveWindow)


def test_save_pressed_again_and_again_during_an_import_makes_one_card(
    qtbot: QtBot, desk: Database, workspace: Workspace
) -> None:
    page = MembersPage(workspace)
    shown(qtbot, page)
    page.question.new_wanted.emit("member.new", MemberDraft(family_name="Pendant"))
    save = page.form.save
    words = save.text()

    with busy(workspace):
        for _ in range(3):
            save.click()
            press(Qt.Key.Key_Return, CTRL)
        qtbot.waitUntil(lambda: not save.isEnabled())
        assert save.text() == "Being saved…"
        press(Qt.Key.Key_Return, CTRL)
    qtbot.waitUntil(save.isEnabled)

    assert count(desk, Member) == 1
    assert save.text() == words


def test_who_pressed_by_key_finds_the_focus_where_it_was(
    qtbot: QtBot, workspace: Workspace
) -> None:
    form, field, save = QWidget(), QLineEdit(), QPushButton("Save")
    column = QVBoxLayout(form)
    column.addWidget(field)
    column.addWidget(save)
    shown(qtbot, form)
    once = SaveOnce(workspace, form, save)
    save.setFocus()

    with busy(workspace):
        once.ask(lambda: workspace.do(Action.MEMBER_CREATED, lambda _s: None))
        qtbot.waitUntil(lambda: not save.isEnabled())
        assert not save.hasFocus()
    qtbot.waitUntil(save.isEnabled)

    assert save.hasFocus()


def test_who_went_on_to_a_field_meanwhile_stays_there(qtbot: QtBot, workspace: Workspace) -> None:
    form, first, second, save = QWidget(), QLineEdit(), QLineEdit(), QPushButton("Save")
    column = QVBoxLayout(form)
    for part in (first, second, save):
        column.addWidget(part)
    shown(qtbot, form)
    once = SaveOnce(workspace, form, save)
    save.setFocus()

    with busy(workspace):
        once.ask(lambda: workspace.do(Action.MEMBER_CREATED, lambda _s: None))
        qtbot.waitUntil(lambda: not save.isEnabled())
        assert first.hasFocus()
        second.setFocus()
    qtbot.waitUntil(save.isEnabled)

    assert second.hasFocus()


@pytest.mark.parametrize("is_asked_at_the_lock", [True, False])
def test_what_is_written_as_the_desk_is_locked_is_not_begun_any_more(
    qtbot: QtBot, desk: Database, workspace: Workspace, *, is_asked_at_the_lock: bool
) -> None:
    page = MembersPage(workspace)
    shown(qtbot, page)
    page.question.new_wanted.emit("member.new", MemberDraft(family_name="Pendant"))
    page.form.fields.first_name.setText("Mael")

    with busy(workspace):
        page.form.save.click()
        if is_asked_at_the_lock:
            page.form.kept_for_later()
    workspace.close()

    assert count(desk, Member) == 1
    assert desk.drafts.everything() == []


def test_what_follows_is_not_begun_any_more_either(
    qtbot: QtBot, desk: Database, workspace: Workspace
) -> None:
    request = add_request(desk, add_member(desk), next_what="Write to her")
    [row] = desk.read(lambda s: requests.rows(s, [request]))
    follows = WhatFollows(workspace, row)
    qtbot.addWidget(follows)
    follows.next.what.setText("Call back")
    follows.answered.connect(lambda _step: workspace.do(Action.LINE_DONE, lambda _s: None))

    follows.save.click()
    workspace.close()

    assert desk.drafts.everything() == []


def test_what_is_typed_on_as_the_desk_is_locked_stays_begun(
    qtbot: QtBot, desk: Database, workspace: Workspace
) -> None:
    member = add_member(desk)
    page = MembersPage(workspace)
    shown(qtbot, page)
    page.log_contact(member)
    page.card.log.fields.note.setPlainText("She called")

    page.card.log.save.click()
    page.card.log.fields.note.setPlainText("She called about her grant")
    workspace.close()

    assert "about her grant" in (desk.drafts.body(f"contact.{member}") or "")


def test_what_is_refused_as_the_desk_is_locked_stays_begun(
    qtbot: QtBot, desk: Database, workspace: Workspace
) -> None:
    member = add_member(desk)
    page = MembersPage(workspace)
    shown(qtbot, page)
    page.log_contact(member)
    page.card.log.fields.note.setPlainText("She called")
    desk.do(Action.MEMBER_REMOVED, lambda s: members.remove(s, MemberId(member)))

    page.card.log.save.click()
    workspace.close()

    assert count(desk, Contact) == 0
    assert "She called" in (desk.drafts.body(f"contact.{member}") or "")


def test_a_contact_and_a_request_are_saved_once_too(
    qtbot: QtBot, desk: Database, workspace: Workspace
) -> None:
    member = add_member(desk)
    page, casework = MembersPage(workspace), RequestsPage(workspace)
    shown(qtbot, page)
    page.log_contact(member)
    page.card.log.fields.note.setPlainText("She called")
    casework.new(member)
    casework.form.subject.setText("A grant")

    with busy(workspace):
        for _ in range(3):
            for save in (page.card.log.save, page.card.log.attempt, casework.form.save):
                save.click()
    qtbot.waitUntil(lambda: not workspace.is_busy)

    assert (count(desk, Contact), count(desk, Request)) == (1, 1)
