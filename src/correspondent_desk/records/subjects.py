"""What a record is called, also one that was removed: for histories and the names of steps."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from correspondent_desk.domain.fields import Kind
from correspondent_desk.domain.members import Civility
from correspondent_desk.domain.requests import DocumentDraft
from correspondent_desk.records.windows import fetch, id_list

_KINDS = {kind.value: kind for kind in Kind}

_MEMBER = "SELECT civility, first_name, usage_name, family_name, '', 0 FROM member WHERE id = ?"
_OWNED = """
    SELECT m.civility, m.first_name, m.usage_name, m.family_name, '', 0
    FROM record r JOIN member m ON m.id = r.root WHERE r.id = ?
"""
_QUERIES = {
    Kind.OFFICE: "SELECT '', '', '', '', name, 0 FROM office WHERE id = ?",
    Kind.SITE: "SELECT '', '', '', '', name, 0 FROM site WHERE id = ?",
    Kind.MEMBER: _MEMBER,
    Kind.REQUEST: """
        SELECT m.civility, m.first_name, m.usage_name, m.family_name,
               coalesce(nullif(r.subject, ''), r.benefit), r.is_sensitive
        FROM request r LEFT JOIN member m ON m.id = r.member_id WHERE r.id = ?
    """,
    Kind.ABSENCE: "SELECT '', '', '', '', coalesce(nullif(person, ''), label), 0 FROM absence WHERE id = ?",
    Kind.SESSION: "SELECT '', '', '', '', label, 0 FROM session WHERE id = ?",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """A record by its names: of the member it is or belongs to, and its own title.

    title: of a site, a session…; the subject of a request, or its benefit's code.
    """

    kind: Kind
    civility: Civility
    first_name: str
    usage_name: str
    family_name: str
    title: str
    is_sensitive: bool

    @property
    def is_someone(self) -> bool:
        """Whether a member is named."""
        return bool(self.first_name or self.usage_name or self.family_name)


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """When a contact or a meeting takes place, and how: the value of a Way or a Mode."""

    id: int
    at: datetime
    how: str


def occasions_of(session: Session, ids: Iterable[int]) -> list[Occasion]:
    """Of those of these records that are contacts or meetings, also removed ones."""
    wanted = id_list(list(ids))
    found = fetch(
        session,
        "SELECT id, at, way FROM contact WHERE id IN (SELECT value FROM json_each(?))"
        " UNION ALL SELECT id, starts_at, mode FROM meeting"
        " WHERE id IN (SELECT value FROM json_each(?))",
        wanted,
        wanted,
    )
    return [
        Occasion(id=id_, at=datetime.fromisoformat(at), how=how) for id_, at, how in found if at
    ]


def documents_of(session: Session, ids: Iterable[int]) -> dict[int, DocumentDraft]:
    """Of those of these records that are documents, also removed ones, what names them."""
    sql = "SELECT id, code, label FROM document WHERE id IN (SELECT value FROM json_each(?))"
    found = fetch(session, sql, id_list(ids))
    return {id_: DocumentDraft(code=code, label=label) for id_, code, label in found}


def relatives_of(session: Session, ids: Iterable[int]) -> dict[int, str]:
    """Of those of these records that are persons of a household, the first name."""
    sql = "SELECT id, first_name FROM dependant WHERE id IN (SELECT value FROM json_each(?))"
    return dict(fetch(session, sql, id_list(ids)))


def subject(session: Session, id_: int) -> Subject | None:
    """What the record with this id is called; None for one that has not arrived here."""
    found = fetch(session, "SELECT kind FROM record WHERE id = ?", id_)
    kind = _KINDS.get(found[0][0]) if found else None
    if kind is None:
        return None
    rows = fetch(session, _QUERIES.get(kind, _OWNED), id_)
    return _subject(kind, rows[0]) if rows else None


def _subject(kind: Kind, row: tuple[Any, ...]) -> Subject:
    civility, first, usage, family, title, sensitive = row
    return Subject(
        kind=kind,
        civility=Civility.read(civility or ""),
        first_name=first or "",
        usage_name=usage or "",
        family_name=family or "",
        title=title or "",
        is_sensitive=bool(sensitive),
    )
