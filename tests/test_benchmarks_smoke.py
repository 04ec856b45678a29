"""The benchmark runs: on a tiny desk, in this process, whatever the figures."""

import sys
from contextlib import nullcontext
from pathlib import Path

import pytest

from benchmarks import bundles, commands, desks, hub, queries
from benchmarks.measuring import Cost, Row, ratio_row, table
from tests.killing import forks
from tests.postgres import Server, postgres

__all__ = ["postgres"]


@pytest.fixture
def tiny(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> int:
    """Members of a desk that is kept here and not under build."""
    monkeypatch.setattr(desks, "KEPT", tmp_path)
    return 60


def test_the_measures_of_an_open_store_run(tiny: int) -> None:
    folder = desks.folder(tiny)
    key = desks.key(folder)
    desk = desks.opened(folder)
    try:
        rows = [
            *queries.search_rows(desk, key),
            *queries.page_rows(desk, key),
            *queries.save_rows(desk, key),
            *queries.today_rows(desk),
        ]
    finally:
        desk.close()

    assert len(rows) == 6
    assert all(row.ours > 0 for row in rows)
    assert desks.folder(tiny) == folder


def test_the_import_of_a_list_is_measured() -> None:
    rows = commands.import_rows(100, times=1)

    assert [row.unit for row in rows] == ["s", "MB", "s"]
    assert rows[0].floor


@forks
def test_writing_and_reading_a_bundle_is_measured() -> None:
    rows = bundles.bundle_rows(3000)

    assert [row.unit for row in rows] == ["ms", "MB", "ms", "MB"]
    assert all(row.floor for row in rows[::2])


def test_what_is_missed_is_printed_as_missed() -> None:
    fast, slow = Cost(clock=0.001, worked=0.001), Cost(clock=0.009, worked=0.002)

    told = table(
        [
            Row("kept", 3, "ms", 4),
            Row("missed", 5, "ms", 4),
            ratio_row("by the clock only", 4, [slow], [fast]),
        ]
    ).splitlines()[2:]

    assert told[0].endswith("| 4 ms | kept |")
    assert told[1].endswith("| 4 ms | **missed** |")
    assert told[2].endswith("| 9.00 | 2 | 4 | **missed** by the clock, kept in processor time |")


@pytest.mark.skipif(sys.platform != "linux", reason="the server out of a wheel is for Linux")
def test_a_hub_on_a_server_is_measured(postgres: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "A_DAY", 3)
    monkeypatch.setattr(hub, "started", lambda **_: nullcontext(postgres))
    rows = [
        *hub.ingest_rows(60, times=1),
        *hub.day_rows(times=1),
        *hub.national_rows(count=5, each=2),
    ]

    assert [row.unit for row in rows] == ["ms", "ms", "ms", "s"]
    assert all(row.ours > 0 for row in rows)
