"""The two databases of a hub, and a desk and a hub that never met."""

import pytest

from tests.keepers import keeper, postgres
from tests.sync.builders import World

__all__ = ["keeper", "postgres"]


@pytest.fixture(scope="module")
def world() -> World:
    """Made once for each module, which writes and reads with its keys."""
    return World()
