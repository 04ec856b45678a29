"""The catalogue of benefits, published by the committee: checked here, and given to every desk."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, insert, select

from correspondent_desk.errors import DeskError
from correspondent_desk.formats.documents_cell import Names
from correspondent_desk.hub import audit, schema, tables
from correspondent_desk.hub.audit import What
from correspondent_desk.hub.catalogue_tables import catalogue, catalogue_known
from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.desks import Status
from correspondent_desk.records.catalogue import (
    Catalogue,
    document_kinds,
    read,
    shipped_edition,
)
from correspondent_desk.store.changes import as_time


class CatalogueNotNewer(DeskError):
    """There is a catalogue of this version or a later one already (details: version, newest).

    reason: shipped, if that is the one which came with the program.
    """

    code = "catalogue-not-newer"


@dataclass(frozen=True, slots=True)
class Published:
    """A catalogue that desks are given. done, desks: of those trusted, how many have it."""

    content: Catalogue
    at: datetime
    by: str
    done: int
    desks: int


def publish(hub: Hub, text: bytes, *, by: str = "") -> Published:
    """Give every desk this catalogue with its next bundle.

    Its version must be larger than that of the one before; the same text again changes nothing.
    Raises CatalogueUnfit, CatalogueNotNewer.
    """
    version = read(text).edition.version
    if version <= shipped_edition().version:
        raise CatalogueNotNewer("shipped", version=version, newest=shipped_edition().version)
    with hub.transaction() as connection:
        connection.execute(select(tables.hub.c.id).with_for_update())  # one at a time
        before = _newest(connection)
        if before is None or before.text != text:
            newest = 0 if before is None else before.version
            if version <= newest:
                raise CatalogueNotNewer(version=version, newest=newest)
            connection.execute(
                insert(catalogue).values(version=version, text=text, at=hub.now_ms(), by=by)
            )
            connection.execute(tables.desk.update().values(owes_answer=True))
            audit.note(hub, connection, by, What.CATALOGUE_PUBLISHED, version=version)
    found = newest_of(hub)
    assert found is not None  # noqa: S101 - published above
    return found


def newest_of(hub: Hub) -> Published | None:
    """What desks are given; None: nothing was published, they use what ships with the program."""
    desk, known = tables.desk.c, catalogue_known.c
    with hub.transaction() as connection:
        row = _newest(connection)
        if row is None:
            return None
        trusted = select(func.count()).where(desk.status == Status.ACTIVE)
        has_it = trusted.where(desk.id.in_(select(known.desk).where(known.version >= row.version)))
        return Published(
            read(row.text),
            as_time(row.at),
            row.by,
            connection.scalar(has_it) or 0,
            connection.scalar(trusted) or 0,
        )


def document_names(hub: Hub) -> Names:
    """What the catalogues call documents, the one that desks are given and the one that ships."""
    with hub.transaction() as connection:
        row = _newest(connection)
    published = () if row is None else read(row.text).document_kinds.values()
    return Names(name for one in (*document_kinds(), *published) for name in (one.fr, one.en))


def text_of(connection: Connection, version: int) -> bytes:
    """The text of this version."""
    found: bytes = connection.execute(
        select(catalogue.c.text).where(catalogue.c.version == version)
    ).scalar_one()
    return found


def hear(connection: Connection, desk: int, version: int) -> None:
    """The desk says which version it has; one put back from a copy may say less."""
    told = {"desk": desk, "version": version}
    connection.execute(schema.or_leave(connection, catalogue_known), told)
    connection.execute(
        catalogue_known.update().where(catalogue_known.c.desk == desk).values(version=version)
    )


def lacking(connection: Connection) -> dict[int, int]:
    """For each desk that lacks it, the version that is to be sent."""
    newest: int = connection.scalar(select(func.max(catalogue.c.version))) or 0
    desk, known = tables.desk.c, catalogue_known.c
    found = connection.execute(
        select(desk.id)
        .outerjoin(catalogue_known, known.desk == desk.id)
        .where(func.coalesce(known.version, 0) < newest)
    )
    return {row.id: newest for row in found}


def _newest(connection: Connection) -> tables.AnyRow | None:
    return connection.execute(
        select(catalogue).order_by(catalogue.c.version.desc()).limit(1)
    ).one_or_none()
