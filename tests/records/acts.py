"""What a correspondent does, in one call each, on a Thursday: 3 December 2026, nine in the morning."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.contacts import ContactDraft, ContactId, Way
from correspondent_desk.domain.meetings import (
    MeetingDraft,
    MeetingId,
    MeetingStatus,
    Outcome,
    SessionDraft,
    SiteDraft,
)
from correspondent_desk.domain.members import MemberCard, MemberDraft, MemberId, MemberRow, SiteId
from correspondent_desk.domain.requests import (
    DocumentDraft,
    RequestCard,
    RequestDraft,
    RequestId,
    RequestRow,
)
from correspondent_desk.domain.today import TodayPage
from correspondent_desk.records import contacts, meetings, members, office, requests, today
from correspondent_desk.store.database import Database

NOW = datetime(2026, 12, 3, 9, 0).astimezone()
TODAY = NOW.date()
TOMORROW = TODAY + timedelta(days=1)


def at(text: str) -> datetime:
    """2026-12-03 14:00 as local time."""
    return datetime.fromisoformat(text)


def on(day: date) -> datetime:
    """Nine in the morning of a day, local time."""
    return datetime.combine(day, NOW.time()).astimezone()


def a_member(desk: Database, family_name: str = "Le Goff", **told: Any) -> MemberId:
    """A new member: Anne, unless said otherwise."""
    draft = MemberDraft(**{"family_name": family_name, "first_name": "Anne", **told})
    return desk.do(Action.MEMBER_CREATED, lambda s: members.create(s, draft)).result


def a_request(
    desk: Database,
    member: MemberId,
    *documents: DocumentDraft,
    now: datetime = NOW,
    **told: Any,
) -> RequestId:
    """A new request of the member."""
    draft = RequestDraft(**{"subject": "School start", **told, "member_id": member})
    return desk.do(
        Action.REQUEST_CREATED, lambda s: requests.create(s, draft, documents, now)
    ).result


def a_contact(
    desk: Database, member: MemberId, when: str, way: Way = Way.PHONE, **told: Any
) -> ContactId:
    """A contact written down."""
    draft = ContactDraft(member_id=member, at=at(when), way=way, **told)
    return desk.do(Action.CONTACT_LOGGED, lambda s: contacts.log(s, draft)).result


def a_meeting(desk: Database, member: MemberId, when: str, **told: Any) -> MeetingId:
    """A planned meeting."""
    draft = MeetingDraft(member_id=member, starts_at=at(when), **told)
    return desk.do(Action.MEETING_PLANNED, lambda s: meetings.plan(s, draft)).result


def held(desk: Database, meeting: MeetingId, status: MeetingStatus = MeetingStatus.SEEN) -> None:
    """Note how the meeting ended."""
    desk.do(
        Action.MEETING_OUTCOME,
        lambda s: meetings.set_outcome(s, meetings.row(s, meeting), Outcome(status=status), NOW),
    )


def a_site(desk: Database, name: str = "Town hall", **told: Any) -> SiteId:
    """A new site."""
    return desk.do(
        Action.SITE_ADDED, lambda s: office.add_site(s, SiteDraft(name=name, **told))
    ).result


def a_session(desk: Database, site: SiteId, when: str, **told: Any) -> None:
    """Drop-in hours."""
    draft = SessionDraft(site_id=site, starts_at=at(when), **told)
    desk.do(Action.SESSION_ADDED, lambda s: meetings.add_session(s, draft))


def edit(desk: Database, opened: MemberCard, **told: Any) -> None:
    """Save a card that was opened, with some fields changed."""
    draft = _changed(opened.draft, told)
    desk.do(Action.MEMBER_EDITED, lambda s: members.save(s, opened, draft))


def _changed(draft: MemberDraft, told: dict[str, Any]) -> MemberDraft:
    return replace(draft, **told)


def card(desk: Database, member: MemberId) -> MemberCard:
    """The member's card, opened."""
    return desk.read(lambda s: members.card(s, member, TODAY))


def row(desk: Database, member: MemberId) -> MemberRow:
    """The member's row in lists."""
    return desk.read(lambda s: members.rows(s, [member]))[0]


def request_card(desk: Database, request: RequestId) -> RequestCard:
    """The request's card, opened."""
    return desk.read(lambda s: requests.card(s, request))


def request_row(desk: Database, request: RequestId) -> RequestRow:
    """The request's row in lists."""
    return desk.read(lambda s: requests.rows(s, [request]))[0]


def page(desk: Database, now: datetime = NOW) -> TodayPage:
    """The page Today."""
    return desk.read(lambda s: today.page(s, now))


def names_of(desk: Database, ids: Sequence[int]) -> list[str]:
    """Family names of members, in the order of ids."""
    return [one.family_name for one in desk.read(lambda s: members.rows(s, list(ids)))]


def days_before(count: int) -> date:
    """The day so many days ago."""
    return date.fromordinal(TODAY.toordinal() - count)
