"""What a desk is told whose file the hub refuses.

One that is not let in, or trusted no more, is told nothing but why. One whose file cannot be read any
more, as it was away for longer than the hub keeps its keys, gets what any desk gets, and with it the
key to write to. Without it the desk would wait for an answer that never comes. It lies in the shared
folder, or beside the file that was brought by hand.
"""

import os
from pathlib import Path

from correspondent_desk.hub import identity, outgoing, recipients, root, signers
from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.outgoing import Sent
from correspondent_desk.hub.recipients import Recipient
from correspondent_desk.hub.tables import AnyRow
from correspondent_desk.sync import bundle, folder
from correspondent_desk.sync.bundle import Header, Manifest, Section
from correspondent_desk.sync.directory import DIRECTORY
from correspondent_desk.sync.manifest import Enrolment, Refusal
from correspondent_desk.sync.rejection import BundleRejected, Reason
from correspondent_desk.sync.uninvited import FEATURE, REASONS


def answer(
    hub: Hub, shared: Path, path: Path, error: BundleRejected, *, is_news: bool
) -> Sent | None:
    """Put into the shared folder why the file at path was refused, if its sender hears nothing otherwise.

    is_news: it was not refused for this before. The answer: what was written as for any desk.
    Raises BundleNotWritten, BundleRejected, CannotWrite.
    """
    if error.reason not in _TOLD | _UNREADABLE:
        return None
    name = path.parent.name
    if folder.whole(shared / folder.FROM_HUB / name) and not is_news:
        return None
    if error.reason in _UNREADABLE:
        return _write_anew(hub, shared, name)
    manifest = _signed(hub, path)
    if manifest is None or name != folder.name_of(name.rpartition("-")[0], manifest.sender):
        return None
    place = folder.writable(shared, folder.FROM_HUB, name)
    written = place / bundle.file_name(name, "hub", manifest.number)
    if _write(hub, written, manifest, error.reason):
        folder.tidy(place, written)
    return None


def beside(hub: Hub, path: Path, error: BundleRejected) -> Path | None:
    """Put beside the file at path why it was refused, to be brought back; None: nobody is to be told.

    Raises BundleNotWritten, BundleRejected, CannotWrite.
    """
    if error.reason in _UNREADABLE:
        to = next((one for one in recipients.every(hub) if _bears_name(path, one)), None)
        return None if to is None else outgoing.write(hub, to, path.parent).path
    manifest = _signed(hub, path) if error.reason in _TOLD else None
    written = path.with_name(f"{path.stem}_answer{bundle.SUFFIX}")
    if manifest is None or not _write(hub, written, manifest, error.reason):
        return None
    return written


_TOLD = frozenset({*REASONS, Reason.REVOKED})
_UNREADABLE = frozenset({Reason.STALE_KEY, Reason.WRONG_RECIPIENT})


def _write_anew(hub: Hub, shared: Path, name: str) -> Sent | None:
    """To the desk of this sub-folder, whoever put the file there: only that desk can read it."""
    for to in recipients.every(hub):
        if folder.name_of(to.office.code, to.desk.signing) == name:
            place = folder.writable(shared, folder.FROM_HUB, name)
            written = outgoing.write(hub, to, place)
            folder.tidy(place, written.path)
            return written
    return None


def _bears_name(path: Path, to: Recipient) -> bool:
    """Whether the file is named like one of this desk."""
    named = bundle.file_name(to.office.code, str(to.desk.number), 0)
    return path.name.startswith(named.rpartition("_")[0] + "_")


def _signed(hub: Hub, path: Path) -> Manifest | None:
    """What the file at path says, whoever signed it: all they get is what is sealed for their own key."""
    with hub.transaction() as connection:
        keys = identity.keys(connection)
    try:
        return bundle.verify(path, keys.receiving, lambda _: None, retired=keys.retired)
    except BundleRejected:
        return None


def _write(hub: Hub, target: Path, manifest: Manifest, why: Reason) -> bool:
    """Whether there is somebody to be told."""
    to = _sender(hub, manifest)
    if to is None:
        return False
    with hub.transaction() as connection:
        head = root.head(connection)
        keys = identity.keys(connection)
    bundle.write(
        target,
        Header(
            sender_name=head.name,
            office=manifest.office,
            origin=os.urandom(16),
            number=0,
            created=max(hub.now_ms(), 0),
            requires=["mvr1", FEATURE],
            refusal=Refusal(invitation=to.invitation, why=why),
        ),
        [Section(DIRECTORY, head.vouched)] if head.vouched else [],
        signing=keys.signing,
        recipients=[to.receiving],
    )
    return True


def _sender(hub: Hub, manifest: Manifest) -> AnyRow | Enrolment | None:
    """Who signed, where they receive and by which invitation they know us: as they say, or as is known."""
    asked = manifest.enrolment
    if asked is not None and asked.signing == manifest.sender:
        return asked
    with hub.transaction() as connection:
        return signers.desk_with(connection, manifest.sender)
