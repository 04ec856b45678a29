"""A hub in a folder of this computer, by files: begun here, or opened again."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import TypeVar

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from correspondent_desk.errors import DeskError
from correspondent_desk.gui.choosing import folder_to_use
from correspondent_desk.gui.committee.acts import Acts, HubShown, Told
from correspondent_desk.gui.committee.cards import FilesCard, OfficesCard, Outcome
from correspondent_desk.gui.page import Page
from correspondent_desk.gui.tasks import Job, Tasks
from correspondent_desk.gui.widgets.buttons import button, edge_button, main_button
from correspondent_desk.gui.widgets.card import Card
from correspondent_desk.gui.widgets.card_column import CardColumn
from correspondent_desk.gui.widgets.draft_keeper import DraftKeeper
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.form import Form
from correspondent_desk.gui.widgets.layouts import column_of
from correspondent_desk.gui.widgets.line_edit import LineEdit
from correspondent_desk.gui.widgets.scroll import Scroll
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _
from correspondent_desk.messages.errors import sentence

T = TypeVar("T")


class PlaceCard(Card):
    """Which hub: one that is begun in a folder, or one that lies there."""

    begin_wanted = Signal(Path, str)  # folder, name
    open_wanted = Signal(Path)
    leave_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(_("A hub on this computer"))
        self.outcome = Outcome()
        self.name = LineEdit()
        form = Form()
        form.add("name", _("Name of the &committee"), self.name)
        self.begin = main_button(_("&Make a hub in a folder…"), "plus")
        self.begin.clicked.connect(self._choose_new)
        self.open = button(_("&Open a hub that is there…"), "folder")
        self.open.clicked.connect(self._choose_old)
        why = _(
            "Desks of one office share their work through a hub. The committee keeps it; a small"
            " committee can do so here, by files. Who only has a desk needs none."
        )
        self.choosing = column_of(Words(why), form, flow_of(self.begin, self.open))
        self.whose = Words("", "strong")
        self.where = Words("", "small").let_select()
        self.other = edge_button(_("Another &hub…"))
        self.other.clicked.connect(self.leave_wanted)
        self.chosen = column_of(self.whose, self.where, flow_of(self.other))
        for widget in (self.choosing, self.chosen, self.outcome):
            self.body.addWidget(widget)

    def show_hub(self, folder: Path | None, name: str) -> None:
        """The one that is open; without any, the two ways to one."""
        self.choosing.setVisible(folder is None)
        self.chosen.setVisible(folder is not None)
        self.whose.setText(name)
        self.where.setText(_("Everything is kept in {folder}").format(folder=folder))

    @Slot()
    def _choose_new(self) -> None:
        folder = folder_to_use(self, _("Choose an empty folder for the hub"), Path.home())
        if folder:
            self.begin_wanted.emit(folder, self.name.text().strip())

    @Slot()
    def _choose_old(self) -> None:
        folder = folder_to_use(self, _("Choose the folder of the hub"), Path.home())
        if folder:
            self.open_wanted.emit(folder)


class CommitteePage(Page):
    """What a hub does by files. Each act is told in the card that it was asked in."""

    def __init__(
        self,
        workspace: Workspace,
        tasks: Tasks,
        acts: Acts,
        folder: Path | None,
        keep: Callable[[Path | None], None],
    ) -> None:
        """folder: of the hub that was open last; keep is told of another one.

        tasks go on when the desk is locked, and hold up no lock: what a hub does may take long.
        """
        super().__init__()
        self._tasks, self._acts, self._folder, self._keep = tasks, acts, folder, keep
        self._looking: Job[HubShown] | None = None
        self.place, self.offices, self.files = PlaceCard(), OfficesCard(), FilesCard()
        cards = CardColumn(_("The committee’s hub"))
        for card in (self.place, self.files, self.offices):
            cards.add(card)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(Scroll(cards))
        self.place.begin_wanted.connect(self.begin)
        self.place.open_wanted.connect(self.open_hub)
        self.place.leave_wanted.connect(self._leave_hub)
        self.offices.add_wanted.connect(self.add_office)
        self.offices.invitation_wanted.connect(self.invite)
        self.files.take_in_wanted.connect(self.take_in)
        self.files.put_wanted.connect(self.put)
        typed = {"name": self.place.name, "office": self.offices.name}
        self._keeper = DraftKeeper(workspace.drafts, "committee", typed, self)
        self._keeper.begin("committee")
        self._keeper.restore()
        workspace.closing.connect(self._keeper.keep_now)
        self._show(None)

    def shown(self) -> None:
        """Files may have come meanwhile by another way."""
        if self._folder is not None and not self._is_busy:
            self._look(self._folder)

    def take_focus(self) -> None:
        """Of a hub that is open, where its work begins: not on the way to another one."""
        if self.files.isVisibleTo(self):
            self._first().setFocus(Qt.FocusReason.ShortcutFocusReason)
        else:
            super().take_focus()

    def leave(self) -> bool:
        """Keep what is typed."""
        self._keeper.keep_now()
        return True

    def begin(self, folder: Path, name: str) -> None:
        """Make a hub there."""
        acts = self._acts
        self._do(
            self.place.outcome,
            _("Making the hub…"),
            lambda: acts.begin(folder, name),
            partial(self._begun, folder),
        )

    @Slot(Path)
    def open_hub(self, folder: Path) -> None:
        """Go on with the hub there."""
        self.place.outcome.begin(_("Opening the hub…"))
        self._look(folder)

    def add_office(self, name: str) -> None:
        """One more office."""
        folder, acts = self._folder, self._acts
        if folder:
            self._do(
                self.offices.outcome,
                _("Adding the office…"),
                lambda: acts.add_office(folder, name),
                partial(self._added, folder, name),
            )

    def invite(self, code: str, place: Path) -> None:
        """An invitation for one desk of the office with this code. place: a new file, or a folder."""
        folder, acts, outcome = self._folder, self._acts, self.offices.outcome
        if folder:
            self._do(
                outcome,
                _("Writing the invitation…"),
                lambda: acts.invite(folder, code, place),
                partial(self._said, outcome),
            )

    def take_in(self, files: Sequence[Path]) -> None:
        """What the desks have brought."""
        folder, acts = self._folder, self._acts
        if folder:
            self._do(
                self.files.outcome,
                _("Taking in the files…"),
                lambda: acts.take_in(folder, files),
                partial(self._done, folder),
            )

    def put(self, place: Path) -> None:
        """What each desk lacks."""
        folder, acts = self._folder, self._acts
        if folder:
            self._do(
                self.files.outcome,
                _("Writing the files…"),
                lambda: acts.put(folder, place),
                partial(self._done, folder),
            )

    @property
    def _is_busy(self) -> bool:
        cards = (self.place, self.offices, self.files)
        return any(card.outcome.waiting.is_waiting for card in cards)

    def _do(
        self, outcome: Outcome, what: str, work: Callable[[], T], then: Callable[[T], None]
    ) -> None:
        if not self._is_busy:
            outcome.begin(what)
            self._tasks.read(work, then, partial(self._refused, outcome))
        elif not outcome.waiting.is_waiting:
            self._say_busy(outcome)

    def _say_busy(self, outcome: Outcome) -> None:
        told = _("Nothing was done: something else is under way here. Try again when it is over.")
        outcome.say((), (told,))

    def _look(self, folder: Path, told: Outcome | None = None) -> None:
        """told: what stays in view when the lists are shown anew."""
        self._look_no_more()
        acts = self._acts
        self._looking = self._tasks.read(
            lambda: acts.look(folder),
            partial(self._looked, folder, told),
            partial(self._not_looked, folder),
        )

    def _look_no_more(self) -> None:
        """What is seen by a look that began earlier is overtaken."""
        if self._looking is not None:
            self._looking.forget()

    def _looked(self, folder: Path, told: Outcome | None, hub: HubShown) -> None:
        if folder != self._folder:
            self._keep(folder)
            for card in (self.offices, self.files):  # they told of another one
                card.outcome.say(())
        self._folder = folder
        self.place.outcome.waiting.end()
        self.place.outcome.problem.hide()
        focused = QApplication.focusWidget()
        was_choosing = focused is not None and self.place.choosing.isAncestorOf(focused)
        self._show(hub)
        if was_choosing:  # it is hidden now
            self._first().setFocus()
        if told is not None:
            told.come_into_view()

    def _not_looked(self, folder: Path, error: DeskError) -> None:
        """Another hub that is open stays so; the one that was is looked for again the next time."""
        if folder == self._folder:
            self._show(None)
        self._refused(self.place.outcome, error)

    def _begun(self, folder: Path, told: str) -> None:
        self._said(self.place.outcome, told)
        self.place.name.clear()
        self._keeper.keep_now()
        self._look(folder)

    def _added(self, folder: Path, name: str, told: str) -> None:
        self._said(self.offices.outcome, told)
        self.offices.added(name)
        self._keeper.keep_now()
        self._look(folder, self.offices.outcome)

    def _done(self, folder: Path, told: Told) -> None:
        self.files.outcome.say(told.done, told.refused)
        self._look(folder)

    def _said(self, outcome: Outcome, told: str) -> None:
        outcome.say((told,))

    def _refused(self, outcome: Outcome, error: DeskError) -> None:
        outcome.say((), (sentence(error),))

    def _first(self) -> QWidget:
        return self.files.take_in if self.offices.invites else self.offices.name

    @Slot()
    def _leave_hub(self) -> None:
        if self._is_busy:
            self._say_busy(self.place.outcome)
            return
        self._look_no_more()
        self._folder = None
        self._keep(None)
        self.place.outcome.say(())
        self._show(None)
        self.place.name.setFocus()

    def _show(self, hub: HubShown | None) -> None:
        self.place.show_hub(self._folder if hub else None, hub.name if hub else "")
        self.offices.show_offices(hub.offices if hub else ())
        for card in (self.offices, self.files):
            card.setVisible(hub is not None)
