"""Whom a desk believes when a file comes from a colleague: signers, lists of desks, what was altered."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from functools import partial
from sqlite3 import Connection

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import structs

from correspondent_desk.domain.delivery import Vector
from correspondent_desk.hub import desks, held, offices
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
from correspondent_desk.sync.letters import Kept, Wanted
from correspondent_desk.sync.origins import Origins
from correspondent_desk.sync.rejection import BundleRejected
from correspondent_desk.sync.reports import Fate
from tests.builders import add_member
from tests.sync.desks import OFFICE, Town
from tests.sync.test_relay import erase, give, hand, names


def test_a_revoked_desk_is_refused_once_its_colleagues_know(town: Town) -> None:
    anne, bruno, chloe = town.meet("Anne", "Bruno", "Chloé")
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
    anne, bruno = town.meet("Anne", "Bruno")
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
    anne, bruno, chloe = town.meet("Anne", "Bruno", "Chloé")
    add_member(bruno, "ROUX")
    hand(town, bruno, anne)
    desks.revoke(town.hub, OFFICE, 2)
    town.down(chloe)

    report = hand(town, anne, chloe)  # Anne does not know yet

    assert names(chloe) == []
    assert report.fate is Fate.NOTHING_NEW
    assert town.up(anne).operations == 0, "nor does the hub take it"


def test_letters_that_are_left_aside_keep_no_others_back(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A desk that is lost gave a colleague more of them than go at once."""
    anne, bruno, chloe, lost = town.meet("Anne", "Bruno", "Chloé", "Dora")
    add_member(lost, "LOST")
    hand(town, lost, anne)
    desks.revoke(town.hub, OFFICE, 4)
    town.down(anne)
    add_member(bruno, "ROUX")
    hand(town, bruno, anne)
    monkeypatch.setattr(letters, "MOST", 1)

    hand(town, anne, chloe)

    assert names(chloe) == ["ROUX"]
    assert town.up(anne).operations == 1
    town.down(anne)
    town.up(anne)
    assert [row.desk_name for row in held.held(town.hub)] == ["PC Dora"]


def test_the_list_in_a_bundle_counts_before_the_bundle(town: Town) -> None:
    """Chloé knows from Anne, not from the hub, that Bruno is trusted no more."""
    anne, bruno, chloe = town.meet("Anne", "Bruno", "Chloé")
    add_member(bruno, "ROUX")
    late = give(town, bruno, chloe)
    desks.revoke(town.hub, OFFICE, 2)
    town.down(anne)
    hand(town, anne, chloe)

    with pytest.raises(BundleRejected) as refused:
        exchange.apply(chloe, late)

    assert refused.value.reason == "revoked"


def test_a_desk_that_joined_since_brings_the_list_that_names_it(town: Town) -> None:
    anne, bruno = town.meet("Anne", "Bruno")
    chloe = town.desk("Chloé")
    town.up(chloe)
    town.down(chloe)
    add_member(chloe, "ROUX")

    hand(town, chloe, bruno)

    assert names(bruno) == ["ROUX"]
    assert len(bruno.read(relay.colleagues)) == 2
    assert len(anne.read(relay.colleagues)) == 1


def test_erasures_without_their_ledger_are_not_believed(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    anne, bruno, chloe = town.meet("Anne", "Bruno", "Chloé")
    petit = add_member(anne, "PETIT")
    erase(town, anne, anne.read(lambda s: uid_of(s, petit)))
    town.down(bruno)
    add_member(bruno, "ROUX")
    monkeypatch.setattr(ledger, "pack", lambda _: [])

    with pytest.raises(BundleRejected) as refused:
        hand(town, bruno, chloe)

    assert refused.value.reason == "bad-structure"


def test_nobody_writes_under_anothers_origin(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    anne, bruno, chloe = town.meet("Anne", "Bruno", "Chloé")
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
    anne, bruno, chloe = town.meet("Anne", "Bruno", "Chloé")
    add_member(anne, "PETIT")
    hand(town, anne, bruno)
    honest = letters.lacking
    places = list(range(0, len(give_letter(bruno)), 97))

    for place in places:

        def altered(
            connection: Connection, known: Vector, *wanted: Wanted, place: int = place
        ) -> list[Kept]:
            return [
                replace(one, read=partial(flipped, one.content, place))
                for one in honest(connection, known, *wanted)
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
    anne, bruno, chloe = town.meet("Anne", "Bruno", "Chloé")
    add_member(anne, "PETIT")

    with pytest.raises(BundleRejected) as refused:
        exchange.apply(chloe, give(town, anne, bruno))

    assert refused.value.reason == "wrong-recipient"


def test_a_desk_of_another_office_is_a_stranger(town: Town) -> None:
    _, bruno = town.meet("Anne", "Bruno")
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
    anne, bruno = town.meet("Anne", "Bruno")
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
    anne, _ = town.meet("Anne", "Bruno")
    before = anne.read(link.load)[0]
    town.desk("Chloé")
    town.up(town.desks[2])
    town.down(anne)
    now = anne.read(link.load)[0]

    assert roster.heard(now, before.roster).roster == now.roster
    assert len(roster.trusted(now)) == 3
