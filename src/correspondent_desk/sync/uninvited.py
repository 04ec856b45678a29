"""A desk that the hub does not let in, or trusts no more, hears so and waits no longer for an answer."""

from correspondent_desk.store.session import Session
from correspondent_desk.sync import inbox, link
from correspondent_desk.sync.link import Link
from correspondent_desk.sync.manifest import Manifest, Refusal
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


def why(known: Link, said: Refusal) -> str:
    """Why the hub refuses this desk; nothing if that is about what is over.

    The desk may have joined since, or hold another invitation by now. Who is trusted no more is told
    so of the invitation that it joined with, whether it knows that it has or was put back to before.
    """
    is_over = bool(known.desk) and said.why != Reason.REVOKED
    return "" if is_over or said.invitation != known.invitation else said.why


def hear(session: Session, manifest: Manifest, said: Refusal, now_ms: int) -> str:
    """As why, of a file that has come with what the hub said; what is not over is kept."""
    inbox.note(session, manifest, state=inbox.APPLIED, at=now_ms)
    known = link.find(session)
    reason = "" if known is None else why(known, said)
    if known is not None and reason:
        link.keep(session, link.refused(known, reason))
    return reason
