"""The office this desk serves, and its sites."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from correspondent_desk.domain.meetings import SiteDraft, SiteRow
from correspondent_desk.domain.members import SiteId
from correspondent_desk.domain.text import folded, squashed
from correspondent_desk.records.saving import existing, write, write_edit
from correspondent_desk.store import bulk, history
from correspondent_desk.store.identity import OFFICE_UID
from correspondent_desk.store.tables import Meeting, Member, Office, Record, Site
from correspondent_desk.store.tables import Session as DropIn

_DEFAULT = SiteDraft()


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeRow:
    """The employer body. rhythm_months: how often to meet those who named no wish; None: never."""

    name: str
    code: str
    rhythm_months: int | None


def set_up(session: Session, name: str, code: str, sites: Sequence[SiteDraft], person: str) -> None:
    """First start: the office, its sites, and who works at this desk."""
    save_office(session, office(session), OfficeRow(name=name, code=code, rhythm_months=None))
    for draft in sites:
        add_site(session, draft)
    history.write_setting(session, "person", person)


class _Invited(msgspec.Struct):
    """What the committee calls the office that this desk was invited to: a part of sync.link.Link."""

    office_name: str = ""
    office_code: str = ""


def office(session: Session) -> OfficeRow:
    """The office, by the committee's name and code for it until a desk of it wrote a name.

    Not written from there by itself: two desks that did would have done it apart.
    """
    found = _office(session)
    if found is not None and found.name:
        return OfficeRow(name=found.name, code=found.code, rhythm_months=found.rhythm_months)
    said = history.read_setting(session, history.LINK, _Invited) or _Invited()
    return OfficeRow(
        name=said.office_name,
        code=said.office_code,
        rhythm_months=None if found is None else found.rhythm_months,
    )


def save_office(session: Session, opened: OfficeRow, draft: OfficeRow) -> None:
    """Write what was changed since it was opened.

    Every desk makes the office for itself, and all mean the same record. Raises EditConflict if
    somebody else changed the same since.
    """
    found = _office(session)
    if found is None:
        history.create(session, Office, uid=OFFICE_UID, **asdict(draft))
    elif found.name:
        write_edit(found, asdict(opened), asdict(draft))
    else:  # what was opened is what the committee calls it
        write(found, asdict(draft))


def set_person(session: Session, name: str) -> None:
    """Somebody else works at this desk from now on."""
    history.write_setting(session, "person", name)


def person(session: Session) -> str:
    """Who works at this desk, as said at first start; nothing before."""
    return history.person(session)


def sites(session: Session) -> list[SiteRow]:
    """The sites by name, as people order them: École before Mairie."""
    found = session.scalars(select(Site).where(Site.removed_at.is_(None)))
    rows = [SiteRow(id=SiteId(site.id), draft=as_draft(site)) for site in found]
    return sorted(rows, key=lambda row: (folded(row.draft.name), row.draft.name, row.id))


def sites_of_one_name(session: Session) -> list[tuple[SiteRow, ...]]:
    """Sites that are called alike, those of one name together, the oldest of them first.

    Two desks that were set up apart each made their sites; or each imported a list that names one.
    """
    found: dict[str, list[SiteRow]] = {}
    known = sites(session)
    made = select(Record.id, Record.uid).where(Record.id.in_([one.id for one in known]))
    place = {row.id: row.uid for row in session.execute(made)}
    for one in known:
        found.setdefault(squashed(one.draft.name), []).append(one)
    return [
        tuple(sorted(alike, key=lambda one: place[one.id]))
        for alike in found.values()
        if len(alike) > 1
    ]


def unite_sites(session: Session) -> int:
    """Make one of all sites of one name: the oldest; how many went into another.

    People and meetings move there; what the oldest does not say is taken from the others. Every
    desk would keep the same one, so that two that do this at the same time agree.
    """
    kept_for: dict[int | None, int] = {}
    for kept, *others in sites_of_one_name(session):
        draft = kept.draft
        for other in others:
            draft = _filled(draft, other.draft)
            kept_for[other.id] = kept.id
            history.remove(session, existing(session, Site, other.id))
        write(existing(session, Site, kept.id), columns(draft))
    for table in (Member, Meeting, DropIn):
        at_others = select(table.id, table.site_id).where(table.site_id.in_(kept_for))
        moved = [(id_, (kept_for[site],)) for id_, site in session.execute(at_others)]
        bulk.bulk_update(session, table.kind, ["site_id"], moved)
    return len(kept_for)


def _filled(draft: SiteDraft, other: SiteDraft) -> SiteDraft:
    """draft with what it leaves open filled from other; hours and days stay."""
    names = ("postcode", "town", "department", "room")
    told = {name: getattr(draft, name) or getattr(other, name) for name in names}
    lines = draft.address_lines or other.address_lines
    return replace(draft, address_lines=lines, **told)


def add_site(session: Session, draft: SiteDraft) -> SiteId:
    """A new site."""
    return SiteId(history.create(session, Site, **columns(draft)).id)


def save_site(session: Session, opened: SiteRow, draft: SiteDraft) -> None:
    """Write what was changed since it was opened.

    Raises NoSuchRecord, and EditConflict if somebody else changed the same since.
    """
    write_edit(existing(session, Site, opened.id), columns(opened.draft), columns(draft))


def remove_site(session: Session, site_id: SiteId) -> None:
    """Take a site from the choices; people and meetings keep naming it. Raises NoSuchRecord."""
    history.remove(session, existing(session, Site, site_id))


def _office(session: Session) -> Office | None:
    return history.find(session, Office, OFFICE_UID)


def columns(draft: SiteDraft) -> dict[str, Any]:
    """The stored columns of a draft."""
    return {
        "name": draft.name,
        "address_lines": list(draft.address_lines),
        "postcode": draft.postcode,
        "town": draft.town,
        "department": draft.department,
        "good_friday": draft.good_friday,
        "opens_at": draft.opens_at,
        "closes_at": draft.closes_at,
        "open_weekdays": list(draft.open_weekdays),
        "room": draft.room,
    }


def as_draft(site: Site) -> SiteDraft:
    """The site as a value."""
    return SiteDraft(
        name=site.name,
        address_lines=tuple(site.address_lines),
        postcode=site.postcode,
        town=site.town,
        department=site.department,
        good_friday=site.good_friday,
        opens_at=site.opens_at or _DEFAULT.opens_at,
        closes_at=site.closes_at or _DEFAULT.closes_at,
        open_weekdays=tuple(site.open_weekdays) or _DEFAULT.open_weekdays,
        room=site.room,
    )
