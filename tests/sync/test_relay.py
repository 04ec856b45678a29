"""Two desks of one office exchange by a stick, without the hub, and the hub hears of it later."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from sqlite3 import Connection

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import structs
from sqlalchemy.orm import Session

from correspondent_desk.domain.delivery import Vector
from correspondent_desk.hub import desks, erasing, offices, tables
from correspondent_desk.store.database import Database
from correspondent_desk.store.identity import raw, uid_of
from correspondent_desk.sync import (
    bundle,
    directory,
    exchange,
    ledger,
    letters,
    link,
    ops,
    relay,
    roster,
)
from correspondent_desk.sync.bundle import Header
from correspondent_desk.sync.columns import Run
from correspondent_desk.sync.directory import Directory
from correspondent_desk.sync.letters import Kept
from correspondent_desk.sync.origins import Origins
from correspondent_desk.sync.rejection import BundleNotWritten, BundleRejected
from correspondent_desk.sync.reports import Fate, Report
from tests.builders import add_member
from tests.sync.desks import OFFICE, Town, contents
from tests.sync.test_forks import image, put_back


def meet(town: Town, *people: str) -> list[Database]:
    """Desks that the hub has told of each other."""
    desks = [town.desk(person) for person in people]
    town.round()
    town.round()
    return desks


def give(town: Town, sender: Database, recipient: Database) -> Path:
    to = sender.read(lambda s: relay.named(s, f"PC {recipient.person}"))
    town.files += 1
    made = relay.prepare_for(sender, to.signing, town.path / "stick" / f"{town.files}.cdb")
    assert made is not None
    return made.path


def hand(town: Town, sender: Database, recipient: Database) -> Report:
    return exchange.apply(recipient, give(town, sender, recipient))


def names(desk: Database) -> list[str]:
    return desk.read(
        lambda s: [row[0] for row in raw(s).execute("SELECT family_name FROM member ORDER BY 1")]
    )


def letters_at(desk: Database) -> int:
    return desk.read(lambda s: len(raw(s).execute("SELECT 1 FROM letter").fetchall()))


def test_work_passes_from_desk_to_desk(town: Town) -> None:
    anne, bruno = meet(town, "Anne", "Bruno")
    add_member(anne, "PETIT")

    report = hand(town, anne, bruno)

    assert report.fate is Fate.NEW
    assert names(bruno) == ["PETIT"]
    assert exchange.status(anne).to_send > 0, "the acknowledgement is the hub's"


@pytest.mark.parametrize("first", [0, 1])
def test_the_hub_takes_it_from_either_desk_once(town: Town, first: int) -> None:
    desks = meet(town, "Anne", "Bruno")
    add_member(desks[0], "PETIT")
    hand(town, *desks)

    arrivals = [town.up(desks[first]), town.up(desks[1 - first])]

    assert [bool(one.operations) for one in arrivals] == [True, False]
    town.round()
    assert contents(desks[0]) == contents(desks[1])
    assert exchange.status(desks[0]).to_send == 0


def test_a_third_desk_gets_both_through_the_second(town: Town) -> None:
    anne, bruno, chloe = meet(town, "Anne", "Bruno", "Chloé")
    add_member(anne, "PETIT")
    hand(town, anne, bruno)
    add_member(bruno, "ROUX")

    hand(town, bruno, chloe)

    assert names(chloe) == ["PETIT", "ROUX"]


def test_what_came_from_the_hub_is_passed_on_with_the_work_built_on_it(town: Town) -> None:
    anne, bruno, chloe = meet(town, "Anne", "Bruno", "Chloé")
    add_member(anne, "PETIT")
    town.up(anne)
    town.down(bruno)  # Chloé was not there
    add_member(bruno, "ROUX")

    report = hand(town, bruno, chloe)

    assert report.fate is Fate.NEW
    assert names(chloe) == ["PETIT", "ROUX"]


def test_nothing_is_made_when_a_colleague_has_everything(town: Town) -> None:
    anne, bruno = meet(town, "Anne", "Bruno")
    add_member(anne, "PETIT")
    hand(town, anne, bruno)
    hand(town, bruno, anne)
    to = anne.read(lambda s: relay.named(s, "PC Bruno"))

    assert relay.prepare_for(anne, to.signing, town.path / "stick") is None

    add_member(anne, "ROUX")
    assert relay.prepare_for(anne, to.signing, town.path / "stick") is not None


def test_a_lost_stick_heals_itself(town: Town) -> None:
    anne, bruno = meet(town, "Anne", "Bruno")
    add_member(anne, "PETIT")
    give(town, anne, bruno)  # lost
    add_member(anne, "ROUX")

    hand(town, anne, bruno)

    assert names(bruno) == ["PETIT", "ROUX"]


def test_both_desks_find_each_other_on_a_stick(town: Town) -> None:
    anne, bruno = meet(town, "Anne", "Bruno")
    stick = town.path / "between them"
    stick.mkdir()
    add_member(anne, "PETIT")
    add_member(bruno, "ROUX")
    relay.put_for(anne, stick, anne.read(lambda s: relay.named(s, "2")))
    for _ in range(2):
        for desk in (anne, bruno):
            exchange.exchange_folder(desk, stick)

    assert names(anne) == names(bruno) == ["PETIT", "ROUX"]


def test_a_folder_that_the_hub_serves_holds_nothing_between_desks(town: Town) -> None:
    anne, bruno = meet(town, "Anne", "Bruno")
    for _ in range(2):
        for desk in (anne, bruno):
            exchange.exchange_folder(desk, town.path / "stick")
        town.exchange_folder()
        add_member(anne)

    assert not (town.path / "stick" / relay.BETWEEN).exists()


def test_a_revoked_desk_is_refused_once_its_colleagues_know(town: Town) -> None:
    anne, bruno, chloe = meet(town, "Anne", "Bruno", "Chloé")
    add_member(bruno, "ROUX")
    before, late = give(town, bruno, anne), give(town, bruno, chloe)
    exchange.apply(anne, before)
    desks.revoke(town.hub, OFFICE, 2)
    town.down(chloe)

    with pytest.raises(BundleRejected) as refused:
        exchange.apply(chloe, late)

    assert refused.value.reason == "revoked"
    assert names(chloe) == []


def test_a_desk_that_the_directory_revoked_is_refused_whatever_the_list_says(town: Town) -> None:
    """A hub put back from a copy has forgotten it, and its lists have; the directory has not."""
    anne, bruno = meet(town, "Anne", "Bruno")
    add_member(bruno, "ROUX")
    late = give(town, bruno, anne)
    known, _ = anne.read(link.load)
    _, lost = bruno.read(link.load)
    root = Ed25519PrivateKey.generate()
    signed = Directory(
        version=1,
        made=0,
        signing=[known.hub.signing],
        receiving=known.hub.receiving,
        recovery=known.hub.receiving,
        revoked=[lost.public.signing],
    )
    told = structs.replace(
        known, root=root.public_key().public_bytes_raw(), directory=directory.sign(root, signed)
    )
    anne.keep(lambda s: link.keep(s, told))

    with pytest.raises(BundleRejected) as refused:
        exchange.apply(anne, late)

    assert refused.value.reason == "revoked"
    assert names(anne) == []


def test_a_letter_of_a_revoked_desk_is_left_aside(town: Town) -> None:
    anne, bruno, chloe = meet(town, "Anne", "Bruno", "Chloé")
    add_member(bruno, "ROUX")
    hand(town, bruno, anne)
    desks.revoke(town.hub, OFFICE, 2)
    town.down(chloe)

    report = hand(town, anne, chloe)  # Anne does not know yet

    assert names(chloe) == []
    assert report.fate is Fate.NOTHING_NEW
    assert town.up(anne).operations == 0, "nor does the hub take it"


def test_the_list_in_a_bundle_counts_before_the_bundle(town: Town) -> None:
    """Chloé knows from Anne, not from the hub, that Bruno is trusted no more."""
    anne, bruno, chloe = meet(town, "Anne", "Bruno", "Chloé")
    add_member(bruno, "ROUX")
    late = give(town, bruno, chloe)
    desks.revoke(town.hub, OFFICE, 2)
    town.down(anne)
    hand(town, anne, chloe)

    with pytest.raises(BundleRejected) as refused:
        exchange.apply(chloe, late)

    assert refused.value.reason == "revoked"


def test_a_desk_that_joined_since_brings_the_list_that_names_it(town: Town) -> None:
    anne, bruno = meet(town, "Anne", "Bruno")
    chloe = town.desk("Chloé")
    town.up(chloe)
    town.down(chloe)
    add_member(chloe, "ROUX")

    hand(town, chloe, bruno)

    assert names(bruno) == ["ROUX"]
    assert len(bruno.read(relay.colleagues)) == 2
    assert len(anne.read(relay.colleagues)) == 1


def test_who_was_erased_leaves_the_letters_too(town: Town) -> None:
    anne, bruno, chloe = meet(town, "Anne", "Bruno", "Chloé")
    petit = add_member(anne, "PETIT")
    add_member(anne, "ROUX")
    hand(town, anne, bruno)
    assert letters_at(bruno)
    root = anne.read(lambda s: uid_of(s, petit))
    erase(town, anne, root)
    town.down(bruno)

    hand(town, bruno, chloe)

    assert names(bruno) == names(chloe) == ["ROUX"]
    assert letters_at(bruno) == 1, "the hub's, which has a hole in her place"
    assert not erased_in_letters(bruno, root)


def erase(town: Town, desk: Database, root: bytes) -> None:
    town.up(desk)
    with town.hub.transaction() as connection:
        of = offices.named(connection, OFFICE)
        offices.lock(connection, of.id)
        row = connection.execute(tables.desk.select().limit(1)).one()
        erasing.ask(town.hub, connection, row, "Anne", [root])
    [wish] = [one for one in erasing.requests(town.hub) if one.state == erasing.State.ASKED]
    erasing.confirm(town.hub, wish.id)


def erased_in_letters(desk: Database, root: bytes) -> bool:
    def read(session: Session) -> bool:
        found = raw(session).execute("SELECT content FROM letter").fetchall()
        parcels = [letters.read(row[0], lambda _: True) for row in found]
        return any(
            root in (op.record, op.root)
            for one in parcels
            if one is not None
            for run in range(len(one.runs))
            for op in one.ops(run)
        )

    return desk.read(read)


def test_the_ledger_goes_with_the_work_of_who_carried_it_out(town: Town) -> None:
    anne, bruno, chloe = meet(town, "Anne", "Bruno", "Chloé")
    petit = add_member(anne, "PETIT")
    hand(town, anne, chloe)
    erase(town, anne, anne.read(lambda s: uid_of(s, petit)))
    town.down(bruno)
    add_member(bruno, "ROUX")

    hand(town, bruno, chloe)

    assert names(chloe) == ["ROUX"]


def test_erasures_without_their_ledger_are_not_believed(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    anne, bruno, chloe = meet(town, "Anne", "Bruno", "Chloé")
    petit = add_member(anne, "PETIT")
    erase(town, anne, anne.read(lambda s: uid_of(s, petit)))
    town.down(bruno)
    add_member(bruno, "ROUX")
    monkeypatch.setattr(ledger, "pack", lambda _: [])

    with pytest.raises(BundleRejected) as refused:
        hand(town, bruno, chloe)

    assert refused.value.reason == "bad-structure"


def test_a_desk_put_back_whole_gets_its_work_from_a_colleague(town: Town, tmp_path: Path) -> None:
    """Its whole disk was put back: no note of its tells that it wrote more."""
    _, bruno = meet(town, "Anne", "Bruno")
    add_member(town.desks[0], "PETIT")
    image(town, 0, tmp_path / "image")
    add_member(town.desks[0], "LOST")
    hand(town, town.desks[0], bruno)
    anne = put_back(town, 0, tmp_path / "image")
    add_member(anne, "ROUX")

    with pytest.raises(BundleRejected) as refused:
        hand(town, anne, bruno)  # other work under the same numbers
    hand(town, bruno, anne)
    hand(town, anne, bruno)

    assert refused.value.reason == "forked-log"
    assert names(anne) == names(bruno) == ["LOST", "PETIT", "ROUX"]
    town.round()
    town.round()
    assert contents(anne) == contents(bruno)


# --- what a dishonest colleague may try -----------------------------------------------------------


def test_nobody_writes_under_anothers_origin(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    anne, bruno, chloe = meet(town, "Anne", "Bruno", "Chloé")
    add_member(anne, "PETIT")
    town.round()
    hers = anne.read(lambda s: Origins(raw(s)).uid(Origins(raw(s)).own))
    add_member(bruno, "FORGED")
    honest = ops.own_runs

    def forged(connection: Connection, known: Vector) -> Iterator[Run]:
        for run in honest(connection, known):
            theirs = [op._replace(origin=hers) for op in run.ops]
            yield run._replace(origin=hers, ctx0={}, ctx=[], ops=theirs)

    monkeypatch.setattr(ops, "own_runs", forged)
    path = give(town, bruno, chloe)

    with pytest.raises(BundleRejected) as refused:
        exchange.apply(chloe, path)

    assert refused.value.reason == "bad-signature"
    assert names(chloe) == ["PETIT"]


def test_what_was_altered_on_the_way_is_refused(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bruno may open what Anne gave him, and can pass it on as it is or not at all."""
    anne, bruno, chloe = meet(town, "Anne", "Bruno", "Chloé")
    add_member(anne, "PETIT")
    hand(town, anne, bruno)
    honest = letters.lacking
    places = list(range(0, len(give_letter(bruno)), 97))

    for place in places:

        def altered(connection: Connection, known: Vector, place: int = place) -> list[Kept]:
            return [
                replace(one, content=flipped(one.content, place))
                for one in honest(connection, known)
            ]

        monkeypatch.setattr(letters, "lacking", altered)
        path = give(town, bruno, chloe)
        with suppress(BundleRejected):
            exchange.apply(chloe, path)
        assert names(chloe) == []


def give_letter(desk: Database) -> bytes:
    return desk.read(lambda s: bytes(raw(s).execute("SELECT content FROM letter").fetchone()[0]))


def flipped(content: bytes, place: int) -> bytes:
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def test_a_bundle_for_a_colleague_is_of_no_use_to_others(town: Town) -> None:
    anne, bruno, chloe = meet(town, "Anne", "Bruno", "Chloé")
    add_member(anne, "PETIT")

    with pytest.raises(BundleRejected) as refused:
        exchange.apply(chloe, give(town, anne, bruno))

    assert refused.value.reason == "wrong-recipient"


def test_a_desk_of_another_office_is_a_stranger(town: Town) -> None:
    _, bruno = meet(town, "Anne", "Bruno")
    offices.add(town.hub, "Mairie de Rivebelle")
    diane = town.desk("Diane", "Mairie de Rivebelle")
    town.round(diane)
    town.round(diane)
    known, keys = diane.read(link.load)
    add_member(diane, "SPY")
    bruno_there = bruno.read(lambda s: roster.trusted(link.load(s)[0]))
    [to] = [one for one in bruno_there.values() if one.name == "PC Bruno"]
    path = town.path / "stick" / "foreign.cdb"
    here = bruno.read(link.load)[0]
    header = Header(
        office=here.office, origin=bytes(16), number=1, created=0, requires=["mvr1", "letters1"]
    )
    bundle.write(path, header, [], signing=keys.signing, recipients=[to.receiving])

    with pytest.raises(BundleRejected) as refused:
        exchange.apply(bruno, path)

    assert refused.value.reason == "unknown-sender"
    assert known.office != here.office


def test_a_list_that_the_hub_did_not_sign_is_refused(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bruno adds a desk of his own making."""
    anne, bruno = meet(town, "Anne", "Bruno")
    add_member(bruno, "ROUX")
    forger = Ed25519PrivateKey.generate()
    known = bruno.read(link.load)[0]
    listed = roster.known(known)
    assert listed is not None
    forged = roster.sign(forger, structs.replace(listed, version=listed.version + 1))
    bruno.keep(lambda s: link.keep(s, structs.replace(known, roster=forged)))
    monkeypatch.setattr(roster, "believed", lambda _: {known.hub.signing, forged[:32]})
    path = give(town, bruno, anne)
    monkeypatch.undo()

    with pytest.raises(BundleRejected) as refused:
        exchange.apply(anne, path)

    assert refused.value.reason == "bad-signature"


def test_an_earlier_list_changes_nothing(town: Town) -> None:
    anne, _ = meet(town, "Anne", "Bruno")
    before = anne.read(link.load)[0]
    town.desk("Chloé")
    town.up(town.desks[2])
    town.down(anne)
    now = anne.read(link.load)[0]

    assert roster.newest(now, before.roster) == now.roster
    assert len(roster.trusted(now)) == 3


# --- limits ---------------------------------------------------------------------------------------


def test_letters_are_kept_for_a_time_and_to_a_size(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    anne, bruno = meet(town, "Anne", "Bruno")
    for number in range(4):
        add_member(anne, f"PERSON {number}")
        hand(town, anne, bruno)
    assert letters_at(bruno) == 4
    size = bruno.read(lambda s: raw(s).execute("SELECT max(size) FROM letter").fetchone()[0])
    monkeypatch.setattr(letters, "KEPT_BYTES", 2 * size)
    bruno.keep(lambda s: letters.keep(raw(s), [], bruno.now_ms()))
    assert letters_at(bruno) == 2

    bruno.keep(lambda s: letters.keep(raw(s), [], bruno.now_ms() + letters.KEPT_MS))
    assert letters_at(bruno) == 0


def test_an_only_desk_keeps_no_letters(town: Town) -> None:
    anne = town.desk("Anne")
    town.round()
    town.desk("Bruno")
    town.round()
    desks.revoke(town.hub, OFFICE, 2)
    town.down(anne)
    add_member(anne)
    town.round(anne)

    assert letters_at(anne) == 0


def test_a_file_where_the_folder_of_a_stick_belongs_is_named(town: Town) -> None:
    anne, _bruno = meet(town, "Anne", "Bruno")
    stick = town.path / "stick of somebody"
    stick.mkdir()
    (stick / relay.BETWEEN).write_text("between us")
    add_member(anne)
    to = anne.read(lambda s: relay.named(s, "2"))

    with pytest.raises(BundleNotWritten, match="file-in-the-way") as caught:
        relay.put_for(anne, stick, to)

    assert caught.value.details["path"] == stick / relay.BETWEEN
    assert exchange.exchange_folder(anne, stick).prepared is not None, "the hub gets its own"


@pytest.mark.parametrize("part", ["", "outbox", "a.cdb"])
def test_nothing_is_put_among_the_files_of_the_desk(town: Town, part: str) -> None:
    anne, _bruno = meet(town, "Anne", "Bruno")
    add_member(anne)
    target = anne.folder.path / part
    to = anne.read(lambda s: relay.named(s, "2"))
    before = sorted(anne.folder.path.rglob("*"))

    for put in (
        lambda: exchange.prepare(anne, target),
        lambda: exchange.exchange_folder(anne, target),
        lambda: relay.put_for(anne, target, to),
        lambda: relay.prepare_for(anne, to.signing, target),
    ):
        with pytest.raises(BundleNotWritten, match="own-folder"):
            put()

    assert sorted(anne.folder.path.rglob("*")) == before
