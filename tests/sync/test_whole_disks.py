"""Whole disks put back in random lives: nothing that anybody has is lost, and all end alike."""

from pathlib import Path

import pytest

from correspondent_desk.domain import clock
from correspondent_desk.sync import forks
from tests.keepers import Keeper
from tests.sync.real_desk import CASTS
from tests.sync.whole_disks import PutBack
from tests.volume import examples

WORLDS = examples(4)
STEPS = 45


def live(seed: int, path: Path, keeper: Keeper | None = None) -> list[str]:
    path.mkdir()
    world = PutBack(seed, path, CASTS[seed % len(CASTS)], keeper=keeper or Keeper())
    try:
        world.roam(STEPS)
        world.heal()
        return world.judged()
    finally:
        world.close()


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(WORLDS))
def test_whole_disks_put_back_lose_nothing(seed: int, tmp_path: Path) -> None:
    assert live(seed, tmp_path / "world") == []


@pytest.mark.slow
def test_going_on_under_numbers_that_are_taken_would_be_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forks, "mend", lambda *_: False)

    # Today's dice need one of these; a change of them finds others.
    assert any(live(seed, tmp_path / str(at)) for at, seed in enumerate((19, *range(200, 240))))


@pytest.mark.slow
def test_two_lives_that_count_alike_would_be_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(clock, "MOST_LEAP", 1)

    assert any(live(seed, tmp_path / str(at)) for at, seed in enumerate((63, *range(200, 300))))
