"""hub account and hub accounts: who may sign in to the hub's pages in a browser."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from correspondent_desk.cli.hub_opening import opened_hub, with_hub
from correspondent_desk.cli.legible import NAME
from correspondent_desk.cli.output import say, say_listed
from correspondent_desk.hub.person import account_name
from correspondent_desk.language import _

if TYPE_CHECKING:
    from correspondent_desk.hub.pages.accounts import Account

ROLES = ("operator", "auditor")


@click.group("account", help=_("Who may sign in to the hub’s pages in a browser."))
@with_hub
@click.pass_context
def account(ctx: click.Context, hub_folder: Path | None) -> None:
    """The group of what can be done with accounts."""
    if hub_folder is not None:
        ctx.meta["hub"] = hub_folder


@account.command("add", help=_("Add an account; without a password, one is made and shown once."))
@click.argument("name", type=NAME, metavar=_("NAME"))
@click.option(
    "--role",
    type=click.Choice(ROLES),
    default=ROLES[0],
    show_default=True,
    help=_("An operator changes things, an auditor reads all and changes nothing."),
)
@with_hub
def add(hub_folder: Path | None, name: str, role: str) -> None:
    """Add an account by its name."""
    with opened_hub(hub_folder) as opened:
        from correspondent_desk.hub.pages import accounts

        chosen = _typed()
        made = accounts.add(opened, name, accounts.Role(role), chosen, by=account_name())
    say(_("{name} may sign in to the hub’s pages.").format(name=name))
    if not chosen:
        _say_password(made)


@account.command("block", help=_("Keep an account out, from this moment on."))
@click.argument("name", type=NAME, metavar=_("NAME"))
@with_hub
def block(hub_folder: Path | None, name: str) -> None:
    """Block the account of that name."""
    with opened_hub(hub_folder) as opened:
        from correspondent_desk.hub.pages import accounts

        accounts.block(opened, name, by=account_name())
    say(_("{name} is blocked and signed out.").format(name=name))


@account.command(
    "let-in", help=_("Give an account a new password: it was forgotten, or the account blocked.")
)
@click.argument("name", type=NAME, metavar=_("NAME"))
@with_hub
def let_in(hub_folder: Path | None, name: str) -> None:
    """Make a new password and show it once."""
    with opened_hub(hub_folder) as opened:
        from correspondent_desk.hub.pages import accounts

        made = accounts.let_in(opened, name, by=account_name())
    say(_("{name} may sign in to the hub’s pages.").format(name=name))
    _say_password(made)


@click.command("accounts", help=_("Who may sign in to the hub’s pages, and who is blocked."))
@click.option("--json", "as_json", is_flag=True, help=_("One JSON object a line."))
@with_hub
def every(hub_folder: Path | None, as_json: bool) -> None:
    """List the accounts."""
    with opened_hub(hub_folder) as opened:
        from correspondent_desk.hub.pages import accounts

        found = accounts.every(opened)
    say_listed(
        found,
        _object,
        _in_words,
        as_json=as_json,
        nothing=_("There is no account yet. Add one with: hub account add."),
    )


def _typed() -> str:
    """The password that somebody types twice; nothing: one is to be made."""
    if sys.stdin is None or not sys.stdin.isatty():
        return ""
    return str(
        click.prompt(
            _("Password (nothing: one is made)"),
            default="",
            show_default=False,
            hide_input=True,
            err=True,
            confirmation_prompt=True,
        )
    )


def _say_password(made: str) -> None:
    say(_("Password, shown only now: {password}").format(password=made))
    say(_("It must be changed at the first sign-in."))


def _in_words(one: "Account") -> str:
    from correspondent_desk.hub.pages import words

    state = _("blocked") if one.blocked_at else words.role(one.role)
    return f"{one.name} · {state}"


def _object(one: "Account") -> dict[str, object]:
    return {
        "name": one.name,
        "role": one.role.value,
        "made_at": one.made_at.isoformat(timespec="seconds"),
        "signed_in_at": one.signed_in_at and one.signed_in_at.isoformat(timespec="seconds"),
        "blocked_at": one.blocked_at and one.blocked_at.isoformat(timespec="seconds"),
        "must_change": one.must_change,
    }
