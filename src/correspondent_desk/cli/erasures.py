"""erase: ask the hub to erase somebody for good."""

from datetime import datetime
from typing import TYPE_CHECKING

import click

from correspondent_desk.cli.legible import TEXT
from correspondent_desk.cli.opening import Desk
from correspondent_desk.cli.output import say, say_listed
from correspondent_desk.domain.actions import Action
from correspondent_desk.language import _

if TYPE_CHECKING:
    from correspondent_desk.store.erasure_wishes import AskedRow


@click.group(help=_("Ask the committee to erase somebody for good."))
def erase() -> None:
    """The group of what can be erased."""


@erase.command("member", help=_("Hide a member at once and ask that they are erased everywhere."))
@click.argument("member", type=TEXT, metavar="ID")
@click.pass_obj
def erase_member(desk: Desk, member: str) -> None:
    """Remove the member here; the next bundle asks the hub."""
    from correspondent_desk.messages import erasing, people
    from correspondent_desk.records import erasures, finding, members
    from correspondent_desk.sync import link

    today = datetime.now().astimezone().date()
    with desk.writing() as store:
        store.read(link.load)
        member_id = store.read(lambda s: finding.member_called(s, member))
        name = people.shown_name(store.read(lambda s: members.card(s, member_id, today)).draft)
        reference = store.do(Action.MEMBER_REMOVED, lambda s: erasures.ask(s, member_id)).result
    say(
        _(
            "{name} is out of all lists. With the next exchange the committee is asked to erase them"
            " everywhere; the reference is {reference}."
        ).format(name=name, reference=reference)
    )
    say(erasing.beyond_reach())


@erase.command("list", help=_("Who was asked for and is not erased yet."))
@click.option("--json", "as_json", is_flag=True, help=_("One JSON object a line."))
@click.pass_obj
def erase_list(desk: Desk, as_json: bool) -> None:
    """List what the hub has not carried out yet, what it declined included."""
    from correspondent_desk.messages import erasing
    from correspondent_desk.store import erasure_wishes

    with desk.reading() as store:
        found = store.read(erasure_wishes.rows)
    say_listed(
        found,
        _object,
        erasing.asked,
        as_json=as_json,
        nothing=_("No erasure waits to be carried out."),
    )


def _object(one: "AskedRow") -> dict[str, object]:
    return {
        "reference": one.reference,
        "member": one.record,
        "asked_at": one.asked_at.isoformat(timespec="seconds"),
        "person": one.person,
        "state": "asked" if one.declined_at is None else "declined",
        "declined_at": one.declined_at and one.declined_at.isoformat(timespec="seconds"),
        "reason": one.reason,
    }
