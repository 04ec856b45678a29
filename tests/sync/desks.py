"""A hub with an office and desks that exchange with it through real files."""

import functools
import tempfile
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from correspondent_desk.domain.actions import Action
from correspondent_desk.hub import exchange as hub_side
from correspondent_desk.hub import ingest, invitations, offices, outgoing, recipients
from correspondent_desk.hub.database import Hub, HubFolder, open_hub
from correspondent_desk.hub.ingest import Arrival
from correspondent_desk.store import landing, stamps, values
from correspondent_desk.store.database import Database, open_store
from correspondent_desk.store.identity import raw, uid_of
from correspondent_desk.store.tables import SYNCED, Member, Synced
from correspondent_desk.store.vault import DataKey, DeskFolder, unlock
from correspondent_desk.sync import exchange
from correspondent_desk.sync.exchange import Prepared, Report
from tests.builders import PASSPHRASE, Clock, open_desk
from tests.keepers import Keeper, new_hub

OFFICE = "Mairie de Valbrune"


@dataclass
class Town:
    """One hub, its files and the desks of one office; close it."""

    path: Path
    clock: Clock = field(default_factory=Clock)
    desks: list[Database] = field(default_factory=list)
    files: int = 0
    database: str = ""  # of the hub: a URL, or its folder

    def __post_init__(self) -> None:
        self.hub: Hub = new_hub(
            HubFolder(self.path / "hub"), "Comité Ouest", database=self.database, wall=self.clock
        )
        offices.add(self.hub, OFFICE)
        (self.path / "stick").mkdir()

    def close(self) -> None:
        for desk in self.desks:
            desk.close()
        self.hub.close()

    def reopen_hub(self) -> None:
        """As when its program is started anew."""
        self.hub.close()
        self.hub = open_hub(self.hub.folder, wall=self.clock)

    def copied_hub(self, keeper: Keeper, name: str) -> str:
        """A copy of its database as it is now."""
        self.hub.close()
        copy = keeper.copy(self.hub.folder, name)
        self.hub = open_hub(self.hub.folder, wall=self.clock)
        return copy

    def put_hub_back(self, keeper: Keeper, copy: str) -> None:
        """Its database is again what it was when it was copied."""
        self.hub.close()
        keeper.put_back(self.hub.folder, copy)
        self.hub = open_hub(self.hub.folder, wall=self.clock)

    def desk(self, person: str, office: str = OFFICE) -> Database:
        """A new desk with an invitation in hand."""
        desk = open_desk(self.path / f"desk-{len(self.desks)}", person, self.clock)
        self.desks.append(desk)
        exchange.enrol(desk, self.invitation(office), desk_name=f"PC {person}")
        return desk

    def meet(self, *people: str) -> list[Database]:
        """New desks that the hub has told of each other, in a town where nothing happened yet.

        In files they are copied from a town where they met: that takes a fifth of meeting anew.
        """
        assert not self.desks
        if self.database:
            return met(self, people)
        key, files, self.files = _met_elsewhere(people)
        self.hub.close()
        for name, content in files.items():
            path = self.path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content)
        self.hub.folder.key.chmod(0o600)
        self.hub = open_hub(self.hub.folder, wall=self.clock)
        for number, person in enumerate(people):
            desk = open_store(_folder(self, number), key, wall=self.clock)
            desk.person = person
            self.desks.append(desk)
        return list(self.desks)

    def invitation(self, office: str = OFFICE) -> Path:
        self.files += 1
        path = self.path / f"{self.files}.cdinvite"
        invitations.invite(self.hub, office, path)
        return path

    def prepared(self, desk: Database) -> Path:
        """The file the desk makes for the hub."""
        return self.prepare(desk).path

    def prepare(self, desk: Database) -> Prepared:
        self.files += 1
        prepared = exchange.prepare(desk, self.path / "stick" / f"{self.files}.cdb")
        assert prepared is not None
        return prepared

    def up(self, desk: Database) -> Arrival:
        """The desk's file reaches the hub."""
        return ingest.take_in(self.hub, self.prepared(desk))

    def written_for(self, desk: Database) -> Path:
        """The file the hub makes for the desk, whether it has news or not."""
        name = f"PC {desk.person}"
        [to] = [one for one in recipients.every(self.hub) if one.desk.name == name]
        self.files += 1
        place = self.path / "stick" / f"for-{self.files}"
        place.mkdir()
        return outgoing.write(self.hub, to, place).path

    def down(self, desk: Database) -> Report:
        """The hub's file reaches the desk, whose person wants whatever it removes."""
        return exchange.apply(desk, self.written_for(desk), is_meant=True)

    def round(self, *desks: Database) -> None:
        """Each desk sends, then each receives."""
        for desk in desks or self.desks:
            if exchange.prepare(desk, self.path / "stick" / "round.cdb"):
                ingest.take_in(self.hub, self.path / "stick" / "round.cdb")
        for desk in desks or self.desks:
            self.down(desk)

    def exchange_folder(self) -> None:
        hub_side.exchange_folder(self.hub, self.path / "stick")


def _folder(town: Town, number: int) -> DeskFolder:
    return DeskFolder(town.path / f"desk-{number}")


def met(town: Town, people: Iterable[str]) -> list[Database]:
    """As Town.meet, by exchanges: with the notes that desks keep beside their folders too."""
    desks = [town.desk(person) for person in people]
    town.round()
    town.round()
    return desks


@functools.cache
def _met_elsewhere(people: tuple[str, ...]) -> tuple[DataKey, dict[str, bytes], int]:
    """The key of the desks, the files of hub and desks, and how many others were made."""
    with tempfile.TemporaryDirectory() as place:
        town = Town(Path(place))
        met(town, people)
        town.close()
        folders = [town.hub.folder.path, *(_folder(town, n).path for n in range(len(people)))]
        files = {
            str(path.relative_to(place)): path.read_bytes()
            for folder in folders
            for path in folder.rglob("*")
            if path.is_file()
        }
        return unlock(_folder(town, 0), PASSPHRASE), files, town.files


def write(desk: Database, record: Synced, **columns: Any) -> None:
    """Save columns of a record as an ordinary action; record: of any desk, found by its id here."""

    def work(session: Any) -> None:
        found = session.get(type(record), record.id)
        for name, value in columns.items():
            setattr(found, name, value)

    desk.do(Action.MEMBER_EDITED, work)


def edit(desk: Database, name: str, **columns: Any) -> None:
    """As write, of the member with this first name."""

    def work(session: Any) -> None:
        found = session.query(Member).filter(Member.first_name == name).one()
        for column, value in columns.items():
            setattr(found, column, value)

    desk.do(Action.MEMBER_EDITED, work)


def contents(desk: Database) -> dict[str, list[tuple[Any, ...]]]:
    """All synchronised records in a form that is equal on desks which hold the same."""

    def read(session: Any) -> dict[str, list[tuple[Any, ...]]]:
        found = {}
        for kind, mapped in SYNCED.items():
            known = landing.table(kind)
            numbers = list(known.fields)
            ids = [row[0] for row in raw(session).execute(f"SELECT id FROM {known.name}")]
            rows = landing.stored_rows(raw(session), kind, numbers, ids)
            found[str(mapped.__tablename__)] = sorted(
                (
                    uid_of(session, id_).hex(),
                    *(
                        repr(known.wire(n, rows[id_], lambda i: uid_of(session, i)))
                        for n in numbers
                    ),
                )
                for id_ in ids
            )
        return found

    return desk.read(read)


Shown = dict[tuple[str, int], object]


def rebuilt(desk: Database) -> tuple[Shown, Shown]:
    """Each written field of each record as its table shows it, and as stamp and history say."""

    def read(session: Any) -> tuple[Shown, Shown]:
        connection = raw(session)
        shown: Shown = {}
        told: Shown = {}
        for id_, uid, number, stamp in connection.execute(
            "SELECT id, uid, kind, stamp FROM record WHERE stamp IS NOT NULL"
        ).fetchall():
            kind = landing.known_kind(number)
            assert kind is not None
            known = landing.table(kind)
            dots = stamps.unpack(stamp)
            row = landing.stored_rows(connection, kind, list(dots), [id_])[id_]
            extras = dict(
                connection.execute("SELECT field, value FROM extra WHERE record=?", (id_,))
            )
            for one, dot in dots.items():
                shown[uid.hex(), one] = (
                    values.decode_one(extras[one])
                    if one in extras
                    else known.wire(one, row, lambda i: uid_of(session, i))
                )
                (body,) = connection.execute(
                    "SELECT body FROM history WHERE origin=? AND seq=? AND record=?",
                    (dot.origin, dot.seq, id_),
                ).fetchone()
                told[uid.hex(), one] = values.decode(body)[one]
        return shown, told

    return desk.read(read)
