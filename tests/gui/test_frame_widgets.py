"""The small widgets that pages are made of."""

from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QPoint, Qt
from PySide6.QtGui import QAccessible, QHelpEvent, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QLabel,
    QPlainTextEdit,
    QToolTip,
    QVBoxLayout,
    QWidget,
)
from pytestqt.qtbot import QtBot

from correspondent_desk.gui.rows_model import Column, RowsModel
from correspondent_desk.gui.theme import Appearance, Contrast, Theme
from correspondent_desk.gui.widgets.buttons import button, main_button, quiet_button
from correspondent_desk.gui.widgets.card import Card, EmptyState, SectionHeader
from correspondent_desk.gui.widgets.card_column import CardColumn
from correspondent_desk.gui.widgets.choice_field import ChoiceField
from correspondent_desk.gui.widgets.date_field import DateField
from correspondent_desk.gui.widgets.dates import Lean, read_date
from correspondent_desk.gui.widgets.draft_keeper import DraftKeeper
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.form import Form
from correspondent_desk.gui.widgets.line_edit import LineEdit
from correspondent_desk.gui.widgets.rows_table import RowsTable, shared
from correspondent_desk.gui.widgets.scroll import Scroll
from correspondent_desk.gui.widgets.split_view import SplitView
from correspondent_desk.gui.widgets.tag import Tag, Tone
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.widgets.trouble import Trouble, report_of
from correspondent_desk.gui.widgets.turning import Ends
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.messages import dates
from correspondent_desk.store.database import Database
from tests.gui.a11y import nameless
from tests.gui.hands import focused, press, type_here

TODAY = date(2026, 12, 3)  # a Thursday


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("12/3/2026", "2026-03-12"),
        ("12.03.26", "2026-03-12"),
        ("12-3-2026", "2026-03-12"),
        ("12 3 2026", "2026-03-12"),
        ("12032026", "2026-03-12"),
        ("120326", "2026-03-12"),
        ("2026-03-12", "2026-03-12"),
        ("12 mars 2026", "2026-03-12"),
        ("jeudi 12 mars 2026", "2026-03-12"),
        ("1er mars 2027", "2027-03-01"),
        ("3 déc", "2026-12-03"),
        ("3 December", "2026-12-03"),
        ("5/1", "2027-01-05"),
        ("25/11", "2026-11-25"),
        ("aujourd’hui", "2026-12-03"),
        ("Demain", "2026-12-04"),
        ("après-demain", "2026-12-05"),
        ("hier", "2026-12-02"),
        ("tomorrow", "2026-12-04"),
        ("lundi", "2026-12-07"),
        ("jeudi", "2026-12-10"),
        ("vendredi prochain", "2026-12-04"),
        ("lundi dernier", "2026-11-30"),
        ("dans 10 jours", "2026-12-13"),
        ("dans 2 semaines", "2026-12-17"),
        ("in 3 months", "2027-03-03"),
        ("+ 7", "2026-12-10"),
        ("29/2/2028", "2028-02-29"),
        ("29/2/2027", None),
        ("31/4/2026", None),
        ("ma", None),
        ("mar", "2026-12-08"),
        ("12", None),
        ("bientôt", None),
        ("", None),
    ],
)
def test_dates_are_read_as_people_type_them(typed: str, meant: str | None) -> None:
    found = read_date(typed, TODAY)

    assert (found.isoformat() if found else None) == meant


@pytest.mark.parametrize(
    ("typed", "lean", "meant"),
    [
        ("4/5/71", Lean.PAST, "1971-05-04"),
        ("4/5/26", Lean.PAST, "2026-05-04"),
        ("4/5/27", Lean.PAST, "1927-05-04"),
        ("4/5/40", Lean.NEAREST, "2040-05-04"),
        ("25/12", Lean.PAST, "2025-12-25"),
        ("25/11", Lean.FUTURE, "2027-11-25"),
        ("3/12", Lean.FUTURE, "2026-12-03"),
        ("lundi", Lean.PAST, "2026-11-30"),
    ],
)
def test_short_dates_lean_where_the_field_does(typed: str, lean: Lean, meant: str) -> None:
    found = read_date(typed, TODAY, lean)

    assert found
    assert found.isoformat() == meant


@given(st.text(max_size=20))
def test_nothing_that_is_typed_is_an_accident(typed: str) -> None:
    read_date(typed, TODAY)


@given(st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 12, 31)))
def test_a_date_that_was_written_is_read_back(day: date) -> None:
    assert read_date(day.strftime("%d/%m/%Y"), TODAY) == day
    assert read_date(day.isoformat(), TODAY) == day


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


def test_a_problem_stands_beside_its_field_and_is_read_out(form: Form) -> None:
    form.show_problems({"due": "This date is past."})
    form.go_to_first_problem()

    assert focused() is form.rows["due"].field
    assert form.rows["due"].problem.isVisible()
    assert description(form.rows["due"].field) == "This date is past."
    form.show_problems({})
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


# --- keeping what is typed


class FormOfDrafts(QWidget):
    """A form with every kind of field that can be kept."""

    def __init__(self, workspace: Workspace, key: str) -> None:
        super().__init__()
        self.name, self.note = LineEdit(), QPlainTextEdit()
        self.kind = ChoiceField([(1, "one"), (2, "two")])
        self.tick, self.due = QCheckBox("Tick"), date_field()
        fields: dict[str, QWidget] = {
            "name": self.name,
            "note": self.note,
            "kind": self.kind,
            "tick": self.tick,
            "due": self.due,
        }
        self.keeper = DraftKeeper(workspace.drafts, key, fields, self)
        workspace.closing.connect(self.keeper.keep_now)
        column = QVBoxLayout(self)
        for field in fields.values():
            column.addWidget(field)


def form_of_drafts(qtbot: QtBot, workspace: Workspace, key: str = "new") -> FormOfDrafts:
    form = FormOfDrafts(workspace, key)
    qtbot.addWidget(form)
    return form


def test_typing_is_kept_within_half_a_second(
    qtbot: QtBot, workspace: Workspace, desk: Database
) -> None:
    form = form_of_drafts(qtbot, workspace)

    with qtbot.waitSignal(form.keeper.kept, timeout=500):
        form.name.setText("Le Goff")

    qtbot.waitUntil(lambda: "Le Goff" in (desk.draft("new") or ""))


def test_a_steady_typist_is_kept_too(qtbot: QtBot, workspace: Workspace) -> None:
    form = form_of_drafts(qtbot, workspace)
    kept: list[bool] = []
    form.keeper.kept.connect(lambda: kept.append(True))

    for number in range(14):
        form.name.setText("x" * number)
        qtbot.wait(50)

    assert kept


def test_typing_comes_back_after_a_crash(qtbot: QtBot, workspace: Workspace) -> None:
    before = form_of_drafts(qtbot, workspace)
    before.name.setText("Ça")
    before.note.setPlainText("two\nlines")
    before.kind.set_value(2)
    before.tick.setChecked(True)
    before.due.setText("demain")
    before.keeper.keep_now()

    after = form_of_drafts(qtbot, workspace)

    assert after.keeper.restore()
    assert (after.name.text(), after.note.toPlainText()) == ("Ça", "two\nlines")
    assert (after.kind.value(), after.tick.isChecked()) == (2, True)
    assert after.due.value() == date(2026, 12, 4)


def test_closing_the_desk_keeps_the_last_word(
    qtbot: QtBot, workspace: Workspace, desk: Database
) -> None:
    form = form_of_drafts(qtbot, workspace)
    form.name.setText("the last word")

    workspace.close()

    assert "the last word" in (desk.draft("new") or "")


def test_what_was_saved_is_not_kept(qtbot: QtBot, workspace: Workspace) -> None:
    form = form_of_drafts(qtbot, workspace)
    form.name.setText("x")
    form.keeper.keep_now()

    form.keeper.forget()
    form.keeper.keep_now()

    assert not form_of_drafts(qtbot, workspace).keeper.restore()


def test_opening_something_else_keeps_the_two_apart(qtbot: QtBot, workspace: Workspace) -> None:
    form = form_of_drafts(qtbot, workspace, "one")
    form.name.setText("of one")

    form.keeper.set_key("two")
    form.name.setText("of two")
    form.keeper.keep_now()

    one, two = (form_of_drafts(qtbot, workspace, key) for key in ("one", "two"))
    assert one.keeper.restore()
    assert two.keeper.restore()
    assert (one.name.text(), two.name.text()) == ("of one", "of two")


def test_a_form_nobody_typed_in_leaves_nothing(qtbot: QtBot, workspace: Workspace) -> None:
    form = form_of_drafts(qtbot, workspace)

    form.keeper.keep_now()

    assert workspace.drafts.load("new") is None


def test_a_field_that_cannot_be_kept_is_a_mistake(qtbot: QtBot, workspace: Workspace) -> None:
    label = QLabel()
    qtbot.addWidget(label)

    with pytest.raises(TypeError):
        DraftKeeper(workspace.drafts, "x", {"label": label}, label)


# --- lists


@dataclass(frozen=True)
class Town:
    id: int
    name: str


@pytest.fixture
def table(qtbot: QtBot) -> RowsTable:
    """A shown list of thirty towns."""
    table = RowsTable("Towns")
    qtbot.addWidget(table)
    model = RowsModel(
        [
            Column[Town](title="Name", text=lambda town: town.name),
            Column[Town](title="Number", text=lambda town: str(town.id), width=8),
        ],
        lambda ids: [Town(id_, f"Town {id_}") for id_ in ids],
        table,
    )
    table.set_rows(model)
    model.show(range(30))
    table.resize(400, 300)
    table.show()
    qtbot.waitExposed(table)
    table.activateWindow()
    QTest.qWaitForWindowActive(table)
    table.setFocus()
    return table


def test_the_chosen_record_stays_chosen_when_the_list_changes(table: RowsTable) -> None:
    chosen: list[int] = []
    table.choose(7)
    table.chosen.connect(chosen.append)

    table.show_ids([9, 8, 7, 6])

    assert table.current_id() == 7
    assert chosen == []


def test_when_the_chosen_record_goes_the_next_one_is_chosen_and_told(table: RowsTable) -> None:
    chosen: list[int] = []
    table.choose(7)
    table.chosen.connect(chosen.append)

    table.show_ids([5, 6, 8, 9])

    assert chosen == [9]
    table.show_ids([])
    assert table.current_id() is None


def test_a_list_goes_by_keyboard(table: RowsTable) -> None:
    chosen: list[int] = []
    opened: list[int] = []
    assert table.current_id() == 0  # it has the focus
    table.chosen.connect(chosen.append)
    table.opened.connect(opened.append)

    press(Qt.Key.Key_Down)
    press(Qt.Key.Key_Return)
    press(Qt.Key.Key_End)

    assert chosen == [1, 29]
    assert opened == [1]
    assert not table.choose(500)


def test_rows_grow_with_the_font(table: RowsTable) -> None:
    at_first = table.rowHeight(0)
    font = table.font()
    font.setPointSizeF(font.pointSizeF() * 2)

    table.setFont(font)

    assert at_first >= 36
    assert table.rowHeight(0) > at_first
    assert nameless(table) == []


@pytest.mark.parametrize(
    ("wished", "room", "widths"),
    [
        ([0, 100, 50], 400, [250, 100, 50]),
        ([0, 0, 100], 500, [200, 200, 100]),
        ([0, 100], 200, [120, 80]),
        ([0, 300], 100, [90, 180]),
        ([100, 100], 400, [100, 100]),
    ],
)
def test_columns_share_the_room(wished: list[int], room: int, widths: list[int]) -> None:
    assert shared(wished, room, least=150) == widths


# --- list and card


@pytest.fixture
def split(qtbot: QtBot) -> SplitView:
    """A list and a card in a wide window."""
    left, card = LineEdit(), LineEdit()
    left.setAccessibleName("List")
    card.setAccessibleName("Card")
    split = SplitView(left, card, "Choose somebody.")
    qtbot.addWidget(split)
    split.resize(1200, 600)
    split.show()
    qtbot.waitExposed(split)
    return split


def sides(split: SplitView) -> tuple[bool, bool]:
    """Whether the list and the card can be seen."""
    visible = {field.accessibleName(): field.isVisible() for field in split.findChildren(LineEdit)}
    return visible["List"], visible["Card"]


def test_a_wide_window_shows_list_and_card(split: SplitView) -> None:
    assert sides(split) == (True, False)

    split.open_card()

    assert sides(split) == (True, True)
    assert not split.step_back()


def test_a_narrow_window_shows_the_card_over_the_list_with_a_way_back(
    qtbot: QtBot, split: SplitView
) -> None:
    split.resize(700, 600)
    assert sides(split) == (True, False)
    split.open_card()
    assert sides(split) == (False, True)

    with qtbot.waitSignal(split.went_back):
        assert split.step_back()

    assert sides(split) == (True, False)
    split.open_card()
    split.resize(1200, 600)
    assert sides(split) == (True, True)


def test_a_card_that_covers_the_list_takes_its_focus_along(qtbot: QtBot) -> None:
    window, elsewhere, list_side = QWidget(), LineEdit(), QWidget()
    column = QVBoxLayout(window)
    column.addWidget(elsewhere)
    line = LineEdit()
    QVBoxLayout(list_side).addWidget(line)
    split = SplitView(list_side, QLabel("Card"), "Choose a line.")
    column.addWidget(split)
    qtbot.addWidget(window)
    window.resize(700, 600)
    window.show()
    window.activateWindow()
    assert QTest.qWaitForWindowActive(window)
    line.setFocus()

    split.open_card()

    focused = QApplication.focusWidget()
    assert focused is not None
    assert split.isAncestorOf(focused)


# --- trouble


def test_trouble_keeps_the_technical_text_folded(qtbot: QtBot, tmp_path: Path) -> None:
    trouble = Trouble("It stopped.", "All is safe.", "Go on.", "report: x.py:3\n")
    qtbot.addWidget(trouble)
    trouble.show()
    assert trouble.details.isHidden()

    QTest.mouseClick(trouble.fold, Qt.MouseButton.LeftButton)
    trouble.save_to(tmp_path / "report.txt")

    assert trouble.details.isVisible()
    assert (tmp_path / "report.txt").read_text(encoding="utf-8") == "report: x.py:3\n"
    assert str(tmp_path) in trouble.said.text()
    assert nameless(trouble) == []


def test_a_report_that_cannot_be_saved_is_said(qtbot: QtBot, tmp_path: Path) -> None:
    trouble = Trouble("It stopped.", "All is safe.", "Go on.", "report")
    qtbot.addWidget(trouble)

    trouble.save_to(tmp_path / "nowhere" / "report.txt")

    assert trouble.said.text().startswith("The report could not be saved")


def open_card(name: str) -> None:
    try:
        int(name)
    except ValueError as error:
        raise RuntimeError(name) from error


def test_a_report_says_where_but_names_nobody() -> None:
    with pytest.raises(RuntimeError) as raised:
        open_card("Anne LE GOFF")

    report = report_of(raised.value)
    assert "open_card" in report
    assert "ValueError" in report
    assert "LE GOFF" not in report


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


def test_words_that_are_too_long_for_a_button_can_be_read_on_hover(qtbot: QtBot) -> None:
    made = quiet_button("Thursday 26 November, 13:30, Centre technique")
    holder = flow_of(made)
    qtbot.addWidget(holder)
    holder.resize(made.minimumSizeHint().width(), 100)
    holder.show()
    QApplication.processEvents()

    QApplication.sendEvent(
        made, QHelpEvent(QEvent.Type.ToolTip, QPoint(5, 5), made.mapToGlobal(QPoint(5, 5)))
    )

    assert made.width() < made.sizeHint().width() // 2
    assert QToolTip.text() == made.text()


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
    QApplication.sendEvent(
        made, QHelpEvent(QEvent.Type.ToolTip, QPoint(5, 5), made.mapToGlobal(QPoint(5, 5)))
    )
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
