"""hub catalogue: the catalogue of benefits that every desk is given."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from correspondent_desk.cli.hub_opening import FILE, opened_hub, with_hub
from correspondent_desk.cli.output import Exit, end, say
from correspondent_desk.hub.person import account_name
from correspondent_desk.language import _, ngettext

if TYPE_CHECKING:
    from correspondent_desk.hub.catalogue import Published


@click.group(
    "catalogue",
    invoke_without_command=True,
    help=_("The catalogue of benefits that every desk is given, and where it has come."),
)
@with_hub
@click.pass_context
def catalogue(ctx: click.Context, hub_folder: Path | None) -> None:
    """Say which is published, if nothing else is asked for."""
    if hub_folder is not None:
        ctx.meta["hub"] = hub_folder
    if ctx.invoked_subcommand is not None:
        return
    from correspondent_desk.hub import catalogue as published

    with opened_hub(hub_folder) as opened:
        found = published.newest_of(opened)
    if found is None:
        say(_("Nothing is published: desks use the catalogue that came with the program."))
        end(Exit.NOTHING)
    _tell(found)


@catalogue.command("publish", help=_("Give every desk this catalogue with its next exchange."))
@click.argument("file", type=FILE)
@with_hub
def publish(hub_folder: Path | None, file: Path) -> None:
    """Check the file and publish it."""
    from correspondent_desk.hub import catalogue as published
    from correspondent_desk.records.catalogue import read_file

    with opened_hub(hub_folder) as opened:
        _tell(published.publish(opened, read_file(file), by=account_name()))


def _tell(found: "Published") -> None:
    edition = found.content.edition
    say(
        _("Catalogue no. {version}, in force from {date}: {source}").format(
            version=edition.version,
            date=edition.valid_from.strftime("%d/%m/%Y"),
            source=edition.source,
        )
    )
    say(
        ngettext("{done} of {n} desk has it.", "{done} of {n} desks have it.", found.desks).format(
            done=found.done, n=found.desks
        )
    )
