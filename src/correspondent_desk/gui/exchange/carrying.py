"""What goes by file: an invitation, a file for the hub, a folder that is shared with it."""

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from correspondent_desk.domain.fields import Kind
from correspondent_desk.errors import DeskError
from correspondent_desk.gui.exchange import words
from correspondent_desk.gui.exchange.hub_card import HubCard
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _
from correspondent_desk.messages import exchange as messages
from correspondent_desk.messages import online
from correspondent_desk.messages.errors import sentence
from correspondent_desk.store import history
from correspondent_desk.store.changes import Changed
from correspondent_desk.store.database import Database
from correspondent_desk.sync import exchange
from correspondent_desk.sync.exchange import FolderReport, Link, Prepared, RemovesMuch

FOLDER = "exchange.folder"

# Of no record: the invitation names an office that nobody has named here.
_OFFICE_NAMED = Changed({Kind.OFFICE: [0]})


class Carrying(QObject):
    """Does what the hub's card asks for, in the background, and tells it what came of it.

    folder: the one that is shared with the hub, where it was last.
    """

    done = Signal()  # or refused: the exchange may stand elsewhere now

    def __init__(self, workspace: Workspace, hub: HubCard) -> None:
        super().__init__(hub)
        self._workspace, self._hub = workspace, hub
        folder = workspace.now(lambda s: history.read_setting(s, FOLDER, str))
        self.folder = Path(folder) if folder else None
        hub.invitation_chosen.connect(self._enrol)
        hub.prepare_wanted.connect(self._prepare)
        hub.folder_wanted.connect(self._exchange)

    @Slot(Path, str)
    def _enrol(self, path: Path, name: str) -> None:
        def work(db: Database) -> tuple[Link, Changed]:
            return exchange.enrol(db, path, name), _OFFICE_NAMED

        if self._hub.is_busy:
            return
        self._hub.begin(_("Reading the invitation…"))
        self._workspace.lend(work, then=self._enrolled, failed=self._refused)

    def _enrolled(self, link: Link) -> None:
        told = _("This desk now belongs to {office} at {hub}.") + " "
        if link.url:
            told += _("Exchange now: it makes this desk known there.")
        else:
            told += _("Prepare a first file for the hub: it makes this desk known there.")
        self._hub.joined(told.format(office=link.office_name, hub=link.hub_name))
        self.done.emit()

    @Slot(Path)
    def _prepare(self, folder: Path) -> None:
        def work(db: Database) -> tuple[Prepared | None, Changed]:
            return exchange.prepare(db, folder), Changed({})

        if self._hub.is_busy:
            return
        self._hub.begin(_("Preparing the file…"))
        self._workspace.lend(work, then=self._prepared, failed=self._refused)

    def _prepared(self, made: Prepared | None) -> None:
        if made is None:
            self._hub.say(_("The hub has everything: no file was made."))
        else:
            self._hub.ready(words.prepared(made), made)
        self.done.emit()

    @Slot(Path)
    def _exchange(self, folder: Path) -> None:
        def work(db: Database) -> tuple[FolderReport, Changed]:
            report = exchange.exchange_folder(db, folder)
            return report, _all_changed(report)

        if self._hub.is_busy:
            return
        self.folder = folder
        self._workspace.keep(lambda s: history.write_setting(s, FOLDER, str(folder)))
        self._hub.begin(_("Exchanging with the shared folder…"))
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
        lines += [words.given(made, to) for to, made in report.passed_on]
        if report.failed is not None:
            lines.append("! " + sentence(report.failed))
        self._hub.say("\n".join(lines))
        undecided = [one.path for one in report.refused if isinstance(one.error, RemovesMuch)]
        if undecided:
            self._hub.offer(undecided[0])
        self.done.emit()

    def _refused(self, error: DeskError) -> None:
        self._hub.refuse(sentence(error))
        self.done.emit()


def _all_changed(report: FolderReport) -> Changed:
    found: dict[Kind, set[int]] = {}
    for one in report.received:
        for kind, ids in one.changed.items():
            found.setdefault(kind, set()).update(ids)
    return Changed(found)
