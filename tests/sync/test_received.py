"""What came with a file is found, shown and told as if it had been written here."""

from datetime import date, datetime
from functools import partial

from sqlalchemy import select
from sqlalchemy.orm import Session

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.fields import Kind
from correspondent_desk.hub import ingest
from correspondent_desk.records import office as office_records
from correspondent_desk.store import history, search
from correspondent_desk.store.identity import raw
from correspondent_desk.store.tables import Contact, Meeting, Office, Site
from correspondent_desk.sync import exchange
from correspondent_desk.sync.columns import OpRow, Run
from tests.builders import add_member
from tests.sync.desks import Town, contents
from tests.sync.test_receiving import all_members, edit
from tests.sync.test_store_refuses import as_the_hub, told


def test_different_fields_are_told_as_parallel_changes(town: Town) -> None:
    here, there = town.desk("Yann"), town.desk("Rozenn")
    member = add_member(here, "Le Goff")
    town.round()
    town.round()
    edit(here, member, service="Laundry")
    theirs = all_members(there)[0].id
    edit(there, theirs, access_needs="Stairs")
    town.up(here)

    report = town.down(there)

    assert report.effect.parallel == ((Kind.MEMBER, theirs),)
    assert report.effect.disagreements == 0
    assert there.read(exchange.disagreements) == []


def test_a_phone_written_twice_shows_the_newest_and_may_be_settled(town: Town) -> None:
    here, there = town.desk("Yann"), town.desk("Rozenn")
    member = add_member(here, "Le Goff")
    town.round()
    town.round()
    edit(here, member, phones=[{"number": "+33611111111", "label": "", "do_not_use": False}])
    town.clock.at = town.clock.at.replace(hour=11)
    edit(
        there,
        all_members(there)[0].id,
        phones=[{"number": "+33622222222", "label": "", "do_not_use": False}],
    )
    town.up(here)

    report = town.down(there)
    [open_] = there.read(exchange.disagreements)

    assert report.effect.disagreements == 0
    assert (open_.is_soft, open_.field) == (True, "phones")
    assert exchange.status(there).disagreements == 0  # nobody waits for an answer
    assert all_members(there)[0].phones[0]["number"] == "+33622222222"


def test_people_who_came_are_found_by_name_and_phone(town: Town) -> None:
    here, there = town.desk("Yann"), town.desk("Rozenn")
    for number in range(80):
        add_member(
            here,
            f"Le Goff{number}",
            phones=[{"number": f"+3361234{number:04}", "label": "", "do_not_use": False}],
        )
    town.round()
    member = all_members(here)[0].id
    edit(here, member, family_name="Kervella")
    town.up(here)

    town.down(there)

    def find(words: str) -> int:
        return there.read(lambda s: len(search.find(raw(s), words)))

    assert [find("kervella"), find("goff79"), find("goff0"), find("06 12 34 00 42")] == [1, 1, 0, 1]


def test_a_contact_that_came_moves_the_last_contact(town: Town) -> None:
    here, there = town.desk("Yann"), town.desk("Rozenn")
    first, second = add_member(here, "Le Goff"), add_member(here, "Petit")

    def log(session: Session) -> int:
        at = datetime(2026, 12, 1, 10, 0)  # noqa: DTZ001
        return history.create(session, Contact, root=first, member_id=first, at=at, way="visit").id

    contact = here.do(Action.CONTACT_LOGGED, log).result
    town.round()
    town.round()
    came = [(m.last_seen_on, m.last_contact_on) for m in all_members(there)]

    def give(session: Session) -> None:
        session.get_one(Contact, contact).member_id = second

    here.do(Action.CONTACT_EDITED, give)
    town.up(here)
    town.down(there)

    day = date(2026, 12, 1)
    assert came == [(day, day), (None, None)]
    assert [m.last_contact_on for m in all_members(there)] == [None, day]


def test_the_site_of_a_meeting_is_the_same_site_on_both_desks(town: Town) -> None:
    here, there = town.desk("Yann"), town.desk("Rozenn")
    for name in ("Port", "Gare"):
        there.do(Action.SITE_ADDED, partial(history.create, table=Site, name=name))
    site = here.do(Action.SITE_ADDED, lambda s: history.create(s, Site, name="Phare").id).result
    member = add_member(here)

    def plan(session: Session) -> None:
        at = datetime(2026, 12, 9, 10, 0)  # noqa: DTZ001
        history.create(session, Meeting, root=member, member_id=member, starts_at=at, site_id=site)

    here.do(Action.MEETING_PLANNED, plan)
    town.round()
    town.round()

    [meeting] = there.read(lambda s: list(s.scalars(select(Meeting))))
    at = there.read(lambda s: s.get_one(Site, meeting.site_id))
    assert (at.name, contents(here)) == ("Phare", contents(there))


def test_desks_set_up_apart_have_one_office(town: Town) -> None:
    here, there = town.desk("Yann"), town.desk("Rozenn")
    for desk in (here, there):
        desk.do(
            Action.OFFICE_SET_UP,
            lambda s: office_records.set_up(s, "Mairie de Valbrune", "", [], "x"),
        )
    town.round()
    town.round()

    for desk in (here, there):
        assert len(desk.read(lambda s: list(s.scalars(select(Office))))) == 1
        assert desk.read(exchange.disagreements) == []
    assert contents(here) == contents(there)


def test_history_tells_who_did_what_elsewhere(town: Town) -> None:
    here, there = town.desk("Yann"), town.desk("Rozenn")
    member = add_member(here, "Le Goff", note="Was")
    edit(here, member, note="Became")
    town.round()
    town.round()

    newest, first = there.history_of(all_members(there)[0].id)

    assert (newest.action.person, newest.action.code) == ("Yann", Action.MEMBER_EDITED)
    assert not newest.action.is_mine
    assert [(c.before, c.after) for c in newest.changes] == [({"note": "Was"}, {"note": "Became"})]
    assert first.is_creation
    assert newest.action.at == here.history_of(member)[0].action.at
    assert Action.BUNDLE_APPLIED in [step.code for step in there.journal(10)]


def test_operations_of_one_action_stay_one_action_over_two_files(town: Town) -> None:
    """An action's operations may be cut by the end of a bundle; here by hand."""
    here = town.desk("Yann")
    town.round()
    world = as_the_hub(town, here)
    origin, people = world.id(), [world.id() for _ in range(3)]

    def op(seq: int) -> OpRow:
        uid = people[seq - 1]
        return OpRow(
            origin, seq, seq << 16, uid, 3, uid, {3: f"N{seq}"}, "R", "members.imported", 7
        )

    for number, (first, ops) in enumerate([(0, [op(1), op(2)]), (2, [op(3)])]):
        file = town.path / f"part{number}.cdb"
        told(world, file, Run(origin, first, ops[-1].seq, {}, [], ops))
        exchange.apply(here, file)

    [step] = [s for s in here.journal(10) if s.code == Action.MEMBERS_IMPORTED]
    assert (step.records, step.person) == (3, "R")


def test_status_tells_what_is_open(town: Town) -> None:
    here, there = town.desk("Yann"), town.desk("Rozenn")
    before = exchange.status(here)
    add_member(here)
    prepared = town.prepare(here)
    handed_over = exchange.status(here)
    ingest.take_in(town.hub, prepared.path)
    town.up(there)
    town.down(here)
    after = exchange.status(here)

    assert (before.is_enrolled, before.is_welcomed, before.has_news) == (True, False, True)
    assert (handed_over.to_send, [o.number for o in handed_over.handed_over]) == (1, [1])
    assert (after.is_welcomed, after.to_send, after.handed_over) == (True, 0, ())
    assert (after.hub_name, after.office_name) == ("Comité Ouest", "Mairie de Valbrune")
    assert not after.has_news
    assert exchange.prepare(here, town.path / "nothing.cdb") is None
    assert not (town.path / "nothing.cdb").exists()


def test_status_names_the_other_desks(town: Town) -> None:
    here, there = town.desk("Yann"), town.desk("Rozenn")
    add_member(there)
    town.round()
    town.round()

    [seen] = exchange.status(here).desks

    assert seen.person == "Rozenn"
