"""Files that were not taken in, and why: kept so that an operator can tell the desk that sent them.

One row a file, whatever comes again and again from a shared folder. Files that never came from a desk
have no bundle id: they are known by their names.
"""

import hashlib
import os
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from correspondent_desk.hub import schema, tables
from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.held import HELD, HELD_FORKED
from correspondent_desk.store.changes import as_time
from correspondent_desk.sync import bundle
from correspondent_desk.sync.opening import Source
from correspondent_desk.sync.rejection import BundleRejected, Reason

_KEPT = timedelta(days=400)
_MOST = 1000
_MOST_NAME = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class RefusedRow:
    """A file that was refused. error: what sentences are made of.

    name, office, desk: nothing if unknown; a bundle that came over the network has no name.
    """

    name: str
    error: BundleRejected
    times: int
    at: datetime
    office: str = ""
    office_code: str = ""
    desk: int = 0

    @property
    def code(self) -> str:
        """Why, as a word of programs."""
        return str(self.error.reason)


def note(
    hub: Hub, source: Source, error: BundleRejected, *, name: str | None = None, desk: int = 0
) -> bool:
    """Keep that this file was refused; whether that is news, or was so for this reason before.

    name: what its sender calls it, if not as here. desk: whose it is, if its signature was believed.
    """
    columns = {
        "name": (_name(source) if name is None else name)[:_MOST_NAME],
        "code": str(error.reason),
        "desk": desk or error.details.get("desk") or getattr(error, "desk", 0),
        "at": hub.now_ms(),
    }
    key, refused = _key(source), tables.refused_bundle
    with hub.transaction() as connection:
        before = connection.scalar(select(refused.c.code).where(refused.c.key == key))
        connection.execute(schema.or_leave(connection, refused).values(key=key, times=0, **columns))
        connection.execute(
            update(refused).where(refused.c.key == key).values(times=refused.c.times + 1, **columns)
        )
        oldest = connection.scalar(
            select(refused.c.at).order_by(refused.c.at.desc()).offset(_MOST).limit(1)
        )
        old = hub.now_ms() - int(_KEPT.total_seconds() * 1000)
        connection.execute(delete(refused).where(refused.c.at <= max(old, oldest or 0)))
    return bool(before != columns["code"])


def newest(hub: Hub, count: int, *, office: int | None = None) -> list[RefusedRow]:
    """The last files that were refused, of one office or of all, newest first."""
    refused, desk, of = tables.refused_bundle.c, tables.desk.c, tables.office.c
    asked = (
        select(tables.refused_bundle, of.name.label("of"), of.code.label("of_code"), desk.number)
        .outerjoin(tables.desk, desk.id == refused.desk)
        .outerjoin(tables.office, of.id == desk.office)
        # What came once more and was taken in is no longer of interest; what is held is not taken in.
        .outerjoin(
            tables.bundle_in,
            (tables.bundle_in.c.uid == refused.key)
            & tables.bundle_in.c.state.not_in((HELD, HELD_FORKED)),
        )
        .where(tables.bundle_in.c.uid.is_(None))
        .order_by(refused.at.desc())
        .limit(count)
    )
    if office is not None:
        asked = asked.where(desk.office == office)
    with hub.transaction() as connection:
        return [
            RefusedRow(
                name=row.name,
                error=BundleRejected(_reason(row.code), path=row.name),
                times=row.times,
                at=as_time(row.at),
                office=row.of or "",
                office_code=row.of_code or "",
                desk=row.number or 0,
            )
            for row in connection.execute(asked)
        ]


def _reason(code: str) -> Reason:
    """A reason that only a newer version knows is one to update for."""
    return Reason(code) if code in set(Reason) else Reason.NEEDS_UPDATE


def _name(source: Source) -> str:
    return "" if isinstance(source, bytes) else source.name


def _key(source: Source) -> bytes:
    try:
        return bundle.preamble(source).bundle
    except BundleRejected:
        known = source if isinstance(source, bytes) else os.fsencode(source.name)
        return hashlib.sha256(known).digest()[:16]
