"""What is said of the time of a meeting while it is being planned."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Slot
from PySide6.QtWidgets import QWidget

from correspondent_desk.domain import meetings as rules
from correspondent_desk.domain.meetings import MeetingDraft, MeetingRow
from correspondent_desk.domain.planning import FreeSlot, WarningKind
from correspondent_desk.gui.meetings.advice import FreeSlots, Warnings
from correspondent_desk.gui.meetings.plan_fields import PlanFields
from correspondent_desk.gui.tasks import Job
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.messages import planning
from correspondent_desk.records import meetings

if TYPE_CHECKING:
    from correspondent_desk.store.database import Query

QUIET_MS = 150
Warned = tuple[WarningKind, str]
Advice = tuple[list[Warned], list[FreeSlot]]


class Advising(QObject):
    """Says among the fields what speaks against their time, and which times are free."""

    def __init__(
        self, workspace: Workspace, fields: PlanFields, opened: Callable[[], MeetingRow | None]
    ) -> None:
        """opened gives the meeting that is being changed; None for a new one."""
        super().__init__(fields)
        self._workspace, self._fields, self._opened = workspace, fields, opened
        self._job: Job[Advice] | None = None
        self.warnings = Warnings()
        self.free = FreeSlots(workspace.today, self.warnings.keep)
        fields.after_time.addWidget(self.warnings)
        QWidget.setTabOrder(fields.time, self.warnings.keep)
        fields.after_time.addWidget(self.free)
        self._timer = QTimer(self, singleShot=True, interval=QUIET_MS)
        self._timer.timeout.connect(self.ask)
        workspace.closing.connect(self._timer.stop)
        fields.time_changed.connect(self._timer.start)
        fields.person_changed.connect(self._timer.start)

    @property
    def is_done(self) -> bool:
        """Whether what is said about the time is about the time that is typed."""
        return self._job is None and not self._timer.isActive()

    def ask_soon(self) -> None:
        """Other things may speak against the time now, or for it."""
        self._timer.start()

    @Slot()
    def ask(self) -> None:
        """Ask what speaks against the time, and which times are free."""
        self._timer.stop()
        if self._job:
            self._job.forget()
        draft, now, row = self._fields.draft(), self._workspace.clock(), self._opened()
        opened = row.id if row else None
        against, day = self.against(draft), self._fields.date.value()
        since = day if day and rules.may_take_place(day, now.date()) else None
        self._job = self._workspace.read(
            lambda s: (
                against(s),
                meetings.next_free(s, draft, now, since, opened),
            ),
            partial(self._show, since),
        )

    def against(self, draft: MeetingDraft) -> "Query[list[Warned]]":
        """What speaks against draft; what its meeting stood against need not be answered again."""
        opened, now = self._opened(), self._workspace.clock()
        if opened is not None and not is_move(opened.draft, draft):
            return lambda _s: []
        return lambda s: planning.warnings(s, draft, now, opened.id if opened else None)

    def _show(self, since: date | None, advice: Advice) -> None:
        self._job = None
        warned, free = advice
        self.warnings.show_found(warned)
        self.free.show_found(free, since)


def is_move(before: MeetingDraft, after: MeetingDraft) -> bool:
    """Whether people would have to be told: another time, or another place."""
    return (before.starts_at, before.mode, before.site_id) != (
        after.starts_at,
        after.mode,
        after.site_id,
    )
