"""import and export on the command line: lists from and for other programs."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from correspondent_desk.cli.legible import PLACE, TEXT
from correspondent_desk.cli.opening import Desk
from correspondent_desk.cli.output import Exit, end, say
from correspondent_desk.domain.actions import Action
from correspondent_desk.language import _, ngettext
from correspondent_desk.sync import collector

if TYPE_CHECKING:
    from correspondent_desk.formats.staff_headings import StaffField
    from correspondent_desk.formats.table_writer import Row
    from correspondent_desk.records.imports import ImportPreview
    from correspondent_desk.store.session import Session


_TOLD = 20  # reasons printed; the report has all of them
_ALL = 1_000_000


class _ColumnChoice(click.ParamType["tuple[str, StaffField | None]"]):
    """LETTERS=FIELD: what a column of the list holds, or that it is ignored."""

    name = "column"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> "tuple[str, StaffField | None]":
        """The letters as spreadsheets show them, and the field; None: ignored."""
        from correspondent_desk.formats.staff_headings import StaffField

        letters, _equals, said = str(value).partition("=")
        fields = {one.value: one for one in StaffField} | {"ignore": None}
        if not letters.strip() or said.strip() not in fields:
            choices = ", ".join(fields)
            self.fail(
                _("Write LETTERS=FIELD, where FIELD is one of: {choices}.").format(choices=choices),
                param,
                ctx,
            )
        return letters.strip().upper(), fields[said.strip()]


class _Answer(click.ParamType[tuple[int, bool]]):
    """ROW=same or ROW=new."""

    name = "row"

    def convert(
        self, value: Any, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[int, bool]:
        """The number of the row, and whether it is the same person."""
        row, _equals, said = str(value).partition("=")
        if not (row.isascii() and row.isdecimal()) or said not in ("same", "new"):
            self.fail(_("Write ROW=same or ROW=new."), param, ctx)
        return int(row), said == "same"


_COLUMN, _ANSWER = _ColumnChoice(), _Answer()


@click.command("import", help=_("Import a staff list: CSV, XLSX, XLS or ODS."))
@click.argument("file", type=PLACE, metavar=_("FILE"))
@click.option(
    "--sheet",
    type=TEXT,
    metavar=_("NAME"),
    help=_("The sheet of the workbook; by default the one that fits."),
)
@click.option(
    "--column",
    "chosen",
    type=_COLUMN,
    multiple=True,
    metavar=_("LETTERS=FIELD"),
    help=_("What a column holds, such as C=phone, or C=ignore; may be repeated."),
)
@click.option(
    "--row",
    "answers",
    type=_ANSWER,
    multiple=True,
    metavar=_("ROW=ANSWER"),
    help=_("Who a row to be confirmed is, 12=same or 12=new; may be repeated."),
)
@click.option("--dry-run", is_flag=True, help=_("Say what it would do, and do nothing."))
@click.option(
    "--report",
    type=PLACE,
    metavar=_("FILE"),
    help=_("Write what becomes of each row to this CSV file."),
)
@click.pass_obj
def import_list(
    desk: Desk,
    file: Path,
    sheet: str | None,
    chosen: "tuple[tuple[str, StaffField | None], ...]",
    answers: tuple[tuple[int, bool], ...],
    dry_run: bool,
    report: Path | None,
) -> None:
    """Import what can be read, say what cannot."""
    from correspondent_desk.messages import imports as messages
    from correspondent_desk.records import imports

    if report:
        desk.require_outside(report)
        if report.exists() and file.exists() and report.samefile(file):
            raise click.UsageError(_("The report would replace the list: name another file."))
    with collector.paused(), desk.looking_into() if dry_run else desk.carrying() as store:
        preview, ignored = store.read(lambda s: _previewed(s, file, sheet, dict(chosen), report))
        _check(preview, answers)
        _tell(preview, ignored)
        if dry_run:
            _tell_absent(preview)
        if report:
            store.read(lambda s: _write_report(s, preview, report))
        if not dry_run and (answers or _has_certain(preview)):
            same = [row for row, is_same in answers if is_same]
            different = [row for row, is_same in answers if not is_same]
            written = store.do(
                Action.MEMBERS_IMPORTED,
                lambda s: imports.apply(s, preview, same=same, different=different),
            )
            say(messages.done(written.result))
    end(_status(preview, len(answers)))


def _previewed(
    session: "Session",
    file: Path,
    sheet: str | None,
    chosen: "dict[str, StaffField | None]",
    report: Path | None,
) -> "tuple[ImportPreview, tuple[str, ...]]":
    """What the list would do, and the headings that are ignored."""
    from correspondent_desk.records import imports

    today = datetime.now().astimezone().date()
    opened, proposal = imports.open_list(session, file, sheet, chosen)
    if proposal.troubles:
        raise proposal.troubles[0]
    kept = _ALL if report else imports.MOST_PROBLEMS
    found = imports.preview(session, opened, proposal.mapping, today=today, most_problems=kept)
    return found, proposal.ignored


def _tell(preview: "ImportPreview", ignored: tuple[str, ...]) -> None:
    """Print what the list would do, and what cannot be read of it, cell by cell."""
    from correspondent_desk.messages import imports as messages
    from correspondent_desk.messages.files import cell, place
    from correspondent_desk.records.imports import Outcome

    for sentence in messages.summary(preview):
        say(sentence)
    if preview.other_sheets:
        say(_("--sheet NAME reads another sheet."))
    if ignored:
        told = list(dict.fromkeys(ignored))
        more = ["…"] if len(told) > _TOLD else []
        headings = ", ".join(told[:_TOLD] + more)
        say(_("Columns that are ignored: {headings}").format(headings=headings))
    to_settle = [
        one for one in preview.lines if one.outcome in (Outcome.SUGGESTED, Outcome.LEFT_OUT)
    ]
    reasons = [_placed(place(one), cell(one)) for one in preview.problems]
    reasons += [
        _placed(_("row {row}").format(row=one.row), messages.line(one)) for one in to_settle
    ]
    _tell_few(reasons, len(reasons))


def _tell_absent(preview: "ImportPreview") -> None:
    """Print whom the list does not name, by the number that `show` takes."""
    from correspondent_desk.messages import imports as messages

    _tell_few([f"{one.id}  {messages.absent(one)}" for one in preview.absentees], preview.absent)


def _tell_few(sentences: list[str], total: int) -> None:
    """Print the first of them, and how many more there are."""
    for sentence in sentences[:_TOLD]:
        say(sentence)
    if total > _TOLD:
        left = total - _TOLD
        say(
            ngettext(
                "… and {n} other; --report FILE writes all of them.",
                "… and {n} others; --report FILE writes all of them.",
                left,
            ).format(n=left)
        )


def _placed(where: str, why: str) -> str:
    return _("{place}: {reason}").format(place=where, reason=why)


def _write_report(session: "Session", preview: "ImportPreview", path: Path) -> int:
    """A line for each cell that cannot be read, for each row, and for each person who has none.

    Raises UnwritableFile.
    """
    from correspondent_desk.formats.table_writer import write_csv

    headings = (_("Row"), _("Column"), _("Heading"), _("What becomes of it"), _("Why"))
    return write_csv(path, headings, _reported(session, preview))


def _reported(session: "Session", preview: "ImportPreview") -> "Iterator[Row]":
    from correspondent_desk.messages import imports as messages
    from correspondent_desk.messages.files import cell
    from correspondent_desk.records import imports

    for one in preview.problems:
        fate = _("row left out") if one.is_row_left_out else _("cell left empty")
        yield one.row, one.column, one.heading, fate, cell(one)
    for line in imports.lines(session, preview):
        yield line.row, "", "", messages.outcome(line.outcome), messages.line(line)
    for person in imports.absentees(session, preview):
        yield "", "", "", messages.absent_word(), messages.absent(person)


def _check(preview: "ImportPreview", answers: tuple[tuple[int, bool], ...]) -> None:
    """Each answer must be about a row to be confirmed, and the only one."""
    from correspondent_desk.records.imports import Outcome

    still_open = {row for row, outcome in preview.plan.numbered() if outcome is Outcome.SUGGESTED}
    for row, _is_same in answers:
        if row not in still_open:
            told = _("Row {row} is not to be confirmed, or has two answers.")
            raise click.UsageError(told.format(row=row))
        still_open.remove(row)


def _has_certain(preview: "ImportPreview") -> bool:
    """Whether there is anything to write without a person's answer."""
    from correspondent_desk.records.imports import Outcome

    return bool(preview.counts[Outcome.NEW] or preview.counts[Outcome.UPDATED])


def _status(preview: "ImportPreview", answered: int) -> Exit:
    from correspondent_desk.records.imports import Outcome

    counts = preview.counts
    if preview.faults or counts[Outcome.SUGGESTED] > answered or counts[Outcome.LEFT_OUT]:
        return Exit.NEEDS_PERSON
    return Exit.NOTHING if preview.is_nothing else Exit.DONE


@click.command(help=_("Write a list as CSV, or as XLSX."))
@click.argument("what", type=click.Choice(["members", "requests", "meetings", "contacts"]))
@click.argument("file", type=PLACE, metavar=_("FILE"))
@click.pass_obj
def export(desk: Desk, what: str, file: Path) -> None:
    """Write the list and say how long it is."""
    from correspondent_desk.messages import exports
    from correspondent_desk.records.exports import Exported

    desk.require_outside(file)
    with desk.reading() as store:
        count = store.read(lambda s: exports.write(s, Exported(what), file))
    said = ngettext("{n} line was written to {file}.", "{n} lines were written to {file}.", count)
    say(said.format(n=count, file=file))
    end(Exit.DONE if count else Exit.NOTHING)
