"""Random lives in which the hub answers by a snapshot whenever chance says so, against the oracle."""

from pathlib import Path
from random import Random
from typing import Any

import pytest

from correspondent_desk.domain.delivery import Vector
from correspondent_desk.domain.merge import Held
from correspondent_desk.domain.rules import Value
from correspondent_desk.hub import outgoing, snapshots
from correspondent_desk.sync import planting, uniting
from correspondent_desk.sync.snapshot import Survivors
from tests.sync.test_real_worlds import live
from tests.volume import examples

WORLDS = examples(6)
AT_ONCE = 2


@pytest.fixture(autouse=True)
def by_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    random = Random(0)
    monkeypatch.setattr(snapshots, "FROM", 1)
    monkeypatch.setattr(planting, "PLANTED_FROM", 1)
    monkeypatch.setattr(planting, "_MOST_THERE", 0)
    monkeypatch.setattr(outgoing, "_is_new", lambda *_: random.random() < 0.5)


@pytest.mark.slow
@pytest.mark.parametrize("first", range(0, WORLDS, AT_ONCE))
def test_worlds_with_snapshots_end_well(first: int, tmp_path: Path) -> None:
    found = {seed: live(seed, tmp_path / str(seed)) for seed in range(first, first + AT_ONCE)}

    assert not {seed: words for seed, words in found.items() if words}


def _trusting(held: Held, theirs: Held, *_: object) -> None:
    """A snapshot replaces what is here."""
    for number, dot in theirs.dots.items():
        held.dots[number] = dot
        held.values[number] = theirs.values[number]
        held.beside.pop(number, None)


def _keeping(
    mine: tuple[Value, ...], theirs: tuple[Value, ...], have: Vector, their_have: Vector
) -> list[Value]:
    """What the other side replaced is kept."""
    del have, their_have
    newest = sorted((*mine, *theirs), key=lambda value: value.dot.seq)
    return list({value.dot.origin: value for value in newest}.values())


@pytest.mark.slow
def test_a_snapshot_that_is_trusted_would_be_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(uniting, "merge_snapshot", _trusting)

    assert any(live(seed, tmp_path / str(seed)) for seed in range(20))


@pytest.mark.slow
def test_a_snapshot_that_replaces_nothing_would_be_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("correspondent_desk.domain.merge.merge_states", _keeping)

    assert any(live(seed, tmp_path / str(seed)) for seed in range(20))


@pytest.mark.slow
def test_a_log_reduced_without_what_authors_saw_would_be_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = Survivors.take

    def blindly(self: Survivors, origin: bytes, seq: int, record: bytes, *told: Any) -> None:
        take(self, origin, seq, record, told[0], {})

    monkeypatch.setattr(Survivors, "take", blindly)

    assert any(live(seed, tmp_path / str(seed)) for seed in range(20))
