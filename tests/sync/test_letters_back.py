"""What only a desk still has reaches the hub in the letters that it kept: no work waits for ever."""

from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from sqlite3 import Connection

import pytest

from correspondent_desk.cli.main import main
from correspondent_desk.domain.decisions import Verdict
from correspondent_desk.domain.delivery import Vector
from correspondent_desk.hub import (
    approving,
    audit,
    claims,
    declining,
    desks,
    held,
    restoring,
    snapshots,
    standing,
)
from correspondent_desk.hub.held import HeldRow
from correspondent_desk.hub.ingest import Fate
from correspondent_desk.hub.pages import words
from correspondent_desk.store.database import Database
from correspondent_desk.store.identity import raw
from correspondent_desk.store.session import Session
from correspondent_desk.store.tables import Member
from correspondent_desk.sync import exchange, letters, link, sending
from correspondent_desk.sync.letters import Kept, Wanted
from correspondent_desk.sync.rejection import BundleRejected
from tests.builders import Clock, add_member
from tests.hub.test_decisions import a_sent_request, decided, follow, number
from tests.keepers import ON_DISK, Keeper
from tests.records.acts import page
from tests.sync.desks import OFFICE, Town, contents, met, rebuilt, write
from tests.sync.lettered import exchanged, town, waiting
from tests.sync.test_forks import image, put_back
from tests.sync.test_relay import hand, names

__all__ = ["town"]


def test_a_hub_put_back_takes_from_a_desk_what_it_had_from_one_that_is_gone(
    town: Town, keeper: Keeper
) -> None:
    anne, bruno = met(town, ("Anne", "Bruno"))
    copy = town.copied_hub(keeper, "copy")
    add_member(anne, "LOST")
    town.round()
    add_member(bruno, "LATER")  # built on it
    town.put_hub_back(keeper, copy)

    exchanged(town, bruno)

    assert waiting(town) == 0
    chloe = town.desk("Chloé")
    town.round(chloe)
    assert names(chloe) == ["LATER", "LOST"]
    add_member(anne, "NEW")  # Anne is found after all
    exchanged(town, anne, bruno, chloe)
    assert names(anne) == names(chloe) == ["LATER", "LOST", "NEW"]
    assert contents(anne) == contents(bruno) == contents(chloe)


@ON_DISK
@pytest.mark.parametrize("year", [1970, 2096])
def test_so_it_does_of_a_desk_whose_clock_was_wrong_meanwhile(
    town: Town, keeper: Keeper, year: int
) -> None:
    anne, right, wrong = town.desk("Anne"), town.clock, Clock()
    town.clock = wrong
    bruno = town.desk("Bruno")
    town.clock = right
    town.round()
    town.round()
    copy = town.copied_hub(keeper, "copy")
    add_member(anne, "LOST")
    wrong.at = wrong.at.replace(year=year)
    town.round()
    add_member(bruno, "LATER")  # built on it
    wrong.at = wrong.at.replace(year=2026)
    town.put_hub_back(keeper, copy)

    exchanged(town, bruno)

    assert waiting(town) == 0
    chloe = town.desk("Chloé")
    town.round(chloe)
    assert names(chloe) == ["LATER", "LOST"]


@ON_DISK
def test_so_it_does_of_a_desk_that_it_has_forgotten(town: Town, keeper: Keeper) -> None:
    """Anne joined after the copy was made. She may come back, and goes on under her own name."""
    [bruno] = met(town, ("Bruno",))
    copy = town.copied_hub(keeper, "copy")
    anne = town.desk("Anne")
    town.round()
    town.round()
    add_member(anne, "LOST")
    town.round()
    add_member(bruno, "LATER")
    town.put_hub_back(keeper, copy)

    exchanged(town, bruno)

    assert waiting(town) == 0
    chloe = town.desk("Chloé")
    town.round(chloe)
    assert names(chloe) == ["LATER", "LOST"]
    exchange.enrol(anne, town.invitation(), desk_name="PC Anne")
    add_member(anne, "NEW")
    exchanged(town, anne, bruno, chloe)
    assert names(anne) == names(chloe) == ["LATER", "LOST", "NEW"]
    assert contents(anne) == contents(bruno) == contents(chloe)


def test_so_it_does_where_the_forgotten_desk_was_put_back_as_well(
    town: Town, keeper: Keeper, tmp_path: Path
) -> None:
    """What Anne wrote since she numbered as what the hub has by now from Bruno; she joins all the same."""
    [bruno] = met(town, ("Bruno",))
    copy = town.copied_hub(keeper, "copy")
    town.desk("Anne")
    town.round()
    town.round()
    image(town, 1, tmp_path / "disk")
    add_member(town.desks[1], "LOST")
    town.round()
    add_member(bruno, "LATER")
    anne = put_back(town, 1, tmp_path / "disk")
    add_member(anne, "OTHER")
    town.put_hub_back(keeper, copy)
    exchanged(town, bruno)
    exchange.enrol(anne, town.invitation(), desk_name="PC Anne")

    with pytest.raises(BundleRejected, match="forked-log"):
        town.up(anne)

    town.down(anne)
    exchanged(town, anne, bruno)
    assert names(anne) == ["LATER", "LOST", "OTHER"]
    assert contents(anne) == contents(bruno)


@pytest.mark.parametrize("put_back_before", [0, 1])
def test_a_hub_put_back_takes_back_a_decision_that_a_desk_has_followed(
    town: Town, keeper: Keeper, put_back_before: int
) -> None:
    """It is the hub's own word, and the desk the only one of its office.

    put_back_before: how often between any two things it said; it says them as another each time.
    """
    [desk] = met(town, ("Yann",))
    request = a_sent_request(town, desk)
    copy = town.copied_hub(keeper, "copy")
    for _ in range(put_back_before):
        restoring.say_restored(town.hub)
    line = f"{number(desk, request)};accordé;100;;;"
    assert decided(town, line).new == 1
    for _ in range(put_back_before):
        restoring.say_restored(town.hub)
    town.down(desk)
    follow(desk)
    town.put_hub_back(keeper, copy)

    exchanged(town, desk)

    assert waiting(town) == 0
    assert decided(town, line).new == 0, "it is known again"
    with town.hub.transaction(1) as connection:
        owners = {one.desk for one in standing.origins(connection, 1).values()}
    assert claims.NOBODY not in owners, "no desk of the office may go on as the committee"
    other = town.desk("Léa")
    town.round(other)
    assert contents(other) == contents(desk)


@ON_DISK
@pytest.mark.parametrize("passed", [timedelta(minutes=1), -timedelta(days=2)])
def test_a_decision_that_came_back_replaces_none_that_was_said_since(
    town: Town, keeper: Keeper, passed: timedelta
) -> None:
    """Also where the clock of the hub is behind what it said before."""
    [desk] = met(town, ("Yann",))
    request = number(desk, a_sent_request(town, desk))
    copy = town.copied_hub(keeper, "copy")
    decided(town, f"{request};accordé;100;;;")
    town.down(desk)
    town.put_hub_back(keeper, copy)
    town.clock.at += passed
    said_since = f"{request};refusé;;plafond dépassé;;"
    decided(town, said_since)

    exchanged(town, desk)
    other = town.desk("Léa")
    town.round(other)

    for one in (desk, other):
        [line] = page(one).decisions
        assert line.decision.verdict is Verdict.REFUSED
    [known] = decided(town, said_since).taken
    assert known.is_known
    [old] = decided(town, f"{request};accordé;100;;;").left_out
    assert old.stands is not None
    assert old.stands.verdict is Verdict.REFUSED


@ON_DISK
@pytest.mark.parametrize("place", [0, 40, -1])
def test_what_was_altered_or_cannot_be_opened_is_left_aside(
    town: Town, keeper: Keeper, monkeypatch: pytest.MonkeyPatch, place: int
) -> None:
    """What the hub signed comes back from a desk as it was, or not at all; the desk is heard."""
    anne, bruno = met(town, ("Anne", "Bruno"))
    copy = town.copied_hub(keeper, "copy")
    add_member(bruno, "OWN")  # not built on anything
    add_member(anne, "LOST")
    town.up(anne)
    town.down(bruno)
    town.put_hub_back(keeper, copy)
    town.down(bruno)
    honest = letters.lacking
    told: list[Kept] = []

    def altered(connection: Connection, known: Vector, *wanted: Wanted) -> list[Kept]:
        for one in honest(connection, known, *wanted):
            flipped = bytearray(one.content)
            flipped[place] ^= 1
            junk = b"age-encryption.org/v1\n" + bytes(200)
            told.append(replace(one, read=partial(bytes, junk if place < 0 else flipped)))
        return told

    monkeypatch.setattr(letters, "lacking", altered)
    arrival = town.up(bruno)

    assert told, "the hub lacks what its letter brings"
    assert arrival.fate is Fate.NEW
    chloe = town.desk("Chloé")
    town.round(chloe)
    assert names(chloe) == ["OWN"]


def lost_after_a_stick(town: Town) -> tuple[Database, Database, HeldRow]:
    """Anne gave Bruno work by stick; then her computer was reported lost. It is told at the hub."""
    anne, bruno, chloe = met(town, ("Anne", "Bruno", "Chloé"))
    kept = add_member(anne, "KEPT")
    town.up(anne)
    write(anne, anne.read(lambda s: s.get_one(Member, kept)), note="late")
    hand(town, anne, bruno)  # both, of which the hub lacks one
    desks.revoke(town.hub, OFFICE, 1)
    add_member(bruno, "LATER")  # built on it
    exchanged(town, bruno)
    exchanged(town, bruno)
    [row] = held.held(town.hub)
    assert (row.desk, row.desk_name, row.operations) == (1, "PC Anne", 1)
    return bruno, chloe, row


def test_what_a_lost_desk_gave_a_colleague_counts_once_it_is_approved(town: Town) -> None:
    bruno, chloe, row = lost_after_a_stick(town)
    assert waiting(town)

    assert approving.approve(town.hub, row.id) == 1
    exchanged(town, bruno, chloe)

    assert waiting(town) == 0
    assert held.held(town.hub) == []
    assert names(chloe) == names(bruno) == ["KEPT", "LATER"]
    assert contents(chloe) == contents(bruno)


@ON_DISK
def test_what_was_let_go_is_not_asked_for_again(town: Town) -> None:
    bruno, chloe, row = lost_after_a_stick(town)

    declining.decline(town.hub, row.id)
    exchanged(town, bruno, chloe)

    assert held.held(town.hub) == []
    assert names(chloe) == ["KEPT"]
    with pytest.raises(held.NoSuchHeld):
        approving.approve(town.hub, row.id)


@pytest.mark.parametrize("is_put_back", [True, False])
def test_what_goes_on_from_what_was_let_go_goes_with_it(
    town: Town, tmp_path: Path, capsys: pytest.CaptureFixture[str], *, is_put_back: bool
) -> None:
    """Anne gave Bruno work by stick three times, and of hers nobody brings the first again."""
    met(town, ("Anne", "Bruno"))
    image(town, 0, tmp_path / "image")
    if is_put_back:  # so that the hub has other work under the numbers of this
        add_member(town.desks[0], "LOST")
        town.up(town.desks[0])
    anne, bruno = put_back(town, 0, tmp_path / "image"), town.desks[1]
    for name in ("FIRST", "SECOND", "THIRD"):
        add_member(anne, name)
        hand(town, anne, bruno)
        hand(town, bruno, anne)
    desks.revoke(town.hub, OFFICE, 1)
    town.up(bruno)
    first, second, third = held.held(town.hub)
    where = ["--hub", str(town.hub.folder.path)]

    assert main(["hub", "approve", first.id, *where]) == 0
    assert main(["--lang", "en", "hub", "decline", second.id, *where]) == 0

    assert f"“{third.id}” goes on from it" in capsys.readouterr().out
    town.up(bruno)
    assert held.held(town.hub) == [], "neither is asked for again"
    [told] = audit.newest(town.hub, 1)
    assert told.details["others"] == 1
    assert words.details(told) == "1 file that goes on from it was let go with it"
    chloe = town.desk("Chloé")
    town.round(chloe)
    assert names(chloe) == (["FIRST", "LOST"] if is_put_back else ["FIRST"])


@ON_DISK
def test_what_a_found_desk_carries_of_one_that_is_gone_is_approved_with_its_own_work(
    town: Town,
) -> None:
    """Anne gave Bruno work by stick and never exchanged again; Bruno was lost, and is found."""
    anne, bruno, chloe = met(town, ("Anne", "Bruno", "Chloé"))
    add_member(anne, "KEPT")
    hand(town, anne, bruno)
    add_member(bruno, "LATER")  # built on it
    desks.revoke(town.hub, OFFICE, 2)
    with pytest.raises(BundleRejected):
        town.up(bruno)
    [row] = held.held(town.hub)

    assert approving.approve(town.hub, row.id) == 2
    town.down(chloe)

    assert names(chloe) == names(bruno) == ["KEPT", "LATER"]
    assert contents(chloe) == contents(bruno)


@ON_DISK
def test_of_more_letters_than_go_at_once_the_first_go_first(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What comes later builds on them, and would wait for ever."""
    anne, bruno, chloe = met(town, ("Anne", "Bruno", "Chloé"))
    for name in ("FIRST", "SECOND"):
        add_member(anne, name)
        hand(town, anne, bruno)
        hand(town, bruno, anne)  # who hears what has come, and gives only the rest
    monkeypatch.setattr(letters, "MOST", 1)

    exchanged(town, bruno, chloe)

    assert waiting(town) == 0
    assert names(chloe) == ["FIRST", "SECOND"]


def test_a_hub_put_back_takes_back_the_snapshot_that_a_desk_began_with(
    town: Town, keeper: Keeper, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whose work that was is gone; of what was replaced there is nothing left, nor is it needed."""
    monkeypatch.setattr(snapshots, "FROM", 1)
    anne, bruno = met(town, ("Anne", "Bruno"))
    add_member(anne, "FIRST")
    town.round()
    copy = town.copied_hub(keeper, "copy")
    lost = add_member(anne, "LOST")
    for note in ("replaced", "stands"):
        write(anne, anne.read(lambda s: s.get_one(Member, lost)), note=note)
    town.up(anne)
    chloe = town.desk("Chloé")
    town.round(chloe)
    add_member(chloe, "LATER")  # built on it
    town.put_hub_back(keeper, copy)
    exchange.enrol(chloe, town.invitation(), desk_name="PC Chloé")

    exchanged(town, chloe, bruno)

    assert waiting(town) == 0
    with town.hub.transaction(1) as connection:
        gaps = [one.floor for one in standing.origins(connection, 1).values() if one.floor]
    assert gaps == [4], "what Anne wrote up to there is not all there"
    dora = town.desk("Dora")
    town.round(dora)
    assert names(dora) == names(bruno) == ["FIRST", "LATER", "LOST"]
    add_member(anne, "NEW")  # Anne is found after all
    exchanged(town, anne, bruno, chloe, dora)
    assert names(dora) == ["FIRST", "LATER", "LOST", "NEW"]
    assert contents(anne) == contents(bruno) == contents(chloe) == contents(dora)
    assert all(shown == told for shown, told in map(rebuilt, (anne, bruno, chloe, dora)))


def test_whether_the_hub_lacks_letters_is_known_without_reading_them(town: Town) -> None:
    anne, bruno = met(town, ("Anne", "Bruno"))
    add_member(anne, "Le Goff")
    hand(town, anne, bruno)
    asked: list[str] = []

    def look(session: Session) -> bool:
        raw(session).set_trace_callback(asked.append)
        try:
            return sending.has_news(bruno, session, link.load(session)[0])
        finally:
            raw(session).set_trace_callback(None)

    assert bruno.read(look)
    assert any(" FROM letter" in statement for statement in asked)
    assert not any("content" in statement for statement in asked)
