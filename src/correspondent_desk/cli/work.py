"""today, undo, redo and history on the command line."""

from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

import click

from correspondent_desk.cli.legible import TEXT, Whole
from correspondent_desk.cli.opening import Desk
from correspondent_desk.cli.output import Exit, end, say, say_object, say_objects
from correspondent_desk.language import _

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@click.command(help=_("What is to be done today, and why."))
@click.option("--json", "as_json", is_flag=True, help=_("One JSON object."))
@click.pass_obj
def today(desk: Desk, as_json: bool) -> None:
    """Print the page Today."""
    from correspondent_desk.messages import today_page
    from correspondent_desk.records import today as records
    from correspondent_desk.store.vault import has_recovery

    now = datetime.now().astimezone()
    with desk.reading() as store:
        page = store.read(lambda s: records.page(s, now))
    lacks = not has_recovery(desk.existing())
    page = replace(page, to_check=replace(page.to_check, lacks_recovery_sheet=lacks))
    if as_json:
        say_object(today_page.as_object(page, now.date()))
        return
    for line in today_page.in_words(page, now.date()):
        say(line)


@click.command(help=_("Take back the last step."))
@click.pass_obj
def undo(desk: Desk) -> None:
    """Undo one step and name it."""
    from correspondent_desk.messages.history import named

    with desk.writing() as store:
        step = store.next_undo()
        if step is None:
            say(_("There is nothing to take back."))
            end(Exit.NOTHING)
        name = store.read(lambda s: named(s, step))
        store.undo()
    say(_("Taken back: {step}").format(step=name))


@click.command(help=_("Do again the step that was taken back last."))
@click.pass_obj
def redo(desk: Desk) -> None:
    """Redo one step and name it."""
    from correspondent_desk.messages.history import named

    with desk.writing() as store:
        step = store.next_redo()
        if step is None:
            say(_("There is nothing to do again."))
            end(Exit.NOTHING)
        name = store.read(lambda s: named(s, step))
        store.redo()
    say(_("Done again: {step}").format(step=name))


@click.command(help=_("Who changed what, and when."))
@click.argument("what", type=TEXT, nargs=-1, metavar=_("[member ID | request NUMBER | office]"))
@click.option("--json", "as_json", is_flag=True, help=_("One JSON object a line."))
@click.option(
    "--limit",
    default=50,
    show_default=True,
    type=Whole(1, 100_000),
    metavar=_("NUMBER"),
    help=_("At most so many."),
)
@click.pass_obj
def history(desk: Desk, what: tuple[str, ...], as_json: bool, limit: int) -> None:
    """Print the newest steps, or the history of a member, a request, or the office."""
    match what:
        case ():
            is_empty = not _tell_steps(desk, limit, as_json=as_json)
        case ("member" | "request", _) | ("office",):
            is_empty = not _tell_saves(desk, what, limit, as_json=as_json)
        case _:
            raise click.UsageError(
                _("Write: history, history member ID, history request NUMBER or history office")
            )
    if is_empty:
        if not as_json:
            say(_("Nothing has been recorded yet."))
        end(Exit.NOTHING)


def _tell_steps(desk: Desk, limit: int, *, as_json: bool) -> int:
    """Print the newest steps; how many there are."""
    from correspondent_desk.messages import history as messages

    today = datetime.now().astimezone().date()
    with desk.reading() as store:
        steps = store.journal(limit)
        if as_json:
            say_objects(store.read(lambda s: [messages.step_as_object(s, one) for one in steps]))
        else:
            for line in store.read(
                lambda s: [messages.step_in_words(s, one, today) for one in steps]
            ):
                say(line)
    return len(steps)


def _records(session: "Session", what: tuple[str, ...]) -> list[int]:
    """Those whose history is asked for."""
    from correspondent_desk.records import finding, pasts

    match what:
        case ("member", member):
            return pasts.of_member(session, finding.member_called(session, member))
        case ("request", number):
            return pasts.of_request(session, finding.request_called(session, number))
        case _:
            return pasts.of_office(session)


def _tell_saves(desk: Desk, what: tuple[str, ...], limit: int, *, as_json: bool) -> int:
    """Print the saves of what is asked for; how many there are."""
    from correspondent_desk.messages import history as messages

    today = datetime.now().astimezone().date()
    with desk.reading() as store:
        told = store.read(lambda s: _records(s, what))
        rows = store.history_of(*told)[:limit]
        if as_json:
            say_objects(map(messages.row_as_object, rows))
        else:
            for line in store.read(lambda s: messages.rows_in_words(s, rows, today)):
                say(line)
    return len(rows)
