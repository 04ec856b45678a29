"""A desk that the hub does not let in, or trusts no more, hears so and waits no longer for an answer."""

from correspondent_desk.store.session import Session
from correspondent_desk.sync import inbox, link
from correspondent_desk.sync.manifest import Manifest
from correspondent_desk.sync.rejection import Reason

REASONS = frozenset(
    {
        Reason.INVITATION_USED,
        Reason.INVITATION_EXPIRED,
        Reason.INVITATION_WITHDRAWN,
        Reason.INVITATION_UNKNOWN,
        Reason.BAD_PROOF,
    }
)
"""Why the hub never takes anything with an invitation."""
FEATURE = "refusal1"
"""What the answer requires: who skipped what it says would take it for a file with nothing in it."""


def hear(session: Session, manifest: Manifest, now_ms: int) -> str:
    """Keep that the hub refuses this desk, and why; nothing if that is about what is over.

    The desk may have joined since, or hold another invitation by now. Who is trusted no more is told
    so of the invitation that it joined with.
    """
    inbox.note(session, manifest, state=inbox.APPLIED, at=now_ms)
    known, said = link.find(session), manifest.refusal
    if known is None or said is None or said.invitation != known.invitation:
        return ""
    if bool(known.desk) is not (said.why == Reason.REVOKED):
        return ""
    link.keep(session, link.refused(known, said.why))
    return said.why
