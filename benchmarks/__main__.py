"""All measures, or those named; the table goes to the terminal and to benchmarks/results.md."""

import os
import platform
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import bundles, carrying, commands, crowd, desks, hub, online, queries, windows
from benchmarks.measuring import Row, table

RESULTS = Path(__file__).parent / "results.md"


def in_the_store() -> list[Row]:
    """What one open store answers."""
    folder = desks.folder(desks.LARGE)
    key = desks.key(folder)
    desk = desks.opened(folder)
    try:
        return [
            *queries.search_rows(desk, key),
            *queries.page_rows(desk, key),
            *queries.save_rows(desk, key),
            *queries.today_rows(desk),
        ]
    finally:
        desk.close()


MEASURES: dict[str, Callable[[], list[Row]]] = {
    "windows": windows.window_rows,
    "cold": commands.cold_rows,
    "store": in_the_store,
    "import": commands.import_rows,
    "gaps": windows.gap_rows,
    "bundles": bundles.bundle_rows,
    "carry": carrying.carry_rows,
    "hub": hub.hub_rows,
    "online": online.online_rows,
    "crowd": crowd.crowd_rows,
}


def main() -> int:
    """Measure; 1 when a limit is missed. What all of them gave is kept as it comes."""
    words = sys.argv[1:]
    if not set(words) <= set(MEASURES):
        print(f"bench [{'|'.join(MEASURES)}]…: all of them, into results.md, unless some are named")
        return 2
    chosen = words or list(MEASURES)
    rows: list[Row] = []
    for name in chosen:
        rows += MEASURES[name]()
        print(f"{name}: done", file=sys.stderr, flush=True)
        if not words:
            RESULTS.write_text(f"{_head()}\n\n{table(rows)}\n", encoding="utf-8")
    print(table(rows))
    return 0 if all(row.is_kept for row in rows) else 1


def _head() -> str:
    load = f"{os.getloadavg()[1]:.1f}" if hasattr(os, "getloadavg") else "unknown"
    return (
        f"# Benchmark\n\n{datetime.now(UTC):%Y-%m-%d}, {platform.platform()}, Python"
        f" {platform.python_version()}, {os.cpu_count()} processors, load {load}; 100 000 members,"
        " 300 000 requests, 200 000 meetings, 1 000 000 contacts, encrypted.\n\nWhere a limit is"
        " missed by the clock but kept in processor time, other programs had the processor. The"
        " import and its floor run by turns, five times each, and the best of each counts."
    )


if __name__ == "__main__":
    raise SystemExit(main())
