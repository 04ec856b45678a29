"""Whose request each row of a list of decisions is about: its number says so, or nobody can tell."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import Connection, and_, select, text

from correspondent_desk.domain.decisions import number_of
from correspondent_desk.formats.decision_list import DecisionRow, LeftOut, RowFault
from correspondent_desk.hub import offices, tables
from correspondent_desk.hub.database import Hub, scope
from correspondent_desk.hub.offices import OfficeRow

_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request stands: its office, its id and whose it is."""

    office: OfficeRow
    record: bytes
    root: bytes


def find(
    hub: Hub, rows: Sequence[DecisionRow], others: Iterable[str]
) -> tuple[dict[str, Place], list[LeftOut], dict[str, str]]:
    """The request of each row by its number, and the rows whose request cannot be told.

    others: numbers of rows that could not be read; the last that is given is the office of each.
    """
    with hub.transaction() as connection:
        every = offices.all_offices(connection)
        named = {row.office for row in rows if row.office}
        known = {name: offices.meant(connection, name) for name in named}
        wanted: defaultdict[int, set[str]] = defaultdict(set)
        for row in rows:
            for one in known[row.office] if row.office else every:
                wanted[one.id].add(row.number)
        for one in every if others else ():
            wanted[one.id].update(others)
        found: defaultdict[str, list[Place]] = defaultdict(list)
        for office in every:
            for place in _requests(connection, office, wanted.get(office.id, ())):
                found[number_of(place.record)].append(place)
    places: dict[str, Place] = {}
    faults: list[LeftOut] = []
    for row in rows:
        fault = _fault(row, known, found[row.number])
        if fault is None:
            places[row.number] = found[row.number][0]
        else:
            text = row.office if fault is RowFault.UNKNOWN_OFFICE else row.number
            faults.append(LeftOut(row=row.row, fault=fault, number=row.number, text=text))
    owners = {number: one[0].office.name for number, one in found.items() if len(one) == 1}
    return places, faults, owners


def _fault(
    row: DecisionRow, known: Mapping[str, Sequence[OfficeRow]], found: Sequence[Place]
) -> RowFault | None:
    if row.office and not known[row.office]:
        return RowFault.UNKNOWN_OFFICE
    if not found:
        return RowFault.UNKNOWN_REQUEST
    return RowFault.IN_TWO_OFFICES if len(found) > 1 else None


def _requests(connection: Connection, office: OfficeRow, numbers: Iterable[str]) -> list[Place]:
    """The requests of an office with these numbers, read from its log."""
    wanted = set(numbers)
    if not wanted:
        return []
    scope(connection, office.id)
    op = tables.op.c
    # The index op_request alone tells the ids, if the statement names its condition as it stands.
    of_office = and_(op.office == office.id, text("kind = 5"))
    every = connection.scalars(select(op.record).where(of_office).distinct())
    ids = [record for record in every if number_of(record) in wanted]
    found: dict[bytes, bytes] = {}
    for at in range(0, len(ids), _AT_ONCE):
        some = op.record.in_(ids[at : at + _AT_ONCE])
        rows = connection.execute(select(op.record, op.root).where(of_office, some).distinct())
        found.update((row.record, row.root) for row in rows)
    return [Place(office, record, root) for record, root in found.items()]
