"""What is to be done today, in which order and why. Dates and waiting, no scores."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache

from correspondent_desk.domain.calendar_days import public_holidays
from correspondent_desk.domain.members import MemberId
from correspondent_desk.domain.requests import Owes, RequestId, RequestStatus, RequestType

LAPSES_SOON = timedelta(days=30)
POSTING = timedelta(days=4)  # a file must have arrived on the last useful day
IN_GOOD_TIME = timedelta(days=7)  # a step this long before the last day to act can be awaited
SUNDAY = 6
SILENCE = timedelta(days=60)

# Until the file has gone off, the right can lapse.
_NOT_SENT = (RequestStatus.PREPARING, RequestStatus.WAITING, RequestStatus.COMPLETE)


class LineKind(StrEnum):
    """Why a line is there; lines of one kind stand together, in this order."""

    EMERGENCY = "emergency"
    LAPSING = "lapsing"
    PROMISED = "promised"
    OVERDUE = "overdue"
    WAITING = "waiting"
    SILENT = "silent"


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestFacts:
    """What triage must know of a request.

    waiting_since: the day of the last thing that happened to it. missing: labels of the documents
    that are missing or refused. snoozed_until: the day on which it is to come back.
    """

    id: RequestId
    member_id: MemberId
    type: RequestType
    status: RequestStatus
    waiting_since: date
    last_useful_on: date | None = None
    next_what: str = ""
    next_who: Owes = Owes.ME
    next_due: date | None = None
    missing: tuple[str, ...] = ()
    snoozed_until: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing to do and why it stands where it stands.

    on: the day that put it there: LAPSING on it, PROMISED for it, OVERDUE since it by who owes the
    step, EMERGENCY, WAITING and SILENT since it. days: from today to it, negative if it is past.
    until: the last day on which a file can still be posted; None if nothing lapses.
    """

    kind: LineKind
    request_id: RequestId
    member_id: MemberId
    on: date
    days: int
    next_what: str
    who: Owes
    missing: tuple[str, ...] = ()
    until: date | None = None


def lines(requests: Iterable[RequestFacts], today: date) -> list[Line]:
    """What is to be done, in this order: emergencies; rights, the first to lapse first; what was
    promised for today or before; what others owe and is late; what waits for me, the longest
    first; what others owe without a day, when nothing has happened for two months.

    A request gives one line at most, the first that fits. A next step that has its day is awaited.
    """
    found = [line for request in requests if (line := _line(request, today))]
    return sorted(found, key=_place)


_ORDER = {kind: place for place, kind in enumerate(LineKind)}


def _place(line: Line) -> tuple[int, date, int]:
    return _ORDER[line.kind], line.on, line.request_id


def _line(request: RequestFacts, today: date) -> Line | None:
    if not request.status.is_open or _is_put_off(request, today):
        return None
    placed = _why(request, today)
    if placed is None:
        return None
    kind, on = placed
    lapses = _lapses_on(request)
    return Line(
        kind=kind,
        request_id=request.id,
        member_id=request.member_id,
        on=on,
        days=(on - today).days,
        next_what=request.next_what,
        who=request.next_who,
        missing=request.missing,
        until=_posted_by(lapses) if lapses else None,
    )


def _why(request: RequestFacts, today: date) -> tuple[LineKind, date] | None:
    due, mine = request.next_due, request.next_who is Owes.ME
    is_awaited = due is not None and due > today
    if request.type is RequestType.EMERGENCY and not is_awaited:
        return LineKind.EMERGENCY, request.waiting_since
    if lapses := _lapses_soon(request, today):
        return LineKind.LAPSING, lapses
    if is_awaited:
        return None
    if due is not None:
        return (LineKind.PROMISED if mine else LineKind.OVERDUE), due
    if mine:
        return LineKind.WAITING, request.waiting_since
    if today - request.waiting_since >= SILENCE:
        return LineKind.SILENT, request.waiting_since
    return None


def _lapses_soon(request: RequestFacts, today: date) -> date | None:
    """The last useful day, if it is near and the next step is not awaited in good time for it."""
    lapses = _lapses_on(request)
    if lapses is None or lapses - today > LAPSES_SOON:
        return None
    last_good_day = lapses - POSTING - IN_GOOD_TIME
    is_awaited = request.next_due is not None and today < request.next_due <= last_good_day
    return None if is_awaited else lapses


def _posted_by(lapses: date) -> date:
    """The last day to post a file that must have arrived by lapses: no Sunday, no holiday."""
    last = lapses - POSTING
    while last.weekday() == SUNDAY or last in _national_holidays(last.year):
        last -= timedelta(days=1)
    return last


@lru_cache(maxsize=4)
def _national_holidays(year: int) -> frozenset[date]:
    return frozenset(public_holidays((year,), ""))


def _lapses_on(request: RequestFacts) -> date | None:
    """The last useful day, while the file has not gone off."""
    return request.last_useful_on if request.status in _NOT_SENT else None


def _is_put_off(request: RequestFacts, today: date) -> bool:
    """Whether the line was put off to a later day.

    Put off past the lapse of the right, it comes back while something can still be done.
    """
    if request.snoozed_until is None or request.snoozed_until <= today:
        return False
    lapses = _lapses_on(request)
    if lapses is None or request.snoozed_until <= lapses:
        return True
    return not lapses - POSTING <= today <= lapses
