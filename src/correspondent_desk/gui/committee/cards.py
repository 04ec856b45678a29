"""The cards of a hub: its offices with their invitations, and the files that desks bring and take."""

from collections.abc import Sequence
from functools import partial
from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import QTimer, Signal, Slot
from PySide6.QtWidgets import QAbstractButton, QFileDialog, QVBoxLayout, QWidget

from correspondent_desk.gui.choosing import stick_to_use
from correspondent_desk.gui.committee.acts import OfficeShown
from correspondent_desk.gui.exchange.waiting import Waiting
from correspondent_desk.gui.widgets.buttons import button, edge_button, main_button
from correspondent_desk.gui.widgets.card import Card
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.form import Form
from correspondent_desk.gui.widgets.layouts import empty
from correspondent_desk.gui.widgets.line_edit import LineEdit
from correspondent_desk.gui.widgets.scroll import LAID_OUT_MS, bring_into_view
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.widgets.turning import Ends
from correspondent_desk.language import _
from correspondent_desk.messages import hub_files
from correspondent_desk.sync.manifest import MOST_NAME


class Outcome(QWidget):
    """What is being done, then what came of it and what could not be done."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting = Waiting()
        self.problem = Words("", "problem").let_select()
        self.result = Words().let_select()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        for widget in (self.waiting, self.problem, self.result):
            widget.hide()
            column.addWidget(widget)

    def begin(self, what: str) -> None:
        """Something was asked for."""
        self.say(())
        self.waiting.begin(what)

    def say(self, done: Sequence[str], refused: Sequence[str] = ()) -> None:
        """It is over."""
        self.show_again(done, refused)
        if done or refused:
            self.come_into_view()

    def show_again(self, done: Sequence[str], refused: Sequence[str] = ()) -> None:
        """It was over, and the page is a new one."""
        self.waiting.end()
        self.result.tell("\n".join(done))
        self.problem.tell("\n".join(f"! {one}" for one in refused))

    def come_into_view(self) -> None:
        """It may stand under a long list, far from the button that was pressed."""
        QTimer.singleShot(LAID_OUT_MS, self, lambda: bring_into_view(self, self.window()))


class OfficesCard(Card):
    """Each office with its desks; an invitation lets one computer join it."""

    add_wanted = Signal(str)  # name
    remove_wanted = Signal(str)  # code
    invitation_wanted = Signal(str, Path)  # code of the office, folder

    def __init__(self) -> None:
        super().__init__(_("Offices and their desks"))
        self._last_place = Path.home()
        self.outcome = Outcome()
        self.lines = QVBoxLayout()
        self.lines.setSpacing(12)
        self.name = LineEdit()
        self.name.setMaxLength(MOST_NAME)
        self.add = button(_("&Add the office"), "plus")
        self.add.clicked.connect(self._add)
        self.name.returnPressed.connect(self._add)
        self.form = Form(forgets=True)
        self.form.add("name", _("Name of the o&ffice"), self.name)
        self.invites: dict[str, QWidget] = {}
        self.removals: dict[str, QAbstractButton] = {}
        self.body.addLayout(self.lines)
        self.body.addWidget(self.form)
        self.body.addWidget(flow_of(self.add))
        self.body.addWidget(self.outcome)

    def show_offices(self, offices: Sequence[OfficeShown]) -> None:
        """Show them anew; the focus stays on the invitation of the same office, if there is one."""
        was_removing = any(one.hasFocus() for one in self.removals.values())
        focused = next((code for code, it in self.invites.items() if it.hasFocus()), "")
        empty(self.lines)
        self.invites.clear()
        self.removals.clear()
        if not offices:
            self.lines.addWidget(Words(_("No office yet: add the first one."), "muted"))
        for one in offices:
            invite = button(_("Invitation…"), "link")
            invite.setAccessibleName(_("Invitation for {office}…").format(office=one.name))
            invite.clicked.connect(partial(self._choose_place, one))
            self.invites[one.code] = invite
            below = [self._removal(one)] if one.is_empty else []
            self.lines.addWidget(Ends(_told(one, below), invite))
        self._order()
        if focused in self.invites:
            self.invites[focused].setFocus()
        elif was_removing:
            self.name.setFocus()

    def _order(self) -> None:
        """Tab goes through the offices before it comes to what stands below them."""
        chain: list[QWidget] = []
        for code, invite in self.invites.items():
            chain += filter(None, (invite, self.removals.get(code)))
        for before, after in pairwise([*chain, self.name, self.add]):
            QWidget.setTabOrder(before, after)

    def _removal(self, office: OfficeShown) -> QWidget:
        remove = edge_button(_("Added by mistake: take it away"))
        named = _("{office} was added by mistake: take it away")
        remove.setAccessibleName(named.format(office=office.name))
        remove.clicked.connect(partial(self.remove_wanted.emit, office.code))
        self.removals[office.code] = remove
        return flow_of(remove)

    @Slot()
    def _add(self) -> None:
        name = self.name.text().strip()
        if not self.form.point_out({} if name else {"name": _("The office needs a name.")}):
            self.add_wanted.emit(name)

    def _choose_place(self, office: OfficeShown) -> None:
        folder = stick_to_use(self, self._last_place)
        if folder:
            self._last_place = folder
            self.invitation_wanted.emit(office.code, folder)


class FilesCard(Card):
    """What desks bring is taken in; what each lacks is written for it."""

    take_in_wanted = Signal(list)  # files
    put_wanted = Signal(Path)  # folder

    def __init__(self) -> None:
        super().__init__(_("Files of the desks"))
        self._last_place = Path.home()
        self.outcome = Outcome()
        self.take_in = main_button(_("&Take in files of desks…"), "download")
        self.take_in.clicked.connect(self._choose_files)
        self.put = button(_("&Write the files for the desks…"), "upload")
        self.put.clicked.connect(self._choose_place)
        advice = _(
            "Take in what the desks have brought, then write a file for each desk that lacks"
            " something: on a stick, or where they can fetch it."
        )
        for widget in (Words(advice), flow_of(self.take_in, self.put), self.outcome):
            self.body.addWidget(widget)

    @Slot()
    def _choose_files(self) -> None:
        names, _kind = QFileDialog.getOpenFileNames(
            self,
            _("Choose the files of desks"),
            str(self._last_place),
            _("Exchange files (*.cdb);;All files (*)"),
        )
        if names:
            self._last_place = Path(names[0]).parent
            self.take_in_wanted.emit([Path(name) for name in names])

    @Slot()
    def _choose_place(self) -> None:
        folder = stick_to_use(self, self._last_place)
        if folder:
            self._last_place = folder
            self.put_wanted.emit(folder)


def _told(one: OfficeShown, below: Sequence[QWidget]) -> QWidget:
    told = QWidget()
    column = QVBoxLayout(told)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(2)
    column.addWidget(Words(f"{one.name} ({one.code})", "strong"))
    for line in one.desks:
        is_desk = not line.startswith(" ") and line != hub_files.no_desk()
        column.addWidget(Words(line.strip(), "" if is_desk else "muted"))
    for widget in below:
        column.addWidget(widget)
    return told
