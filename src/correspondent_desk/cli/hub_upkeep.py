"""hub compact: what a hub that is not served all the time is to do now and then."""

from pathlib import Path

import click

from correspondent_desk.cli.hub_opening import opened_hub, with_hub
from correspondent_desk.cli.output import Exit, end, say
from correspondent_desk.language import _, ngettext


@click.command("compact", help=_("Drop what was replaced more than 400 days ago."))
@with_hub
def compact(hub_folder: Path | None) -> None:
    """Shorten the logs of all offices."""
    from correspondent_desk.hub import compaction

    with opened_hub(hub_folder) as opened:
        done = compaction.compact(opened)
    if not done.operations:
        say(_("Nothing is old enough to be dropped."))
        end(Exit.NOTHING)
    say(
        ngettext(
            "{n} change that was replaced long ago was dropped.",
            "{n} changes that were replaced long ago were dropped.",
            done.operations,
        ).format(n=done.operations)
    )
