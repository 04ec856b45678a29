"""A desk that joined an office belongs to it: no other invitation takes its people elsewhere."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from correspondent_desk.hub import identity, offices, root, tables
from correspondent_desk.hub.root import NewKey
from correspondent_desk.store import vault
from correspondent_desk.store.database import Database, open_store
from correspondent_desk.sync import exchange, link, rescue
from tests.builders import PASSPHRASE, add_member
from tests.sync.desks import Town

SECRET = "the lamp is lit at dusk"
PORT = "Port de Kerlann"


@pytest.fixture
def town(town: Town) -> Town:
    offices.add(town.hub, PORT)
    return town


@pytest.fixture
def stranger(tmp_path: Path) -> Iterator[Town]:
    """Another committee, with a hub of its own."""
    place = tmp_path / "stranger"
    place.mkdir()
    made = Town(place)
    yield made
    made.close()


def offices_key(town: Town) -> bytes:
    with town.hub.transaction() as connection:
        return identity.keys(connection).public.signing


def refuse(desk: Database, *invitations: Path) -> None:
    for path in invitations:
        with pytest.raises(exchange.AlreadyEnrolled):
            exchange.enrol(desk, path)


def test_invited_again_it_still_belongs_to_its_office(town: Town, stranger: Town) -> None:
    desk = town.desk("Yann")
    town.round()
    elsewhere = stranger.invitation(), town.invitation(PORT)
    refuse(desk, *elsewhere)

    exchange.enrol(desk, town.invitation(), desk_name="PC Yann")
    refuse(desk, *elsewhere)
    exchange.enrol(desk, town.invitation(), desk_name="PC Yann")
    refuse(desk, *elsewhere)

    add_member(desk)
    town.round()
    assert exchange.status(desk).is_welcomed
    assert exchange.status(desk).to_send == 0
    refuse(desk, *elsewhere)


def test_a_desk_that_never_joined_may_choose_another_office(town: Town, stranger: Town) -> None:
    desk = town.desk("Yann")

    exchange.enrol(desk, town.invitation(PORT))
    assert exchange.status(desk).office_name == PORT
    exchange.enrol(desk, stranger.invitation())

    assert desk.read(link.load)[0].hub.signing == offices_key(stranger)


def test_a_hub_that_signs_with_another_key_by_now_leads_back(town: Town) -> None:
    root.make(town.hub, town.path / "root", SECRET)
    desk = town.desk("Yann")
    town.round()
    root.publish(town.hub, town.path / "root", SECRET, new_key=NewKey.STOLEN)

    exchange.enrol(desk, town.invitation(), desk_name="PC Yann")
    add_member(desk)
    town.round()

    assert exchange.status(desk).to_send == 0


def test_a_strange_hub_that_names_the_same_office_is_refused(town: Town, stranger: Town) -> None:
    root.make(town.hub, town.path / "root", SECRET)
    desk = town.desk("Yann")
    town.round()
    known, _ = desk.read(link.load)
    with stranger.hub.transaction() as connection:
        connection.execute(tables.office.update().values(uid=known.office))

    without_root = stranger.invitation()
    root.make(stranger.hub, stranger.path / "root", SECRET)
    refuse(desk, without_root, stranger.invitation())


def test_a_desk_that_joins_anew_belongs_where_it_was(town: Town, stranger: Town) -> None:
    desk = town.desk("Yann")
    town.round()
    exchange.enrol(desk, town.invitation(), desk_name="PC Yann")  # it has no number for now
    folder = desk.folder
    town.desks.remove(desk)
    desk.close()
    now = datetime(2026, 11, 22)  # noqa: DTZ001 - local, as copies are named

    key = vault.unlock(folder, PASSPHRASE)
    rescue.rescue(folder, key, town.invitation(), now)

    again = open_store(folder, key, wall=town.clock)
    town.desks.append(again)
    refuse(again, stranger.invitation(), town.invitation(PORT))
