"""Timing, and what a row of the table says."""

import gc
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Row:
    """One number. ratio and floor where there is a floor; limit is on ratio, or on ours without one."""

    name: str
    ours: float
    unit: str
    limit: float
    floor: float | None = None
    note: str = ""

    @property
    def judged(self) -> float:
        """What the limit is on."""
        return self.ours / self.floor if self.floor else self.ours

    @property
    def is_kept(self) -> bool:
        """Whether the limit is kept."""
        return self.judged <= self.limit


@contextmanager
def no_collection() -> Iterator[None]:
    """Time without the garbage collector, which comes when it likes."""
    gc.collect()
    gc.disable()
    try:
        yield
    finally:
        gc.enable()


def seconds(work: Callable[[], T]) -> tuple[float, T]:
    """How long work took, and what it gave."""
    with no_collection():
        begun = time.perf_counter()
        result = work()
        return time.perf_counter() - begun, result


def median(work: Callable[[], object], times: int) -> float:
    """The median of so many runs, in seconds."""
    return statistics.median(seconds(work)[0] for _ in range(times))


def percentile(values: Sequence[float], percent: float) -> float:
    """The value that percent of values do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def table(rows: Sequence[Row]) -> str:
    """The rows as a Markdown table."""
    lines = [
        "| what | ours | floor | ratio | limit | |",
        "| --- | ---: | ---: | ---: | ---: | --- |",
    ]
    for row in rows:
        floor = f"{row.floor:.3g} {row.unit}" if row.floor else ""
        ratio = f"{row.judged:.2f}" if row.floor else ""
        limit = f"{row.limit:g}" if row.floor else f"{row.limit:g} {row.unit}"
        said = "kept" if row.is_kept else "**missed**"
        note = f" {row.note}" if row.note else ""
        lines.append(
            f"| {row.name} | {row.ours:.3g} {row.unit} | {floor} | {ratio} | {limit} | {said}{note} |"
        )
    return "\n".join(lines)
