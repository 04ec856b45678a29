"""Taking back, step by step, and doing again; and when that is refused."""

from typing import Any

import pytest
from sqlalchemy.orm import Session

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.fields import Kind, field
from correspondent_desk.store import history, identity, search, stamps, values
from correspondent_desk.store.database import Database
from correspondent_desk.store.tables import Dependant, Member
from correspondent_desk.store.undo import NothingToRedo, NothingToUndo, Standing, UndoConflict
from tests.builders import add_member

OTHER = 2
NOTE = field(Kind.MEMBER, "note").id


def edit(desk: Database, member: int, **columns: Any) -> int:
    """Change a member; the id of the action."""

    def work(session: Session) -> None:
        for name, value in columns.items():
            setattr(session.get_one(Member, member), name, value)

    return desk.do(Action.MEMBER_EDITED, work).action.id


def shown(desk: Database, member: int, *names: str) -> list[Any]:
    """What these columns hold."""
    return desk.read(lambda s: [getattr(s.get_one(Member, member), name) for name in names])


def found(desk: Database, words: str) -> list[int]:
    """Who is found."""
    return desk.read(lambda s: search.find(identity.raw(s), words))


def another_desk_writes(desk: Database, member: int, number: int, column: str, value: str) -> None:
    """As a merge would leave it: the value is shown and its dot is the other desk's."""

    def work(session: Session) -> None:
        connection = identity.raw(session)
        connection.execute(
            "INSERT OR IGNORE INTO origin(id, uid, name, hi, floor, stamp, noted, mine)"
            " VALUES(?,?,'',1,0,1,0,0)",
            (OTHER, bytes(16)),
        )
        connection.execute(f"UPDATE member SET {column}=? WHERE id=?", (value, member))
        ((packed,),) = connection.execute("SELECT stamp FROM record WHERE id=?", (member,))
        dot = stamps.Dot(OTHER, 1, 1)
        connection.execute(
            "UPDATE record SET stamp=? WHERE id=?",
            (stamps.rewritten(stamps.groups(packed), [number], dot), member),
        )
        connection.execute(
            "INSERT INTO history VALUES(?,1,?,1,0,?,NULL)",
            (OTHER, member, values.encode({number: value})),
        )

    desk.keep(work)


def test_steps_are_taken_back_one_by_one_and_done_again(desk: Database) -> None:
    member = add_member(desk)
    edit(desk, member, note="1")
    edit(desk, member, note="2", town="Brest")

    seen = []
    for step in (desk.undo, desk.undo, desk.redo, desk.undo, desk.redo, desk.redo):
        step()
        seen.append(shown(desk, member, "note", "town"))

    assert seen == [["1", ""], ["", ""], ["1", ""], ["", ""], ["1", ""], ["2", "Brest"]]
    with pytest.raises(NothingToRedo):
        desk.redo()


def test_the_next_step_back_and_forth_is_named(desk: Database) -> None:
    member = add_member(desk)
    first = edit(desk, member, note="1")
    second = edit(desk, member, note="2")

    done = desk.undo()

    back, forth = desk.next_undo(), desk.next_redo()
    assert back is not None
    assert forth is not None
    assert (back.id, back.code) == (first, Action.MEMBER_EDITED)
    assert (forth.id, forth.undone_by) == (second, done.action.id)
    assert done.action.code == Action.UNDONE
    assert done.action.undoes == second
    assert done.changed[Kind.MEMBER] == {member}


def test_undo_is_history_like_everything(desk: Database) -> None:
    member = add_member(desk)
    edit(desk, member, note="1")
    desk.person = "Maëlle"

    desk.undo()

    row = desk.history_of(member)[0]
    assert row.action.person == "Maëlle"
    assert [(one.before, one.after) for one in row.changes] == [({"note": "1"}, {"note": ""})]
    assert len(desk.history_of(member)) == 3


def test_a_new_record_undone_is_found_no_more_and_redone_found_again(desk: Database) -> None:
    member = add_member(desk, "Le Goff")

    desk.undo()
    gone = found(desk, "le gof")
    desk.redo()

    assert gone == []
    assert found(desk, "le gof") == [member]


def test_a_removal_undone_brings_back(desk: Database) -> None:
    member = add_member(desk, "Le Goff")
    desk.do(Action.MEMBER_REMOVED, lambda s: history.remove(s, s.get_one(Member, member)))
    assert found(desk, "le gof") == []

    desk.undo()

    assert found(desk, "le gof") == [member]
    assert shown(desk, member, "removed_at") == [None]


def test_a_name_undone_is_found_under_the_former_one(desk: Database) -> None:
    member = add_member(desk, "Le Goff")
    edit(desk, member, family_name="Kerbrat")
    assert found(desk, "kerb") == [member]

    desk.undo()

    assert found(desk, "kerb") == []
    assert found(desk, "le gof") == [member]


def test_something_new_ends_what_could_be_done_again(desk: Database) -> None:
    member = add_member(desk)
    edit(desk, member, note="1")
    desk.undo()

    edit(desk, member, town="Metz")

    assert desk.next_redo() is None
    with pytest.raises(NothingToRedo):
        desk.redo()
    desk.undo()
    desk.undo()
    with pytest.raises(NothingToUndo):
        desk.undo()


def test_after_a_new_step_older_undone_ones_are_not_redone(desk: Database) -> None:
    member = add_member(desk)
    edit(desk, member, note="1")
    desk.undo()
    edit(desk, member, note="2")
    desk.undo()
    desk.redo()

    assert shown(desk, member, "note") == ["2"]
    assert desk.next_redo() is None


def test_founding_filling_and_receiving_are_no_steps_to_take_back(desk: Database) -> None:
    for code in (Action.OFFICE_SET_UP, Action.DEMO_FILLED, Action.BUNDLE_APPLIED):
        desk.do(code, lambda s: history.create(s, Member, family_name="X").id)

    assert desk.next_undo() is None


def test_a_record_changed_twice_in_an_action_goes_all_the_way_back(desk: Database) -> None:
    member = add_member(desk, note="0")

    def work(session: Session) -> None:
        session.get_one(Member, member).note = "1"
        history.bulk_update(session, Kind.MEMBER, ["note", "town"], [(member, ("2", "Metz"))])
        session.expire_all()
        session.get_one(Member, member).note = "3"

    desk.do(Action.MEMBERS_IMPORTED, work)
    assert shown(desk, member, "note", "town") == ["3", "Metz"]

    desk.undo()

    assert shown(desk, member, "note", "town") == ["0", ""]
    desk.redo()
    assert shown(desk, member, "note", "town") == ["3", "Metz"]


def test_what_another_desk_wrote_since_is_not_taken_back(desk: Database) -> None:
    member = add_member(desk)
    step = edit(desk, member, note="mine", town="Metz")
    another_desk_writes(desk, member, NOTE, "note", "theirs")

    with pytest.raises(UndoConflict) as refused:
        desk.undo()

    assert refused.value.fields == (Standing(Kind.MEMBER, member, "note"),)
    assert shown(desk, member, "note", "town") == ["theirs", "Metz"]
    action = refused.value.details["action"]
    assert action == desk.next_undo()
    assert getattr(action, "id", 0) == step


def test_a_disagreement_stands_in_the_way_of_undo(desk: Database) -> None:
    member = add_member(desk)
    edit(desk, member, note="mine")
    desk.keep(
        lambda s: identity.raw(s).execute(
            "INSERT INTO sibling VALUES(?,?,2,1,1,?)", (member, NOTE, values.encode("theirs"))
        )
    )

    with pytest.raises(UndoConflict):
        desk.undo()


def test_a_value_of_another_desk_that_was_overwritten_here_comes_back_but_no_further(
    desk: Database,
) -> None:
    member = add_member(desk)
    edit(desk, member, note="mine")
    another_desk_writes(desk, member, NOTE, "note", "theirs")
    edit(desk, member, note="mine again")

    desk.undo()

    assert shown(desk, member, "note") == ["theirs"]
    with pytest.raises(UndoConflict):
        desk.undo()


def test_a_record_another_desk_works_with_is_not_taken_away(desk: Database) -> None:
    member = add_member(desk)
    another_desk_writes(desk, member, NOTE, "note", "theirs")

    with pytest.raises(UndoConflict) as refused:
        desk.undo()

    assert refused.value.fields == (Standing(Kind.MEMBER, member, None),)


def test_a_record_to_which_another_desk_added_is_not_taken_away(desk: Database) -> None:
    member = add_member(desk)
    child = desk.do(
        Action.DEPENDANT_ADDED,
        lambda s: history.create(s, Dependant, root=member, member_id=member).id,
    ).result
    desk.undo()
    another_desk_writes(desk, member, NOTE, "note", "")
    desk.keep(
        lambda s: identity.raw(s).execute(
            "UPDATE history SET record=? WHERE origin=?", (child, OTHER)
        )
    )

    with pytest.raises(UndoConflict) as refused:
        desk.undo()

    assert refused.value.fields == (Standing(Kind.DEPENDANT, child, None),)


def test_an_import_is_one_step(desk: Database) -> None:
    kept = add_member(desk, "Le Goff")
    people = ((f"Dupont {i}", "Jean", f"dupont{i} jean", f"dupont{i} jean") for i in range(4_321))
    columns = ["family_name", "first_name", "sort_key", "search_doc"]

    def work(session: Session) -> None:
        ids = history.bulk_insert(session, Kind.MEMBER, columns, people)
        history.bulk_insert(
            session,
            Kind.CONTACT,
            ["member_id", "root", "note"],
            ((id_, id_, "arrived") for id_ in ids),
        )

    desk.do(Action.MEMBERS_IMPORTED, work)
    assert len(found(desk, "dupont")) == 50

    done = desk.undo()

    assert done.action.records == 2 * 4_321
    assert found(desk, "dupont") == []
    assert found(desk, "le gof") == [kept]
    step = desk.next_undo()
    assert step is not None
    assert step.code == Action.MEMBER_CREATED
    desk.redo()
    assert len(found(desk, "dupont")) == 50
    assert desk.read(
        lambda s: (
            identity.raw(s)
            .execute("SELECT count(*) FROM contact WHERE removed_at IS NULL")
            .fetchone()
        )
    ) == (4_321,)
