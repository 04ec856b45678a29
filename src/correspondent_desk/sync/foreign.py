"""The actions behind operations that came from elsewhere: who did what when, for history to tell."""

from dataclasses import dataclass

from correspondent_desk.store import operations
from correspondent_desk.store.identity import raw
from correspondent_desk.store.session import Session
from correspondent_desk.sync.columns import OpRow

_LATEST = 1 << 47
_LAST = """
    SELECT a.id, a.number FROM history h JOIN action a ON a.id=h.action
    WHERE h.origin=? AND h.seq<? ORDER BY h.seq DESC LIMIT 1
"""


@dataclass(slots=True)
class _Action:
    id: int
    op: OpRow
    root: int
    first: int
    last: int
    count: int = 0


class ForeignActions:
    """Numbers each action once, though its operations may come in several bundles."""

    def __init__(self, session: Session) -> None:
        self._connection = raw(session)
        current = session.info.get("operations")
        # The action that is this import takes the first free number.
        self._next = current.action + 1 if isinstance(current, operations.Operations) else 0
        self._begun: dict[tuple[int, int], int] = {}
        self._new: dict[tuple[int, int], _Action] = {}
        self._more: dict[int, tuple[int, int]] = {}
        self._latest: _Action | None = None

    def of(self, origin: int, op: OpRow, root: int) -> int:
        """The action here of an operation of origin on a record of root."""
        latest = self._latest
        if (
            latest is not None
            and op.group == latest.op.group
            and op.origin == latest.op.origin
            and op.seq > latest.last
        ):
            latest.count += 1
            latest.last = op.seq
            return latest.id
        return self.several(origin, op, root, 1, op.seq)

    def several(self, origin: int, op: OpRow, root: int, count: int, last: int) -> int:
        """As of, for so many operations of which op is the first and last the last."""
        found = self._new.get((origin, op.group))
        if found is None:
            begun = self._is_begun(origin, op)
            if begun is not None:
                before, _ = self._more.get(begun, (0, 0))
                self._more[begun] = before + count, last
                return begun
            found = self._new[origin, op.group] = _Action(self._next, op, root, op.seq, last)
            self._next += 1
        found.count += count
        if op.seq < found.first:  # a snapshot brings them in any order
            found.op, found.root, found.first = op, root, op.seq
        found.last = max(found.last, last)
        self._latest = found
        return found.id

    def _is_begun(self, origin: int, op: OpRow) -> int | None:
        """The action here if an earlier bundle brought its beginning.

        Operations of one action follow each other, so only the last one that is here may be of it.
        """
        if all(of != origin for of, _ in self._begun):
            row = self._connection.execute(_LAST, (origin, op.seq)).fetchone()
            id_, number = row or (0, -1)
            self._begun[origin, number] = id_
        return self._begun.get((origin, op.group))

    def write(self) -> None:
        """Keep what was begun and what was continued."""
        self._connection.executemany(
            "INSERT INTO action(id, at, person, code, subject, records, origin, number, first, last)"
            " VALUES(?,?,?,?,?,?,?,?,?,?)",
            [
                (
                    one.id,
                    _at(one.op),
                    one.op.person,
                    one.op.action,
                    one.root,
                    one.count,
                    origin,
                    group,
                    one.first,
                    one.last,
                )
                for (origin, group), one in self._new.items()
            ],
        )
        self._connection.executemany(
            "UPDATE action SET records=records+?, last=? WHERE id=?",
            [(count, last, id_) for id_, (count, last) in self._more.items()],
        )


def _at(op: OpRow) -> int:
    """Milliseconds since 1970, within what a date can say."""
    return op.wall if 0 < op.wall < _LATEST else op.stamp >> 16
