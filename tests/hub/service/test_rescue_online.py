"""A computer that was reported lost and found again joins anew, over HTTPS."""

from datetime import datetime
from pathlib import Path

import msgspec
import pytest

from correspondent_desk.hub import approving, desks, held, ingest, offices
from correspondent_desk.messages.online import report_in_words
from correspondent_desk.store import backup
from correspondent_desk.store.database import Database, open_store
from correspondent_desk.store.identity import raw
from correspondent_desk.store.vault import unlock
from correspondent_desk.sync import exchange, folder, link, rescue
from correspondent_desk.sync.online.exchange import OnlineReport, exchange_online
from correspondent_desk.sync.rejection import BundleRejected
from tests.builders import PASSPHRASE, add_member, open_desk
from tests.hub.service.serving import Served, online_desk
from tests.keepers import ON_DISK
from tests.sync.desks import OFFICE, Town
from tests.sync.test_relay import hand

NOW = datetime(2026, 12, 3, 9, 0)  # noqa: DTZ001 - local, as copies are named


def online(desk: Database) -> OnlineReport:
    report = exchange_online(desk, pauses_s=())
    assert report.trouble is None
    assert not report.refused
    return report


def names(desk: Database) -> list[str]:
    return desk.read(
        lambda s: [row[0] for row in raw(s).execute("SELECT family_name FROM member ORDER BY 1")]
    )


def found_again(town: Town, hub: Served) -> Database:
    """It was reported lost while work lay on it that the hub never got."""
    lost = online_desk(town, hub, "Yann")
    add_member(lost, "PETIT")
    online(lost)
    add_member(lost, "ROUX")
    desks.revoke(town.hub, OFFICE, 1)
    return lost


def begun_anew(town: Town, lost: Database, invitation: Path) -> tuple[rescue.Rescued, Database]:
    lost.close()
    town.desks.remove(lost)
    key = unlock(lost.folder, PASSPHRASE)
    done = rescue.rescue(lost.folder, key, invitation, NOW)
    desk = open_store(lost.folder, key, wall=town.clock)
    desk.person = "Yann"
    town.desks.append(desk)
    return done, desk


def test_its_unsent_work_waits_for_approval_and_comes_back(town: Town, hub: Served) -> None:
    lost = found_again(town, hub)
    _, keys = lost.read(link.load)

    done, desk = begun_anew(town, lost, town.invitation())

    assert done.unsent is not None
    assert done.unsent.operations == 1
    assert names(desk) == []
    report = online(desk)
    assert report.rescued == 1
    assert names(desk) == ["PETIT"], "what the hub had"
    assert not folder.lying(desk.folder.path / folder.RESCUED)
    assert desk.read(link.load)[1].public.signing != keys.public.signing
    [waiting] = held.held(town.hub)
    assert (waiting.desk, waiting.operations) == (1, 1)
    approving.approve(town.hub, waiting.id)
    online(desk)
    assert names(desk) == ["PETIT", "ROUX"]
    assert [one.why for one in backup.copies(desk.folder)].count(backup.Why.RESTORE) == 1
    assert exchange.status(desk).desk == 2


def test_without_a_network_the_file_is_carried(town: Town, hub: Served) -> None:
    lost = found_again(town, hub)

    done, desk = begun_anew(town, lost, town.invitation())

    assert done.unsent is not None
    with pytest.raises(BundleRejected):
        ingest.take_in(town.hub, done.unsent.path)
    [waiting] = held.held(town.hub)
    approving.approve(town.hub, waiting.id)
    online(desk)
    assert names(desk) == ["PETIT", "ROUX"]


@ON_DISK
def test_what_a_colleague_gave_it_by_stick_is_among_what_was_not_sent(
    town: Town, hub: Served
) -> None:
    """The colleague's computer is gone: nobody else has it any more."""
    lost, gone = (online_desk(town, hub, person) for person in ("Yann", "Rozenn"))
    add_member(lost, "PETIT")
    for desk in (lost, gone, lost):
        online(desk)
    add_member(gone, "LE GOFF")
    hand(town, gone, lost)
    desks.revoke(town.hub, OFFICE, lost.read(link.load)[0].desk)

    done, desk = begun_anew(town, lost, town.invitation())

    assert done.unsent is not None
    assert done.unsent.operations == 1
    assert online(desk).rescued == 1
    [waiting] = held.held(town.hub)
    approving.approve(town.hub, waiting.id)
    online(desk)
    assert names(desk) == ["LE GOFF", "PETIT"]


def test_an_invitation_of_another_office_changes_nothing(town: Town, hub: Served) -> None:
    lost = found_again(town, hub)
    offices.add(town.hub, "Mairie de Rivebelle")
    invitation = town.invitation("Mairie de Rivebelle")
    lost.close()
    town.desks.remove(lost)
    key = unlock(lost.folder, PASSPHRASE)

    with pytest.raises(rescue.AnotherOffice):
        rescue.rescue(lost.folder, key, invitation, NOW)

    again = open_store(lost.folder, key, wall=town.clock)
    town.desks.append(again)
    assert names(again) == ["PETIT", "ROUX"]
    assert backup.copies(again.folder) == []


def test_who_sent_everything_brings_no_file(town: Town, hub: Served) -> None:
    desk = online_desk(town, hub, "Yann")
    add_member(desk, "PETIT")
    online(desk)

    done, again = begun_anew(town, desk, town.invitation())

    assert done.unsent is None
    assert online(again).rescued == 0
    assert names(again) == ["PETIT"]


@pytest.mark.parametrize("is_invited", [False, True])
def test_a_desk_that_the_hub_never_knew_keeps_its_work(town: Town, *, is_invited: bool) -> None:
    alone = open_desk(town.path / "alone", "Yann", town.clock)
    town.desks.append(alone)
    if is_invited:
        exchange.enrol(alone, town.invitation())
    add_member(alone, "PETIT")

    with pytest.raises(rescue.NeverJoined):
        begun_anew(town, alone, town.invitation())

    reopened = open_store(alone.folder, unlock(alone.folder, PASSPHRASE), wall=town.clock)
    town.desks.append(reopened)
    assert names(reopened) == ["PETIT"]


def test_what_the_hub_refuses_for_good_is_put_aside_and_not_sent_again(
    town: Town, hub: Served
) -> None:
    """Its first file never came; another computer used the invitation meanwhile."""
    invitation = town.invitation()
    lost = open_desk(town.path / "lost", "Yann", town.clock)
    town.desks.append(lost)
    exchange.enrol(lost, invitation)
    add_member(lost, "ROUX")
    town.prepared(lost)
    other = open_desk(town.path / "other", "Rozenn", town.clock)
    town.desks.append(other)
    exchange.enrol(other, invitation)
    town.up(other)
    reach = online_desk(town, hub, "Driss").read(link.load)[0]
    done, desk = begun_anew(town, lost, town.invitation())
    known, _ = desk.read(link.load)
    told = msgspec.structs.replace(known, url=reach.url, certificate=reach.certificate)
    desk.keep(lambda s: link.keep(s, told))
    assert done.unsent is not None

    first, second = online(desk), online(desk)

    [kept] = first.not_rescued
    assert kept.error.full_code == "hub-refused:bundle-invitation-used"
    assert kept.path.read_bytes()
    assert str(kept.path) in " ".join(report_in_words(first, NOW.date()))
    assert not done.unsent.path.exists()
    assert second.not_rescued == []
