"""hub recover: the committee opens a desk whose passphrase and sheet are lost."""

from pathlib import Path

import click

from correspondent_desk.cli.hub_opening import FILE, opened_hub, with_hub
from correspondent_desk.cli.opening import Desk
from correspondent_desk.cli.output import Exit, end, say
from correspondent_desk.hub.person import account_name
from correspondent_desk.language import _


@click.command(
    "recover",
    help=_(
        "Answer a desk whose passphrase and sheet are lost: say who asks and, once you have checked"
        " that person, write the answer."
    ),
)
@click.argument("request", type=FILE, metavar=_("REQUEST"))
@click.argument("answer", type=FILE, metavar=_("ANSWER"))
@click.option(
    "--root", type=FILE, required=True, help=_("The file of the root key, from the safe.")
)
@click.option("--checked", is_flag=True, help=_("The person was checked; do not ask."))
@with_hub
@click.pass_obj
def recover(
    desk: Desk, hub_folder: Path | None, request: Path, answer: Path, root: Path, checked: bool
) -> None:
    """Look, ask, answer."""
    from correspondent_desk.hub import recovering
    from correspondent_desk.sync.recovering import ANSWERS

    if answer.is_dir():
        answer /= f"{request.stem}{ANSWERS}"
    elif answer.suffix.lower() != ANSWERS:
        answer = answer.with_name(answer.name + ANSWERS)
    passphrase = desk.passphrase()
    with opened_hub(hub_folder) as opened:
        asking = recovering.look(opened, request, root, passphrase)
        say(
            _("Desk {number} of {office}: {name}, enrolled by {person}.").format(
                number=asking.desk,
                office=asking.office,
                name=asking.desk_name,
                person=asking.person or _("nobody named"),
            )
        )
        say(_("The numbers that its screen must show: {numbers}").format(numbers=asking.numbers))
        question = _(
            "Did you call the person on a number that you knew before, and hear these numbers?"
        )
        if not (checked or click.confirm(question)):
            say(_("Nothing was written."))
            end(Exit.REFUSED)
        recovering.answer(opened, request, root, passphrase, answer, by=account_name())
    say(_("The answer is in {file}. It opens that desk once.").format(file=answer))
