"""Importing the staff list: what it would do, in words a person can check, and doing that.

A list of 100 000 rows is read once, from top to bottom; what it says is kept packed (some 25 MB)
until it is applied, so what was shown is what is written, and a file that changes meanwhile does no
harm. Everything is one action and one undo step. Nobody is removed for not being in a list.
"""

from array import array
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy.orm import Session

from correspondent_desk.domain.fields import Kind
from correspondent_desk.domain.members import Civility
from correspondent_desk.domain.text import squashed
from correspondent_desk.errors import DeskError
from correspondent_desk.formats import spreadsheet, staff_cells, staff_headings, staff_list
from correspondent_desk.formats.spreadsheet import Sheet
from correspondent_desk.formats.staff_cells import CellFault
from correspondent_desk.formats.staff_headings import Mapping, Proposal
from correspondent_desk.formats.staff_list import CellProblem, StaffRow
from correspondent_desk.records import import_rows
from correspondent_desk.records.import_match import (
    Match,
    Outcome,
    People,
    RowTrouble,
    stored_columns,
)
from correspondent_desk.records.import_rows import COLUMNS, TOLD, Change
from correspondent_desk.records.trouble import NothingToDo
from correspondent_desk.records.windows import fetch, id_list
from correspondent_desk.store import bulk, history, values
from correspondent_desk.store.tables import LISTED, Member, Site

__all__ = [
    "CellProblem",
    "Change",
    "ImportLine",
    "ImportOutdated",
    "ImportPreview",
    "ImportReport",
    "Outcome",
    "RowTrouble",
    "apply",
    "lines",
    "open_list",
    "preview",
]  # fmt: skip

MOST_LINES = 200  # of each outcome, in a preview
MOST_PROBLEMS = 500

_BLOCK = 2_000
_COLUMNS_OF_LISTS = "staff-list.columns"
_ORDER = tuple(Outcome)
_CODES = {outcome: code for code, outcome in enumerate(_ORDER)}
_rows = msgspec.msgpack.Decoder(list[StaffRow])
_encode = msgspec.msgpack.Encoder().encode


class ImportOutdated(DeskError):
    """The people of the desk have changed since the list was previewed: preview it again."""

    code = "import-outdated"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportLine:
    """What becomes of one row. member: whom it means, if anybody; other_row: an earlier one."""

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


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPreview:
    """What importing a list would do.

    counts: rows by outcome; those that say nothing about anybody are among problems only. lines:
    the first 200 of each outcome but UNCHANGED, in the order of the list; `lines` gives all.
    problems: the first 500 unless more were asked for; faults: how many there are of each. absent: people of the desk, still
    here, whom the list does not name. new_sites: names of sites that would be made.
    """

    name: str
    sheet: str
    counts: Counter[Outcome]
    lines: tuple[ImportLine, ...]
    problems: tuple[CellProblem, ...]
    faults: Counter[CellFault]
    absent: int
    new_sites: tuple[str, ...]
    plan: "Plan" = field(repr=False)

    @property
    def is_nothing(self) -> bool:
        """Whether everything in the list is known already."""
        return not (
            self.counts[Outcome.NEW]
            or self.counts[Outcome.UPDATED]
            or self.counts[Outcome.SUGGESTED]
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What was done. waiting: suggested rows that nobody answered and that were left."""

    new: int
    updated: int
    unchanged: int
    waiting: int
    left_out: int
    new_sites: tuple[str, ...]


def open_list(session: Session, path: Path, sheet: str | None = None) -> tuple[Sheet, Proposal]:
    """The list in a file and how its columns would be read, as people once said of such headings.

    Raises UnreadableFile, ForbiddenColumn.
    """
    opened = spreadsheet.open_sheet(path, staff_headings.recognise, sheet)
    remembered = history.read_setting(session, _COLUMNS_OF_LISTS, dict[str, str])
    return opened, staff_headings.propose(opened, remembered)


def preview(
    session: Session,
    sheet: Sheet,
    mapping: Mapping,
    *,
    today: date,
    most_problems: int = MOST_PROBLEMS,
) -> ImportPreview:
    """What importing sheet would do; nothing is written. Raises UnreadableFile.

    most_problems: how many are kept to be told one by one; all are counted.
    """
    plan = Plan(sheet=sheet, mapping=mapping, at=_newest_action(session))
    problems: list[CellProblem] = []
    faults: Counter[CellFault] = Counter()

    def report(problem: CellProblem) -> None:
        faults[problem.fault] += 1
        if len(problems) < most_problems:
            problems.append(problem)

    rows = staff_list.read(
        sheet, mapping, report, today=today, matricule_width=_matricule_width(session)
    )
    planner = _Planner(session, plan)
    while block := list(islice(rows, _BLOCK)):
        plan.blocks.append(_encode(block))
        planner.take(block)
    return ImportPreview(
        name=sheet.path.name,
        sheet=sheet.name,
        counts=Counter({one: plan.outcomes.count(place) for place, one in enumerate(_ORDER)}),
        lines=tuple(planner.lines),
        problems=tuple(sorted(problems, key=lambda one: one.row)),
        faults=faults,
        absent=_absent(session, plan),
        new_sites=tuple(plan.new_sites.values()),
        plan=plan,
    )


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
        codes = bytes(_CODES[one] for one in wanted)
        for number, packed in enumerate(self.blocks):
            first = number * _BLOCK
            outcomes = self.outcomes[first : first + _BLOCK]
            if all(code not in outcomes for code in codes):
                continue
            members = self.members[first : first + _BLOCK]
            for row, code, member in zip(_rows.decode(packed), outcomes, members, strict=True):
                if code in codes:
                    yield row, _ORDER[code], member


def lines(session: Session, preview: ImportPreview) -> Iterator[ImportLine]:
    """What becomes of every row, in the order of the list: for a report."""
    planner = _Planner(session, Plan(sheet=preview.plan.sheet, mapping=preview.plan.mapping, at=0))
    for packed in preview.plan.blocks:
        yield from planner.told(_rows.decode(packed))


def apply(
    session: Session,
    preview: ImportPreview,
    *,
    same: Collection[int] = (),
    different: Collection[int] = (),
) -> ImportReport:
    """Write what was previewed.

    same, different: row numbers of suggestions that a person confirmed, or said are someone else;
    the other suggestions are left. Raises NothingToDo, and ImportOutdated if people were changed
    since so that a row would now do something else.
    """
    plan = preview.plan
    _check_still_true(session, plan)
    chosen = _Chosen(plan, frozenset(same), frozenset(different))
    if not any(chosen.is_written(row, outcome) for row, outcome in _numbered(plan)):
        raise NothingToDo(
            unchanged=preview.counts[Outcome.UNCHANGED],
            waiting=preview.counts[Outcome.SUGGESTED],
            left_out=preview.counts[Outcome.LEFT_OUT],
        )
    sites = _sites(session)
    made = _make_sites(session, chosen, sites)
    added = bulk.bulk_insert(
        session,
        Member,
        COLUMNS,
        (import_rows.new_member(row, sites) for row, _ in chosen.new()),
    )
    updated = bulk.bulk_update(session, Member, COLUMNS, _updates(session, chosen, sites))
    _remember_columns(session, plan)
    return ImportReport(
        new=len(added),
        updated=updated,
        unchanged=preview.counts[Outcome.UNCHANGED],
        waiting=preview.counts[Outcome.SUGGESTED] - chosen.answered(),
        left_out=preview.counts[Outcome.LEFT_OUT],
        new_sites=made,
    )


@dataclass(frozen=True, slots=True)
class _Chosen:
    """A plan with a person's answers to its suggestions."""

    plan: Plan
    same: frozenset[int]
    different: frozenset[int]

    def new(self) -> Iterator[tuple[StaffRow, int]]:
        """The rows of people to be made."""
        for row, outcome, member in self.plan.rows(Outcome.NEW, *self._suggested()):
            if self._is_new(row.row, outcome):
                yield row, member

    def updated(self) -> Iterator[tuple[StaffRow, int]]:
        """The rows of people to be changed, and their ids."""
        for row, outcome, member in self.plan.rows(Outcome.UPDATED, *self._suggested()):
            if self._is_update(row.row, outcome):
                yield row, member

    def _suggested(self) -> tuple[Outcome, ...]:
        return (Outcome.SUGGESTED,) if self.same or self.different else ()

    def new_sites(self) -> dict[str, str]:
        """The sites to be made, by folded name."""
        found = dict(self.plan.new_sites)
        for row, outcome, _ in self.plan.rows(*self._suggested()):
            if row.site and self.is_written(row.row, outcome):
                found.setdefault(squashed(row.site), row.site)
        return found

    def is_written(self, row: int, outcome: Outcome) -> bool:
        """Whether anything is written for this row."""
        return self._is_new(row, outcome) or self._is_update(row, outcome)

    def answered(self) -> int:
        """How many suggestions were answered."""
        return sum(
            outcome is Outcome.SUGGESTED and self.is_written(row, outcome)
            for row, outcome in _numbered(self.plan)
        )

    def _is_new(self, row: int, outcome: Outcome) -> bool:
        return outcome is Outcome.NEW or (outcome is Outcome.SUGGESTED and row in self.different)

    def _is_update(self, row: int, outcome: Outcome) -> bool:
        return outcome is Outcome.UPDATED or (outcome is Outcome.SUGGESTED and row in self.same)


def _numbered(plan: Plan) -> Iterator[tuple[int, Outcome]]:
    return zip(plan.numbers, map(_ORDER.__getitem__, plan.outcomes), strict=True)


class _Planner:
    """Goes through a list from top to bottom and says what becomes of each row."""

    def __init__(self, session: Session, plan: Plan) -> None:
        self.plan = plan
        self.lines: list[ImportLine] = []
        self._session = session
        self._people = People.of(session)
        self._sites = _sites(session)
        self._site_names = dict(fetch(session, "SELECT id, name FROM site"))
        self._shown = dict.fromkeys(Outcome, 0)
        self._known_sites: set[str] = set()

    def take(self, block: Sequence[StaffRow]) -> None:
        """The next rows: into the plan, and into the lines while there are few."""
        plan, shown = self.plan, self._shown
        for row, match, outcome, stored in self._judged(block):
            plan.numbers.append(row.row)
            plan.outcomes.append(_CODES[outcome])
            plan.members.append(match.member)
            if row.site and (outcome is Outcome.NEW or outcome is Outcome.UPDATED):
                self._note_site(row.site)
            if shown[outcome] < MOST_LINES and outcome is not Outcome.UNCHANGED:
                shown[outcome] += 1
                self.lines.append(self._line(row, match, outcome, stored))

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
            if (
                outcome is Outcome.UPDATED
                and known is not None
                and not import_rows.changes(row, known, self._sites)
            ):
                outcome = Outcome.UNCHANGED
            yield row, match, outcome, known

    def _line(
        self, row: StaffRow, match: Match, outcome: Outcome, stored: dict[str, Any] | None
    ) -> ImportLine:
        told: tuple[Change, ...] = ()
        if stored is not None and outcome in (Outcome.UPDATED, Outcome.SUGGESTED):
            told = import_rows.told_changes(row, stored, self._sites, self._site_names)
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
            trouble=match.trouble,
            other_row=match.other_row,
        )

    def _note_site(self, name: str) -> None:
        if name in self._known_sites:
            return
        self._known_sites.add(name)
        key = squashed(name)
        if key not in self._sites:
            self.plan.new_sites.setdefault(key, name)


def _check_still_true(session: Session, plan: Plan) -> None:
    if _newest_action(session) == plan.at:
        return
    again = Plan(sheet=plan.sheet, mapping=plan.mapping, at=0)
    planner = _Planner(session, again)
    for packed in plan.blocks:
        planner.take(_rows.decode(packed))
    if (again.outcomes, again.members) != (plan.outcomes, plan.members):
        raise ImportOutdated(name=plan.sheet.path.name)


def _newest_action(session: Session) -> int:
    newest: int = fetch(session, "SELECT coalesce(max(id), 0) FROM action")[0][0]
    return newest


def _updates(
    session: Session, chosen: _Chosen, sites: dict[str, int]
) -> Iterator[tuple[int, tuple[Any, ...]]]:
    rows = chosen.updated()
    while block := list(islice(rows, _BLOCK)):
        stored = stored_columns(session, [member for _, member in block])
        for row, member in block:
            told = {name: stored[member][name] for name in TOLD}
            current = values.from_store(Kind.MEMBER, told).values()
            yield (
                member,
                import_rows.updated_member(row, stored[member], list(current), sites),
            )


def _sites(session: Session) -> dict[str, int]:
    """Ids of the sites by folded name; of two with one name, the first."""
    found = fetch(session, "SELECT name, id FROM site WHERE removed_at IS NULL ORDER BY id DESC")
    return {squashed(name): id_ for name, id_ in found}


def _make_sites(session: Session, chosen: _Chosen, sites: dict[str, int]) -> tuple[str, ...]:
    new = {key: name for key, name in chosen.new_sites().items() if key not in sites}
    for key, name in new.items():
        sites[key] = history.create(session, Site, name=name).id
    return tuple(new.values())


def _remember_columns(session: Session, plan: Plan) -> None:
    remembered = history.read_setting(session, _COLUMNS_OF_LISTS, dict[str, str]) or {}
    remembered |= plan.mapping.remembered(plan.sheet)
    history.write_setting(session, _COLUMNS_OF_LISTS, remembered)


def _matricule_width(session: Session) -> int | None:
    """How many digits this office's numbers have, if it has any yet."""
    known = fetch(session, "SELECT matricule FROM member WHERE matricule <> '' LIMIT 2000")
    return staff_cells.usual_width([number for (number,) in known]) if known else None


def _absent(session: Session, plan: Plan) -> int:
    found = fetch(
        session,
        f"SELECT count(*) FROM member WHERE {LISTED} AND status NOT IN ('left', 'deceased')"  # noqa: S608
        " AND id NOT IN (SELECT value FROM json_each(?))",
        id_list(set(plan.members)),
    )
    count: int = found[0][0]
    return count
