"""Random lives in which the hub shortens its log whenever chance says so, against the oracle."""

from pathlib import Path
from random import Random
from typing import Any

import pytest
from sqlalchemy import Connection, select

from correspondent_desk.hub import compaction, ingest, snapshots, tables
from correspondent_desk.hub.database import Hub
from tests.keepers import Keeper
from tests.sync.test_real_worlds import live
from tests.volume import examples

WORLDS = examples(6)
ON_SERVER = examples(2)
AT_ONCE = 2


@pytest.fixture(autouse=True)
def by_chance(monkeypatch: pytest.MonkeyPatch) -> None:
    """All that came is old enough at once."""
    random, take_in = Random(0), ingest.take_in

    def shortening(hub: Hub, path: Path) -> Any:
        arrival = take_in(hub, path)
        if random.random() < 0.5:
            compaction.compact(hub)
        return arrival

    def limits(connection: Connection, now_ms: int) -> dict[int, int]:
        del now_ms
        return {row.id: row.next_pos for row in connection.execute(select(tables.office))}

    monkeypatch.setattr(ingest, "take_in", shortening)
    monkeypatch.setattr(compaction, "_limits", limits)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("keeper", "first"),
    [
        *(("sqlite", first) for first in range(0, WORLDS, AT_ONCE)),
        *(("postgresql", first) for first in range(WORLDS, WORLDS + ON_SERVER, AT_ONCE)),
    ],
    indirect=["keeper"],
)
def test_worlds_with_short_logs_end_well(keeper: Keeper, first: int, tmp_path: Path) -> None:
    found = {
        seed: live(seed, tmp_path / str(seed), keeper) for seed in range(first, first + AT_ONCE)
    }

    assert not {seed: words for seed, words in found.items() if words}


@pytest.mark.slow
def test_dropping_what_stands_would_be_noticed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    standing = snapshots.standing

    def forgetful(*told: Any) -> dict[int, dict[int, frozenset[int]]]:
        return {
            number: {seq: fields for seq, fields in found.items() if seq % 3}
            for number, found in standing(*told).items()
        }

    monkeypatch.setattr(snapshots, "standing", forgetful)

    assert any(live(seed, tmp_path / str(seed)) for seed in range(20))
