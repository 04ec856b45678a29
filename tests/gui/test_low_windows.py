"""Small windows and large text: nothing is pressed together, a page scrolls as a whole instead."""

from datetime import date, datetime

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from correspondent_desk import language
from correspondent_desk.domain.members import EntryKind, TimelineEntry
from correspondent_desk.gui.members.household_tab import DependantForm
from correspondent_desk.gui.members.timeline_tab import TimelineTab
from correspondent_desk.gui.qt_words import QtWords
from correspondent_desk.gui.quiet_line import QuietLine
from correspondent_desk.gui.widgets.buttons import button, filter_button
from correspondent_desk.gui.widgets.date_field import DateField
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.form import Form, FormRow
from correspondent_desk.gui.widgets.line_edit import LineEdit
from correspondent_desk.gui.widgets.scroll import UNFOLDED, Scroll, Whole, bring_into_view
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.widgets.tick import Tick
from correspondent_desk.gui.widgets.turning import Column
from correspondent_desk.gui.workspace import Workspace

WORDS = "Rendez-vous enregistré : Mme Anne LE GOFF, jeudi 26 novembre, 14 h, Centre technique."


def shown(qtbot: QtBot, widget: QWidget, width: int, height: int) -> None:
    qtbot.addWidget(widget)
    widget.resize(width, height)
    widget.show()
    QApplication.processEvents()


def a_page() -> tuple[QWidget, QWidget, QWidget]:
    """A page, its row of filters, and what takes what is left."""
    page, rest = QWidget(), QWidget()
    filters = flow_of(*(filter_button(f"Filter number {n}") for n in range(8)))
    rest.setMinimumHeight(120)
    column = QVBoxLayout(page)
    column.addWidget(filters)
    column.addWidget(rest, 1)
    return page, filters, rest


def test_a_low_window_scrolls_the_page_instead_of_pressing_it(qtbot: QtBot) -> None:
    page, filters, rest = a_page()
    whole = Whole(page)
    shown(qtbot, whole, 320, 200)

    assert filters.height() >= filters.heightForWidth(filters.width())
    assert rest.height() >= 120
    assert whole.verticalScrollBar().maximum() > 0
    assert page.width() == whole.viewport().width()


def test_a_page_with_room_fills_its_window_and_does_not_scroll(qtbot: QtBot) -> None:
    page, _filters, rest = a_page()
    whole = Whole(page)
    shown(qtbot, whole, 1200, 700)

    assert page.size() == whole.viewport().size()
    assert rest.height() > 500
    assert whole.verticalScrollBar().maximum() == 0


def test_a_date_keeps_its_height_above_its_words(qtbot: QtBot) -> None:
    field = DateField(lambda: date(2026, 11, 24), str)
    field.setStyleSheet("min-height: 8px")  # as the theme does: less than the text needs
    row = FormRow("By &when", field)
    page = QWidget()
    column = QVBoxLayout(page)
    column.addWidget(row)
    column.addStretch(1)
    shown(qtbot, page, 240, 400)

    assert row.beside.geometry().top() > field.geometry().bottom()
    assert field.height() == field.sizeHint().height()


def test_a_page_follows_what_is_added_to_it(qtbot: QtBot) -> None:
    page, _filters, rest = a_page()
    whole = Whole(page)
    shown(qtbot, whole, 1200, 300)
    before = whole.verticalScrollBar().maximum()

    rest.setMinimumHeight(900)

    qtbot.waitUntil(lambda: whole.verticalScrollBar().maximum() > before)


def test_a_column_is_as_high_as_its_words_in_lines(qtbot: QtBot) -> None:
    column = Column()
    layout = QVBoxLayout(column)
    layout.addWidget(Words("many words " * 30))
    shown(qtbot, column, 240, 400)
    narrow = column.minimumSizeHint().height()
    column.resize(900, 400)

    assert narrow > 2 * column.minimumSizeHint().height()


def test_nothing_is_left_empty_under_what_scrolls(qtbot: QtBot) -> None:
    inside = QWidget()
    column = QVBoxLayout(inside)
    for _ in range(12):
        column.addWidget(Words("words that need two lines where there is little room " * 2))
    column.addStretch(1)
    area = Scroll(inside)
    shown(qtbot, area, 900, 200)

    assert inside.height() == max(200, inside.heightForWidth(inside.width()))


def test_a_word_that_cannot_be_broken_pushes_nothing_out_of_view(qtbot: QtBot) -> None:
    inside, part, text = QWidget(), QWidget(), Words("many words " * 30)
    last = button("Third action")
    column, nested = QVBoxLayout(inside), QVBoxLayout(part)
    nested.addWidget(flow_of(button("First action"), button("Second action"), last))
    nested.addWidget(Words("https://example.org/" + "x" * 200))
    nested.addWidget(text)
    column.addWidget(part)
    column.addStretch(1)
    area = Scroll(inside)

    shown(qtbot, area, 460, 700)

    assert inside.width() == area.viewport().width()
    assert is_whole(last)
    assert text.height() >= text.heightForWidth(text.width())


def test_the_days_of_a_timeline_keep_their_letters_in_text_that_grows(qtbot: QtBot) -> None:
    tab = TimelineTab()
    at = datetime(2026, 12, 3, 9, 0)  # noqa: DTZ001 - of the wall
    call = TimelineEntry(
        kind=EntryKind.CONTACT, id=1, at=at, what="phone", about="", text="", person="Yann"
    )
    tab.show_entries([call], at.date(), ())
    shown(qtbot, tab, 900, 300)
    [day] = [words for words in tab.findChildren(Words) if words.text() == "today"]

    font = tab.font()
    font.setPointSizeF(font.pointSizeF() * 2)
    tab.setFont(font)

    assert day.width() >= 13 * day.fontMetrics().averageCharWidth()


def test_a_tick_with_many_words_goes_on_in_further_lines(qtbot: QtBot) -> None:
    words = "Attestation sur l’honneur & jugement, signée par les deux parents, à montrer"
    tick, page = Tick(words), QWidget()
    column = QVBoxLayout(page)
    column.addWidget(tick)
    column.addStretch(1)
    shown(qtbot, page, 900, 300)
    before = tick.height()
    assert tick.text() == words.replace("&", "&&")

    page.resize(260, 300)

    qtbot.waitUntil(lambda: tick.height() > 2 * before)
    lines = tick.text().split("\n")
    assert " ".join(lines) == words.replace("&", "&&")
    assert max(map(tick.fontMetrics().horizontalAdvance, lines)) < tick.width() <= 260
    assert tick.accessibleName() == words
    page.resize(900, 300)
    qtbot.waitUntil(lambda: tick.height() == before)


def test_a_long_sentence_leaves_the_page_its_room(qtbot: QtBot) -> None:
    line = QuietLine()
    shown(qtbot, line, 260, 60)

    line.say(WORDS, "Annuler")
    QApplication.processEvents()
    short = line.words.text()
    line.resize(1200, 60)
    QApplication.processEvents()

    assert short.endswith("…")
    assert line.words.text() == WORDS
    assert line.words.accessibleName() == WORDS


@pytest.mark.parametrize(
    ("code", "expected"),
    [("fr", ["&Type de fichiers :", "Dossier"]), ("en", ["Files of &type:", "Folder"])],
)
def test_labels_that_qt_lacks_are_said(qapp: QApplication, code: str, expected: list[str]) -> None:
    language.use(code)
    words = QtWords()
    qapp.installTranslator(words)

    labels = qapp.translate("QFileDialog", "Files of &type:")
    kinds = qapp.translate("QAbstractFileIconProvider", "Folder", "All other platforms")

    assert [labels.replace("\u00a0", " "), kinds] == expected
    assert qapp.translate("QFileDialog", "File &name:") != ""
    qapp.removeTranslator(words)


def test_what_the_program_leads_to_is_brought_into_view(qtbot: QtBot) -> None:
    inside = QWidget()
    column = QVBoxLayout(inside)
    fields = [LineEdit() for _ in range(20)]
    for field in fields:
        column.addWidget(field)
    window = QWidget()
    QVBoxLayout(window).addWidget(Scroll(inside))
    shown(qtbot, window, 300, 200)

    bring_into_view(fields[15], window)

    assert not fields[15].visibleRegion().isEmpty()
    assert fields[0].visibleRegion().isEmpty()


def test_what_is_wrong_comes_into_view_with_its_field(qtbot: QtBot) -> None:
    inside, form = QWidget(), Form()
    QVBoxLayout(inside).addWidget(form)
    for number in range(12):
        form.add(str(number), f"Field {number}", LineEdit())
    window = QWidget()
    QVBoxLayout(window).addWidget(Scroll(inside))
    shown(qtbot, window, 320, 240)
    form.show_problems({"8": WORDS})
    QApplication.processEvents()

    bring_into_view(form.rows["8"].field, window)

    problem = form.rows["8"].problem
    assert problem.visibleRegion().boundingRect() == problem.rect()


def test_what_is_wrong_stays_in_view_while_all_above_it_is_still_being_laid_out(
    qtbot: QtBot,
) -> None:
    inside, above, form = QWidget(), QWidget(), Form()
    column = QVBoxLayout(inside)
    above.setFixedHeight(300)
    column.addWidget(above)
    column.addWidget(form)
    form.add("name", "Name", LineEdit())
    window, area = QWidget(), Scroll(inside)
    QVBoxLayout(window).addWidget(area)
    shown(qtbot, window, 400, 240)
    row = form.rows["name"]
    row.field.setFocus()  # and there the key is pressed that saves

    form.point_out({"name": WORDS})
    QTimer.singleShot(20, above, lambda: above.setFixedHeight(600))
    qtbot.waitUntil(lambda: area.verticalScrollBar().maximum() > 400)

    qtbot.waitUntil(lambda: is_whole(row.problem))


def below_a_card(qtbot: QtBot, form: DependantForm, points: int, height: int) -> QWidget:
    """A low window with form below what is higher than it."""
    inside, card = QWidget(), QWidget()
    card.setFixedHeight(700)
    column = QVBoxLayout(inside)
    column.addWidget(card)
    column.addWidget(form)
    window = QWidget()
    font = window.font()
    font.setPointSize(points)
    window.setFont(font)
    QVBoxLayout(window).addWidget(Scroll(inside))
    shown(qtbot, window, 500, height)
    return window


def is_whole(part: QWidget) -> bool:
    return part.visibleRegion().boundingRect() == part.rect()


def test_the_form_of_a_household_comes_into_view_whole(qtbot: QtBot, workspace: Workspace) -> None:
    form = DependantForm(workspace)
    window = below_a_card(qtbot, form, 9, 600)

    form.begin(1)

    qtbot.waitUntil(lambda: is_whole(form.save) and is_whole(form.first_name))
    assert window.isVisible()


def test_the_form_of_a_household_begins_with_its_first_label_in_large_text(
    qtbot: QtBot, workspace: Workspace
) -> None:
    form = DependantForm(workspace)
    window = below_a_card(qtbot, form, 24, 300)

    form.begin(1)

    qtbot.waitUntil(lambda: is_whole(form.form.rows["first_name"].label))
    assert window.isVisible()


def test_a_small_form_comes_into_view_whole(qtbot: QtBot) -> None:
    inside, form = QWidget(), QWidget()
    column, rows = QVBoxLayout(inside), QVBoxLayout(form)
    form.setObjectName(UNFOLDED)
    for _ in range(10):
        column.addWidget(LineEdit())
    column.addWidget(form)
    first, last = LineEdit(), LineEdit()
    for field in (first, LineEdit(), last):
        rows.addWidget(field)
    window = QWidget()
    QVBoxLayout(window).addWidget(Scroll(inside))
    shown(qtbot, window, 300, 240)

    bring_into_view(first, window)

    assert first.visibleRegion().boundingRect().height() == first.height()
    assert last.visibleRegion().boundingRect().height() == last.height()


def test_a_flow_grows_with_what_is_written_on_its_buttons(qtbot: QtBot) -> None:
    first, second = button("One"), button("Two")
    holder = flow_of(first, second)
    shown(qtbot, holder, 300, 200)
    flow = holder.layout()
    assert flow is not None
    one_line = flow.heightForWidth(300)

    first.setText("A button of many words that needs all of the room there is in its line")
    second.setText("And another one")

    assert flow.heightForWidth(300) > one_line
