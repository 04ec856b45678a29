"""Taking part: a desk reads its invitation, and its next bundle asks the hub to know it.

Enrolling by file costs no trip of its own; until the hub has answered, every bundle asks again.
"""

import platform
from datetime import datetime
from pathlib import Path

from correspondent_desk.store.changes import as_time
from correspondent_desk.store.opened import Store
from correspondent_desk.store.session import Session
from correspondent_desk.sync import invitation, link, roster
from correspondent_desk.sync.invitation import Invitation
from correspondent_desk.sync.keys import DeskKeys
from correspondent_desk.sync.link import AlreadyEnrolled, Link
from correspondent_desk.sync.manifest import Enrolment, Header, Welcome

MOST_NAME = 200


def enrol(db: Store, path: Path, desk_name: str = "") -> Link:
    """Join the office that the invitation at path names; nothing is sent yet.

    desk_name: what others will call this computer; its own name if nothing is said.
    Raises InvitationRejected, AlreadyEnrolled.
    """
    now = as_time(db.now_ms())
    invited = invitation.read(path, now)
    name = (desk_name or platform.node())[:MOST_NAME]
    return db.keep(lambda s: _join(s, invited, name, now))


def _join(session: Session, invited: Invitation, desk_name: str, now: datetime) -> Link:
    known = link.find(session)
    # Invited again by its own office: the hub was put back from a copy and has forgotten this desk.
    if known is not None and (
        known.invitation == invited.invitation or (known.has_joined and not is_own(known, invited))
    ):
        raise AlreadyEnrolled(hub=known.hub_name, office=known.office_name)
    # The answer to a bundle vouched for by the former invitation would mean nothing any more.
    if known is not None and not known.desk and known.sent_at and as_time(known.expires) > now:
        raise AlreadyEnrolled("waiting", hub=known.hub_name, office=known.office_name)
    link.keys_or_new(session, now)
    made = Link(
        hub_name=invited.hub_name,
        hub=invited.hub,
        office=invited.office,
        office_name=invited.office_name,
        office_code=invited.office_code,
        invitation=invited.invitation,
        secret=invited.secret,
        expires=int(invited.expires.timestamp() * 1000),
        desk_name=desk_name,
        url=invited.url,
        certificate=invited.certificate,
        root=invited.root,
        is_bound=known is not None and known.has_joined,
    )
    link.keep(session, made)
    return made


def is_own(known: Link, invited: Invitation) -> bool:
    """Whether the invitation is of the very office that this desk belongs to, at the very hub.

    A hub may sign with another key by now; its root key then is the one that is known. A hub known
    without a root key may have been given one.
    """
    is_known_key = invited.hub.signing in roster.believed(known)
    is_known_root = invited.root == known.root if known.root else bool(invited.root)
    return known.office == invited.office and (is_known_key or is_known_root)


def asking(known: Link, header: Header, keys: DeskKeys, person: str) -> Enrolment | None:
    """What makes a bundle ask for enrolment; None once the hub has answered.

    The hub decides whether it comes too late: this computer's clock may be wrong.
    """
    if known.desk:
        return None
    invited = Invitation(
        invitation=known.invitation,
        secret=known.secret,
        hub_name=known.hub_name,
        hub=known.hub,
        office=known.office,
        office_name=known.office_name,
        office_code=known.office_code,
        expires=as_time(known.expires),
    )
    return invited.enrolment(
        header, desk=known.desk_name, person=person[:MOST_NAME], keys=keys.public
    )


def welcomed(known: Link, welcome: Welcome | None) -> dict[str, object]:
    """What changes in the link when the hub answers; a hub put back from a copy may number anew."""
    if welcome is None or welcome.invitation != known.invitation:
        return {}
    return {
        "desk": welcome.desk,
        "is_bound": True,
        "office_code": welcome.office_code or known.office_code,
        "secret": b"",
        "uninvited": "",
    }
