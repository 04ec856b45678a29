"""Which ops can be applied now, in which order, and which wait."""

from itertools import pairwise
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from correspondent_desk.domain.delivery import (
    Delivery,
    Mark,
    Receipt,
    Run,
    Vector,
    deliver,
    is_sound,
    join,
    news,
    reaches,
)
from tests.worlds.naive import deliver_slowly

A, B, C = b"a" * 16, b"b" * 16, b"c" * 16


def applied(delivery: Delivery, runs: list[Run]) -> list[tuple[bytes, int]]:
    """Origin and number of the ops of a delivery, in order."""
    return [
        (runs[step.run].origin, seq)
        for step in delivery.steps
        for seq in runs[step.run].seqs[step.start : step.stop]
    ]


def test_ops_of_one_origin_come_in_one_step() -> None:
    run = Run(A, 0, 3, [1, 2, 3])

    delivery = deliver({}, [run])

    assert [tuple(step) for step in delivery.steps] == [(0, 0, 3, {})]
    assert delivery.have == {A: 3}
    assert not delivery.waiting


def test_ops_that_are_here_are_left_out() -> None:
    runs = [Run(A, 0, 3, [1, 2, 3]), Run(A, 1, 4, [2, 3, 4])]

    assert applied(deliver({A: 2}, runs), runs) == [(A, 3), (A, 4)]


def test_a_run_waits_for_the_one_before_it() -> None:
    runs = [Run(A, 2, 3, [3])]

    delivery = deliver({A: 1}, runs)

    assert not delivery.steps
    assert delivery.have == {A: 1}
    assert delivery.waiting == {0: (A, 2)}


def test_the_one_before_it_may_come_later_in_the_same_import() -> None:
    runs = [Run(A, 2, 3, [3]), Run(A, 0, 2, [1, 2])]

    assert applied(deliver({}, runs), runs) == [(A, 1), (A, 2), (A, 3)]


def test_an_op_waits_for_what_its_author_had_seen() -> None:
    runs = [Run(A, 0, 3, [1, 2, 3], marks=[Mark(2, B, 1)])]

    delivery = deliver({}, runs)

    assert applied(delivery, runs) == [(A, 1)]
    assert delivery.have == {A: 1}
    assert delivery.waiting == {0: (B, 1)}


def test_an_origin_whose_first_op_waits_was_not_seen() -> None:
    delivery = deliver({}, [Run(A, 0, 1, [1], {B: 2})])

    assert delivery.waiting == {0: (B, 2)}
    assert delivery.have == {}


def test_each_step_says_what_its_authors_had_seen() -> None:
    runs = [Run(A, 1, 5, [2, 3, 4, 5], {B: 1}, [Mark(3, B, 2), Mark(3, C, 1), Mark(5, B, 4)])]

    delivery = deliver({A: 1, B: 4, C: 1}, runs)

    assert [tuple(step) for step in delivery.steps] == [
        (0, 0, 1, {B: 1}),
        (0, 1, 3, {B: 2, C: 1}),
        (0, 3, 4, {B: 4, C: 1}),
    ]


def test_origins_that_answered_each_other_take_turns() -> None:
    runs = [
        Run(A, 0, 3, [1, 2, 3], marks=[Mark(2, B, 1), Mark(3, B, 2)]),
        Run(B, 0, 2, [1, 2], marks=[Mark(1, A, 1), Mark(2, A, 2)]),
    ]

    assert applied(deliver({}, runs), runs) == [(A, 1), (B, 1), (A, 2), (B, 2), (A, 3)]


def test_a_hole_is_stepped_over_before_waiting() -> None:
    runs = [
        Run(A, 0, 2, [2], marks=[Mark(2, B, 2)]),
        Run(B, 0, 2, [2], marks=[Mark(2, A, 1)]),
    ]

    delivery = deliver({}, runs)

    assert applied(delivery, runs) == [(B, 2), (A, 2)]
    assert not delivery.waiting


def test_a_run_of_erased_ops_only_is_seen() -> None:
    assert deliver({A: 1}, [Run(A, 0, 4, [])]).have == {A: 4}


def test_what_an_erased_op_had_seen_holds_for_the_next() -> None:
    runs = [Run(A, 0, 2, [2], marks=[Mark(1, B, 3)])]

    assert deliver({}, runs).waiting == {0: (B, 3)}
    assert deliver({B: 3}, runs).steps[0].seen == {B: 3}


def test_the_given_vector_is_not_changed() -> None:
    have = {A: 1}

    deliver(have, [Run(A, 1, 2, [2])])

    assert have == {A: 1}


@st.composite
def histories(draw: st.DrawFn) -> list[Run]:
    """Runs of three origins that saw some of each other, cut and mixed at will, with holes."""
    have: dict[bytes, dict[bytes, int]] = {origin: {} for origin in (A, B, C)}
    marks: dict[bytes, list[Mark]] = {origin: [] for origin in have}
    for origin, other in draw(
        st.lists(st.tuples(st.sampled_from([A, B, C]), st.sampled_from([A, B, C])), max_size=24)
    ):
        seen = have[origin]
        seq = seen.get(origin, 0) + 1
        if origin != other:
            fresh = news(seen, have[other], origin)
            marks[origin] += [Mark(seq, name, hi) for name, hi in fresh.items()]
            seen |= fresh
        seen[origin] = seq
    erased = draw(st.sets(st.tuples(st.sampled_from([A, B, C]), st.integers(1, 24))))
    runs = []
    for origin, seen in have.items():
        total = seen.get(origin, 0)
        cuts = sorted(draw(st.sets(st.integers(0, total), max_size=3)) | {0, total})
        for after, upto in [
            *pairwise(cuts),
            (draw(st.sampled_from(cuts)), total),
        ]:
            seqs = [seq for seq in range(after + 1, upto + 1) if (origin, seq) not in erased]
            before = [{mark.origin: mark.hi} for mark in marks[origin] if mark.seq <= after]
            later = [mark for mark in marks[origin] if mark.seq > after]
            runs.append(Run(origin, after, upto, seqs, join(*before), later))
    kept = draw(st.permutations(runs))
    return kept[: draw(st.integers(0, len(kept)))]


@given(runs=histories(), chance=st.randoms(use_true_random=False))
def test_delivery_is_what_the_obvious_way_delivers(runs: list[Run], chance: Random) -> None:
    have: Vector = {A: chance.randint(0, 2)}
    slow = deliver_slowly(have, runs)
    fast = deliver(have, runs)

    assert all(is_sound(run) for run in runs)
    assert {o: hi for o, hi in fast.have.items() if hi} == {
        o: hi for o, hi in slow.have.items() if hi
    }
    assert fast.waiting.keys() == slow.waiting.keys()
    assert sorted(applied(fast, runs)) == sorted(applied(slow, runs))
    assert seen_by_each(fast, runs) == seen_by_each(slow, runs)


def seen_by_each(delivery: Delivery, runs: list[Run]) -> dict[tuple[bytes, int], Vector]:
    """What the author of each applied op had seen."""
    return {
        (runs[step.run].origin, seq): step.seen
        for step in delivery.steps
        for seq in runs[step.run].seqs[step.start : step.stop]
    }


@given(runs=histories())
def test_nothing_comes_before_what_its_author_had_seen(runs: list[Run]) -> None:
    last: dict[bytes, int] = {}
    for step in deliver({}, runs).steps:
        run = runs[step.run]
        for seq in run.seqs[step.start : step.stop]:
            assert seq > last.get(run.origin, 0)
            last[run.origin] = seq
            for origin, hi in step.seen.items():
                here = [s for r in runs if r.origin == origin for s in r.seqs if s <= hi]
                assert last.get(origin, 0) >= max(here, default=0)


@pytest.mark.parametrize(
    "run",
    [
        Run(A, -1, 0, []),
        Run(A, 3, 2, []),
        Run(A, 1, 3, [1, 2]),
        Run(A, 1, 3, [2, 4]),
        Run(A, 1, 3, [3, 2]),
        Run(A, 1, 3, [2, 2]),
        Run(A, 1, 3, [2], {A: 1}),
        Run(A, 1, 3, [2], marks=[Mark(2, A, 1)]),
        Run(A, 1, 3, [2], marks=[Mark(3, B, 1), Mark(2, B, 2)]),
    ],
)
def test_a_run_that_does_not_hold_together_is_told(run: Run) -> None:
    assert not is_sound(run)


def test_ops_reach_a_recipient_who_has_all_before_them() -> None:
    have, floors = {A: 5, B: 3}, {A: 4}

    assert reaches(have, {}, {})
    assert reaches(have, floors, {A: 4})
    assert not reaches(have, floors, {A: 3, B: 3})
    assert not reaches(have, floors, {})
    assert reaches({A: 2}, {A: 4}, {A: 2})


def test_news_are_what_others_wrote_since() -> None:
    assert news({B: 2}, {A: 9, B: 3, C: 1}, A) == {B: 3, C: 1}
    assert news({B: 3, C: 1}, {A: 10, B: 3, C: 1}, A) == {}


def test_joined_vectors_cover_each_other() -> None:
    assert join({A: 1, B: 5}, {A: 2}, {C: 1}) == {A: 2, B: 5, C: 1}


def test_a_receipt_of_a_later_incarnation_is_believed_though_it_is_lower() -> None:
    old = Receipt(1, 90, {A: 9})

    assert Receipt(2, 1, {A: 3}).is_later_than(old)
    assert Receipt(1, 91, {A: 3}).is_later_than(old)
    assert not Receipt(1, 90, {A: 10}).is_later_than(old)
    assert not old.is_later_than(Receipt(2, 1, {}))
    assert old.is_later_than(None)
