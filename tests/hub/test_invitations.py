"""An invitation that was lost before anybody used it is taken back."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from correspondent_desk.cli.main import main
from correspondent_desk.errors import DeskError
from correspondent_desk.hub import audit, ingest
from correspondent_desk.hub.invitations import NoSuchInvitation, still_open, withdraw
from correspondent_desk.hub.pages.words import details
from correspondent_desk.sync import exchange
from tests.builders import open_desk
from tests.keepers import Keeper
from tests.sync.desks import OFFICE, Town


@pytest.fixture
def town(tmp_path: Path, keeper: Keeper) -> Iterator[Town]:
    town = Town(tmp_path, database=keeper.fresh())
    yield town
    town.close()


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
    assert told == ["bundle:invitation-expired"]
    assert still_open(town.hub) == []
    newest = audit.newest(town.hub, 1)[0]
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
