"""What a member's row repeats from elsewhere, kept by the store so that no feature can forget it.

Names and numbers as lists and search need them, the day the member was last seen in person and the
day of the last contact. These columns are not exchanged: each desk works them out for itself, after
every action, undo included. Bulk work gives them itself; who applies bundles calls `refresh`.
"""

from collections.abc import Iterable
from functools import cache
from itertools import islice
from typing import Any

from correspondent_desk import decoding
from correspondent_desk.domain import names
from correspondent_desk.domain.fields import Kind, field
from correspondent_desk.store import values
from correspondent_desk.store.identity import raw
from correspondent_desk.store.session import Session

_CHUNK = 1_000
_phones = decoding.json(list[dict[str, Any]]).decode
_NAMED_BY = tuple(
    field(Kind.MEMBER, name).id
    for name in (
        "family_name", "usage_name", "first_name", "matricule", "beneficiary_number", "phones",
        "sort_name",
    )
)  # fmt: skip


class _Sql:
    """How last days are told. Made when it is first asked for: contacts and meetings load slowly."""

    def __init__(self) -> None:
        from correspondent_desk.domain.contacts import Way
        from correspondent_desk.domain.meetings import MeetingStatus, Mode

        self._seen = f"status='{MeetingStatus.SEEN}'"
        ways = ", ".join(f"'{way}'" for way in Way if way.is_in_person)
        modes = ", ".join(f"'{mode}'" for mode in Mode if mode.is_in_person)
        in_person = self._last_day(f"AND way IN ({ways})", f"AND mode IN ({modes})")
        self.days = f"""
            UPDATE member SET last_contact_on={self._last_day("", "")}, last_seen_on={in_person}
            WHERE id IN (SELECT value FROM json_each(?))
        """  # noqa: S608 - our own words
        # The same of rows that were just added: what was known before can only be surpassed.
        self.added = f"""
            SELECT member_id, max(contacted), max(seen) FROM (
                SELECT member_id, substr(at, 1, 10) contacted,
                       CASE WHEN way IN ({ways}) THEN substr(at, 1, 10) END seen
                FROM contact
                WHERE id IN (SELECT value FROM json_each(?1)) AND removed_at IS NULL AND reached
                UNION ALL
                SELECT member_id, substr(starts_at, 1, 10),
                       CASE WHEN mode IN ({modes}) THEN substr(starts_at, 1, 10) END
                FROM meeting
                WHERE id IN (SELECT value FROM json_each(?1)) AND removed_at IS NULL AND {self._seen}
            ) WHERE member_id IS NOT NULL GROUP BY member_id ORDER BY member_id
        """  # noqa: S608 - our own words

    def _last_day(self, way: str, mode: str) -> str:
        # An unanswered call is an attempt and does not count, nor does a meeting without outcome.
        return f"""(SELECT max(day) FROM (
            SELECT max(substr(at, 1, 10)) day FROM contact
            WHERE member_id=member.id AND removed_at IS NULL AND reached {way}
            UNION ALL SELECT max(substr(starts_at, 1, 10)) FROM meeting
            WHERE member_id=member.id AND removed_at IS NULL AND {self._seen} {mode}))"""  # noqa: S608 - our own words


@cache
def _sql() -> _Sql:
    return _Sql()


_RAISE = """
    UPDATE member SET last_contact_on=nullif(max(coalesce(last_contact_on, ''), coalesce(?2, '')), ''),
        last_seen_on=nullif(max(coalesce(last_seen_on, ''), coalesce(?3, '')), '')
    WHERE id=?1 AND (coalesce(last_contact_on, '')<?2 OR coalesce(last_seen_on, '')<?3)
"""
_MET = "SELECT DISTINCT member_id FROM {} WHERE member_id IS NOT NULL AND id IN (SELECT value FROM json_each(?))"
_NAMES = """
    SELECT id, usage_name, family_name, first_name, sort_name, matricule, beneficiary_number, phones,
           sort_key, search_doc, phone_doc
    FROM member WHERE id IN (SELECT value FROM json_each(?))
"""


def after(
    session: Session, fields: dict[Kind, dict[int, set[int]]], met_before: Iterable[int]
) -> None:
    """Refresh what an action touched: fields has the ids of written records by kind and field.

    met_before: members whose contacts or meetings were given to someone else.
    """
    written = fields.get(Kind.MEMBER, {})
    refresh_names(session, set().union(*(written.get(number, ()) for number in _NAMED_BY)))
    met = set(met_before)
    for kind, table in ((Kind.CONTACT, "contact"), (Kind.MEETING, "meeting")):
        ids = set().union(*fields.get(kind, {}).values())
        if ids:
            found = raw(session).execute(_MET.format(table), (values.to_json(list(ids)),))
            met.update(row[0] for row in found)
    refresh_days(session, met)


def refresh(session: Session, member_ids: Iterable[int]) -> None:
    """Work out again everything these members' rows repeat."""
    ids = list(member_ids)
    refresh_names(session, ids)
    refresh_days(session, ids)


def refresh_days(session: Session, member_ids: Iterable[int]) -> None:
    """When these members were last seen in person and last reached."""
    remaining = iter(member_ids)
    while chunk := list(islice(remaining, _CHUNK)):
        raw(session).execute(_sql().days, (values.to_json(chunk),))


def raise_days(session: Session, added: Iterable[int]) -> None:
    """When members were last seen and last reached, now that these contacts and meetings are new."""
    ids = list(added)
    if not ids:
        return
    connection = raw(session)
    found = connection.execute(_sql().added, (values.to_json(ids),)).fetchall()
    connection.executemany(_RAISE, found)


def refresh_names(session: Session, member_ids: Iterable[int]) -> None:
    """Where these members stand in lists, and by which words and numbers they are found."""
    remaining = iter(member_ids)
    connection = raw(session)
    while chunk := list(islice(remaining, _CHUNK)):
        changed = []
        for id_, *told, sort_key, search_doc, phone_doc in connection.execute(
            _NAMES, (values.to_json(chunk),)
        ):
            now = documents(*told)
            if now != (sort_key, search_doc, phone_doc):
                changed.append((*now, id_))
        connection.executemany(
            "UPDATE member SET sort_key=?, search_doc=?, phone_doc=? WHERE id=?", changed
        )


def documents(
    usage: str, family: str, first: str, sort_name: str, matricule: str, number: str, phones: str
) -> tuple[str, str, str]:
    """sort_key, search_doc and phone_doc, given columns as they are stored."""
    return (
        names.sort_key(usage, family, first, sort_name),
        names.search_document(
            first_name=first,
            usage_name=usage,
            family_name=family,
            matricule=matricule,
            beneficiary_number=number,
        ),
        phone_document(phones),
    )


def phone_document(phones: str) -> str:
    """phone_doc, given the column as it is stored."""
    return names.phone_terms(phone["number"] for phone in _phones(phones))
