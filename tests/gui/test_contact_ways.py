"""How a contact took place: who began it, and ten visitors one after the other."""

from collections.abc import Iterator
from datetime import datetime

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from correspondent_desk import language
from correspondent_desk.domain.contacts import Direction, Way
from correspondent_desk.domain.members import MemberId
from correspondent_desk.gui.members.log_form import LogForm
from correspondent_desk.gui.members.page import MembersPage
from correspondent_desk.gui.tasks import Tasks
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.store.database import Database
from correspondent_desk.store.tables import Contact
from tests.builders import add_member
from tests.gui.a11y import in_words, same_letters
from tests.gui.day_desk import show
from tests.gui.hands import focused, press, type_here


class Counter:
    """The page, and the day that it believes in."""

    def __init__(self, qtbot: QtBot, desk: Database, tasks: Tasks) -> None:
        self.qtbot, self.desk = qtbot, desk
        self.now = datetime(2026, 12, 3, 9, 30).astimezone()
        self.workspace = Workspace(desk, tasks, clock=lambda: self.now)
        self.page = MembersPage(self.workspace)
        show(qtbot, self.page, self.workspace)

    @property
    def form(self) -> LogForm:
        return self.page.card.log

    def somebody_comes(self, name: str) -> None:
        self.page.log_contact(MemberId(add_member(self.desk, name)))

    def choose(self, way: Way) -> None:
        self.form.fields.way.set_value(way)
        self.form.fields.way.chosen.emit(way)

    def save(self) -> None:
        self.form.save.click()
        self.qtbot.waitUntil(self.form.isHidden)

    def noted(self) -> list[tuple[str, str]]:
        found = self.desk.read(lambda s: s.query(Contact.way, Contact.direction).all())
        return [(way, direction) for way, direction in found]


@pytest.fixture
def counter(qtbot: QtBot, desk: Database, tasks: Tasks) -> Iterator[Counter]:
    made = Counter(qtbot, desk, tasks)
    yield made
    made.page.hide()


def test_who_comes_by_comes_of_their_own_accord_unless_one_says_otherwise(
    counter: Counter,
) -> None:
    counter.somebody_comes("Petit")
    form = counter.form
    assert form.fields.direction.value() is Direction.OUT

    for way, begun_by in (
        (Way.VISIT, Direction.IN),
        (Way.HOME, Direction.OUT),
        (Way.SESSION, Direction.IN),
    ):
        counter.choose(way)
        assert form.fields.direction.value() is begun_by

    form.fields.direction.set_value(Direction.OUT)  # they were asked to come
    counter.choose(Way.VISIT)
    assert form.fields.direction.value() is Direction.OUT


def test_the_next_visitor_is_one_letter_away(counter: Counter) -> None:
    counter.somebody_comes("Petit")
    assert not counter.form.as_before.isVisible()
    counter.choose(Way.VISIT)
    counter.save()

    counter.somebody_comes("Roux")
    assert counter.form.fields.way.value() is Way.PHONE
    assert counter.form.as_before.text() == "As the &last one: visit to the office, from the member"
    press(Qt.Key.Key_L, Qt.KeyboardModifier.AltModifier)
    counter.qtbot.waitUntil(lambda: counter.form.fields.way.value() is Way.VISIT)
    assert counter.form.fields.note.hasFocus()
    type_here("Her card")
    counter.save()

    assert counter.noted() == [("visit", "in"), ("visit", "in")]


def test_a_new_day_begins_with_a_call_again(counter: Counter) -> None:
    counter.somebody_comes("Petit")
    counter.choose(Way.VISIT)
    counter.save()
    counter.now = datetime(2026, 12, 4, 9, 30).astimezone()

    counter.somebody_comes("Roux")

    assert not counter.form.as_before.isVisible()


@pytest.mark.parametrize("code", language.LANGUAGES)
def test_each_control_of_the_form_has_a_letter_of_its_own(
    qtbot: QtBot, desk: Database, tasks: Tasks, code: str
) -> None:
    language.use(code)
    counter = Counter(qtbot, desk, tasks)
    counter.somebody_comes("Petit")
    counter.choose(Way.VISIT)
    counter.save()
    qtbot.waitUntil(lambda: bool(counter.page.card.timeline.lines()))
    [contact] = counter.desk.read(lambda s: s.query(Contact.id).one())

    counter.somebody_comes("Roux")
    counter.form.fields.unfold.click()
    assert counter.form.as_before.isVisible()
    assert same_letters(in_words(counter.page)) == []

    counter.page.card.timeline.correct_wanted.emit(contact)
    assert counter.form.remove.isVisible()
    assert same_letters(in_words(counter.page)) == []
    counter.page.hide()


def test_a_way_leads_back_to_what_was_put_aside(counter: Counter, qtbot: QtBot) -> None:
    page, head = counter.page, counter.page.card.head
    counter.somebody_comes("Petit")
    type_here("Half a sentence")
    counter.form.later.click()
    assert focused() is head.resume
    assert not page.begun.isVisible()  # it stands on the card in view
    page.resize(600, 600)
    page.step_back()
    assert page.begun.isVisible()
    page.resize(1240, 800)

    counter.somebody_comes("Roux")
    page.card.put_log_away()
    assert page.begun.text() == ("A contact with Anne PETIT was begun and is not saved: go on")
    page.begun.click()

    qtbot.waitUntil(lambda: page.card.log.fields.note.toPlainText() == "Half a sentence")
    assert page.card.log.isVisible()
    counter.save()
    qtbot.waitUntil(lambda: not page.begun.isVisible())


def test_the_way_back_to_somebody_with_a_long_name_is_read_whole(counter: Counter) -> None:
    page = counter.page
    counter.somebody_comes("Vandenbroucke de La Rochefoucauld d’Estissac-Montmorency")
    type_here("Half a sentence")
    page.card.put_log_away()
    page.resize(600, 600)

    page.step_back()

    one_line = page.begun.sizeHint()
    assert one_line.width() > page.begun.width()
    assert page.begun.height() == page.begun.height_at(page.begun.width()) > one_line.height()


def test_a_correction_that_was_put_aside_has_a_way_back_too(counter: Counter, qtbot: QtBot) -> None:
    page, head = counter.page, counter.page.card.head
    counter.somebody_comes("Petit")
    type_here("Her card")
    counter.save()
    qtbot.waitUntil(lambda: bool(page.card.timeline.lines()))
    assert not head.resume_correction.isVisible()
    [contact] = counter.desk.read(lambda s: s.query(Contact.id).one())
    page.card.timeline.correct_wanted.emit(contact)
    counter.form.fields.note.setPlainText("Her new card")
    counter.form.later.click()

    assert focused() is head.resume_correction
    counter.somebody_comes("Roux")
    page.card.put_log_away()
    assert page.begun.isVisible()
    page.begun.click()

    qtbot.waitUntil(lambda: page.card.log.fields.note.toPlainText() == "Her new card")
    counter.save()
    assert counter.desk.read(lambda s: s.query(Contact.note).one()) == ("Her new card",)
    assert not head.resume_correction.isVisible()
