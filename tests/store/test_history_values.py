"""What values are in history: every type comes back, wrong ones are refused, newer ones are kept."""

from datetime import date, datetime, time
from decimal import Decimal
from functools import partial
from typing import Any

import pytest
from sqlalchemy.orm import Session

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.fields import FIELDS, Kind, field
from correspondent_desk.store import history, identity, stamps, values
from correspondent_desk.store.changes import as_time
from correspondent_desk.store.database import Database
from correspondent_desk.store.tables import (
    SYNCED,
    Contact,
    Meeting,
    Request,
    Site,
)
from tests.builders import add_member
from tests.store.asking import ask


def test_whatever_year_others_wrote_can_be_shown_on_every_system() -> None:
    assert as_time(1 << 48).astimezone().year in (2999, 3000)
    assert as_time(-1).astimezone().year in (1969, 1970)


FULL: dict[type, dict[str, Any]] = {
    Site: {
        "name": "Base",
        "address_lines": ["1 rue du Port", "BP 3"],
        "opens_at": time(8, 30),
        "closes_at": time(17, 0),
        "open_weekdays": [1, 2, 5],
        "good_friday": True,
    },
    Request: {
        "subject": "Prêt",
        "opened_on": date(2026, 12, 1),
        "next_what": "appeler",
        "next_due": date(2026, 12, 24),
        "amount_asked": Decimal("1200.50"),
        "is_sensitive": True,
    },
    Contact: {"at": datetime(2026, 12, 3, 14, 5), "way": "visit", "reached": True, "note": "Vu"},  # noqa: DTZ001
}


@pytest.mark.parametrize("table", FULL, ids=lambda table: table.__name__)
def test_every_type_of_value_comes_back_from_history(desk: Database, table: Any) -> None:
    wanted = FULL[table]

    made = desk.do(Action.SITE_ADDED, lambda s: history.create(s, table, **wanted).id).result

    after: dict[str, Any] = {}
    for change in desk.history_of(made)[0].changes:
        after |= change.after
    assert {name: after[name] for name in wanted} == wanted
    stored = desk.read(lambda s: {n: getattr(s.get(table, made), n) for n in wanted})
    assert stored == wanted


def test_references_travel_as_the_uid_of_what_they_mean(desk: Database) -> None:
    member = add_member(desk)
    site = desk.do(Action.SITE_ADDED, lambda s: history.create(s, Site, name="Base").id).result
    starts = datetime(2026, 12, 3, 14, 0)  # noqa: DTZ001 - local

    def plan(session: Session) -> int:
        return history.create(
            session, Meeting, root=member, member_id=member, site_id=site, starts_at=starts
        ).id

    meeting = desk.do(Action.MEETING_PLANNED, plan).result

    ((body,),) = ask(desk, "SELECT body FROM history WHERE record=?", meeting)
    uids = dict(ask(desk, "SELECT id, uid FROM record"))
    wire = values.decode(body)
    assert wire[field(Kind.MEETING, "member_id").id] == uids[member]
    assert wire[field(Kind.MEETING, "slot").id] == [
        "2026-12-03T14:00", 30, "Europe/Paris", uids[site], "",
    ]  # fmt: skip
    shown = {one.field: one.after for one in desk.history_of(meeting)[0].changes}
    assert shown["member_id"] == {"member_id": member}
    assert shown["slot"]["site_id"] == site


WRONG: list[tuple[Kind, str, object]] = [
    (Kind.MEMBER, "family_name", 7),
    (Kind.MEMBER, "family_name", None),
    (Kind.MEMBER, "birth_date", "31/12/1999"),
    (Kind.MEMBER, "birth_date", "2025-02-29"),
    (Kind.MEMBER, "no_letter_home", 1),
    (Kind.MEMBER, "rhythm_months", 1 << 63),
    (Kind.MEMBER, "rhythm_months", True),
    (Kind.MEMBER, "phones", "06"),
    (Kind.MEMBER, "site_id", b"short"),
    (Kind.MEMBER, "site_id", 12),
    (Kind.MEMBER, "rights", ["2020-01-01"]),
    (Kind.MEMBER, "rights", "2020-01-01"),
    (Kind.REQUEST, "amount_asked", "NaN"),
    (Kind.REQUEST, "amount_asked", "a lot"),
    (Kind.CONTACT, "at", "2026-12-03T14:00+01:00"),
    (Kind.CONTACT, "at", 3),
    (Kind.SITE, "hours", ["25:00", None, []]),
]


@pytest.mark.parametrize(("kind", "name", "wire"), WRONG)
def test_a_value_of_the_wrong_type_is_refused(
    desk: Database, kind: Kind, name: str, wire: object
) -> None:
    of = field(kind, name)

    with pytest.raises(values.NotOfType):
        desk.read(lambda s: values.to_columns(s, kind, of, wire))


@pytest.mark.parametrize("kind", Kind, ids=lambda kind: kind.name)
def test_blank_values_survive_the_wire(desk: Database, kind: Kind) -> None:
    blank = values.layout(kind).blank()
    assert set(blank) | {"id"} == {column.name for column in SYNCED[kind].__table__.columns}

    for of in FIELDS[kind]:
        shown = [blank[name] for name in of.columns]
        wire = desk.read(partial(values.to_wire, kind=kind, field=of, values=shown))
        again = values.decode(values.encode({of.id: wire}))[of.id]
        back = desk.read(partial(values.to_columns, kind=kind, field=of, wire=again))
        assert list(back.values()) == shown


def test_what_newer_versions_wrote_is_shown_as_far_as_it_is_understood(desk: Database) -> None:
    member = add_member(desk)
    numbers = {field(Kind.MEMBER, "birth_date").id: "yesterday", 250: "a field of the future"}

    def work(session: Session) -> None:
        connection = identity.raw(session)
        connection.execute(
            "INSERT INTO history VALUES(1,2,?,?,1,?,NULL)",
            (member, 1 << 62, values.encode(numbers)),
        )
        connection.execute("UPDATE record SET kind=200 WHERE id=?", (member,))

    desk.keep(work)
    assert desk.history_of(member) == []
    desk.keep(
        lambda s: identity.raw(s).execute(
            "UPDATE record SET kind=? WHERE id=?", (int(Kind.MEMBER), member)
        )
    )

    (change,) = desk.history_of(member)[0].changes
    assert (change.field, change.after) == ("birth_date", {"birth_date": "yesterday"})


def test_stamps_packed_by_field_and_written_over_say_the_same() -> None:
    one, other = stamps.Dot(1, 7, 70), stamps.Dot(2, 3, 71)
    packed = stamps.pack({2: one, 3: one, 4: other})

    again = stamps.rewritten(stamps.groups(packed), [3], other)

    assert stamps.unpack(packed) == {2: one, 3: one, 4: other}
    assert stamps.unpack(again) == {2: one, 3: other, 4: other}
    assert stamps.unpack(stamps.rewritten(stamps.groups(again), [], one)) == stamps.unpack(again)
    assert stamps.unpack(None) == {}
