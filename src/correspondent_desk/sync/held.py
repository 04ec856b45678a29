"""One record of the store while operations on it are merged."""

from collections.abc import Callable, Iterable, Mapping
from sqlite3 import Connection
from types import MappingProxyType
from typing import Any

from correspondent_desk.domain.fields import REMOVED_AT
from correspondent_desk.domain.merge import Held
from correspondent_desk.domain.rules import Dot
from correspondent_desk.store import identity, landing, stamps
from correspondent_desk.store.identity import raw
from correspondent_desk.store.session import Session
from correspondent_desk.sync.columns import OpRow


class Shown(dict[int, object]):
    """Values that an import writes; what is asked for besides is read and not kept."""

    __slots__ = ("_session", "columns", "extras", "id", "is_new", "kind")

    def __init__(self, session: Session, of: "Loaded") -> None:
        super().__init__()
        self._session = session
        self.id = of.id
        self.kind = of.kind
        self.is_new = of.is_new
        self.columns = of.columns
        self.extras = of.extras

    def __missing__(self, number: int) -> object:
        if number in self.extras:
            return self.extras[number]
        kind = landing.known_kind(self.kind)
        if kind is None:
            return None
        known = landing.table(kind)
        if number not in known.fields or self.is_new:
            return self.blank(number)
        if known.fields[number].columns[0] not in self.columns:
            connection: Connection = raw(self._session)
            rows = landing.stored_rows(connection, kind, [number], [self.id])
            self.columns = {**self.columns, **rows[self.id]}
        return known.wire(number, self.columns, lambda id_: identity.uid_of(self._session, id_))

    def blank(self, number: int) -> object:
        """What stands in a field that nobody wrote."""
        kind = landing.known_kind(self.kind)
        return None if kind is None else landing.table(kind).blank_wire.get(number)


class Loaded:
    """A record with its number, kind and root here. is_new: it has no row yet.

    Most records of an import are written once, by somebody who had seen all that stands there: such
    a one keeps its operation and becomes a `Held` only when something else touches it.
    groups: who wrote what stands there, by number of the origin. columns: some of it, as stored;
    extras: what cannot be shown of it.
    """

    __slots__ = (
        "_held", "_session", "_shown", "_uid_of", "columns", "extras", "groups", "had_beside", "id",
        "is_new", "kind", "once", "root",
    )  # fmt: skip

    def __init__(
        self,
        session: Session,
        uid_of: Callable[[int], bytes],
        place: landing.Place,
        *,
        is_new: bool,
    ) -> None:
        """uid_of: an origin, given its number here."""
        self.id, self.kind, self.root = place.id, place.kind, place.root
        self.is_new = is_new
        self.groups = stamps.groups(place.stamp)
        self.columns: Mapping[str, Any] = _NOTHING
        self.extras: Mapping[int, object] = _NONE
        self.once: OpRow | None = None
        self.had_beside = False
        self._session = session
        self._uid_of = uid_of
        self._held: Held | None = None
        self._shown: Shown | None = None

    @property
    def is_untouched(self) -> bool:
        """Whether nobody has written it yet, here or in this import."""
        return self.is_new and self.is_unmerged

    @property
    def is_unmerged(self) -> bool:
        """Whether nothing of this import has touched it yet."""
        return self.once is None and self._held is None

    @property
    def was_removed(self) -> bool:
        """Whether it was out of the lists when it was loaded for a change of that."""
        return self.columns.get(REMOVED_AT) is not None

    @property
    def shown(self) -> Shown:
        """The values to show, the columns and the extras being known."""
        if self._shown is None:
            self._shown = Shown(self._session, self)
        return self._shown

    @property
    def held(self) -> Held:
        """What is held of the record."""
        if self._held is None:
            self._held = Held(values=self.shown)
            for origin, seq, at, fields in self.groups:
                dot = Dot(self._uid_of(origin), seq, at)
                self._held.dots.update(dict.fromkeys(fields, dot))
            if self.once is not None:
                op, self.once = self.once, None
                dot = Dot(op.origin, op.seq, op.stamp)
                self._held.dots.update(dict.fromkeys(op.fields, dot))
                self.shown.update(op.fields)
        return self._held

    @property
    def written(self) -> Mapping[int, object]:
        """The shown values that this import sets."""
        return self.once.fields if self.once is not None else self.shown

    def standing(self, numbers: Iterable[int]) -> dict[int, object]:
        """What stands in these fields."""
        known = landing.table_of(self.kind)
        if known is None or self.extras or self._shown:
            return {number: self.shown[number] for number in numbers}
        plain, columns = known.plain, self.columns
        return {
            number: columns[name]
            if (name := plain.get(number, "")) in columns
            else self.shown[number]
            for number in numbers
        }


_NOTHING: Mapping[str, Any] = MappingProxyType({})
_NONE: Mapping[int, object] = MappingProxyType({})
