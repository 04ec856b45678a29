"""What stands in the way of a command, and what to do: words it does not understand, or no screen."""

from correspondent_desk.errors import DeskError
from correspondent_desk.language import _

Told = tuple[str, str]


def said(error: DeskError) -> Told | None:
    """As refusals.said."""
    return _of_words(error) or _of_windows(error)


def _of_words(error: DeskError) -> Told | None:
    match error.code, error.reason:
        case "no-desk-here", _:
            return (
                _("There is no desk in this folder: {folder}."),
                _("Name another folder, or set up a desk there."),
            )
        case "no-passphrase", "unreadable-file":
            return (
                _("The file with the passphrase cannot be read: {path}."),
                _("Check its name and who may read it."),
            )
        case "no-passphrase", "too-short":
            return (
                _("This passphrase is too short: at least {least} characters, not all the same."),
                _("Four or five words are easy to remember."),
            )
        case "no-passphrase", _:
            return (
                _("A passphrase is needed, and there is no terminal to ask on."),
                _("Give it in a file, with --passphrase-file."),
            )
        case "bad-edit", "field":
            return _("There is no field called “{text}”."), _("These can be edited: {fields}.")
        case "bad-edit", "twice":
            return _("The field {text} is named twice."), _("Write it once, with the right value.")
        case "bad-edit", "value":
            return _("This value cannot be read: “{text}”."), _way_to_write(error)
        case "bad-edit", _:
            return _("“{text}” is not an edit."), _("Write FIELD=VALUE.")
        case "has-problems", _:
            return "{problems}", _("Nothing was changed.")
        case _:
            return None


def _way_to_write(error: DeskError) -> str:
    match error.details.get("expected"):
        case "choice":
            return _("It can be: {choices}.")
        case "number":
            return _("It can be a number from {least} to {most}.")
        case "site":
            return _("Write the name of a site of this desk.")
        case "address":
            return _(
                "Write lines, postcode and town with bars between: 3 rue Haute|67990|VALBRUNE."
            )
        case _:
            return _("Write dates like 1970-12-31.")


def _of_windows(error: DeskError) -> Told | None:
    match error.code, error.reason:
        case "no-window", "no-display":
            return (
                _("There is no screen to show a window on."),
                _("Start this from a desktop, or name a command; --help lists them."),
            )
        case "no-window", _:
            return (
                _("The window cannot be shown, a library is missing: {what}."),
                _("Install it, or start the program with python3 dev.py run, which does."),
            )
        case _:
            return None
