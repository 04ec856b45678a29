"""Bundles that lack another one, kept in the database: any computer may take in the one they lack."""

from pathlib import Path

from sqlalchemy import Connection, delete, insert, select

from correspondent_desk.hub import tables
from correspondent_desk.store.files import refusal
from correspondent_desk.sync import inbox, opening
from correspondent_desk.sync.opening import Source

_PIECE = 1 << 20


def of_desk(connection: Connection, desk: int) -> list[bytes]:
    """Ids of the bundles of this desk that wait for another one."""
    bundles = tables.bundle_in.c
    return list(
        connection.scalars(
            select(bundles.uid).where(bundles.state == inbox.WAITING, bundles.desk == desk)
        )
    )


def keep(connection: Connection, source: Source, uid: bytes) -> None:
    """Keep the sealed file under the bundle's id. Raises BundleRejected (unreadable)."""
    drop(connection, uid)
    number = 0
    with opening.opened(source) as file:
        while body := file.read(_PIECE):
            connection.execute(
                insert(tables.bundle_piece).values(uid=uid, number=number, body=body)
            )
            number += 1


def fetch(connection: Connection, folder: Path, uid: bytes) -> Path | None:
    """Its file, written into folder; None: it was lost. Raises CannotWrite."""
    piece = tables.bundle_piece.c
    numbers = connection.scalars(
        select(piece.number).where(piece.uid == uid).order_by(piece.number)
    ).all()
    path = inbox.path_of(folder, uid)
    try:
        with path.open("wb") as file:
            for number in numbers:
                file.write(
                    connection.execute(
                        select(piece.body).where(piece.uid == uid, piece.number == number)
                    ).scalar_one()
                )
    except OSError as error:
        raise refusal(error, folder) from error
    return path if numbers else None


def forget(connection: Connection, uid: bytes) -> None:
    """As if it had never come: what was in it comes again with its desk's next bundle."""
    drop(connection, uid)
    bundles = tables.bundle_in.c
    connection.execute(
        delete(tables.bundle_in).where(bundles.uid == uid, bundles.state == inbox.WAITING)
    )


def drop(connection: Connection, uid: bytes) -> None:
    """It waits no more."""
    connection.execute(delete(tables.bundle_piece).where(tables.bundle_piece.c.uid == uid))
