"""Work off the window's thread, and its answers back on it: two readers, one writer."""

import gc
import sys
from collections.abc import Callable
from functools import cached_property, partial
from threading import Lock
from types import MethodType
from typing import TYPE_CHECKING, Any, Generic, TypeVar
from weakref import WeakMethod, WeakSet, ref

from PySide6.QtCore import QObject, Qt, QTimer, Signal, Slot
from shiboken6 import isValid

from correspondent_desk.errors import DeskError

if TYPE_CHECKING:
    from concurrent.futures import Future, ThreadPoolExecutor

T = TypeVar("T")

READERS = 2
MOST_LOOKED_AT = 50_000  # objects; to look through so many takes some milliseconds
LOOK_MS = 1000
TURN_S = 0.0005
"""How long other work may keep Python to itself while the window wants it. One event, painting a list
for instance, wants it many times; with Python's own 5 ms it stops for a tenth of a second."""


class Job(Generic[T]):
    """What somebody still wants to hear about work under way: its answer, or why there is none.

    then and failed are bound methods of QObjects, or partials of such: they are not called once
    their object is gone, and do not keep it alive. Raises TypeError for anything else.
    """

    def __init__(
        self,
        then: Callable[[T], object] | None = None,
        failed: Callable[[DeskError], object] | None = None,
    ) -> None:
        self._then = _listener(then)
        self._failed = _listener(failed)
        self._ended: Callable[[], Callable[[object], object] | None] = _nobody
        self._future: Future[None] | None = None
        self._held: list[object] | None = None
        self._has_ended = False

    def forget(self) -> None:
        """Nobody wants to hear of it any more. Reading that has not begun is left out; writing is done."""
        self._then = self._failed = _nobody
        if self._held is not None and self._future and self._future.cancel():
            self._held.clear()  # here, and not on the thread that would have done it

    def on_end(self, ended: Callable[[object], object]) -> None:
        """Call ended (with this job) after the answer was told, whatever it is, forgotten or not."""
        self._ended = _listener(ended)

    @property
    def is_over(self) -> bool:
        """Whether its answer was told, or it was left out because nobody wants it."""
        return self._has_ended or (self._future is not None and self._future.cancelled())

    def end(self) -> None:
        """Tell who waits for the end alone."""
        self._has_ended = True
        ended = self._ended()
        if ended:
            ended(self)

    def succeed(self, result: T) -> None:
        """Tell the one who asked, if they are still there."""
        then = self._then()
        if then:
            then(result)

    def fail(self, error: DeskError) -> bool:
        """Tell the one who asked why there is no answer; False when they did not ask to be told."""
        failed = self._failed()
        if failed:
            failed(error)
        return failed is not None

    def runs_as(self, future: "Future[None]", held: list[object] | None = None) -> None:
        """The work behind this job; held: what it holds, where forgetting may leave it out."""
        self._future, self._held = future, held


class Tasks(QObject):
    """Runs work in the background and delivers each answer on the thread this object lives in.

    Writing goes one after the other in the order asked. What is raised that is neither a DeskError
    nor said by a disk is a bug and is raised again on this thread, where the one handler of bugs sees it.
    Work loads no module that defines a class of Qt (ADR 42).
    """

    refused = Signal(object)  # a DeskError that its asker did not want to hear about
    _ended = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        sys.setswitchinterval(TURN_S)
        self._closed = False
        _garbage.watch()
        self._looking = QTimer(self, interval=LOOK_MS)
        self._looking.timeout.connect(_garbage.look)
        self._looking.start()
        self._asked: WeakSet[Job[Any]] = WeakSet()
        # Queued, so that work that ends before its asker has gone on is still reported, later.
        self._ended.connect(self._deliver, Qt.ConnectionType.QueuedConnection)

    def read(
        self,
        work: Callable[[], T],
        then: Callable[[T], object] | None = None,
        failed: Callable[[DeskError], object] | None = None,
    ) -> Job[T]:
        """Do work that changes nothing, beside other work. Once closed, nothing is read any more."""
        job = Job(then, failed)
        if self._closed:  # a page that is about to go, whose last timer was still running
            return job
        held: list[object] = [work, job]
        future = self._readers.submit(self._run, held)
        self._asked.add(job)
        job.runs_as(future, held)
        return job

    def write(
        self,
        work: Callable[[], T],
        then: Callable[[T], object] | None = None,
        failed: Callable[[DeskError], object] | None = None,
    ) -> Job[T]:
        """Do work that changes something, after all such work asked before."""
        job = Job(then, failed)
        future = self._writer.submit(self._run, [work, job])
        self._asked.add(job)
        job.runs_as(future)
        return job

    @property
    def is_busy(self) -> bool:
        """Whether work is under way, or an answer of it is still to be told."""
        return not self._closed and not all(job.is_over for job in list(self._asked))

    @cached_property
    def _readers(self) -> "ThreadPoolExecutor":
        return _threads(READERS, "reader")

    @cached_property
    def _writer(self) -> "ThreadPoolExecutor":
        return _threads(1, "writer")

    def close(self) -> None:
        """Wait until what was asked to be written is written; nothing is delivered any more."""
        was_closed, self._closed = self._closed, True
        self._readers.shutdown(wait=True, cancel_futures=True)
        self._writer.shutdown(wait=True)
        self._looking.stop()
        if not was_closed:
            _garbage.let_be()

    def _run(self, held: list[Any]) -> None:
        """Do work for a job on another thread, which lets go of both before the window hears of it.

        They may hold a widget: were it let go of here last, it would be removed for this thread while
        the window's own removes it too, and the program crashed.
        """
        work, job = held
        held.clear()
        deliver: Callable[[], None]
        try:
            with _garbage:
                result = work()
            deliver = partial(job.succeed, result)
        except DeskError as error:
            deliver = partial(self._fail, job, error)
        except OSError as error:
            from correspondent_desk.store.files import said_by_disk

            said = said_by_disk(error)
            deliver = partial(self._fail, job, said) if said else partial(_raise, error)
        except BaseException as bug:  # noqa: BLE001 - raised again by _deliver, on the window's thread
            deliver = partial(_raise, bug)
        told = [partial(_told, deliver, job, work)]
        del work, job, deliver
        self._ended.emit(told)

    def _fail(self, job: Job[T], error: DeskError) -> None:
        if not job.fail(error):
            self.refused.emit(error)

    @Slot(object)
    def _deliver(self, told: list[Callable[[], None]]) -> None:
        deliver = told.pop()
        if not self._closed:
            deliver()


def _threads(count: int, name: str) -> "ThreadPoolExecutor":
    from concurrent.futures import ThreadPoolExecutor  # not before the first window is shown

    return ThreadPoolExecutor(count, thread_name_prefix=name)


class Garbage:
    """What holds itself in a circle is looked for on the window's thread, while no work is under way.

    Left to itself, Python looks on whichever thread asks for memory next. A widget that it finds there is
    destroyed there, which may end the program. And with the rows of a long list in memory, one look stops
    every thread, and so the window, for half a second. What is freed by counting, nearly everything, is
    freed at once all the same. What large work leaves behind (names folded once, for all later ones) is
    never looked through at all.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._watchers = 0
        self._under_way = 0
        self._new_before = 0  # objects that were not looked at when work began
        self._has_set_aside = False

    def watch(self) -> None:
        """Whoever asks will call look, now and then, on the window's thread."""
        with self._lock:
            self._watchers += 1
            gc.disable()

    def __enter__(self) -> None:
        with self._lock:
            if not self._under_way:
                self._new_before = gc.get_count()[0]
            self._under_way += 1

    def __exit__(self, *_error: object) -> None:
        with self._lock:
            self._under_way -= 1
            left = gc.get_count()[0] - self._new_before
            if not self._under_way and left > MOST_LOOKED_AT:
                gc.freeze()
                self._has_set_aside = True

    def look(self) -> None:
        """Collect if there is enough that is new, as Python would."""
        counts, least = gc.get_count(), gc.get_threshold()
        if self._under_way == 0 and counts[0] > least[0]:
            older = (generation for generation in (2, 1) if counts[generation] > least[generation])
            gc.collect(next(older, 0))

    def let_be(self) -> None:
        """Look again through what large work left behind; what the program set aside may stay."""
        with self._lock:
            if self._has_set_aside:
                self._has_set_aside = False
                gc.unfreeze()
            self._watchers -= 1
            if not self._watchers:
                gc.enable()


_garbage = Garbage()


def _told(deliver: Callable[[], None], job: Job[T], _work: Callable[[], T]) -> None:
    try:
        deliver()
    finally:
        job.end()


def _raise(bug: BaseException) -> None:
    raise bug


def _nobody() -> None:
    return None


def _listener(callback: Callable[[T], object] | None) -> Callable[[], Callable[[T], object] | None]:
    """What gives callback as long as its object lives, on the Python and on the Qt side."""
    if callback is None:
        return _nobody
    given = callback.args if isinstance(callback, partial) else ()
    named = callback.keywords if isinstance(callback, partial) else {}
    method = callback.func if isinstance(callback, partial) else callback
    owner = getattr(method, "__self__", None)
    if not isinstance(owner, QObject):
        raise TypeError(callback)
    # Methods written in C++ (label.setText) cannot be held by a WeakMethod.
    find: Callable[[], Callable[..., object] | None]
    find = (
        WeakMethod(method)
        if isinstance(method, MethodType)
        else partial(_method_of, ref(owner), getattr(method, "__name__", ""))
    )
    return partial(_living, find, given, named)


def _method_of(owner: "ref[QObject]", name: str) -> Callable[..., object] | None:
    living = owner()
    found: Callable[..., object] | None = getattr(living, name, None)
    return found


def _living(
    find: Callable[[], Callable[..., object] | None],
    given: tuple[object, ...],
    named: dict[str, object],
) -> Callable[..., object] | None:
    method = find()
    if method is None or not isValid(getattr(method, "__self__", None)):
        return None
    return partial(method, *given, **named)
