"""hub revoke, hub restore, hub audit: what an administrator does about trust, and what was done."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from correspondent_desk.cli.hub_opening import opened_hub, with_hub
from correspondent_desk.cli.legible import TEXT, Whole
from correspondent_desk.cli.output import Exit, end, say, say_listed
from correspondent_desk.hub.person import account_name
from correspondent_desk.language import _, pgettext

if TYPE_CHECKING:
    from correspondent_desk.hub.audit import AuditRow
    from correspondent_desk.hub.invitations import InvitationRow


@click.command("revoke", help=_("Trust a desk no more: its computer was lost or stolen."))
@click.argument("office_name", metavar=_("OFFICE"), type=TEXT)
@click.argument("desk", type=Whole(min=1), metavar=pgettext("which", "NUMBER"))
@with_hub
def revoke(hub_folder: Path | None, office_name: str, desk: int) -> None:
    """Revoke the desk of this number."""
    from correspondent_desk.hub import desks, root

    with opened_hub(hub_folder) as opened:
        revoked = desks.revoke(opened, office_name, desk, by=account_name())
        is_unsaid = root.revoked_since(opened) > 0
    if revoked is None:
        say(_("This desk was no longer trusted already: nothing was changed."))
    else:
        say(
            _(
                "{desk} of {office} is no longer trusted: nothing is taken from it or written for it."
            ).format(desk=revoked.name, office=revoked.office)
        )
    if is_unsaid:
        say(_("Now sign the directory anew, so that desks hear of it: `hub directory FILE`."))
    if revoked is None:
        end(Exit.NOTHING)


@click.command("invitations", help=_("The invitations that nobody has used yet."))
@click.option("--json", "as_json", is_flag=True, help=_("One JSON object a line."))
@with_hub
def invitations(hub_folder: Path | None, as_json: bool) -> None:
    """List those that still serve."""
    from correspondent_desk.hub.invitations import still_open

    with opened_hub(hub_folder) as opened:
        found = still_open(opened)
    say_listed(
        found,
        _invitation_object,
        _invitation_in_words,
        as_json=as_json,
        nothing=_("No invitation is open."),
    )


def _invitation_in_words(one: "InvitationRow") -> str:
    return _("{number}: {office}, made on {made}, serves until {day}").format(
        number=one.number,
        office=one.office,
        made=one.made_at.astimezone().strftime("%d/%m/%Y"),
        day=one.ends_at.astimezone().strftime("%d/%m/%Y"),
    )


def _invitation_object(one: "InvitationRow") -> dict[str, object]:
    return {
        "number": one.number,
        "office": one.office,
        "office_code": one.office_code,
        "made_at": one.made_at.isoformat(timespec="seconds"),
        "ends_at": one.ends_at.isoformat(timespec="seconds"),
    }


@click.command("withdraw", help=_("Take back an invitation that nobody has used: it was lost."))
@click.argument("number", type=TEXT, metavar=pgettext("which", "NUMBER"))
@with_hub
def withdraw(hub_folder: Path | None, number: str) -> None:
    """Let no desk join with the invitation of this number."""
    from correspondent_desk.hub import invitations as given

    with opened_hub(hub_folder) as opened:
        withdrawn = given.withdraw(opened, number, by=account_name())
    told = _("Invitation {number} of {office} is withdrawn: no desk joins with it any more.")
    say(told.format(number=withdrawn.number, office=withdrawn.office))


@click.command("restore", help=_("Say that the database of the hub was put back from a copy."))
@with_hub
def restore(hub_folder: Path | None) -> None:
    """Have all desks send again what the copy lacks."""
    from correspondent_desk.hub import restoring, root
    from correspondent_desk.messages import trust

    with opened_hub(hub_folder) as opened:
        restoring.say_restored(opened, by=account_name())
        has_root = root.newest(opened) is not None
        is_disowned = root.is_disowned(opened)
    say(_("All desks will send again what the copy lacks, with their next exchange."))
    if is_disowned:
        say(trust.key_given_up())
    elif has_root:
        # The copy may hold a key that desks no longer believe, or one that was stolen.
        say(
            _(
                "Now sign the directory anew: `hub directory FILE`. If the hub took another signing"
                " key since the copy was made, add `--new-key planned`, or `--new-key stolen` if"
                " the former one was stolen; desks refuse its files until then."
            )
        )


@click.command("audit", help=_("Who did what to the hub, newest first."))
@click.option("--count", default=50, type=Whole(min=1), help=_("How many."))
@click.option("--json", "as_json", is_flag=True, help=_("One JSON object a line."))
@with_hub
def audit(hub_folder: Path | None, count: int, as_json: bool) -> None:
    """List administrative acts."""
    from correspondent_desk.hub import audit as acts

    with opened_hub(hub_folder) as opened:
        found = acts.newest(opened, count)
    say_listed(
        found,
        _act_object,
        _act_in_words,
        as_json=as_json,
        nothing=_("Nothing has been recorded yet."),
    )


def _act_in_words(one: "AuditRow") -> str:
    from correspondent_desk.hub.pages import words

    where = f"{one.office} {one.desk}" if one.desk else one.office
    when = one.at.astimezone().strftime("%d/%m/%Y %H:%M")
    return " · ".join(filter(None, (when, one.by, words.act(one.what), where, words.details(one))))


def _act_object(one: "AuditRow") -> dict[str, object]:
    return {
        "at": one.at.isoformat(timespec="seconds"),
        "by": one.by,
        "what": one.what,
        "office": one.office,
        "desk": one.desk,
        "details": one.details,
    }
