"""What an action changed, and the rows in which its history is told."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from correspondent_desk.domain.fields import Kind

_LAST_MS = 32_503_679_999_000  # the end of 2999

T = TypeVar("T")


class Changed(Mapping[Kind, frozenset[int]]):
    """Ids of the records that were written, by kind; kinds without any are absent."""

    def __init__(self, ids: Mapping[Kind, Iterable[int]]) -> None:
        self._ids = {kind: frozenset(of_kind) for kind, of_kind in ids.items() if of_kind}

    def __getitem__(self, kind: Kind) -> frozenset[int]:
        return self._ids[kind]

    def __iter__(self) -> Iterator[Kind]:
        return iter(self._ids)

    def __len__(self) -> int:
        return len(self._ids)

    def of(self, kind: Kind) -> frozenset[int]:
        """The ids of kind, maybe none."""
        return self._ids.get(kind, frozenset())


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionRow:
    """One action as undo and the journal show it.

    code: a domain.actions.Action, or one that a newer version has. subject: the record it is about,
    of subject_kind. records: how many were written; 0 with id 0: nothing was.
    is_mine: done at this desk, not one that came in a bundle.
    """

    id: int
    at: datetime
    person: str
    code: str
    subject: int | None
    subject_kind: Kind | None
    records: int
    undoes: int | None
    undone_by: int | None
    is_mine: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """One field before and after, by column; before is None where the record was new.

    References are local ids, or None where the record is unknown here. A value of a wrong type,
    from another version, stands as it came under the field's name.
    """

    field: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryRow:
    """One save of one record: who, when, what. is_creation: its first."""

    action: ActionRow
    record: int
    kind: Kind
    is_creation: bool
    changes: tuple[FieldChange, ...]


@dataclass(frozen=True, slots=True)
class Done(Generic[T]):
    """What an action gave, what it changed and the step of history it became."""

    result: T
    changed: Changed
    action: ActionRow


def as_time(wall_ms: int) -> datetime:
    """Milliseconds since 1970 as an aware time.

    What others wrote may say any year; Windows has no local time for those after 3000.
    """
    return datetime.fromtimestamp(min(max(wall_ms, 0), _LAST_MS) / 1000, UTC)
