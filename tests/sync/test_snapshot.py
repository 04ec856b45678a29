"""A new, a stale and a rescued desk are at work from the hub's snapshot, and lose nothing of their own."""

import pytest

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.fields import Kind
from correspondent_desk.errors import DeskError
from correspondent_desk.hub import snapshots
from correspondent_desk.records.saving import open_disagreements
from correspondent_desk.store import history
from correspondent_desk.store.database import Database
from correspondent_desk.store.identity import raw
from correspondent_desk.store.tables import Member
from correspondent_desk.sync import exchange
from correspondent_desk.sync.exchange import Fate
from correspondent_desk.sync.manifest import FEATURES
from tests.builders import add_member
from tests.sync.desks import Town, contents, edit, rebuilt


@pytest.fixture
def town(town: Town, monkeypatch: pytest.MonkeyPatch) -> Town:
    """Every new desk gets a snapshot, however little there is."""
    monkeypatch.setattr(snapshots, "FROM", 1)
    return town


def count(desk: Database, table: str) -> int:
    found: int = desk.read(lambda s: raw(s).execute(f"SELECT count(*) FROM {table}").fetchone()[0])
    return found


def a_life(town: Town) -> tuple[Database, Database]:
    """Two desks that edited, disagreed, removed and added; both have exchanged all of it."""
    here, there = town.desk("Yann"), town.desk("Rozenn")
    for name in ("Anne", "Lou", "Paul"):
        add_member(here, "Le Goff", first_name=name)
    for _ in range(2):
        town.round(here, there)
    for note in ("First", "Second", "Third"):
        edit(here, "Anne", note=note)
    edit(here, "Lou", employer="Harbour")
    edit(there, "Lou", employer="Town hall", service="Laundry")
    edit(there, "Anne", matricule="0042")
    there.do(
        Action.MEMBER_REMOVED,
        lambda s: history.remove(s, s.query(Member).filter(Member.first_name == "Paul").one()),
    )
    edit(here, "Paul", service="Kitchen")
    for _ in range(2):
        town.round(here, there)
    return here, there


def disputes(desk: Database) -> list[tuple[str, frozenset[str]]]:
    found = desk.read(exchange.disagreements)
    return sorted(
        (one.field, frozenset(map(str, (one.here.columns, one.there.columns)))) for one in found
    )


def test_a_new_desk_holds_all_and_only_what_stands(town: Town) -> None:
    here, _ = a_life(town)
    new = town.desk("Maël")
    town.up(new)

    preview = exchange.preview(new, town.written_for(new))
    report = town.down(new)

    assert contents(new) == contents(here)
    assert disputes(new) == disputes(here)
    assert len(disputes(new)) == 2
    assert (report.fate, preview.effect) == (Fate.NEW, report.effect)
    assert report.effect.new == {Kind.MEMBER: 3}  # the third was removed, but that does not stand
    assert count(new, "history") < count(here, "history")
    shown, told = rebuilt(new)
    assert shown == told


def test_it_settles_edits_and_exchanges_like_any_other(town: Town) -> None:
    here, there = a_life(town)
    new = town.desk("Maël")
    town.up(new)
    town.down(new)

    edit(new, "Anne", note="Fourth")
    edit(here, "Anne", note="Fifth")
    open_ = next(one for one in new.read(exchange.disagreements) if one.field == "employer")
    new.do(Action.DISAGREEMENT_SETTLED, lambda s: exchange.settle(s, open_.id, "Library"))
    for _ in range(2):
        town.round()

    assert contents(new) == contents(here) == contents(there)
    assert [one.field for one in new.read(exchange.disagreements)] == ["note", "removed"]
    assert disputes(here) == disputes(there)


def test_what_it_wrote_before_stays_beside_what_came(town: Town) -> None:
    here, _ = a_life(town)
    new = town.desk("Maël")
    add_member(new, "Kervella", first_name="Enora")
    town.up(new)
    add_member(new, "Kervella", first_name="Never sent")

    town.down(new)
    for _ in range(2):
        town.round()

    assert contents(new) == contents(here)
    assert count(here, "member") == 5


def test_the_same_snapshot_twice_and_late_changes_nothing(town: Town) -> None:
    here, _ = a_life(town)
    new = town.desk("Maël")
    town.up(new)
    first, second = town.written_for(new), town.written_for(new)
    exchange.apply(new, first)
    edit(new, "Anne", note="Fourth")
    before = contents(new)

    again = exchange.apply(new, second)
    once_more = exchange.apply(new, first)

    assert (again.fate, once_more.fate) == (Fate.NOTHING_NEW, Fate.DUPLICATE)
    assert contents(new) == before
    for _ in range(2):
        town.round()
    assert contents(new) == contents(here)


def test_a_desk_that_had_fallen_behind_keeps_its_unsent_edits(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own work is beside what it had seen long ago; a value replaced there goes here too."""
    here, there = a_life(town)
    stale = town.desk("Maël")
    town.up(stale)
    town.down(stale)
    edit(stale, "Anne", note="Never sent")
    edit(stale, "Lou", first_name="Louise")
    open_ = next(one for one in here.read(exchange.disagreements) if one.field == "employer")
    here.do(Action.DISAGREEMENT_SETTLED, lambda s: exchange.settle(s, open_.id, "Library"))
    edit(there, "Anne", note="Fourth", matricule="0043")
    for _ in range(2):
        town.round(here, there)
    monkeypatch.setattr("correspondent_desk.hub.outgoing._is_new", lambda *_: True)

    town.down(stale)
    fields = [one.field for one in stale.read(exchange.disagreements)]
    lou = stale.read(lambda s: s.query(Member).filter(Member.first_name == "Louise").one())
    monkeypatch.undo()
    for _ in range(2):
        town.round()

    assert fields == ["note", "removed"]
    assert lou.employer == "Library"
    assert contents(stale) == contents(here) == contents(there)
    anne = here.read(lambda s: s.query(Member).filter(Member.first_name == "Anne").one())
    assert here.read(lambda s: open_disagreements(s, Kind.MEMBER, anne.id)) == ("note",)


def test_an_older_version_refuses_it_and_does_not_believe_it_has_it(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    a_life(town)
    new = town.desk("Maël")
    town.up(new)
    file = town.written_for(new)
    monkeypatch.setattr("correspondent_desk.sync.manifest.FEATURES", FEATURES - {"snapshot1"})

    with pytest.raises(DeskError) as refused:
        exchange.apply(new, file)

    assert refused.value.full_code == "bundle:needs-update"
    assert count(new, "member") == 0
