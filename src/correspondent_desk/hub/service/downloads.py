"""What a desk fetches: its next bundle, kept until the one after, so that a cut download goes on."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO
from typing import BinaryIO

import msgspec
from sqlalchemy import Connection, select

from correspondent_desk.hub import outgoing, places, recipients
from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.outgoing import Made
from correspondent_desk.hub.recipients import Recipient
from correspondent_desk.hub.service import tables, uploads
from correspondent_desk.hub.service.refusal import Refused
from correspondent_desk.hub.tables import AnyRow
from correspondent_desk.hub.wording import Wording
from correspondent_desk.store.files import refusal
from correspondent_desk.sync.online.wire import MOST_PART, Code

_encode = msgspec.msgpack.Encoder().encode


@dataclass(frozen=True, slots=True)
class Parcel:
    """A bundle for a desk, whole in the database. content: all of it, if it is at hand."""

    bundle: bytes
    size: int
    content: bytes = b""

    @property
    def tag(self) -> str:
        """Its ETag: the id of the bundle."""
        return f'"{self.bundle.hex()}"'


def kept(hub: Hub, desk: int, tag: str) -> Parcel | None:
    """The bundle of this ETag, if it is the desk's and still kept."""
    with hub.transaction() as connection:
        row = _parcel(connection, desk)
    found = None if row is None else Parcel(row.bundle, row.size)
    return found if found is not None and found.tag == tag else None


def next_for(hub: Hub, desk: int, have: Mapping[bytes, int] | None) -> Parcel | None:
    """The bundle that tells the desk all there is; None if it has it all.

    have: how far the desk says that it has seen each origin; None: as its last bundle said. The bundle
    kept already, if it still says so. Raises BundleNotWritten, CannotWrite.
    """
    with hub.transaction() as connection:
        to = recipients.locked(connection, desk)
        if to is not None and have is not None:
            to = _heard(hub, connection, to, have)
        if to is None:
            return None
        is_ahead = have is not None and _is_ahead(to, have)
        told, heard = _packed(to.vector), _packed(dict(have or {}) if is_ahead else to.heard)
        row = _parcel(connection, desk) if to.was_said or is_ahead else None
        is_kept = row is not None and (row.vector, row.have) == (told, heard)
        if not (to.has_news or (is_ahead and not is_kept)):
            return None
        if row is not None and is_kept and to.was_said:
            return Parcel(row.bundle, row.size)
        made = outgoing.make(hub, connection, to)
    kept_as: list[Parcel] = []

    def keep(connection: Connection) -> None:
        kept_as.append(_keep(hub, connection, made, file, told=told, heard=heard))

    with _passing(hub, made) as file:
        outgoing.seal(hub, made, file, keep)
    return kept_as[0]


@contextmanager
def _passing(hub: Hub, made: Made) -> Iterator[BinaryIO]:
    """Where a bundle lies until it is kept: in memory, unless it is long. Raises CannotWrite."""
    if (
        sum(len(one.content) for one in made.sections if isinstance(one.content, bytes))
        <= MOST_PART
    ):
        yield BytesIO()
        return
    with places.own(uploads.passing(hub)) as folder:
        try:
            file = (folder / "bundle").open("w+b")
        except OSError as error:
            raise refusal(error, folder) from error
        with file:
            yield file


def _heard(hub: Hub, connection: Connection, to: Recipient, have: Mapping[bytes, int]) -> Recipient:
    """The desk says how far it has seen each origin; its row is locked.

    Not of its own: what it wrote before it was put back from a copy must come back to it, and what
    to ask again for is decided where its bundles are taken in.
    """
    own = {one.uid for one in to.origins.values() if one.desk == to.desk.id}
    heard = {uid: hi for uid, hi in to.heard.items() if uid in own} | {
        uid: min(hi, to.vector[uid])
        for uid, hi in have.items()
        if uid in to.vector and uid not in own
    }
    now = hub.now_ms()
    if heard != to.heard or not 0 <= now - to.desk.heard_at < _A_WHILE_MS:
        _HEARD.ask(connection, {"vector": _encode(heard), "now": now, "desk": to.desk.id})
    return replace(to, heard=heard)


def _is_ahead(to: Recipient, have: Mapping[bytes, int]) -> bool:
    """Whether the desk has work that this hub lacks, though it sends what it takes to be unknown here.

    This hub was put back from a copy then, and the desk is to hear what is left. Work of others that
    is known in part is theirs to send.
    """
    return any(
        hi > to.vector.get(uid, 0)
        for uid, hi in have.items()
        if uid not in to.origins or to.origins[uid].desk == to.desk.id
    )


_A_WHILE_MS = 60_000
_HEARD = Wording("UPDATE desk SET heard_at = :now, heard_vector = :vector WHERE id = :desk")


def pieces(hub: Hub, parcel: Parcel, first: int) -> Iterator[bytes]:
    """The bytes of a parcel from first on. Raises Refused, not-found, if another took its place."""
    number, skip = divmod(first, MOST_PART)
    for at in range(number, -(-parcel.size // MOST_PART)):
        content = _part(hub, parcel.bundle, at)
        yield content[skip:]
        skip = 0


def _part(hub: Hub, bundle_id: bytes, number: int) -> bytes:
    part = tables.parcel_part.c
    with hub.transaction() as connection:
        content: bytes | None = connection.scalar(
            select(part.content).where(part.bundle == bundle_id, part.number == number)
        )
    if content is None:
        raise Refused(Code.NOT_FOUND)
    return content


def _keep(
    hub: Hub, connection: Connection, made: Made, file: BinaryIO, *, told: bytes, heard: bytes
) -> Parcel:
    desk, bundle_id, size = made.to.desk.id, made.header.bundle, file.tell()
    file.seek(0)
    _DROP_PARTS.ask(connection, {"desk": desk})
    content = b""
    for number, content in enumerate(iter(partial(file.read, MOST_PART), b"")):
        _PART.ask(connection, {"bundle": bundle_id, "number": number, "content": content})
    _REPLACE.ask(
        connection,
        {
            "desk": desk,
            "bundle": bundle_id,
            "size": size,
            "have": heard,
            "vector": told,
            "now": hub.now_ms(),
        },
    )
    return Parcel(bundle_id, size, content if len(content) == size else b"")


_DROP_PARTS = Wording(
    "DELETE FROM parcel_part WHERE bundle IN (SELECT bundle FROM parcel WHERE desk = :desk)"
)
_PART = Wording(
    "INSERT INTO parcel_part(bundle, number, content) VALUES (:bundle, :number, :content)"
)
_REPLACE = Wording(
    "INSERT INTO parcel(desk, bundle, size, have, vector, made_at)"
    " VALUES (:desk, :bundle, :size, :have, :vector, :now) ON CONFLICT (desk) DO UPDATE SET"
    " bundle = excluded.bundle, size = excluded.size, have = excluded.have,"
    " vector = excluded.vector, made_at = excluded.made_at"
)


def _parcel(connection: Connection, desk: int) -> AnyRow | None:
    return connection.execute(
        select(tables.parcel).where(tables.parcel.c.desk == desk)
    ).one_or_none()


def _packed(vector: Mapping[bytes, int]) -> bytes:
    return _encode(dict(sorted(vector.items())))
