"""Words of a newer version in every closed choice of every record: nothing fails and nothing is lost."""

from dataclasses import replace
from datetime import date, datetime, timedelta

from sqlalchemy.orm import Session

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.choices import Term
from correspondent_desk.domain.contacts import ContactId
from correspondent_desk.domain.members import Civility, EntryKind, MemberId
from correspondent_desk.domain.requests import RequestId
from correspondent_desk.formats.staff_cells import read_status
from correspondent_desk.formats.staff_names import read_civility
from correspondent_desk.messages import cards, exports, labels, today_page
from correspondent_desk.messages import history as in_words
from correspondent_desk.messages.newer import newer
from correspondent_desk.records import (
    agenda,
    contacts,
    documents,
    finding,
    households,
    meetings,
    members,
    requests,
    timeline,
    today,
)
from correspondent_desk.records import exports as lists
from correspondent_desk.store import history
from correspondent_desk.store.database import Database
from correspondent_desk.store.tables import (
    Answer,
    Contact,
    Dependant,
    Document,
    Meeting,
    Member,
    Request,
    Step,
)

NEWER = "of-a-newer-version"
NOW = datetime(2026, 12, 3, 9).astimezone()
TODAY = NOW.date()


def office(session: Session) -> tuple[MemberId, RequestId]:
    """Somebody with everything, each choice a word that this version does not know."""
    at = NOW.replace(tzinfo=None)
    person = history.create(
        session, Member, family_name="Le Goff", civility=NEWER, status=NEWER,
        preferred_channel=NEWER, rhythm_months=1,
    )  # fmt: skip
    below = person.id
    history.create(session, Dependant, below, member_id=person.id, relation=NEWER)
    request = history.create(
        session, Request, below, member_id=person.id, type=NEWER, benefit=NEWER, subject="Rent",
        status=NEWER, next_who=NEWER, next_what="Call", next_due=date(2026, 12, 1),
        opened_on=date(2026, 10, 1),
    )  # fmt: skip
    history.create(session, Step, below, request_id=request.id, at=at, was="complete", became=NEWER)
    history.create(session, Document, below, request_id=request.id, code=NEWER, state=NEWER)
    for days in (0, 40):
        when = at - timedelta(days=days)
        history.create(
            session, Contact, below, member_id=person.id, at=when, way=NEWER, direction=NEWER
        )
        history.create(
            session, Meeting, below, member_id=person.id, starts_at=when, mode=NEWER,
            status=NEWER, reason=NEWER,
        )  # fmt: skip
    history.create(session, Answer, about_id=request.id, line=NEWER, answer=NEWER)
    return MemberId(person.id), RequestId(request.id)


def test_every_card_list_and_page_can_be_read(desk: Database) -> None:
    member, request = desk.do(Action.DEMO_FILLED, office).result

    def read(session: Session) -> list[object]:
        card = members.card(session, member, TODAY)
        page = today.page(session, NOW)
        entries = timeline.timeline(session, member)
        return [
            *cards.head(card, TODAY),
            *(cards.what_happened(entry) for entry in entries),
            *households.of_member(session, member),
            *requests.of_member(session, member),
            *documents.of_request(session, request),
            *members.rows(session, [member]),
            *today_page.in_words(page, TODAY),
            today_page.as_object(page, TODAY),
            requests.card(session, request),
            finding.find(session, "le goff", TODAY),
            agenda.week(session, date(2026, 11, 30), "fr"),
            *(line for what in lists.Exported for line in exports.lines(session, what)),
            *in_words.rows_in_words(session, desk.history_of(request), TODAY),
        ]

    found = desk.read(read)

    assert any("Le Goff" in str(one) or "LE GOFF" in str(one) for one in found)


def test_each_is_said_to_be_of_a_newer_version(desk: Database) -> None:
    member, request = desk.do(Action.DEMO_FILLED, office).result

    def read(session: Session) -> dict[str, object]:
        card, about = members.card(session, member, TODAY), requests.card(session, request)
        [relative] = households.of_member(session, member)
        [document] = documents.of_request(session, request)
        [meeting, _] = meetings.of_member(session, member)
        entries = timeline.timeline(session, member)
        contact = next(one for one in entries if one.kind is EntryKind.CONTACT)
        logged = contacts.draft_of(session, ContactId(contact.id))
        return {
            "civility": card.draft.civility,
            "status": card.draft.status,
            "channel": card.draft.preferred_channel,
            "relation": relative.draft.relation,
            "type": about.draft.type,
            "request": about.draft.status,
            "owes": about.draft.next_who,
            "document": document.draft.state,
            "way": logged.way,
            "direction": logged.direction,
            "mode": meeting.draft.mode,
            "meeting": meeting.status,
        } | {entry.kind: cards.what_happened(entry) for entry in entries}

    found = desk.read(read)

    terms = {name: one for name, one in found.items() if isinstance(one, Term)}
    assert terms == dict.fromkeys(terms, NEWER)  # for programs and the store, as it came
    assert {labels.label(one) for one in terms.values()} == {newer()}  # type: ignore[arg-type]
    assert {found[kind] for kind in (EntryKind.CONTACT, EntryKind.STEP)} == {newer().capitalize()}
    assert found[EntryKind.MEETING] == f"Meeting, {newer()}"


def test_lists_for_other_programs_say_so_and_can_be_read_back(desk: Database) -> None:
    desk.do(Action.DEMO_FILLED, office)

    told = desk.read(
        lambda s: {
            what: dict(zip(exports.headings(what), next(exports.lines(s, what)), strict=True))
            for what in lists.Exported
        }
    )

    said = {heading for line in told.values() for heading, cell in line.items() if cell == newer()}
    assert said == {
        "Title", "Status", "Preferred way of contact", "Type", "State", "Owed by",
        "Kind of meeting", "Way", "Who began",
    }  # fmt: skip
    assert read_status(newer()) is None
    assert read_civility(newer()) is Civility.NONE


def test_an_edit_of_something_else_leaves_the_newer_word(desk: Database) -> None:
    member, _ = desk.do(Action.DEMO_FILLED, office).result
    opened = desk.read(lambda s: members.card(s, member, TODAY))
    draft = replace(opened.draft, service="Laundry")

    desk.do(Action.MEMBER_EDITED, lambda s: members.save(s, opened, draft))

    kept = desk.read(lambda s: s.get_one(Member, member))
    assert (kept.service, kept.status, kept.civility, kept.preferred_channel) == (
        "Laundry",
        NEWER,
        NEWER,
        NEWER,
    )
