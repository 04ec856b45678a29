"""The page of exchanges: where they stand, and the views that lead to a file and back."""

from collections.abc import Iterator
from datetime import date
from functools import partial
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from correspondent_desk.gui.exchange import disputes
from correspondent_desk.gui.exchange.bundle_view import BundleView
from correspondent_desk.gui.exchange.carrying import Carrying
from correspondent_desk.gui.exchange.colleagues_card import ColleaguesCard
from correspondent_desk.gui.exchange.disputes import Dispute
from correspondent_desk.gui.exchange.disputes_card import DisputesCard
from correspondent_desk.gui.exchange.erasures_card import ErasuresCard
from correspondent_desk.gui.exchange.hub_card import HubCard
from correspondent_desk.gui.exchange.import_view import Begun, ImportView
from correspondent_desk.gui.exchange.lists_card import ListsCard
from correspondent_desk.gui.exchange.online_card import OnlineCard
from correspondent_desk.gui.exchange.trail_card import TrailCard
from correspondent_desk.gui.page import Page, Target, Task
from correspondent_desk.gui.tasks import Job
from correspondent_desk.gui.widgets.card_column import CardColumn
from correspondent_desk.gui.widgets.scroll import Scroll
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _
from correspondent_desk.store.changes import Changed
from correspondent_desk.store.database import Database
from correspondent_desk.sync import bundle, exchange, invitation
from correspondent_desk.sync.exchange import ExchangeStatus

_Standing = tuple[ExchangeStatus, list[Dispute]]


class ExchangePage(Page):
    """Its parts ask and write, in the background, and tell it where it was asked."""

    def __init__(self, workspace: Workspace, *, at_once: bool = True) -> None:
        """at_once False: the parts are made as the steps are taken."""
        super().__init__()
        self._workspace = workspace
        self._asking: Job[_Standing] | None = None
        self.steps = self._build()
        if at_once:
            self.complete()

    def _build(self) -> Iterator[None]:
        """Putting a part into the page, which styles it, is a step of its own."""
        self.stack = QStackedWidget()
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.stack)
        self.hub = HubCard(self._workspace)
        self.online = OnlineCard(self._workspace)
        self.online.hide()
        self.colleagues = ColleaguesCard(self._workspace)
        self.colleagues.hide()
        self.erasures = ErasuresCard(self._workspace)
        self.erasures.hide()
        self.trail = TrailCard(self._workspace)
        self.trail.hide()
        yield
        self.disputes = DisputesCard(self._workspace)
        self.lists = ListsCard(self._workspace)
        yield
        self.overview = self._overview()
        self.stack.addWidget(self.overview)
        yield
        self.importing = ImportView(self._workspace)
        yield
        self.stack.addWidget(self.importing)
        yield
        self.bundle = BundleView(self._workspace)
        yield
        self.stack.addWidget(self.bundle)
        yield
        self.setAcceptDrops(True)
        self._connect()
        self.show_status()

    def open(self, target: Target) -> None:
        """The page as it stands; a new thing here is an import."""
        if target.task is Task.NEW:
            self.new()
        elif isinstance(target.begun, Path):
            self.read_bundle(target.begun)
        elif isinstance(target.begun, Begun):
            self.importing.go_on(target.begun)
            self._go(self.importing if target.task is Task.GO_ON else self.overview)
        else:
            self._go(self.overview)
        if target.part == "disputes":
            self.disputes.take_focus()

    def way_back(self) -> Target | None:
        """To the list or the file that is being looked at, or to where a list waits to be gone on with."""
        view = self.stack.currentWidget()
        begun = self.bundle.begun if view is self.bundle else self.importing.begun
        task = Task.LOOK if view is self.overview else Task.GO_ON
        return Target(page="exchange", task=task, begun=begun) if begun else None

    def new(self, person: int | None = None, request: int | None = None) -> None:
        """Import a staff list."""
        self._go(self.importing)
        self.importing.columns.choose.setFocus()

    def step_back(self) -> bool:
        """From a view back to where the exchange stands."""
        if self.stack.currentWidget() is self.overview:
            return False
        self._go(self.overview)
        return True

    def leave(self) -> bool:
        """Keep what is typed."""
        self.disputes.keep()
        self.hub.keep()
        return True

    def shown(self) -> None:
        """Files may have come and time has passed."""
        self.show_status()

    def refresh(self, changed: Changed) -> None:
        """Anything written is something to send."""
        self.show_status()

    def take_focus(self) -> None:
        """Where work begins in the view."""
        view = self.stack.currentWidget()
        if view is None or view is self.overview:
            place = self.online if self.online.isVisibleTo(self) else self.hub
            place.take_focus()
        else:
            view.setFocus()

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        """Take one file of this computer."""
        if _dropped(event) is not None:
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        """Do with the file what files of its kind are for; nothing is written without asking."""
        path = _dropped(event)
        if path is not None:
            event.acceptProposedAction()
            self.take_file(path)

    def take_file(self, path: Path) -> None:
        """An invitation, a file of the hub, or else a list to import."""
        match path.suffix.lower():
            case invitation.SUFFIX:
                self._go(self.overview)
                self.hub.join_with(path)
            case bundle.SUFFIX:
                self.read_bundle(path)
            case _:
                self._go(self.importing)
                self.importing.open_file(path)

    @Slot()
    def show_status(self) -> None:
        """Ask again where the exchange stands."""
        self.lists.begun.setVisible(self.importing.is_unfinished)
        if self._asking is not None:
            self._asking.forget()
        standing = partial(_standing, self._workspace.today())
        self._asking = self._workspace.consult(standing, then=self._show)

    @Slot(Path)
    def read_bundle(self, path: Path) -> None:
        """Show what the file of the hub would do."""
        self._go(self.bundle)
        self.bundle.open_file(path)

    def _overview(self) -> QWidget:
        cards = CardColumn(_("Exchange"))
        for card in (
            self.hub,
            self.online,
            self.colleagues,
            self.disputes,
            self.erasures,
            self.trail,
            self.lists,
        ):
            cards.add(card)
        return Scroll(cards)

    def _connect(self) -> None:
        self._carrying = Carrying(self._workspace, self.hub)
        self._carrying.done.connect(self.show_status)
        self.hub.read_wanted.connect(self.read_bundle)
        self.online.ended.connect(self.show_status)
        self.online.read_wanted.connect(self.read_bundle)
        self.colleagues.read_wanted.connect(self.read_bundle)
        self.colleagues.given.connect(self.show_status)
        self.disputes.wanted.connect(self.wanted)
        self.erasures.wanted.connect(self.wanted)
        self.disputes.settled.connect(self.show_status)
        self.lists.import_wanted.connect(self._choose_list)
        self.lists.begun_wanted.connect(partial(self._go, self.importing))
        self.importing.back_wanted.connect(self._to_overview)
        self.importing.people_wanted.connect(self._to_people)
        self.importing.card_wanted.connect(self._to_card)
        self.importing.said.connect(self.said)
        self.bundle.back_wanted.connect(self._to_overview)
        to_settle = Target(page="exchange", part="disputes")
        self.bundle.settle_wanted.connect(partial(self.open, to_settle))
        self.bundle.taken_in.connect(self.show_status)
        self.bundle.said.connect(self.said)

    @Slot()
    def _to_overview(self) -> None:
        self._go(self.overview)

    @Slot()
    def _choose_list(self) -> None:
        self._go(self.importing)
        self.importing.choose_file()

    @Slot()
    def _to_people(self) -> None:
        self.wanted.emit(Target(page="members"))

    @Slot(int)
    def _to_card(self, member: int) -> None:
        self.wanted.emit(Target(page="members", id=member))

    def _go(self, view: QWidget) -> None:
        self.disputes.keep()
        self.lists.begun.setVisible(self.importing.is_unfinished)
        self.stack.setCurrentWidget(view)
        self.take_focus()

    def _show(self, standing: _Standing) -> None:
        status, found = standing
        is_news = bool(status.address) and not self.online.isVisibleTo(self)
        self.hub.show_status(status, self._carrying.folder)
        self.online.show_status(status)
        if is_news and self.hub.prepare.hasFocus():  # only now it is known where work begins
            self.online.take_focus()
        self.colleagues.show_status(status, self._workspace.today())
        self.erasures.show_status(status)
        self.trail.setVisible(status.is_enrolled)
        self.trail.show_status(status, self._workspace.today())
        self.disputes.show_disputes(found)


def _standing(today: date, desk: Database) -> _Standing:
    """Read together: were it told later, it would push what is to be settled out of view."""
    return exchange.status(desk), desk.read(disputes.read(today))


def _dropped(event: QDragEnterEvent | QDropEvent) -> Path | None:
    """The one file of this computer that is dropped; several would be guesswork."""
    urls = event.mimeData().urls()
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    path = Path(urls[0].toLocalFile())
    return path if path.is_file() else None
