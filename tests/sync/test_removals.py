"""Who was removed is out of sight on every desk, and who was worked on since is in sight on every desk."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.fields import Kind
from correspondent_desk.domain.members import MemberId
from correspondent_desk.domain.requests import RequestId
from correspondent_desk.records import members, removals, requests
from correspondent_desk.records.saving import count_disagreements
from correspondent_desk.store import bulk, history, values
from correspondent_desk.store.database import Database
from correspondent_desk.store.identity import find_id, raw, uid_of
from correspondent_desk.store.session import Session
from correspondent_desk.store.tables import Contact, Document, Member, Request
from correspondent_desk.sync import exchange
from correspondent_desk.sync.exchange import Choice
from tests.builders import add_member
from tests.sync.desks import Town, contents, rebuilt, write

AT = datetime(2026, 12, 1, 9, 0)  # noqa: DTZ001 - local, as contacts are


def log(desk: Database, member: int) -> int:
    def work(session: object) -> int:
        return history.create(session, Contact, root=member, member_id=member, at=AT).id  # type: ignore[arg-type]

    return desk.do(Action.CONTACT_LOGGED, work).result


def remove(desk: Database, member: int) -> None:
    desk.do(Action.MEMBER_REMOVED, lambda s: members.remove(s, MemberId(member)))


def listed(desk: Database) -> list[int]:
    found = desk.read(lambda s: raw(s).execute("SELECT id FROM member_listed").fetchall())
    return [id_ for (id_,) in found]


def level(town: Town) -> None:
    for _ in range(2):
        town.round()
    first, *others = town.desks
    for desk in others:
        assert contents(desk) == contents(first)


def open_(desk: Database) -> int:
    return exchange.status(desk).disagreements


def test_who_is_removed_with_all_below_is_removed_everywhere(town: Town) -> None:
    here, there = town.desk("Yann"), town.desk("Rozenn")
    member = add_member(here)
    for _ in range(3):
        log(here, member)
    level(town)
    assert listed(there)

    remove(here, member)
    level(town)

    assert [listed(desk) for desk in town.desks] == [[], []]
    assert [open_(desk) for desk in town.desks] == [0, 0]


def test_a_contact_removed_elsewhere_meanwhile_brings_nobody_back(town: Town) -> None:
    here, there = town.desk("Yann"), town.desk("Rozenn")
    member = add_member(here)
    contact = log(here, member)
    level(town)
    remove(here, member)
    there.do(Action.CONTACT_REMOVED, lambda s: history.remove(s, s.query(Contact).one()))

    level(town)

    assert [listed(desk) for desk in town.desks] == [[], []]
    assert contact


@pytest.mark.parametrize("way", ["mapped", "bulk", "herself"])
def test_who_writes_below_somebody_they_removed_sees_them_again_at_once(
    town: Town, way: str
) -> None:
    here, there = town.desk("Yann"), town.desk("Rozenn")
    member = add_member(here)
    log(here, member)
    level(town)
    remove(here, member)
    assert listed(here) == []

    if way == "mapped":
        log(here, member)
    elif way == "bulk":
        rows = [(member, member, AT)]
        here.do(
            Action.CONTACT_LOGGED,
            lambda s: bulk.bulk_insert(s, Kind.CONTACT, ["root", "member_id", "at"], rows),
        )
    else:
        here.do(
            Action.MEMBER_EDITED,
            lambda s: bulk.bulk_update(s, Kind.MEMBER, ["note"], [(member, ("by the church",))]),
        )

    assert listed(here) == [member]
    assert open_(here) == 1
    level(town)
    assert len(listed(there)) == 1
    assert [open_(desk) for desk in town.desks] == [1, 1]
    assert rebuilt(here)[0] == rebuilt(here)[1]
    here.do(Action.MEMBER_EDITED, lambda s: removals.bring_back(s, MemberId(member)))
    level(town)
    assert [open_(desk) for desk in town.desks] == [0, 0]
    assert len(listed(there)) == 1


def test_what_is_removed_below_somebody_removed_leaves_them_so(town: Town) -> None:
    here = town.desk("Yann")
    member = add_member(here)
    contact = log(here, member)
    here.do(Action.MEMBER_EDITED, lambda s: setattr(s.get_one(Member, member), "note", "gone"))
    remove(here, member)
    here.undo()
    assert listed(here) == [member]
    here.redo()

    assert listed(here) == []
    there = town.desk("Rozenn")
    level(town)
    assert listed(there) == []
    assert contact


def test_what_an_earlier_version_judged_otherwise_is_judged_anew_once(town: Town) -> None:
    """Whoever worked on none of it since would go on seeing what nobody else sees."""
    here, there = town.desk("Yann"), town.desk("Rozenn")
    worked_on, gone, other = (add_member(here) for _ in range(3))
    level(town)
    remove(here, worked_on)
    remove(here, gone)
    log(there, there.read(lambda s: shared(s, here, worked_on)))
    level(town)
    assert set(listed(here)) == {worked_on, other}
    right = contents(there)

    here.keep(lambda s: misjudge(s, hidden=worked_on, shown=gone))
    assert set(listed(here)) == {gone, other}
    rename(there, there.read(lambda s: shared(s, here, other)), "Lou")
    level(town)

    assert set(listed(here)) == {worked_on, other}
    assert contents(there) != right, "something else came"
    assert open_(here) == open_(there) == 1
    here.keep(lambda s: misjudge(s, hidden=worked_on, shown=gone, is_known=True))
    rename(there, there.read(lambda s: shared(s, here, other)), "Mona")
    town.round()
    assert set(listed(here)) == {gone, other}, "once: it reads all that was ever removed"


def rename(desk: Database, member: int, name: str) -> None:
    found = desk.read(lambda s: s.get(Member, member))
    assert found is not None
    write(desk, found, first_name=name)


def shared(session: Session, desk: Database, member: int) -> int:
    """The number here of a member of another desk."""
    found = find_id(session, desk.read(lambda s: uid_of(s, member)))
    assert found is not None
    return found


def misjudge(session: Session, *, hidden: int, shown: int, is_known: bool = False) -> None:
    """Show one and hide the other, as a version that judged otherwise would have left them."""
    connection = raw(session)
    connection.execute("DELETE FROM extra WHERE record=? AND field=1", (hidden,))
    at = connection.execute("SELECT removed_at FROM member WHERE id=?", (shown,)).fetchone()[0]
    connection.execute("UPDATE member SET removed_at=? WHERE id=?", (at, hidden))
    connection.execute("UPDATE member SET removed_at=NULL WHERE id=?", (shown,))
    connection.execute("INSERT INTO extra VALUES(?,1,?)", (shown, values.encode(at)))
    if not is_known:
        history.write_setting(session, "removals.judged", None)


def removed_and_renamed(town: Town) -> tuple[Database, Database, int, int]:
    """Two desks, a person and a contact: removed together here, while there the person is renamed.

    Another contact was removed by itself, an hour before.
    """
    here, there = town.desk("Yann"), town.desk("Rozenn")
    member = add_member(here)
    contact, mistaken = log(here, member), log(here, member)
    level(town)
    here.do(Action.CONTACT_REMOVED, lambda s: history.remove(s, s.get_one(Contact, mistaken)))
    town.clock.at += timedelta(hours=1)
    remove(here, member)
    rename(there, there.read(lambda s: shared(s, here, member)), "Lou")
    level(town)
    return here, there, member, contact


def test_who_is_kept_in_the_lists_is_kept_with_all_that_was_removed_with_them(town: Town) -> None:
    here, there, member, contact = removed_and_renamed(town)

    settle(there, Choice.HERE)
    level(town)

    assert [open_(desk) for desk in town.desks] == [0, 0]
    assert listed(here) == [member]
    assert len(listed(there)) == 1
    assert contacts(here) == [contact]
    assert len(contacts(there)) == 1


def test_who_leaves_the_lists_after_all_leaves_them_with_the_work_done_meanwhile(
    town: Town,
) -> None:
    here, there = town.desk("Yann"), town.desk("Rozenn")
    member = add_member(here)
    log(here, member)
    level(town)
    remove(here, member)
    log(there, there.read(lambda s: shared(s, here, member)))
    level(town)

    settle(there, Choice.THERE)
    level(town)

    assert [open_(desk) for desk in town.desks] == [0, 0]
    assert [listed(desk) for desk in town.desks] == [[], []]
    assert [contacts(desk) for desk in town.desks] == [[], []]
    there.undo()
    assert len(contacts(there)) == 2, "what was written since, and what was removed with her"
    assert open_(there) == 1


def test_who_is_asked_about_is_seen_with_what_was_removed_with_them(town: Town) -> None:
    """Whoever has to choose sees what would be lost; one question for all of it."""
    here, there, _member, contact = removed_and_renamed(town)

    assert contacts(here) == [contact]
    assert len(contacts(there)) == 1
    assert [open_(desk) for desk in town.desks] == [1, 1]
    assert [desk.read(count_disagreements) for desk in town.desks] == [1, 1]
    assert there.read(lambda s: s.query(Member.last_contact_on).scalar()) == AT.date()
    assert [rebuilt(desk)[0] == rebuilt(desk)[1] for desk in town.desks] == [True, True]

    for desk in town.desks:
        remove(desk, desk.read(lambda s: s.query(Member.id).scalar()))
    level(town)

    assert [contacts(desk) for desk in town.desks] == [[], []]
    assert [open_(desk) for desk in town.desks] == [0, 0]


@pytest.mark.parametrize("was_kept", [True, False])
@pytest.mark.parametrize("is_kept", [True, False])
def test_an_answer_that_is_taken_back_leaves_all_in_view_until_the_next(
    town: Town, *, was_kept: bool, is_kept: bool
) -> None:
    removed_and_renamed(town)
    desk = town.desks[1]
    settle(desk, answer(desk, is_kept=was_kept))
    level(town)

    desk.undo()
    level(town)

    assert [len(contacts(one)) for one in town.desks] == [1, 1]
    assert [open_(one) for one in town.desks] == [1, 1]
    desk.redo()
    desk.undo()
    level(town)
    settle(desk, answer(desk, is_kept=is_kept))
    level(town)
    assert [len(contacts(one)) for one in town.desks] == [int(is_kept)] * 2
    assert [open_(one) for one in town.desks] == [0, 0]


def test_who_was_removed_by_two_is_counted_as_one_question(town: Town) -> None:
    """Each of their contacts was removed by two as well."""
    desks = town.meet("Yann", "Rozenn", "Lena")
    log(desks[0], add_member(desks[0]))
    level(town)
    members_ = [desk.read(lambda s: s.query(Member.id).scalar()) for desk in desks]
    for desk, member in zip(desks[:2], members_, strict=False):
        remove(desk, member)
    rename(desks[2], members_[2], "Lou")
    level(town)

    assert [len(contacts(desk)) for desk in desks] == [1, 1, 1]
    assert [open_(desk) for desk in desks] == [1, 1, 1]
    assert [desk.read(count_disagreements) for desk in desks] == [1, 1, 1]


@pytest.mark.parametrize("what", ["person", "contact"])
def test_a_removal_that_is_taken_back_asks_no_more_than_before(town: Town, what: str) -> None:
    """Of somebody about whom is asked already, or of what is in view because they are."""
    here, _there, member, contact = removed_and_renamed(town)
    town.clock.at += timedelta(minutes=1)

    if what == "person":
        remove(here, member)
    else:
        here.do(Action.CONTACT_REMOVED, lambda s: history.remove(s, s.get_one(Contact, contact)))
    assert contacts(here) == []
    here.undo()
    level(town)

    assert [open_(one) for one in town.desks] == [1, 1]
    assert [len(contacts(one)) for one in town.desks] == [1, 1]
    settle(here, answer(here, is_kept=False))
    level(town)
    assert [listed(one) for one in town.desks] == [[], []]
    assert [contacts(one) for one in town.desks] == [[], []]


def test_what_is_removed_in_the_minute_of_a_person_is_shown_alike_on_every_desk(town: Town) -> None:
    """Nobody can tell that it was not removed with her; she is in view, as is what was."""
    here, _there, _member, contact = removed_and_renamed(town)

    here.do(Action.CONTACT_REMOVED, lambda s: history.remove(s, s.get_one(Contact, contact)))
    level(town)

    assert [len(contacts(one)) for one in town.desks] == [1, 1]
    assert [open_(one) for one in town.desks] == [1, 1]


def test_a_contact_that_shall_go_is_seen_alike_on_every_desk_while_the_person_is(
    town: Town,
) -> None:
    """Two removed it, one of them with the person, and who removed it alone wanted it back."""
    here, there = town.desk("Yann"), town.desk("Rozenn")
    member = add_member(here)
    contact = log(here, member)
    level(town)
    here.do(Action.CONTACT_REMOVED, lambda s: history.remove(s, s.get_one(Contact, contact)))
    here.undo()
    town.clock.at += timedelta(hours=1)
    member_there = there.read(lambda s: shared(s, here, member))
    remove(there, member_there)
    rename(there, member_there, "Lou")
    level(town)

    [asked] = [one for one in here.read(exchange.disagreements) if one.kind == Kind.CONTACT]
    here.do(Action.DISAGREEMENT_SETTLED, lambda s: exchange.settle(s, asked.id, Choice.THERE))
    level(town)

    assert [len(contacts(one)) for one in town.desks] == [1, 1]
    assert [open_(one) for one in town.desks] == [1, 1]
    settle(here, answer(here, is_kept=False))
    level(town)
    assert [contacts(one) for one in town.desks] == [[], []]


def test_work_on_what_was_removed_with_somebody_is_asked_about_once(town: Town) -> None:
    here, there = town.desk("Yann"), town.desk("Rozenn")
    member = add_member(here)
    log(here, member)
    level(town)
    remove(here, member)
    write(there, there.read(lambda s: s.query(Contact).one()), note="she called back")

    town.up(here)
    town.up(there)
    told = [town.down(desk).effect.disagreements for desk in town.desks]

    assert told == [1, 1]
    assert [open_(desk) for desk in town.desks] == [1, 1]
    settle(here, Choice.HERE)
    level(town)
    assert [contacts(desk) for desk in town.desks] == [[], []]


def test_what_comes_with_a_removal_later_is_seen_with_it(town: Town) -> None:
    """Removed by one desk, worked on by a second, and the removal of a contact known to a third only."""
    here, there, late = town.meet("Yann", "Rozenn", "Lena")
    member = add_member(here)
    log(here, member)
    level(town)
    rename(there, there.read(lambda s: shared(s, here, member)), "Lou")
    remove(here, member)
    town.up(there)
    town.down(late)
    level(town)

    new = town.desk("Goulven")
    level(town)

    assert [len(contacts(desk)) for desk in (here, there, late, new)] == [1, 1, 1, 1]
    assert open_(new) == 1


@pytest.mark.parametrize("works_on_contact", [False, True])
def test_a_preview_tells_of_removals_what_the_report_tells(
    town: Town, *, works_on_contact: bool
) -> None:
    here, there = town.desk("Yann"), town.desk("Rozenn")
    member, other = add_member(here), add_member(here, "Petit")
    log(here, member)
    level(town)
    remove(here, member)
    remove(here, other)
    if works_on_contact:
        write(there, there.read(lambda s: s.query(Contact).one()), note="she called back")
    else:
        rename(there, there.read(lambda s: shared(s, here, member)), "Lou")
    town.up(here)
    path = town.written_for(there)

    foreseen = exchange.preview(there, path).effect

    assert foreseen == exchange.apply(there, path, is_meant=True).effect
    assert foreseen.removed == {Kind.MEMBER: 1}
    assert foreseen.changed == {Kind.MEMBER: 1}, "nothing is to be seen of what stays with her"
    assert foreseen.disagreements == 1


def test_who_stays_in_the_lists_is_not_told_as_removed(town: Town) -> None:
    here, there = town.desk("Yann"), town.desk("Rozenn")
    member = add_member(here)
    level(town)
    remove(here, member)
    rename(there, there.read(lambda s: shared(s, here, member)), "Lou")
    town.up(here)

    effect = town.down(there).effect

    assert effect.disagreements == 1
    assert effect.removed == {}


def test_what_stays_with_somebody_is_told_as_changed_where_more_was_done_to_it(town: Town) -> None:
    here, there = town.desk("Yann"), town.desk("Rozenn")
    member = add_member(here)
    contact = log(here, member)
    log(here, member)
    level(town)
    write(here, here.read(lambda s: s.get_one(Contact, contact)), note="she called back")
    remove(here, member)
    rename(there, there.read(lambda s: shared(s, here, member)), "Lou")
    town.up(here)

    effect = town.down(there).effect

    assert effect.changed == {Kind.MEMBER: 1, Kind.CONTACT: 1}
    assert effect.removed == {}


def test_what_is_removed_is_not_told_as_changed_as_well(town: Town) -> None:
    here, there = town.desk("Yann"), town.desk("Rozenn")
    member, other = add_member(here), add_member(here, "Petit")
    log(here, member)
    level(town)
    remove(here, member)
    rename(here, other, "Lou")
    town.up(here)

    effect = town.down(there).effect

    assert effect.removed == {Kind.MEMBER: 1, Kind.CONTACT: 1}
    assert effect.changed == {Kind.MEMBER: 1}


def test_a_request_that_is_kept_is_kept_with_its_documents(town: Town) -> None:
    here, there = town.desk("Yann"), town.desk("Rozenn")
    member = add_member(here)

    def work(session: Any) -> int:
        request = history.create(session, Request, member, member_id=member).id
        history.create(session, Document, member, request_id=request, label="rent receipt")
        return request

    request = here.do(Action.REQUEST_CREATED, work).result
    level(town)
    here.do(Action.REQUEST_REMOVED, lambda s: requests.remove(s, RequestId(request)))
    write(there, there.read(lambda s: s.query(Request).one()), subject="winter help")
    level(town)
    assert [removed_documents(desk) for desk in town.desks] == [0, 0]
    assert [open_(desk) for desk in town.desks] == [1, 1]

    settle(here, Choice.THERE)
    level(town)

    assert [open_(desk) for desk in town.desks] == [0, 0]
    assert [removed_documents(desk) for desk in town.desks] == [0, 0]


def settle(desk: Database, choice: Choice) -> None:
    [one] = desk.read(exchange.disagreements)
    desk.do(Action.DISAGREEMENT_SETTLED, lambda s: exchange.settle(s, one.id, choice))


def answer(desk: Database, *, is_kept: bool) -> Choice:
    """The choice by which who is asked about stays in the lists, or goes."""
    [one] = desk.read(exchange.disagreements)
    is_here = (one.here.columns["removed_at"] is None) is is_kept
    return Choice.HERE if is_here else Choice.THERE


def contacts(desk: Database) -> list[int]:
    """Those in view."""
    return desk.read(lambda s: [one.id for one in s.query(Contact).filter_by(removed_at=None)])


def removed_documents(desk: Database) -> int:
    return desk.read(lambda s: s.query(Document).filter(Document.removed_at.is_not(None)).count())


@pytest.mark.parametrize("way", ["new", "edited"])
def test_work_on_a_document_keeps_its_request_in_view(town: Town, way: str) -> None:
    here, there = town.desk("Yann"), town.desk("Rozenn")
    member = add_member(here)

    def work(session: Any) -> int:
        request = history.create(session, Request, member, member_id=member).id
        history.create(session, Document, member, request_id=request, label="rent receipt")
        return request

    request = here.do(Action.REQUEST_CREATED, work).result
    level(town)
    here.do(Action.REQUEST_REMOVED, lambda s: requests.remove(s, RequestId(request)))

    def bring(session: Any) -> None:
        [known] = session.query(Request).all()
        if way == "new":
            root = known.member_id
            history.create(session, Document, root, request_id=known.id, label="pay slip")
        else:
            session.query(Document).one().label = "pay slip"

    there.do(Action.MEMBER_EDITED, bring)
    town.up(here)
    path = town.written_for(there)
    foreseen = exchange.preview(there, path).effect
    assert foreseen == exchange.apply(there, path, is_meant=True).effect
    level(town)

    assert [removed_documents(desk) for desk in town.desks] == [0, 0]
    assert [shown_requests(desk) for desk in town.desks] == [1, 1]
    assert [open_(desk) for desk in town.desks] == [1, 1]


def shown_requests(desk: Database) -> int:
    return desk.read(lambda s: s.query(Request).filter_by(removed_at=None).count())


def test_a_document_written_to_a_request_removed_here_shows_it_at_once(town: Town) -> None:
    here, there = town.desk("Yann"), town.desk("Rozenn")
    member = add_member(here)
    request = here.do(
        Action.REQUEST_CREATED,
        lambda s: history.create(s, Request, member, member_id=member).id,
    ).result
    here.do(Action.REQUEST_REMOVED, lambda s: requests.remove(s, RequestId(request)))

    here.do(
        Action.MEMBER_EDITED,
        lambda s: history.create(s, Document, member, request_id=request, label="pay slip"),
    )

    assert shown_requests(here) == 1
    level(town)
    assert shown_requests(there) == 1
    assert [open_(desk) for desk in town.desks] == [1, 1]
