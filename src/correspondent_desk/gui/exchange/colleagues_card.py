"""With the other computers of the office, by a stick, for the days without the hub."""

from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout

from correspondent_desk.errors import DeskError
from correspondent_desk.gui.choosing import bundle_to_read, stick_to_use
from correspondent_desk.gui.exchange import words
from correspondent_desk.gui.exchange.waiting import Waiting
from correspondent_desk.gui.widgets.buttons import button
from correspondent_desk.gui.widgets.card import Card
from correspondent_desk.gui.widgets.choice_field import ChoiceField
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.form import Form
from correspondent_desk.gui.widgets.layouts import empty
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _
from correspondent_desk.messages import bundles, dates
from correspondent_desk.messages.errors import sentence
from correspondent_desk.store.changes import Changed
from correspondent_desk.store.database import Database
from correspondent_desk.sync import relay
from correspondent_desk.sync.exchange import ColleagueRow, ExchangeStatus, Prepared


class ColleaguesCard(Card):
    """Gives what another computer lacks, and leads to reading what another one gave."""

    read_wanted = Signal(Path)
    given = Signal()

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(_("With the other computers of the office"))
        self._workspace = workspace
        self._last_place = Path.home()
        self._rows: tuple[ColleagueRow, ...] = ()
        self.lines = QVBoxLayout()
        self.lines.setSpacing(4)
        self.doubled = Words("", "problem").let_select()
        self.doubled.hide()
        self.form = Form()
        self.to: ChoiceField[bytes] = ChoiceField()
        self.form.add("to", _("&For which computer"), self.to)
        self.give = button(_("&Give to another computer…"), "upload")
        self.give.clicked.connect(self._choose_place)
        self.read = button(_("Read a file of another co&mputer…"), "download")
        self.read.clicked.connect(self._choose_file)
        self.waiting = Waiting()
        self.problem = Words("", "problem").let_select()
        self.result = Words().let_select()
        advice = _(
            "For days without the hub: put what the other computer lacks on a stick, and read it"
            " there. The hub takes each change once, whichever computer brings it."
        )
        self.body.addWidget(self.doubled)
        self.body.addWidget(Words(advice))
        self.body.addLayout(self.lines)
        self.body.addWidget(self.form)
        self.body.addWidget(flow_of(self.give, self.read))
        for widget in (self.waiting, self.problem, self.result):
            widget.hide()
            self.body.addWidget(widget)

    def show_status(self, status: ExchangeStatus, today: date) -> None:
        """Show the other desks that the hub vouches for; without any there is nothing to show."""
        self.setVisible(bool(status.colleagues) or status.is_doubled)
        self.doubled.setVisible(status.is_doubled)
        self.doubled.setText("! " + bundles.doubled())
        self.give.setVisible(bool(status.colleagues))
        self.read.setVisible(bool(status.colleagues))
        empty(self.lines)
        for one in status.colleagues:
            self.lines.addWidget(Words(_line(one, today)))
        if status.colleagues != self._rows:
            self._rows = status.colleagues
            self.to.set_choices((one.signing, _name(one)) for one in self._rows)
        self.form.setVisible(len(self._rows) > 1)  # the only one need not be chosen

    @Slot()
    def _choose_place(self) -> None:
        folder = stick_to_use(self, self._last_place)
        if folder:
            self._last_place = folder
            self.give_at(folder)

    def give_at(self, place: Path) -> None:
        """Put the file for the chosen computer there."""
        if self.waiting.is_waiting or not self._rows:
            return
        self._last_place = place
        to = self._rows[max(self.to.currentIndex(), 0)]

        def work(db: Database) -> tuple[Prepared | None, Changed]:
            return relay.put_for(db, place, to), Changed({})

        self._say("")
        self.waiting.begin(_("Preparing the file…"))
        self._workspace.lend(work, then=partial(self._given, to), failed=self._refused)

    def _given(self, to: ColleagueRow, made: Prepared | None) -> None:
        self.waiting.end()
        if made is None:
            self._say(_("{desk} has everything: no file was made.").format(desk=to.name))
        else:
            self._say(words.given(made, to))
        self.given.emit()

    def _refused(self, error: DeskError) -> None:
        self.waiting.end()
        self.problem.tell(f"! {sentence(error)}")

    def _say(self, told: str) -> None:
        self.problem.hide()
        self.result.tell(told)

    @Slot()
    def _choose_file(self) -> None:
        path = bundle_to_read(self, _("Choose a file of another computer"), self._last_place)
        if path:
            self._last_place = path.parent
            self.read_wanted.emit(path)


def _name(one: ColleagueRow) -> str:
    told = _("no. {number}, {name}").format(number=one.number, name=one.name)
    return f"{told} ({one.person})" if one.person else told


def _line(one: ColleagueRow, today: date) -> str:
    if one.heard_at is None:
        return _("{desk}: no file of it was read here yet").format(desk=_name(one))
    when = dates.since(one.heard_at.astimezone().date(), today)
    return _("{desk}: its last file was read {when}").format(desk=_name(one), when=when)
