"""An office that was added by mistake is taken away, while nothing can be lost with it."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import sleep

import pytest
from sqlalchemy import delete

from correspondent_desk.cli.main import main
from correspondent_desk.hub import audit, invitations, offices, restoring, tables
from correspondent_desk.hub.offices import NoSuchOffice, OfficeInUse
from correspondent_desk.messages.errors import sentence
from tests.hub.test_hub import refusal
from tests.keepers import ON_DISK
from tests.sync.desks import OFFICE, Town

PORT = "Port de Kerlann"
A_MOMENT_S = 0.5


def names(town: Town) -> list[str]:
    return [one.name for one in offices.listed(town.hub)]


def test_an_office_without_a_desk_goes_with_its_invitations(town: Town) -> None:
    offices.add(town.hub, PORT)
    desk = town.desk("Yann", PORT)

    offices.remove(town.hub, PORT.upper(), by="Nathalie")

    assert names(town) == [OFFICE]
    assert invitations.still_open(town.hub) == []
    assert refusal(town, town.prepared(desk)) == "bundle:invitation-unknown"
    [note] = audit.newest(town.hub, 1)
    assert (note.by, note.what, note.office) == ("Nathalie", "office-removed", "PORT-DE-KERLANN")
    assert offices.add(town.hub, PORT).code == "PORT-DE-KERLANN"
    with pytest.raises(NoSuchOffice):
        offices.remove(town.hub, "Quai")


def test_an_office_with_a_desk_stays(town: Town) -> None:
    town.up(town.desk("Yann"))

    with pytest.raises(OfficeInUse) as caught:
        offices.remove(town.hub, OFFICE)

    assert sentence(caught.value).startswith(f"{OFFICE} has a desk")
    assert names(town) == [OFFICE]


def test_a_hub_that_was_put_back_keeps_offices_whose_desks_it_may_have_forgotten(
    town: Town, tmp_path: Path
) -> None:
    offices.add(town.hub, PORT)
    invitations.invite(town.hub, PORT, tmp_path / "a.cdinvite")
    offices.add(town.hub, "Quai")
    restoring.say_restored(town.hub)

    with pytest.raises(OfficeInUse, match="put-back") as caught:
        offices.remove(town.hub, PORT)
    offices.remove(town.hub, "Quai")

    assert "may have joined" in sentence(caught.value)
    assert names(town) == sorted([OFFICE, PORT])


def test_a_desk_that_joins_while_its_office_goes_is_refused(town: Town) -> None:
    file = town.prepared(town.desk("Yann"))
    with ThreadPoolExecutor(1) as pool:
        with town.hub.transaction() as connection:
            [of] = offices.all_offices(connection)
            offices.lock(connection, of.id)
            joining = pool.submit(refusal, town, file)
            sleep(A_MOMENT_S)
            for table in (tables.invitation, tables.office):
                connection.execute(delete(table))
        assert joining.result() == "bundle:invitation-unknown"


@ON_DISK
def test_the_command_says_what_it_did(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    typed = ["--lang", "en", "hub", "office", "--hub", str(town.hub.folder.path), "remove", OFFICE]

    assert main(typed) == 0
    assert "was taken away" in capsys.readouterr().out
    assert names(town) == []
