"""Answering a search from a fresh process: no SQLAlchemy, a quarter of a second, 80 MB."""

import json
from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import date
from typing import Self

from correspondent_desk.store import connection as driver
from correspondent_desk.store import looking, search
from correspondent_desk.store.damage import naming_copies
from correspondent_desk.store.vault import DataKey, DeskFolder

_LINES = """
    SELECT m.id, m.civility, m.first_name, m.usage_name, m.family_name, m.birth_date, m.matricule,
           coalesce(s.name, ''), m.service, m.status, m.phones, m.last_seen_on, m.last_contact_on
    FROM json_each(?) wanted JOIN member m ON m.id=wanted.value LEFT JOIN site s ON s.id=m.site_id
    ORDER BY wanted.key
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundMember:
    """What a line of search results shows. phone: the first that may be used, as E.164."""

    id: int
    civility: str
    first_name: str
    usage_name: str
    family_name: str
    birth_date: date | None
    matricule: str
    site: str
    service: str
    status: str
    phone: str
    last_seen_on: date | None
    last_contact_on: date | None


class ColdSearch(AbstractContextManager["ColdSearch"]):
    """An unlocked desk that can only be searched."""

    def __init__(self, folder: DeskFolder, key: DataKey) -> None:
        """Raises as looking.connect."""
        self._folder = folder
        self._connection = looking.connect(folder, key)

    def find(self, words: str, limit: int = 50) -> list[FoundMember]:
        """At most limit members, best first. Raises StoreDamaged, StoreBusy."""
        with naming_copies(self._folder), driver.refusing(self._folder.store):
            ids = search.find(self._connection, words, limit)
            found = self._connection.execute(_LINES, (search.id_list(ids),)).fetchall()
        return [_line(row) for row in found]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_raised: object) -> None:
        self._connection.close()


def _line(row: Sequence[object]) -> FoundMember:
    (id_, civility, first, usage, family, born, matricule, site, service, status, *rest) = row
    phones, seen, contact = rest
    return FoundMember(
        id=int(str(id_)),
        civility=str(civility),
        first_name=str(first),
        usage_name=str(usage),
        family_name=str(family),
        birth_date=_day(born),
        matricule=str(matricule),
        site=str(site),
        service=str(service),
        status=str(status),
        phone=_usable(str(phones)),
        last_seen_on=_day(seen),
        last_contact_on=_day(contact),
    )


def _day(text: object) -> date | None:
    return date.fromisoformat(str(text)) if text else None


def _usable(phones: str) -> str:
    usable = (phone["number"] for phone in json.loads(phones) if not phone.get("do_not_use"))
    return str(next(usable, ""))
