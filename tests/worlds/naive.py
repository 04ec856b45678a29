"""Delivery, one op at a time and in the most obvious way: what `delivery.deliver` must equal."""

from collections.abc import Sequence

from correspondent_desk.domain.delivery import Delivery, Run, Step, Vector, join


def deliver_slowly(
    have: Vector, runs: Sequence[Run], *, waits: bool = True, steps_over_first: bool = True
) -> Delivery:
    """As deliver; the places of waiting runs come without what they wait for.

    waits, steps_over_first: turned off, the two errors that delivery must not make.
    """
    reached = dict(have)
    steps: list[Step] = []
    before = None
    while before != reached:
        before = dict(reached)
        for index, run in enumerate(runs):
            if not waits or run.after <= reached.get(run.origin, 0):
                _advance(index, run, reached, steps, waits, steps_over_first)
    late = {
        index: (run.origin, run.upto)
        for index, run in enumerate(runs)
        if reached.get(run.origin, 0) < run.upto
    }
    return Delivery(steps, reached, late)


def _advance(
    index: int,
    run: Run,
    reached: dict[bytes, int],
    steps: list[Step],
    waits: bool,  # noqa: FBT001 - see deliver_slowly
    steps_over_first: bool,  # noqa: FBT001
) -> None:
    for place, seq in enumerate(run.seqs):
        if seq <= reached.get(run.origin, 0):
            continue
        if steps_over_first:
            reached[run.origin] = seq - 1
        seen = join(run.seen, *({mark.origin: mark.hi} for mark in run.marks if mark.seq <= seq))
        if waits and any(reached.get(origin, 0) < hi for origin, hi in seen.items()):
            return
        steps.append(Step(index, place, place + 1, seen))
        reached[run.origin] = seq
    reached[run.origin] = max(reached.get(run.origin, 0), run.upto)
