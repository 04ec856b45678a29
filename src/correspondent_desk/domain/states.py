"""The states that rules of merging know, apart from the drafts and rows that are shown.

A command that carries a bundle needs these alone.
"""

from correspondent_desk.domain.choices import Term


class RequestStatus(Term):
    """The path of a request; abandoned is its side exit. The order is that of the path."""

    PREPARING = "preparing"
    WAITING = "waiting"
    COMPLETE = "complete"
    SENT = "sent"
    GRANTED = "granted"
    REFUSED = "refused"
    PAID = "paid"
    CLOSED = "closed"
    ABANDONED = "abandoned"

    @property
    def is_open(self) -> bool:
        """Whether somebody still owes something."""
        return self not in (RequestStatus.CLOSED, RequestStatus.ABANDONED)


class DocumentState(Term):
    """How a proof stands; the copy itself is not kept."""

    MISSING = "missing"
    SEEN = "seen"
    RECEIVED = "received"
    REFUSED = "refused"

    @property
    def is_lacking(self) -> bool:
        """Whether it is still to be brought."""
        return self in (DocumentState.MISSING, DocumentState.REFUSED)
