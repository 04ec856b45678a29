"""What is said when a copy of the desk cannot be brought back."""

from correspondent_desk.errors import DeskError
from correspondent_desk.language import _


def of_copies(error: DeskError) -> tuple[str, str] | None:
    """What happened and what to do; None for an error of another kind."""
    match error.code, error.reason:
        case "store-damaged", "copy":
            return (
                _("This file is damaged, or no copy of this desk: {path}."),
                _("Choose another copy. The desk was not changed."),
            )
        case "copy-missing", "not-a-file":
            return (
                _("{path} is a folder, a pipe or a device, not a file."),
                _("Choose one of the copies, or its file."),
            )
        case "copy-missing", "no-slots":
            return (
                _("What unlocks this copy is not beside it: {path}."),
                _("Put this file, which was made together with the copy, into the same folder."),
            )
        case "copy-missing", _:
            return (
                _("There is no such copy: {path}."),
                _("Choose another one, or connect the disk it lies on."),
            )
        case _:
            return None
