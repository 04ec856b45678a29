"""What is said when an erasure or a root key is refused, and when trust grows old."""

import re
from datetime import datetime

from correspondent_desk.errors import DeskError
from correspondent_desk.language import _


def vouched_long_ago(at: datetime) -> str:
    """The hub's directory was signed at this moment, and none since has come."""
    return _(
        "The hub’s list of its keys was signed on {date}, more than 60 days ago. Exchanging goes"
        " on; ask the committee whether it has signed a newer one."
    ).format(date=at.astimezone().strftime("%d/%m/%Y"))


def key_given_up() -> str:
    """What to do with a hub that was put back to a signing key that is believed no more."""
    return _(
        "The hub was put back to a signing key that was given up since as stolen, and desks refuse"
        " its files. Sign the directory with a new one: `hub directory FILE --new-key stolen`."
    )


def told(error: DeskError) -> tuple[str, str] | None:
    """What happened and what to do; None for an error of another kind."""
    match error.code:
        case "no-such-erasure":
            return (
                _("No erasure of number {number} is to be decided."),
                _("Look at the numbers with: hub erasures."),
            )
        case "no-such-held":
            return (
                _("No file “{id}” waits to be approved."),
                _("Look at their names with: hub waiting."),
            )
        case "held-too-early":
            return (
                _(
                    "The file “{id}” builds on another one that has not come yet; it goes on waiting."
                ),
                _("Approve it when the other desks of the office have exchanged."),
            )
        case "root":
            return _of_root(error)
        case "catalogue-not-newer" if error.reason == "shipped":
            return (
                _(
                    "The catalogue has the number {version}, and the one that came with the program has"
                    " number {newest}."
                ),
                _("Give it a larger number."),
            )
        case "catalogue-not-newer":
            return (
                _("The catalogue has the number {version}, and number {newest} is published."),
                _("Give it a larger number."),
            )
        case "catalogue-unfit":
            return _of_catalogue(error)
        case _:
            return None


def _of_catalogue(error: DeskError) -> tuple[str, str]:
    match error.reason:
        case "code-twice":
            return (
                _("The catalogue has the code {what} twice."),
                _("Give each benefit and each reason a code of its own."),
            )
        case "no-such-document":
            return (
                _(
                    "A benefit of the catalogue asks for the document {what}, which is not named there."
                ),
                _("Add it under [documents], in both languages."),
            )
        case "too-long":
            return (
                _("The catalogue is longer than {what} KB."),
                _("Shorten it, or check that it is the right file."),
            )
        case "not-text":
            return (
                _("Line {what} of the catalogue holds signs that are not UTF-8."),
                _("Save the file as UTF-8 in your editor."),
            )
        case "syntax":
            return (
                _("Line {what} of the catalogue does not follow the rules of TOML."),
                _("Look there for a quotation mark, a bracket or an equals sign that is missing."),
            )
        case "missing":
            return (
                _("In the catalogue, {where} lacks “{what}”."),
                _("Add it, as in the one that came with the program."),
            )
        case "unknown-field":
            return (
                _("In the catalogue, {where} has “{what}”, which no catalogue knows."),
                _("Correct its name, or take it out."),
            )
        case "unfit":
            return (
                _("In the catalogue, {where} has a value that cannot stand there."),
                _("Compare it with the one that came with the program."),
            )
        case "hidden-signs":
            return (
                _("The catalogue holds signs that nobody can see: {what}."),
                _("Type this text again."),
            )
        case _:
            return (
                _("This file cannot be read: {what}."),
                _("Choose the file of the catalogue again."),
            )


def place_in_catalogue(place: str) -> str:
    """Benefits[3].fr of a path through a catalogue, as its author counts: “benefits”, no. 4, “fr”."""
    parts = []
    for name, number in _STEP.findall(place):
        if name:
            parts.append(_("“{name}”").format(name=name))
        elif number:
            parts.append(_("no. {number}").format(number=int(number) + 1))
    return ", ".join(parts) or _("the beginning")


_STEP = re.compile(r"([A-Za-z_]\w*)|\[(\d+)\]")


def _of_root(error: DeskError) -> tuple[str, str]:
    match error.reason:
        case "there-already":
            return (
                _("This hub has a root key already."),
                _("Sign the directory anew with its file: hub directory FILE."),
            )
        case "another-root":
            return (
                _("{path} is the root key of another hub."),
                _("Take the file that was made for this hub."),
            )
        case "key-lost":
            return (
                _("The hub was put back to a signing key that was given up since as stolen."),
                _("Sign the directory with a new one: hub directory FILE --new-key stolen."),
            )
        case "missing":
            return _("There is no file {path}."), _("Take the file that hub root has made.")
        case "damaged":
            return (
                _("{path} is damaged: a part of it is missing."),
                _("Take another copy of the file from the safe."),
            )
        case "wrong-passphrase":
            return (
                _("{path} does not open with this passphrase."),
                _("Type the passphrase of the root key again."),
            )
        case _:
            return (
                _("{path} is no root key of a hub."),
                _("Take the file that hub root has made."),
            )
