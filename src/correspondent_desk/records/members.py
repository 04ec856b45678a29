"""Members: lists, cards, and what can be done with one."""

from array import array
from collections.abc import Collection, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from correspondent_desk import decoding
from correspondent_desk.domain import names
from correspondent_desk.domain.fields import Kind
from correspondent_desk.domain.members import (
    Channel,
    Civility,
    Mail,
    MemberCard,
    MemberDraft,
    MemberFilter,
    MemberId,
    MemberRow,
    MemberStatus,
    Phone,
    PostalAddress,
    SiteId,
)
from correspondent_desk.domain.requests import RequestStatus
from correspondent_desk.records import households
from correspondent_desk.records.households import (
    add_dependant,
    remove_dependant,
    save_dependant,
)
from correspondent_desk.records.saving import existing, open_disagreements, write_edit
from correspondent_desk.records.timeline import latest, timeline
from correspondent_desk.records.trouble import NoSuchRecord
from correspondent_desk.records.windows import as_date, fetch, fetch_ids, id_list, in_order, raw
from correspondent_desk.store import history, search
from correspondent_desk.store.search import LISTED
from correspondent_desk.store.tables import SYNCED, Member, Record, of

__all__ = [
    "add_dependant", "are_there", "card", "columns", "create", "drafts", "find_ids", "remove",
    "remove_dependant", "rows", "save", "save_dependant", "similar", "site_of", "timeline", "usable_phone",
]  # fmt: skip

WITHOUT_NEWS = timedelta(days=365)

_OPEN = ", ".join(f"'{status}'" for status in RequestStatus if status.is_open)
_GONE = f"status IN ('{MemberStatus.LEFT}', '{MemberStatus.DECEASED}')"
_SAME = (
    "family_name", "usage_name", "first_name", "birth_date", "matricule", "beneficiary_number",
    "employer", "site_id", "service", "entered_on", "left_on", "no_letter_home", "access_needs",
    "rhythm_months", "bracket", "bracket_year", "note", "sort_name",
)  # fmt: skip
_phones = decoding.json(list[Phone])


_WINDOW = f"""
    SELECT m.id, m.civility, m.first_name, m.usage_name, m.family_name, m.birth_date, m.matricule,
           site.name, m.service, m.status, m.phones, m.last_seen_on, m.last_contact_on,
           EXISTS (SELECT 1 FROM member other WHERE other.sort_key = m.sort_key
                   AND other.id <> m.id AND {of("other", LISTED)})
    FROM json_each(?) wanted CROSS JOIN member m ON m.id = wanted.value
    LEFT JOIN site ON site.id = m.site_id
    WHERE {of("m", LISTED)}
"""  # noqa: S608 - made of our own words only

_NEXT_STEPS = f"""
    SELECT member_id, next_due, CASE WHEN is_sensitive THEN '' ELSE next_what END
    FROM request
    WHERE member_id IN (SELECT value FROM json_each(?)) AND status IN ({_OPEN})
      AND next_what <> '' AND removed_at IS NULL
"""  # noqa: S608 - made of our own words only


def find_ids(
    session: Session,
    words: str = "",
    which: MemberFilter = MemberFilter.ALL,
    site_id: SiteId | None = None,
    *,
    today: date,
) -> "array[int]":
    """Ids of the members found by words, or of all, that pass the filter: in list order.

    Words are looked for in names, matricule, number and phones; see `store.search`.
    """
    condition, values = _condition(which, site_id, today)
    if words.strip():
        found = search.find_all(raw(session), words)
        if not condition:
            return array("q", found)
        passing = set(
            fetch_ids(
                session,
                f"SELECT id FROM member WHERE id IN (SELECT value FROM json_each(?)){condition}",  # noqa: S608
                id_list(found),
                *values,
            )
        )
        return array("q", (id_ for id_ in found if id_ in passing))
    return fetch_ids(
        session,
        f"SELECT id FROM member WHERE {LISTED}{condition} ORDER BY sort_key, id",  # noqa: S608
        *values,
    )


def _condition(
    which: MemberFilter, site_id: SiteId | None, today: date
) -> tuple[str, tuple[object, ...]]:
    condition = ""
    values: tuple[object, ...] = ()
    match which:
        case MemberFilter.WITHOUT_NEWS:
            condition = (
                f" AND NOT {_GONE} AND preferred_channel <> '{Channel.NONE}'"
                " AND (last_contact_on IS NULL OR last_contact_on < ?)"
            )
            values = ((today - WITHOUT_NEWS).isoformat(),)
        case MemberFilter.INCOMPLETE:
            condition = (
                f" AND NOT {_GONE} AND (birth_date IS NULL OR first_name = ''"
                " OR (phones = '[]' AND mails = '[]' AND town = ''))"
            )
        case MemberFilter.GONE:
            condition = f" AND ({_GONE} OR left_on < ?)"
            values = (today.isoformat(),)
        case MemberFilter.ALL:
            pass
    if site_id is not None:
        condition += " AND site_id = ?"
        values = (*values, site_id)
    return condition, values


def are_there(session: Session) -> bool:
    """Whether anybody is on this desk, also those who left."""
    return bool(fetch(session, "SELECT 1 FROM member WHERE removed_at IS NULL LIMIT 1"))


def rows(session: Session, ids: Sequence[int]) -> list[MemberRow]:
    """The members with these ids, in this order; those that are gone are skipped.

    next_step is the first due of the open requests; of a sensitive request only the date is given.
    """
    wanted = id_list(ids)
    next_steps: dict[int, tuple[str, str]] = {}
    for member_id, due, what in fetch(session, _NEXT_STEPS, wanted):
        earliest = next_steps.get(member_id)
        if earliest is None or (due or "9") < earliest[0]:
            next_steps[member_id] = (due or "9", what)
    return [_row(found, next_steps) for found in in_order(fetch(session, _WINDOW, wanted), ids)]


def _row(found: tuple[Any, ...], next_steps: dict[int, tuple[str, str]]) -> MemberRow:
    due, what = next_steps.get(found[0], ("9", ""))
    return MemberRow(
        id=found[0],
        civility=Civility.read(found[1]),
        first_name=found[2],
        usage_name=found[3],
        family_name=found[4],
        birth_date=as_date(found[5]),
        matricule=found[6],
        site=found[7] or "",
        service=found[8],
        status=MemberStatus.read(found[9]),
        phone=usable_phone(found[10]),
        last_seen_on=as_date(found[11]),
        last_contact_on=as_date(found[12]),
        next_step=what,
        next_due=None if due == "9" else date.fromisoformat(due),
        has_homonym=bool(found[13]),
    )


def site_of(session: Session, member_id: MemberId) -> SiteId | None:
    """Where the member works; None where that is not known, or the member is gone."""
    found = fetch(session, "SELECT site_id FROM member WHERE id = ?", member_id)
    return next((SiteId(site) for (site,) in found if site), None)


def usable_phone(stored: str) -> str:
    """The first number of a stored list that may be used, as E.164; nothing if there is none."""
    if stored == "[]":
        return ""
    return next((p.number for p in _phones.decode(stored) if not p.do_not_use), "")


def card(session: Session, member_id: MemberId, today: date) -> MemberCard:
    """Everything the card shows; also for a removed member. Raises NoSuchRecord."""
    del today  # the household shows everyone: who left it stands with the date
    member = session.get(Member, member_id)
    if member is None:
        raise NoSuchRecord(kind="member", id=member_id)
    site = fetch(session, "SELECT name FROM site WHERE id = ?", member.site_id)
    seen = latest(session, member_id, in_person=True)
    contact = latest(session, member_id, in_person=False)
    return MemberCard(
        id=member_id,
        uid=session.get_one(Record, member_id).uid.hex(),
        draft=_draft(member),
        site=site[0][0] if site else "",
        last_seen_on=seen.at.date() if seen else None,
        last_seen_how=seen.way.value if seen else "",
        last_seen_site=seen.site if seen else "",
        last_contact_on=contact.at.date() if contact else None,
        last_contact_how=contact.way.value if contact else "",
        last_contact_site=contact.site if contact else "",
        household=households.of_member(session, member_id),
        open_disagreements=open_disagreements(session, Kind.MEMBER, member_id),
        is_removed=member.removed_at is not None,
    )


def drafts(session: Session, ids: Collection[MemberId]) -> dict[MemberId, MemberDraft]:
    """What is written of these members, also of removed ones."""
    found = session.scalars(select(Member).where(Member.id.in_(ids)))
    return {MemberId(member.id): _draft(member) for member in found}


def create(session: Session, draft: MemberDraft) -> MemberId:
    """A new member. Problems of the draft are for the form to show; nothing is refused here."""
    member = history.create(session, Member, **columns(draft))
    return MemberId(member.id)


def save(session: Session, opened: MemberCard, draft: MemberDraft) -> None:
    """Write what draft changed since the card was opened.

    Raises EditConflict if someone else changed one of these fields since, NoSuchRecord.
    """
    member = existing(session, Member, opened.id)
    write_edit(member, columns(opened.draft), columns(draft))


def remove(session: Session, member_id: MemberId) -> None:
    """Take the member and all that belongs to them from every list; undo brings all of it back.

    Raises NoSuchRecord.
    """
    existing(session, Member, member_id)
    for record in session.scalars(select(Record).where(Record.root == member_id)).all():
        owned = session.get(SYNCED[Kind(record.kind)], record.id)
        if owned is not None and owned.removed_at is None:
            history.remove(session, owned)


def similar(session: Session, draft: MemberDraft, limit: int = 5) -> list[MemberRow]:
    """Members who may be the person in draft, the likeliest first: to be chosen instead.

    First who shares a number, then name and birth date, then a name or a phone.
    """
    connection = raw(session)
    name = names.filed_name(draft.usage_name, draft.family_name)
    asked = [draft.matricule, draft.beneficiary_number, *(phone.number for phone in draft.phones)]
    asked += [f"{last} {draft.first_name}" for last in {name: 0, draft.family_name: 0} if last]
    found: dict[int, None] = {}
    for words in filter(str.strip, asked):
        found.update(dict.fromkeys(search.find(connection, words, limit=10)))
    likely = rows(session, list(found))
    return sorted(likely, key=lambda row: _likeness(row, draft))[:limit]


def _likeness(row: MemberRow, draft: MemberDraft) -> tuple[bool, bool]:
    return (
        not (draft.matricule and row.matricule == draft.matricule),
        not (draft.birth_date and row.birth_date == draft.birth_date),
    )


def columns(draft: MemberDraft) -> dict[str, Any]:
    """The stored columns of a draft."""
    stored = {name: getattr(draft, name) for name in _SAME}
    return stored | {
        "civility": draft.civility.value,
        "status": draft.status.value,
        "preferred_channel": draft.preferred_channel.value,
        "phones": [
            {"number": phone.number, "label": phone.label, "do_not_use": phone.do_not_use}
            for phone in draft.phones
        ],
        "mails": [
            {"address": mail.address, "label": mail.label, "do_not_use": mail.do_not_use}
            for mail in draft.mails
        ],
        "address_lines": list(draft.address.lines),
        "postcode": draft.address.postcode,
        "town": draft.address.town,
        "country": draft.address.country,
    }


def _draft(member: Member) -> MemberDraft:
    same = {name: getattr(member, name) for name in _SAME}
    return MemberDraft(
        civility=Civility.read(member.civility),
        status=MemberStatus.read(member.status),
        preferred_channel=Channel.read(member.preferred_channel),
        phones=tuple(decoding.convert(member.phones, list[Phone])),
        mails=tuple(decoding.convert(member.mails, list[Mail])),
        address=PostalAddress(
            lines=tuple(member.address_lines),
            postcode=member.postcode,
            town=member.town,
            country=member.country,
        ),
        **same,
    )
