"""Finding people and requests at once, as the search field shows them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from sqlalchemy.orm import Session

from correspondent_desk.domain.decisions import ends_of, plain_number
from correspondent_desk.domain.fields import Kind
from correspondent_desk.domain.members import MemberId, MemberRow
from correspondent_desk.domain.requests import RequestFilter, RequestId, RequestRow
from correspondent_desk.records import members, requests
from correspondent_desk.records.trouble import AmbiguousNumber, NoSuchRecord, SeveralRecords
from correspondent_desk.records.windows import fetch

PEOPLE = 8
REQUESTS = 4
BY_ID = "id:"

# Matricules of some offices are short numbers too; ?4: the number here, said to be one. Of a matricule
# a spreadsheet may have lost the first zeros, or a pay slip has more of them.
_CALLED = """
    SELECT m.id, m.matricule = ?3, CAST(m.id AS TEXT) IN (?1, ?4) OR lower(hex(r.uid)) = ?2 AS is_id
    FROM member m JOIN record r ON r.id = m.id
    WHERE is_id
       OR (ltrim(m.matricule, '0') = ltrim(?3, '0') AND ltrim(?3, '0') <> ''
           AND m.removed_at IS NULL AND m.merged_into_id IS NULL)
    ORDER BY CAST(m.id AS TEXT) = ?1 DESC, m.id
"""
_NUMBERED = "SELECT id FROM record WHERE kind = ? AND substr(uid, -7) IN (?, ?)"


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
    """The member with this number here (id:12 means no other), id of 32 signs, or matricule.

    A matricule may have more or fewer zeros before it, unless somebody has it as it stands.
    Raises NoSuchRecord; SeveralRecords where members share the matricule, AmbiguousNumber where
    one has it and another is the number here.
    """
    said = text.removeprefix(BY_ID) if text.startswith(BY_ID) else ""
    rows = fetch(session, _CALLED, text, text.lower(), text, said)
    as_it_stands = any(is_matricule for _, is_matricule, _ in rows)
    found = [id_ for id_, is_matricule, is_id in rows if is_id or is_matricule or not as_it_stands]
    if not found:
        raise NoSuchRecord(kind="member", id=text)
    if len(found) > 1:
        people = tuple(members.rows(session, found))
        if str(found[0]) == text:
            raise AmbiguousNumber(number=text, people=people)
        raise SeveralRecords(matricule=text, people=people)
    return MemberId(found[0])


def request_called(session: Session, text: str) -> RequestId:
    """The request with this number, as its card and exported lists say it. Raises NoSuchRecord."""
    number = plain_number(text)
    if number is not None:
        found = fetch(session, _NUMBERED, Kind.REQUEST, *ends_of(number))
        if found:
            return RequestId(found[0][0])
    raise NoSuchRecord(kind="request", id=text)
