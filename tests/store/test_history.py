"""Whatever an action changes, the listener writes down: who, when, what, before and after."""

from datetime import date, datetime
from typing import Any, cast

import pytest
from sqlalchemy import Table, insert, text, update
from sqlalchemy.orm import Session

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.clock import MOST_LEAP
from correspondent_desk.domain.fields import Kind, field
from correspondent_desk.domain.members import MemberId
from correspondent_desk.records import removals
from correspondent_desk.store import history, identity, stamps, values
from correspondent_desk.store.changes import Changed, HistoryRow
from correspondent_desk.store.database import Database
from correspondent_desk.store.operations import BypassesHistory
from correspondent_desk.store.tables import (
    Answer,
    Contact,
    Dependant,
    Member,
)
from tests.builders import add_member
from tests.store.asking import ask


def edit(desk: Database, member: int, **columns: Any) -> None:
    """Change a member as a form would."""

    def work(session: Session) -> None:
        for name, value in columns.items():
            setattr(session.get_one(Member, member), name, value)

    desk.do(Action.MEMBER_EDITED, work)


def told(row: HistoryRow) -> dict[str, tuple[object, object]]:
    """The changes of a row: field to (before, after), each the columns' values."""
    return {
        one.field: (
            None if one.before is None else list(one.before.values()),
            [*one.after.values()],
        )
        for one in row.changes
    }


def test_a_new_record_tells_what_was_said_about_it_and_no_blanks(desk: Database) -> None:
    member = add_member(desk, "Le Goff", birth_date=date(1970, 2, 28), town="Brest")

    (row,) = desk.history_of(member)

    assert row.is_creation
    assert row.kind is Kind.MEMBER
    assert (row.action.code, row.action.person) == (Action.MEMBER_CREATED, "Yann")
    assert row.action.subject == member
    assert told(row) == {
        "family_name": (None, ["Le Goff"]),
        "first_name": (None, ["Anne"]),
        "birth_date": (None, [date(1970, 2, 28)]),
        "address": (None, [[], "", "Brest", ""]),
    }


def test_an_edit_tells_before_and_after_of_what_differs_only(desk: Database) -> None:
    member = add_member(desk, town="Brest", note="old")

    edit(desk, member, note="new", town="Brest", postcode="29200", first_name="Anne")

    row = desk.history_of(member)[0]
    assert told(row) == {
        "address": ([[], "", "Brest", ""], [[], "29200", "Brest", ""]),
        "note": (["old"], ["new"]),
    }
    assert not row.is_creation


def test_changing_back_within_an_action_leaves_no_step(desk: Database) -> None:
    member = add_member(desk, note="as it was")

    def work(session: Session) -> None:
        found = session.get_one(Member, member)
        found.note = "changed"
        session.flush()
        found.note = "as it was"

    done = desk.do(Action.MEMBER_EDITED, work)

    assert (done.action.id, done.action.records, dict(done.changed)) == (0, 0, {})
    assert len(desk.history_of(member)) == 1
    assert len(desk.journal(9)) == 1


def test_saving_a_record_twice_in_one_action_is_one_operation(desk: Database) -> None:
    member = add_member(desk, note="1")

    def work(session: Session) -> None:
        found = session.get_one(Member, member)
        found.note = "2"
        session.flush()
        found.note = "3"
        found.town = "Metz"

    desk.do(Action.MEMBER_EDITED, work)

    newest = told(desk.history_of(member)[0])
    assert newest["note"] == (["1"], ["3"])
    assert newest["address"] == ([[], "", "", ""], [[], "", "Metz", ""])
    assert len(desk.history_of(member)) == 2


def test_one_action_tells_all_it_changed(desk: Database) -> None:
    member = add_member(desk)

    def work(session: Session) -> int:
        session.get_one(Member, member).note = "married"
        spouse = history.create(
            session, Dependant, root=member, member_id=member, relation="spouse"
        )
        return spouse.id

    done = desk.do(Action.DEPENDANT_ADDED, work)

    assert done.changed[Kind.MEMBER] == {member}
    assert done.changed[Kind.DEPENDANT] == {done.result}
    assert done.action.records == 2
    assert done.action.subject == member
    assert done.action.subject_kind is Kind.MEMBER
    assert desk.journal(1) == [done.action]


def test_an_action_that_fails_leaves_nothing(desk: Database) -> None:
    member = add_member(desk, note="before")
    before = ask(desk, "SELECT * FROM origin") + ask(desk, "SELECT * FROM record")

    def work(session: Session) -> None:
        session.get_one(Member, member).note = "half"
        session.flush()
        raise ValueError

    with pytest.raises(ValueError, match=r"^$"):
        desk.do(Action.MEMBER_EDITED, work)

    assert ask(desk, "SELECT * FROM origin") + ask(desk, "SELECT * FROM record") == before
    assert ask(desk, "SELECT note FROM member") == [("before",)]
    edit(desk, member, note="after")
    assert told(desk.history_of(member)[0])["note"] == (["before"], ["after"])


def test_each_field_remembers_the_operation_that_wrote_it(desk: Database) -> None:
    member = add_member(desk, note="1")

    edit(desk, member, note="2")

    ((packed,),) = ask(desk, "SELECT stamp FROM record WHERE id=?", member)
    dots = stamps.unpack(packed)
    assert dots[field(Kind.MEMBER, "family_name").id].seq == 1
    assert dots[field(Kind.MEMBER, "note").id].seq == 2
    assert ask(desk, "SELECT hi, stamp FROM origin") == [
        (2, dots[field(Kind.MEMBER, "note").id].stamp)
    ]
    assert ask(desk, "SELECT seq FROM history ORDER BY seq") == [(1,), (2,)]


def test_stamps_rise_even_when_the_clock_stands_or_falls(desk: Database) -> None:
    member = add_member(desk)
    for note in "abc":
        edit(desk, member, note=note)

    stamps_ = [row[0] for row in ask(desk, "SELECT stamp FROM history ORDER BY seq")]

    assert stamps_ == sorted(set(stamps_))


def test_a_write_has_seen_the_values_that_others_wrote_meanwhile(desk: Database) -> None:
    member = add_member(desk, note="here")
    note, town = (field(Kind.MEMBER, name).id for name in ("note", "address"))

    def disagree(session: Session) -> None:
        for number in (note, town):
            identity.raw(session).execute(
                "INSERT INTO sibling VALUES(?,?,2,1,1,?)", (member, number, values.encode("there"))
            )

    desk.keep(disagree)
    edit(desk, member, note="both")

    assert ask(desk, "SELECT field FROM sibling") == [(town,)]


def test_a_disagreement_can_be_settled_for_what_is_shown(desk: Database) -> None:
    member = add_member(desk, note="here")
    number = field(Kind.MEMBER, "note").id
    desk.keep(
        lambda s: identity.raw(s).execute(
            "INSERT INTO sibling VALUES(?,?,2,1,1,?)", (member, number, values.encode("there"))
        )
    )

    def work(session: Session) -> None:
        history.rewrite(session, session.get_one(Member, member), "note")

    desk.do(Action.DISAGREEMENT_SETTLED, work)

    assert ask(desk, "SELECT count(*) FROM sibling") == [(0,)]
    assert told(desk.history_of(member)[0]) == {"note": (["here"], ["here"])}


def test_after_an_import_the_next_operation_says_what_it_had_seen(desk: Database) -> None:
    member = add_member(desk)

    def take_in(session: Session) -> None:
        identity.raw(session).execute(
            "INSERT INTO origin(uid, name, hi, floor, stamp, noted, mine) VALUES(?,'',7,0,9,0,0)",
            (bytes(16),),
        )

    desk.keep(take_in)
    edit(desk, member, note="1")
    edit(desk, member, note="2")
    desk.keep(lambda s: identity.raw(s).execute("UPDATE origin SET hi=9 WHERE id=2"))
    edit(desk, member, note="3")

    found = ask(desk, "SELECT seq, seen_origin, hi FROM context ORDER BY seq")
    assert found == [(2, 2, 7), (4, 2, 9)]


def test_the_clock_follows_what_came_in(desk: Database) -> None:
    member = add_member(desk)
    far = (1 << 62) + 5
    desk.keep(
        lambda s: identity.raw(s).execute(
            "INSERT INTO origin(uid, name, hi, floor, stamp, noted, mine) VALUES(?,'',1,0,?,0,0)",
            (bytes(16), far),
        )
    )

    edit(desk, member, note="later")

    [(stamp,)] = ask(desk, "SELECT max(stamp) FROM history")
    assert far < stamp <= far + 1 + MOST_LEAP


def _core_update(session: Session, member: int) -> None:
    session.execute(update(Member).where(Member.id == member).values(note="past history"))


def _core_insert(session: Session, _member: int) -> None:
    session.execute(insert(Contact).values(id=99))


def _table_update(session: Session, _member: int) -> None:
    session.execute(update(cast("Table", Member.__table__)).values(note="past history"))


def _textual(session: Session, _member: int) -> None:
    session.execute(text("UPDATE member SET note='past history'"))


def _added(session: Session, _member: int) -> None:
    session.add(Contact(id=99))


def _deleted(session: Session, member: int) -> None:
    session.delete(session.get_one(Member, member))


@pytest.mark.parametrize(
    "work", [_core_update, _core_insert, _table_update, _textual, _added, _deleted]
)
def test_nothing_is_written_past_history(desk: Database, work: Any) -> None:
    member = add_member(desk, note="as it was")

    with pytest.raises(BypassesHistory):
        desk.do(Action.MEMBER_EDITED, lambda s: work(s, member))

    assert ask(desk, "SELECT note, (SELECT count(*) FROM contact) FROM member") == [
        ("as it was", 0)
    ]


@pytest.mark.parametrize("work", [_core_update, _core_insert, _textual, _added, _deleted])
def test_nor_is_it_where_settings_are_kept(desk: Database, work: Any) -> None:
    member = add_member(desk, note="as it was")

    with pytest.raises(BypassesHistory):
        desk.keep(lambda s: work(s, member))
    with pytest.raises(BypassesHistory):
        desk.keep(lambda s: setattr(s.get_one(Member, member), "note", "past history"))

    desk.keep(lambda s: s.execute(text("UPDATE setting SET value=NULL WHERE key='x'")))
    assert ask(desk, "SELECT note, (SELECT count(*) FROM contact) FROM member") == [
        ("as it was", 0)
    ]


def test_create_belongs_into_an_action(desk: Database) -> None:
    with pytest.raises(BypassesHistory):
        desk.read(lambda s: history.create(s, Member))


def test_a_record_that_every_desk_would_make_is_made_once(desk: Database) -> None:
    uid = bytes(range(16))
    made = desk.do(
        Action.LINE_DONE, lambda s: history.create(s, Answer, uid=uid, line="x").id
    ).result

    assert desk.read(lambda s: history.find(s, Answer, uid) is not None)
    assert desk.read(lambda s: identity.find_id(s, uid)) == made
    assert desk.read(lambda s: history.find(s, Answer, bytes(16))) is None


def test_settings_and_drafts_are_kept_without_history(desk: Database) -> None:
    desk.keep(lambda s: history.write_setting(s, "hub.name", "Hub"))
    desk.keep(lambda s: history.write_setting(s, "gone", 1))
    desk.keep(lambda s: history.write_setting(s, "gone", None))
    desk.drafts.save("member:1", "half a note")
    desk.drafts.save("member:1", "half a note, and more")
    desk.drafts.save("member:2", "x")
    desk.drafts.forget("member:2")

    assert desk.read(lambda s: history.read_setting(s, "hub.name", str)) == "Hub"
    assert desk.read(lambda s: history.read_setting(s, "gone", int)) is None
    assert desk.drafts.body("member:1") == "half a note, and more"
    assert desk.drafts.body("member:2") is None
    assert [(one.key, one.body) for one in desk.drafts.everything()] == [
        ("member:1", "half a note, and more")
    ]
    assert desk.journal(9) == []


def test_what_stood_in_a_column_nobody_had_read_is_told(desk: Database) -> None:
    member = add_member(desk, note="before", birth_date=date(1970, 2, 28))

    def work(session: Session) -> None:
        found = session.get_one(Member, member)
        session.expire(found, ["note", "birth_date"])
        found.note = "after"
        found.birth_date = date(1971, 2, 28)

    desk.do(Action.MEMBER_EDITED, work)

    assert told(desk.history_of(member)[0]) == {
        "birth_date": ([date(1970, 2, 28)], [date(1971, 2, 28)]),
        "note": (["before"], ["after"]),
    }


def test_what_is_brought_back_is_told_as_a_change(desk: Database) -> None:
    member = add_member(desk)
    desk.do(Action.MEMBER_REMOVED, lambda s: history.remove(s, s.get_one(Member, member)))

    desk.do(Action.MEMBER_EDITED, lambda s: removals.bring_back(s, MemberId(member)))

    removed, back = (desk.history_of(member)[i].changes[0] for i in (1, 0))
    assert removed.after == back.before == {"removed_at": datetime(2026, 12, 3, 9, 0)}  # noqa: DTZ001
    assert back.after == {"removed_at": None}


def test_a_number_no_record_has_is_a_mistake(desk: Database) -> None:
    with pytest.raises(KeyError):
        desk.read(lambda s: identity.uid_of(s, 999))


def test_changed_is_read_like_a_mapping() -> None:
    changed = Changed({Kind.MEMBER: [1, 2], Kind.CONTACT: []})

    assert dict(changed) == {Kind.MEMBER: frozenset({1, 2})}
    assert len(changed) == 1
    assert changed.of(Kind.CONTACT) == frozenset()
