"""The exchange as windows and commands see it: everything takes an open Database or a Session.

Each function may take seconds with a large bundle and may be called on any thread.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from correspondent_desk.errors import DeskError
from correspondent_desk.store import erasure_wishes, history
from correspondent_desk.store import origins as incarnations
from correspondent_desk.store.changes import as_time
from correspondent_desk.store.erasure_wishes import AskedRow
from correspondent_desk.store.identity import raw
from correspondent_desk.store.opened import Store
from correspondent_desk.store.session import Session
from correspondent_desk.sync import directory, folder, inbox, link, ops, peers, relay, sending
from correspondent_desk.sync.disagreements import (
    Choice,
    Disagreement,
    Told,
    disagreements,
    settle,
)
from correspondent_desk.sync.enrolment import enrol
from correspondent_desk.sync.inbox import InboxRow
from correspondent_desk.sync.inspecting import Inspection, inspect
from correspondent_desk.sync.keys import KEPT_AFTER_ROTATION
from correspondent_desk.sync.link import AlreadyEnrolled, Link, NotEnrolled
from correspondent_desk.sync.modest import RemovesMuch
from correspondent_desk.sync.receiving import apply, preview
from correspondent_desk.sync.rejection import BundleRejected, Reason
from correspondent_desk.sync.relay import ColleagueRow, NoSuchColleague
from correspondent_desk.sync.reports import Disputed, Effect, Fate, Preview, Report
from correspondent_desk.sync.sending import OutboxRow, Prepared
from correspondent_desk.sync.taking_back import TakenIn, take_back
from correspondent_desk.sync.taking_back import taken_in as _taken_in

__all__ = [
    "AlreadyEnrolled", "Choice", "ColleagueRow", "DeskSeen", "Disagreement", "Disputed", "Effect", "ExchangeStatus",
    "Fate", "FolderReport", "InboxRow", "Inspection", "Link", "NoSuchColleague", "NotEnrolled", "OutboxRow", "Prepared",
    "Preview", "Refused", "RemovesMuch", "Report", "TakenIn", "Told", "apply", "disagreements", "enrol", "exchange_folder",
    "inspect", "prepare", "preview", "settle", "status", "take_back",
]  # fmt: skip


_COPY_SEEN = "exchange.copy-seen"


@dataclass(frozen=True, slots=True, kw_only=True)
class DeskSeen:
    """Another desk of the office, or this one before it was restored: whose work came last and when."""

    person: str
    last_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeStatus:
    """Where this desk stands with its hub.

    is_welcomed: the hub has answered; desk: this desk's number in its office, 0 before.
    to_send: operations that the hub is not known to have. has_news: whether a bundle would tell the
    hub anything, be it only that its own has come. handed_over: bundles of whose arrival nothing is
    known. waiting: bundles that lack another. desks: newest first. address: where the hub is reached
    over the network, nothing if it is not. taken_in: the newest exchanges that
    changed something here, each of which may be taken back. colleagues: the other desks of the office
    that the hub vouches for. is_doubled: somebody works with a copy of this very desk. vouched_at: when
    the newest directory of the hub was signed that came here, if that is too long ago. erasures: who
    was asked for and is not erased yet. waits_since: when the oldest file was made that has work which
    the hub is not known to have, or that is to make this desk known; None: none was. uninvited: why the
    hub takes nothing with this desk's invitation, or of this desk, a word of rejection.Reason; nothing if
    it never said so. has_forgotten: this desk has sent files, but its store was put back to before it
    joined an office and knows of none.
    """

    is_enrolled: bool = False
    is_welcomed: bool = False
    hub_name: str = ""
    office_name: str = ""
    office_code: str = ""
    desk: int = 0
    sent_at: datetime | None = None
    received_at: datetime | None = None
    to_send: int = 0
    has_news: bool = False
    handed_over: tuple[OutboxRow, ...] = ()
    waiting: tuple[InboxRow, ...] = ()
    desks: tuple[DeskSeen, ...] = ()
    disagreements: int = 0
    taken_in: tuple[TakenIn, ...] = ()
    address: str = ""
    colleagues: tuple[ColleagueRow, ...] = ()
    is_doubled: bool = False
    vouched_at: datetime | None = None
    erasures: tuple[AskedRow, ...] = ()
    waits_since: datetime | None = None
    uninvited: str = ""
    has_forgotten: bool = False


@dataclass(frozen=True, slots=True)
class Refused:
    """A file of the shared folder that was not taken in, and why."""

    path: Path
    error: DeskError


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderReport:
    """What an exchange by shared folder did. prepared: None if the hub lacks nothing.

    passed_on: what was put there for other desks of the office. failed: why not all could be put
    there, when files had been taken in before. waits_since: when was put there what the hub has not
    answered, though this desk has nothing to add; None: it owes no answer. uninvited: as ExchangeStatus
    says; who never joined then puts nothing there for the hub. of_copy: files there that a copy of this
    desk wrote, or this desk before its whole disk was put back; they are left for who is to read them.
    """

    received: tuple[Report, ...]
    refused: tuple[Refused, ...]
    prepared: Prepared | None
    passed_on: tuple[tuple[ColleagueRow, Prepared], ...] = ()
    failed: DeskError | None = None
    waits_since: datetime | None = None
    uninvited: str = ""
    of_copy: tuple[Path, ...] = ()


def status(db: Store) -> ExchangeStatus:
    """Where this desk stands with its hub; quick."""
    return db.read(lambda s: _status(db, s))


def prepare(db: Store, target: Path) -> Prepared | None:
    """As sending.prepare, for a person: nothing is put among the files of the desk itself."""
    folder.require_outside(db.folder, target)
    return sending.prepare(db, target)


def exchange_folder(db: Store, shared: Path, *, is_meant: bool = False) -> FolderReport:
    """Take what lies in the shared folder for this desk, then put there what the hub lacks.

    is_meant: also if it takes much out of the lists; somebody was asked and wants it.
    Raises NotEnrolled, BundleRejected (the folder cannot be read), BundleNotWritten, CannotWrite;
    then nothing was taken in. One file that is refused does not keep the others from being taken in.
    """
    known, keys = db.read(link.load)
    folder.require_outside(db.folder, shared)
    name = folder.name_of(known.office_code, keys.public.signing)
    place = folder.writable(shared, folder.TO_HUB, name)
    of_hub = folder.lying(shared / folder.FROM_HUB / name)
    lying = [*of_hub, *db.read(lambda s: relay.lying_for(s, shared))]
    received, refused = _take_all(db, lying, is_meant=is_meant)
    refused = [_answered(db, one) if one.path in of_hub else one for one in refused]
    of_copy: tuple[Path, ...] = ()
    prepared, passed_on, failed = None, [], None
    try:
        of_copy = _look_for_copy(db, place)
        prepared = _put_for_hub(db, place, of_copy)
        of_copy += relay.of_copy(db, shared)
        passed_on = relay.put_for_others(db, shared)
    except DeskError as error:
        if not received:
            raise
        failed = error  # what came stands here already, and must be told
    return FolderReport(
        received=tuple(received),
        refused=tuple(refused),
        prepared=prepared,
        passed_on=tuple(passed_on),
        failed=failed,
        waits_since=None if prepared or failed else db.read(_waits_since),
        uninvited=db.read(_uninvited),
        of_copy=of_copy,
    )


def _answered(db: Store, out: Refused) -> Refused:
    """A file of the hub for this desk: if it cannot be read, the hub is told and people are told why."""
    is_unreadable = sending.note_unreadable(db, out.error)
    if not is_unreadable or out.error.reason != Reason.WRONG_RECIPIENT:
        return out
    known = db.read(link.load)[0]
    heard = as_time(known.received_at or known.expires)  # its first key came with the invitation
    is_long_ago = as_time(db.now_ms()) - heard >= KEPT_AFTER_ROTATION
    why = Reason.PUT_BACK_LONG_AGO if is_long_ago else Reason.PUT_BACK
    return Refused(out.path, BundleRejected(why))


def _uninvited(session: Session) -> str:
    known = link.find(session)
    return "" if known is None else known.uninvited


def _is_turned_away(session: Session) -> bool:
    """Whether the hub never knew this desk and will not. Of who was trusted once, work may be approved."""
    known = link.find(session)
    return known is not None and not known.desk and bool(known.uninvited)


def _look_for_copy(db: Store, place: Path) -> tuple[Path, ...]:
    """What a copy of this desk put into place; since when there is any, is kept."""
    last = incarnations.last_bundle(db.folder)
    found = folder.of_a_copy(place, db.read(sending.written), last)
    if bool(found) is not (db.read(_copy_seen_at) is not None):
        seen_at = db.now_ms() if found else None
        db.keep(lambda s: history.write_setting(s, _COPY_SEEN, seen_at))
    return found


def _copy_seen_at(session: Session) -> int | None:
    return history.read_setting(session, _COPY_SEEN, int)


def _is_doubled(session: Session, known: Link) -> bool:
    """By the hub's word; and until it has spoken, by a file that only a copy can have written.

    Or this desk, before its whole disk was put back: the hub knows of no copy then.
    """
    seen_at = _copy_seen_at(session)
    return (seen_at is not None and known.received_at <= seen_at) or peers.is_doubled(session)


def _put_for_hub(db: Store, place: Path, of_copy: Collection[Path]) -> Prepared | None:
    if db.read(_is_turned_away) or db.read(lambda s: _lies_there(db, s, place)):
        return None
    prepared = prepare(db, folder.after(of_copy) if of_copy else place)
    if prepared is not None:
        folder.tidy(place, prepared.path, of_copy)
        given = folder.identity(prepared.path)
        if given is not None:
            db.keep(lambda s: sending.note_state(s, given, sending.HANDED_OVER))
    return prepared


def _take_all(
    db: Store, paths: Sequence[Path], *, is_meant: bool
) -> tuple[list[Report], list[Refused]]:
    received, refused = [], []
    known = db.read(inbox.known)
    for path in paths:
        if folder.identity(path) in known:
            continue
        try:
            received.append(apply(db, path, is_meant=is_meant))
        except DeskError as error:
            refused.append(Refused(path, error))
    return received, refused


def _lies_there(db: Store, session: Session, place: Path) -> bool:
    """Whether the last bundle made still lies in place and says all there is to say."""
    known = link.find(session)
    found = (
        raw(session).execute("SELECT bundle FROM outbox ORDER BY number DESC LIMIT 1").fetchone()
    )
    if known is None or found is None or not sending.says_all(db, session, known):
        return False
    return any(folder.identity(path) == found[0] for path in folder.whole(place))


def _waits_since(session: Session) -> datetime | None:
    """As ExchangeStatus says."""
    known = link.find(session)
    if known is None or known.uninvited:
        return None
    if known.desk and not ops.count_unknown_to(raw(session), known.hub_has):
        return None
    found = raw(session).execute(
        "SELECT min(made_at) FROM outbox WHERE state<>? AND (operations>0 OR ?)",
        (sending.ACKNOWLEDGED, not known.desk),
    )
    since = found.fetchone()[0] or (0 if known.desk else known.sent_at)
    return as_time(since) if since else None


def _status(db: Store, session: Session) -> ExchangeStatus:
    connection = raw(session)
    open_ = sum(not one.is_soft for one in disagreements(session))
    known = link.find(session)
    if known is None:
        has_sent = incarnations.last_bundle(db.folder) > 0
        return ExchangeStatus(disagreements=open_, has_forgotten=has_sent)
    return ExchangeStatus(
        is_enrolled=True,
        is_welcomed=bool(known.desk),
        hub_name=known.hub_name,
        office_name=known.office_name,
        office_code=known.office_code,
        desk=known.desk,
        sent_at=as_time(known.sent_at) if known.sent_at else None,
        received_at=as_time(known.received_at) if known.received_at else None,
        to_send=ops.count_unknown_to(connection, known.hub_has),
        has_news=sending.has_news(db, session, known),
        handed_over=tuple(sending.unacknowledged(session)),
        waiting=tuple(inbox.waiting(session)),
        desks=tuple(_desks(session)),
        disagreements=open_,
        taken_in=tuple(_taken_in(session)),
        address=known.url,
        colleagues=tuple(relay.colleagues(session)),
        is_doubled=_is_doubled(session, known),
        vouched_at=_vouched_long_ago(known, as_time(db.now_ms())),
        erasures=tuple(erasure_wishes.rows(session)),
        waits_since=_waits_since(session),
        uninvited=known.uninvited,
    )


def _vouched_long_ago(known: Link, now: datetime) -> datetime | None:
    """Somebody may be withholding a newer directory; by this computer's clock, so it stops nothing."""
    if not known.directory:
        return None
    told = directory.read(known.directory, known.root)
    return as_time(told.made) if told.is_stale(now) else None


def _desks(session: Session) -> list[DeskSeen]:
    found = raw(session).execute(
        "SELECT a.person, a.at FROM origin o JOIN history h ON h.origin=o.id AND h.seq="
        " (SELECT max(seq) FROM history WHERE origin=o.id) JOIN action a ON a.id=h.action"
        " WHERE NOT o.mine ORDER BY a.at DESC"
    )
    return [DeskSeen(person=person, last_at=as_time(at)) for person, at in found]
