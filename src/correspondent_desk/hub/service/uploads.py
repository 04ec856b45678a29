"""Bundles that desks send, part by part, kept in the database until they are taken in.

In the database and not in files: whichever process a desk meets next can go on, on whichever
machine, and a process that is killed leaves a whole number of parts (ADR 0018).
"""

import hashlib
import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Connection, delete, func, insert, select, update

from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.service import tables
from correspondent_desk.hub.service.limits import Limits
from correspondent_desk.hub.service.refusal import Refused
from correspondent_desk.hub.tables import AnyRow
from correspondent_desk.store.files import refusal
from correspondent_desk.sync.online import wire
from correspondent_desk.sync.online.wire import Code, Fate, Import, State, Upload, UploadAsk

_PASSING = "passing"


def begin(hub: Hub, desk: int, asked: UploadAsk, limits: Limits) -> tuple[Upload, bool]:
    """An upload of the desk, and whether it is new: what was begun with the same bundle goes on.

    Raises Refused: too-large, full, busy.
    """
    if asked.length > limits.upload:
        raise Refused(Code.TOO_LARGE)
    upload = tables.upload.c
    now = hub.now_ms()
    with hub.transaction() as connection:
        found = connection.execute(
            select(tables.upload)
            .where(
                upload.desk == desk, upload.sha256 == asked.sha256, upload.length == asked.length
            )
            .order_by(upload.touched_at.desc())
        ).first()
        if found is not None and _may_go_on(found):
            return _told(found), False
        _sweep(connection, desk, limits)
        _require_room(hub, connection, asked.length, limits)
        id_ = os.urandom(16)
        connection.execute(
            insert(tables.upload).values(
                id=id_,
                desk=desk,
                sha256=asked.sha256,
                length=asked.length,
                state=State.OPEN,
                touched_at=now,
            )
        )
    return Upload(id=id_.hex(), offset=0, length=asked.length, state=State.OPEN), True


def state(hub: Hub, desk: int, id_: bytes) -> Upload:
    """How far an upload has come. Raises Refused: not-found."""
    with hub.transaction() as connection:
        return _told(_row(connection, id_, desk))


def append(hub: Hub, desk: int, id_: bytes, offset: int, part: bytes) -> Upload:
    """Keep a part that begins at offset. Raises Refused: not-found, wrong-offset, wrong-state, too-large.

    A part that came before, be it in other pieces, is refused with the offset to go on from.
    """
    with hub.transaction() as connection:
        found = _row(connection, id_, desk, lock=True)
        _require_open(found)
        if offset != found.received:
            raise Refused(Code.WRONG_OFFSET, {wire.OFFSET: str(found.received)})
        if offset + len(part) > found.length:
            raise Refused(Code.TOO_LARGE)
        if part:
            connection.execute(
                insert(tables.upload_part).values(upload=id_, first=offset, content=part)
            )
            received = offset + len(part)
            _set(connection, id_, received=received, touched_at=hub.now_ms())
        return Upload(
            id=id_.hex(), offset=offset + len(part), length=found.length, state=State.OPEN
        )


def commit(hub: Hub, desk: int, id_: bytes) -> Import:
    """All parts came: the bundle may be taken in. Raises Refused: not-found, wrong-state, wrong-digest.

    Asked again, it says what became of it. One whose bytes are not those announced is forgotten.
    """
    with hub.transaction() as connection:
        found = _row(connection, id_, desk, lock=True)
        if found.state != State.OPEN:
            return _outcome(found)
        if found.received != found.length:
            raise Refused(Code.WRONG_STATE, {wire.OFFSET: str(found.received)})
        digest = hashlib.sha256()
        for piece in _pieces(connection, id_, found.length):
            digest.update(piece)
        is_right = digest.digest() == found.sha256
        if is_right:
            _set(connection, id_, state=State.COMMITTED, touched_at=hub.now_ms())
        else:
            _forget(connection, id_)
    if not is_right:
        raise Refused(Code.WRONG_DIGEST)
    return Import(id=id_.hex(), state=State.COMMITTED)


def outcome(hub: Hub, desk: int, id_: bytes) -> Import:
    """What became of an upload. Raises Refused: not-found."""
    with hub.transaction() as connection:
        return _outcome(_row(connection, id_, desk))


def unclaimed(hub: Hub, limits: Limits) -> list[bytes]:
    """Uploads that wait to be taken in and that no living process is taking in."""
    upload = tables.upload.c
    with hub.transaction() as connection:
        return list(
            connection.scalars(
                select(upload.id)
                .where(upload.state == State.COMMITTED, upload.claimed_at < _dead(hub, limits))
                .order_by(upload.touched_at)
            )
        )


@dataclass(frozen=True, slots=True)
class Claimed:
    """An upload that this process takes in. path: the whole bundle, to be removed by the caller."""

    path: Path
    desk: int


def claim(hub: Hub, id_: bytes, limits: Limits) -> Claimed | None:
    """Take it on oneself to take an upload in; None if it is done, or another process does it.

    Raises OSError; then nobody does.
    """
    upload = tables.upload.c
    path = passing(hub) / f"{id_.hex()}-{os.urandom(4).hex()}.cdb"
    with hub.transaction() as connection:
        found = connection.execute(
            update(tables.upload)
            .where(
                upload.id == id_,
                upload.state == State.COMMITTED,
                upload.claimed_at < _dead(hub, limits),
            )
            .values(claimed_at=hub.now_ms())
            .returning(upload.desk, upload.length)
        ).one_or_none()
        if found is None:
            return None
        try:
            with path.open("xb") as file:
                for piece in _pieces(connection, id_, found.length):
                    file.write(piece)
        except BaseException:
            path.unlink(missing_ok=True)
            raise
    return Claimed(path, found.desk)


def leave(hub: Hub, id_: bytes) -> None:
    """It could not be taken in just now: somebody else may try."""
    with hub.transaction() as connection:
        _set(connection, id_, claimed_at=0)


def finish(hub: Hub, id_: bytes, fate: Fate, operations: int, code: str) -> Import:
    """Keep what became of an upload, and its parts no longer."""
    with hub.transaction() as connection:
        _drop_parts(connection, id_)
        _set(
            connection,
            id_,
            state=State.DONE,
            fate=fate,
            operations=operations,
            code=code,
            touched_at=hub.now_ms(),
        )
    return Import(id=id_.hex(), state=State.DONE, fate=fate, operations=operations, code=code)


def forget_stale(hub: Hub, limits: Limits) -> None:
    """Forget what nobody goes on with, and what became of those taken in long ago."""
    upload = tables.upload.c
    old = hub.now_ms() - int(timedelta(days=limits.upload_days).total_seconds() * 1000)
    with hub.transaction() as connection:
        for id_ in connection.scalars(
            select(upload.id).where(upload.state != State.COMMITTED, upload.touched_at < old)
        ).all():
            _forget(connection, id_)


def passing(hub: Hub) -> Path:
    """Where files lie while they pass through; what a killed process left there is worth nothing."""
    place = hub.folder.path / _PASSING
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise refusal(error, place) from error
    return place


# --- rows -----------------------------------------------------------------------------------------


def _row(connection: Connection, id_: bytes, desk: int, *, lock: bool = False) -> AnyRow:
    """An upload of this desk: another's is not there for it."""
    upload = tables.upload.c
    asked = select(tables.upload).where(upload.id == id_, upload.desk == desk)
    found = connection.execute(asked.with_for_update() if lock else asked).one_or_none()
    if found is None:
        raise Refused(Code.NOT_FOUND)
    return found


def _may_go_on(found: AnyRow) -> bool:
    """One that was refused may be right the next time: a fork is mended, a desk invited again."""
    return bool(found.fate != Fate.REFUSED)


def _require_open(found: AnyRow) -> None:
    if found.state != State.OPEN:
        raise Refused(Code.WRONG_STATE, {wire.OFFSET: str(found.received)})


def _told(row: AnyRow) -> Upload:
    return Upload(id=row.id.hex(), offset=row.received, length=row.length, state=State(row.state))


def _outcome(row: AnyRow) -> Import:
    return Import(
        id=row.id.hex(),
        state=State(row.state),
        fate=Fate(row.fate),
        operations=row.operations,
        code=row.code,
    )


def _pieces(connection: Connection, id_: bytes, length: int) -> Iterator[bytes]:
    """All parts of an upload that has come, one at a time in memory."""
    part = tables.upload_part.c
    reached = 0
    while reached < length:
        content: bytes = connection.execute(
            select(part.content).where(part.upload == id_, part.first == reached)
        ).scalar_one()
        reached += len(content)
        yield content


def _set(connection: Connection, id_: bytes, **changes: object) -> None:
    connection.execute(update(tables.upload).where(tables.upload.c.id == id_).values(**changes))


def _drop_parts(connection: Connection, id_: bytes) -> None:
    connection.execute(delete(tables.upload_part).where(tables.upload_part.c.upload == id_))


def _forget(connection: Connection, id_: bytes) -> None:
    _drop_parts(connection, id_)
    connection.execute(delete(tables.upload).where(tables.upload.c.id == id_))


def _sweep(connection: Connection, desk: int, limits: Limits) -> None:
    """Forget the oldest ones of a desk that begins and begins."""
    upload = tables.upload.c
    begun = connection.scalars(
        select(upload.id)
        .where(upload.desk == desk, upload.state == State.OPEN)
        .order_by(upload.touched_at.desc())
    ).all()
    for id_ in begun[limits.uploads - 1 :]:
        _forget(connection, id_)


def _require_room(hub: Hub, connection: Connection, length: int, limits: Limits) -> None:
    upload = tables.upload.c
    pending = connection.scalar(
        select(func.coalesce(func.sum(upload.length), 0)).where(
            upload.state.in_((State.OPEN, State.COMMITTED))  # by the index: most are done
        )
    )
    if int(pending or 0) + length > limits.pending:
        raise Refused(Code.BUSY, {"Retry-After": "60"})
    require_disk(hub, length, limits)


def require_disk(hub: Hub, length: int, limits: Limits) -> None:
    """Raises Refused, full, if a bundle of this length could not be taken in."""
    # Once as parts, once as the file that is taken in, once as what is kept of it.
    if shutil.disk_usage(hub.folder.path).free < 3 * length + limits.free:
        raise Refused(Code.FULL)


def _dead(hub: Hub, limits: Limits) -> int:
    """Who claimed an upload before this moment has died over it."""
    return hub.now_ms() - limits.import_s * 1000
