"""hub waiting, hub approve: work of a computer that was lost and found again, or put back from a copy."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from correspondent_desk.cli.hub_opening import opened_hub, with_hub
from correspondent_desk.cli.legible import TEXT
from correspondent_desk.cli.output import say, say_listed
from correspondent_desk.hub.person import account_name
from correspondent_desk.language import _, ngettext

if TYPE_CHECKING:
    from correspondent_desk.hub.held import HeldRow


@click.command(
    "waiting",
    help=_(
        "Files to be approved: of desks that are trusted no more, or were put back from a copy."
    ),
)
@click.option("--json", "as_json", is_flag=True, help=_("One JSON object a line."))
@with_hub
def waiting(hub_folder: Path | None, as_json: bool) -> None:
    """List them, oldest first."""
    from correspondent_desk.hub import forked, held

    with opened_hub(hub_folder) as opened:
        forked.settle(opened)
        found = held.held(opened)
    say_listed(
        found, _object, _in_words, as_json=as_json, nothing=_("No file waits to be approved.")
    )


@click.command("approve", help=_("Take in such a file; a desk without trust stays so."))
@click.argument("id_", metavar="ID", type=TEXT)
@with_hub
def approve(hub_folder: Path | None, id_: str) -> None:
    """Approve the file of this id."""
    from correspondent_desk.hub import approving

    with opened_hub(hub_folder) as opened:
        count = approving.approve(opened, id_, by=account_name())
    say(ngettext("{n} change was taken in.", "{n} changes were taken in.", count).format(n=count))


@click.command("decline", help=_("Let such a file go: nothing of it is taken in."))
@click.argument("id_", metavar="ID", type=TEXT)
@with_hub
def decline(hub_folder: Path | None, id_: str) -> None:
    """Decline the file of this id."""
    from correspondent_desk.hub import declining

    with opened_hub(hub_folder) as opened:
        gone, *others = declining.decline(opened, id_, by=account_name())
    say(_("Nothing of the file “{id}” was taken in.").format(id=gone.id))
    for one in others:
        say(_("The file “{id}” goes on from it and is let go with it.").format(id=one.id))


def _in_words(one: "HeldRow") -> str:
    changes = ngettext("{n} change", "{n} changes", one.operations).format(n=one.operations)
    desk = f"{one.desk} {one.desk_name}"
    came = _("received on {date}").format(date=one.received_at.astimezone().strftime("%d/%m/%Y"))
    told = [one.id, one.office, desk, changes, came]
    if one.is_forked:
        told.append(_("the desk was put back from a copy"))
    return " · ".join(told)


def _object(one: "HeldRow") -> dict[str, object]:
    return {
        "id": one.id,
        "office": one.office,
        "office_code": one.office_code,
        "desk": one.desk,
        "desk_name": one.desk_name,
        "number": one.number,
        "operations": one.operations,
        "put_back": one.is_forked,
        "received_at": one.received_at.isoformat(timespec="seconds"),
    }
