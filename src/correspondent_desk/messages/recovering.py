"""What is said when a desk cannot be opened through the committee, or cannot join anew."""

from correspondent_desk.errors import DeskError
from correspondent_desk.language import _

Told = tuple[str, str]


def told(error: DeskError) -> Told | None:
    """What happened and what to do; None for an error of another kind."""
    match error.code:
        case "no-committee-key" if error.reason == "damaged":
            return (
                _("What the committee needs to open this desk is damaged: {path}."),
                _(
                    "Put this file back from a copy of the folder, or use the passphrase or the recovery"
                    " sheet: then the next exchange makes another one."
                ),
            )
        case "no-committee-key":
            return (
                _("The committee cannot open this desk: it has given it no recovery key."),
                _(
                    "Only the passphrase or the recovery sheet opens it. Without both, set the desk up"
                    " anew with an invitation; what it never sent is lost."
                ),
            )
        case "unlock-refused":
            return _of_answer(error)
        case "recovery-file":
            return _of_file(error)
        case "recovery-declined":
            return _of_desk(error)
        case "rescue-never-joined":
            return (
                _("The committee does not know this desk yet, so it cannot join anew."),
                _(
                    "Nothing was changed. Open it and read the invitation there: it keeps all of its work."
                ),
            )
        case "rescue-office":
            return (
                _("The invitation is for {invited}, and this desk is of {here}."),
                _("Nothing was changed. Ask for an invitation of {here}."),
            )
        case _:
            return None


def _of_answer(error: DeskError) -> Told:
    match error.reason:
        case "no-request":
            return (
                _("This desk has no open request: its answer was used, or none was made."),
                _("Make a new request, and send it to the committee."),
            )
        case "another-request":
            return (
                _("This file answers another request than the last one of this desk."),
                _("Take the answer to the last request, or make a new one."),
            )
        case _:
            return (
                _("This answer does not open this desk."),
                _("Make a new request, and send it to the committee."),
            )


def _of_file(error: DeskError) -> Told:
    match error.reason:
        case "missing":
            return _("There is no file {path}."), _("Choose the file again.")
        case "not-a-file":
            return (
                _("{path} is a folder, a pipe or a device, not a file."),
                _("Choose the file again."),
            )
        case "another-kind":
            return (
                _("{path} is another kind of file."),
                _("A request ends in .cdrecover, the committee’s answer in .cdunlock."),
            )
        case _:
            return _("The file was damaged on its way."), _("Ask for it to be sent again.")


def _of_desk(error: DeskError) -> Told:
    if error.reason == "revoked":
        return (
            _("Desk {desk} of {office} is trusted no more: it is not opened."),
            _("If its computer was found again, invite it anew."),
        )
    return (
        _("Desk {desk} of {office} is not known to this hub."),
        _("Ask which hub it exchanges with."),
    )
