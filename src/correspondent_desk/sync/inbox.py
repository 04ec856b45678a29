"""Bundles received: copied before anything is believed, kept sealed while they wait for another.

The file on a stick may change or vanish while it is read; the copy does not. What a killed program
left behind is swept up the next time something is taken in.
"""

import os
import shutil
import time
from collections.abc import Collection
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from correspondent_desk.disk import sync_folder, take_place
from correspondent_desk.store.changes import as_time
from correspondent_desk.store.files import CannotWrite, refusal
from correspondent_desk.store.identity import raw
from correspondent_desk.store.session import Session
from correspondent_desk.sync import bundle
from correspondent_desk.sync.manifest import MOST_TOTAL
from correspondent_desk.sync.rejection import BundleRejected, Reason

WAITING, APPLIED = "waiting", "applied"
_ROWS = "SELECT bundle, number, sender, received_at, state FROM inbox"
_CHUNK = 1 << 20
_ABANDONED_S = 3600


@dataclass(frozen=True, slots=True, kw_only=True)
class InboxRow:
    """A bundle that came. number: the sender's count."""

    bundle: bytes
    number: int
    sender: str
    received_at: datetime
    state: str


def take_in(inbox: Path, source: Path) -> Path:
    """A copy of source in inbox under the bundle's id, on the disk.

    Raises BundleRejected for what is no bundle or cannot be read, CannotWrite.
    """
    name = bundle.preamble(source).bundle.hex()
    copy = inbox / f"{name}{bundle.SUFFIX}"
    if source.absolute() == copy.absolute():
        return copy
    part = copy.with_suffix(".part")
    try:
        inbox.mkdir(parents=True, exist_ok=True)
        _require_room(inbox, source)
        with part.open("wb") as target:
            _copy(source, target.fileno())
            os.fsync(target.fileno())
        take_place(part, copy)
        sync_folder(inbox)
    except OSError as error:
        raise refusal(error, inbox) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
    return copy


def state_of(session: Session, bundle_id: bytes) -> str | None:
    """What became of a bundle; None: it never came."""
    row = raw(session).execute("SELECT state FROM inbox WHERE bundle=?", (bundle_id,)).fetchone()
    return None if row is None else str(row[0])


def applied(session: Session, bundle_id: bytes) -> InboxRow | None:
    """The bundle of this id, if it was taken in."""
    found = raw(session).execute(f"{_ROWS} WHERE state=? AND bundle=?", (APPLIED, bundle_id))
    return next(map(_row, found), None)


def known(session: Session) -> set[bytes]:
    """Ids of all bundles that came."""
    return {row[0] for row in raw(session).execute("SELECT bundle FROM inbox")}


def waiting(session: Session) -> list[InboxRow]:
    """Bundles that wait for another one, oldest first."""
    found = raw(session).execute(f"{_ROWS} WHERE state=? ORDER BY number", (WAITING,))
    return list(map(_row, found))


def _row(found: tuple[bytes, int, str, int, str]) -> InboxRow:
    uid, number, sender, at, state = found
    return InboxRow(bundle=uid, number=number, sender=sender, received_at=as_time(at), state=state)


def note(
    session: Session,
    found: bundle.Manifest,
    *,
    state: str,
    at: int,
    report: str = "",
    action: int | None = None,
) -> None:
    """Keep what became of a bundle."""
    raw(session).execute(
        "INSERT INTO inbox(bundle, number, sender, received_at, state, path, report, action)"
        " VALUES(?,?,?,?,?,'',?,?) ON CONFLICT(bundle) DO UPDATE SET state=excluded.state,"
        " report=excluded.report, action=coalesce(excluded.action, action)",
        (found.bundle, found.number, found.sender_name, at, state, report, action),
    )


def path_of(inbox: Path, bundle_id: bytes) -> Path:
    """Where a waiting bundle lies."""
    return inbox / f"{bundle_id.hex()}{bundle.SUFFIX}"


def sweep(inbox: Path, kept: Collection[bytes], done: Collection[bytes]) -> None:
    """Remove the copies of bundles that were dealt with, and what killed programs left behind.

    kept: bundles that wait. Another program may be taking something in just now, so what is not
    known is left alone for an hour.
    """
    waiting_ = {path_of(inbox, one).stem for one in kept}
    ours = {path_of(inbox, one).stem for one in done}
    with suppress(OSError):
        for path in inbox.iterdir():
            is_old = time.time() - path.stat().st_mtime > _ABANDONED_S
            is_bundle = path.suffix in {bundle.SUFFIX, ".part"}
            if is_bundle and path.stem not in waiting_ and (is_old or path.stem in ours):
                path.unlink(missing_ok=True)


def _require_room(inbox: Path, source: Path) -> None:
    try:
        size = source.stat().st_size
    except OSError as error:
        raise BundleRejected(Reason.UNREADABLE, path=source) from error
    if size > MOST_TOTAL:
        raise BundleRejected(Reason.TOO_LARGE, what="bundle")
    if shutil.disk_usage(inbox).free < 2 * size:
        raise CannotWrite("full", path=str(inbox))


def _copy(source: Path, target: int) -> None:
    try:
        file = source.open("rb")
    except OSError as error:
        raise BundleRejected(Reason.UNREADABLE, path=source) from error
    with file:
        while piece := _read(file.fileno(), source):
            view = memoryview(piece)
            while view:
                view = view[os.write(target, view) :]


def _read(file: int, source: Path) -> bytes:
    try:
        return os.read(file, _CHUNK)
    except OSError as error:
        raise BundleRejected(Reason.UNREADABLE, path=source) from error
