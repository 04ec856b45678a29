"""A hub in a folder of this computer, by files: begun here, or opened again."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from correspondent_desk.errors import DeskError
from correspondent_desk.gui.choosing import folder_to_use
from correspondent_desk.gui.committee.acts import HubShown, Told
from correspondent_desk.gui.committee.cards import FilesCard, OfficesCard, Outcome
from correspondent_desk.gui.committee.work import Asked, Where, Work
from correspondent_desk.gui.page import Page
from correspondent_desk.gui.tasks import Job
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
from correspondent_desk.sync.manifest import MOST_NAME


class PlaceCard(Card):
    """Which hub: one that is begun in a folder, or one that lies there."""

    begin_wanted = Signal(Path, str)  # folder, name
    open_wanted = Signal(Path)
    again_wanted = Signal()
    leave_wanted = Signal()

    def __init__(self) -> None:
        super().__init__(_("A hub on this computer"))
        self.outcome = Outcome()
        self.name = LineEdit()
        self.name.setMaxLength(MOST_NAME)
        form = Form()
        form.add("name", _("Name of the &committee"), self.name)
        self.begin = main_button(_("&Make a hub in a folder…"), "plus")
        self.begin.clicked.connect(self._choose_new)
        self.name.returnPressed.connect(self.begin.click)
        self.open = button(_("&Open a hub that is there…"), "folder")
        self.open.clicked.connect(self._choose_old)
        self.again = button(_("&Look for the last one again"))
        self.again.clicked.connect(self.again_wanted)
        why = _(
            "Desks of one office share their work through a hub. The committee keeps it; a small"
            " committee can do so here, by files. Who only has a desk needs none."
        )
        self.choosing = column_of(Words(why), form, flow_of(self.begin, self.open, self.again))
        self.whose = Words("", "strong")
        self.where = Words("", "small").let_select()
        self.other = edge_button(_("Another &hub…"))
        self.other.clicked.connect(self.leave_wanted)
        self.chosen = column_of(self.whose, self.where, flow_of(self.other))
        for widget in (self.choosing, self.chosen, self.outcome):
            self.body.addWidget(widget)

    def show_hub(self, folder: Path | None, hub: HubShown | None) -> None:
        """The one that is open; without any, the two ways to one."""
        self.choosing.setVisible(hub is None)
        self.chosen.setVisible(hub is not None)
        if hub is not None:
            told = _("Everything is kept in {folder}")
            if hub.server:
                told = _("Its database is {server}; its key and settings are in {folder}")
            self.whose.setText(hub.name)
            self.where.setText(told.format(folder=folder, server=hub.server))

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

    def __init__(self, workspace: Workspace, work: Work) -> None:
        super().__init__()
        self._work = work
        self._looking: Job[HubShown] | None = None
        self.place, self.offices, self.files = PlaceCard(), OfficesCard(), FilesCard()
        self._outcomes = {
            Where.PLACE: self.place.outcome,
            Where.OFFICES: self.offices.outcome,
            Where.FILES: self.files.outcome,
        }
        cards = CardColumn(_("The committee’s hub"))
        for card in (self.place, self.files, self.offices):
            cards.add(card)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(Scroll(cards))
        self.place.begin_wanted.connect(self.begin)
        self.place.open_wanted.connect(self.open_hub)
        self.place.again_wanted.connect(self._look_again)
        self.place.leave_wanted.connect(self._leave_hub)
        self.offices.add_wanted.connect(self.add_office)
        self.offices.remove_wanted.connect(self.remove_office)
        self.offices.invitation_wanted.connect(self.invite)
        self.files.take_in_wanted.connect(self.take_in)
        self.files.put_wanted.connect(self.put)
        typed = {"name": self.place.name, "office": self.offices.name}
        self._keeper = DraftKeeper(workspace.drafts, "committee", typed, self)
        self._keeper.begin("committee")
        self._keeper.restore()
        workspace.closing.connect(self._keeper.keep_now)
        self._go_on()
        work.ended.connect(self._ended)

    def shown(self) -> None:
        """Files may have come meanwhile by another way."""
        if self._work.folder is not None and not self._is_busy:
            self._look(self._work.folder)

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
        asked = Asked(Where.PLACE, _("Making the hub…"), name)
        self._do(asked, partial(self._work.acts.begin, folder, name), opens=folder)

    @Slot(Path)
    def open_hub(self, folder: Path) -> None:
        """Go on with the hub there."""
        if self._is_busy:
            self._say_busy(self.place.outcome)
        else:
            self.place.outcome.begin(_("Opening the hub…"))
            self._look(folder)

    def add_office(self, name: str) -> None:
        """One more office."""
        asked = Asked(Where.OFFICES, _("Adding the office…"), name)
        self._do_here(asked, self._work.acts.add_office, name)

    @Slot(str)
    def remove_office(self, code: str) -> None:
        """Take away the office with this code, which was added by mistake."""
        asked = Asked(Where.OFFICES, _("Taking the office away…"))
        self._do_here(asked, self._work.acts.remove_office, code)

    def invite(self, code: str, place: Path) -> None:
        """An invitation for one desk of the office with this code, in the folder place."""
        asked = Asked(Where.OFFICES, _("Writing the invitation…"))
        self._do_here(asked, self._work.acts.invite, code, place)

    def take_in(self, files: Sequence[Path]) -> None:
        """What the desks have brought."""
        asked = Asked(Where.FILES, _("Taking in the files…"))
        self._do_here(asked, self._work.acts.take_in, files)

    def put(self, place: Path) -> None:
        """What each desk lacks."""
        asked = Asked(Where.FILES, _("Writing the files…"))
        self._do_here(asked, self._work.acts.put, place)

    @property
    def _is_busy(self) -> bool:
        return any(one.waiting.is_waiting for one in self._outcomes.values())

    def _do_here(self, asked: Asked, act: Callable[..., Told], *told: object) -> None:
        if self._work.folder is not None:
            self._do(asked, partial(act, self._work.folder, *told))

    def _do(self, asked: Asked, act: Callable[[], Told], opens: Path | None = None) -> None:
        outcome = self._outcomes[asked.where]
        if not self._is_busy:
            outcome.begin(asked.what)
            self._work.do(asked, act, opens)
        elif not outcome.waiting.is_waiting:
            self._say_busy(outcome)

    def _say_busy(self, outcome: Outcome) -> None:
        told = _("Nothing was done: something else is under way here. Try again when it is over.")
        if not outcome.waiting.is_waiting:
            outcome.say((), (told,))

    def _go_on(self) -> None:
        """As before the desk was locked, or the language another one."""
        self._show(self._work.hub)
        for where, told in self._work.told.items():
            self._outcomes[where].show_again(told.done, told.refused)
        if self._work.under_way is not None:
            self._outcomes[self._work.under_way.where].begin(self._work.under_way.what)
        if self._work.last is not None:
            self._forget_typed(self._work.last)

    @Slot(object)
    def _ended(self, asked: Asked) -> None:
        told = self._work.told[asked.where]
        for where, outcome in self._outcomes.items():
            if where not in self._work.told:  # it told of another hub
                outcome.say(())
        self._outcomes[asked.where].say(told.done, told.refused)
        if asked == self._work.last:
            self._forget_typed(asked)
        if self._work.folder is not None and told.done:
            is_office = asked.where == Where.OFFICES
            self._look(self._work.folder, self.offices.outcome if is_office else None)

    def _forget_typed(self, asked: Asked) -> None:
        """The next name can be typed, if it is not already."""
        field = {Where.PLACE: self.place.name, Where.OFFICES: self.offices.name}.get(asked.where)
        if field is not None and asked.name and field.text().strip() == asked.name:
            field.clear()
            self._keeper.keep_now()

    def _look(self, folder: Path, told: Outcome | None = None) -> None:
        """told: what stays in view when the lists are shown anew."""
        self._look_no_more()
        self._looking = self._work.look(
            folder, partial(self._looked, folder, told), partial(self._not_looked, folder)
        )

    def _look_no_more(self) -> None:
        """What is seen by a look that began earlier is overtaken."""
        if self._looking is not None:
            self._looking.forget()

    def _looked(self, folder: Path, told: Outcome | None, hub: HubShown) -> None:
        if folder != self._work.folder:
            self._work.turn_to(folder)
            for outcome in self._outcomes.values():  # they told of another one
                outcome.say(())
        self._work.hub = hub
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
        if folder == self._work.folder:
            self._work.hub = None
            self._show(None)
        self.place.outcome.say((), (sentence(error),))

    def _first(self) -> QWidget:
        return self.files.take_in if self.offices.invites else self.offices.name

    @Slot()
    def _look_again(self) -> None:
        if self._work.folder is not None:
            self.open_hub(self._work.folder)

    @Slot()
    def _leave_hub(self) -> None:
        if self._is_busy:
            self._say_busy(self.place.outcome)
            return
        self._look_no_more()
        self._work.turn_to(None)
        for outcome in self._outcomes.values():
            outcome.say(())
        self._show(None)
        self.place.name.setFocus()

    def _show(self, hub: HubShown | None) -> None:
        folder = self._work.folder
        self.place.show_hub(folder, hub)
        self.place.again.setVisible(hub is None and folder is not None)
        self.offices.show_offices(hub.offices if hub else ())
        for card in (self.offices, self.files):
            card.setVisible(hub is not None)
