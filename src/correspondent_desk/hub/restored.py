"""Noticing that the hub's database was put back from a copy (ADR 14).

A hub that has forgotten what it told its desks begins a new incarnation: they then send again what it
lost. Three nets: the database server is another one than before; a folder has noted beside it that
it handed out more bundles than the database knows; the administrator says so.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock
from sqlalchemy import Connection, insert, select, text, update
from sqlalchemy.exc import ProgrammingError

from correspondent_desk.hub import tables
from correspondent_desk.hub.wording import Wording
from correspondent_desk.store.files import CannotWrite, as_json, from_json, refusal, write_whole

_MINUTE_MS = 60_000
_BUNDLES = "bundles"
_SECTOR = 512
_FIRST_PLACE = bytes(16)
_IDENTITY = text(
    "SELECT (SELECT system_identifier FROM pg_control_system()) || ':' ||"
    " left(pg_walfile_name(pg_current_wal_lsn()), 8) || ':' ||"
    " (SELECT oid FROM pg_database WHERE datname = current_database())"
)


class Sidecar:
    """What a folder notes beside the database, and what must not be put back together with it.

    place: the folder's own number. bundles: how many were handed out from here. roster: the highest
    version of a list of desks. decided: the stamp of the last decision. signing: the keys that the hub signed with. Several processes may be
    served from one folder. bundles has a file of its own beside path, as it changes with each of them.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self.files = (path, path.with_suffix(".count"), path.with_name(f"{path.name}.lock"))
        self._count = _Count(self.files[1])
        self._lock = FileLock(self.files[2])
        self._place = b""

    def place(self) -> bytes:
        """Made the first time; a folder of the first version has number 0. Raises CannotWrite."""
        if not self._place:
            with self._locked():
                known = self._read()
                place = _as_bytes(known.get("place"))
                if not place:
                    is_first = known and "place" not in known
                    place = _FIRST_PLACE if is_first else os.urandom(len(_FIRST_PLACE))
                    write_whole(self._path, as_json({**known, "place": place.hex()}))
            self._place = place
        return self._place

    def number(self, name: str) -> int:
        """A number that was noted; 0 for none."""
        if name == _BUNDLES:
            return max(self._count.read(), _as_int(self._read().get(name)))
        return _as_int(self._read().get(name))

    def raise_to(self, **numbers: int) -> None:
        """Note numbers that only ever grow. Raises CannotWrite."""
        with self._locked():
            self._count.raise_to(numbers.pop(_BUNDLES, 0))
            known = self._read()
            larger = {name: n for name, n in numbers.items() if n > _as_int(known.get(name))}
            if larger:
                write_whole(self._path, as_json({**known, **larger}))

    def keys(self) -> frozenset[bytes]:
        """The signing keys that the hub ever had, as far as it was opened here; public halves."""
        found = self._read().get("signing", [])
        told = found if isinstance(found, list) else []
        return frozenset(filter(None, map(_as_bytes, told)))

    @property
    def has_seen_use(self) -> bool:
        """Whether a hub was opened here after it was made, or handed something out."""
        return bool(self.keys()) or self.number(_BUNDLES) > 0

    def note_key(self, signing: bytes) -> None:
        """Note a signing key that the hub has; once. Raises CannotWrite."""
        if signing in self.keys():
            return
        with self._locked():
            known = self._read()
            before = known.get("signing", [])
            told = [*before, signing.hex()] if isinstance(before, list) else [signing.hex()]
            write_whole(self._path, as_json({**known, "signing": told}))

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """A folder that has gone is not made anew. Raises CannotWrite."""
        if not self._path.parent.is_dir():
            raise CannotWrite("silent", path=str(self._path.parent))
        with self._lock:
            yield

    def _read(self) -> dict[str, object]:
        try:
            found = from_json(self._path.read_bytes())
        except (OSError, ValueError):
            return {}
        return found if isinstance(found, dict) else {}


class _Count:
    """A number that only grows, written in place: a new file each time costs four times as much.

    It stands twice in either of two places, where the smaller number was. A place that the power failed
    at disagrees with itself and counts for nothing; the other one holds the number before.
    """

    def __init__(self, path: Path) -> None:
        self._path = path

    def read(self) -> int:
        """0 if there is none."""
        return max(self._places())

    def _places(self) -> tuple[int, int]:
        found = b""
        with suppress(OSError):
            found = self._path.read_bytes()
        return _counted(found[:_SECTOR]), _counted(found[_SECTOR:])

    def raise_to(self, number: int) -> None:
        """Note it, if it is larger. Raises CannotWrite."""
        first, second = self._places()
        if number <= max(first, second):
            return
        try:
            if not self._path.is_file():
                write_whole(self._path, bytes(2 * _SECTOR))
            with self._path.open("r+b", buffering=0) as file:
                file.seek(0 if first < second else _SECTOR)
                file.write(b"%020d %020d" % (number, number))
                _flush(file.fileno())
        except OSError as error:
            raise refusal(error, self._path) from error


def _counted(place: bytes) -> int:
    first, _, again = place.rstrip(b"\0").partition(b" ")
    return int(first) if first == again and first.isdigit() else 0


def _flush(handle: int) -> None:
    """The content, which has its place already: a name or a length need not be."""
    (os.fdatasync if hasattr(os, "fdatasync") else os.fsync)(handle)


def _as_int(found: object) -> int:
    return found if isinstance(found, int) else 0


def _as_bytes(found: object) -> bytes:
    """Nothing, if it is no such number: somebody edited the file, or a disk has damaged it."""
    try:
        return bytes.fromhex(found) if isinstance(found, str) else b""
    except ValueError:
        return b""


def look(connection: Connection, sidecar: Sidecar, now_ms: int) -> None:
    """Begin a new incarnation if the database was put back; else learn where it is now."""
    here = _identity(connection)
    head = connection.execute(select(tables.hub.c.identity, tables.hub.c.incarnation)).one()
    moved = bool(head.identity) and here != head.identity
    if moved or _handed_out(connection, sidecar) < sidecar.number("bundles"):
        begin_anew(connection, sidecar, now_ms)
    else:
        sidecar.raise_to(incarnation=head.incarnation)
    if here != head.identity:
        connection.execute(update(tables.hub).values(identity=here))


def begin_anew(connection: Connection, sidecar: Sidecar, now_ms: int) -> int:
    """The hub's new incarnation, of which each desk must hear; it is returned.

    Each of them needs it if only to learn under which key this hub receives again. The minute is
    part of it, so that two computers that do not know of each other choose different ones.
    """
    head = connection.execute(select(tables.hub.c.incarnation).with_for_update()).one()
    known = max(head.incarnation, sidecar.number("incarnation"))
    made: int = max(known + 1, now_ms // _MINUTE_MS)
    sidecar.raise_to(incarnation=made)
    place = tables.place.c
    connection.execute(update(tables.hub).values(incarnation=made))
    connection.execute(
        update(tables.place)
        .where(place.uid == sidecar.place(), place.handed_out < sidecar.number("bundles"))
        .values(handed_out=sidecar.number("bundles"))
    )
    connection.execute(update(tables.desk).values(owes_answer=True))
    return made


def hand_out(connection: Connection, sidecar: Sidecar, now_ms: int) -> int:
    """Count one more bundle of this folder; the number is to be noted in the sidecar after the commit.

    When the database was put back under an open hub, it begins anew.
    """
    count = _count_up(connection, sidecar)
    if count is None or count <= sidecar.number("bundles"):
        _handed_out(connection, sidecar)  # its row may have been put back as well
        begin_anew(connection, sidecar, now_ms)
        count = _count_up(connection, sidecar)
    assert count is not None  # noqa: S101 - the row was made above
    return count


def _count_up(connection: Connection, sidecar: Sidecar) -> int | None:
    found: int | None = _COUNT.ask(connection, {"place": sidecar.place()}).scalar_one_or_none()
    return found


_COUNT = Wording(
    "UPDATE place SET handed_out = handed_out + 1 WHERE uid = :place RETURNING handed_out"
)


def _handed_out(connection: Connection, sidecar: Sidecar) -> int:
    uid = sidecar.place()
    known = connection.scalar(select(tables.place.c.handed_out).where(tables.place.c.uid == uid))
    if known is None:
        # New here, or the database was put back from before this folder was: then 0 is too few.
        connection.execute(insert(tables.place).values(uid=uid, handed_out=0))
        return 0
    return int(known)


def _identity(connection: Connection) -> str:
    """Another one after a restore into another server or database, or to an earlier moment."""
    if connection.dialect.name != "postgresql":
        return ""
    try:
        with connection.begin_nested():
            return str(connection.scalar(_IDENTITY))
    except ProgrammingError:  # a server that does not tell everybody about itself
        found = connection.scalar(
            text("SELECT oid::text FROM pg_database WHERE datname = current_database()")
        )
        return str(found)
