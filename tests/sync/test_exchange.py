"""Two desks and a hub, through files: what one writes, the other has."""

from datetime import date, datetime

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.fields import Kind
from correspondent_desk.hub import ingest, recipients
from correspondent_desk.messages.bundles import report_in_words
from correspondent_desk.store import history
from correspondent_desk.store.database import Database
from correspondent_desk.store.identity import raw
from correspondent_desk.store.tables import Contact, Member
from correspondent_desk.sync import exchange, sending
from correspondent_desk.sync.exchange import Choice, Fate
from tests.builders import add_member
from tests.sync.desks import Town, contents


def note(desk: Database, member: int, **columns: str) -> None:
    def work(session: Session) -> None:
        found = session.get_one(Member, member)
        for name, value in columns.items():
            setattr(found, name, value)

    desk.do(Action.MEMBER_EDITED, work)


def log_call(desk: Database, member: int, at: datetime = datetime(2026, 12, 2, 10, 0)) -> int:  # noqa: DTZ001
    def work(session: Session) -> int:
        return history.create(
            session, Contact, root=member, member_id=member, at=at, way="phone", note="Called"
        ).id

    return desk.do(Action.CONTACT_LOGGED, work).result


def only_member(desk: Database) -> Member:
    return desk.read(lambda s: s.scalars(select(Member)).one())


def test_what_one_desk_writes_the_other_has(town: Town) -> None:
    here, there = town.desk("Yann"), town.desk("Rozenn")
    add_member(here, "Le Goff", note="Prefers mornings")

    arrived = town.up(here)
    town.up(there)
    report = town.down(there)

    assert (arrived.enrolled, arrived.operations) == (True, 1)
    assert (report.fate, report.effect.new) == (Fate.NEW, {Kind.MEMBER: 1})
    assert contents(here) == contents(there)
    assert only_member(there).search_doc == only_member(here).search_doc != ""


def test_who_came_and_went_again_is_not_told_of(town: Town) -> None:
    here, there = town.desk("Yann"), town.desk("Rozenn")
    member = add_member(here, "Le Goff")
    log_call(here, member)
    gone = add_member(here, "Petit")
    here.do(Action.MEMBER_REMOVED, lambda s: history.remove(s, s.get_one(Member, gone)))
    town.up(here)
    town.up(there)

    report = town.down(there)

    assert report.effect.new == {Kind.MEMBER: 1, Kind.CONTACT: 1}
    assert report.effect.removed == {}
    told = report_in_words(report, date(2026, 12, 3))
    assert told[1:] == ["1 new person.", "1 other new record."]


def test_different_fields_merge_and_the_same_field_is_settled(town: Town) -> None:
    here, there = town.desk("Yann"), town.desk("Rozenn")
    mine = add_member(here, "Le Goff")
    town.round()
    theirs = only_member(there).id
    note(here, mine, first_name="Annick", note="By the harbour")
    note(there, theirs, service="Laundry", note="By the church")
    town.round()
    town.round()

    [open_here], [open_there] = (d.read(exchange.disagreements) for d in (here, there))
    assert contents(here) == contents(there)
    assert only_member(here).service == "Laundry"
    assert (open_here.field, open_here.here.person, open_here.there.person) == (
        "note", "Yann", "Rozenn",
    )  # fmt: skip
    assert open_there.here.columns == {"note": "By the church"}
    assert open_here.before == {"note": ""}

    here.do(
        Action.DISAGREEMENT_SETTLED,
        lambda s: exchange.settle(s, open_here.id, Choice.THERE),
    )
    town.round()

    assert only_member(there).note == only_member(here).note == "By the church"
    assert there.read(exchange.disagreements) == here.read(exchange.disagreements) == []


def remove(desk: Database, member: int) -> None:
    def work(session: Session) -> None:
        history.remove(session, session.get_one(Member, member))

    desk.do(Action.MEMBER_REMOVED, work)


def listed(desk: Database) -> list[str]:
    return desk.read(
        lambda s: [m.family_name for m in s.scalars(select(Member)) if m.removed_at is None]
    )


def test_a_removal_by_somebody_who_knew_everything_stands(town: Town) -> None:
    here, there = town.desk("Yann"), town.desk("Rozenn")
    member = add_member(here, "Le Goff")
    town.round()
    town.round()

    remove(here, member)
    town.round()

    assert listed(here) == listed(there) == []
    assert here.read(exchange.disagreements) == there.read(exchange.disagreements) == []


@pytest.mark.parametrize("choice", [Choice.HERE, Choice.THERE])
def test_work_keeps_what_somebody_removed_without_knowing_of_it(town: Town, choice: Choice) -> None:
    here, there = town.desk("Yann"), town.desk("Rozenn")
    member = add_member(here, "Le Goff")
    town.round()
    town.round()
    remove(here, member)
    log_call(there, only_member(there).id)
    town.round()
    town.round()

    [open_here], [open_there] = (d.read(exchange.disagreements) for d in (here, there))
    assert listed(here) == listed(there) == ["Le Goff"]
    assert (open_here.field, open_there.field) == ("removed", "removed")
    assert open_here.here.columns["removed_at"] is not None
    assert open_there.here.columns == {"removed_at": None}

    there.do(Action.DISAGREEMENT_SETTLED, lambda s: exchange.settle(s, open_there.id, choice))
    town.round()

    expected = ["Le Goff"] if choice is Choice.HERE else []
    assert listed(here) == listed(there) == expected
    assert here.read(exchange.disagreements) == there.read(exchange.disagreements) == []
    assert contents(here) == contents(there)


def test_a_file_is_told_as_prepared_handed_over_refused_and_gone_once_acknowledged(
    town: Town,
) -> None:
    desk = town.desk("Yann")
    add_member(desk, "Le Goff")
    town.prepared(desk)

    def states() -> list[str]:
        return [row.state for row in exchange.status(desk).handed_over]

    prepared = states()
    exchange.exchange_folder(desk, town.path / "stick")
    handed_over = states()
    last = desk.read(
        lambda s: raw(s).execute("SELECT bundle FROM outbox ORDER BY number DESC").fetchone()[0]
    )
    desk.keep(lambda s: sending.note_state(s, last, sending.REFUSED))
    refused = states()
    town.exchange_folder()
    exchange.exchange_folder(desk, town.path / "stick")

    assert prepared == ["prepared"]
    assert handed_over == ["prepared", "handed-over"]
    assert refused == ["prepared", "refused"]
    assert states() == []


def test_a_lost_acknowledgement_is_said_again_once_the_hub_repeats_itself(town: Town) -> None:
    here, there = town.desk("Yann"), town.desk("Rozenn")
    town.round()
    add_member(there)
    town.up(there)
    town.down(here)
    assert exchange.status(here).has_news
    town.prepared(here)  # the stick is lost
    assert not exchange.status(here).has_news

    town.down(here)  # so the hub gives the same once more

    town.up(here)
    [to] = [one for one in recipients.every(town.hub) if one.desk.name == "PC Yann"]
    assert to.operations == 0
    town.down(here)
    assert not exchange.status(here).has_news


def test_what_the_hub_repeats_before_it_heard_costs_one_file_and_no_more(town: Town) -> None:
    here, there = town.desk("Yann"), town.desk("Rozenn")
    town.round()
    add_member(there)
    town.up(there)
    first, second = (town.written_for(here) for _ in range(2))
    exchange.apply(here, first)
    answers = [town.prepared(here)]
    exchange.apply(here, second)
    answers.append(town.prepared(here))
    assert not exchange.status(here).has_news

    for one in answers:
        ingest.take_in(town.hub, one)

    assert not any(to.has_news for to in recipients.every(town.hub) if to.desk.number == 1)
    assert exchange.prepare(here, town.path / "stick") is None
