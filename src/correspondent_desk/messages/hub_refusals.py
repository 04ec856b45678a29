"""What stands in the way at the hub, and what to do: its folder, its database and its offices."""

from correspondent_desk.errors import DeskError
from correspondent_desk.language import _
from correspondent_desk.messages import trust

Told = tuple[str, str]


def said(error: DeskError) -> Told | None:
    """As refusals.said."""
    if error.reason == "database-lost":
        return (
            _("The database of the hub of this folder is not there: {folder}."),
            _(
                "Put the newest copy of it back; the files beside it know what was erased and"
                " revoked since. A new hub belongs in an empty folder."
            ),
        )
    match error.code:
        case "no-hub-here":
            return (
                _("There is no hub in this folder: {folder}."),
                _(
                    "If it lies on a disk or a stick, connect that, then try again; or choose"
                    " another folder, or make a hub there first."
                ),
            )
        case "hub-already-there" if error.reason == "desk":
            return (
                _("There is a desk in this folder already: {folder}."),
                _("Choose an empty folder for the hub."),
            )
        case "hub-already-there" if error.reason == "database":
            return (
                _("There is a hub in this database already: {where}."),
                _(
                    "To serve it from this folder too, copy hub.key, settings.json and database.password"
                    " of its own here; for another hub, name an empty database."
                ),
            )
        case "hub-already-there":
            return (
                _("There is a hub in this folder already: {folder}."),
                _("Use it, or choose an empty folder."),
            )
        case "folder-not-empty":
            return (
                _("The folder {folder} is not empty."),
                _("Choose an empty folder for the hub."),
            )
        case "hub-too-new":
            return (
                _("A newer version of this program has written this hub."),
                _("Update the program on this computer, then try again."),
            )
        case "hub-key-wrong":
            return (
                _("The file hub.key is not in the folder of the hub, or not that of its database."),
                _("Put back the hub.key that was made with it."),
            )
        case "hub-database":
            return _of_database(error)
        case _:
            return _of_file(error) or _of_offices(error) or trust.told(error)


def _of_file(error: DeskError) -> Told | None:
    match error.code, error.reason:
        case "store-damaged", "hub":
            return (
                _(
                    "The database of the hub cannot be read: it is damaged, or hub.key not its"
                    " own: {path}."
                ),
                _(
                    "Put the newest copy of the database, or the right hub.key, back into the folder."
                ),
            )
        case "store-busy", "hub":
            return (
                _("Another program holds the database of the hub: {path}."),
                _("Try again in a moment, when what it does is over."),
            )
        case _:
            return None


def _of_offices(error: DeskError) -> Told | None:
    match error.code:
        case "no-such-invitation":
            return (
                _("No open invitation has the number {number}: it was used, or serves no more."),
                _("Look at the open ones with: hub invitations. If it was used, revoke that desk."),
            )
        case "no-such-desk":
            return (
                _("{office} has no desk of number {desk}."),
                _("Look at the numbers with: hub desks."),
            )
        case "no-such-office":
            return (
                _("This hub knows no office of that name: {office}."),
                _("Look at the names with: hub desks."),
            )
        case "office-exists" if error.reason == "other-word":
            return (
                _("“{word}” is the name or the code of another office: {other}."),
                _("Choose another name and another code."),
            )
        case "office-in-doubt":
            return (
                _("“{word}” is the name of one office and the code of another."),
                _("Write {code} for the first, or {name} for the second."),
            )
        case "office-in-use" if error.reason == "put-back":
            return (
                _(
                    "A desk of {office} may have joined since the copy that this hub was put back from."
                ),
                _("Leave the office as it is: it does no harm."),
            )
        case "office-in-use":
            return (
                _("{office} has a desk, or had one: its work is kept here."),
                _("Leave the office as it is. Desks that are lost can be revoked."),
            )
        case "office-exists":
            return (
                _("There is an office of that name already: {office}."),
                _("Invite another desk of it, or choose another name."),
            )
        case _:
            return None


def _of_database(error: DeskError) -> Told:
    match error.reason:
        case "bad-url":
            return (
                _("This is not the address of a PostgreSQL database."),
                _("Write it like postgresql://name:password@server/database."),
            )
        case "bad-settings":
            return (
                _("This file is damaged: {path}. It tells the hub where its database is."),
                _("Put the file back from a copy of the folder of the hub."),
            )
        case "no-access":
            return (
                _("The database does not let the hub in: {where}."),
                _("Check the name, the password, and what that role may do."),
            )
        case "superuser":
            return (
                _("The role of this address may see everything in the database: {where}."),
                _("Give the hub a role of its own, without SUPERUSER and BYPASSRLS."),
            )
        case "reads-only":
            return (
                _("This PostgreSQL server is a replica, in which nothing can be written: {where}."),
                _(
                    "Name the PostgreSQL server that it copies, or promote this one if that is lost."
                ),
            )
        case "too-old":
            return (
                _("This server is PostgreSQL {found}: {where}."),
                _("The hub needs version 15 or a newer one."),
            )
        case _:
            return (
                _("The database of the hub does not answer: {where}."),
                _("Check the server and the network, then try again. Nothing was lost ({what})."),
            )
