"""Importing the staff list: what it would do, in words a person can check, and doing that.

A list of 100 000 rows is read once, from top to bottom; what it says is kept packed (some 25 MB)
until it is applied, so what was shown is what is written, and a file that changes meanwhile does no
harm. Everything is one action and one undo step. Nobody is removed for not being in a list.
"""

from collections import Counter
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from pathlib import Path
from typing import Any

from correspondent_desk.domain.fields import Kind
from correspondent_desk.domain.members import MemberId
from correspondent_desk.domain.text import squashed
from correspondent_desk.errors import DeskError
from correspondent_desk.formats import spreadsheet, staff_cells, staff_headings, staff_list
from correspondent_desk.formats.spreadsheet import Sheet
from correspondent_desk.formats.staff_cells import LEAVE_ROW_OUT, CellFault
from correspondent_desk.formats.staff_headings import Chosen, Mapping, Proposal, StaffField
from correspondent_desk.formats.staff_list import CellProblem, StaffRow
from correspondent_desk.records import import_absent, import_rows, removals
from correspondent_desk.records.import_absent import Absentee
from correspondent_desk.records.import_match import Outcome, RowTrouble, stored_columns
from correspondent_desk.records.import_plan import (
    BLOCK,
    MOST_LINES,
    ImportLine,
    Plan,
    Planner,
    sites_by_name,
)
from correspondent_desk.records.import_rows import COLUMNS, TOLD, Change
from correspondent_desk.records.trouble import NothingToDo
from correspondent_desk.records.windows import fetch, id_list
from correspondent_desk.store import bulk, history, values
from correspondent_desk.store.session import Session

__all__ = [
    "MOST_LINES", "Absentee", "CellProblem", "Change", "ImportLine", "ImportOutdated", "ImportPreview",
    "ImportReport", "Outcome", "RowTrouble", "absentees", "apply", "lines", "open_list", "preview",
]  # fmt: skip

MOST_PROBLEMS = 500

_COLUMNS_OF_LISTS = "staff-list.columns"


class ImportOutdated(DeskError):
    """The people of the desk have changed since the list was previewed: preview it again."""

    code = "import-outdated"


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportPreview:
    """What importing a list would do.

    counts: rows by outcome; those that say nothing about anybody are among problems only. lines:
    the first 200 of each outcome but UNCHANGED, in the order of the list; `lines` gives all.
    problems: the first 500 unless more were asked for; faults: how many there are of each. absent:
    how many people of the desk, still here, the list does not name; absentees: the first 200 of
    them, `absentees` gives all. new_sites: names of sites that would be made. other_sheets:
    those of the file that look like lists and are not read. whole_addresses: numbers of the rows in
    which postcode and town could not be told apart from the rest.
    """

    name: str
    sheet: str
    counts: Counter[Outcome]
    lines: tuple[ImportLine, ...]
    problems: tuple[CellProblem, ...]
    faults: Counter[CellFault]
    absent: int
    absentees: tuple[Absentee, ...] = ()
    new_sites: tuple[str, ...]
    other_sheets: tuple[str, ...] = ()
    whole_addresses: tuple[int, ...] = ()
    plan: Plan = field(repr=False)

    @property
    def left_out(self) -> int:
        """How many rows are left out, for whatever reason."""
        return self.counts[Outcome.LEFT_OUT] + self._faults(whole_rows=True)

    @property
    def cells_left_empty(self) -> int:
        """How many cells of other rows cannot be read."""
        return self._faults(whole_rows=False)

    def _faults(self, *, whole_rows: bool) -> int:
        return sum(n for fault, n in self.faults.items() if (fault in LEAVE_ROW_OUT) is whole_rows)

    @property
    def is_nothing(self) -> bool:
        """Whether there is nothing to import."""
        return not (
            self.counts[Outcome.NEW]
            or self.counts[Outcome.UPDATED]
            or self.counts[Outcome.SUGGESTED]
        )

    @property
    def is_known(self) -> bool:
        """Whether all that the list says is known already, and could be read."""
        is_read = not (self.left_out or self.cells_left_empty)
        return self.is_nothing and is_read and bool(self.counts[Outcome.UNCHANGED])


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportReport:
    """What was done. waiting: suggested rows that nobody answered and that were left."""

    new: int
    updated: int
    unchanged: int
    waiting: int
    left_out: int
    cells_left_empty: int
    new_sites: tuple[str, ...]


def open_list(
    session: Session, path: Path, sheet: str | None = None, chosen: Chosen | None = None
) -> tuple[Sheet, Proposal]:
    """The list in a file and how its columns would be read, as people once said of such headings.

    chosen: what somebody says of the columns of this list. Raises UnreadableFile, ForbiddenColumn.
    """
    opened = spreadsheet.open_sheet(path, staff_headings.recognise, sheet)
    remembered = history.read_setting(session, _COLUMNS_OF_LISTS, dict[str, str])
    return opened, staff_headings.propose(opened, remembered, chosen)


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
    planner = Planner(session, plan)
    has_own_column = mapping.columns(StaffField.POSTCODE) or mapping.columns(StaffField.TOWN)
    whole: list[int] = []
    while block := list(islice(rows, BLOCK)):
        if not has_own_column:
            whole += [row.row for row in block if row.address_lines and not row.postcode]
        plan.pack(block)
        planner.take(block)
    planner.done()
    absent = import_absent.ids(session, plan.members)
    return ImportPreview(
        name=sheet.path.name,
        sheet=sheet.name,
        counts=Counter({one: plan.count(one) for one in Outcome}),
        lines=tuple(planner.lines),
        problems=tuple(sorted(problems, key=lambda one: one.row)),
        faults=faults,
        absent=len(absent),
        absentees=tuple(import_absent.rows(session, absent[:MOST_LINES])),
        new_sites=tuple(plan.new_sites.values()),
        other_sheets=tuple(sheet.others),
        whole_addresses=tuple(whole),
        plan=plan,
    )


def lines(session: Session, preview: ImportPreview) -> Iterator[ImportLine]:
    """What becomes of every row, in the order of the list: for a report."""
    planner = Planner(session, preview.plan)
    for block in preview.plan.unpacked():
        yield from planner.told(block)


def absentees(session: Session, preview: ImportPreview) -> Iterator[Absentee]:
    """People of the desk, still here, whom the list does not name, in the order of lists."""
    return import_absent.rows(session, import_absent.ids(session, preview.plan.members))


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
    if not any(chosen.is_written(row, outcome) for row, outcome in plan.numbered()):
        raise NothingToDo(
            unchanged=preview.counts[Outcome.UNCHANGED],
            waiting=preview.counts[Outcome.SUGGESTED],
            left_out=preview.left_out,
        )
    sites = sites_by_name(session)
    made = _make_sites(session, chosen, sites)
    new = (import_rows.new_members(told, sites) for told in plan.columns(chosen.is_new))
    added = bulk.insert_columns(session, Kind.MEMBER, new)
    for member in chosen.removed(session):
        removals.bring_back(session, member)
    updated = bulk.bulk_update(session, Kind.MEMBER, COLUMNS, _updates(session, chosen, sites))
    _remember_columns(session, plan)
    return ImportReport(
        new=len(added),
        updated=updated,
        unchanged=preview.counts[Outcome.UNCHANGED],
        waiting=preview.counts[Outcome.SUGGESTED] - chosen.answered(),
        left_out=preview.left_out,
        cells_left_empty=preview.cells_left_empty,
        new_sites=made,
    )


@dataclass(frozen=True, slots=True)
class _Chosen:
    """A plan with a person's answers to its suggestions."""

    plan: Plan
    same: frozenset[int]
    different: frozenset[int]

    def updated(self) -> Iterator[tuple[StaffRow, int]]:
        """The rows of people to be changed, and their ids."""
        for row, outcome, member in self.plan.rows(Outcome.UPDATED, *self._suggested()):
            if self._is_update(row.row, outcome):
                yield row, member

    def removed(self, session: Session) -> list[MemberId]:
        """Those among them who were removed."""
        if not self.same:
            return []
        found = fetch(
            session,
            "SELECT id FROM member WHERE removed_at IS NOT NULL"
            " AND id IN (SELECT value FROM json_each(?))",
            id_list([member for _, member in self.updated()]),
        )
        return [MemberId(id_) for (id_,) in found]

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
        return self.is_new(row, outcome) or self._is_update(row, outcome)

    def answered(self) -> int:
        """How many suggestions were answered."""
        return sum(
            outcome is Outcome.SUGGESTED and self.is_written(row, outcome)
            for row, outcome in self.plan.numbered()
        )

    def is_new(self, row: int, outcome: Outcome) -> bool:
        """Whether this row is about somebody to be made."""
        return outcome is Outcome.NEW or (outcome is Outcome.SUGGESTED and row in self.different)

    def _is_update(self, row: int, outcome: Outcome) -> bool:
        return outcome is Outcome.UPDATED or (outcome is Outcome.SUGGESTED and row in self.same)


def _check_still_true(session: Session, plan: Plan) -> None:
    if _newest_action(session) == plan.at:
        return
    again = Plan(sheet=plan.sheet, mapping=plan.mapping, at=0, blocks=plan.blocks)
    planner = Planner(session, again)
    for block in plan.unpacked():
        planner.take(block)
    if (again.outcomes, again.members) != (plan.outcomes, plan.members):
        raise ImportOutdated(name=plan.sheet.path.name)


def _newest_action(session: Session) -> int:
    newest: int = fetch(session, "SELECT coalesce(max(id), 0) FROM action")[0][0]
    return newest


def _updates(
    session: Session, chosen: _Chosen, sites: dict[str, int]
) -> Iterator[tuple[int, tuple[Any, ...]]]:
    rows = chosen.updated()
    while block := list(islice(rows, BLOCK)):
        stored = stored_columns(session, [member for _, member in block])
        for row, member in block:
            told = {name: stored[member][name] for name in TOLD}
            current = values.from_store(Kind.MEMBER, told).values()
            yield (
                member,
                import_rows.updated_member(row, stored[member], list(current), sites),
            )


def _make_sites(session: Session, chosen: _Chosen, sites: dict[str, int]) -> tuple[str, ...]:
    new = {key: name for key, name in chosen.new_sites().items() if key not in sites}
    department = _usual_department(session)
    rows = [(name, department) for name in new.values()]
    ids = bulk.bulk_insert(session, Kind.SITE, ["name", "department"], rows)
    sites.update(zip(new, ids, strict=True))
    return tuple(new.values())


def _usual_department(session: Session) -> str:
    """Where all sites of the office are, so that a new one has its holidays; nothing if unknown."""
    known = fetch(
        session,
        "SELECT DISTINCT department FROM site WHERE removed_at IS NULL AND department <> ''",
    )
    return known[0][0] if len(known) == 1 else ""


def _remember_columns(session: Session, plan: Plan) -> None:
    before = history.read_setting(session, _COLUMNS_OF_LISTS, dict[str, str])
    remembered = plan.mapping.remembered(plan.sheet, before)
    history.write_setting(session, _COLUMNS_OF_LISTS, remembered)


def _matricule_width(session: Session) -> int | None:
    """How many digits this office's numbers have, if it has any yet."""
    known = fetch(session, "SELECT matricule FROM member WHERE matricule <> '' LIMIT 2000")
    return staff_cells.usual_width([number for (number,) in known]) if known else None
