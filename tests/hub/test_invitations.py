"""An invitation that was lost before anybody used it is taken back."""

import json
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import select, text

from correspondent_desk.cli.main import main
from correspondent_desk.errors import DeskError
from correspondent_desk.hub import audit, desks, ingest, signers, tables
from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.invitations import NoSuchInvitation, still_open, withdraw
from correspondent_desk.hub.pages.words import details
from correspondent_desk.sync import exchange
from correspondent_desk.sync.keys import HubKeys
from correspondent_desk.sync.parcels import Parcel
from correspondent_desk.sync.rejection import BundleRejected
from tests.builders import open_desk
from tests.keepers import ON_SERVER
from tests.sync.desks import OFFICE, Town


def test_nobody_joins_with_a_withdrawn_invitation_and_others_still_do(town: Town) -> None:
    lost, kept = town.invitation(), town.invitation()
    [first, second] = still_open(town.hub)
    assert first.number != second.number
    assert first.office == OFFICE

    # Whose file is whose is told by trying: the one that still serves is not the withdrawn one.
    withdrawn = withdraw(town.hub, second.number, by="Nathalie")

    assert withdrawn.number == second.number
    assert [row.number for row in still_open(town.hub)] == [first.number]
    told = []
    for name, file in (("a", lost), ("b", kept)):
        desk = open_desk(town.path / name, name, town.clock)
        town.desks.append(desk)
        exchange.enrol(desk, file, desk_name=name)
        try:
            ingest.take_in(town.hub, town.prepared(desk))
        except DeskError as error:
            told.append(error.full_code)
    assert told == ["bundle:invitation-withdrawn"]
    assert still_open(town.hub) == []
    joined, newest = audit.newest(town.hub, 2)
    assert (joined.what, joined.desk) == ("desk-joined", 1)
    assert (newest.what, newest.by) == ("invitation-withdrawn", "Nathalie")
    assert newest.details == {"invitation": second.number}
    assert details(newest) == f"invitation no. {second.number}"


def test_an_invitation_that_served_is_neither_listed_nor_withdrawn(town: Town) -> None:
    town.invitation()
    [row] = still_open(town.hub)
    file = next(town.path.glob("*.cdinvite"))
    desk = open_desk(town.path / "a", "Yann", town.clock)
    town.desks.append(desk)
    exchange.enrol(desk, file, desk_name="PC accueil")
    ingest.take_in(town.hub, town.prepared(desk))

    assert still_open(town.hub) == []
    for number in (row.number, "00000000", ""):
        with pytest.raises(NoSuchInvitation):
            withdraw(town.hub, number)


def came(town: Town) -> Path:
    """The first file of a desk that was invited a moment ago."""
    desk = open_desk(town.path / "a", "Yann", town.clock)
    town.desks.append(desk)
    exchange.enrol(desk, town.invitation(), desk_name="PC accueil")
    return town.prepared(desk)


def test_one_withdrawn_while_its_desk_is_being_verified_lets_nobody_in(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = came(town)
    [row] = still_open(town.hub)
    verified = signers.verified

    def slowly(hub: Hub, path: Path, keys: HubKeys) -> Parcel:
        parcel = verified(hub, path, keys)
        withdraw(hub, row.number)
        return parcel

    monkeypatch.setattr(signers, "verified", slowly)

    with pytest.raises(BundleRejected) as refused:
        ingest.take_in(town.hub, file)

    assert refused.value.full_code == "bundle:invitation-withdrawn"
    assert desks.listed(town.hub) == []


@ON_SERVER
def test_who_is_withdrawn_first_does_not_join_behind_a_lock(town: Town) -> None:
    """Where several write at once, one of the two waits for the other's row, and then looks again."""
    file = came(town)
    [row] = still_open(town.hub)
    invited = select(tables.invitation.c.uid).with_for_update()

    with ThreadPoolExecutor() as threads:
        with town.hub.transaction() as connection:
            connection.execute(invited)
            withdrawn = threads.submit(withdraw, town.hub, row.number)
            queued(town.hub, 1)
            joined = threads.submit(ingest.take_in, town.hub, file)
            queued(town.hub, 2)
        assert withdrawn.result().number == row.number
        with pytest.raises(BundleRejected) as refused:
            joined.result()

    assert refused.value.full_code == "bundle:invitation-withdrawn"
    assert desks.listed(town.hub) == []


def queued(hub: Hub, count: int) -> None:
    """Wait until so many wait for a lock."""
    waiting = text(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    )
    for _ in range(1000):
        with hub.transaction() as connection:
            if connection.scalar(waiting) == count:
                return
        time.sleep(0.01)
    pytest.fail("nobody waits")


def test_by_command_and_in_both_languages(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    hub = ["--hub", str(tmp_path / "hub")]
    assert main(["hub", "init", *hub]) == 0
    assert main(["hub", "invitations", *hub]) == 1
    assert main(["hub", "office", "add", OFFICE, *hub]) == 0
    assert main(["hub", "invite", OFFICE, str(tmp_path / "a.cdinvite"), *hub]) == 0
    told = capsys.readouterr().out

    assert main(["hub", "invitations", "--json", *hub]) == 0
    found = json.loads(capsys.readouterr().out)
    assert found["number"] in told
    assert found["office"] == OFFICE
    assert main(["--lang", "fr", "hub", "invitations", *hub]) == 0
    assert capsys.readouterr().out.startswith(found["number"])
    assert main(["--lang", "fr", "hub", "withdraw", found["number"], *hub]) == 0
    assert "est retirée" in capsys.readouterr().out
    assert main(["--lang", "en", "hub", "withdraw", found["number"], *hub]) == 2
    assert "[no-such-invitation]" in capsys.readouterr().err
