"""What importing a list would do, and did, in sentences."""

from collections.abc import Sequence
from datetime import date
from typing import assert_never

from correspondent_desk.domain.fields import Kind
from correspondent_desk.formats.staff_cells import CellFault
from correspondent_desk.language import _, ngettext, pgettext
from correspondent_desk.messages import dates, people
from correspondent_desk.messages.fields import any_field_name, field_name
from correspondent_desk.messages.values import in_words
from correspondent_desk.records.imports import (
    Absentee,
    CellProblem,
    Change,
    ImportLine,
    ImportPreview,
    ImportReport,
    Outcome,
    RowTrouble,
)

_MOST_NAMES = 8


def outcome(choice: Outcome) -> str:
    """What becomes of a row."""
    match choice:
        case Outcome.NEW:
            return pgettext("row", "new")
        case Outcome.UPDATED:
            return pgettext("row", "updates")
        case Outcome.UNCHANGED:
            return pgettext("row", "known already")
        case Outcome.SUGGESTED:
            return pgettext("row", "to confirm")
        case Outcome.LEFT_OUT:
            return pgettext("row", "left out")
        case _:
            assert_never(choice)


def line(told: ImportLine) -> str:
    """What becomes of one row, and why."""
    name = people.shown_name(told)
    match told.outcome:
        case Outcome.NEW:
            if not told.changes:
                return _("{name} is new.").format(name=name)
            return _("{name} is new: {facts}.").format(name=name, facts=changes(told))
        case Outcome.UPDATED:
            return _("{name}: {changes}").format(name=name, changes=changes(told))
        case Outcome.UNCHANGED:
            return _("{name} is known already.").format(name=name)
        case Outcome.SUGGESTED:
            return _suggestion(told, name)
        case Outcome.LEFT_OUT:
            return _left_out(told, name)
        case _:
            assert_never(told.outcome)


def changes(told: ImportLine) -> str:
    """address from … to …; phones from … to …"""
    return pgettext("between changes", "; ").join(_change(one) for one in told.changes)


def _change(change: Change) -> str:
    name = field(change)
    before, after = _value(change, change.before), _value(change, change.after)
    if not before:
        return _("{field}: {after}").format(field=name, after=after)
    return _("{field}: {before} → {after}").format(field=name, before=before, after=after)


def field(change: Change) -> str:
    """The name of the field that changes."""
    if change.field in ("entered_on", "left_on"):
        return any_field_name(change.field)
    return field_name(Kind.MEMBER, change.field)


def _value(change: Change, value: object) -> str:
    match value:
        case tuple() if change.field == "phones":
            return ", ".join(map(people.phone, value))
        case tuple():
            return ", ".join(map(str, value))
        case date():
            return dates.numeric(value)
        case str() if change.field == "site_id":
            return value  # by its name: the site may not be there yet
        case _:
            return in_words(Kind.MEMBER, change.field, {change.field: value})


def _suggestion(told: ImportLine, name: str) -> str:
    born = _born(told)
    if told.removed_on is not None:
        return _(
            "{name}{born} was removed from this desk on {date}."
            " The same person comes back only if you say so."
        ).format(name=name, born=born, date=dates.numeric(told.removed_on))
    if told.takes_back:
        return _(
            "{name}{born} is “{status}” on this desk, and no list takes that back unless you say so."
            " It would change: {changes}"
        ).format(
            name=name,
            born=born,
            status=in_words(Kind.MEMBER, "status", {"status": told.takes_back}),
            changes=changes(told),
        )
    if told.changes:
        return _("{name}{born} may be someone of this desk. It would change: {changes}").format(
            name=name, born=born, changes=changes(told)
        )
    return _("{name}{born} may be someone of this desk.").format(name=name, born=born)


def _born(told: ImportLine) -> str:
    if told.birth_date is None:
        return ""
    return _(", born on {date},").format(date=dates.numeric(told.birth_date))


def _left_out(told: ImportLine, name: str) -> str:
    match told.trouble:
        case RowTrouble.TWICE_IN_LIST:
            return _(
                "{name} is in this list twice, first in row {row}: this row was left out."
            ).format(name=name, row=told.other_row)
        case RowTrouble.SAME_NUMBER:
            return _(
                "{name} has the same beneficiary number as {other} in row {row}: this row was left"
                " out. Correct the number in the list, then import it again."
            ).format(name=name, other=_other(told), row=told.other_row)
        case RowTrouble.SAME_MATRICULE:
            return _(
                "{name} has the same staff number as {other} in row {row}: this row was left out."
                " Correct the number in the list, then import it again."
            ).format(name=name, other=_other(told), row=told.other_row)
        case RowTrouble.TWICE_ON_DESK:
            return _(
                "Two people of this desk have the number of {name}: this row was left out."
                " Correct one of their cards, then import the list again."
            ).format(name=name)
        case RowTrouble.TWO_PEOPLE:
            return _(
                "The two numbers of {name} belong to two people of this desk: this row was left out."
            ).format(name=name)
        case RowTrouble.OTHER_PERSON:
            return _(
                "The number of {name} belongs to someone else on this desk, with another name and"
                " birth date: this row was left out."
            ).format(name=name)
        case RowTrouble.NAMESAKES:
            return _(
                "Several people of this desk are called {name}, and nothing tells which of them is"
                " meant: this row was left out. Note birth date or staff number on their cards, or"
                " make a card for who is new; then import the list again."
            ).format(name=name)
        case None:
            return _("{name}: this row was left out.").format(name=name)
        case _:
            assert_never(told.trouble)


def _other(told: ImportLine) -> str:
    return people.shown_name(told.other) if told.other else "—"


def absent(person: Absentee) -> str:
    """Somebody of the desk whom the list does not name."""
    told = " · ".join(filter(None, (people.shown_name(person), people.told_apart(person))))
    return _("{name}: not in the list; nothing changes.").format(name=told)


def absent_word() -> str:
    """The same in a column of outcomes."""
    return pgettext("row", "not in the list")


def summary(preview: ImportPreview) -> list[str]:
    """What importing the list would do, a sentence for each number that is not zero."""
    counts, left_out = preview.counts, preview.left_out
    found = [
        (counts[Outcome.NEW], _new),
        (counts[Outcome.UPDATED], _updated),
        (counts[Outcome.UNCHANGED], _unchanged),
        (counts[Outcome.SUGGESTED], _suggested),
        (left_out, _rows_left_out),
        (preview.cells_left_empty, _cells_left_empty),
    ]
    told = [say(count) for count, say in found if count]
    told += _months_first(preview.problems)
    if preview.whole_addresses and sum(counts.values()) > counts[Outcome.UNCHANGED]:
        told.append(_whole_addresses(preview.whole_addresses))
    if preview.new_sites:
        told.append(_new_sites(preview.new_sites))
    if preview.absent:
        told.append(_absent(preview.absent))
    if preview.other_sheets:
        told.append(_other_sheets(preview.other_sheets))
    return told if sum(counts.values()) or left_out else [_("The list names nobody."), *told]


def done(report: ImportReport) -> str:
    """What was imported, in one sentence."""
    told = [
        say(count)
        for count, say in (
            (report.new, _added),
            (report.updated, _changed),
            (report.unchanged, _unchanged),
            (report.waiting, _suggested),
            (report.left_out, _rows_left_out),
            (report.cells_left_empty, _cells_left_empty),
        )
        if count
    ]
    if report.new_sites:
        told.append(_sites_added(report.new_sites))
    return " ".join(told)


def _new(n: int) -> str:
    return ngettext("{n} person is new.", "{n} people are new.", n).format(n=n)


def _added(n: int) -> str:
    return ngettext("{n} person was added.", "{n} people were added.", n).format(n=n)


def _updated(n: int) -> str:
    return ngettext("{n} card would change.", "{n} cards would change.", n).format(n=n)


def _changed(n: int) -> str:
    return ngettext("{n} card was changed.", "{n} cards were changed.", n).format(n=n)


def _unchanged(n: int) -> str:
    return ngettext(
        "{n} person is known already, with nothing new.",
        "{n} people are known already, with nothing new.",
        n,
    ).format(n=n)


def _suggested(n: int) -> str:
    return ngettext(
        "{n} row waits for your answer.",
        "{n} rows wait for your answer.",
        n,
    ).format(n=n)


def _rows_left_out(n: int) -> str:
    return ngettext("{n} row is left out.", "{n} rows are left out.", n).format(n=n)


def _cells_left_empty(n: int) -> str:
    return ngettext(
        "{n} cell cannot be read and is left empty.",
        "{n} cells cannot be read and are left empty.",
        n,
    ).format(n=n)


def _months_first(problems: Sequence[CellProblem]) -> list[str]:
    """A sentence for each column whose dates have the month before the day."""
    rows: dict[str, list[CellProblem]] = {}
    for one in problems:
        if one.fault is CellFault.MONTH_BEFORE_DAY:
            rows.setdefault(one.column, []).append(one)
    return [_month_first(column, found) for column, found in sorted(rows.items())]


def _month_first(column: str, found: Sequence[CellProblem]) -> str:
    said = ngettext(
        "The dates of {heading} (column {column}) have the month before the day in row {rows}: none"
        " is taken that could be read both ways. Ask for the list with dates like 31/12/1970, or"
        " open it in your spreadsheet with this column as dates in the order month, day, year, and"
        " save it as .xlsx.",
        "The dates of {heading} (column {column}) have the month before the day in rows {rows}: none"
        " is taken that could be read both ways. Ask for the list with dates like 31/12/1970, or"
        " open it in your spreadsheet with this column as dates in the order month, day, year, and"
        " save it as .xlsx.",
        len(found),
    )
    rows = _enough([str(one.row) for one in found])
    return said.format(heading=found[0].heading or "—", column=column, rows=rows)


def _whole_addresses(rows: Sequence[int]) -> str:
    said = ngettext(
        "The address in row {rows} is taken as it stands: postcode and town cannot be told apart in it.",
        "{n} addresses are taken as they stand, since postcode and town cannot be told apart in them:"
        " rows {rows}.",
        len(rows),
    )
    return said.format(n=len(rows), rows=_enough([str(row) for row in rows]))


def _new_sites(names: Sequence[str]) -> str:
    said = ngettext(
        "{n} site will be added: {names}.", "{n} sites will be added: {names}.", len(names)
    )
    return said.format(n=len(names), names=_enough(names))


def _sites_added(names: Sequence[str]) -> str:
    said = ngettext("{n} site was added: {names}.", "{n} sites were added: {names}.", len(names))
    return said.format(n=len(names), names=_enough(names))


def _enough(names: Sequence[str]) -> str:
    """A list of a thousand names would be read by nobody."""
    return ", ".join([*names[:_MOST_NAMES], *(["…"] if len(names) > _MOST_NAMES else [])])


def _other_sheets(names: Sequence[str]) -> str:
    said = ngettext(
        "Another sheet of the file looks like a list, and is not read: {names}.",
        "{n} other sheets of the file look like lists, and are not read: {names}.",
        len(names),
    )
    return said.format(n=len(names), names=_enough(names))


def _absent(n: int) -> str:
    return ngettext(
        "{n} person of this desk is not in the list, and stays as they are.",
        "{n} people of this desk are not in the list, and stay as they are.",
        n,
    ).format(n=n)
