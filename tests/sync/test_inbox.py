"""The copies of bundles that a desk or a hub takes in."""

import random
from pathlib import Path

import pytest

from correspondent_desk.store.files import CannotWrite
from correspondent_desk.sync import inbox
from correspondent_desk.sync.bundle import Section
from tests.small_disk import fill, small_disk
from tests.sync.builders import World

SIZE = 200_000


def test_a_file_that_would_leave_no_room_to_take_it_in_is_not_copied(
    world: World, tmp_path: Path
) -> None:
    source = tmp_path / "x.cdb"
    world.write(source, Section("ops", random.Random(1).randbytes(SIZE)))
    with small_disk(tmp_path / "small", 1 << 20) as place:
        ballast = fill(place, leave=SIZE * 3 // 2)

        with pytest.raises(CannotWrite, match="full"):
            inbox.take_in(place / "inbox", source)

        assert list((place / "inbox").iterdir()) == []
        ballast.unlink()
        assert inbox.take_in(place / "inbox", source).read_bytes() == source.read_bytes()
