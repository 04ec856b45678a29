"""What a desk fetches: its next bundle, kept until the one after, so that a cut download goes on."""

import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from correspondent_desk.hub import offices, outgoing
from correspondent_desk.hub import tables as hub_tables
from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.service import tables, uploads
from correspondent_desk.hub.service.refusal import Refused
from correspondent_desk.hub.tables import AnyRow
from correspondent_desk.sync import bundle
from correspondent_desk.sync.online.wire import MOST_PART, Code
from correspondent_desk.sync.rejection import BundleRejected

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


def hear(hub: Hub, desk: int, have: Mapping[bytes, int]) -> None:
    """The desk says how far it has seen each origin.

    Not of its own: what it wrote before it was put back from a copy must come back to it, and what
    to ask again for is decided where its bundles are taken in.
    """
    with hub.transaction() as connection:
        row = _desk(connection, desk)
        known = offices.vector(connection, row.office)
        own = set(
            connection.scalars(
                select(hub_tables.origin.c.uid).where(hub_tables.origin.c.desk == desk)
            )
        )
        before = offices.heard_vector(row)
        heard = {uid: hi for uid, hi in before.items() if uid in own} | {
            uid: min(hi, known[uid]) for uid, hi in have.items() if uid in known and uid not in own
        }
        changes: dict[str, object] = {"heard_at": hub.now_ms()}
        if heard != before:
            changes["heard_vector"] = _encode(heard)
        connection.execute(
            update(hub_tables.desk).where(hub_tables.desk.c.id == desk).values(**changes)
        )


def kept(hub: Hub, desk: int, tag: str) -> Parcel | None:
    """The bundle of this ETag, if it is the desk's and still kept."""
    with hub.transaction() as connection:
        row = _parcel(connection, desk)
    found = None if row is None else Parcel(row.bundle, row.size)
    return found if found is not None and found.tag == tag else None


def next_for(hub: Hub, desk: int) -> Parcel | None:
    """The bundle that tells the desk all there is; None if it has it all.

    The one kept already, if it still says so. Raises BundleNotWritten, CannotWrite, Refused (revoked
    since it asked).
    """
    to = outgoing.recipient(hub, desk)
    if to is None or not to.has_news:
        return None
    told, heard = _packed(to.vector), _packed(offices.heard_vector(to.desk))
    if to.was_said:
        with hub.transaction() as connection:
            row = _parcel(connection, desk)
        if row is not None and (row.vector, row.have) == (told, heard):
            return Parcel(row.bundle, row.size)
    with tempfile.TemporaryDirectory(dir=uploads.passing(hub), prefix="for-") as folder:
        try:
            sent = outgoing.write(hub, to, Path(folder))
        except BundleRejected as error:
            raise Refused(Code.REVOKED) from error
        return _keep(hub, desk, sent.path, told=told, heard=heard)


def pieces(hub: Hub, parcel: Parcel, first: int) -> Iterator[bytes]:
    """The bytes of a parcel from first on. Raises Refused, not-found, if another took its place."""
    if parcel.content:
        yield parcel.content[first:]
        return
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


def _keep(hub: Hub, desk: int, path: Path, *, told: bytes, heard: bytes) -> Parcel:
    bundle_id, size = bundle.preamble(path).bundle, path.stat().st_size
    with hub.transaction() as connection, path.open("rb") as file:
        before = _parcel(connection, desk)
        if before is not None:
            part = tables.parcel_part
            connection.execute(delete(part).where(part.c.bundle == before.bundle))
            connection.execute(delete(tables.parcel).where(tables.parcel.c.desk == desk))
        pieces_of = iter(partial(file.read, MOST_PART), b"")
        content = b""
        for number, content in enumerate(pieces_of):
            connection.execute(
                insert(tables.parcel_part).values(bundle=bundle_id, number=number, content=content)
            )
        connection.execute(
            insert(tables.parcel).values(
                desk=desk,
                bundle=bundle_id,
                size=size,
                have=heard,
                vector=told,
                made_at=hub.now_ms(),
            )
        )
    return Parcel(bundle_id, size, content if len(content) == size else b"")


def _parcel(connection: Connection, desk: int) -> AnyRow | None:
    return connection.execute(
        select(tables.parcel).where(tables.parcel.c.desk == desk)
    ).one_or_none()


def _desk(connection: Connection, desk: int) -> AnyRow:
    return connection.execute(select(hub_tables.desk).where(hub_tables.desk.c.id == desk)).one()


def _packed(vector: Mapping[bytes, int]) -> bytes:
    return _encode(dict(sorted(vector.items())))
