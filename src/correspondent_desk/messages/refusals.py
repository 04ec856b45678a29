"""For every DeskError its two sentences: what stands in the way, and what to do. Here of the desk itself.

Their named places are still open: `messages.errors` fills them from the details of the error.
"""

from correspondent_desk.domain.fields import Kind
from correspondent_desk.errors import DeskError
from correspondent_desk.language import _
from correspondent_desk.messages import accounts, command_refusals, hub_refusals, online, recovering
from correspondent_desk.messages.damaged_copies import of_copies

Told = tuple[str, str]


def said(error: DeskError) -> Told | None:
    """The two sentences with their named places still open."""
    return (
        hub_refusals.said(error)  # before what is said of the same of a desk
        or _of_unlocking(error)
        or of_copies(error)
        or _of_store(error)
        or _of_writing(error)
        or _of_work(error)
        or _of_exchange(error)
        or online.said(error)
        or accounts.said(error)
        or recovering.told(error)
        or command_refusals.said(error)
    )


def _of_unlocking(error: DeskError) -> Told | None:
    match error.code, error.reason:
        case "wrong-passphrase", "wait":
            return (
                _("It is too early for another attempt."),
                _("Wait {wait}, then type the passphrase."),
            )
        case "wrong-passphrase", _:
            happened = _("This is not the passphrase of this desk.")
            if seconds(error) < 1:
                return happened, _("Check capitals and keyboard, and type it again.")
            return (
                happened,
                _("Type it again in {wait}, or use the recovery sheet."),
            )
        case "wrong-recovery-code", _:
            return (
                _("This recovery code is not that of this desk, or a newer one has replaced it."),
                _("Take the newest recovery sheet of this desk."),
            )
        case "recovery-code-mistyped", "length":
            return (
                _("A recovery code has {expected} signs; {signs} were typed."),
                _("Compare it with the sheet, group by group."),
            )
        case "recovery-code-mistyped", "sign":
            return (
                _("The sign “{sign}” never stands in a recovery code."),
                _("Compare it with the sheet, group by group."),
            )
        case "recovery-code-mistyped", _:
            return (
                _("One or several signs of the recovery code are wrong."),
                _("Compare it with the sheet, group by group."),
            )
        case "slots-damaged", _:
            return _slots(error)
        case _:
            return None


def _slots(error: DeskError) -> Told:
    happened = _("The file that unlocks the desk cannot be read: {path}.")
    if error.reason == "earlier":
        return happened, _(
            "The one beside the newest copy of the desk can take its place; the desk is "
            "then opened by the passphrase or recovery sheet of that day."
        )
    if error.details.get("copy"):
        return happened, _("A sound copy lies beside it and can take its place.")
    return happened, _("Put back this file from a copy of the folder.")


def _of_store(error: DeskError) -> Told | None:
    match error.code, error.reason:
        case "already-set-up", _:
            return _taken(error.reason)
        case "already-open", _:
            return _already_open(error)
        case "desk-away", _:
            return _away(error.reason)
        case "no-store", _:
            return _("The file of the desk is not there: {path}."), _missing(error)
        case "store-busy", _:
            return (
                _("Another program holds the file of the desk: {path}."),
                _("Wait for a virus scan or a backup to end, then try again."),
            )
        case ("store-unreachable", _) | ("disk", "silent"):
            return _silent()
        case "disk", _:
            return (
                _("This account has no right to this: {path}."),
                _("Ask for the right to it, then try again."),
            )
        case "store-damaged", _:
            return _damaged(error)
        case "store-too-new", _:
            return (
                _("A newer version of this program has written this desk."),
                _("Update the program on this computer, then open the desk again."),
            )
        case _:
            return None


def _away(reason: str) -> Told:
    match reason:
        case "gone":
            return (
                _("The desk that was open in this folder before is not there: {folder}."),
                _("If it lies on a disk, a stick or a network drive, connect it, then try again."),
            )
        case "silent":
            return _silent()
        case "forbidden":
            return (
                _("This account may not look into the folder of the desk: {folder}."),
                _("Ask for the right to read there, then try again."),
            )
        case _:
            return (
                _("The folder of the desk is not there: {folder}."),
                _("Connect the disk or the stick on which it lies, then try again."),
            )


def _silent() -> Told:
    return (
        _("The disk or the network drive does not answer: {path}."),
        _("Check that it is connected, then try again. What was saved is on it."),
    )


def _of_writing(error: DeskError) -> Told | None:
    match error.code, error.reason:
        case "cannot-write", "full":
            return (
                _("The disk is full: {path}."),
                _("Make room on it, then do it again. Nothing was lost."),
            )
        case "cannot-write", "silent":
            return _silent()
        case "not-printed", _:
            return (
                _("The printer did not take the sheet."),
                _("Check that it is switched on and connected, or save the sheet as PDF."),
            )
        case "cannot-write", "read-only":
            return (
                _("This account may not write here: {path}."),
                _("Ask for the right to write there, or choose another folder."),
            )
        case "cannot-write", "in-use":
            return (
                _("Another program has this open: {path}."),
                _("Close it there, then do it again. Nothing was changed."),
            )
        case "cannot-write", "there-already":
            return (
                _("There is something called {path} already, and it was left as it is."),
                _("Choose another name."),
            )
        case "cannot-write", "no-folder":
            return _("There is no folder {path}."), _("Make it, or choose another one.")
        case "cannot-write", _:
            return (
                _("Nothing could be written here: {path}."),
                _("Check that the disk is connected, then do it again. Nothing was lost."),
            )
        case _:
            return None


def _taken(reason: str) -> Told:
    if reason == "hub":
        return (
            _("There is a hub in this folder already: {folder}."),
            _("Choose an empty folder for the desk."),
        )
    return (
        _("There is a desk in this folder already: {folder}."),
        _("Open it, or choose an empty folder."),
    )


def _missing(error: DeskError) -> str:
    if error.details.get("copies"):
        return _("Bring back a copy; the newest is {newest_copy}.")
    return _("Put it back from a copy, or check that the disk is connected.")


def _damaged(error: DeskError) -> Told:
    happened = _("The file of the desk is damaged: {path}.")
    if error.details.get("copies"):
        return happened, _("Bring back a copy; the newest is {newest_copy}.")
    return happened, _(
        "No copy lies in its folder: look for one on a stick or another disk. What reached the "
        "committee comes back to a new desk that joins with its invitation."
    )


def _already_open(error: DeskError) -> Told:
    user, computer = error.details.get("user"), error.details.get("computer")
    if user and computer:
        happened = _("This desk is open already, by {user} on the computer {computer}.")
    elif computer:
        happened = _("This desk is open already on the computer {computer}.")
    else:
        happened = _("This desk is open already.")
    return happened, _("Go to that window, or close it there first.")


def _of_work(error: DeskError) -> Told | None:
    match error.code:
        case "no-such-record":
            return (
                _("This was not found: it does not exist, or was removed meanwhile."),
                _("Look for it again in the list."),
            )
        case "several-records":
            return (
                _("Several people have the staff number {matricule}: {people}."),
                _("Say whom you mean by the number before the name."),
            )
        case "ambiguous-number":
            return (
                _(
                    "{number} is the number here of one person and the staff number of another: {people}."
                ),
                _(
                    "Write id: and the number before the name of whom you mean, such as id:{number}."
                ),
            )
        case "edit-conflict":
            return (
                _("Someone else has changed the same thing meanwhile: {fields}."),
                _("Look at what stands there now, then do it again if it is still right."),
            )
        case "not-planned":
            return (
                _("This meeting is not planned any more: it took place, was moved or cancelled."),
                _("Plan another one, if it is still wanted."),
            )
        case _:
            return _of_steps(error)


def _of_steps(error: DeskError) -> Told | None:
    match error.code:
        case "nothing-to-do":
            return _("Everything is known already."), _("Nothing was changed.")
        case "nothing-to-undo":
            return _("There is no step to take back."), ""
        case "nothing-to-redo":
            return _("There is no step to do again."), ""
        case "undo-conflict":
            return (
                _("This step cannot be taken back: something newer stands on it ({fields})."),
                _("Take back the newer change first, or change the card by hand."),
            )
        case "import-outdated":
            return (
                _("People on this desk were changed since the list {name} was looked at."),
                _("Look at the list again, then import it. Nothing was imported."),
            )
        case _:
            return None


def _of_exchange(error: DeskError) -> Told | None:
    match error.code:
        case "not-enrolled":
            return (
                _("This desk does not exchange with a hub yet."),
                _("Read the invitation that the committee has sent."),
            )
        case "already-enrolled" if error.reason == "waiting":
            return (
                _("This desk waits for the answer of {hub} to the invitation read before."),
                _("Exchange with it first; seven days later another invitation can be read."),
            )
        case "already-enrolled":
            return (
                _("This desk exchanges with a hub already: {hub}."),
                _("Nothing was changed. Another desk needs an invitation of its own."),
            )
        case "no-such-colleague" if error.reason == "nobody":
            return (
                _("The hub has told of no other desk of this office that is trusted."),
                _("Exchange with the hub once; it names the other desks of the office."),
            )
        case "no-such-colleague":
            return (
                _("No other desk of this office is called {desk}, or several are."),
                _("Give its number; `bundle desks` lists them."),
            )
        case "no-such-disagreement":
            return (
                _("There is no open disagreement of that number: {id}."),
                _("It may have been settled already. Look at the list again."),
            )
        case "unfit-value":
            return (
                _("This cannot stand in the field “{field_name}”: {value}."),
                _("Write another value. The disagreement stays open."),
            )
        case "removes-much":
            return (
                removes_much(error.details.get("kind")),
                _("Nothing was imported. Ask who did it, then import it if it is meant."),
            )
        case _:
            return None


def removes_much(kind: object) -> str:
    """What a file would take out of the lists, count and total not filled in yet."""
    match kind:
        case Kind.REQUEST:
            return _("This file would take {count} of {total} requests out of the lists.")
        case Kind.MEETING:
            return _("This file would take {count} of {total} meetings out of the lists.")
        case Kind.CONTACT:
            return _("This file would take {count} of {total} contacts out of the lists.")
        case _:
            return _("This file would take {count} of {total} people out of the lists.")


def seconds(error: DeskError) -> float:
    """How long to wait before another passphrase is looked at."""
    wait = error.details.get("wait_s", 0)
    return float(wait) if isinstance(wait, (int, float)) else 0
