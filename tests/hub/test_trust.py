"""A lost desk is trusted no more, at once and for good; what was done stands in the audit."""

import json
from pathlib import Path

import pytest

from correspondent_desk.cli.main import main
from correspondent_desk.errors import DeskError
from correspondent_desk.hub import audit, desks, ingest, invitations, offices, outgoing, recipients
from correspondent_desk.hub.desks import Status
from correspondent_desk.sync import exchange, link, roster
from correspondent_desk.sync.rejection import BundleRejected
from tests.builders import add_member
from tests.keepers import ON_SERVER, Keeper
from tests.sync.desks import OFFICE, Town, contents


def refusal(town: Town, path: Path) -> str:
    with pytest.raises(DeskError) as caught:
        ingest.take_in(town.hub, path)
    return caught.value.full_code


def test_nothing_is_taken_from_a_lost_desk_or_written_for_it(town: Town) -> None:
    kept, lost = town.desk("Yann"), town.desk("Rozenn")
    add_member(lost, "Le Goff")
    town.round()
    [_, to] = recipients.every(town.hub)

    revoked = desks.revoke(town.hub, OFFICE, 2, by="Nathalie", why="lost")

    assert revoked is not None
    assert (revoked.number, revoked.status) == (2, Status.REVOKED)
    acts = audit.newest(town.hub, 9)
    assert desks.revoke(town.hub, OFFICE, 2, by="Nathalie", why="lost") is None
    assert audit.newest(town.hub, 9) == acts
    add_member(lost, "Petit")
    assert refusal(town, town.prepared(lost)) == "bundle:revoked"
    assert [one.desk.number for one in recipients.every(town.hub)] == [1]
    assert recipients.one(town.hub, to.desk.id) is None
    with pytest.raises(BundleRejected):
        outgoing.write(town.hub, to, town.path)  # it was chosen before
    # What was accepted of it stays, and the others go on.
    add_member(kept, "Morvan")
    town.round(kept)
    assert len(contents(kept)["member"]) == 2
    assert [one.status for one in desks.listed(town.hub)] == [Status.ACTIVE, Status.REVOKED]


def test_it_cannot_come_back_by_another_invitation(town: Town) -> None:
    lost = town.desk("Rozenn")
    town.round()
    desks.revoke(town.hub, OFFICE, 1)
    exchange.enrol(lost, town.invitation())
    add_member(lost)

    assert refusal(town, town.prepared(lost)) == "bundle:revoked"


def test_revoking_twice_is_noted_and_an_unknown_desk_is_told(town: Town) -> None:
    town.desk("Yann")
    town.round()

    desks.revoke(town.hub, OFFICE, 1)
    desks.revoke(town.hub, "mairie-de-valbru", 1)

    with pytest.raises(desks.NoSuchDesk):
        desks.revoke(town.hub, OFFICE, 2)
    with pytest.raises(offices.NoSuchOffice):
        desks.revoke(town.hub, "nobody", 1)


def test_an_act_and_its_note_are_one(town: Town) -> None:
    offices.add(town.hub, "Port de Kerlann", by="Nathalie")
    with pytest.raises(offices.OfficeExists):
        offices.add(town.hub, "Port de Kerlann", by="Nathalie")
    invitations.invite(town.hub, "PORT-DE-KERLANN", town.path / "port.cdinvite", by="Marc")

    told = [(one.by, one.what, one.office) for one in audit.newest(town.hub, 2)]

    assert told == [
        ("Marc", "desk-invited", "PORT-DE-KERLANN"),
        ("Nathalie", "office-added", "PORT-DE-KERLANN"),
    ]
    newest = audit.newest(town.hub, 1)[0]
    assert [one.what for one in audit.newest(town.hub, 10, before=newest.id)] == [
        "office-added",
        "office-added",
    ]


def test_the_commands_of_an_administrator(town: Town, capsys: pytest.CaptureFixture[str]) -> None:
    town.desk("Yann")
    town.round()
    hub = ["--hub", str(town.hub.folder.path)]

    def typed(*words: str) -> tuple[int, str]:
        status = main(["--lang", "en", "hub", *words, *hub])
        return status, capsys.readouterr().out

    assert typed("revoke", OFFICE, "1")[0] == 0
    assert typed("revoke", OFFICE, "7")[0] == 2
    assert "no longer trusted" in typed("desks")[1]
    assert typed("restore")[0] == 0
    status, out = typed("audit", "--json")
    acts = [json.loads(line) for line in out.splitlines()]
    assert status == 0
    assert [one["what"] for one in acts] == [
        "hub-restored",
        "desk-revoked",
        "desk-joined",
        "desk-invited",
        "office-added",
    ]
    assert all(one["by"] for one in acts[:2])
    assert "Desk revoked · MAIRIE-DE-VALBRU 1" in typed("audit")[1]


@ON_SERVER
def test_a_hub_is_made_in_postgresql_by_a_command(
    tmp_path: Path, keeper: Keeper, capsys: pytest.CaptureFixture[str]
) -> None:
    hub = ["--hub", str(tmp_path / "hub")]

    assert main(["hub", "init", "--database", keeper.fresh(), *hub]) == 0
    assert main(["hub", "office", "add", OFFICE, *hub]) == 0
    assert main(["hub", "init", "--database", "nowhere", "--hub", str(tmp_path / "other")]) == 2

    assert "postgresql://" in capsys.readouterr().err
    assert not (tmp_path / "hub" / "hub.db").exists()


def test_a_hub_put_back_revokes_again_whom_it_had_told_its_desks_of(
    town: Town, keeper: Keeper
) -> None:
    kept, lost = town.desk("Yann"), town.desk("Rozenn")
    town.round()
    copy = town.copied_hub(keeper, "copy")
    desks.revoke(town.hub, OFFICE, 2)
    town.round(kept)
    town.put_hub_back(keeper, copy)
    assert [one.status for one in desks.listed(town.hub)] == [Status.ACTIVE, Status.ACTIVE]

    town.round(kept)  # it hears from a hub that forgot
    known, _ = kept.read(link.load)
    assert len(known.forgotten) == 1
    assert len(roster.trusted(known)) == 1  # and trusts nobody again
    town.round(kept)

    assert [one.status for one in desks.listed(town.hub)] == [Status.ACTIVE, Status.REVOKED]
    assert [(one.what, one.desk) for one in audit.newest(town.hub, 1)] == [("desk-revoked", 2)]
    add_member(lost)
    assert refusal(town, town.prepared(lost)) == "bundle:revoked"
    town.round(kept)
    known, _ = kept.read(link.load)
    assert (known.forgotten, exchange.prepare(kept, town.path / "more.cdb")) == ([], None)


def test_nobody_is_trusted_again_by_a_newer_list_of_a_hub_put_back(
    town: Town, keeper: Keeper
) -> None:
    kept, _lost = town.desk("Yann"), town.desk("Rozenn")
    town.round()
    copy = town.copied_hub(keeper, "copy")
    desks.revoke(town.hub, OFFICE, 2)
    town.round(kept)
    town.put_hub_back(keeper, copy)
    town.round(town.desk("Chloé"))  # so the hub lists its desks anew

    town.down(kept)

    known, _ = kept.read(link.load)
    assert {one.name for one in roster.trusted(known).values()} == {"PC Yann", "PC Chloé"}


def test_a_file_that_comes_late_is_no_hub_that_forgot(town: Town) -> None:
    kept, lost = town.desk("Yann"), town.desk("Rozenn")
    town.round()
    add_member(lost)
    town.up(lost)
    early = town.path / "early"
    early.mkdir()
    late = outgoing.write(town.hub, recipients.every(town.hub)[0], early).path
    desks.revoke(town.hub, OFFICE, 2)
    town.down(kept)

    exchange.apply(kept, late)

    known, _ = kept.read(link.load)
    assert (known.forgotten, len(roster.trusted(known))) == ([], 1)
