"""A town of desks and a hub that give one another letters, on every database."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from correspondent_desk.hub import desks
from correspondent_desk.store.database import Database
from correspondent_desk.store.identity import raw
from correspondent_desk.sync import exchange
from tests.keepers import Keeper
from tests.sync.desks import Town


@pytest.fixture
def town(tmp_path: Path, keeper: Keeper) -> Iterator[Town]:
    town = Town(tmp_path, database=keeper.fresh())
    yield town
    town.close()


def kept(desk: Database) -> list[bytes]:
    found = desk.read(lambda s: raw(s).execute("SELECT content FROM letter").fetchall())
    return [bytes(row[0]) for row in found]


def exchanged(town: Town, *live: Database) -> None:
    """Enough exchanges for everything to be everywhere; what a desk has no need to say is not asked."""
    for _ in range(3):
        for desk in live:
            if exchange.status(desk).has_news:
                town.up(desk)
            town.down(desk)


def waiting(town: Town) -> int:
    return sum(one.waiting for one in desks.listed(town.hub))
