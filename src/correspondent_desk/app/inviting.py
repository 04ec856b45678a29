"""A new desk that joins an office with an invitation: the office and its sites come by the exchange."""

from pathlib import Path

from correspondent_desk.records.founding import Founded, found
from correspondent_desk.store import history
from correspondent_desk.store.database import Database
from correspondent_desk.store.vault import DeskFolder
from correspondent_desk.sync import enrolment
from correspondent_desk.sync.link import Link


def found_invited(
    folder: DeskFolder,
    passphrase: str,
    invitation: Path,
    person: str,
    desk_name: str = "",
    *,
    sheet_follows: bool = False,
) -> Founded[Link]:
    """A new desk in folder for the office that the invitation names, at which person works.

    It has no office and no site of its own, so none meets those that the other desks made.
    Raises InvitationRejected and as founding.found; then there is no desk in folder.
    """

    def first_step(store: Database) -> Link:
        if person:
            store.keep(lambda s: history.write_setting(s, "person", person))
        return enrolment.enrol(store, invitation, desk_name)

    made = found(folder, passphrase, first_step, sheet_follows=sheet_follows)
    made.store.person = person
    return made
