"""From desk to desk of one office by a stick, without the hub.

A bundle for a colleague holds what this desk wrote and the colleague lacks, the letters of others that
lie here, and what explains them: the hub's list of desks, its directory and its erasure ledger. What
the hub has acknowledged stays between each desk and the hub.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import msgspec

from correspondent_desk.errors import DeskError
from correspondent_desk.store import erasing, history
from correspondent_desk.store import origins as incarnations
from correspondent_desk.store.changes import as_time
from correspondent_desk.store.identity import raw
from correspondent_desk.store.opened import Store
from correspondent_desk.store.session import Session
from correspondent_desk.sync import (
    bundle,
    collector,
    columns,
    directory,
    folder,
    ledger,
    letters,
    link,
    ops,
    peers,
    roster,
    sending,
)
from correspondent_desk.sync.bundle import Header, Section, Segment
from correspondent_desk.sync.keys import DeskKeys
from correspondent_desk.sync.letters import Kept
from correspondent_desk.sync.link import Link
from correspondent_desk.sync.origins import Origins
from correspondent_desk.sync.parcels import OPS, ROSTER
from correspondent_desk.sync.peers import Peer
from correspondent_desk.sync.roster import Colleague
from correspondent_desk.sync.sending import Prepared

BETWEEN = "between"
_WRITTEN = "relay.written."  # a setting for each colleague
_BEGUN = b""  # a file that has no id yet
_REMEMBERED = 100  # files; they may lie on any number of sticks
_encode = msgspec.msgpack.Encoder().encode


class NoSuchColleague(DeskError):
    """No desk of this number or name is in the hub's list, or several are (details: desk).

    reason: nobody: the hub has not told of any other desk yet.
    """

    code = "no-such-colleague"


@dataclass(frozen=True, slots=True, kw_only=True)
class ColleagueRow:
    """Another desk of the office. heard_at, said_at: when its file came and one was made for it."""

    number: int
    name: str
    person: str
    signing: bytes
    heard_at: datetime | None
    said_at: datetime | None


def colleagues(session: Session) -> list[ColleagueRow]:
    """The other desks that this one believes, by number; none before the hub has told of them."""
    known = link.find(session)
    if known is None:
        return []
    own = link.load(session)[1].public.signing
    rows = []
    for one in sorted(roster.trusted(known).values(), key=lambda one: one.number):
        if one.signing != own:
            peer = peers.find(raw(session), one.signing)
            rows.append(
                ColleagueRow(
                    number=one.number,
                    name=one.name,
                    person=one.person,
                    signing=one.signing,
                    heard_at=as_time(peer.heard_at) if peer.heard_at else None,
                    said_at=as_time(peer.said_at) if peer.said_at else None,
                )
            )
    return rows


def named(session: Session, wanted: str) -> ColleagueRow:
    """The colleague of this number or name. Raises NotEnrolled, NoSuchColleague."""
    link.load(session)
    found = colleagues(session)
    if not found:
        raise NoSuchColleague("nobody", desk=wanted)
    text = " ".join(wanted.split()).casefold()
    fitting = [one for one in found if text in (str(one.number), one.name.casefold())]
    if len(fitting) != 1:
        raise NoSuchColleague(desk=wanted)
    return fitting[0]


@collector.paused()
def prepare_for(db: Store, signing: bytes, target: Path) -> Prepared | None:
    """The bundle for a colleague, at target or in the folder target; None if it lacks nothing.

    Raises NotEnrolled, NoSuchColleague, BundleNotWritten, CannotWrite. Whatever is raised, no file
    was left.
    """
    now_ms = db.now_ms()
    known, keys = db.read(link.load)
    folder.require_outside(db.folder, target)
    keys = sending.rotated(db, keys, as_time(now_ms))
    parts = db.read(lambda s: _parts(db, s, known, keys, signing, now_ms))
    if parts is None:
        return None
    number = parts.header.number
    name = bundle.file_name(known.office_code, f"{known.desk}-{parts.to}", number)
    path = target / name if folder.is_folder(target) else target
    # Before the file exists: a store put back from a copy must know which numbers were used.
    incarnations.note_exported(db.folder, parts.incarnations, incarnation=parts.header.incarnation)
    db.keep(lambda s: _note_written(s, signing, _BEGUN, number))  # or it is taken for a copy's
    written = bundle.write(
        path, parts.header, parts.sections, signing=keys.signing, recipients=[parts.recipient]
    )
    said = _encode(parts.said)
    given = written.manifest.bundle
    db.keep(lambda s: _note_written(s, signing, given, number))
    db.keep(lambda s: peers.note_said(raw(s), signing, number, said, now_ms))
    return Prepared(path=path, size=written.size, number=number, operations=parts.operations)


@dataclass(frozen=True, slots=True)
class _Parts:
    """A bundle before it is written, for the desk of the number to.

    said: what tells it from another one for the same desk.
    """

    header: Header
    sections: list[Section]
    operations: int
    incarnations: dict[bytes, int]
    to: int
    recipient: str
    said: list[object]


def _parts(
    db: Store, session: Session, known: Link, keys: DeskKeys, signing: bytes, now_ms: int
) -> _Parts | None:
    connection = raw(session)
    to = roster.trusted(known).get(signing)
    if to is None or signing == keys.public.signing:
        raise NoSuchColleague(desk=signing.hex()[:8])
    peer, origins = peers.find(connection, signing), Origins(connection)
    carried = letters.lacking(connection, peer.vector, _is_for_colleagues(known))
    lines = [one for one in erasing.ledger(connection) if one.version > peer.erasure]
    count = ops.count_unknown_to(connection, peer.vector)
    said = _said(known, origins)
    if not (count or carried or lines) and peer.said == _encode(said):
        return None
    segments: list[Segment] = []
    runs = ops.noted(ops.own_runs(connection, peer.vector), segments)
    header = Header(
        sender_name=(db.person or known.desk_name)[: roster.MOST_NAME],
        office=known.office,
        origin=origins.uid(origins.own),
        incarnation=max(origins.incarnation, incarnations.last_incarnation(db.folder)),
        number=peer.number + 1,
        previous=peer.number,
        created=max(now_ms, 0),
        vector=origins.vector,
        schema=sending.SCHEMA,
        requires=[*sending.REQUIRES, letters.FEATURE, *([ledger.FEATURE] if lines else [])],
        next_recipient=keys.public.receiving,
        erasure=erasing.version(connection),
    )
    sections = [Section(OPS, packed) for packed in columns.pack(runs)]
    sections += [Section(letters.LETTER, one.content) for one in carried]
    sections += [Section(ledger.LEDGER, packed) for packed in ledger.pack(lines)]
    sections += _explaining(known)
    return _Parts(
        msgspec.structs.replace(
            header, segments=[sending.headed(connection, one) for one in segments]
        ),
        sections,
        count + letters.brought(carried, peer.vector),
        origins.incarnations,
        to.number,
        _recipient(known, to, peer),
        said,
    )


def _said(known: Link, origins: Origins) -> list[object]:
    """What a colleague learns besides operations: it is told again when it changes."""
    listed = roster.known(known)
    return [sorted(origins.vector.items()), listed.version if listed is not None else 0]


def _is_for_colleagues(known: Link) -> Callable[[Kept], bool]:
    """Whether a letter is for a colleague too, and its signer still believed: nobody is asked to believe others."""
    believed = roster.believed(known) | roster.trusted(known).keys()
    return lambda one: one.sender in believed and not one.is_for_hub


def _explaining(known: Link) -> list[Section]:
    found = [Section(ROSTER, known.roster)]
    if known.directory:
        found.append(Section(directory.DIRECTORY, known.root + known.directory))
    return found


def _recipient(known: Link, to: Colleague, peer: Peer) -> str:
    """Where it receives, by whoever said it last: itself, or the hub."""
    listed = roster.known(known)
    is_newer = listed is not None and listed.made > peer.heard_at
    return to.receiving if is_newer or not peer.receiving else peer.receiving


# --- a stick with a folder for each desk ----------------------------------------------------------


def lying_for(session: Session, shared: Path) -> list[Path]:
    """The files on a stick that other desks left for this one. Raises NotEnrolled, BundleRejected."""
    known, keys = link.load(session)
    name = folder.name_of(known.office_code, keys.public.signing)
    return [
        path
        for writer in folder.writers(shared, BETWEEN)
        if writer.name != name
        for path in folder.lying(writer / name)
    ]


def put_for_others(db: Store, shared: Path) -> list[tuple[ColleagueRow, Prepared]]:
    """Put on a stick what each desk lacks that has a folder there. Raises as prepare_for.

    Somebody must have begun with it: in a folder that the hub serves, there is nothing to pass on.
    """
    known, keys = db.read(link.load)
    place = shared / BETWEEN
    own = place / folder.name_of(known.office_code, keys.public.signing)
    made = []
    for one in db.read(colleagues):
        other = folder.name_of(known.office_code, one.signing)
        if not (folder.is_folder(place / other) or folder.is_folder(own / other)):
            continue
        prepared = put_for(db, shared, one)
        if prepared is not None:
            made.append((one, prepared))
    return made


def put_for(db: Store, shared: Path, to: ColleagueRow) -> Prepared | None:
    """Put on a stick what the other lacks; the file that lies there goes on lying if it says all.

    Raises as prepare_for.
    """
    folder.require_outside(db.folder, shared)
    known, keys = db.read(link.load)
    name = folder.name_of(known.office_code, keys.public.signing)
    other = folder.name_of(known.office_code, to.signing)
    folder.writable(shared, f"{BETWEEN}/{name}", other)
    place = shared / BETWEEN / name / other
    written, last = db.read(lambda s: _written(s, to.signing))
    ours = (written.get(folder.identity(one) or b"") for one in folder.whole(place))
    if last in ours and db.read(lambda s: _says_all(s, to.signing)):
        return None
    others = folder.of_a_copy(place, written, last)
    prepared = prepare_for(db, to.signing, folder.after(others) if others else place)
    if prepared is not None:
        folder.tidy(place, prepared.path, others)
    return prepared


def of_copy(db: Store, shared: Path) -> tuple[Path, ...]:
    """The files on a stick for other desks that a copy of this one wrote. Raises NotEnrolled."""
    known, keys = db.read(link.load)
    own = shared / BETWEEN / folder.name_of(known.office_code, keys.public.signing)
    written = db.read(lambda s: [(one, *_written(s, one.signing)) for one in colleagues(s)])
    return tuple(
        path
        for one, known_ids, last in written
        for path in folder.of_a_copy(
            own / folder.name_of(known.office_code, one.signing), known_ids, last
        )
    )


def _written(session: Session, signing: bytes) -> tuple[dict[bytes, int], int]:
    """The numbers of the newest files for a colleague, by their ids, and the last that was begun."""
    found = history.read_setting(session, _WRITTEN + signing.hex(), dict[bytes, int]) or {}
    begun = found.pop(_BEGUN, 0)
    return found, max(begun, peers.find(raw(session), signing).number)


def _note_written(session: Session, signing: bytes, given: bytes, number: int) -> None:
    known = [*_written(session, signing)[0].items(), (given, number)]
    history.write_setting(session, _WRITTEN + signing.hex(), dict(known[-_REMEMBERED:]))


def _says_all(session: Session, signing: bytes) -> bool:
    known = link.find(session)
    origins = Origins(raw(session))
    return known is not None and peers.find(raw(session), signing).said == _encode(
        _said(known, origins)
    )
