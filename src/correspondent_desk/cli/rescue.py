"""rescue: a computer that was lost and found again joins its office anew."""

from datetime import datetime
from pathlib import Path

import click

from correspondent_desk.cli.legible import NAME, PLACE
from correspondent_desk.cli.opening import Desk
from correspondent_desk.cli.output import say
from correspondent_desk.language import _, ngettext


@click.command(
    help=_(
        "Join the office anew with a computer that was lost and found again: what it had not sent"
        " goes to the committee for approval."
    )
)
@click.argument("invitation", type=PLACE)
@click.option("--name", default="", type=NAME, help=_("What others call this computer."))
@click.pass_obj
def rescue(desk: Desk, invitation: Path, name: str) -> None:
    """Begin anew, then exchange over the network if the invitation says where."""
    from correspondent_desk.cli import online
    from correspondent_desk.sync import rescue as sync

    now = datetime.now()  # noqa: DTZ005 - local, as copies are named
    done = sync.rescue(desk.existing(), desk.key(), invitation, now, name)
    say(
        _("This desk begins anew for {office} at {hub}. What was there is kept as a copy.").format(
            office=done.link.office_name, hub=done.link.hub_name
        )
    )
    try:
        if done.link.url:
            with desk.carrying() as store:
                online.exchange_over_network(store, has_done=True)
    finally:  # the exchange ends the program
        # What the hub has by now lies nowhere any more, and the exchange has said so.
        if done.unsent is not None and done.unsent.path.exists():
            told = ngettext(
                "{n} change that was never sent lies in {file}, for the committee to approve.",
                "{n} changes that were never sent lie in {file}, for the committee to approve.",
                done.unsent.operations,
            )
            say(told.format(n=done.unsent.operations, file=done.unsent.path))
