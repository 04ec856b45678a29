"""Operations come out of a section as they went in, whatever they hold, and take little room."""

import random
from itertools import pairwise
from typing import Any

import pytest
import zstandard
from hypothesis import given, settings
from hypothesis import strategies as st

from correspondent_desk.sync import columns, planes
from correspondent_desk.sync.bundle import BundleRejected
from correspondent_desk.sync.columns import OpRow, Run, Seen
from tests.sync.builders import World

ids = st.binary(min_size=16, max_size=16)
texts = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
integers = st.integers(-(1 << 63), (1 << 63) - 1)
scalars = st.none() | st.booleans() | integers | texts | st.binary(max_size=20)
values: st.SearchStrategy[object] = st.recursive(
    scalars,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=8,
)
fields = st.dictionaries(st.integers(0, (1 << 16) - 1), values, max_size=4)
gaps = st.integers(1, 3) | st.integers(1, 1 << 20)
times = st.integers(0, (1 << 63) - 1)


@st.composite
def runs(draw: st.DrawFn) -> Run:
    origin = draw(ids)
    first = draw(st.integers(0, 1 << 40))
    known = draw(st.lists(ids, min_size=1, max_size=4))
    seq = first
    ops: list[OpRow] = []
    for gap in draw(st.lists(gaps, max_size=12)):
        seq += gap
        ops.append(
            OpRow(
                origin=origin,
                seq=seq,
                stamp=draw(times),
                record=draw(st.sampled_from(known)),
                kind=draw(st.integers(0, 9) | st.integers(0, (1 << 16) - 1)),
                root=draw(st.sampled_from(known)),
                fields=draw(fields),
                person=draw(texts),
                action=draw(texts),
                group=draw(times),
                wall=draw(st.just(0) | st.integers(1, 1 << 60)),
            )
        )
    to = seq + draw(st.integers(0, 5))
    places = st.integers(first + 1, to) if to > first else st.nothing()
    marks = draw(st.lists(places, max_size=4)) if to > first else []
    numbers = st.integers(0, 1 << 48)
    ctx = [Seen(place, draw(st.sampled_from(known)), draw(numbers)) for place in sorted(marks)]
    ctx0 = draw(st.dictionaries(st.sampled_from(known), numbers, max_size=3))
    return Run(origin, first, to, ctx0, ctx, ops)


def seen_at(run: Run) -> list[tuple[OpRow, dict[bytes, int]]]:
    """Each op with what its author had seen: what cutting a run must not change."""
    vector, marks, found = dict(run.ctx0), list(run.ctx), []
    for op in run.ops:
        while marks and marks[0].seq <= op.seq:
            mark = marks.pop(0)
            vector[mark.origin] = max(mark.hi, vector.get(mark.origin, 0))
        found.append((op, dict(vector)))
    return found


@settings(max_examples=50)
@given(st.lists(runs(), max_size=3))
def test_runs_come_back_as_they_were(given_runs: list[Run]) -> None:
    back = [run for section in columns.pack(given_runs) for run in columns.unpack(section)]

    assert back == given_runs


@settings(max_examples=50)
@given(runs(), st.integers(1, 5))
def test_cutting_a_run_changes_neither_its_order_nor_what_was_seen(run: Run, size: int) -> None:
    sections = [columns.unpack(section) for section in columns.pack([run], size)]
    pieces = [piece for section in sections for piece in section]

    assert all(sum(len(piece.ops) for piece in section) <= size for section in sections)
    assert [pair for piece in pieces for pair in seen_at(piece)] == seen_at(run)
    assert pieces[0].first == run.first
    assert pieces[-1].to == run.to
    assert all(one.to == two.first for one, two in pairwise(pieces))


@given(st.binary(max_size=300))
@settings(max_examples=300)
def test_any_bytes_are_runs_or_refused(raw: bytes) -> None:
    try:
        columns.unpack(raw)
    except BundleRejected as error:
        refused = error.reason

        assert refused == "bad-structure"


def test_one_origin_takes_part_in_several_runs() -> None:
    world = World()
    one, two = world.run(7), world.run(5)
    [section] = columns.pack([one, Run(world.origin, 0, 0, {}, [], []), two])

    assert columns.unpack(section) == [one, Run(world.origin, 0, 0, {}, [], []), two]


def test_runs_are_read_as_they_are_needed() -> None:
    world = World()
    made = []

    def lazily() -> Any:
        for number in range(4):
            made.append(number)
            yield world.run(10)

    sections = columns.pack(lazily(), 20)
    next(sections)

    assert made == [0, 1, 2]


def test_texts_too_long_for_one_section_are_spread_over_several() -> None:
    world = World()
    text = "ample " * (2 << 20)
    run = world.run(5)
    run = run._replace(ops=[op._replace(fields={1: f"{op.seq} {text}"}) for op in run.ops])

    sections = list(columns.pack([run]))

    assert len(sections) > 2
    assert all(len(section) <= columns.MOST_BYTES for section in sections)
    assert [op for s in sections for back in columns.unpack(s) for op in back.ops] == run.ops


def test_a_value_larger_than_a_section_is_the_callers_fault() -> None:
    run = World().run(1)
    run = run._replace(ops=[run.ops[0]._replace(fields={1: bytes(33 << 20)})])

    with pytest.raises(ValueError, match="larger"):
        list(columns.pack([run]))


nested: object = 1
for _ in range(columns.DEEPEST + 2):
    nested = [nested]


@pytest.mark.parametrize(
    "changes",
    [
        {"seq": 0},
        {"seq": 2},
        {"origin": bytes(16)},
        {"record": b"short"},
        {"root": b"short"},
        {"kind": 1 << 16},
        {"stamp": 1 << 63},
        {"stamp": -1},
        {"group": -1},
        {"wall": -1},
        {"wall": 1 << 63},
        {"fields": {1 << 16: 1}},
        {"fields": {1: 0.5}},
        {"fields": {1: 1 << 63}},
        {"fields": {1: {2: "a"}}},
        {"fields": {1: ["a", {"b": {3}}]}},
        {"fields": {1: nested}},
    ],
    ids=str,
)
def test_what_no_bundle_can_hold_is_the_callers_fault(changes: dict[str, Any]) -> None:
    run = World().run(1)
    run = run._replace(ops=[run.ops[0]._replace(**changes)], ctx=[])

    with pytest.raises(ValueError, match=r"."):
        list(columns.pack([run]))


def test_marks_outside_their_run_are_the_callers_fault() -> None:
    run = World().run(5)

    with pytest.raises(ValueError, match="mark"):
        list(columns.pack([run._replace(ctx=[Seen(6, bytes(16), 1)])]))


@given(st.lists(st.integers(0, planes.WORD)))
def test_numbers_come_back_from_their_planes(numbers: list[int]) -> None:
    packed = planes.pack(numbers)

    assert planes.unpack(packed, len(numbers)) == numbers
    assert planes.length(packed) == len(numbers)
    assert planes.sums(planes.steps(numbers)) == numbers


@pytest.mark.parametrize("number", [-1, 1 << 64])
def test_numbers_of_more_than_64_bits_have_no_planes(number: int) -> None:
    with pytest.raises(ValueError, match="64 bits"):
        planes.pack([1, number])


@given(st.integers(-(1 << 62), 1 << 62))
def test_zigzag_is_undone(number: int) -> None:
    assert planes.zigzag(number) >= 0
    assert planes.unzigzag(planes.zigzag(number)) == number


def typical_work(changes: int) -> Run:
    """Work of a desk in the mix of the design study: edits of members, requests and documents,
    new contacts; 3 000 members, 6 000 requests, 36 000 documents."""
    chance = random.Random(42)
    syllables = [a + b for a in "bcdfglmnprstv" for b in "aeiou"]
    words = ["".join(chance.choices(syllables, k=chance.randint(1, 4))) for _ in range(3000)]

    def text(count: int) -> str:
        return " ".join(words[int(3000 * chance.random() ** 1.6)] for _ in range(count))

    def day() -> str:
        return f"2026-{chance.randint(1, 12):02d}-{chance.randint(1, 28):02d}"

    members = [chance.randbytes(16) for _ in range(3000)]
    requests = [(chance.randbytes(16), chance.choice(members)) for _ in range(6000)]
    documents = [(chance.randbytes(16), chance.choice(members)) for _ in range(36_000)]
    origin, wall, written = chance.randbytes(16), 1_790_000_000_000, 0
    ops: list[OpRow] = []
    while written < changes:
        saved: dict[int, object]
        match chance.choices(("member", "request", "document", "contact"), (50, 12, 20, 18))[0]:
            case "member":
                kind, record = 1, chance.choice(members)
                root = record
                value = chance.choice((text(1).title(), day(), f"06{chance.randrange(10**8):08d}"))
                saved = {chance.randint(1, 24): value}
            case "request":
                kind, (record, root) = 2, chance.choice(requests)
                saved = {chance.randint(31, 40): chance.choice((day(), text(2), text(12)))}
            case "document":
                kind, (record, root) = 3, chance.choice(documents)
                saved = {51: chance.randint(0, 4), 52: day(), 53: text(2)}
            case _:
                kind, record, root = 4, chance.randbytes(16), chance.choice(members)
                saved = {61: day(), 62: chance.randint(1, 5), 63: text(2), 64: text(3)}
                saved |= {65: text(25), 66: chance.randint(1, 40)}
        seq, wall = len(ops) + 1, wall + chance.randrange(100, 60_000)
        ops.append(
            OpRow(
                origin,
                seq,
                wall << 16,
                record,
                kind,
                root,
                saved,
                "Petit",
                f"save-{kind}",
                seq,
                wall,
            )
        )
        written += len(saved)
    return Run(origin, 0, len(ops), {}, [], ops)


@pytest.mark.parametrize(("changes", "most"), [(10_000, 25), (100_000, 18)])
def test_a_change_takes_few_bytes(changes: int, most: int) -> None:
    compressor = zstandard.ZstdCompressor(level=6)
    sections = list(columns.pack([typical_work(changes)]))
    stored = sum(len(compressor.compress(section)) for section in sections)

    assert stored / changes < most
    assert all(columns.unpack(section) for section in sections)
