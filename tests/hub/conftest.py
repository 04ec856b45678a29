"""The two databases of a hub, and a hub on each with an office."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.keepers import Keeper, keeper, postgres
from tests.sync.desks import Town

__all__ = ["keeper", "postgres"]


@pytest.fixture
def town(tmp_path: Path, keeper: Keeper) -> Iterator[Town]:
    town = Town(tmp_path, database=keeper.fresh())
    yield town
    town.close()
