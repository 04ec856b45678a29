"""today, undo, redo and history on the command line."""

from datetime import datetime

import click

from correspondent_desk.cli.members import found
from correspondent_desk.cli.opening import Desk
from correspondent_desk.cli.output import Exit, end, say, say_object, say_objects
from correspondent_desk.language import _


@click.command(help=_("What is to be done today, and why."))
@click.option("--json", "as_json", is_flag=True, help=_("One JSON object."))
@click.pass_obj
def today(desk: Desk, as_json: bool) -> None:
    """Print the page Today."""
    from correspondent_desk.messages import today_page
    from correspondent_desk.records import today as records

    now = datetime.now().astimezone()
    with desk.reading() as store:
        page = store.read(lambda s: records.page(s, now))
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
            say(_("There is nothing to undo."))
            end(Exit.NOTHING)
        name = store.read(lambda s: named(s, step))
        store.undo()
    say(_("Undone: {step}").format(step=name))


@click.command(help=_("Do again the step that was taken back last."))
@click.pass_obj
def redo(desk: Desk) -> None:
    """Redo one step and name it."""
    from correspondent_desk.messages.history import named

    with desk.writing() as store:
        step = store.next_redo()
        if step is None:
            say(_("There is nothing to redo."))
            end(Exit.NOTHING)
        name = store.read(lambda s: named(s, step))
        store.redo()
    say(_("Done again: {step}").format(step=name))


@click.command(help=_("Who changed what and when: of one member, or of the whole desk."))
@click.argument("what", nargs=-1, metavar="[member ID]")
@click.option("--json", "as_json", is_flag=True, help=_("One JSON object a line."))
@click.option("--limit", default=50, show_default=True, help=_("At most so many steps."))
@click.pass_obj
def history(desk: Desk, what: tuple[str, ...], as_json: bool, limit: int) -> None:
    """Print the journal, or the history of a record."""
    from correspondent_desk.messages import history as messages

    if what and (len(what) != 2 or what[0] != "member"):
        raise click.UsageError(_("Write: history, or history member ID"))
    with desk.reading() as store:
        if what:
            member_id = store.read(lambda s: found(s, what[1]))
            rows = store.history_of(member_id)
            lines = [messages.row_in_words(row) for row in rows]
            objects = [messages.row_as_object(row) for row in rows]
        else:
            steps = store.journal(limit)
            lines = store.read(lambda s: [messages.step_in_words(s, step) for step in steps])
            objects = store.read(lambda s: [messages.step_as_object(s, step) for step in steps])
    if not lines:
        say(_("Nothing has been recorded yet."))
        end(Exit.NOTHING)
    if as_json:
        say_objects(objects)
        return
    for line in lines:
        say(line)
