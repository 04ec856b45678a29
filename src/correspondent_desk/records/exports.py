"""Whole lists for other programs, streamed from the store in their usual order.

What is sensitive stays on the desk: of a confidential request neither the subject nor what was
written about it leaves in a list.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from sqlalchemy.orm import Session

from correspondent_desk.domain.decisions import number_of
from correspondent_desk.records.windows import raw
from correspondent_desk.store.search import LISTED
from correspondent_desk.store.tables import LACKING, of


class Exported(StrEnum):
    """The lists that can be written to a file; the values are words of the command line."""

    MEMBERS = "members"
    REQUESTS = "requests"
    MEETINGS = "meetings"
    CONTACTS = "contacts"


_LISTED = of("m", LISTED)
_PERSON = "m.civility, m.family_name, m.usage_name, m.first_name, m.matricule"

_SUBJECT = "coalesce(nullif(r.subject, ''), r.benefit) AS subject"  # as lists on the screen say it

_SQL: Mapping[Exported, str] = {
    Exported.MEMBERS: f"""
        SELECT {_PERSON}, m.birth_date, m.beneficiary_number, m.phones, m.mails, m.address_lines,
               m.postcode, m.town, m.country, m.service, site.name AS site, m.status, m.entered_on,
               m.left_on, m.employer, m.preferred_channel, m.no_letter_home, m.access_needs,
               m.last_seen_on, m.last_contact_on, m.note
        FROM member m LEFT JOIN site ON site.id = m.site_id
        WHERE {_LISTED} ORDER BY m.sort_key, m.id
    """,  # noqa: S608 - made of our own words only
    Exported.REQUESTS: f"""
        SELECT {_PERSON}, (SELECT uid FROM record WHERE record.id = r.id) AS number, r.type,
               r.is_sensitive, {_SUBJECT}, r.benefit, r.status, r.opened_on,
               r.event_on, r.last_useful_on, r.next_what, r.next_who, r.next_due,
               r.amount_asked, r.amount_granted, r.situation,
               (SELECT count(*) FROM document d WHERE d.request_id = r.id
                AND d.removed_at IS NULL AND d.{LACKING}) AS missing
        FROM request r LEFT JOIN member m ON m.id = r.member_id
        WHERE r.removed_at IS NULL ORDER BY r.opened_on, r.id
    """,  # noqa: S608 - made of our own words only
    Exported.MEETINGS: f"""
        SELECT {_PERSON}, t.starts_at, t.minutes, t.mode, site.name AS site, t.room, t.reason,
               t.status, r.is_sensitive, t.bring, t.outcome, t.person
        FROM meeting t LEFT JOIN member m ON m.id = t.member_id
        LEFT JOIN site ON site.id = t.site_id LEFT JOIN request r ON r.id = t.request_id
        WHERE t.removed_at IS NULL ORDER BY t.starts_at, t.id
    """,  # noqa: S608 - made of our own words only
    Exported.CONTACTS: f"""
        SELECT {_PERSON}, c.at, c.way, c.direction, c.reached, r.is_sensitive, {_SUBJECT}, c.note,
               c.person
        FROM contact c LEFT JOIN member m ON m.id = c.member_id
        LEFT JOIN request r ON r.id = c.request_id
        WHERE c.removed_at IS NULL ORDER BY c.at, c.id
    """,  # noqa: S608 - made of our own words only
}  # fmt: skip

_KEPT_BACK = ("subject", "benefit", "situation", "next_what", "bring", "outcome", "note", "reason")
"""Columns that say what a confidential request is about."""

Values = dict[str, Any]


def rows(session: Session, what: Exported) -> Iterator[Values]:
    """Every line of a list by column: texts, codes of enums, dates, amounts, lists of phones.

    A record without a member (one that came before its member did) has no names.
    """
    cursor = raw(session).execute(_SQL[what])
    names = [column[0] for column in cursor.description]
    readers = [_READERS.get(name) for name in names]
    for row in cursor:
        values = {
            name: value if read is None or value is None else read(value)
            for name, read, value in zip(names, readers, row, strict=True)
        }
        if values.get("is_sensitive"):
            values |= dict.fromkeys(values.keys() & set(_KEPT_BACK), "")
        yield values


_READERS: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(
        (
            "birth_date", "entered_on", "left_on", "last_seen_on", "last_contact_on", "opened_on",
            "event_on", "last_useful_on", "next_due",
        ),
        date.fromisoformat,
    ),
    **dict.fromkeys(("starts_at", "at"), datetime.fromisoformat),
    **dict.fromkeys(("phones", "mails", "address_lines"), json.loads),
    **dict.fromkeys(("is_sensitive", "no_letter_home", "reached"), bool),
    **dict.fromkeys(("amount_asked", "amount_granted"), Decimal),
    "number": number_of,
}  # fmt: skip
