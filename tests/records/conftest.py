"""A real store, encrypted, in a folder of its own."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from correspondent_desk.store.database import Database
from tests.builders import open_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Database]:
    """A new desk, open, at which Yann works."""
    opened = open_desk(tmp_path / "desk")
    yield opened
    opened.close()
