"""The small widgets that pages are made of."""

from datetime import date
from itertools import product

import pytest
from PySide6.QtCore import QEvent, QMimeData, QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QEnterEvent, QHelpEvent, QImage, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QStyle,
    QStyleOptionComboBox,
    QToolTip,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from correspondent_desk.gui.theme import Appearance, Contrast, Theme
from correspondent_desk.gui.widgets.buttons import button, main_button, quiet_button
from correspondent_desk.gui.widgets.card import Card, EmptyState, SectionHeader
from correspondent_desk.gui.widgets.card_column import CardColumn
from correspondent_desk.gui.widgets.choice_field import ChoiceField
from correspondent_desk.gui.widgets.date_field import DateField
from correspondent_desk.gui.widgets.dates import Lean
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.form import Form, FormRow
from correspondent_desk.gui.widgets.line_edit import LineEdit
from correspondent_desk.gui.widgets.note_field import NoteField
from correspondent_desk.gui.widgets.scroll import Scroll
from correspondent_desk.gui.widgets.tag import Tag, Tone
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.widgets.turning import Ends
from correspondent_desk.messages import dates
from tests.gui.a11y import nameless
from tests.gui.hands import focused, press, type_here

TODAY = date(2026, 12, 3)  # a Thursday


def date_field() -> DateField:
    return DateField(lambda: TODAY, lambda day: dates.day(day, TODAY))


@pytest.fixture
def form(qtbot: QtBot) -> Form:
    """A shown form of three fields."""
    form = Form()
    form.add("name", "&Name", LineEdit())
    form.add("due", "&Due", date_field(), "When it must be there")
    form.add("kind", "&Kind", ChoiceField([(1, "one"), (2, "two")]))
    qtbot.addWidget(form)
    form.show()
    qtbot.waitExposed(form)
    form.activateWindow()
    QTest.qWaitForWindowActive(form)
    return form


def description(widget: QWidget) -> str:
    interface = QAccessible.queryAccessibleInterface(widget)
    return interface.text(QAccessible.Text.Description)


def test_a_long_name_is_shown_from_its_beginning_and_gone_on_with_at_its_end(
    qtbot: QtBot,
) -> None:
    window = QWidget()
    town, other = LineEdit(), LineEdit()
    column = QVBoxLayout(window)
    column.addWidget(town)
    column.addWidget(other)
    qtbot.addWidget(window)
    window.setFixedWidth(120)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    other.setFocus()

    town.setText("La Chapelle-aux-Ormes")
    assert town.cursorPosition() == 0
    town.setFocus()
    type_here("-et-Prés")
    other.setFocus()

    assert (town.text(), town.cursorPosition()) == ("La Chapelle-aux-Ormes-et-Prés", 0)
    town.setFocus(Qt.FocusReason.TabFocusReason)  # chosen whole, as everywhere
    assert town.selectedText() == town.text()


def test_a_date_is_said_in_words_beside_the_field(form: Form) -> None:
    row = form.rows["due"]
    row.field.setFocus()

    type_here("demain")

    assert row.beside.text() == "tomorrow"
    assert description(row.field) == "tomorrow"
    form.rows["name"].field.setFocus()
    assert isinstance(row.field, DateField)
    assert row.field.text() == "04/12/2026"
    row.field.clear()
    assert row.beside.text() == "When it must be there"


def test_what_is_no_date_yet_is_said_quietly(form: Form) -> None:
    field = form.rows["due"].field
    field.setFocus()

    type_here("le 5 dé")

    assert isinstance(field, DateField)
    assert field.value() is None
    assert not field.is_understood()
    assert form.rows["due"].beside.text().startswith("Not a date yet")


def test_for_a_birth_nobody_proposes_tomorrow(qtbot: QtBot) -> None:
    born = DateField(lambda: TODAY, str, Lean.PAST)
    qtbot.addWidget(born)

    with qtbot.waitSignal(born.words_changed) as said:
        born.setText("mars 71")

    assert said.args == ["Not a date yet, for example 12/3/1971"]


def test_a_problem_stands_beside_its_field_and_is_read_out(form: Form) -> None:
    assert form.point_out({"due": "This date is past."})

    assert focused() is form.rows["due"].field
    assert form.rows["due"].problem.isVisible()
    assert description(form.rows["due"].field) == "This date is past."
    assert not form.point_out({"due": ""})
    assert form.rows["due"].problem.isHidden()
    assert description(form.rows["due"].field) == "When it must be there"


def test_labels_name_their_fields_and_their_keys_lead_there(form: Form) -> None:
    assert nameless(form) == []

    form.rows["name"].field.setFocus()
    press(Qt.Key.Key_K, Qt.KeyboardModifier.AltModifier)

    assert focused() is form.rows["kind"].field


@pytest.mark.parametrize("contrast", [Contrast.ORDINARY, Contrast.STRONG])
def test_nothing_moves_when_a_field_has_the_focus(
    qtbot: QtBot, qapp: QApplication, contrast: Contrast
) -> None:
    theme = Theme(qapp, Appearance(contrast=contrast))
    line, choice, action = LineEdit(), ChoiceField([(1, "one")]), button("Action")
    box = QWidget()
    column = QVBoxLayout(box)
    for widget in (line, choice, action):
        column.addWidget(widget)
    qtbot.addWidget(box)
    theme.dress(box)
    box.show()
    box.activateWindow()
    QTest.qWaitForWindowActive(box)

    for widget in (line, choice, action):
        box.setFocus()
        without = widget.sizeHint()
        widget.setFocus()
        assert widget.hasFocus()
        assert widget.sizeHint() == without
    theme.deleteLater()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space])
def test_a_button_is_pressed_by_enter_and_by_space(qtbot: QtBot, key: Qt.Key) -> None:
    made = button("Do it")
    qtbot.addWidget(made)
    made.show()
    with qtbot.waitSignal(made.clicked):
        QTest.keyClick(made, key)


def test_enter_held_down_presses_once(qtbot: QtBot) -> None:
    made, pressed = button("Do it"), []
    qtbot.addWidget(made)
    made.clicked.connect(lambda: pressed.append(1))
    for is_repeated in (False, True, True):
        QApplication.sendEvent(
            made,
            QKeyEvent(
                QEvent.Type.KeyPress,
                Qt.Key.Key_Return,
                Qt.KeyboardModifier.NoModifier,
                autorep=is_repeated,
            ),
        )

    assert pressed == [1]


def test_a_choice_keeps_its_value_through_new_choices(qtbot: QtBot) -> None:
    field = ChoiceField([("a", "First"), ("b", "Second")])
    qtbot.addWidget(field)
    told: list[object] = []
    field.chosen.connect(told.append)
    field.set_value("b")

    field.set_choices([("c", "Third"), ("b", "Second")])

    assert (field.value(), field.currentText(), told) == ("b", "Second", [])
    field.set_choices([("d", "Fourth")])
    assert field.value() == "d"
    with pytest.raises(ValueError, match="b"):
        field.set_value("b")


def test_a_choice_without_a_label_is_named_by_more_than_its_value(qtbot: QtBot) -> None:
    box = QWidget()
    qtbot.addWidget(box)
    field = ChoiceField([("a", "First")])
    field.setAccessibleName("Order")
    QVBoxLayout(box).addWidget(field)
    box.show()

    assert nameless(box) == []


def test_a_choice_made_by_key_is_told(qtbot: QtBot) -> None:
    field = ChoiceField([("a", "First"), ("b", "Second")])
    qtbot.addWidget(field)
    told: list[object] = []
    field.chosen.connect(told.append)

    QTest.keyClick(field, Qt.Key.Key_Down)

    assert told == ["b"]


def test_a_status_is_a_word_and_for_two_meanings_a_sign(qtbot: QtBot) -> None:
    tag = Tag()
    qtbot.addWidget(tag)
    assert tag.isHidden()

    tag.say("late", Tone.LATE)

    assert (tag.text(), tag.accessibleName()) == ("! late", "late")


def test_headers_and_empty_pages_speak(qtbot: QtBot) -> None:
    card, header = Card("Title"), SectionHeader("Part")
    empty = EmptyState("Nobody yet.", "Add somebody", "users")
    for widget in (card, header, empty):
        qtbot.addWidget(widget)

    with qtbot.waitSignal(empty.acted):
        empty.action.click()

    card.set_title("")
    assert card.title.isHidden()
    empty.say("All done.")
    assert empty.action.isHidden()


@pytest.mark.parametrize(("width", "is_stacked"), [(700, False), (200, True)])
def test_an_action_goes_below_its_title_where_there_is_no_room(
    qtbot: QtBot, width: int, *, is_stacked: bool
) -> None:
    action = main_button("Plan a meeting", "calendar-plus")
    ends = Ends(Words("Week of Monday 23 November"), action)
    qtbot.addWidget(ends)
    ends.resize(width, 100)
    ends.show()

    QApplication.processEvents()

    assert ends.is_stacked is is_stacked
    assert ends.minimumSizeHint().width() <= 200
    assert action.width() >= action.sizeHint().width()


def hover(widget: QWidget) -> None:
    """The pointer comes to widget and stays."""
    here = QPoint(5, 5)
    there = widget.mapToGlobal(here)
    QApplication.sendEvent(widget, QEnterEvent(here, here, there))
    QApplication.sendEvent(widget, QHelpEvent(QEvent.Type.ToolTip, here, there))


def test_words_that_are_too_long_for_a_button_can_be_read_on_hover(qtbot: QtBot) -> None:
    made = quiet_button("Thursday 26 November, 13:30, Centre technique")
    holder = flow_of(made)
    qtbot.addWidget(holder)
    holder.resize(made.minimumSizeHint().width(), 100)
    holder.show()
    QApplication.processEvents()

    hover(made)

    assert made.width() < made.sizeHint().width() // 2
    assert QToolTip.text() == made.text()
    QApplication.sendEvent(made, QEvent(QEvent.Type.Leave))
    assert not made.toolTip()  # there may be room for them by then


def test_words_of_a_button_go_on_in_a_second_line(qtbot: QtBot) -> None:
    made = button("Join with an invitation")
    beside = button("Later")
    holder = flow_of(made, beside)
    qtbot.addWidget(holder)
    holder.resize(made.sizeHint().width() - 20, 200)
    holder.show()
    QApplication.processEvents()

    assert made.height() >= made.sizeHint().height() + made.fontMetrics().height() - 2
    assert beside.y() >= made.geometry().bottom()
    hover(made)
    assert QToolTip.text() != made.text()  # nothing is cut
    QToolTip.hideText()


def test_cards_get_the_height_of_their_own_width(qtbot: QtBot) -> None:
    words = Words("Short words that go on for some lines. " * 40)
    card = Card("Title")
    card.body.addWidget(words)
    cards = CardColumn("Page")
    cards.add(card)
    scroll = Scroll(cards)
    qtbot.addWidget(scroll)
    scroll.resize(2 * card.maximumWidth(), 200)
    scroll.show()
    qtbot.waitExposed(scroll)

    assert words.height() >= words.heightForWidth(words.width())


def test_a_card_is_as_wide_with_little_to_tell_as_with_much(
    qtbot: QtBot, qapp: QApplication
) -> None:
    theme = Theme(qapp, Appearance())
    told = QWidget()
    card = Scroll(told).let_focus("Card")
    qtbot.addWidget(card)
    theme.dress(card)
    card.resize(300, 200)
    card.show()
    bar = card.verticalScrollBar()

    def colours() -> set[int]:
        drawn = bar.grab().toImage()
        places = range(bar.width()), range(bar.height())
        return {drawn.pixel(x, y) for x, y in product(*places)}

    assert len(colours()) == 1  # nothing of it is to be seen
    width = card.viewport().width()
    told.setMinimumHeight(1000)
    qtbot.waitUntil(lambda: bar.maximum() > 0)
    qapp.processEvents()
    assert len(colours()) > 1
    assert card.viewport().width() == width
    theme.deleteLater()


def test_only_a_choice_longer_than_its_field_ends_in_dots(qtbot: QtBot) -> None:
    words = "as usual at the office"

    def drawn(text: str, width: int) -> QImage:
        field = ChoiceField([(1, text)])
        qtbot.addWidget(field)
        field.setFixedSize(width, 36)
        return field.grab().toImage()

    def has_dots(width: int) -> bool:
        shown = drawn(words, width)
        return any(shown == drawn(f"{words[:count]}…", width) for count in range(4, 15))

    assert has_dots(120)
    assert not has_dots(ChoiceField([(1, words)]).sizeHint().width())


def test_a_choice_has_room_for_those_that_come_later(qtbot: QtBot) -> None:
    field = ChoiceField([(0, "All sites")])
    room = flow_of(field)
    qtbot.addWidget(room)
    room.resize(600, 60)
    room.show()
    words = "Médiathèque Simone-Veil"
    needed = field.fontMetrics().horizontalAdvance(words)
    qtbot.waitUntil(lambda: 0 < field.width() == field.sizeHint().width() < needed)

    field.set_choices([(0, "All sites"), (1, words)])

    qtbot.waitUntil(lambda: place_for_words(field).width() > needed)


def place_for_words(field: ChoiceField[int]) -> QRect:
    """Where the field draws what is chosen."""
    shown = QStyleOptionComboBox()
    field.initStyleOption(shown)
    box, place = QStyle.ComplexControl.CC_ComboBox, QStyle.SubControl.SC_ComboBoxEditField
    return field.style().subControlRect(box, shown, place, field)


def test_pages_of_text_are_refused_at_once_and_it_is_said(qtbot: QtBot) -> None:
    field = NoteField(3)
    row = FormRow("Note", field)
    qtbot.addWidget(row)
    field.setPlainText("rather in the morning")
    pasted = QMimeData()
    pasted.setText("x" * 20_001)

    field.insertFromMimeData(pasted)
    assert field.toPlainText() == "rather in the morning"
    assert row.problem.text().startswith("! Nothing was pasted")

    pasted.setText("x" * 20_000)
    field.selectAll()
    field.insertFromMimeData(pasted)
    assert len(field.toPlainText()) == 20_000
    assert row.problem.isHidden()
