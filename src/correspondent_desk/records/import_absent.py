"""Who of the desk a staff list does not name: probably gone, which no list says by itself."""

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from correspondent_desk.domain.members import Civility
from correspondent_desk.records.windows import as_date, fetch, fetch_ids, id_list, in_order
from correspondent_desk.store.search import LISTED
from correspondent_desk.store.session import Session

_PIECE = 2_000

_ABSENT = f"""
    SELECT id FROM member WHERE {LISTED} AND status NOT IN ('left', 'deceased')
    AND id NOT IN (SELECT value FROM json_each(?)) ORDER BY sort_key, id
"""  # noqa: S608 - our own words
_ROWS = """
    SELECT m.id, m.civility, m.first_name, m.usage_name, m.family_name, m.birth_date, m.matricule,
           coalesce(s.name, '')
    FROM member m LEFT JOIN site s ON s.id=m.site_id WHERE m.id IN (SELECT value FROM json_each(?))
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Absentee:
    """A member who is not in a list, with what tells them from a namesake."""

    id: int
    civility: Civility
    first_name: str
    usage_name: str
    family_name: str
    birth_date: date | None
    matricule: str
    site: str


def ids(session: Session, named: Sequence[int]) -> "array[int]":
    """Those still here who are not among named, in the order of lists."""
    return fetch_ids(session, _ABSENT, id_list(set(named)))


def rows(session: Session, wanted: Sequence[int]) -> Iterator[Absentee]:
    """Those with these ids, in this order."""
    for first in range(0, len(wanted), _PIECE):
        piece = wanted[first : first + _PIECE]
        for found in in_order(fetch(session, _ROWS, id_list(piece)), piece):
            id_, civility, first_name, usage, family, born, matricule, site = found
            yield Absentee(
                id=id_,
                civility=Civility.read(civility),
                first_name=first_name,
                usage_name=usage,
                family_name=family,
                birth_date=as_date(born),
                matricule=matricule,
                site=site,
            )
