"""A desk on a disk without room: it can be looked at, refuses to be changed, and loses nothing."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Run

MOUNT, UNMOUNT = shutil.which("mount") or "", shutil.which("umount") or ""


@pytest.fixture
def full(desk: Path, tmp_path: Path) -> Iterator[Path]:
    """A small disk with the desk, and no room left."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mounted = subprocess.run(
        [MOUNT, "-t", "tmpfs", "-o", "size=3m", "tmpfs", disk], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("only an administrator may mount a small disk")
    try:
        shutil.copytree(desk, disk / "desk")
        (disk / "fill").write_bytes(bytes(shutil.disk_usage(disk).free))
        yield disk
    finally:
        subprocess.run([UNMOUNT, disk], check=True)


@pytest.mark.skipif(not MOUNT, reason="no small disks here")
def test_a_full_disk(run: Run, full: Path) -> None:
    at = ("--desk", full / "desk")
    looked = [run(*at, *words).status for words in (("search", "le goff"), ("today",), ("doctor",))]
    elsewhere = run(*at, "export", "members", full.parent / "people.csv")
    refused = [
        run(*at, "edit", "member", "000417", "note=x"),
        run(*at, "export", "members", full / "people.csv"),
        run(*at, "export", "members", full / "people.xlsx"),
        run("--desk", full / "new", "demo", "--members", "5", "--no-window"),
    ]
    left = sorted(path.name for path in full.iterdir())
    (full / "fill").unlink()

    assert looked == [0, 0, 0]
    assert elsewhere.status == 0
    assert {one.err.splitlines()[-1] for one in refused} == {
        "[cannot-write:full]", "[unwritable-file:disk-full]",
    }  # fmt: skip
    assert left == ["desk", "fill", "new"]
    assert run("--desk", full / "new", "demo", "--members", "5", "--no-window").status == 0
    assert run(*at, "edit", "member", "000417", "note=x").status == 0
