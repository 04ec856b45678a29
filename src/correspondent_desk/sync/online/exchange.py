"""An exchange with the hub over the network, in three steps that may run on different threads.

`plan` and `take_in` use the store and are quick; `carry` may take long, uses none, and can be stopped.
Whatever happens in between, the next exchange goes on from there: what was sent lies in the outbox
until the hub has it, what was fetched in the inbox until it is taken in.
"""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeGuard

import msgspec

from correspondent_desk.errors import DeskError
from correspondent_desk.store import history
from correspondent_desk.store.files import refusal
from correspondent_desk.store.identity import raw
from correspondent_desk.store.opened import Store
from correspondent_desk.store.session import Session
from correspondent_desk.sync import enrolment, folder, inbox, link, receiving, sending
from correspondent_desk.sync.keys import DeskKeys
from correspondent_desk.sync.link import Link
from correspondent_desk.sync.manifest import Welcome
from correspondent_desk.sync.online import vouching, wire
from correspondent_desk.sync.online.line import Line
from correspondent_desk.sync.online.transfer import PAUSES_S, Progress, Stage, Told, Transfer
from correspondent_desk.sync.online.trouble import HubRefused, NoAddress, Unreachable
from correspondent_desk.sync.online.wire import Directory, EnrolAsk, Enrolled, Fate, Import
from correspondent_desk.sync.origins import Origins
from correspondent_desk.sync.rejection import Reason
from correspondent_desk.sync.reports import Report
from correspondent_desk.sync.sending import Prepared
from correspondent_desk.sync.uninvited import REASONS

MOST_ROUNDS = 3
_FETCHED = "online"
_TAKEN = "online.taken"
"""The number of the last bundle of which it was told that the hub has taken it in."""
_ASIDE = ".refused"
_HELD = "bundle:revoked"


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be carried. sent: the bundle for the hub, None if the hub lacks nothing.

    rescued: bundles of this computer from before it joined anew, signed with the keys it had then.
    """

    known: Link
    keys: DeskKeys
    person: str
    sent: Prepared | None
    have: dict[bytes, int]
    inbox: Path
    rescued: tuple[Path, ...] = ()


@dataclass(slots=True)
class Carried:
    """What was carried. trouble: what then kept the rest from it; the next exchange goes on."""

    directory: Directory | None = None
    enrolled: Enrolled | None = None
    receipt: Import | None = None
    fetched: Path | None = None
    trouble: DeskError | None = None
    rescued: dict[Path, Import] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A bundle that was fetched and not taken in: why, and where it lies for somebody to decide."""

    path: Path
    error: DeskError


@dataclass(slots=True)
class OnlineReport:
    """What an exchange did.

    sent: but for what the hub was known to have, which is offered once more until its answer is taken
    in. receipt: what the hub made of the last of these; None if none was sent, or nothing is known yet.
    rescued: bundles from before this computer joined anew that the hub has now, to be approved or not.
    not_rescued: those that it refuses for good, and where they lie.
    """

    sent: list[Prepared] = field(default_factory=list)
    rescued: int = 0
    not_rescued: list[NotTaken] = field(default_factory=list)
    receipt: Import | None = None
    received: list[Report] = field(default_factory=list)
    refused: list[NotTaken] = field(default_factory=list)
    trouble: DeskError | None = None

    @property
    def did_something(self) -> bool:
        """Whether anything was sent or received."""
        return bool(self.sent or self.received or self.refused or self.rescued)


def exchange_online(
    db: Store,
    tell: Told = lambda _progress: None,
    is_stopped: Callable[[], bool] = lambda: False,
    pauses_s: tuple[float, ...] = PAUSES_S,
    *,
    is_meant: bool = False,
) -> OnlineReport:
    """Send what the hub lacks and take in what it has for this desk.

    is_meant: also if it takes much out of the lists; somebody was asked and wants it.
    Raises NotEnrolled, NoAddress, BundleNotWritten, CannotWrite; what came of the rest, trouble on
    the way included, is in the report.
    """
    report = OnlineReport()
    for _ in range(MOST_ROUNDS):
        planned = plan(db)
        carried = carry(planned, tell, is_stopped, pauses_s)
        tell(Progress(Stage.TAKING_IN))
        if not take_in(db, planned, carried, report, is_meant=is_meant):
            break
    return report


def plan(db: Store) -> Plan:
    """What there is to send, made ready. Raises NotEnrolled, NoAddress, BundleNotWritten, CannotWrite."""
    known, keys = db.read(link.load)
    if not known.url:
        raise NoAddress
    sent = None
    if db.read(lambda s: sending.has_news(db, s, known)):
        sent = db.read(lambda s: _lying(db, s, known)) or _prepared(db)
        # A rotated key is in the bundle that was just made.
        known, keys = db.read(link.load)
    fetched = db.folder.inbox / _FETCHED
    _drop_decided(db, fetched)
    return Plan(
        known=known,
        keys=keys,
        person=db.person,
        sent=sent,
        have=known.claimed(db.read(lambda s: Origins(raw(s)).vector)),
        inbox=fetched,
        rescued=tuple(folder.lying(db.folder.path / folder.RESCUED)),
    )


def carry(
    planned: Plan,
    tell: Told,
    is_stopped: Callable[[], bool] = lambda: False,
    pauses_s: tuple[float, ...] = PAUSES_S,
) -> Carried:
    """Carry it over the network, both ways. Uses no store. What was raised is in the result.

    pauses_s: how long to wait before trying again what was cut.
    """
    done = Carried()
    try:
        tell(Progress(Stage.CONNECTING))
        known = planned.known
        with Line(
            known.url, planned.keys, certificate=known.certificate, is_stopped=is_stopped
        ) as line:
            transfer = Transfer(line, tell, is_stopped, pauses_s)
            # Who has no network is told at once.
            done.directory = transfer.patient(
                lambda: line.directory(
                    lambda found: vouching.learned(known, found), vouching.version(known)
                ),
                passing=(Unreachable.CUT,),
            )
            if not known.desk:
                done.enrolled = transfer.patient(lambda: _enrolled(line, planned))
            if planned.sent is not None:
                done.receipt = transfer.send(planned.sent.path)
            for path in planned.rescued:
                done.rescued[path] = transfer.send(path)
            done.fetched = transfer.fetch(planned.have, planned.inbox)
    except DeskError as error:
        done.trouble = error
    return done


def take_in(
    db: Store, planned: Plan, carried: Carried, report: OnlineReport, *, is_meant: bool = False
) -> bool:
    """Keep what came and add it to report; whether there is more to carry now. Raises CannotWrite."""
    db.keep(lambda s: _learn(s, carried))
    report.trouble = carried.trouble
    if planned.sent is not None and carried.receipt is not None:
        _hear(db, planned.sent, carried.receipt, report)
    for path, receipt in carried.rescued.items():
        # Refused as that of a lost desk, it is kept there until somebody approves it.
        is_held = receipt.fate is Fate.REFUSED and receipt.code == _HELD
        if is_held or receipt.fate not in (Fate.NONE, Fate.REFUSED):
            report.rescued += 1
            with suppress(OSError):
                path.unlink(missing_ok=True)
        elif receipt.fate is Fate.REFUSED and _is_for_good(receipt.code):
            report.not_rescued.append(_put_aside(path, receipt.code))
    if carried.fetched is not None:
        _apply(db, carried.fetched, report, is_meant=is_meant)
    if report.trouble is not None or report.refused:
        return False
    is_moving = planned.sent is not None or carried.fetched is not None
    return is_moving and db.read(lambda s: _has_news(db, s))


def _hear(db: Store, sent: Prepared, receipt: Import, report: OnlineReport) -> None:
    """What became of the bundle that was sent."""
    is_refused = receipt.fate is Fate.REFUSED
    is_taken = receipt.fate not in (Fate.NONE, Fate.WAITING, Fate.REFUSED)
    if not (is_taken and db.read(lambda s: history.read_setting(s, _TAKEN, int)) == sent.number):
        report.receipt = receipt
        report.sent.append(sent)
    given = folder.identity(sent.path)

    def note(session: Session) -> None:
        if is_taken:
            history.write_setting(session, _TAKEN, sent.number)
        if given is not None:
            state = sending.REFUSED if is_refused else sending.HANDED_OVER
            sending.note_state(session, given, state)

    db.keep(note)
    if is_refused:
        with suppress(OSError):  # the next one is made anew
            sent.path.unlink(missing_ok=True)


def trouble_of(receipt: Import | None) -> DeskError | None:
    """Why the hub did not take in what was sent; None if it did, or has not yet."""
    if receipt is None or receipt.fate is not Fate.REFUSED:
        return None
    return HubRefused(f"bundle-{receipt.code.removeprefix('bundle:')}", code=receipt.code)


# --- parts ----------------------------------------------------------------------------------------


def _prepared(db: Store) -> Prepared | None:
    place = db.folder.outbox
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise refusal(error, place) from error
    made = sending.prepare(db, place)
    if made is not None:
        folder.tidy(place, made.path)
    return made


def _drop_decided(db: Store, fetched: Path) -> None:
    """What somebody was asked about and took in from where it lay: else it would come once more."""
    lying = folder.lying(fetched)
    known = {one.hex() for one in db.read(inbox.known)} if lying else set()
    for path in lying:
        if path.stem in known:
            with suppress(OSError):
                path.unlink(missing_ok=True)


def _lying(db: Store, session: Session, known: Link) -> Prepared | None:
    """The bundle made last, if it still lies in the outbox and says all there is to say."""
    row = (
        raw(session)
        .execute("SELECT bundle, number, operations FROM outbox ORDER BY number DESC LIMIT 1")
        .fetchone()
    )
    if row is None or not sending.says_all(db, session, known):
        return None
    for path in folder.lying(db.folder.outbox):
        if folder.identity(path) == row[0]:
            size = path.stat().st_size
            return Prepared(path=path, size=size, number=row[1], operations=row[2])
    return None


def _has_news(db: Store, session: Session) -> bool:
    known = link.find(session)
    return known is not None and sending.has_news(db, session, known)


def _enrolled(line: Line, planned: Plan) -> Enrolled:
    known, keys = planned.known, planned.keys.public
    ask = EnrolAsk(
        invitation=known.invitation,
        desk=known.desk_name,
        person=planned.person[: enrolment.MOST_NAME],
        signing=keys.signing,
        receiving=keys.receiving,
        proof=bytes(32),
    )
    proof = wire.enrolment_proof(known.secret, line.nonce(), known.office, ask)
    return line.call("POST", "/v1/enrol", Enrolled, msgspec.structs.replace(ask, proof=proof))


def _learn(session: Session, carried: Carried) -> None:
    """Keep where the hub receives now, and that it knows this desk."""
    known = link.find(session)
    if known is None:
        return
    changes: dict[str, object] = {}
    told = known if carried.directory is None else vouching.learned(known, carried.directory)
    if carried.enrolled is not None:
        welcome = Welcome(
            invitation=known.invitation,
            desk=carried.enrolled.desk,
            office_code=carried.enrolled.office_code,
        )
        changes |= enrolment.welcomed(known, welcome)
    elif not known.desk and _is_uninvited(carried.trouble):
        told = link.refused(told, str(carried.trouble.reason))
    changed = msgspec.structs.replace(told, **changes)
    if changed != known:
        link.keep(session, changed)


def _is_for_good(code: str) -> bool:
    """Whether the hub will say no each time, to work of a computer that it never knew."""
    return code.removeprefix("bundle:") in {*REASONS, Reason.UNKNOWN_SENDER}


def _put_aside(path: Path, code: str) -> NotTaken:
    """What the hub refuses for good is not sent again; it is kept for somebody to look into."""
    kept = path.with_name(f"{path.name}{_ASIDE}")
    try:
        path.replace(kept)
    except OSError:
        kept = path
    return NotTaken(kept, HubRefused(f"bundle-{code.removeprefix('bundle:')}", code=code))


def _is_uninvited(trouble: DeskError | None) -> TypeGuard[HubRefused]:
    """Whether the hub will never take anything with this desk's invitation."""
    return isinstance(trouble, HubRefused) and trouble.reason in REASONS


def _apply(db: Store, path: Path, report: OnlineReport, *, is_meant: bool) -> None:
    try:
        report.received.append(receiving.apply(db, path, is_meant=is_meant))
    except DeskError as error:
        report.refused.append(NotTaken(path, error))
        if not sending.note_unreadable(db, error):
            return  # it is tried again, or somebody is asked about it
    with suppress(OSError):
        path.unlink(missing_ok=True)
