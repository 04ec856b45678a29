"""Thousands of records at once must leave exactly what one by one would leave."""

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import pytest
from sqlalchemy.orm import Session

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.fields import Kind
from correspondent_desk.store import bulk, history, identity, search, stamps, values
from correspondent_desk.store.database import Database
from correspondent_desk.store.tables import Member, Site
from tests.builders import derived
from tests.store.asking import ask

PEOPLE: list[dict[str, Any]] = [
    {
        "family_name": "Le Goff",
        "first_name": "Anne",
        "birth_date": date(1970, 2, 28),
        "phones": [{"number": "+33612345607", "label": "le matin", "do_not_use": False}],
        "town": "Brest",
        "address_lines": ["1 rue du Port"],
        "no_letter_home": True,
        "rhythm_months": 6,
    },
    {
        "family_name": "Œuvrard",
        "first_name": "",
        "birth_date": None,
        "phones": [],
        "town": "",
        "address_lines": [],
        "no_letter_home": False,
        "rhythm_months": None,
    },
]


def test_in_bulk_and_one_by_one_leave_the_same(desk: Database) -> None:
    site = desk.do(Action.SITE_ADDED, lambda s: history.create(s, Site, name="Base").id).result
    people = [{**one, **derived(one), "site_id": site} for one in PEOPLE]
    single = [
        desk.do(Action.MEMBER_CREATED, lambda s, p=p: history.create(s, Member, **p).id).result  # type: ignore[misc]
        for p in people
    ]
    names = list(people[0])

    done = desk.do(
        Action.MEMBERS_IMPORTED,
        lambda s: history.bulk_insert(s, Kind.MEMBER, names, ([*one.values()] for one in people)),
    )

    assert done.action.records == 2
    assert done.changed[Kind.MEMBER] == set(done.result)
    stored = [column.name for column in Member.__table__.columns if column.name != "id"]
    for one, other in zip(single, done.result, strict=True):
        rows = [
            ask(desk, f"SELECT {', '.join(stored)} FROM member WHERE id=?", i) for i in (one, other)
        ]
        assert rows[0] == rows[1]
        ours, theirs = (desk.history_of(id_)[0] for id_ in (one, other))
        said = {change.field: change.after for change in theirs.changes}
        assert {change.field: change.after for change in ours.changes}.items() <= said.items()
        assert theirs.is_creation
    packed = dict(ask(desk, "SELECT id, stamp FROM record"))
    for id_ in done.result:
        ((origin, seq, at, body),) = ask(
            desk, "SELECT origin, seq, stamp, body FROM history WHERE record=?", id_
        )
        dots = stamps.unpack(packed[id_])
        assert set(dots.values()) == {stamps.Dot(origin, seq, at)}
        assert set(dots) == set(values.decode(body))
    found = desk.read(lambda s: search.find(identity.raw(s), "le goff"))
    assert found == [single[0], done.result[0]]
    assert desk.read(lambda s: search.find(identity.raw(s), "5607")) == found


_SAID = {
    "civility": "mr", "family_name": "Le Goff", "usage_name": "Petit", "first_name": "Yann",
    "birth_date": date(1971, 3, 12), "matricule": "000417", "beneficiary_number": "B7",
    "employer": "Mairie", "service": "Voirie", "status": "retired", "no_letter_home": True,
    "preferred_channel": "phone", "access_needs": "rampe", "rhythm_months": 6, "note": "…",
    "sort_name": "Goff",
}  # fmt: skip


@pytest.mark.parametrize("count", range(1, len(_SAID) + 1))
def test_what_was_written_is_logged_as_one_record_would_be(desk: Database, count: int) -> None:
    said = dict(list(_SAID.items())[:count])

    [id_] = desk.do(
        Action.MEMBERS_IMPORTED,
        lambda s: history.bulk_insert(s, Kind.MEMBER, list(said), [list(said.values())]),
    ).result

    fields = values.layout(Kind.MEMBER).field_of
    wire = {
        fields[name].id: str(value) if isinstance(value, date) else value
        for name, value in said.items()
    }
    [(body,)] = ask(desk, "SELECT body FROM history WHERE record=?", id_)
    assert body == values.encode(wire)


def test_columns_are_written_as_rows_are(desk: Database) -> None:
    mails = [{"address": "a@example.org", "label": "", "do_not_use": False}]
    rows = [("A", [], date(1970, 2, 28)), ("B", mails, None), ("C", mails, None)]
    names = ("family_name", "mails", "birth_date")
    columns = [
        dict(zip(names, zip(*some, strict=True), strict=True)) for some in (rows[:2], rows[2:])
    ]

    one = desk.do(
        Action.DEMO_FILLED, lambda s: bulk.bulk_insert(s, Kind.MEMBER, names, rows)
    ).result
    other = desk.do(
        Action.DEMO_FILLED, lambda s: bulk.insert_columns(s, Kind.MEMBER, columns)
    ).result

    shown = "SELECT family_name, mails, birth_date FROM member WHERE id BETWEEN ? AND ? ORDER BY id"
    found = [ask(desk, shown, ids[0], ids[-1]) for ids in (one, other)]
    assert found[0] == found[1]
    assert len(found[0]) == len(rows)


def test_owners_and_ids_may_be_given(desk: Database) -> None:
    members = desk.do(
        Action.DEMO_FILLED,
        lambda s: history.bulk_insert(s, Kind.MEMBER, ["family_name"], [("A",), ("B",)]),
    ).result
    uids = [bytes([i] * 16) for i in (1, 2)]
    at = datetime(2026, 12, 3, 14, 0)  # noqa: DTZ001 - local

    def work(session: Session) -> range:
        return history.bulk_insert(
            session,
            Kind.MEETING,
            ["uid", "root", "member_id", "starts_at", "minutes"],
            [(uid, id_, id_, at, 45) for uid, id_ in zip(uids, members, strict=True)],
        )

    meetings = desk.do(Action.DEMO_FILLED, work).result

    found = ask(desk, "SELECT uid, root FROM record WHERE id>=?", meetings[0])
    assert found == list(zip(uids, members, strict=True))
    assert [one.subject for one in desk.journal(2)] == [members[0], members[0]]
    shown = {c.field: c.after for c in desk.history_of(meetings[1])[0].changes}
    assert shown["member_id"] == {"member_id": members[1]}
    assert shown["slot"]["starts_at"] == at
    assert shown["slot"]["minutes"] == 45


def test_uids_are_unlike_and_ascending() -> None:
    uids = list(identity.new_uids(10_000, 1_800_000_000_000))

    assert uids == sorted(set(uids))
    assert {uid[6] >> 4 for uid in uids} == {7}
    assert {uid[8] >> 6 for uid in uids} == {2}


def _endless(desk: Database) -> Iterator[tuple[str]]:
    yield ("A",)
    raise ValueError(desk.person)


def test_rows_that_break_off_leave_nothing(desk: Database) -> None:
    with pytest.raises(ValueError, match="Yann"):
        desk.do(
            Action.MEMBERS_IMPORTED,
            lambda s: history.bulk_insert(s, Kind.MEMBER, ["family_name"], _endless(desk)),
        )

    assert ask(desk, "SELECT count(*) FROM record") == [(0,)]
    assert ask(desk, "SELECT count(*) FROM setting") == [(0,)]


def test_whoever_comes_after_many_is_found_too(desk: Database) -> None:
    triggers = "SELECT name, sql FROM sqlite_master WHERE type='trigger' ORDER BY name"
    before = ask(desk, triggers)
    rows = [("Le Goff", "legoff"), ("Petit", "petit")]
    desk.do(
        Action.MEMBERS_IMPORTED,
        lambda s: history.bulk_insert(s, Kind.MEMBER, ("family_name", "search_doc"), rows),
    )

    desk.do(
        Action.MEMBER_CREATED,
        lambda s: history.create(s, Member, family_name="Martin", search_doc="martin"),
    )

    assert ask(desk, triggers) == before
    for word in ("legoff", "petit", "martin"):
        found = ask(desk, "SELECT rowid FROM member_fts WHERE member_fts MATCH ?", word)
        assert len(found) == 1, word


def test_nothing_to_insert_is_no_step(desk: Database) -> None:
    done = desk.do(
        Action.MEMBERS_IMPORTED, lambda s: history.bulk_insert(s, Kind.MEMBER, ["family_name"], [])
    )

    assert (len(done.result), done.action.records) == (0, 0)
    assert desk.journal(1) == []


@pytest.mark.parametrize("count", [3, 120])
def test_an_update_writes_and_tells_only_what_differs(desk: Database, count: int) -> None:
    people = [
        {"family_name": f"Dupont{i}", "first_name": "Jean", "town": "Nice"} for i in range(count)
    ]
    columns = [*people[0], *derived(people[0])]
    ids = desk.do(
        Action.MEMBERS_IMPORTED,
        lambda s: history.bulk_insert(
            s, Kind.MEMBER, columns, ([*one.values(), *derived(one).values()] for one in people)
        ),
    ).result

    def work(session: Session) -> int:
        rows = (
            (id_, ("Lyon", None, f"martin{id_} jean", f"martin{id_} jean"))
            if id_ % 3
            else (id_, ("Nice", None, f"dupont{id_ - ids[0]} jean", f"dupont{id_ - ids[0]} jean"))
            for id_ in ids
        )
        return history.bulk_update(
            session, Kind.MEMBER, ["town", "entered_on", "sort_key", "search_doc"], rows
        )

    done = desk.do(Action.MEMBERS_IMPORTED, work)

    touched = [id_ for id_ in ids if id_ % 3]
    assert done.result == len(touched)
    assert done.action.records == len(touched)
    assert done.changed[Kind.MEMBER] == set(touched)
    (change,) = desk.history_of(touched[0])[0].changes
    assert change.field == "address"
    assert change.before is not None
    assert (change.before["town"], change.after["town"]) == ("Nice", "Lyon")
    new = desk.read(lambda s: search.find_all(identity.raw(s), "martin"))
    assert sorted(new) == touched
    assert len(desk.read(lambda s: search.find_all(identity.raw(s), "dupont"))) == count - len(
        touched
    )
    desk.keep(
        lambda s: identity.raw(s).execute(
            "INSERT INTO member_fts(member_fts, rank) VALUES('integrity-check', 1)"
        )
    )
