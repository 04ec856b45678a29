"""Whose histories are told together, those of removed records among them."""

from sqlalchemy.orm import Session

from correspondent_desk.domain.fields import Kind
from correspondent_desk.domain.members import MemberId
from correspondent_desk.domain.requests import RequestId
from correspondent_desk.records.windows import fetch, id_list

_ON_A_CARD = (Kind.MEMBER, Kind.DEPENDANT, Kind.CONTACT, Kind.MEETING)
_OF_MEMBER = """
    SELECT id FROM record WHERE root = ?1 AND kind IN (SELECT value FROM json_each(?2))
    UNION ALL
    SELECT a.id FROM record r JOIN answer a ON a.id = r.id WHERE r.root = ?1
"""
_OF_REQUEST = """
    SELECT ?1
    UNION ALL SELECT id FROM document WHERE request_id = ?1
    UNION ALL SELECT id FROM decision WHERE request_id = ?1
    UNION ALL SELECT id FROM answer WHERE about_id = ?1
"""
_OF_OFFICE = """
    SELECT id FROM office
    UNION ALL SELECT id FROM site
    UNION ALL SELECT id FROM absence
    UNION ALL SELECT id FROM session
    UNION ALL SELECT id FROM meeting WHERE member_id IS NULL
"""


def of_member(session: Session, member_id: MemberId) -> list[int]:
    """The card, the household, contacts, meetings, and what was answered on Today.

    A request has a history of its own.
    """
    return _ids(session, _OF_MEMBER, member_id, id_list(_ON_A_CARD))


def of_request(session: Session, request_id: RequestId) -> list[int]:
    """The request, its documents, the committee's decisions, and what was answered on Today."""
    return _ids(session, _OF_REQUEST, request_id)


def of_office(session: Session) -> list[int]:
    """What is nobody's: the office, its sites, absences, drop-in sessions, meetings of many."""
    return _ids(session, _OF_OFFICE)


def _ids(session: Session, sql: str, *values: object) -> list[int]:
    return [id_ for (id_,) in fetch(session, sql, *values)]
