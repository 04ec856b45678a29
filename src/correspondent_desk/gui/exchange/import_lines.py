"""Step 2 of an import: what will happen, line by line, and the answers that only a person has."""

from collections.abc import Mapping, Sequence

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QButtonGroup, QVBoxLayout, QWidget

from correspondent_desk.gui.exchange.import_items import Item, Shown, Sort, sort_name
from correspondent_desk.gui.exchange.waiting import Waiting
from correspondent_desk.gui.rows_model import Column, RowsModel
from correspondent_desk.gui.theme import row_height
from correspondent_desk.gui.widgets.buttons import Button, button, filter_button, main_button
from correspondent_desk.gui.widgets.card import Card
from correspondent_desk.gui.widgets.card_column import Foot
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.rows_table import RowsTable
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.language import _, ngettext, pgettext
from correspondent_desk.messages import imports as messages

LINES_SEEN = 8


class LinesCard(Card):
    """same and different: rows that a person said are a known person, or somebody else.

    foot: the next step, to be put where it stays in sight.
    """

    import_wanted = Signal()
    card_wanted = Signal(int)  # of a member

    def __init__(self) -> None:
        super().__init__(_("2. What will happen"))
        self._items: dict[int, Item] = {}
        self._counts: Mapping[Sort, int] = {}
        self.same: set[int] = set()
        self.different: set[int] = set()
        self.waiting = Waiting()
        self.summary = Words(_("Choose a file first: nothing is written before you say so."))
        self.problem = Words("", "problem")
        self.problem.hide()
        self.table = RowsTable(_("What becomes of each row"))
        self.table.set_rows(
            RowsModel(
                [
                    Column[Item](
                        title=_("Row"),
                        text=lambda one: str(one.row or ""),
                        spoken=_in_row,
                        width=6,
                        align=Qt.AlignmentFlag.AlignRight,
                    ),
                    Column[Item](title=_("What"), text=self._what, width=13),
                    Column[Item](title=_("In words"), text=lambda one: one.told),
                ],
                self._fetch,
                self,
            )
        )
        self.table.chosen.connect(self._show_chosen)
        self.table.opened.connect(self._open_card)
        self.filters: dict[Sort, Button] = {}
        self._group = QButtonGroup(self)
        self._filter_row = flow_of(gap=4)
        for sort in Sort:
            made = filter_button(sort_name(sort))
            made.clicked.connect(self._filter)
            self.filters[sort] = made
            self._group.addButton(made)
            self._flow_into(made)
        self.filters[Sort.ALL].setChecked(True)
        self.limited = Words("", "small")
        self._answer = self._answer_box()
        self.apply = main_button(_("&Import"), "check")
        self.apply.clicked.connect(self.import_wanted)
        self.list = QWidget()
        column = QVBoxLayout(self.list)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (self._filter_row, self.table, self.limited, self._answer):
            column.addWidget(widget)
        self._fit()
        self.list.hide()
        for widget in (self.waiting, self.summary, self.problem, self.list):
            self.body.addWidget(widget)
        self.foot = Foot(self.apply)
        self.foot.hide()

    def forget_answers(self) -> None:
        """Another list: its rows are other people."""
        self.same, self.different = set(), set()

    def finish(self) -> None:
        """It was done as shown; the lines stay, since some may have to be looked into."""
        self.waiting.end()
        self.say_whether_done(is_undone=False)
        self.say_problem("")
        self.answers.setEnabled(False)
        self.foot.hide()

    @Slot(bool)
    def say_whether_done(self, is_undone: bool) -> None:
        """It was done as the lines say, or taken back since."""
        if is_undone:
            self.summary.setText(_("All of it was taken back: choose the file again to import it."))
        else:
            self.summary.setText(_("It was done as shown here."))
        self.summary.show()

    def begin(self) -> None:
        """The list is being read."""
        problem = self.problem.text()
        self.forget("")
        self.say_problem(problem.removeprefix("! "))
        self.waiting.begin(_("Reading the list and comparing it with the people of this desk…"))

    def forget(self, sentence: str) -> None:
        """Show no lines; sentence says why."""
        self.waiting.end()
        self.summary.setText(sentence)
        self.summary.setVisible(bool(sentence))
        self.say_problem("")
        self.list.hide()
        self.foot.hide()

    def say_problem(self, sentence: str) -> None:
        """Why it cannot be done; nothing takes it away."""
        self.problem.tell(f"! {sentence}" if sentence else "")

    def show_lines(self, shown: Shown) -> None:
        """What would happen, in numbers and line by line."""
        self.forget("")
        suggested = {item.row for item in shown.items if item.sort is Sort.SUGGESTED}
        self.same &= suggested
        self.different &= suggested
        self.answers.setEnabled(True)
        self._items = {item.id: item for item in shown.items}
        self._counts = shown.counts
        sentences = messages.summary(shown.preview)
        if shown.preview.is_nothing:
            sentences.insert(0, _nothing(is_known=shown.preview.is_known))
        self.summary.tell("\n".join(sentences))
        for sort, made in self.filters.items():
            count = shown.counts[sort]
            made.setText(_("{what} ({n})").format(what=sort_name(sort), n=count))
            made.setVisible(sort is Sort.ALL or bool(count))
        self.filters[Sort.ALL].setChecked(True)
        self.list.setVisible(bool(shown.items))
        self._filter()
        is_something = not shown.preview.is_nothing
        self.foot.setVisible(is_something)
        self.apply.setEnabled(is_something)

    def _answer_box(self) -> QWidget:
        self.chosen = Words().let_select()
        self.is_same = button(_("It is the sa&me person"), "user")
        self.is_other = button(_("It is some&one else"), "user-plus")
        self.leave = button(_("&Leave this row out"))
        answers = QButtonGroup(self)
        for made, act in (
            (self.is_same, self._say_same),
            (self.is_other, self._say_other),
            (self.leave, self._say_nothing),
        ):
            made.setCheckable(True)
            answers.addButton(made)
            made.clicked.connect(act)
        self.answers = flow_of(self.is_same, self.is_other, self.leave)
        box = QWidget()
        column = QVBoxLayout(box)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        self.open_card = button(_("Open the car&d"), "user")
        self.open_card.clicked.connect(self._open_card)
        column.addWidget(self.chosen)
        column.addWidget(self.answers)
        column.addWidget(self.open_card, 0, Qt.AlignmentFlag.AlignLeft)
        return box

    def _flow_into(self, widget: QWidget) -> None:
        flow = self._filter_row.layout()
        assert flow is not None  # noqa: S101 - made by flow_of
        flow.addWidget(widget)

    def _fit(self) -> None:
        header = QFontMetrics(self.font()).height() + 20
        self.table.setMinimumHeight(LINES_SEEN * row_height(self.font()) + header)

    def _fetch(self, ids: Sequence[int]) -> list[Item]:
        return [self._items[id_] for id_ in ids if id_ in self._items]

    def _what(self, item: Item) -> str:
        if item.sort is not Sort.SUGGESTED:
            return item.what
        if item.row in self.same:
            return _same_word(item)
        return pgettext("row", "someone else") if item.row in self.different else item.what

    @Slot()
    def _filter(self) -> None:
        wanted = next(sort for sort, made in self.filters.items() if made.isChecked())
        ids = [one.id for one in self._items.values() if _is_among(one, wanted)]
        self.table.show_ids(ids)
        self.table.setVisible(bool(ids))
        all_of_them = self._counts.get(wanted, 0)
        self.limited.setText(
            ngettext(
                "The first {n} of {all} is shown.", "The first {n} of {all} are shown.", len(ids)
            ).format(n=len(ids), all=all_of_them)
        )
        self.limited.setVisible(len(ids) < all_of_them)
        self.table.choose_first()
        self._show_chosen()

    @Slot()
    def _show_chosen(self) -> None:
        id_ = self.table.current_id()
        item = self._items.get(id_) if id_ is not None else None
        self._answer.setVisible(item is not None)
        if item is None:
            return
        self.chosen.setText(_in_row(item))
        self.open_card.setVisible(bool(item.member))
        self.answers.setVisible(item.sort is Sort.SUGGESTED)
        self.is_same.setText(_same_words(item))
        self.is_same.setChecked(item.row in self.same)
        self.is_other.setChecked(item.row in self.different)
        self.leave.setChecked(item.row not in self.same | self.different)

    @Slot()
    def _open_card(self) -> None:
        id_ = self.table.current_id()
        if id_ is not None and (member := self._items[id_].member):
            self.card_wanted.emit(member)

    @Slot()
    def _say_same(self) -> None:
        self._answered(self.same)

    @Slot()
    def _say_other(self) -> None:
        self._answered(self.different)

    @Slot()
    def _say_nothing(self) -> None:
        self._answered(None)

    def _answered(self, answer: set[int] | None) -> None:
        id_ = self.table.current_id()
        if id_ is None:
            return
        row = self._items[id_].row
        self.same.discard(row)
        self.different.discard(row)
        if answer is not None:
            answer.add(row)
        model = self.table.model()
        if isinstance(model, RowsModel):
            model.refresh([id_])
        self._show_chosen()


def _nothing(*, is_known: bool) -> str:
    if is_known:
        return _("Nothing would change: everything in this list is known.")
    return _("Nothing would change.")


def _is_among(item: Item, wanted: Sort) -> bool:
    """Whether it is a line of this filter; all are the rows of the list, not who has none."""
    return item.sort is wanted or (wanted is Sort.ALL and item.sort is not Sort.ABSENT)


def _same_words(item: Item) -> str:
    """On the button that has the row written into the card it means."""
    return _("A&mend as the list says") if item.is_of_status else _("It is the sa&me person")


def _same_word(item: Item) -> str:
    """The same, of a row that was answered so."""
    return (
        pgettext("row", "as in the list") if item.is_of_status else pgettext("row", "same person")
    )


def _in_row(item: Item) -> str:
    told = _("Row {row}: {told}").format(row=item.row, told=item.told)
    return told if item.row else item.told
