"""What a member's row repeats from elsewhere, so that lists need not look for it.

These columns are not exchanged: each desk works them out from what was.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice

from sqlalchemy import select
from sqlalchemy.orm import Session

from correspondent_desk.domain import names, presence
from correspondent_desk.domain.contacts import ContactDraft, Way
from correspondent_desk.domain.fields import Kind
from correspondent_desk.domain.meetings import MeetingDraft, MeetingStatus, Mode
from correspondent_desk.domain.presence import Exchange
from correspondent_desk.records.saving import shows_anew
from correspondent_desk.records.windows import fetch, id_list, known
from correspondent_desk.store.tables import Member

_CHUNK = 500
_SEEN = f"removed_at IS NULL AND status = '{MeetingStatus.SEEN}'"
_REACHED = "removed_at IS NULL AND reached"
_WAYS = ", ".join(f"'{way}'" for way in Way if way.is_in_person)
_MODES = ", ".join(f"'{mode}'" for mode in Mode if mode.is_in_person)


def latest(session: Session, member_id: int, *, in_person: bool) -> Exchange | None:
    """The last contact or held meeting; in_person: the last time in one room. None: never.

    An unanswered call is an attempt and does not count, nor does a meeting without outcome.
    """
    contact = fetch(
        session,
        f"SELECT at, way FROM contact WHERE member_id = ? AND {_REACHED}"  # noqa: S608
        f"{f' AND way IN ({_WAYS})' if in_person else ''} AND at IS NOT NULL"
        " ORDER BY at DESC LIMIT 1",
        member_id,
    )
    meeting = fetch(
        session,
        f"SELECT starts_at, mode FROM meeting WHERE member_id = ? AND {_SEEN}"  # noqa: S608
        f"{f' AND mode IN ({_MODES})' if in_person else ''} AND starts_at IS NOT NULL"
        " ORDER BY starts_at DESC LIMIT 1",
        member_id,
    )
    found = [
        *(
            presence.of_contact(ContactDraft(at=_time(at), way=known(Way, way, Way.THIRD_PARTY)))
            for at, way in contact
        ),
        *(
            presence.of_meeting(
                MeetingDraft(starts_at=_time(at), mode=known(Mode, mode, Mode.PHONE)),
                MeetingStatus.SEEN,
            )
            for at, mode in meeting
        ),
    ]
    return presence.last_contact(one for one in found if one)


def refresh_derived(session: Session, member_ids: Iterable[int]) -> None:
    """Work out again what the rows of these members repeat from elsewhere."""
    remaining = iter(member_ids)
    while chunk := list(islice(remaining, _CHUNK)):
        seen = _last_days(session, chunk, in_person=True)
        contacts = _last_days(session, chunk, in_person=False)
        for member in session.scalars(select(Member).where(Member.id.in_(chunk))):
            _refresh_names(member)
            member.last_seen_on = seen.get(member.id)
            member.last_contact_on = contacts.get(member.id)
        shows_anew(session, Kind.MEMBER, chunk)


def _time(text: str) -> datetime:
    return datetime.fromisoformat(text)


def _refresh_names(member: Member) -> None:
    member.sort_key = names.sort_key(
        member.usage_name, member.family_name, member.first_name, member.sort_name
    )
    member.search_doc = names.search_document(
        first_name=member.first_name,
        usage_name=member.usage_name,
        family_name=member.family_name,
        matricule=member.matricule,
        beneficiary_number=member.beneficiary_number,
    )
    member.phone_doc = names.phone_terms(phone["number"] for phone in member.phones)


def _last_days(session: Session, ids: list[int], *, in_person: bool) -> dict[int, date]:
    found: dict[int, str] = {}
    for member_id, at in _last_times(session, ids, in_person=in_person):
        if at and at > found.get(member_id, ""):
            found[member_id] = at
    return {id_: datetime.fromisoformat(at).date() for id_, at in found.items()}


def _last_times(
    session: Session, ids: list[int], *, in_person: bool
) -> Iterator[tuple[int, str | None]]:
    wanted = id_list(ids)
    for table, at, counts, choice in (
        ("contact", "at", _REACHED, f"way IN ({_WAYS})"),
        ("meeting", "starts_at", _SEEN, f"mode IN ({_MODES})"),
    ):
        where = f"{counts} AND {choice}" if in_person else counts
        yield from fetch(
            session,
            f"SELECT member_id, max({at}) FROM {table}"  # noqa: S608 - our own words only
            f" WHERE member_id IN (SELECT value FROM json_each(?)) AND {where} GROUP BY member_id",
            wanted,
        )
