"""Why somebody may not sign in to the hub, or an account not be made: for pages and command line."""

from correspondent_desk.errors import DeskError
from correspondent_desk.language import _


def said(error: DeskError) -> tuple[str, str] | None:
    """What stands in the way and what to do, with their named places still open."""
    match error.code, error.reason:
        case "wrong-password", _:
            return (
                _("Name and password do not fit together, or the account is blocked."),
                _("Check capitals and keyboard, or ask another operator."),
            )
        case "too-early", _:
            return _("It is too early for another attempt."), _("Wait {wait}, then try again.")
        case "account-exists", _:
            return (
                _("There is an account of that name already: {name}."),
                _("Choose another name, or give that account a new password."),
            )
        case "no-such-account", _:
            return _("There is no account of that name: {name}."), _(
                "Look at the list of accounts."
            )
        case "last-operator", _:
            return (
                _("{name} is the last operator: nobody could let anybody in any more."),
                _("Make another operator first."),
            )
        case "weak-password", _:
            return _of_password(error.reason)
        case "bad-account-name", _:
            return _of_name(error.reason)
        case _:
            return None


def _of_password(reason: str) -> tuple[str, str]:
    to_do = _("Four or five words are easy to remember.")
    match reason:
        case "short":
            return (
                _("This password is too short: at least {least} characters, not all the same."),
                to_do,
            )
        case "long":
            return _("This password is too long: at most {most} characters."), to_do
        case "same":
            return _("This is the password you have already."), _("Choose another one.")
        case _:
            return _("A password must not be the name of its account."), to_do


def _of_name(reason: str) -> tuple[str, str]:
    match reason:
        case "empty":
            return _("The account needs a name."), _("Choose one.")
        case "long":
            return _("This name is too long."), _("Write a shorter one.")
        case _:
            return _("This name holds signs that cannot be seen."), _("Type it again.")
