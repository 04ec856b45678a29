"""Stamps that put the writes of several desks in one plausible order.

A stamp is 64 bits: milliseconds since 1970, then 16 bits that count. The count carries into the
milliseconds, so it cannot overflow. Stamps decide which of several concurrent values is shown
first and how history is sorted, never what is kept: a wrong clock can do no more harm than that,
so it is never a reason to refuse anything.
"""

from collections.abc import Iterable
from datetime import UTC, datetime

_COUNT_BITS = 16
RELEASE_MS = int(datetime(2026, 11, 22, tzinfo=UTC).timestamp() * 1000)
"""Before it this program did not exist: a clock that says so has an empty battery."""
MOST_LEAP = 1 << _COUNT_BITS
"""A millisecond."""
LAST_MS = RELEASE_MS + 20 * 365 * 86_400_000
"""A clock later than this is wrong too."""
_BEYOND = LAST_MS + 1 << _COUNT_BITS


def tick(last: int, wall_ms: int, leap: int = 0) -> int:
    """The stamp of a write here; greater than last whatever the wall clock says.

    leap: by how much more, where that clock is behind. One that is drawn tells two copies of a store apart
    which do not know of each other: both would else go on counting alike.

    last: the highest stamp this store has made or observed, 0 for none. Keep the answer with the
    write, in one transaction: a write that is rolled back must not move the clock.
    """
    believed_ms = wall_ms if RELEASE_MS <= wall_ms <= LAST_MS else RELEASE_MS
    return max(believed_ms << _COUNT_BITS, last + 1 + leap)


def observe(last: int, highest: int) -> int:
    """What last becomes once stamps up to highest came in; once a bundle, in its transaction.

    A stamp beyond LAST_MS is not followed: no honest desk made it, and one such desk would
    otherwise drag every other one there.
    """
    return last if wall_ms(highest) > LAST_MS else max(last, highest)


def highest(stamps: Iterable[int]) -> int:
    """The highest of these that is followed; 0 for none."""
    return max((stamp for stamp in stamps if stamp < _BEYOND), default=0)


def wall_ms(stamp: int) -> int:
    """The milliseconds since 1970 in stamp, for people to read."""
    return stamp >> _COUNT_BITS
