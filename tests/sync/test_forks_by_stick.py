"""Work of a desk put back whole reaches a colleague by stick under numbers that are taken."""

from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from correspondent_desk.hub import ingest
from correspondent_desk.store.database import Database
from correspondent_desk.store.identity import raw, uid_of
from correspondent_desk.store.tables import Member
from correspondent_desk.sync import exchange, forks, inbox, letters
from correspondent_desk.sync.origins import Origins
from correspondent_desk.sync.rejection import BundleRejected
from correspondent_desk.sync.reports import Fate
from tests.builders import add_member
from tests.sync.desks import Town, contents, met, rebuilt, write
from tests.sync.test_forks import erase, image, names, note, put_back
from tests.sync.test_relay import hand

NOON = datetime(2026, 12, 3, 12, 0)  # noqa: DTZ001 - as columns keep it


def exchanged(town: Town, *desks: Database) -> None:
    """Enough exchanges for everything to be everywhere."""
    for _ in range(6):
        for desk in desks:
            if exchange.status(desk).has_news:
                with suppress(BundleRejected):  # forked-log, which the answer mends
                    town.up(desk)
            town.down(desk)


def assert_all_have(expected: list[str], *desks: Database) -> None:
    for desk in desks:
        assert names(desk) == expected
        assert len(desk.read(exchange.disagreements)) == 1
        assert not exchange.status(desk).has_news
        shown, from_history = rebuilt(desk)
        assert shown == from_history
        assert contents(desk) == contents(desks[0])


@pytest.mark.parametrize(
    ("lost", "new", "is_heard_of", "is_gone"),
    [(1, 2, True, False), (2, 1, False, True), (1, 3, False, True)],
)
def test_a_colleague_gets_what_was_lost_and_keeps_what_came_by_stick(
    town: Town, tmp_path: Path, *, lost: int, new: int, is_heard_of: bool, is_gone: bool
) -> None:
    met(town, ("Anne", "Bruno", "Chloé"))
    before = add_member(town.desks[0], "Before")
    town.round()
    town.round()
    image(town, 0, tmp_path / "image")
    for number in range(lost):
        add_member(town.desks[0], f"Lost {number}")
    note(town.desks[0], before, "lost")
    town.up(town.desks[0])
    anne = put_back(town, 0, tmp_path / "image")
    town.clock.at += timedelta(minutes=1)
    _, bruno, chloe = town.desks

    for number in range(new):
        add_member(anne, f"New {number}")
    note(anne, before, "new")
    hand(town, anne, bruno)
    add_member(bruno, "Bruno’s")
    hand(town, bruno, chloe)
    add_member(chloe, "Chloé’s")
    if is_heard_of:
        town.down(anne)
    live = (bruno, chloe) if is_gone else (anne, bruno, chloe)
    exchanged(town, *live)

    expected = ["Before", "Bruno’s", "Chloé’s"]
    expected += [f"Lost {number}" for number in range(lost)]
    expected += [f"New {number}" for number in range(new)]
    assert_all_have(expected, *live)


def test_a_colleague_has_more_of_it_than_is_looked_at_once(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for looking in (forks, ingest):
        monkeypatch.setattr(looking, "LOOKED_BACK", 3)
    met(town, ("Anne", "Bruno", "Chloé"))
    before = add_member(town.desks[0], "Before")
    town.round()
    town.round()
    image(town, 0, tmp_path / "image")
    for number in range(6):
        add_member(town.desks[0], f"Lost {number}")
    note(town.desks[0], before, "lost")
    town.up(town.desks[0])
    anne = put_back(town, 0, tmp_path / "image")
    town.clock.at += timedelta(minutes=1)
    note(anne, before, "new")
    for number in range(8):
        add_member(anne, f"New {number}")
    note(anne, before, "newer")
    _, bruno, chloe = town.desks
    hand(town, anne, bruno)

    for _ in range(5):
        town.round(bruno)
    town.round(chloe)

    for desk in (bruno, chloe):
        assert len(names(desk)) == 1 + 6 + 8
        [told] = desk.read(exchange.disagreements)
        assert {told.here.columns["note"], told.there.columns["note"]} == {"lost", "newer"}
    assert contents(bruno) == contents(chloe)


def test_sticks_between_the_hub_s_word_and_its_answer_harm_nothing(
    town: Town, tmp_path: Path
) -> None:
    """Bruno has been told that his numbers of Anne are others, and not yet sent what they are."""
    met(town, ("Anne", "Bruno", "Chloé"))
    before = add_member(town.desks[0], "Before")
    town.round()
    town.round()
    image(town, 0, tmp_path / "image")
    note(town.desks[0], before, "lost")
    town.up(town.desks[0])
    anne = put_back(town, 0, tmp_path / "image")
    town.clock.at += timedelta(minutes=1)
    _, bruno, chloe = town.desks
    note(anne, before, "new")
    hand(town, anne, bruno)
    town.up(bruno)
    town.down(bruno)

    add_member(chloe, "Chloé’s")
    hand(town, anne, chloe)
    add_member(chloe, "Built on it")
    assert hand(town, chloe, bruno).fate is Fate.WAITING
    add_member(anne, "Late")
    with pytest.raises(BundleRejected, match="forked-log"):
        hand(town, anne, bruno)
    hand(town, anne, chloe)
    hand(town, chloe, bruno)
    exchanged(town, anne, bruno, chloe)

    assert_all_have(["Before", "Built on it", "Chloé’s", "Late"], anne, bruno, chloe)
    assert bruno.read(inbox.waiting) == []


def test_what_came_by_stick_is_taken_back_and_not_what_the_hub_has_under_its_numbers(
    town: Town, tmp_path: Path
) -> None:
    met(town, ("Anne", "Bruno"))
    add_member(town.desks[0], "Before")
    town.round()
    town.round()
    image(town, 0, tmp_path / "image")
    add_member(town.desks[0], "Lost")
    town.up(town.desks[0])
    anne = put_back(town, 0, tmp_path / "image")
    bruno = town.desks[1]
    add_member(anne, "New")
    stick = hand(town, anne, bruno)
    exchanged(town, bruno)
    assert names(bruno) == ["Before", "Lost", "New"]

    exchange.take_back(bruno, stick.bundle)

    asked = select(Member.family_name).where(Member.removed_at.is_(None))
    assert set(bruno.read(lambda s: s.scalars(asked).all())) == {"Before", "Lost"}


def test_a_file_that_is_refused_has_made_no_voice(town: Town, tmp_path: Path) -> None:
    met(town, ("Anne", "Bruno", "Chloé"))
    before = [add_member(town.desks[0], f"Member {number}") for number in range(8)]
    town.round()
    town.round()
    image(town, 0, tmp_path / "image")
    note(town.desks[0], before[0], "lost")
    town.up(town.desks[0])
    anne = put_back(town, 0, tmp_path / "image")
    _, bruno, chloe = town.desks
    note(anne, before[0], "new")
    hand(town, anne, bruno)
    town.round(bruno)  # he is told that there is other work, and asks for it
    town.up(bruno)
    for member in chloe.read(lambda s: s.scalars(select(Member)).all())[1:]:
        write(chloe, member, removed_at=NOON)
    town.up(chloe)
    file, had = town.written_for(bruno), bruno.read(lambda s: Origins(raw(s)).vector)

    with pytest.raises(exchange.RemovesMuch):
        exchange.apply(bruno, file)

    assert bruno.read(lambda s: Origins(raw(s)).vector) == had
    exchange.apply(bruno, file, is_meant=True)
    assert len(bruno.read(exchange.disagreements)) == 1


def test_what_only_a_colleague_had_reaches_everybody(town: Town, tmp_path: Path) -> None:
    """The hub hears what was written under these numbers afterwards."""
    met(town, ("Anne", "Bruno", "Chloé"))
    before = add_member(town.desks[0], "Before")
    town.round()
    town.round()
    image(town, 0, tmp_path / "image")
    add_member(town.desks[0], "Lost")
    note(town.desks[0], before, "lost")
    hand(town, town.desks[0], town.desks[1])
    anne = put_back(town, 0, tmp_path / "image")
    town.clock.at += timedelta(minutes=1)
    add_member(anne, "New")
    note(anne, before, "new")

    exchanged(town, *town.desks)

    assert_all_have(["Before", "Lost", "New"], *town.desks)


def test_what_came_by_stick_under_the_number_of_somebody_erased_reaches_everybody(
    town: Town, tmp_path: Path
) -> None:
    """Of whom the hub had last under these numbers it has nothing left to tell by, and Anne is gone."""
    met(town, ("Anne", "Bruno", "Chloé"))
    add_member(town.desks[0], "Before")
    town.round()
    town.round()
    image(town, 0, tmp_path / "image")
    gone = add_member(town.desks[0], "Gone")
    uid = town.desks[0].read(lambda s: uid_of(s, gone))
    town.up(town.desks[0])
    erase(town, uid)
    anne = put_back(town, 0, tmp_path / "image")
    add_member(anne, "New")
    _, bruno, chloe = town.desks
    hand(town, anne, bruno)

    exchanged(town, bruno, chloe)

    assert names(bruno) == names(chloe) == ["Before", "New"]
    assert contents(bruno) == contents(chloe)


def test_what_was_lost_comes_back_by_a_stick_as_the_hub_signed_it(
    town: Town, tmp_path: Path
) -> None:
    met(town, ("Anne", "Bruno"))
    image(town, 0, tmp_path / "image")
    before = add_member(town.desks[0], "Before")
    town.up(town.desks[0])
    town.down(town.desks[1])
    anne = put_back(town, 0, tmp_path / "image")
    town.clock.at += timedelta(minutes=1)
    bruno = town.desks[1]

    hand(town, bruno, anne)
    note(anne, before, "new")
    note(bruno, before, "Bruno’s")
    exchanged(town, anne, bruno)

    assert_all_have(["Before"], anne, bruno)


@pytest.mark.parametrize("builds_too", [True, False])
def test_what_waits_at_the_hub_while_its_disk_is_put_back_is_not_lost(
    town: Town, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, builds_too: bool
) -> None:
    """It would be taken for what the desk wrote since, or nothing of the office be let in any more."""
    monkeypatch.setattr(letters, "MOST_BYTES", 0)  # so the hub lacks what was handed over
    met(town, ("Anne", "Bruno", "Chloé"))
    _, bruno, chloe = town.desks
    add_member(town.desks[0], "Before")
    town.round()
    town.round()
    add_member(bruno, "Bruno’s")
    if builds_too:
        hand(town, bruno, town.desks[0])
    image(town, 0, tmp_path / "image")
    if not builds_too:
        hand(town, bruno, town.desks[0])
    for name in ("Lost", "Lost too"):
        add_member(town.desks[0], name)
    assert town.up(town.desks[0]).fate is ingest.Fate.WAITING
    anne = put_back(town, 0, tmp_path / "image")
    add_member(anne, "New")

    town.up(anne)
    add_member(chloe, "Chloé’s")
    assert town.up(chloe).fate is ingest.Fate.NEW
    for _ in range(3):
        town.round()

    expected = ["Before", "Bruno’s", "Chloé’s", "Lost", "Lost too", "New"]
    assert [names(desk) for desk in town.desks] == [expected] * 3
    assert len({repr(contents(desk)) for desk in town.desks}) == 1
