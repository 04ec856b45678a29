"""What the root key vouches for comes with every exchange, and a new key of the hub with it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from sqlalchemy import delete

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.members import MemberId
from correspondent_desk.errors import DeskError
from correspondent_desk.hub import erasing, root
from correspondent_desk.hub.erasure_tables import directory as kept
from correspondent_desk.hub.root import NewKey
from correspondent_desk.messages import health
from correspondent_desk.records import erasures
from correspondent_desk.store.database import Database
from correspondent_desk.sync import directory, exchange
from correspondent_desk.sync.link import Link
from correspondent_desk.sync.online import vouching, wire
from correspondent_desk.sync.online.exchange import (
    Carried,
    OnlineReport,
    carry,
    exchange_online,
    plan,
)
from tests.builders import add_member
from tests.hub.service.serving import Certificate, Served, known, online_desk, reaches, served
from tests.keepers import ON_DISK
from tests.sync.desks import Town, contents

SECRET = "the lamp is lit at dusk"


@pytest.fixture
def safe(town: Town) -> Path:
    """The file of the root key; the hub has signed its first directory."""
    path = town.path / "root"
    root.make(town.hub, path, SECRET)
    return path


def carried(desk: Database) -> Carried:
    return carry(plan(desk), lambda _progress: None)


def version(desk: Database) -> int:
    return vouching.version(known(desk)[0])


def online(desk: Database) -> OnlineReport:
    report = exchange_online(desk)
    assert report.trouble is None
    return report


# --- over the network -----------------------------------------------------------------------------


def test_a_desk_hears_of_a_newer_one_and_only_of_a_newer_one(
    town: Town, safe: Path, hub: Served
) -> None:
    desk = online_desk(town, hub)
    online(desk)
    first = version(desk)
    town.clock.at += timedelta(days=1)
    second = root.publish(town.hub, safe, SECRET).directory.version

    told = carried(desk).directory
    exchange_online(desk)
    again = carried(desk).directory

    assert told is not None
    assert told.vouched
    assert first < version(desk) == second
    assert again is not None
    assert not again.vouched


@ON_DISK
def test_a_hub_that_forgot_its_newest_brings_no_earlier_one_back(
    town: Town, safe: Path, hub: Served
) -> None:
    desk = online_desk(town, hub)
    town.clock.at += timedelta(days=1)
    newest = root.publish(town.hub, safe, SECRET).directory.version
    online(desk)
    with town.hub.transaction() as connection:
        connection.execute(delete(kept).where(kept.c.version == newest))

    add_member(desk)
    online(desk)

    assert version(desk) == newest


# --- what a hub may not say -----------------------------------------------------------------------


@dataclass
class Said:
    """What a hub says to this desk, and what else it could say."""

    link: Link
    found: wire.Directory
    key: Ed25519PrivateKey

    def learned(self, **changes: object) -> Link:
        return vouching.learned(self.link, msgspec.structs.replace(self.found, **changes))

    def signed(self, by: Ed25519PrivateKey, **changes: object) -> bytes:
        told = directory.read(self.link.directory, self.link.root)
        return directory.sign(by, msgspec.structs.replace(told, **changes))


@pytest.fixture
def said(town: Town, hub: Served) -> Said:
    """The root key is ours here, so that we can sign what it never would."""
    desk = online_desk(town, hub)
    found = carried(desk).directory
    assert found is not None
    key = Ed25519PrivateKey.generate()
    made = directory.Directory(
        version=7,
        made=0,
        signing=[found.signing],
        receiving=found.receiving,
        recovery=found.receiving,
    )
    public = key.public_key().public_bytes_raw()
    told, _ = known(desk)
    told = msgspec.structs.replace(told, root=public, directory=directory.sign(key, made))
    return Said(told, found, key)


def another_root(said: Said) -> Link:
    key = Ed25519PrivateKey.generate()
    return said.learned(vouched=key.public_key().public_bytes_raw() + said.signed(key, version=8))


def unsigned(said: Said) -> Link:
    signed = said.signed(Ed25519PrivateKey.generate(), version=8)
    return said.learned(vouched=said.link.root + signed)


def two_texts(said: Said) -> Link:
    return said.learned(vouched=said.link.root + said.signed(said.key, revoked=[bytes(32)]))


def cut_short(said: Said) -> Link:
    return said.learned(vouched=said.link.root + said.signed(said.key, version=8)[:-1])


def not_listed(said: Said) -> Link:
    return said.learned(
        vouched=said.link.root + said.signed(said.key, version=8, signing=[bytes(32)])
    )


def stranger(said: Said) -> Link:
    return said.learned(signing=bytes(32))


@ON_DISK
@pytest.mark.parametrize(
    ("tells", "code"),
    [
        (another_root, "bundle:bad-signature"),
        (unsigned, "bundle:bad-signature"),
        (two_texts, "bundle:bad-signature"),
        (cut_short, "bundle:bad-signature"),
        (not_listed, "hub-not-trusted:other-hub"),
        (stranger, "hub-not-trusted:other-hub"),
    ],
)
def test_what_is_not_believed(said: Said, tells: Callable[[Said], Link], code: str) -> None:
    with pytest.raises(DeskError) as error:
        tells(said)
    assert error.value.full_code == code


@ON_DISK
def test_an_earlier_one_is_left_alone_and_a_desk_without_a_root_takes_none(said: Said) -> None:
    earlier = said.link.root + said.signed(said.key, version=6, revoked=[bytes(32)])
    assert said.learned(vouched=earlier).directory == said.link.directory

    said.link = msgspec.structs.replace(said.link, root=b"", directory=b"")
    assert not said.learned(vouched=earlier).directory


# --- a new key of the hub -------------------------------------------------------------------------


@pytest.mark.parametrize("new_key", [NewKey.PLANNED, NewKey.STOLEN])
def test_desks_follow_the_hub_to_a_new_key(
    town: Town, safe: Path, paper: Certificate, new_key: NewKey
) -> None:
    with served(town.hub, paper) as hub:
        here, there = online_desk(town, hub, "Yann"), online_desk(town, hub, "Anne")
        for desk in (here, there):
            online(desk)
    before = known(here)[0].hub.signing
    add_member(here, "Le Goff")
    add_member(there, "Petit")
    late = town.written_for(there)  # on a stick while the key changes

    town.clock.at += timedelta(days=1)
    made = root.publish(town.hub, safe, SECRET, new_key=new_key).directory

    with served(town.hub, paper) as hub:
        reaches(here, hub.url, paper.der)
        online(here)
    town.up(there)
    exchange.apply(there, town.written_for(there))

    assert known(here)[0].hub.signing == made.signing[0] != before
    assert contents(here)["member"] != contents(there)["member"]  # here has not heard of Petit yet
    assert len(contents(there)["member"]) == 2
    if new_key is NewKey.STOLEN:
        assert made.signing == [made.signing[0]]
        with pytest.raises(DeskError) as error:
            exchange.apply(there, late)
        assert error.value.full_code == "bundle:bad-signature"
    else:
        assert made.signing == [made.signing[0], before]
        exchange.apply(there, late)


def test_erasures_are_believed_after_the_key_was_stolen(town: Town, safe: Path) -> None:
    desk = town.desk("Yann")
    town.round()
    gone = MemberId(add_member(desk, "Quemeneur"))
    town.round()
    desk.do(Action.MEMBER_REMOVED, lambda s: erasures.ask(s, gone))
    town.round()
    [asked] = erasing.requests(town.hub)
    erasing.confirm(town.hub, asked.id)
    town.clock.at += timedelta(days=1)
    root.publish(town.hub, safe, SECRET, new_key=NewKey.STOLEN)
    new = town.desk("Anne")

    for _ in range(2):
        town.round()

    [row] = erasing.requests(town.hub)
    assert (row.done, row.desks) == (2, 2)
    assert contents(new)["member"] == contents(desk)["member"] == []


# --- too old --------------------------------------------------------------------------------------


@ON_DISK
def test_an_old_directory_is_told_and_stops_nothing(town: Town, safe: Path, hub: Served) -> None:
    desk = online_desk(town, hub)
    online(desk)
    assert exchange.status(desk).vouched_at is None

    town.clock.at += timedelta(days=61)
    add_member(desk)
    online(desk)

    assert exchange.status(desk).vouched_at is not None
    lines, is_well = health.report(desk.folder, desk)
    assert not is_well
    assert any("60" in one for one in lines)
    root.publish(town.hub, safe, SECRET)
    online(desk)
    assert exchange.status(desk).vouched_at is None
