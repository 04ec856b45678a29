"""hub erasures, hub erase: whom offices want to have erased, and what became of it."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from correspondent_desk.cli.hub_opening import opened_hub, with_hub
from correspondent_desk.cli.legible import TEXT, Whole
from correspondent_desk.cli.output import say, say_listed
from correspondent_desk.hub.person import account_name
from correspondent_desk.language import _, ngettext, pgettext

if TYPE_CHECKING:
    from correspondent_desk.hub.erasing import ErasureRow


@click.command("erasures", help=_("Whom offices asked to erase, and where it was done."))
@click.option("--json", "as_json", is_flag=True, help=_("One JSON object a line."))
@with_hub
def erasures(hub_folder: Path | None, as_json: bool) -> None:
    """List the wishes, newest first."""
    from correspondent_desk.hub import erasing

    with opened_hub(hub_folder) as opened:
        found = erasing.requests(opened)
    say_listed(
        found,
        _object,
        lambda one: f"{one.id}  {_in_words(one)}",
        as_json=as_json,
        nothing=_("No office has asked for an erasure."),
    )


number_of_wish = click.argument(
    "number",
    type=Whole(min=1),
    metavar=pgettext("which", "NUMBER"),
    help=_("As hub erasures lists it."),
)


@click.group("erase", help=_("Decide whether somebody is erased for good."))
@with_hub
@click.pass_context
def erase(ctx: click.Context, hub_folder: Path | None) -> None:
    """The group of decisions."""
    if hub_folder is not None:
        ctx.meta["hub"] = hub_folder


@erase.command("confirm", help=_("Erase here, and on each desk with its next exchange."))
@number_of_wish
@with_hub
def confirm(hub_folder: Path | None, number: int) -> None:
    """Confirm the wish of this number; it cannot be undone."""
    from correspondent_desk.hub import erasing

    with opened_hub(hub_folder) as opened:
        row = erasing.confirm(opened, number, by=account_name())
    say(
        _(
            "{reference} of {office} is erased here for good. Each desk erases it with its next"
            " exchange."
        ).format(reference=row.reference, office=row.office)
    )


@erase.command("decline", help=_("Do not erase; the office is told with its next exchange."))
@number_of_wish
@click.option("--why", default="", type=TEXT, help=_("What the office is told: a sentence."))
@with_hub
def decline(hub_folder: Path | None, number: int, why: str) -> None:
    """Decline the wish of this number."""
    from correspondent_desk.hub import erasing

    with opened_hub(hub_folder) as opened:
        row = erasing.decline(opened, number, by=account_name(), why=why)
    say(_("{reference} of {office} is kept.").format(reference=row.reference, office=row.office))


def _in_words(one: "ErasureRow") -> str:
    asked = _("asked on {date} by {person}").format(
        date=one.asked_at.astimezone().strftime("%d/%m/%Y"), person=one.person
    )
    return " · ".join((one.reference, one.office, asked, _state(one)))


def _state(one: "ErasureRow") -> str:
    match one.state:
        case "asked":
            return _("to be decided")
        case "declined":
            return (
                _("declined: {reason}").format(reason=one.reason) if one.reason else _("declined")
            )
        case _:
            return ngettext(
                "erased on {done} of {n} desk", "erased on {done} of {n} desks", one.desks
            ).format(done=one.done, n=one.desks)


def _object(one: "ErasureRow") -> dict[str, object]:
    return {
        "number": one.id,
        "reference": one.reference,
        "office": one.office,
        "office_code": one.office_code,
        "desk": one.desk,
        "person": one.person,
        "asked_at": one.asked_at.isoformat(timespec="seconds"),
        "state": one.state.value,
        "decided_at": one.decided_at.isoformat(timespec="seconds") if one.decided_at else None,
        "decided_by": one.decided_by,
        "reason": one.reason,
        "done": one.done,
        "desks": one.desks,
    }
