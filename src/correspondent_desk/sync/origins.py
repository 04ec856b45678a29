"""The origins of a store by their number in it and by their id, and how far each has been seen."""

from dataclasses import dataclass
from sqlite3 import Connection

from correspondent_desk.domain import clock
from correspondent_desk.domain.delivery import Mark, Vector
from correspondent_desk.store.origins import OWN

_ALL = 1 << 63


@dataclass(slots=True)
class _Origin:
    uid: bytes
    hi: int
    stamp: int
    mine: int
    is_new: bool = False


class Origins:
    """All origins a store has heard of. Changes stay here until `write`."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._by_number: dict[int, _Origin] = {
            number: _Origin(uid, hi, stamp, mine)
            for number, uid, hi, stamp, mine in connection.execute(
                "SELECT id, uid, hi, stamp, mine FROM origin"
            )
        }
        self._numbers = {origin.uid: number for number, origin in self._by_number.items()}
        self.own: int = max(number for number, one in self._by_number.items() if one.mine == OWN)
        self._touched: set[int] = set()

    @property
    def vector(self) -> dict[bytes, int]:
        """How far each origin has been seen."""
        return {one.uid: one.hi for one in self._by_number.values() if one.hi}

    @property
    def mine(self) -> frozenset[bytes]:
        """The incarnations of this desk, present and past, and its voices."""
        return frozenset(one.uid for one in self._by_number.values() if one.mine)

    @property
    def incarnations(self) -> dict[bytes, int]:
        """How far this desk wrote, in all its incarnations."""
        return {one.uid: one.hi for one in self._by_number.values() if one.mine == OWN}

    @property
    def incarnation(self) -> int:
        """How often this desk began anew, itself included."""
        return sum(one.mine == OWN for one in self._by_number.values())

    def uid(self, number: int) -> bytes:
        """The id that travels."""
        return self._by_number[number].uid

    def number(self, uid: bytes) -> int:
        """The number here; one that was never heard of gets the next."""
        found = self._numbers.get(uid)
        if found is None:
            found = max(self._by_number) + 1
            self._numbers[uid] = found
            self._by_number[found] = _Origin(uid, 0, 0, mine=0, is_new=True)
            self._touched.add(found)
        return found

    def reached(self, uid: bytes) -> int:
        """How far uid has been seen."""
        number = self._numbers.get(uid)
        return 0 if number is None else self._by_number[number].hi

    def reach(self, author: bytes, seen: Vector) -> dict[int, int]:
        """By number here, how far the author of an operation had seen: all of what is its own."""
        numbers = self._numbers
        found = {numbers[uid]: hi for uid, hi in seen.items() if uid in numbers}
        found[self.number(author)] = _ALL
        return found

    def observe(self, number: int, stamp: int) -> None:
        """An operation of this origin was made at stamp."""
        one = self._by_number[number]
        one.stamp = clock.observe(one.stamp, stamp)

    def advance(self, vector: Vector) -> None:
        """The origins have been seen so far now."""
        for uid, hi in vector.items():
            if hi > self.reached(uid):
                number = self.number(uid)
                self._by_number[number].hi = hi
                self._touched.add(number)

    def write(self) -> None:
        """Keep what changed."""
        self._connection.executemany(
            "INSERT INTO origin(id, uid, name, hi, floor, stamp, noted, mine)"
            " VALUES(?,?,'',?,0,?,0,0)"
            " ON CONFLICT(id) DO UPDATE SET hi=excluded.hi, stamp=max(stamp, excluded.stamp)",
            [
                (number, one.uid, one.hi, one.stamp)
                for number in sorted(self._touched)
                for one in [self._by_number[number]]
            ],
        )

    def begin_after(self, vector: Vector) -> None:
        """The log of these origins begins after these numbers: what is before came in a snapshot."""
        self._connection.executemany(
            "UPDATE origin SET floor=max(floor, ?) WHERE uid=?",
            [(hi, uid) for uid, hi in vector.items()],
        )

    def keep_marks(self, uid: bytes, marks: list[Mark]) -> None:
        """Keep from which operation of uid on its author had seen what; before `write`."""
        author = self.number(uid)
        self._connection.executemany(
            "INSERT INTO context(origin, seq, seen_origin, hi) VALUES(?,?,?,?)"
            " ON CONFLICT DO UPDATE SET hi=max(hi, excluded.hi)",
            [(author, mark.seq, self.number(mark.origin), mark.hi) for mark in marks],
        )
