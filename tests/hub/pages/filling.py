"""A hub with offices, desks, waiting and refused files, accounts and an audit, as operators may see it."""

import os
from datetime import timedelta
from pathlib import Path

from sqlalchemy import insert, select, update

import correspondent_desk
from correspondent_desk.hub import (
    audit,
    catalogue,
    decisions,
    desks,
    held,
    invitations,
    offices,
    refused,
    tables,
)
from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.pages import accounts
from correspondent_desk.hub.pages.accounts import Role
from correspondent_desk.store.changes import as_time
from correspondent_desk.store.stretching import Stretching
from correspondent_desk.sync.keys import DeskKeys
from correspondent_desk.sync.manifest import Enrolment
from correspondent_desk.sync.rejection import BundleRejected, Reason

CHEAP = Stretching(memory_kib=64, iterations=1)
PASSWORD = "quatre mots faciles ici"
HELD, PUT_BACK = bytes(range(16)), bytes(range(16, 32))
OPERATOR, AUDITOR = "Claire Moreau", "Karim Benali"

_OFFICES = (
    "Mairie de Valbrune",
    "Port de Kerlann",
    "Communauté de communes du Pays d’Hérouville-Saint-Clair et de la Haute Vallée",
    "Département de l’Ardoise",
    "École maternelle des Tilleuls",
    "Évrecy-sur-Orne",
    "Syndicat des eaux de Brémond",
)
_DESKS = (
    # office, name, person, days since it was heard of (None: never)
    (0, "PC accueil", "Mme Petit", 0),
    (0, "Portable", "M. Roux", 19),
    (0, "Mairie annexe", "Mme Çelik", 3),
    (1, "PC du port", "M. O’Brien", 1),
    (2, "Accueil", "Mme D’Hérouville", 75),
    (3, "PC 12", "M. Nguyen Van", None),
    (5, "Portable de la permanence", "", 2),
)
_DAY = int(timedelta(days=1).total_seconds() * 1000)


def people(hub: Hub) -> None:
    """An operator and an auditor who chose their passwords, and one who was just added."""
    for name, role in ((OPERATOR, Role.OPERATOR), (AUDITOR, Role.AUDITOR)):
        accounts.add(hub, name, role, PASSWORD, by="root", stretching=CHEAP)


def fill(hub: Hub) -> None:
    """All of it."""
    people(hub)
    accounts.add(hub, "Paul Lefèvre", Role.OPERATOR, by=OPERATOR, stretching=CHEAP)
    accounts.add(hub, "Ancienne collègue", Role.AUDITOR, by=OPERATOR, stretching=CHEAP)
    accounts.block(hub, "Ancienne collègue", by=OPERATOR)
    fill_offices(hub)
    catalogue.publish(hub, a_catalogue(), by=OPERATOR)
    with hub.transaction() as connection:
        for office, by, count in (("MAIRIE-DE-VALBRU", OPERATOR, 12), ("PORT-DE-KERLANN", "", 1)):
            audit.note(hub, connection, by, decisions.TAKEN_IN, office=office, decisions=count)
    folder = hub.folder.path
    for name, reason in (
        ("CD_VALBRUNE_2_14.cdb", Reason.STALE_KEY),
        ("photo de vacances.cdb", Reason.NOT_A_BUNDLE),
        ("CD_PORT_1_3 (1).cdb", Reason.TRUNCATED),
    ):
        whose = 2 if reason is Reason.STALE_KEY else 0
        refused.note(hub, folder / name, BundleRejected(reason), desk=whose)


def fill_offices(hub: Hub) -> None:
    """Seven offices and seven desks; one of them revoked, one with a file that waits."""
    added = [offices.add(hub, name, by=OPERATOR) for name in _OFFICES]
    for place, name, person, days in _DESKS:
        desk(hub, added[place].id, name, person, days)
    desks.revoke(hub, _OFFICES[0], 3, by=OPERATOR, why="lost")
    _came(hub, added[0].id, 2, "waiting", os.urandom(16))
    _came(hub, added[0].id, 3, held.HELD, HELD)
    _came(hub, added[1].id, 1, held.HELD_FORKED, PUT_BACK)
    folder = hub.folder.path
    invitations.invite(hub, _OFFICES[0], folder / "one.cdinvite", by=OPERATOR)
    (folder / "one.cdinvite").unlink()


def desk(hub: Hub, office: int, name: str, person: str, days: int | None) -> None:
    """A desk of the office of this number, heard of so many days ago or never."""
    keys = DeskKeys.generate(as_time(hub.now_ms())).public
    invitation = os.urandom(16)
    asked = Enrolment(
        invitation=invitation,
        desk=name,
        person=person,
        signing=keys.signing,
        receiving=keys.receiving,
        proof=bytes(32),
    )
    heard = 0 if days is None else hub.now_ms() - days * _DAY
    with hub.transaction() as connection:
        desks.enrol(hub, connection, office, asked)
        connection.execute(
            update(tables.desk).where(tables.desk.c.signing == keys.signing).values(heard_at=heard)
        )


def _came(hub: Hub, office: int, number: int, state: str, uid: bytes) -> None:
    """A bundle of this desk of the office."""
    with hub.transaction() as connection:
        whose = connection.scalar(
            select(tables.desk.c.id).where(
                tables.desk.c.office == office, tables.desk.c.number == number
            )
        )
        connection.execute(
            insert(tables.bundle_in).values(
                uid=uid,
                desk=whose,
                number=16,
                received_at=hub.now_ms() - 2 * _DAY,
                operations=37,
                state=state,
            )
        )


def a_catalogue() -> bytes:
    """The benefits that ship, as the committee's second edition of them."""
    here = Path(correspondent_desk.__file__).parent
    shipped = (here / "resources" / "catalogue" / "benefits.toml").read_bytes()
    return shipped.replace(b"version = 1", b"version = 2", 1)


def blank_file(path: Path) -> Path:
    """A file that is no bundle."""
    path.write_bytes(b"not a bundle")
    return path
