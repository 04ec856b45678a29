"""What stands beside the shown values of records: concurrent ones, and values that cannot be shown.

Most stores have none of either, so an import looks once whether there are any.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from sqlite3 import Connection

from correspondent_desk.domain.rules import Dot, Value
from correspondent_desk.store import values
from correspondent_desk.store.landing import Unfit
from correspondent_desk.sync.held import Loaded
from correspondent_desk.sync.origins import Origins

_IN = "record IN (SELECT value FROM json_each(?))"


class Beside:
    """The tables `sibling` and `extra` during one import."""

    def __init__(self, connection: Connection, origins: Origins) -> None:
        self._connection = connection
        self._origins = origins
        has_siblings, has_extras = connection.execute(
            "SELECT EXISTS (SELECT 1 FROM sibling), EXISTS (SELECT 1 FROM extra)"
        ).fetchone()
        self._has_siblings, self._has_extras = bool(has_siblings), bool(has_extras)

    def load(self, records: Mapping[int, Loaded]) -> None:
        """Give these records, by their ids, what stands beside them; their columns are known."""
        chosen = (values.to_json(list(records)),)
        if self._has_extras:
            for id_, number, value in self._connection.execute(
                f"SELECT record, field, value FROM extra WHERE {_IN}",  # noqa: S608
                chosen,
            ):
                one = records[id_]
                one.extras = {**one.extras, number: values.decode_one(value)}
        if self._has_siblings:
            found: defaultdict[tuple[int, int], list[Value]] = defaultdict(list)
            for id_, number, origin, seq, stamp, value in self._connection.execute(
                f"SELECT record, field, origin, seq, stamp, value FROM sibling WHERE {_IN}",  # noqa: S608
                chosen,
            ):
                dot = Dot(self._origins.uid(origin), seq, stamp)
                found[id_, number].append(Value(dot, values.decode_one(value)))
            for (id_, number), beside in found.items():
                beside.sort(key=lambda v: (v.dot.stamp, v.dot.origin, v.dot.seq), reverse=True)
                records[id_].held.beside[number] = tuple(beside)
                records[id_].had_beside = True

    def write(self, records: Sequence[Loaded], unfit: Sequence[Unfit]) -> None:
        """What stands beside these records now; unfit: values that could not be shown."""
        self._write_siblings(records)
        self._write_extras(records, unfit)

    def _write_siblings(self, records: Iterable[Loaded]) -> None:
        touched = [
            one for one in records if one.once is None and (one.had_beside or one.held.beside)
        ]
        if not touched:
            return
        self._has_siblings = True
        self._connection.executemany(
            "DELETE FROM sibling WHERE record=?", [(one.id,) for one in touched]
        )
        self._connection.executemany(
            "INSERT INTO sibling(record, field, origin, seq, stamp, value) VALUES(?,?,?,?,?,?)",
            [
                (
                    one.id,
                    number,
                    self._origins.number(value.dot.origin),
                    value.dot.seq,
                    value.dot.stamp,
                    values.encode(value.value),
                )
                for one in touched
                for number, beside in one.held.beside.items()
                for value in beside
            ],
        )

    def _write_extras(self, records: Iterable[Loaded], unfit: Sequence[Unfit]) -> None:
        if self._has_extras:
            self._connection.executemany(
                "DELETE FROM extra WHERE record=? AND field=?",
                [(one.id, number) for one in records for number in one.written],
            )
        if unfit:
            self._has_extras = True
            self._connection.executemany(
                "INSERT OR REPLACE INTO extra(record, field, value) VALUES(?,?,?)",
                [(id_, number, values.encode(value)) for id_, number, value in unfit],
            )
