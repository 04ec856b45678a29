"""What the pages may do with the store: read, do, undo, and hear what changed."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from enum import Enum, auto
from functools import partial
from typing import TYPE_CHECKING, Any, Generic, TypeVar

from PySide6.QtCore import QObject, Signal

from correspondent_desk.domain.actions import Action
from correspondent_desk.errors import DeskError
from correspondent_desk.gui.tasks import Job, Tasks
from correspondent_desk.store.changes import ActionRow, Changed, Done

if TYPE_CHECKING:  # SQLAlchemy is loaded on a thread while the passphrase is typed, not by screens
    from correspondent_desk.store.backup import CopyRow, Why
    from correspondent_desk.store.database import Database, Query
    from correspondent_desk.store.places import PlaceRisk

T = TypeVar("T")


class How(Enum):
    """What became of a step of history."""

    DONE = auto()
    UNDONE = auto()
    REDONE = auto()


@dataclass(frozen=True, slots=True)
class Happening:
    """A step of history that was just done, taken back or done again."""

    how: How
    step: ActionRow


NO_STEP = ActionRow(
    id=0,
    at=datetime.fromtimestamp(0, UTC),
    person="",
    code="",
    subject=None,
    subject_kind=None,
    records=0,
    undoes=None,
    undone_by=None,
    is_mine=True,
)


@dataclass(frozen=True, slots=True)
class _Outcome(Generic[T]):
    result: T
    changed: Changed
    happening: Happening | None
    undoable: ActionRow | None
    redoable: ActionRow | None


class Workspace(QObject):
    """One open store as the screens see it. Lives on the window's thread."""

    changed = Signal(object)  # Changed: ids by kind, after anything was written
    happened = Signal(object)  # Happening: to be said in words, once
    undoable_changed = Signal()
    refused = Signal(object)  # DeskError that the asker had no place for
    closing = Signal()  # last moment to keep what is being typed

    def __init__(
        self, database: "Database", tasks: Tasks, *, clock: Callable[[], datetime] | None = None
    ) -> None:
        """clock gives the local time, aware; by default this computer's."""
        super().__init__()
        self._database = database
        self._tasks = tasks
        self.clock: Callable[[], datetime] = clock or _this_computers_time
        self.drafts = Drafts(database, tasks)
        self._asked: list[Job[Any]] | None = None
        _use_its_catalogue(database)
        self.undoable: ActionRow | None = database.next_undo()
        self.redoable: ActionRow | None = database.next_redo()
        tasks.refused.connect(self.refused)

    def today(self) -> date:
        """The date on this computer's calendar."""
        return self.clock().date()

    @property
    def is_busy(self) -> bool:
        """Whether answers are still to come, so that what is shown may change."""
        return self._tasks.is_busy

    def now(self, query: "Query[T]") -> T:
        """The answer at once. Only for what a screenful bounds: the window waits for it."""
        return self._database.read(query)

    def read(
        self,
        query: "Query[T]",
        then: Callable[[T], object],
        failed: Callable[[DeskError], object] | None = None,
    ) -> Job[T]:
        """Ask in the background; then hears the answer on the window's thread."""
        return self._tasks.read(lambda: self._database.read(query), then, failed)

    def do(
        self,
        action: Action,
        work: "Query[T]",
        then: Callable[[T], object] | None = None,
        failed: Callable[[DeskError], object] | None = None,
    ) -> Job[T]:
        """Do one thing as one step of history; changed is emitted before then is called."""
        return self._write(lambda: self._database.do(action, work), How.DONE, then, failed)

    def asked_by(self, ask: Callable[[], object]) -> "list[Job[Any]]":
        """The steps of history that ask asks for, to wait for their end."""
        before, asked = self._asked, list[Job[Any]]()
        self._asked = asked
        try:
            ask()
            return asked
        finally:
            self._asked = before
            self.drafts.take_handed_over()  # nothing was asked for what is left

    def undo(
        self,
        then: Callable[[None], object] | None = None,
        failed: Callable[[DeskError], object] | None = None,
    ) -> Job[None]:
        """Take back the last step that was not taken back yet; nothing when there is none."""
        return self._write(self._database.undo, How.UNDONE, then, failed)

    def redo(
        self,
        then: Callable[[None], object] | None = None,
        failed: Callable[[DeskError], object] | None = None,
    ) -> Job[None]:
        """Do again the step taken back last; nothing when there is none."""
        return self._write(self._database.redo, How.REDONE, then, failed)

    def keep(
        self,
        work: "Query[T]",
        then: Callable[[T], object] | None = None,
        failed: Callable[[DeskError], object] | None = None,
    ) -> Job[T]:
        """Write what is no step of history: settings, what was looked at."""
        return self._tasks.write(lambda: self._database.keep(work), then, failed)

    def background(
        self,
        work: Callable[[], T],
        then: Callable[[T], object],
        failed: Callable[[DeskError], object] | None = None,
    ) -> Job[T]:
        """Work that needs no store: reading a file, making a letter."""
        return self._tasks.read(work, then, failed)

    def consult(
        self,
        work: "Callable[[Database], T]",
        then: Callable[[T], object],
        failed: Callable[[DeskError], object] | None = None,
    ) -> Job[T]:
        """Lend the whole store, in the background, to work that writes nothing into it."""
        return self._tasks.read(lambda: work(self._database), then, failed)

    def lend(
        self,
        work: "Callable[[Database], tuple[T, Changed]]",
        then: Callable[[T], object] | None = None,
        failed: Callable[[DeskError], object] | None = None,
    ) -> Job[T]:
        """Lend the whole store to work that does steps of history itself, and says what it changed."""
        return self._write(lambda: self._lent(work), How.DONE, then, failed)

    def person(self) -> str:
        """Who works at this desk."""
        return self._database.person

    def set_person(self, person: str, then: Callable[[None], object]) -> None:
        """Somebody else works at this desk from now on; then: it is written."""
        from correspondent_desk.records.office import set_person

        def write() -> None:
            self._database.keep(lambda s: set_person(s, person))
            self._database.person = person

        self._tasks.write(write, then)

    def copies(self) -> "list[CopyRow]":
        """The verified copies of this store, newest first."""
        from correspondent_desk.store.backup import copies

        return copies(self._database.folder)

    def copy(
        self,
        why: "Why",
        then: "Callable[[CopyRow], object]",
        failed: Callable[[DeskError], object] | None = None,
    ) -> "Job[CopyRow]":
        """Make a verified copy in the background."""
        return self._tasks.read(lambda: self._database.copy(why), then, failed)

    def risks(self) -> "list[PlaceRisk]":
        """Why the folder of the store is not a good one; normally nothing."""
        return self._database.warnings

    def has_recovery_sheet(self) -> bool:
        """Whether a recovery code opens the desk; where that cannot be read, the next start says so."""
        from correspondent_desk.store.vault import has_recovery

        try:
            return has_recovery(self._database.folder)
        except DeskError:
            return True

    def close(self) -> None:
        """Keep what is being typed, and wait until all that was asked is written."""
        self.closing.emit()
        self._tasks.close()

    def _write(
        self,
        work: Callable[[], Done[T]],
        how: How,
        then: Callable[[T], object] | None,
        failed: Callable[[DeskError], object] | None,
    ) -> Job[T]:
        asked, handed_over = Job(then, failed), self.drafts.take_handed_over()

        def step() -> _Outcome[T]:
            outcome = self._step(work, how)
            handed_over.is_written = True
            return outcome

        written = self._tasks.write(
            step,
            then=partial(self._written, asked, handed_over),
            failed=partial(self._not_written, asked),
        )
        self.drafts.settle(handed_over)
        if self._asked is not None:
            self._asked.append(written)
        return asked

    def _lent(self, work: "Callable[[Database], tuple[T, Changed]]") -> Done[T]:
        before = self._database.next_undo()
        result, changed = work(self._database)
        _use_its_catalogue(self._database)  # an exchange may have brought a newer one
        after = self._database.next_undo()
        # Whose record was erased takes the steps about it along: an older one is no new one.
        is_new = after is not None and (before is None or after.id > before.id)
        return Done(result, changed, after if after and is_new else NO_STEP)

    def _step(self, work: Callable[[], Done[T]], how: How) -> _Outcome[T]:
        undone, redone = self._database.next_undo(), self._database.next_redo()
        done = work()
        step = {How.DONE: done.action, How.UNDONE: undone, How.REDONE: redone}[how]
        return _Outcome(
            done.result,
            done.changed,
            Happening(how, step) if step and done.action.id else None,
            self._database.next_undo(),
            self._database.next_redo(),
        )

    def _written(self, asked: Job[T], handed_over: "HandedOver", outcome: _Outcome[T]) -> None:
        self.drafts.settled(handed_over)
        self.undoable, self.redoable = outcome.undoable, outcome.redoable
        self.undoable_changed.emit()
        if outcome.happening:  # first: what a page then says of what it shows is not said over
            self.happened.emit(outcome.happening)
        if outcome.changed:
            self.changed.emit(outcome.changed)
        asked.succeed(outcome.result)

    def _not_written(self, asked: Job[T], error: DeskError) -> None:
        if not asked.fail(error):
            self.refused.emit(error)


@dataclass
class HandedOver:
    """What forms ask to be written: what is kept of it, by key."""

    bodies: dict[str, str] = field(default_factory=dict)
    is_written: bool = False


class Drafts:
    """Typing that is not saved yet, kept encrypted in the store by a key of the form's choice."""

    def __init__(self, database: "Database", tasks: Tasks) -> None:
        self._database = database
        self._tasks = tasks
        self._under_way: dict[str, str | None] = {}
        self._handed_over = HandedOver()
        self._hindered: dict[str, DeskError] = {}  # by key, why what was typed last is not kept

    @property
    def not_kept(self) -> DeskError | None:
        """Why something that was typed, and neither saved nor dropped since, is not kept."""
        return next(reversed(self._hindered.values()), None)

    def save(self, key: str, body: str) -> None:
        """Keep body instead of what was kept under key."""
        self._under_way[key] = body
        self._tasks.write(lambda: self._save(key, body))

    def _save(self, key: str, body: str) -> None:
        """Note what hinders it: at the lock nothing is delivered any more, and it is told there."""
        try:
            self._database.drafts.save(key, body)
        except DeskError as error:
            self._hindered[key] = error
            raise
        self._hindered.pop(key, None)

    def load(self, key: str) -> str | None:
        """What was kept under key, however short ago."""
        return self._under_way[key] if key in self._under_way else self._database.drafts.body(key)

    def keys(self, beginning: str) -> list[str]:
        """The keys that begin so and under which something is kept, what was typed last first."""
        stored = [row.key for row in self._database.drafts.everything()]
        newer = [key for key in reversed(self._under_way) if key not in stored]
        return [
            key
            for key in (*newer, *stored)
            if key.startswith(beginning) and self._under_way.get(key, "") is not None
        ]

    def forget(self, key: str) -> None:
        """Keep nothing under key: it was saved, or is not wanted."""
        self._under_way[key] = None
        self._tasks.write(lambda: self._forget(key))

    def hand_over(self, key: str) -> None:
        """The next step of history writes what is kept under key: with it, that is kept no more."""
        body = self.load(key)
        if body is not None:
            self._handed_over.bodies[key] = body

    def take_handed_over(self) -> HandedOver:
        """What was handed over, for the one step that writes it."""
        taken, self._handed_over = self._handed_over, HandedOver()
        return taken

    def settle(self, handed_over: HandedOver) -> None:
        """After its step: at the lock, no form hears the answer any more."""
        if handed_over.bodies:
            self._tasks.write(lambda: self._settle(handed_over))

    def _settle(self, handed_over: HandedOver) -> None:
        for key, body in handed_over.bodies.items():
            if handed_over.is_written and self._database.drafts.body(key) == body:
                self._forget(key)

    def settled(self, handed_over: HandedOver) -> None:
        """As the window hears of it."""
        for key, body in handed_over.bodies.items():
            if self._under_way.get(key) == body:
                self._under_way[key] = None

    def _forget(self, key: str) -> None:
        self._hindered.pop(key, None)
        self._database.drafts.forget(key)


def _this_computers_time() -> datetime:
    return datetime.now().astimezone()


def _use_its_catalogue(database: "Database") -> None:
    from correspondent_desk.records import catalogue
    from correspondent_desk.sync import catalogue as published

    catalogue.adopt(database.read(published.text))
