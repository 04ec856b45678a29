"""Random lives of real desks and a real hub end as the oracle says, and errors sown in are noticed."""

from pathlib import Path
from typing import Any

import pytest

from correspondent_desk.domain.merge import Held, merge
from correspondent_desk.store import erasing, origins, voices
from correspondent_desk.sync import merging
from tests.keepers import Keeper
from tests.sync.desks import rebuilt
from tests.sync.real import RealWorld
from tests.sync.real_desk import CASTS
from tests.volume import examples

WORLDS = examples(10)
ON_SERVER = examples(2)
AT_ONCE = 2
STEPS = 45


def live(seed: int, path: Path, keeper: Keeper | None = None) -> list[str]:
    """A whole life; what was wrong in its middle and at its end."""
    path.mkdir()
    world = RealWorld(
        seed, path, CASTS[seed % len(CASTS)], desk_count=2 + seed % 2, keeper=keeper or Keeper()
    )
    try:
        world.roam(STEPS)
        found = world.findings()
        world.heal()
        found += world.findings() + world.unfinished()
        for name in world.desks:  # by now there is something to settle
            world.take_back(name)
        world.heal()
        found += world.findings() + world.unfinished()
        for name, desk in world.desks.items():
            shown, from_history = rebuilt(desk.db)
            if shown != from_history:
                found.append(f"{name} shows something else than its history says")
    finally:
        world.close()
    return found


@pytest.mark.slow
@pytest.mark.parametrize(
    ("keeper", "first"),
    [
        *(("sqlite", first) for first in range(0, WORLDS, AT_ONCE)),
        *(("postgresql", first) for first in range(WORLDS, WORLDS + ON_SERVER, AT_ONCE)),
    ],
    indirect=["keeper"],
)
def test_real_worlds_end_well(keeper: Keeper, first: int, tmp_path: Path) -> None:
    found = {
        seed: live(seed, tmp_path / str(seed), keeper) for seed in range(first, first + AT_ONCE)
    }

    assert not {seed: words for seed, words in found.items() if words}


def arrival_wins(held: Held, dot: Any, fields: Any, seen: Any, rules: Any) -> None:
    """As merge, but every author is taken to have seen all that is here."""
    del seen
    everything = {d.origin: d.seq for n in held.dots for v in held.at(n) for d in [v.dot]}
    merge(held, dot, fields, everything, rules)


@pytest.mark.slow
def test_an_error_in_the_merge_would_be_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(merging, "merge", arrival_wins)

    assert any(live(seed, tmp_path / str(seed)) for seed in range(10))


@pytest.mark.slow
def test_forgetting_what_leaves_would_be_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without the note beside the database, a store put back uses its numbers twice."""
    monkeypatch.setattr(origins, "note_exported", lambda *_, **__: None)

    # One life in forty needs it. Those that do today come first; a change of the dice finds others.
    seeds = (54, 62, 99, *range(100, 200))
    assert any(live(seed, tmp_path / str(index)) for index, seed in enumerate(seeds))


@pytest.mark.slow
def test_who_comes_back_after_an_erasure_would_be_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A desk that takes what the hub still has of somebody, or what came late."""
    monkeypatch.setattr(erasing.Erased, "covers", lambda *_: False)

    assert any(live(seed, tmp_path / str(seed)) for seed in range(1, 40))


@pytest.mark.slow
def test_an_undo_that_settles_would_be_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without voices, who takes a settlement back drops what the other desk had written."""
    monkeypatch.setattr(voices, "speak", lambda *_: None)

    assert any(live(seed, tmp_path / str(seed)) for seed in range(3, 40))
