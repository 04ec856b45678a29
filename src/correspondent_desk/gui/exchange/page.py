"""The page of exchanges: where they stand, and the views that lead to a file and back."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

from PySide6.QtCore import Slot
from PySide6.QtGui import QDragEnterEvent, QDropEvent
from PySide6.QtWidgets import QStackedWidget, QVBoxLayout, QWidget

from correspondent_desk.domain.fields import Kind
from correspondent_desk.errors import DeskError
from correspondent_desk.gui.exchange import disputes, words
from correspondent_desk.gui.exchange.bundle_view import BundleView
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
from correspondent_desk.messages import exchange as messages
from correspondent_desk.messages import online
from correspondent_desk.messages.errors import sentence
from correspondent_desk.store import history
from correspondent_desk.store.changes import Changed
from correspondent_desk.store.database import Database
from correspondent_desk.sync import bundle, exchange, invitation
from correspondent_desk.sync.exchange import (
    ExchangeStatus,
    FolderReport,
    Link,
    Prepared,
    RemovesMuch,
)

FOLDER = "exchange.folder"

# Of no record: the invitation names an office that nobody has named here.
_OFFICE_NAMED = Changed({Kind.OFFICE: [0]})


class ExchangePage(Page):
    """Its parts ask; what writes is done here, in the background, and told where it was asked."""

    def __init__(self, workspace: Workspace, *, at_once: bool = True) -> None:
        """at_once False: the parts are made as the steps are taken."""
        super().__init__()
        self._workspace = workspace
        self._folder: Path | None = None
        self._asking: Job[ExchangeStatus] | None = None
        self._reading: Job[list[Dispute]] | None = None
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
        folder = self._workspace.now(lambda s: history.read_setting(s, FOLDER, str))
        self._folder = Path(folder) if folder else None
        self.show_status()

    def open(self, target: Target) -> None:
        """The page as it stands; a new thing here is an import."""
        if target.task is Task.NEW:
            self.new()
        elif isinstance(target.begun, Path):
            self.read_bundle(target.begun)
        elif isinstance(target.begun, Begun):
            self._go(self.importing)
            self.importing.go_on(target.begun)
        else:
            self._go(self.overview)
        if target.part == "disputes":
            self.disputes.take_focus()

    def way_back(self) -> Target | None:
        """To the list or the file that is being looked at."""
        view = self.stack.currentWidget()
        begun: object = None
        if view is self.importing:
            begun = self.importing.begun
        elif view is self.bundle:
            begun = self.bundle.begun
        return Target(page="exchange", task=Task.GO_ON, begun=begun) if begun else None

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
        for job in (self._asking, self._reading):
            if job is not None:
                job.forget()
        today = self._workspace.today()
        self._asking = self._workspace.consult(exchange.status, then=self._show)
        self._reading = self._workspace.read(disputes.read(today), then=self.disputes.show_disputes)

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
        self.hub.invitation_chosen.connect(self._enrol)
        self.hub.prepare_wanted.connect(self._prepare)
        self.hub.read_wanted.connect(self.read_bundle)
        self.hub.folder_wanted.connect(self._exchange)
        self.online.ended.connect(self.show_status)
        self.online.read_wanted.connect(self.read_bundle)
        self.colleagues.read_wanted.connect(self.read_bundle)
        self.colleagues.given.connect(self.show_status)
        self.disputes.wanted.connect(self.wanted)
        self.erasures.wanted.connect(self.wanted)
        self.disputes.settled.connect(self.show_status)
        self.lists.import_wanted.connect(self._choose_list)
        self.importing.back_wanted.connect(self._to_overview)
        self.importing.people_wanted.connect(self._to_people)
        self.importing.card_wanted.connect(self._to_card)
        self.bundle.back_wanted.connect(self._to_overview)
        to_settle = Target(page="exchange", part="disputes")
        self.bundle.settle_wanted.connect(partial(self.open, to_settle))
        self.bundle.taken_in.connect(self.show_status)

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
        self.stack.setCurrentWidget(view)
        self.take_focus()

    def _show(self, status: ExchangeStatus) -> None:
        is_news = bool(status.address) and not self.online.isVisibleTo(self)
        self.hub.show_status(status, self._folder)
        self.online.show_status(status)
        if is_news and self.hub.prepare.hasFocus():  # only now it is known where work begins
            self.online.take_focus()
        self.colleagues.show_status(status, self._workspace.today())
        self.erasures.show_status(status)
        self.trail.setVisible(status.is_enrolled)
        self.trail.show_status(status, self._workspace.today())

    @Slot(Path, str)
    def _enrol(self, path: Path, name: str) -> None:
        def work(db: Database) -> tuple[Link, Changed]:
            return exchange.enrol(db, path, name), _OFFICE_NAMED

        if self.hub.is_busy:
            return
        self.hub.begin(_("Reading the invitation…"))
        self._workspace.lend(work, then=self._enrolled, failed=self._refused)

    def _enrolled(self, link: Link) -> None:
        told = _("This desk now belongs to {office} at {hub}.") + " "
        if link.url:
            told += _("Exchange now: it makes this desk known there.")
        else:
            told += _("Prepare a first file for the hub: it makes this desk known there.")
        self.hub.joined(told.format(office=link.office_name, hub=link.hub_name))
        self.show_status()

    @Slot(Path)
    def _prepare(self, folder: Path) -> None:
        def work(db: Database) -> tuple[Prepared | None, Changed]:
            return exchange.prepare(db, folder), Changed({})

        if self.hub.is_busy:
            return
        self.hub.begin(_("Preparing the file…"))
        self._workspace.lend(work, then=self._prepared, failed=self._refused)

    def _prepared(self, made: Prepared | None) -> None:
        if made is None:
            self.hub.say(_("The hub has everything: no file was made."))
        else:
            self.hub.say(words.prepared(made), made.number)
        self.show_status()

    @Slot(Path)
    def _exchange(self, folder: Path) -> None:
        def work(db: Database) -> tuple[FolderReport, Changed]:
            report = exchange.exchange_folder(db, folder)
            return report, _all_changed(report)

        if self.hub.is_busy:
            return
        self._folder = folder
        self._workspace.keep(lambda s: history.write_setting(s, FOLDER, str(folder)))
        self.hub.begin(_("Exchanging with the shared folder…"))
        self._workspace.lend(work, then=self._exchanged, failed=self._refused)

    def _exchanged(self, report: FolderReport) -> None:
        today = self._workspace.today()
        lines = [line for one in report.received for line in messages.report_in_words(one, today)]
        lines += [
            "! " + _("{place}: {why}").format(place=one.path.name, why=sentence(one.error))
            for one in report.refused
        ]
        lines += ["! " + messages.of_copy(path) for path in report.of_copy]
        if not (report.received or report.refused):
            lines.append(_("Nothing new was lying there for this desk."))
        if report.prepared is not None:
            lines.append(words.put_there(report.prepared))
        elif report.uninvited:
            if not report.refused:
                lines.append("! " + online.uninvited(report.uninvited))
        elif report.waits_since is not None:
            lines.append(messages.waits_for_answer(report.waits_since, today))
        elif report.failed is None:
            lines.append(_("The hub lacks nothing of this desk."))
        place = self._folder or Path()
        lines += [words.given(made, to, place) for to, made in report.passed_on]
        if report.failed is not None:
            lines.append("! " + sentence(report.failed))
        self.hub.say("\n".join(lines))
        undecided = [one.path for one in report.refused if isinstance(one.error, RemovesMuch)]
        if undecided:
            self.hub.offer(undecided[0])
        self.show_status()

    def _refused(self, error: DeskError) -> None:
        self.hub.refuse(sentence(error))
        self.show_status()


def _all_changed(report: FolderReport) -> Changed:
    found: dict[Kind, set[int]] = {}
    for one in report.received:
        for kind, ids in one.changed.items():
            found.setdefault(kind, set()).update(ids)
    return Changed(found)


def _dropped(event: QDragEnterEvent | QDropEvent) -> Path | None:
    """The one file of this computer that is dropped; several would be guesswork."""
    urls = event.mimeData().urls()
    if len(urls) != 1 or not urls[0].isLocalFile():
        return None
    path = Path(urls[0].toLocalFile())
    return path if path.is_file() else None
