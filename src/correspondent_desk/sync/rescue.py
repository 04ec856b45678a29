"""A computer that was lost and found again, or whose desk was put back: it joins its office anew.

What it had not sent goes to the hub under the keys it had, where an operator approves it: nobody knows
who sat before it meanwhile. The desk begins with an empty store, new keys and a new origin, and gets
everything from the hub, its own approved work among it. The store as it was is kept as a copy.
"""

import shutil
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path

import msgspec

from correspondent_desk.errors import DeskError
from correspondent_desk.store import backup, committee, history
from correspondent_desk.store.bare import open_bare
from correspondent_desk.store.changes import as_time
from correspondent_desk.store.files import refusal
from correspondent_desk.store.identity import raw
from correspondent_desk.store.opened import Store
from correspondent_desk.store.vault import DataKey, DeskFolder
from correspondent_desk.sync import enrolment, invitation, letters, link, sending
from correspondent_desk.sync import folder as folders
from correspondent_desk.sync.invitation import Invitation
from correspondent_desk.sync.link import Link
from correspondent_desk.sync.sending import Prepared


class AnotherOffice(DeskError):
    """The invitation is of another office than this desk's (details: here, invited)."""

    code = "rescue-office"


class NeverJoined(DeskError):
    """The hub has never known this desk: `enrol` joins it, and keeps all that it wrote."""

    code = "rescue-never-joined"


@dataclass(frozen=True, slots=True)
class Rescued:
    """A desk that begins anew. unsent: what it had not sent, for the hub; None: nothing.

    What colleagues gave it by stick and the hub is not known to have is among that.
    """

    link: Link
    unsent: Prepared | None


def rescue(folder: DeskFolder, key: DataKey, path: Path, now: datetime, name: str = "") -> Rescued:
    """Begin anew with the invitation at path; now: local, as copies are named. name: of this computer.

    The desk must be closed. Whatever is raised, it is as it was.
    Raises InvitationRejected, AnotherOffice, NeverJoined, AlreadyOpen, StoreDamaged, BundleNotWritten, CannotWrite.
    """
    store = open_bare(folder, key)
    try:
        invited = invitation.read(path, as_time(store.now_ms()))
        person, known = store.read(history.person), store.read(link.find)
        _require_office(known, invited)
        _require_known(known)
        desk_name = name or (known.desk_name if known is not None else "")
        unsent = None if known is None else _unsent(store, known, invited)
    finally:
        store.close()
    apart = DeskFolder(folder.path / "rescuing")
    try:
        shutil.rmtree(apart.path, ignore_errors=True)
        apart.path.mkdir(parents=True)
        joined = _joined(apart, key, path, person, desk_name, known)
        backup.restore(folder, key, apart.store, now)
    except OSError as error:
        raise refusal(error, apart.path) from error
    finally:
        shutil.rmtree(apart.path, ignore_errors=True)
    committee.forget(folder)
    for old in folder.outbox.glob("*.cdb"):
        with suppress(OSError):
            old.unlink()
    return Rescued(joined, unsent)


def _require_office(known: Link | None, invited: Invitation) -> None:
    if known is not None and not enrolment.is_own(known, invited):
        raise AnotherOffice(here=known.office_name, invited=invited.office_name)


def _require_known(known: Link | None) -> None:
    """What a hub never knew nobody could approve there; a desk that waits for its answer may be known."""
    if known is None or not (known.has_joined or known.sent_at):
        raise NeverJoined


def _unsent(store: Store, known: Link, invited: Invitation) -> Prepared | None:
    """The bundle under the former keys, for where the hub receives now."""
    place = _place(store.folder)
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise refusal(error, place) from error
    reached = msgspec.structs.replace(known, hub=invited.hub)
    store.keep(lambda s: link.keep(s, reached))
    carried = store.read(lambda s: sending.for_hub(raw(s), reached))
    made = sending.prepare(store, place)
    if made is None:
        return None
    operations = made.operations + letters.brought(carried, reached.hub_has)
    if not operations:
        made.path.unlink(missing_ok=True)
        return None
    return replace(made, operations=operations)


def _joined(
    apart: DeskFolder, key: DataKey, path: Path, person: str, name: str, known: Link | None
) -> Link:
    """The hub is reached where it was, if the invitation does not say otherwise."""
    made = open_bare(apart, key)
    try:
        if person:
            made.keep(lambda s: history.write_setting(s, "person", person))
        joined = enrolment.enrol(made, path, name)
        if known is None:
            return joined
        reached = msgspec.structs.replace(joined, is_bound=known.has_joined)
        if not joined.url:
            reached = msgspec.structs.replace(reached, url=known.url, certificate=known.certificate)
        made.keep(lambda s: link.keep(s, reached))
        return reached
    finally:
        made.close()


def _place(folder: DeskFolder) -> Path:
    return folder.path / folders.RESCUED
