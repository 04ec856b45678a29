"""What becomes of each row of a staff list, kept packed until it is done."""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from collections.abc import Mapping as MappingOf
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from itertools import compress, islice
from types import GenericAlias
from typing import Any, TypeVar

import msgspec

from correspondent_desk import decoding
from correspondent_desk.domain.members import Civility
from correspondent_desk.domain.text import squashed
from correspondent_desk.formats.spreadsheet import Sheet
from correspondent_desk.formats.staff_headings import Mapping
from correspondent_desk.formats.staff_list import StaffRow
from correspondent_desk.records import import_rows
from correspondent_desk.records.import_match import (
    Match,
    Outcome,
    People,
    RowTrouble,
    is_same_person,
)
from correspondent_desk.records.import_rows import Change
from correspondent_desk.records.windows import fetch
from correspondent_desk.store.session import Session

BLOCK = 2_000  # rows packed together
_EARLIER_KEPT = 4_096  # rows that later ones clash with: a block is unpacked for each other one
MOST_LINES = 200  # of each outcome, in a preview

_ORDER = tuple(Outcome)
_COLUMNS = (GenericAlias(list, (of,)) for of in StaffRow.__annotations__.values())
_BLOCK: Any = GenericAlias(tuple, tuple(_COLUMNS))
_decode = decoding.msgpack(_BLOCK).decode
_encode = msgspec.msgpack.Encoder().encode

_Series = TypeVar("_Series", "array[int]", bytearray)

Columns = MappingOf[str, Sequence[Any]]
"""Rows of a list by column: a value for each row, for each field of StaffRow."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportLine:
    """What becomes of one row. member: whom it means, if anybody; other_row: an earlier one.

    other: who stands in the earlier row, where it is somebody else with the same number.
    removed_on: when this member was removed; to say that it is the same person brings them back.
    takes_back: the status that would be lost, if no list may change it without a person's word.
    changes: of who is new, what the row says but for the name.
    """

    row: int
    outcome: Outcome
    civility: Civility
    first_name: str
    usage_name: str
    family_name: str
    birth_date: date | None
    member: int = 0
    changes: tuple[Change, ...] = ()
    trouble: RowTrouble | None = None
    other_row: int = 0
    other: StaffRow | None = None
    removed_on: date | None = None
    takes_back: str = ""


@dataclass(slots=True, kw_only=True)
class Plan:
    """A list as it was read, and what becomes of each row; opaque to whoever shows the preview.

    at: the newest action of the desk when it was made.
    """

    sheet: Sheet
    mapping: Mapping
    at: int
    blocks: list[bytes] = field(default_factory=list)
    numbers: "array[int]" = field(default_factory=lambda: array("l"))
    outcomes: bytearray = field(default_factory=bytearray)
    members: "array[int]" = field(default_factory=lambda: array("q"))
    new_sites: dict[str, str] = field(default_factory=dict)

    def rows(self, *wanted: Outcome) -> Iterator[tuple[StaffRow, Outcome, int]]:
        """The rows with a wanted outcome, what becomes of them, and whom they mean.

        Unpacking is what costs, so blocks without any such row stay packed.
        """
        codes = bytes(map(_ORDER.index, wanted))
        for number, packed in enumerate(self.blocks):
            outcomes = _block(self.outcomes, number)
            if all(code not in outcomes for code in codes):
                continue
            members = _block(self.members, number)
            for row, code, member in zip(_rows(packed), outcomes, members, strict=True):
                if code in codes:
                    yield row, _ORDER[code], member

    def columns(self, is_wanted: Callable[[int, Outcome], bool]) -> Iterator[Columns]:
        """The rows that are wanted, given their number and what becomes of them; block by block."""
        for number, packed in enumerate(self.blocks):
            outcomes = map(_ORDER.__getitem__, _block(self.outcomes, number))
            wanted = list(map(is_wanted, _block(self.numbers, number), outcomes))
            if any(wanted):
                yield {
                    name: list(compress(column, wanted))
                    for name, column in zip(StaffRow._fields, _decode(packed), strict=True)
                }

    def numbered(self) -> Iterator[tuple[int, Outcome]]:
        """The number of each row as the spreadsheet shows it, and what becomes of it."""
        return zip(self.numbers, map(_ORDER.__getitem__, self.outcomes), strict=True)

    def count(self, outcome: Outcome) -> int:
        """How many rows have this outcome."""
        return self.outcomes.count(_ORDER.index(outcome))

    def pack(self, block: Sequence[StaffRow]) -> None:
        """Keep the next rows; all but the last block must be full."""
        self.blocks.append(_encode(tuple(zip(*block, strict=True))))

    def row(self, number: int) -> StaffRow:
        """The row of this number, which was numbered before."""
        place = bisect_left(self.numbers, number)
        return next(islice(_rows(self.blocks[place // BLOCK]), place % BLOCK, None))

    def unpacked(self) -> Iterator[list[StaffRow]]:
        """All rows again, block by block."""
        return (list(_rows(packed)) for packed in self.blocks)


def _rows(packed: bytes) -> Iterator[StaffRow]:
    return map(StaffRow._make, zip(*_decode(packed), strict=True))


def _block(series: _Series, number: int) -> _Series:
    return series[number * BLOCK : (number + 1) * BLOCK]


class Planner:
    """Goes through a list from top to bottom and says what becomes of each row."""

    def __init__(self, session: Session, plan: Plan) -> None:
        self.plan = plan
        self.lines: list[ImportLine] = []
        self._session = session
        self._people = People.of(session)
        self._sites = sites_by_name(session)
        self._site_names = dict(fetch(session, "SELECT id, name FROM site"))
        self._shown = [0] * len(_ORDER)
        self._earlier = lru_cache(_EARLIER_KEPT)(plan.row)
        self._known_sites: set[str] = set()

    def take(self, block: Sequence[StaffRow]) -> None:
        """The next rows: into the plan, and into the lines while there are few."""
        plan, shown = self.plan, self._shown
        for row, match, outcome, stored in self._judged(block):
            code = _ORDER.index(outcome)  # a dict would ask for the hash of its name
            plan.numbers.append(row.row)
            plan.outcomes.append(code)
            plan.members.append(match.member)
            if row.site and (outcome is Outcome.NEW or outcome is Outcome.UPDATED):
                self._note_site(row.site)
            if shown[code] < MOST_LINES and outcome is not Outcome.UNCHANGED:
                shown[code] += 1
                self.lines.append(self._line(row, match, outcome, stored))

    def done(self) -> None:
        """Nothing more is to be asked."""
        self._people.let_go()

    def told(self, block: Sequence[StaffRow]) -> Iterator[ImportLine]:
        """The next rows as lines."""
        for judged in self._judged(block):
            yield self._line(*judged)

    def _judged(
        self, block: Sequence[StaffRow]
    ) -> Iterator[tuple[StaffRow, Match, Outcome, dict[str, Any] | None]]:
        matches, stored = self._people.match(block)
        for row, match in zip(block, matches, strict=True):
            known = stored.get(match.member)
            outcome = match.outcome
            if outcome is Outcome.UPDATED and known is not None:
                changed = import_rows.changes(row, known, self._sites)
                if not changed:
                    outcome = Outcome.UNCHANGED
                elif import_rows.takes_back(known, changed):
                    outcome = Outcome.SUGGESTED
            yield row, match, outcome, known

    def _line(
        self, row: StaffRow, match: Match, outcome: Outcome, stored: dict[str, Any] | None
    ) -> ImportLine:
        told: tuple[Change, ...] = ()
        lost = ""
        if stored is not None and outcome in (Outcome.UPDATED, Outcome.SUGGESTED):
            told = import_rows.told_changes(row, stored, self._sites, self._site_names)
            lost = import_rows.takes_back(stored, {one.field: one.after for one in told})
        elif outcome is Outcome.NEW:
            told = import_rows.told_facts(row, self._sites)
        trouble, other = self._clash(row, match)
        return ImportLine(
            row=row.row,
            outcome=outcome,
            civility=row.civility,
            first_name=row.first_name,
            usage_name=row.usage_name,
            family_name=row.family_name,
            birth_date=row.birth_date,
            member=match.member,
            changes=told,
            trouble=trouble,
            other_row=match.other_row,
            other=other,
            removed_on=match.removed_on,
            takes_back=lost,
        )

    def _clash(self, row: StaffRow, match: Match) -> tuple[RowTrouble | None, StaffRow | None]:
        """Why the row is left out, and whose number it has if that is somebody else."""
        if match.trouble not in (RowTrouble.SAME_NUMBER, RowTrouble.SAME_MATRICULE):
            return match.trouble, None
        earlier = self._earlier(match.other_row)
        if is_same_person(row, earlier):
            return RowTrouble.TWICE_IN_LIST, None
        return match.trouble, earlier

    def _note_site(self, name: str) -> None:
        if name in self._known_sites:
            return
        self._known_sites.add(name)
        key = squashed(name)
        if key not in self._sites:
            self.plan.new_sites.setdefault(key, name)


def sites_by_name(session: Session) -> dict[str, int]:
    """Ids of the sites by folded name; of two with one name, the first."""
    found = fetch(session, "SELECT name, id FROM site WHERE removed_at IS NULL ORDER BY id DESC")
    return {squashed(name): id_ for name, id_ in found}
