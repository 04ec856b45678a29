"""What a desk finds in the shared folder that the hub does not let in, or trusts no more: nothing but why.

Without it the desk would wait for an answer that never comes.
"""

import os
from pathlib import Path

from correspondent_desk.hub import identity, root, signers
from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.tables import AnyRow
from correspondent_desk.sync import bundle, folder
from correspondent_desk.sync.bundle import Header, Manifest, Section
from correspondent_desk.sync.directory import DIRECTORY
from correspondent_desk.sync.manifest import Enrolment, Refusal
from correspondent_desk.sync.rejection import BundleRejected, Reason
from correspondent_desk.sync.uninvited import FEATURE, REASONS


def answer(hub: Hub, shared: Path, path: Path, error: BundleRejected, *, is_news: bool) -> None:
    """Put into the shared folder why the file at path was refused, if its sender hears nothing otherwise.

    is_news: it was not refused for this before. Raises BundleNotWritten, BundleRejected.
    """
    if error.reason not in {*REASONS, Reason.REVOKED}:
        return
    name = path.parent.name
    if folder.whole(shared / folder.FROM_HUB / name) and not is_news:
        return
    with hub.transaction() as connection:
        head = root.head(connection)
        keys = identity.keys(connection)
    try:
        # Whoever signed may be anybody: all they get is what is sealed for the key they name.
        manifest = bundle.verify(path, keys.receiving, lambda _: None, retired=keys.retired)
    except BundleRejected:
        return
    to = _sender(hub, manifest)
    if to is None or name != folder.name_of(name.rpartition("-")[0], manifest.sender):
        return
    place = folder.writable(shared, folder.FROM_HUB, name)
    written = bundle.write(
        place / bundle.file_name(name, 0, manifest.number),
        Header(
            sender_name=head.name,
            office=manifest.office,
            origin=os.urandom(16),
            number=0,
            created=max(hub.now_ms(), 0),
            requires=["mvr1", FEATURE],
            refusal=Refusal(invitation=to.invitation, why=error.reason),
        ),
        [Section(DIRECTORY, head.vouched)] if head.vouched else [],
        signing=keys.signing,
        recipients=[to.receiving],
    )
    folder.tidy(place, written.path)


def _sender(hub: Hub, manifest: Manifest) -> AnyRow | Enrolment | None:
    """Who signed, and where they receive: a desk that is known, or what a newcomer says of itself."""
    with hub.transaction() as connection:
        known = signers.desk_with(connection, manifest.sender)
    asked = manifest.enrolment
    if known is not None or asked is None:
        return known
    return asked if asked.signing == manifest.sender else None
