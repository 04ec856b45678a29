"""Asking that somebody is erased for good: out of sight here at once, and then the hub confirms."""

from sqlalchemy.orm import Session

from correspondent_desk.domain.members import MemberId
from correspondent_desk.records import members
from correspondent_desk.records.windows import fetch
from correspondent_desk.store import erasure_wishes, operations

# Cards that were united with this one are the same person.
_SAME_PERSON = """
    WITH RECURSIVE same(id) AS (
        SELECT ?1 UNION SELECT m.id FROM member m JOIN same ON m.merged_into_id = same.id
    ) SELECT id FROM same ORDER BY id <> ?1, id
"""


def ask(session: Session, member_id: MemberId) -> str:
    """Ask the hub to erase the member and all that belongs to them; the reference of the wish.

    The desk must be enrolled at a hub. Raises NoSuchRecord.
    """
    same = [id_ for (id_,) in fetch(session, _SAME_PERSON, member_id)]
    for id_ in same:
        members.remove(session, MemberId(id_))
    return erasure_wishes.ask(session, same, operations.of(session).wall_ms)
