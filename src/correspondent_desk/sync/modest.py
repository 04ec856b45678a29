"""What takes much out of the lists is asked about: somebody emptied another desk by mistake, or by malice."""

from collections.abc import Mapping

from correspondent_desk.domain.fields import Kind
from correspondent_desk.errors import DeskError
from correspondent_desk.store.identity import raw
from correspondent_desk.store.session import Session
from correspondent_desk.sync.outcome import Outcome

_MANY, _SHARE = 3, 5
_LEFT: Mapping[Kind, str] = {
    Kind.MEMBER: "SELECT count(*) FROM member WHERE removed_at IS NULL",
    Kind.REQUEST: "SELECT count(*) FROM request WHERE removed_at IS NULL",
    Kind.MEETING: "SELECT count(*) FROM meeting WHERE removed_at IS NULL",
    Kind.CONTACT: "SELECT count(*) FROM contact WHERE removed_at IS NULL",
}


class RemovesMuch(DeskError):
    """The bundle would take more than a fifth of all people out of the lists, or of their requests,
    meetings or contacts (details: kind, count, total).

    Nothing was changed; somebody has to say that it is meant.
    """

    code = "removes-much"

    def __init__(self, kind: Kind, count: int, total: int) -> None:
        super().__init__(kind=kind, count=count, total=total)
        self.kind = kind


def trouble(session: Session, outcome: Outcome, *, is_written: bool) -> RemovesMuch | None:
    """Why somebody is to be asked about this outcome, if so. is_written: it stands in the store by now."""
    for kind, query in _LEFT.items():
        count = len(outcome.removed[kind] - outcome.new[kind])
        if count > _MANY:
            total: int = raw(session).execute(query).fetchone()[0]
            total += count if is_written else len(outcome.new[kind] - outcome.removed[kind])
            if count * _SHARE > total:
                return RemovesMuch(kind, count, total)
    return None
