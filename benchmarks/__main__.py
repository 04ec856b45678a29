"""All measures, or those named; the table goes to the terminal and to benchmarks/results.md."""

import platform
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import commands, desks, queries, windows
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
    "store": in_the_store,
    "cold": commands.cold_rows,
    "import": commands.import_rows,
    "windows": windows.window_rows,
    "gaps": windows.gap_rows,
}


def main() -> int:
    """Measure; 1 when a limit is missed."""
    chosen = sys.argv[1:] or list(MEASURES)
    rows: list[Row] = []
    for name in chosen:
        rows += MEASURES[name]()
        print(f"{name}: done", file=sys.stderr, flush=True)
    print(table(rows))
    if not sys.argv[1:]:
        head = f"# Benchmark\n\n{datetime.now(UTC):%Y-%m-%d}, {platform.platform()}, "
        head += f"Python {platform.python_version()}, 100 000 members, encrypted.\n\n"
        RESULTS.write_text(head + table(rows) + "\n", encoding="utf-8")
    return 0 if all(row.is_kept for row in rows) else 1


if __name__ == "__main__":
    raise SystemExit(main())
