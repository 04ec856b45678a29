"""Two desks of one office exchange by a stick, without the hub, and the hub hears of it later."""

from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from correspondent_desk.hub import desks, erasing, offices, outgoing, recipients, tables
from correspondent_desk.store.database import Database
from correspondent_desk.store.identity import raw, uid_of
from correspondent_desk.sync import exchange, letters, relay
from correspondent_desk.sync.rejection import BundleNotWritten, BundleRejected
from correspondent_desk.sync.reports import Fate, Report
from tests.builders import add_member
from tests.sync.desks import OFFICE, Town, contents, met
from tests.sync.test_forks import image, put_back


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
    anne, bruno = town.meet("Anne", "Bruno")
    add_member(anne, "PETIT")

    report = hand(town, anne, bruno)

    assert report.fate is Fate.NEW
    assert names(bruno) == ["PETIT"]
    assert exchange.status(anne).to_send > 0, "the acknowledgement is the hub's"


def test_one_stick_carries_the_files_of_everybody(town: Town) -> None:
    """To the hub, from the hub and to two colleagues: none takes the place of another."""
    anne, *_ = town.meet("Anne", "Bruno", "Chloé")
    add_member(anne, "PETIT")
    stick = town.path / "one"
    stick.mkdir()
    for_anne = next(one for one in recipients.every(town.hub) if one.desk.number == 1)

    for to in anne.read(relay.colleagues):
        assert relay.prepare_for(anne, to.signing, stick)
    assert exchange.prepare(anne, stick)
    outgoing.write(town.hub, for_anne, stick)

    written = {path.name.split("_")[2] for path in stick.iterdir()}
    assert written == {"1", "hub-1", "1-2", "1-3"}


@pytest.mark.parametrize("first", [0, 1])
def test_the_hub_takes_it_from_either_desk_once(town: Town, first: int) -> None:
    desks = town.meet("Anne", "Bruno")
    add_member(desks[0], "PETIT")
    hand(town, *desks)

    arrivals = [town.up(desks[first]), town.up(desks[1 - first])]

    assert [bool(one.operations) for one in arrivals] == [True, False]
    town.round()
    assert contents(desks[0]) == contents(desks[1])
    assert exchange.status(desks[0]).to_send == 0


def test_a_third_desk_gets_both_through_the_second(town: Town) -> None:
    anne, bruno, chloe = town.meet("Anne", "Bruno", "Chloé")
    add_member(anne, "PETIT")
    hand(town, anne, bruno)
    add_member(bruno, "ROUX")

    hand(town, bruno, chloe)

    assert names(chloe) == ["PETIT", "ROUX"]


def test_what_came_from_the_hub_is_passed_on_with_the_work_built_on_it(town: Town) -> None:
    anne, bruno, chloe = town.meet("Anne", "Bruno", "Chloé")
    add_member(anne, "PETIT")
    town.up(anne)
    town.down(bruno)  # Chloé was not there
    add_member(bruno, "ROUX")

    report = hand(town, bruno, chloe)

    assert report.fate is Fate.NEW
    assert names(chloe) == ["PETIT", "ROUX"]


def test_nothing_is_made_when_a_colleague_has_everything(town: Town) -> None:
    anne, bruno = town.meet("Anne", "Bruno")
    add_member(anne, "PETIT")
    hand(town, anne, bruno)
    hand(town, bruno, anne)
    to = anne.read(lambda s: relay.named(s, "PC Bruno"))

    assert relay.prepare_for(anne, to.signing, town.path / "stick") is None

    add_member(anne, "ROUX")
    assert relay.prepare_for(anne, to.signing, town.path / "stick") is not None


def test_a_lost_stick_heals_itself(town: Town) -> None:
    anne, bruno = town.meet("Anne", "Bruno")
    add_member(anne, "PETIT")
    give(town, anne, bruno)  # lost
    add_member(anne, "ROUX")

    hand(town, anne, bruno)

    assert names(bruno) == ["PETIT", "ROUX"]


def test_both_desks_find_each_other_on_a_stick(town: Town) -> None:
    anne, bruno = town.meet("Anne", "Bruno")
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
    anne, bruno = town.meet("Anne", "Bruno")
    for _ in range(2):
        for desk in (anne, bruno):
            exchange.exchange_folder(desk, town.path / "stick")
        town.exchange_folder()
        add_member(anne)

    assert not (town.path / "stick" / relay.BETWEEN).exists()


def test_who_was_erased_leaves_the_letters_too(town: Town) -> None:
    anne, bruno, chloe = town.meet("Anne", "Bruno", "Chloé")
    petit = add_member(anne, "PETIT")
    add_member(anne, "ROUX")
    hand(town, anne, bruno)
    assert letters_at(bruno)
    root = anne.read(lambda s: uid_of(s, petit))
    erase(town, anne, root)
    town.down(bruno)

    hand(town, bruno, chloe)

    assert names(bruno) == names(chloe) == ["ROUX"]
    assert letters_at(bruno) == 2, "sealed, and the hub's, which has a hole in her place"
    assert letters_at(chloe) == 1
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
        parcels = [
            letters.read(content, lambda _: True)
            for (content,) in found
            if not content.startswith(b"age-encryption.org/")
        ]
        return any(
            root in (op.record, op.root)
            for one in parcels
            if one is not None
            for run in range(len(one.runs))
            for op in one.ops(run)
        )

    return desk.read(read)


def test_the_ledger_goes_with_the_work_of_who_carried_it_out(town: Town) -> None:
    anne, bruno, chloe = town.meet("Anne", "Bruno", "Chloé")
    petit = add_member(anne, "PETIT")
    hand(town, anne, chloe)
    erase(town, anne, anne.read(lambda s: uid_of(s, petit)))
    town.down(bruno)
    add_member(bruno, "ROUX")

    hand(town, bruno, chloe)

    assert names(chloe) == ["ROUX"]


def test_a_desk_put_back_whole_gets_its_work_from_a_colleague(town: Town, tmp_path: Path) -> None:
    """Its whole disk was put back: no note of its tells that it wrote more."""
    _, bruno = met(town, ("Anne", "Bruno"))
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


def test_letters_are_kept_for_a_time_and_to_a_size(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    anne, bruno = town.meet("Anne", "Bruno")
    for number in range(4):
        add_member(anne, f"PERSON {number}")
        hand(town, anne, bruno)
    assert letters_at(bruno) == 4
    size = bruno.read(lambda s: raw(s).execute("SELECT max(size) FROM letter").fetchone()[0])
    monkeypatch.setattr(letters, "KEPT_BYTES", 2 * size)
    bruno.keep(lambda s: letters.sweep(raw(s), bruno.now_ms()))
    assert letters_at(bruno) == 2

    bruno.keep(lambda s: letters.sweep(raw(s), bruno.now_ms() + letters.KEPT_MS))
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
    anne, _bruno = town.meet("Anne", "Bruno")
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
    anne, _bruno = town.meet("Anne", "Bruno")
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
