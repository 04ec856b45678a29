"""A hub whose database was put back from before a theft: what it forgot stands beside it."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from correspondent_desk.cli.main import main
from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.members import MemberId
from correspondent_desk.hub import audit, desks, erasing, ingest, root, tables
from correspondent_desk.hub.desks import Status
from correspondent_desk.hub.root import NewKey, RootRefused
from correspondent_desk.records import erasures
from correspondent_desk.sync import directory, exchange, link, roster
from correspondent_desk.sync.directory import Directory
from correspondent_desk.sync.rejection import BundleRejected
from tests.builders import add_member
from tests.keepers import ON_DISK, Keeper
from tests.sync.desks import OFFICE, Town

SECRET = "the lamp is lit at dusk"


@pytest.fixture
def town(town: Town) -> Town:
    root.make(town.hub, town.path / "root", SECRET)
    return town


def signed(town: Town, new_key: NewKey = NewKey.NONE) -> Directory:
    return root.publish(town.hub, town.path / "root", SECRET, new_key=new_key).directory


def told(town: Town) -> Directory:
    made = root.newest(town.hub)
    assert made is not None
    return made.directory


def test_a_stolen_key_is_not_vouched_for_again(town: Town, keeper: Keeper) -> None:
    desk = town.desk("Yann")
    town.round()
    stolen = told(town).signing
    copy = town.copied_hub(keeper, "copy")
    known = signed(town, NewKey.STOLEN)
    town.round()

    town.put_hub_back(keeper, copy)

    assert told(town) == known
    assert root.is_disowned(town.hub)
    for refused in (NewKey.NONE, NewKey.PLANNED):
        with pytest.raises(RootRefused, match="key-lost"):
            signed(town, refused)
    town.clock.at -= timedelta(days=30)  # and this computer's clock is behind
    after = signed(town, NewKey.STOLEN)
    assert after.version > known.version
    assert not {*after.signing} & {*stolen, *known.signing}
    assert not root.is_disowned(town.hub)
    add_member(desk)
    town.round()
    kept, _ = desk.read(link.load)
    assert directory.read(kept.directory, kept.root) == after


@ON_DISK
def test_a_key_that_was_replaced_as_planned_is_still_believed(town: Town, keeper: Keeper) -> None:
    before = told(town).signing
    copy = town.copied_hub(keeper, "copy")
    planned = signed(town, NewKey.PLANNED).signing
    town.put_hub_back(keeper, copy)

    assert not root.is_disowned(town.hub)
    assert {*signed(town).signing} == {*planned, *before}


def test_a_desk_revoked_since_stays_revoked(town: Town, keeper: Keeper) -> None:
    known = town.desk("Yann")
    town.round()
    unknown = town.desk("Rozenn")  # it comes after the copy
    copy = town.copied_hub(keeper, "copy")
    town.round(unknown)
    for number in (1, 2):
        desks.revoke(town.hub, OFFICE, number)
    revoked = signed(town).revoked

    town.put_hub_back(keeper, copy)

    assert [one.status for one in desks.listed(town.hub)] == [Status.REVOKED]
    exchange.enrol(unknown, town.invitation())
    for desk in (known, unknown):
        add_member(desk)
        with pytest.raises(BundleRejected, match="revoked"):
            ingest.take_in(town.hub, town.prepared(desk))
    assert signed(town).revoked == revoked
    acts = [(one.what, one.desk) for one in audit.newest(town.hub, 4)]
    assert acts[2:] == [("hub-restored", 0), ("desk-revoked", 1)]


@ON_DISK
def test_who_was_erased_under_a_forgotten_key_does_not_come_back(
    town: Town, keeper: Keeper
) -> None:
    desk = town.desk("Yann")
    member = add_member(desk)
    town.round()
    copy = town.copied_hub(keeper, "copy")
    signed(town, NewKey.STOLEN)
    desk.do(Action.MEMBER_REMOVED, lambda s: erasures.ask(s, MemberId(member)))
    town.round()
    [wish] = erasing.requests(town.hub)
    erasing.confirm(town.hub, wish.id)
    signed(town, NewKey.STOLEN)  # the key that signed the line is gone in its turn

    town.put_hub_back(keeper, copy)

    with town.hub.transaction(1) as connection:
        assert not connection.execute(select(tables.op)).all()


@ON_DISK
def test_a_list_of_desks_is_numbered_above_any_before(town: Town, keeper: Keeper) -> None:
    desk = town.desk("Yann")
    town.round()
    copy = town.copied_hub(keeper, "copy")
    town.desk("Rozenn")
    town.round()

    town.put_hub_back(keeper, copy)
    town.clock.at -= timedelta(days=30)
    town.desks.pop().close()
    town.desk("Driss")
    town.round()

    found = roster.known(desk.read(link.load)[0])
    assert found is not None
    assert [one.person for one in found.desks] == ["Yann", "Driss"]


@ON_DISK
def test_the_commands_say_what_to_do(
    town: Town, keeper: Keeper, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = town.path / "secret"
    secret.write_text(SECRET)
    copy = town.copied_hub(keeper, "copy")
    signed(town, NewKey.STOLEN)
    town.put_hub_back(keeper, copy)

    def typed(*words: str) -> tuple[int, str]:
        before = ["--lang", "en", "--passphrase-file", str(secret), "hub"]
        status = main([*before, *words, "--hub", str(town.hub.folder.path)])
        told = capsys.readouterr()
        return status, told.out + told.err

    for words in (["directory"], ["restore"], ["directory", str(town.path / "root")]):
        assert "--new-key stolen" in typed(*words)[1]
    assert typed("directory")[0] == 4
    assert typed("directory", str(town.path / "root"))[0] == 2
    assert typed("directory", str(town.path / "root"), "--new-key", "stolen")[0] in (0, 4)
    assert not root.is_disowned(town.hub)


@ON_DISK
def test_a_file_beside_that_cannot_be_read_is_written_anew(town: Town) -> None:
    file = town.hub.folder.directory
    whole = file.read_bytes()
    for content in (b"", whole[:-1], b"x" * 500):
        file.write_bytes(content)
        town.reopen_hub()
        assert file.read_bytes() == whole
