"""The two databases of a hub, a hub with an office, and a desk and a hub that never met."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.keepers import keeper, postgres
from tests.sync.builders import World
from tests.sync.desks import Town

__all__ = ["keeper", "postgres"]


@pytest.fixture(scope="module")
def world() -> World:
    """Made once for each module, which writes and reads with its keys."""
    return World()


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    town = Town(tmp_path)
    yield town
    town.close()
