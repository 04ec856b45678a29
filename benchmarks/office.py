"""An office with a hub and a second desk, which the window's desk exchanges with."""

from pathlib import Path

from sqlalchemy.orm import Session

from benchmarks.commands import PASSPHRASE
from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.fields import Kind
from correspondent_desk.hub import ingest, invitations, offices, outgoing, recipients
from correspondent_desk.hub.database import HubFolder, create
from correspondent_desk.records.windows import fetch_ids
from correspondent_desk.store import bulk
from correspondent_desk.store.database import Database, open_store
from correspondent_desk.store.vault import DeskFolder, create_vault
from correspondent_desk.sync import exchange

NAME = "Mairie de Valbrune"
CHANGED = ("service", "employer", "town", "access_needs", "note")


class Office:
    """Files go through a folder; close it."""

    def __init__(self, place: Path) -> None:
        self.place = place
        self.shared = place / "shared"
        self.shared.mkdir()
        self._hub = create(HubFolder(place / "hub"), "Bench")
        self._files = 0
        offices.add(self._hub, NAME)

    def close(self) -> None:
        """Let the hub go."""
        self._hub.close()

    def invitation(self) -> Path:
        """For one desk."""
        path = self._named("cdinvite")
        invitations.invite(self._hub, NAME, path)
        return path

    def takes_in(self) -> None:
        """All that desks have put into the shared folder."""
        for path in sorted(self.shared.rglob("*.cdb")):
            ingest.take_in(self._hub, path)

    def news(self, number: int) -> Path:
        """The hub's file for the desk that joined as this one, from 0."""
        to = recipients.every(self._hub)[number]
        place = self._named("news")
        place.mkdir()
        return outgoing.write(self._hub, to, place).path

    def changed_elsewhere(self, changes: int) -> None:
        """A second desk joins, knows everybody, and changes so much; the hub has it all."""
        folder = DeskFolder(self.place / "second")
        key, _code = create_vault(folder, PASSPHRASE)
        desk = open_store(folder, key)
        try:
            exchange.enrol(desk, self.invitation(), desk_name="Second")
            self._sent(desk)
            exchange.apply(desk, self.news(1))
            desk.do(Action.MEMBERS_IMPORTED, lambda s: change(s, changes, "elsewhere"))
            self._sent(desk)
        finally:
            desk.close()

    def _sent(self, desk: Database) -> None:
        made = exchange.prepare(desk, self._named("cdb"))
        assert made is not None
        ingest.take_in(self._hub, made.path)

    def _named(self, suffix: str) -> Path:
        self._files += 1
        return self.place / f"{self._files}.{suffix}"


def change(session: Session, changes: int, where: str) -> int:
    """So many fields of members, five of each; how many members."""
    ids = fetch_ids(session, "SELECT id FROM member WHERE removed_at IS NULL ORDER BY id")
    many = changes // len(CHANGED)
    rows = ((id_, [f"{where} {id_} {n}" for n in range(len(CHANGED))]) for id_ in ids[:many])
    return bulk.bulk_update(session, Kind.MEMBER, CHANGED, rows)
