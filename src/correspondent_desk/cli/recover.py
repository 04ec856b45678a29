"""recover: opening the desk through the committee when passphrase and sheet are both lost."""

from pathlib import Path

import click

from correspondent_desk.cli.legible import PLACE
from correspondent_desk.cli.opening import Desk
from correspondent_desk.cli.output import say
from correspondent_desk.language import _


@click.group(help=_("Open the desk through the committee, without passphrase and without sheet."))
def recover() -> None:
    """The group of the two steps."""


@recover.command("request", help=_("Write a request for the committee into a file or a folder."))
@click.argument("file", type=PLACE)
@click.pass_obj
def request(desk: Desk, file: Path) -> None:
    """Ask; an earlier request is of no use afterwards."""
    from correspondent_desk.sync import recovering

    desk.require_outside(file)
    asked = recovering.request(desk.existing(), file)
    say(_("The request is in {file}. Send it to the committee.").format(file=asked.path))
    say(
        _("Its numbers, to read out when the committee calls: {numbers}").format(
            numbers=asked.numbers
        )
    )


@recover.command("open", help=_("Open the desk with the committee’s answer, by a new passphrase."))
@click.argument("file", type=PLACE)
@click.pass_obj
def open_(desk: Desk, file: Path) -> None:
    """Use the answer, once; the new passphrase comes as that of a new desk does."""
    from correspondent_desk.store import committee
    from correspondent_desk.store.vault import change_passphrase, has_recovery
    from correspondent_desk.sync import recovering

    folder = desk.existing()
    key = recovering.key_by_answer(folder, file)
    change_passphrase(folder, key, desk.new_passphrase())
    committee.forget(folder)
    say(_("The desk opens with the new passphrase. The answer is of no use any more."))
    if has_recovery(folder):
        say(
            _(
                "The lost recovery sheet still opens it: make a new one in the settings of the window."
            )
        )
