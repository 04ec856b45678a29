"""A preview says of removals what the report says, also of what the file itself brings."""

from typing import Any

import pytest

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.fields import Kind
from correspondent_desk.domain.members import MemberId
from correspondent_desk.domain.requests import RequestId
from correspondent_desk.records import members, requests
from correspondent_desk.store import history
from correspondent_desk.store.database import Database
from correspondent_desk.store.tables import Contact, Document, Member, Request
from correspondent_desk.sync import exchange
from correspondent_desk.sync.reports import Effect
from tests.builders import add_member
from tests.sync.desks import Town, write


def meet(town: Town, *people: str) -> list[Database]:
    """Desks that all know one person and one request of theirs with a document."""
    desks = town.meet(*people)
    member = add_member(desks[0])

    def work(session: Any) -> None:
        request = history.create(session, Request, member, member_id=member).id
        history.create(session, Document, member, request_id=request, label="rent receipt")

    desks[0].do(Action.REQUEST_CREATED, work)
    town.round()
    town.round()
    return desks


def add_document(desk: Database) -> None:
    def work(session: Any) -> None:
        [request] = session.query(Request).all()
        history.create(
            session, Document, request.member_id, request_id=request.id, label="pay slip"
        )

    desk.do(Action.DOCUMENT_ADDED, work)


def remove_request(desk: Database) -> None:
    desk.do(
        Action.REQUEST_REMOVED,
        lambda s: requests.remove(s, RequestId(s.query(Request.id).scalar())),
    )


def foreseen(town: Town, desk: Database) -> Effect:
    """What the hub's file does to the desk, as it was foreseen."""
    path = town.written_for(desk)
    found = exchange.preview(desk, path).effect
    assert found == exchange.apply(desk, path, is_meant=True).effect
    return found


def test_a_new_document_of_a_request_that_was_removed_here(town: Town) -> None:
    here, there = meet(town, "Yann", "Rozenn")
    remove_request(here)
    add_document(there)
    town.up(there)

    found = foreseen(town, here)

    assert [(one.kind, one.field) for one in found.disputed] == [(Kind.REQUEST, "removed")]


def test_a_new_document_that_comes_with_the_removal_of_its_request(town: Town) -> None:
    here, there, third = meet(town, "Yann", "Rozenn", "Lena")
    remove_request(here)
    add_document(there)
    town.up(there)
    town.up(here)

    found = foreseen(town, third)

    assert found.disagreements == 1
    assert found.removed == {}


@pytest.mark.parametrize("what", [Kind.CONTACT, Kind.DOCUMENT])
def test_what_was_made_and_removed_with_what_is_worked_on_here(town: Town, what: Kind) -> None:
    """It stays in view with that, and is new."""
    here, there = meet(town, "Yann", "Rozenn")
    if what is Kind.CONTACT:
        member = here.read(lambda s: s.query(Member.id).scalar())
        here.do(
            Action.CONTACT_LOGGED,
            lambda s: history.create(s, Contact, member, member_id=member),
        )
        here.do(Action.MEMBER_REMOVED, lambda s: members.remove(s, MemberId(member)))
        write(there, there.read(lambda s: s.query(Member).one()), first_name="Lou")
    else:
        add_document(here)
        remove_request(here)
        write(there, there.read(lambda s: s.query(Document).one()), label="two receipts")
    town.up(here)

    found = foreseen(town, there)

    assert found.disagreements == 1
    assert found.new == {what: 1}
