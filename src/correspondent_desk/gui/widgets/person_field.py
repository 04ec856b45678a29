"""Finding a person first: a field that shows who already exists while one types."""

import json
from collections.abc import Iterator

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from correspondent_desk.domain.members import MemberId, MemberRow
from correspondent_desk.domain.problems import Fault, Problem
from correspondent_desk.gui.icons import icon
from correspondent_desk.gui.tasks import Job
from correspondent_desk.gui.theme import row_height
from correspondent_desk.gui.widgets.aloud import read_out
from correspondent_desk.gui.widgets.draft_keeper import KeptField
from correspondent_desk.gui.widgets.line_edit import LineEdit
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _
from correspondent_desk.messages import people
from correspondent_desk.records import members

PEOPLE_SHOWN = 6
_PLACE = Qt.ItemDataRole.UserRole


class PersonField(KeptField):
    """Type a name, a number or a phone, then choose with the arrows and Enter, or the mouse.

    With offer_new, the last line is for somebody who is not there yet.
    """

    chosen = Signal(int)  # the member whom a person chose
    new_wanted = Signal(str)  # what was typed, for somebody new

    def __init__(
        self,
        workspace: Workspace,
        name: str,
        *,
        offer_new: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        """name: what the field asks for, for screen readers."""
        super().__init__(parent)
        self._workspace, self._offer_new = workspace, offer_new
        self._member: MemberId | None = None
        self._job: Job[list[MemberRow]] | None = None
        self._takes_first = False  # of those who are still to be found
        self._found: list[MemberRow] = []
        self.line = _Line(self)
        self.line.setAccessibleName(name)
        if offer_new:  # its label says the same
            self.line.setPlaceholderText("")
        self.line.show_clear_button()
        self.results = QListWidget()
        self.results.setAccessibleName(_("People found"))
        self.results.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.results.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.results.setTextElideMode(Qt.TextElideMode.ElideRight)
        self.results.itemClicked.connect(self.choose_current)
        self.results.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self.line)
        column.addWidget(self.results)
        self.setFocusProxy(self.line)
        self.line.textEdited.connect(self._ask)
        self.line.textChanged.connect(self._emptied)

    def value(self) -> MemberId | None:
        """The person chosen; None while none is."""
        return self._member

    def problems(self, name: str) -> Iterator[Problem]:
        """What must be mended in the row of this name: of what is typed, nobody was chosen."""
        if self._member is None and self.line.text().strip():
            yield Problem(name, Fault.NOBODY_CHOSEN)

    def set_member(self, member_id: int | None) -> None:
        """Show this person as chosen; nobody where they are gone, or for None."""
        rows = self._workspace.now(lambda s: members.rows(s, [member_id])) if member_id else []
        self._member = rows[0].id if rows else None
        self.line.setText(people.list_name(rows[0]) if rows else "")
        self.close_results()

    def clear(self) -> None:
        """Nobody, and nothing typed."""
        self.set_member(None)

    def close_results(self) -> None:
        """Put the list away, and let none come for what was typed, which stays."""
        self._forget()
        self.results.hide()

    def setAccessibleDescription(self, text: str) -> None:  # noqa: N802 - Qt's name
        """What is wrong is read out where the focus is."""
        self.line.setAccessibleDescription(text)

    def kept_text(self) -> str:
        """Who was chosen, or what was typed so far."""
        return json.dumps({"member": self._member, "typed": self.line.text()})

    def put_back(self, text: str) -> None:
        """Choose again who was chosen, if they are still there."""
        kept = json.loads(text)
        self.set_member(kept["member"])
        if self._member is None:
            self.line.setText(kept["typed"])

    def step(self, by: int) -> bool:
        """Go down or up in the list; False where none is shown."""
        if self.results.isHidden() or not self.results.count():
            return False
        self.results.setCurrentRow((self.results.currentRow() + by) % self.results.count())
        self._read_out()
        return True

    def _read_out(self) -> None:
        """The line under the cursor, or that there is none."""
        read_out(self.line, self.results.item(max(self.results.currentRow(), 0)).text())

    def choose_or_wait(self) -> None:
        """The list may still show whom fewer letters found: Enter means whom the last ones find."""
        if self._job and not self._job.is_over:
            self._takes_first = True
        else:
            self.choose_current()

    @Slot()
    def choose_current(self) -> None:
        """Take the line under the cursor."""
        if self.results.isHidden() or self.results.currentRow() < 0:
            return
        place = self.results.currentItem().data(_PLACE)
        if place is None:
            self.close_results()
            self.new_wanted.emit(self.line.text().strip())
            return
        row = self._found[place]
        self.set_member(row.id)
        self.edited.emit()
        self.chosen.emit(row.id)

    @Slot(str)
    def _ask(self, typed: str) -> None:
        self._member = None
        self._forget()
        self.edited.emit()
        if typed.strip():
            today = self._workspace.today()
            self._job = self._workspace.read(
                lambda s: members.rows(s, members.find_ids(s, typed, today=today)[:PEOPLE_SHOWN]),
                self._show_found,
            )

    @Slot(str)
    def _emptied(self, text: str) -> None:
        if not text.strip():
            self._member = None
            self.close_results()
            self.edited.emit()

    def _forget(self) -> None:
        if self._job:
            self._job.forget()
        self._job, self._takes_first = None, False

    def _show_found(self, found: list[MemberRow]) -> None:
        takes_first, self._job, self._takes_first = self._takes_first, None, False
        self._found = found
        self.results.clear()
        for place, row in enumerate(found):
            item = QListWidgetItem(icon("user", "muted"), _in_one_line(row))
            item.setData(_PLACE, place)
            item.setToolTip(item.text())
            self.results.addItem(item)
        if self._offer_new:
            words = _("Somebody new: {typed}").format(typed=self.line.text().strip())
            self.results.addItem(QListWidgetItem(icon("user-plus", "accent"), words))
        elif not found:
            nobody = QListWidgetItem(_("Nobody is found by this name or number."))
            nobody.setFlags(Qt.ItemFlag.NoItemFlags)
            self.results.addItem(nobody)
        self.results.setFixedHeight(self.results.count() * row_height(self.font()) + 8)
        for row_number in range(self.results.count()):
            item = self.results.item(row_number)
            item.setSizeHint(QSize(0, row_height(self.font())))
        self.results.show()
        self.results.setCurrentRow(0)
        self._read_out()
        if takes_first:
            self.choose_current()


class _Line(LineEdit):
    """Arrows go through the people found, Enter takes one, Tab puts the list away."""

    def __init__(self, field: PersonField) -> None:
        super().__init__(_("Surname, first name or phone"))
        self._field = field

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The keys of the list below."""
        step = {Qt.Key.Key_Down: 1, Qt.Key.Key_Up: -1}.get(Qt.Key(event.key()))
        if step and self._field.step(step):
            return
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._field.choose_or_wait()
            return
        super().keyPressEvent(event)

    def focusNextPrevChild(self, forward: bool) -> bool:
        """Tab takes the only sensible way on."""
        self._field.close_results()
        return super().focusNextPrevChild(forward)


def _in_one_line(row: MemberRow) -> str:
    phone = people.phone(row.phone) if row.phone else ""
    parts = (people.shown_name(row), people.told_apart(row), phone)
    return " · ".join(part for part in parts if part)
