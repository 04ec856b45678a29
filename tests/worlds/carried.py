"""What desks and hub of a world write, and what they hand each other."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from correspondent_desk.domain.delivery import Run, Vector, join
from correspondent_desk.domain.merge import Held
from correspondent_desk.domain.rules import Dot


class Op(NamedTuple):
    """One save of one record, under the root that decides on its erasure."""

    dot: Dot
    record: bytes
    root: bytes
    fields: Mapping[int, object]


class Write(NamedTuple):
    """What a person is about to save."""

    record: bytes
    root: bytes
    fields: Mapping[int, object]


class Loaded(NamedTuple):
    """A record of a replica."""

    root: bytes
    held: Held


@dataclass(frozen=True)
class Letter:
    """What somebody signed, in the hands of others. ops[i] are the ops of runs[i].seqs.

    signed: the ops as their signer wrote them; who forges can alter ops and not this. is_sealed: it
    speaks of somebody erased, and the hub alone can read it. snapshot: what the hub signed in the
    place of ops; it is given back to the hub and to nobody else.
    """

    runs: Sequence[Run]
    ops: Sequence[Sequence[Op]]
    signed: Sequence[Sequence[Op]]
    is_of_hub: bool
    is_sealed: bool = False
    snapshot: "Snapshot | None" = None

    @property
    def is_genuine(self) -> bool:
        """Whether it carries what was signed."""
        return self.ops is self.signed


@dataclass(frozen=True)
class Bundle:
    """ops[i] are the ops of runs[i].seqs; have is the vector of who made the bundle.

    letters: what others signed, where desks pass on, or give the hub what it lacks.
    """

    runs: Sequence[Run]
    ops: Sequence[Sequence[Op]]
    ledger: frozenset[bytes]
    have: Vector
    is_of_hub: bool = False
    letters: Sequence[Letter] = ()


@dataclass(frozen=True)
class Snapshot:
    """All that a replica holds, for one that its ops no longer reach."""

    records: Mapping[bytes, Loaded]
    ledger: frozenset[bytes]
    have: Vector
    highest: int


def seal(letter: Letter) -> Letter:
    """So that the hub alone can read it."""
    return replace(letter, is_sealed=True)


def is_among(letter: Letter, others: Iterable[Letter]) -> bool:
    """Whether the same that somebody signed is there, sealed or not."""
    return any(one.signed is letter.signed for one in others)


def roots(letter: Letter) -> set[bytes]:
    held = letter.snapshot.records.values() if letter.snapshot else ()
    return {op.root for ops in letter.ops for op in ops}.union(one.root for one in held)


def reach(letter: Letter) -> Vector:
    """Up to where it brings which origins."""
    if letter.snapshot is not None:
        return letter.snapshot.have
    return join(*({run.origin: run.upto} for run in letter.runs))


def brings(letter: Letter, known: Vector) -> bool:
    return any(hi > known.get(origin, 0) for origin, hi in reach(letter).items())


def altered(letter: Letter) -> Letter:
    forged = [
        [
            op._replace(fields={**op.fields, **dict.fromkeys(op.fields.keys() & {2}, "X")})
            for op in ops
        ]
        for ops in letter.ops
    ]
    return replace(letter, ops=forged)


def copied(records: Mapping[bytes, Loaded]) -> dict[bytes, Loaded]:
    return {
        record: Loaded(root, Held(dict(held.dots), dict(held.values), dict(held.beside)))
        for record, (root, held) in records.items()
    }
