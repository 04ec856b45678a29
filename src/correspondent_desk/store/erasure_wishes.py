"""What this desk asked the hub to erase for good, until the ledger names it.

Who is asked for leaves all lists at once, by an ordinary removal that every desk receives; the hub's
operators confirm. Every bundle asks again, so a lost file loses no wish; who takes the removal back takes the
wish back, and a later removal is a removal and no wish. To do again the very step that uttered it utters it
again, to be decided again if it had been declined.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

import msgspec

from correspondent_desk.domain.fields import REMOVED
from correspondent_desk.store import erasing, history, operations
from correspondent_desk.store.changes import as_time
from correspondent_desk.store.identity import find_id, raw, uid_of
from correspondent_desk.store.session import Session

_SETTING = "erasure.asked"
MOST_ASKED = 1_000
"""Records that one bundle asks for; the rest waits for the next one."""
MOST_DECLINED, MOST_REASON = 200, 300
"""Refusals that one bundle of the hub tells of, and letters of the reason for one."""
_REFERENCE = 4  # bytes


class _Asked(msgspec.Struct, frozen=True):
    """anew: when the committee declined what was then asked for once more; 0: it was not.

    action: the step that uttered it, 0 in stores of earlier versions. taken_back: it stands no more.
    """

    uid: bytes
    at: int
    person: str
    declined_at: int = 0
    reason: str = ""
    anew: int = 0
    action: int = 0
    taken_back: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class AskedRow:
    """Somebody who is to be erased. record: the id here. reference: what to tell the operators.

    declined_at: when the committee declined it, None: it has not. reason: what it said to that.
    """

    record: int | None
    reference: str
    asked_at: datetime
    person: str
    declined_at: datetime | None = None
    reason: str = ""


def ask(session: Session, roots: list[int], now_ms: int) -> str:
    """Ask for these records and all that belongs to them; the reference of the first one.

    Who was declined and is asked for again is to be decided again, whether the hub ever heard that
    the wish was taken back meanwhile or not.
    """
    person = str(session.info.get("person", ""))
    asked = {one.uid: one for one in _asked(session)}
    uids_ = [uid_of(session, root) for root in roots]
    for uid in uids_:
        known = asked.get(uid)
        if known is None or known.declined_at or known.taken_back:
            anew = (known.declined_at or known.anew) if known else 0
            step = operations.of(session).action
            asked[uid] = _Asked(uid, now_ms, person, anew=anew, action=step)
    history.write_setting(session, _SETTING, list(asked.values()))
    return reference(erasing.digest_of(uids_[0]))


def utter_again(session: Session, action: int) -> None:
    """This step was taken back and is done again: what it asked for is asked for again."""
    asked = _asked(session)
    again = [
        msgspec.structs.replace(
            one, taken_back=False, declined_at=0, reason="", anew=one.declined_at or one.anew
        )
        if one.taken_back and one.action in (0, action) and _is_gone(session, one.uid)
        else one
        for one in asked
    ]
    if again != asked:
        history.write_setting(session, _SETTING, again)


def note_taken_back(session: Session) -> None:
    """Members were written: who is shown again is not asked for any more."""
    asked = _asked(session)
    now = [
        one
        if one.taken_back or _is_gone(session, one.uid)
        else msgspec.structs.replace(one, taken_back=True)
        for one in asked
    ]
    if now != asked:
        history.write_setting(session, _SETTING, now)


def uids(session: Session) -> list[bytes]:
    """What to ask the hub for now."""
    return [one.uid for one in _standing(session)][:MOST_ASKED]


def anew(session: Session) -> dict[bytes, int]:
    """Of what to ask the hub for, what it declined before: when it did."""
    return {one.uid: one.anew for one in _standing(session)[:MOST_ASKED] if one.anew}


def rows(session: Session) -> list[AskedRow]:
    """All that was asked and not carried out yet, oldest first."""
    return [
        AskedRow(
            record=find_id(session, one.uid),
            reference=reference(erasing.digest_of(one.uid)),
            asked_at=as_time(one.at),
            person=one.person,
            declined_at=as_time(one.declined_at) if one.declined_at else None,
            reason=one.reason,
        )
        for one in _standing(session)
    ]


def forget_done(session: Session) -> None:
    """What the ledger names needs no asking any more."""
    asked = _asked(session)
    erased = erasing.Erased(erasing.ledger(raw(session)))
    left = [one for one in asked if not erased.has(one.uid)]
    if len(left) < len(asked):
        history.write_setting(session, _SETTING, left or None)


def hear_declined(session: Session, told: Mapping[bytes, tuple[int, str]]) -> None:
    """Keep what the committee declines as of now: by digest when (milliseconds) and why."""
    asked = _asked(session)
    heard = []
    for one in asked:
        at, reason = told.get(erasing.digest_of(one.uid), (0, ""))
        if at == one.anew:  # it has not heard yet that this is asked for once more
            at, reason = 0, ""
        heard.append(msgspec.structs.replace(one, declined_at=at, reason=reason))
    if heard != asked:
        history.write_setting(session, _SETTING, heard)


def reference(digest: bytes) -> str:
    """Eight signs by which two people speak of one erasure: the beginning of what the ledger says."""
    return digest[:_REFERENCE].hex().upper()


def _standing(session: Session) -> list[_Asked]:
    """But for those who were brought back."""
    return [one for one in _asked(session) if not one.taken_back and _is_gone(session, one.uid)]


def _is_gone(session: Session, uid: bytes) -> bool:
    """Whether somebody is removed. Work of another desk does not bring back (sync.removals)."""
    found = raw(session).execute(
        "SELECT 1 FROM record r JOIN member m ON m.id=r.id WHERE r.uid=?1 AND"
        " (m.removed_at IS NOT NULL OR EXISTS"
        " (SELECT 1 FROM extra e WHERE e.record=r.id AND e.field=?2))",
        (uid, REMOVED),
    )
    return found.fetchone() is not None


def _asked(session: Session) -> list[_Asked]:
    return history.read_setting(session, _SETTING, list[_Asked]) or []
