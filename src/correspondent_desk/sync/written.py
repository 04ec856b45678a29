"""Who wrote what stands in a record and below it, and what they had seen: what a removal is judged by."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from correspondent_desk.domain.delivery import Vector, join
from correspondent_desk.domain.fields import REMOVED, REMOVED_AT, Kind
from correspondent_desk.domain.fields import field as field_named
from correspondent_desk.domain.rules import Dot, Value
from correspondent_desk.store import landing, stamps, values
from correspondent_desk.store.identity import raw
from correspondent_desk.store.landing import chunks
from correspondent_desk.store.session import Session
from correspondent_desk.sync.held import Loaded
from correspondent_desk.sync.origins import Origins

_AT_ONCE = 20_000
_REQUEST_OF = field_named(Kind.DOCUMENT, "request_id").id


@dataclass(frozen=True, slots=True)
class Removal:
    """A record that somebody removed. is_in_view: it is shown all the same."""

    record: int
    at: str
    is_in_view: bool


@dataclass(frozen=True, slots=True)
class Line:
    """What stands in one record. dots: who wrote the shown values of which fields; beside: all others.

    is_back: whether it was brought back by an operation that wrote nothing else.
    """

    record: int
    dots: Mapping[Dot, list[int]]
    beside: Sequence[tuple[int, Value]]
    is_back: bool


class Written:
    """As the store has it."""

    def __init__(self, session: Session, origins: Origins) -> None:
        self._connection = raw(session)
        self._origins = origins

    def removals(self, kind: Kind, records: Collection[int]) -> list[Removal]:
        """Those of these records that somebody removed."""
        found = []
        for chunk in chunks(records, _AT_ONCE):
            chosen = (values.to_json(chunk),)
            found += [
                Removal(record, at, is_in_view=False)
                for record, at in self._connection.execute(
                    f"SELECT id, {REMOVED_AT} FROM {landing.table(kind).name}"  # noqa: S608 - our own names
                    f" WHERE {REMOVED_AT} IS NOT NULL AND id IN (SELECT value FROM json_each(?))",
                    chosen,
                )
            ]
            found += [
                Removal(record, at, is_in_view=True)
                for record, value in self._connection.execute(
                    "SELECT record, value FROM extra WHERE field=1"
                    " AND record IN (SELECT value FROM json_each(?))",
                    chosen,
                )
                if isinstance(at := values.decode_one(value), str)
            ]
        return found

    def lines(self, record: int) -> list[Line]:
        """Of a record and all below it."""
        rows = self._connection.execute(
            "SELECT id, kind, stamp FROM record WHERE id=?1 OR root=?1"
            " OR id IN (SELECT id FROM document WHERE request_id=?1)",
            (record,),
        ).fetchall()
        beside = self._beside([row[0] for row in rows])
        found = []
        for id_, number, packed in rows:
            dots = {
                Dot(self._origins.uid(origin), seq, at): numbers
                for origin, seq, at, numbers in stamps.groups(packed)
            }
            is_back = [REMOVED] in dots.values() and not self._is_removed(number, id_)
            found.append(Line(id_, dots, beside.get(id_, ()), is_back))
        return found

    def above(self, record: int) -> list[int]:
        """What a record lies below: its root, and a document below its request, too."""
        rows = self._connection.execute(
            "SELECT root FROM record WHERE id=?1 AND root<>id"
            " UNION ALL SELECT request_id FROM document WHERE id=?1",
            (record,),
        )
        return [above for (above,) in rows]

    def requests(self, documents: Collection[int]) -> set[int]:
        """Those that these documents are of."""
        return {
            request
            for chunk in chunks(documents, _AT_ONCE)
            for (request,) in self._connection.execute(
                "SELECT request_id FROM document WHERE id IN (SELECT value FROM json_each(?))",
                (values.to_json(chunk),),
            )
        }

    def seen(self, dot: Dot) -> Vector:
        """What the author of an operation had seen."""
        rows = self._connection.execute(
            "SELECT seen_origin, hi FROM context WHERE origin=? AND seq<=?",
            (self._origins.number(dot.origin), dot.seq),
        )
        return join(*({self._origins.uid(number): hi} for number, hi in rows))

    def _is_removed(self, number: int, record: int) -> bool:
        kind = landing.known_kind(number)
        return kind is not None and bool(self.removals(kind, [record]))

    def _beside(self, records: Sequence[int]) -> dict[int, list[tuple[int, Value]]]:
        found: defaultdict[int, list[tuple[int, Value]]] = defaultdict(list)
        for record, number, origin, seq, stamp, value in self._connection.execute(
            "SELECT record, field, origin, seq, stamp, value FROM sibling"
            " WHERE record IN (SELECT value FROM json_each(?))",
            (values.to_json(records),),
        ):
            dot = Dot(self._origins.uid(origin), seq, stamp)
            found[record].append((number, Value(dot, values.decode_one(value))))
        return found


class Foreseen(Written):
    """As the store will have it when an import is done, of which these records were loaded.

    seen: what the authors of removals among its operations had seen. id_of: the number of a record.
    """

    def __init__(
        self,
        session: Session,
        origins: Origins,
        loaded: Iterable[Loaded],
        seen: Mapping[Dot, Vector],
        id_of: Callable[[bytes], int],
    ) -> None:
        super().__init__(session, origins)
        self._seen = seen
        self._loaded = {one.id: one for one in loaded}
        self._request_of: dict[int, int] = {}
        self._below: defaultdict[int, list[Loaded]] = defaultdict(list)
        for one in self._loaded.values():
            self._below[one.root].append(one)
            request = one.written.get(_REQUEST_OF) if one.kind == Kind.DOCUMENT else None
            if isinstance(request, bytes):
                self._request_of[one.id] = id_of(request)
                self._below[self._request_of[one.id]].append(one)

    def removals(self, kind: Kind, records: Collection[int]) -> list[Removal]:
        written = {record: self._loaded[record] for record in records if self._writes(record)}
        found = super().removals(kind, [record for record in records if record not in written])
        for record, one in written.items():
            at = one.written[REMOVED]
            if isinstance(at, str):
                found.append(Removal(record, at, is_in_view=False))
        return found

    def _writes(self, record: int) -> bool:
        """Whether the import removes the record or brings it back."""
        return record in self._loaded and REMOVED in self._loaded[record].written

    def lines(self, record: int) -> list[Line]:
        stored = super().lines(record)
        loaded = {one.id: one for one in self._below.get(record, ())}
        for known in (record, *(one.record for one in stored)):
            if known in self._loaded:
                loaded[known] = self._loaded[known]
        others = [one for one in stored if one.record not in loaded]
        return [*others, *map(self._line, loaded.values())]

    def above(self, record: int) -> list[int]:
        found = super().above(record)
        if record in self._loaded and self._loaded[record].is_new:
            found.append(self._loaded[record].root)
        if record in self._request_of:
            found.append(self._request_of[record])
        return found

    def requests(self, documents: Collection[int]) -> set[int]:
        known = {self._request_of[one] for one in documents if one in self._request_of}
        return super().requests(documents) | known

    def seen(self, dot: Dot) -> Vector:
        return self._seen[dot] if dot in self._seen else super().seen(dot)

    def _line(self, one: Loaded) -> Line:
        dots: defaultdict[Dot, list[int]] = defaultdict(list)
        for number, dot in one.held.dots.items():
            dots[dot].append(number)
        beside = [(number, value) for number, of in one.held.beside.items() for value in of]
        is_back = [REMOVED] in dots.values() and not self._is_removed(one.kind, one.id)
        return Line(one.id, dots, beside, is_back)
