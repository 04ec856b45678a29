"""Timing, and what a row of the table says."""

import gc
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One number by the clock. limit is on its ratio to floor, or on ours where there is no floor.

    worked: what limit is on, in processor time: what it would be on a machine that does nothing
    else.
    """

    name: str
    ours: float
    unit: str
    limit: float
    floor: float | None = None
    worked: float | None = None

    @property
    def judged(self) -> float:
        """What the limit is on."""
        return self.ours / self.floor if self.floor else self.ours

    @property
    def is_kept(self) -> bool:
        """Whether the limit is kept by the clock."""
        return self.judged <= self.limit

    @property
    def verdict(self) -> str:
        """In words."""
        if self.is_kept:
            return "kept"
        if self.worked is not None and self.worked <= self.limit:
            return "**missed** by the clock, kept in processor time"
        return "**missed**"


@contextmanager
def no_collection() -> Iterator[None]:
    """Time without the garbage collector, which comes when it likes."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


@dataclass(frozen=True, slots=True)
class Cost:
    """Seconds by the clock, and seconds that this thread worked or the system for it."""

    clock: float
    worked: float


def cost(work: Callable[[], object]) -> Cost:
    """What work takes."""
    begun, worked = time.perf_counter(), time.thread_time()
    work()
    return Cost(time.perf_counter() - begun, time.thread_time() - worked)


def percentile(values: Iterable[float], percent: float) -> float:
    """The value that percent of values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def ratio_row(
    name: str, limit: float, ours: Sequence[Cost], floor: Sequence[Cost], *, percent: float = 50
) -> Row:
    """Two series of milliseconds against each other."""

    def at(costs: Sequence[Cost]) -> Cost:
        return Cost(
            percentile((one.clock for one in costs), percent),
            percentile((one.worked for one in costs), percent),
        )

    mine, other = at(ours), at(floor)
    return Row(
        name, mine.clock * 1e3, "ms", limit, other.clock * 1e3, worked=mine.worked / other.worked
    )


def table(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table."""
    lines = [
        "| what | ours | floor | ratio | in processor time | limit | |",
        "| --- | ---: | ---: | ---: | ---: | ---: | --- |",
    ]
    for row in rows:
        floor = f"{row.floor:.3g} {row.unit}" if row.floor else ""
        ratio = f"{row.judged:.2f}" if row.floor else ""
        limit = f"{row.limit:g}" if row.floor else f"{row.limit:g} {row.unit}"
        worked = "" if row.worked is None else f"{row.worked:.3g}"
        lines.append(
            f"| {row.name} | {row.ours:.3g} {row.unit} | {floor} | {ratio} | {worked} | {limit}"
            f" | {row.verdict} |"
        )
    return "\n".join(lines)
