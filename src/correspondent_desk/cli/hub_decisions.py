"""hub decisions: what the committee decided, on its way to the desks."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from correspondent_desk.cli.hub_opening import FILE, opened_hub, with_hub
from correspondent_desk.cli.output import Exit, end, say, say_object, say_objects
from correspondent_desk.hub.person import account_name
from correspondent_desk.language import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Iterator

    from correspondent_desk.domain.decisions import Standing
    from correspondent_desk.formats.table_writer import Row
    from correspondent_desk.hub.decisions import Report

_TOLD = 20


@click.group("decisions", help=_("What the committee decided of requests."))
@with_hub
@click.pass_context
def decisions(ctx: click.Context, hub_folder: Path | None) -> None:
    """The group of what can be done with decisions."""
    if hub_folder is not None:
        ctx.meta["hub"] = hub_folder


@decisions.command("import", help=_("Take in a list of decisions, for the desks concerned."))
@click.argument("file", type=FILE, metavar=_("FILE"))
@click.option("--dry-run", is_flag=True, help=_("Only say what would become of each row."))
@click.option("--report", type=FILE, help=_("Write what became of each row to this file."))
@click.option("--json", "as_json", is_flag=True, help=_("One JSON object a line."))
@with_hub
def import_decisions(
    hub_folder: Path | None, file: Path, report: Path | None, *, dry_run: bool, as_json: bool
) -> None:
    """Take in the rows that are whole; the others are named."""
    from datetime import datetime

    from correspondent_desk.formats import decision_list
    from correspondent_desk.hub import catalogue
    from correspondent_desk.hub import decisions as hub_decisions

    with opened_hub(hub_folder) as opened:
        rows, left_out = decision_list.read(
            file,
            today=datetime.now().astimezone().date(),
            names=catalogue.document_names(opened),
        )
        found = hub_decisions.take_in(
            opened, rows, left_out, by=account_name(), is_meant=not dry_run
        )
    if report is not None:
        _write(found, report)
    if as_json:
        say_objects(_objects(found))
        say_object(_counts(found, dry_run=dry_run))
    else:
        _say(found, dry_run=dry_run)
    if found.left_out:
        end(Exit.NEEDS_PERSON)
    end(Exit.DONE if found.new else Exit.NOTHING)


def _say(found: "Report", *, dry_run: bool) -> None:
    from correspondent_desk.messages.decision_list import place, replaces, why

    for one in found.left_out[:_TOLD]:
        say(_("{place}: {reason}").format(place=place(one), reason=why(one)))
    if len(found.left_out) > _TOLD:
        left = len(found.left_out) - _TOLD
        say(
            ngettext(
                "… and {n} other; --report FILE writes all of them.",
                "… and {n} others; --report FILE writes all of them.",
                left,
            ).format(n=left)
        )
    for row, stands in _replacing(found)[:_TOLD]:
        where = _("row {row}").format(row=row)
        say(_("{place}: {reason}").format(place=where, reason=replaces(stands)))
    n, known, left = found.new, len(found.taken) - found.new, len(found.left_out)
    if dry_run:
        told = ngettext("{n} decision would be passed on.", "{n} decisions would be passed on.", n)
    else:
        told = ngettext(
            "{n} decision goes to its desk with the next file.",
            "{n} decisions go to their desks with the next files.",
            n,
        )
    parts = [told.format(n=n)]
    if found.replacing:
        parts.append(
            ngettext(
                "{n} replaces what was taken in before.",
                "{n} replace what was taken in before.",
                found.replacing,
            ).format(n=found.replacing)
        )
    if known:
        parts.append(
            ngettext("{n} was known already.", "{n} were known already.", known).format(n=known)
        )
    if left:
        parts.append(ngettext("{n} row left out.", "{n} rows left out.", left).format(n=left))
    say(" ".join(parts))


def _replacing(found: "Report") -> "list[tuple[int, Standing]]":
    """The rows that take the place of another decision, and of which."""
    return [(one.row.row, one.replaces) for one in found.taken if one.replaces is not None]


def _write(found: "Report", path: Path) -> None:
    """One line for each row. Raises UnwritableFile."""
    from correspondent_desk.formats.table_writer import write

    headings = (
        _("Row"), _("Request number"), _("Office"), _("What becomes of it"), _("Why"),
    )  # fmt: skip
    write(path, headings, _lines(found), title=_("Decisions"))


def _lines(found: "Report") -> "Iterator[Row]":
    from correspondent_desk.messages.decision_list import replaces, why

    lines: list[tuple[int, Row]] = [
        (
            one.row.row,
            (
                one.row.row,
                one.row.number,
                one.office,
                _("known already") if one.is_known else _("passed on"),
                "" if one.replaces is None else replaces(one.replaces),
            ),
        )
        for one in found.taken
    ]
    lines += [
        (one.row, (one.row, one.number, one.office, _("row left out"), why(one)))
        for one in found.left_out
    ]
    return (line for _row, line in sorted(lines, key=lambda one: one[0]))


def _objects(found: "Report") -> "Iterator[dict[str, object]]":
    from correspondent_desk.messages.decision_list import as_parts, why

    for taken in found.taken:
        yield {
            "row": taken.row.row,
            "number": taken.row.number,
            "office": taken.office,
            "outcome": "known" if taken.is_known else "new",
            "replaces": None if taken.replaces is None else as_parts(taken.replaces),
        }
    for one in found.left_out:
        yield {
            "row": one.row,
            "number": one.number,
            "office": one.office,
            "column": one.column,
            "outcome": "left-out",
            "fault": one.fault.value,
            "why": why(one),
        }


def _counts(found: "Report", *, dry_run: bool) -> dict[str, object]:
    return {
        "new": found.new,
        "replacing": found.replacing,
        "known": len(found.taken) - found.new,
        "left_out": len(found.left_out),
        "dry_run": dry_run,
    }
