"""Why a file from or for another desk was refused, in a sentence: what, where, what to do."""

from correspondent_desk.language import _
from correspondent_desk.sync.rejection import (
    BundleNotWritten,
    BundleRejected,
    InvitationFault,
    InvitationRejected,
    Reason,
    WriteFault,
)


def sentence(error: BundleRejected | BundleNotWritten | InvitationRejected) -> str:
    """What to tell the person at the desk; the code goes beside it in small print."""
    match error:
        case BundleRejected():
            return _refused(error)
        case BundleNotWritten():
            return _not_written(error)
        case InvitationRejected():
            return _invitation(error)


def _refused(error: BundleRejected) -> str:
    if error.reason == Reason.REVOKED and error.details.get("waits"):
        return _(
            "The sender of this file is no longer accepted. What it wrote and the hub lacks is kept"
            " until you decide: hub waiting lists it, hub approve takes it in."
        )
    if error.reason == Reason.FORKED_LOG and error.details.get("waits"):
        return _(
            "The computer that wrote this file was restored or copied. What it brings is kept: it comes"
            " with the next exchanges of that computer, or waits for your decision: hub waiting lists it."
        )
    abnormal = _(
        "The file is abnormal and was refused. Nothing was imported. Ask the sender to export again."
    )
    sentences = {
        Reason.MISSING: _("There is no file at {path}. Check the name, or put the stick back."),
        Reason.UNREADABLE: _("{path} cannot be read. Copy it to this computer and try again."),
        Reason.NOT_A_FILE: _("{path} is a folder, a pipe or a device. Choose the file itself."),
        Reason.NOT_A_BUNDLE: _(
            "This file is not an exchange, or the mail program altered it. "
            "Ask for it again as a compressed attachment."
        ),
        Reason.AN_INVITATION: _(
            "This file is an invitation: a new computer joins its office with it, once."
            " There is nothing in it to be read here."
        ),
        Reason.TRUNCATED: _("The copy is incomplete. Copy the file again."),
        Reason.DAMAGED: _(
            "The file is damaged. Nothing was imported. Copy it again, or ask for it again."
        ),
        Reason.OWN_FILE: _(
            "This desk itself prepared this file, no. {number}: take it to the hub."
            " Nothing is to be read in it here."
        ),
        Reason.WRONG_RECIPIENT: _(
            "This file is for another computer. Nothing was imported. "
            "Take it there, or ask for the one that was made for this computer."
        ),
        Reason.STALE_KEY: _(
            "This file was prepared with an old key. "
            "Ask the sender to export again, nothing is lost."
        ),
        Reason.PUT_BACK: _(
            "The hub wrote this file for a key that this desk has no more: the computer was put back"
            " to an earlier day. Nothing is lost. The hub is told now: exchange again when it has"
            " answered."
        ),
        Reason.PUT_BACK_LONG_AGO: _(
            "The hub wrote this file for a key that this desk has no more: the computer was put back"
            " to a day more than four months ago, and by files neither may be able to read the other."
            " Exchange over the network; or ask the committee for an invitation and join the office"
            " anew with it: what was not sent is kept."
        ),
        Reason.BAD_SIGNATURE: _(
            "The signature of this file is wrong. Nothing was imported. "
            "Ask the sender to export again."
        ),
        Reason.UNKNOWN_SENDER: _(
            "The sender of this file is not known here. Nothing was imported. Ask who made it; "
            "a desk knows a new colleague after its next exchange with the hub."
        ),
        Reason.REVOKED: _(
            "The sender of this file is no longer accepted. Nothing was imported. "
            "If this is a mistake, the committee can invite that computer anew."
        ),
        Reason.WRONG_OFFICE: _(
            "This file comes from another office. Nothing was imported. Ask for one of this office."
        ),
        Reason.NEEDS_UPDATE: _(
            "This file was written by a newer version. "
            "Update this program, then import the file again."
        ),
        Reason.TOO_OLD: _(
            "This file was written by a version that is too old. "
            "Update the program on the sender’s computer, then export again."
        ),
        Reason.TOO_LARGE: _(
            "The file is larger than an exchange may be. Nothing was imported. "
            "Ask the sender to export again."
        ),
        Reason.BOMB: abnormal,
        Reason.BAD_STRUCTURE: abnormal,
        Reason.DUPLICATE: _("This file was already imported. There is nothing to do."),
        Reason.FORKED_LOG: _(
            "The computer that wrote this file was restored or copied. Nothing is lost: "
            "import the next file of the hub there, then export from it again."
        ),
        Reason.INVITATION_UNKNOWN: _(
            "The sender was invited by another hub. Nothing was imported. "
            "Give that computer an invitation from here."
        ),
        Reason.INVITATION_USED: _(
            "This invitation already served for another computer. Nothing was imported. "
            "Each computer needs its own invitation."
        ),
        Reason.INVITATION_EXPIRED: _(
            "The sender’s invitation has expired. Nothing was imported. "
            "Give that computer a new invitation."
        ),
        Reason.INVITATION_WITHDRAWN: _(
            "The sender’s invitation was withdrawn. Nothing was imported. "
            "Give that computer a new invitation."
        ),
        Reason.BAD_PROOF: _(
            "The invitation does not vouch for the sender of this file. Nothing was imported. "
            "Give that computer a new invitation."
        ),
    }
    return sentences[error.reason].format(
        path=error.details.get("path", ""), number=error.details.get("number", "")
    )


def _not_written(error: BundleNotWritten) -> str:
    sentences = {
        WriteFault.NO_FOLDER: _(
            "There is no such place: {path}. Put the stick back or choose another folder."
        ),
        WriteFault.READ_ONLY: _(
            "Nothing may be written to {path}. Choose another folder, "
            "or unlock the stick if it has a switch."
        ),
        WriteFault.DISK_FULL: _(
            "There is not enough room for {path}. Make room or use another stick."
        ),
        WriteFault.TOO_LARGE: _(
            "{path} would be too large for one file. Send fewer attachments at once."
        ),
        WriteFault.THERE_ALREADY: _(
            "{path} is another file and was left as it is. Choose another name."
        ),
        WriteFault.NOT_A_FILE: _("{path} is a folder or a device. Choose the name of a file."),
        WriteFault.IN_USE: _("{path} is in use by another program. Close it there and try again."),
        WriteFault.DRIVE_FAILED: _(
            "The drive stopped answering while {path} was being written. Try another one."
        ),
        WriteFault.OWN_FOLDER: _(
            "{path} is where this desk keeps its own files. Choose a stick or another folder."
        ),
        WriteFault.FILE_IN_THE_WAY: _(
            "{path} is a file, and a folder of that name is needed there. Rename the file or move it."
        ),
        WriteFault.NOT_KEPT: _(
            "What the drive kept of {path} is not what was written. "
            "Do not trust this stick any more, use another one."
        ),
    }
    return sentences[error.reason].format(path=error.details.get("path", ""))


def _invitation(error: InvitationRejected) -> str:
    sentences = {
        InvitationFault.MISSING: _(
            "There is no file at {path}. Check the name, or put the stick back."
        ),
        InvitationFault.UNREADABLE: _(
            "{path} cannot be read. Copy it to this computer and try again."
        ),
        InvitationFault.NOT_AN_INVITATION: _(
            "This file is not an invitation. Choose the one that the committee has sent."
        ),
        InvitationFault.DAMAGED: _(
            "The invitation is incomplete or damaged. Copy it again whole, "
            "from the first dashes to the last ones."
        ),
        InvitationFault.EXPIRED: _("This invitation has expired. Ask for a new one."),
        InvitationFault.NEEDS_UPDATE: _(
            "This invitation was written by a newer version. Update this program first."
        ),
    }
    return sentences[error.reason].format(path=error.details.get("path", ""))
