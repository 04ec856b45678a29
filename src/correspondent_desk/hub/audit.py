"""Who did what to the hub and when: written in the transaction of the act, and never changed."""

import json
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Connection, insert, select

from correspondent_desk.hub import tables
from correspondent_desk.hub.database import Hub
from correspondent_desk.store.changes import as_time


class What(StrEnum):
    """Administrative acts. Other modules may note words of their own, of at most 32 letters."""

    OFFICE_ADDED = "office-added"
    OFFICE_REMOVED = "office-removed"
    DESK_INVITED = "desk-invited"
    INVITATION_TAKEN = "invitation-taken"
    INVITATION_WITHDRAWN = "invitation-withdrawn"
    DESK_JOINED = "desk-joined"
    DESK_REVOKED = "desk-revoked"
    HUB_RESTORED = "hub-restored"
    DIRECTORY_SIGNED = "directory-signed"
    CATALOGUE_PUBLISHED = "catalogue-published"
    RESCUE_DECLINED = "rescue-declined"
    HUB_KEY_CHANGED = "hub-key-changed"
    ERASED = "erasure-confirmed"
    ERASURE_DECLINED = "erasure-declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditRow:
    """by: who, empty if nobody was named. office: its code. desk: its number, 0 for none."""

    id: int
    at: datetime
    by: str
    what: str
    office: str
    desk: int
    details: dict[str, object]


def note(
    hub: Hub,
    connection: Connection,
    by: str,
    what: str,
    *,
    office: str = "",
    desk: int = 0,
    **details: object,
) -> None:
    """Note an act, in its own transaction. details: JSON values, nothing personal."""
    connection.execute(
        insert(tables.audit).values(
            at=hub.now_ms(),
            by=by,
            what=str(what),
            office=office,
            desk=desk,
            details=json.dumps(details, ensure_ascii=False, sort_keys=True),
        )
    )


def newest(hub: Hub, count: int, *, before: int | None = None) -> list[AuditRow]:
    """The last acts, newest first. before: id of the last one that was seen already."""
    entry = tables.audit.c
    asked = select(tables.audit).order_by(entry.id.desc()).limit(count)
    if before is not None:
        asked = asked.where(entry.id < before)
    with hub.transaction() as connection:
        return [
            AuditRow(
                id=row.id,
                at=as_time(row.at),
                by=row.by,
                what=row.what,
                office=row.office,
                desk=row.desk,
                details=json.loads(row.details),
            )
            for row in connection.execute(asked)
        ]
