"""What the author of an operation had before them, where others wrote the same field meanwhile.

A history that put there what stood on *this* desk would tell of a change that nobody made. So the value
is looked up among the operations that the author had seen: the newest of them on the field.
"""

from collections import defaultdict
from collections.abc import Sequence
from sqlite3 import Connection
from typing import Any

from correspondent_desk.domain.delivery import Vector
from correspondent_desk.store import values
from correspondent_desk.sync.held import Loaded
from correspondent_desk.sync.origins import Origins

_Line = tuple[Any, ...]  # as operations.LOG


class Replaced:
    """Reads the log, and those of its lines that the import has not written yet."""

    def __init__(self, connection: Connection, origins: Origins) -> None:
        self._connection = connection
        self._origins = origins
        self._unwritten: defaultdict[int, list[_Line]] = defaultdict(list)
        self._read = 0

    def of(
        self, record: Loaded, author: bytes, seq: int, seen: Vector, log: Sequence[_Line]
    ) -> dict[int, object]:
        """By number of the field, the value that operation seq of author found; none: not known.

        log: the lines of this import that are not written yet; it only grows until `forget`.
        """
        for line in log[self._read :]:
            self._unwritten[line[2]].append(line)
        self._read = len(log)
        lines = self._connection.execute(
            "SELECT origin, seq, record, stamp, action, body FROM history WHERE record=?",
            (record.id,),
        ).fetchall()
        found: dict[int, object] = {}
        for origin, number, _, _, _, body, *_ in sorted(
            [*lines, *self._unwritten[record.id]], key=lambda line: (line[3], line[0], line[1])
        ):
            uid = self._origins.uid(origin)
            if number < seq if uid == author else number <= seen.get(uid, 0):
                found.update(values.decode(body))
        return found

    def forget(self) -> None:
        """The lines were written."""
        self._unwritten.clear()
        self._read = 0
