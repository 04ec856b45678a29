"""Finding people and requests at once, as the search field shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from correspondent_desk.domain.members import MemberId, MemberRow
from correspondent_desk.domain.requests import RequestFilter, RequestRow
from correspondent_desk.records import members, requests
from correspondent_desk.records.trouble import NoSuchRecord, SeveralRecords
from correspondent_desk.records.windows import fetch

PEOPLE = 8
REQUESTS = 4

# The number here first: matricules of some offices are short numbers too.
_CALLED = """
    SELECT m.id FROM member m JOIN record r ON r.id = m.id
    WHERE CAST(m.id AS TEXT) = ?1 OR lower(hex(r.uid)) = ?2
       OR (m.matricule = ?3 AND m.matricule <> ''
           AND m.removed_at IS NULL AND m.merged_into_id IS NULL)
    ORDER BY CAST(m.id AS TEXT) = ?1 DESC, m.id
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Findings:
    """People first: a search is nearly always for one of them."""

    people: Sequence[MemberRow]
    requests: Sequence[RequestRow]


def find(session: Session, words: str, today: date) -> Findings:
    """The first few of each whom words find; of the requests, open ones before the others."""
    people = members.find_ids(session, words, today=today)[:PEOPLE]
    found = requests.find_ids(session, words, RequestFilter.OPEN, today=today)[:REQUESTS]
    if len(found) < REQUESTS:
        closed = requests.find_ids(session, words, RequestFilter.CLOSED, today=today)
        found += closed[: REQUESTS - len(found)]
    return Findings(people=members.rows(session, people), requests=requests.rows(session, found))


def member_called(session: Session, text: str) -> MemberId:
    """The member with this number here, this id of 32 signs, or this matricule.

    Raises NoSuchRecord; SeveralRecords where members share the matricule.
    """
    found = [id_ for (id_,) in fetch(session, _CALLED, text, text.lower(), text)]
    if not found:
        raise NoSuchRecord(kind="member", id=text)
    if len(found) > 1 and str(found[0]) != text:
        raise SeveralRecords(matricule=text, people=tuple(members.rows(session, found)))
    return MemberId(found[0])
