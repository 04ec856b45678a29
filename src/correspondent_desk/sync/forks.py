"""Two copies of one desk that both went on writing: the numbers of one are given anew.

A desk put back from a copy of its whole folder, or of its whole disk, cannot know that it used some
numbers before. The hub does: it has more operations of this desk than the desk itself, or others
under the same numbers. What was written here since is then renamed to a new origin, as if it had
been written by somebody who did not know of the lost work, and what was lost comes back from the hub.

Before it hears of that, such a desk may have given a colleague work by stick under the numbers of what
was lost. The colleague finds out likewise: the hub says by which operation it knows each number that a
desk claims to have. What stands there of the other work becomes a voice of the colleague, who had seen
it, and what the hub has under these numbers comes from the hub.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from sqlite3 import Connection

from msgspec import structs

from correspondent_desk.domain.delivery import Run, Vector
from correspondent_desk.store import origins as incarnations
from correspondent_desk.store import stamps, values, writing
from correspondent_desk.store.erasing import Erased
from correspondent_desk.store.identity import raw
from correspondent_desk.store.session import Session
from correspondent_desk.sync import letters, link, ops, taking_back
from correspondent_desk.sync.columns import OpRow
from correspondent_desk.sync.link import Link
from correspondent_desk.sync.manifest import Segment
from correspondent_desk.sync.origins import Origins
from correspondent_desk.sync.parcels import Parcel

LOOKED_BACK = 2000  # operations; who was put back to before that is found out in several steps
VOICE = b"voice\0"
"""How the id begins that the hub gives to what a desk wrote under taken numbers; see hub.voices."""


def mend(session: Session, received: Parcel, hub_had: Vector, erased: Erased) -> bool:
    """Take a new origin if the hub knows this desk's work otherwise than the desk does.

    hub_had: what this desk knew to have reached the hub. erased: by what the hub has sent, too. The answer:
    whether there was a fork.
    """
    connection = raw(session)
    origins = Origins(connection)
    own = origins.uid(origins.own)
    hi = origins.reached(own)
    common = _first_difference(connection, origins.own, own, received, erased)
    if common is None:
        is_ahead = received.manifest.vector.get(own, 0) > hi
        if not is_ahead and not _has_another_head(connection, own, hi, received, erased):
            return False
        _doubt(session, own, min(hub_had.get(own, 0), hi), hi)
        common = hi
    new = _renewed(connection)
    if hi > common:
        _rename(connection, origins.own, common, new)
    return True


def _doubt(session: Session, own: bytes, sure: int, hi: int) -> None:
    """What stands here after sure may be what the hub has, or not: it shows when the hub sends it once more."""
    if sure < hi:
        known = link.load(session)[0]
        doubts = {**known.doubts, own: sure}
        link.keep(session, structs.replace(known, doubts=doubts, owes_answer=True))


def mend_by_own(session: Session, letters: Iterable[Parcel]) -> bool:
    """As mend, by this desk's own work that a colleague brings back: it shows what is common.

    This desk signed it, or the hub, from which the colleague had it.
    """
    connection = raw(session)
    origins = Origins(connection)
    own = origins.uid(origins.own)
    hi = origins.reached(own)
    common = hi
    is_forked = False
    for one in letters:
        found = _first_difference(connection, origins.own, own, one, Erased(()))
        common = common if found is None else min(common, found)
        is_ahead = any(run.origin == own and run.upto > hi for run in one.runs)
        is_forked = is_forked or is_ahead or found is not None
    if is_forked:
        new = _renewed(connection)
        if hi > common:
            _rename(connection, origins.own, common, new)
    return is_forked


def mend_others(session: Session, received: Parcel, erased: Erased) -> None:
    """As mend, of what is here of other desks, and of this one under its former names.

    Where the hub's last operation is another one, all of them are asked for, and tell where it began.
    """
    connection = raw(session)
    origins = Origins(connection)
    known = link.load(session)[0]
    doubts = dict(known.doubts)
    own = origins.uid(origins.own)
    for uid, after in _told_anew(received, origins).items():
        if uid == own or after > doubts.get(uid, after):  # sent before the hub heard of the doubt
            continue
        common = _first_difference(connection, origins.number(uid), uid, received, erased)
        if common is not None:
            _speak_for(connection, origins.number(uid), common, known)
        doubts.pop(uid, None)
    for uid in doubts.keys() & received.manifest.vector.keys() if received.snapshot else ():
        _speak_for(connection, origins.number(uid), doubts.pop(uid), known)
    for one in received.manifest.segments:
        if one.origin != own and _is_another(connection, one, erased):
            doubts[one.origin] = max(0, one.to - LOOKED_BACK)
    if doubts != known.doubts:
        link.keep(session, structs.replace(known, doubts=doubts, owes_answer=True))


def _told_anew(received: Parcel, origins: Origins) -> dict[bytes, int]:
    """After which number it brings which origins of which something is here already."""
    found: dict[bytes, int] = {}
    for run in received.runs:
        if run.after < origins.reached(run.origin):
            found[run.origin] = min(run.after, found.get(run.origin, run.after))
    return found


def without_doubtful(
    runs: Sequence[Run], known: Link, origins: Origins, sure: int
) -> Sequence[Run]:
    """runs, of which none brings anew what is here already and in doubt; the first sure are the hub's."""
    if not known.doubts:
        return runs
    return [*runs[:sure], *(_without_doubtful(run, known, origins) for run in runs[sure:])]


def _without_doubtful(run: Run, known: Link, origins: Origins) -> Run:
    here = origins.reached(run.origin)
    if run.origin not in known.doubts or run.after >= here:
        return run
    if run.upto <= here:
        return Run(run.origin, 0, 0, ())
    return replace(run, after=here)  # so it waits


def goes_on_in_doubt(connection: Connection, known: Link, parcel: Parcel) -> bool:
    """Whether it goes on where what is here is not surely what the hub has of it."""
    doubtful = [run for run in parcel.runs if run.origin in known.doubts]
    return any(run.upto > Origins(connection).reached(run.origin) for run in doubtful)


def first_difference(
    run: Run,
    theirs: Collection[OpRow],
    known: Mapping[int, tuple[int, bytes]],
    *,
    floor: int = 0,
    strange: Collection[int] = (),
) -> int | None:
    """The number of the last op of a run that is the known one, before the first that is another; None: all agree.

    known: stamp and record of each operation that is here, by number. What is on one side only was erased
    on the other, and may have been another there; up to floor it was replaced there, and is the same.
    strange: those on one side only that are about nobody who was erased: they are others.
    """
    told = {op.seq: (op.stamp, op.record) for op in theirs if op.seq in known}
    common = run.after
    for seq in sorted({*told, *strange}):
        if seq in strange or told[seq] != known[seq]:
            return max(common, min(floor, seq - 1))
        common = seq
    return None


def _renewed(connection: Connection) -> int:
    """The number of the incarnation under which this desk writes from now on."""
    uid = incarnations.renew(connection)
    new: int = connection.execute("SELECT id FROM origin WHERE uid=?", (uid,)).fetchone()[0]
    return new


def _has_another_head(
    connection: Connection, own: bytes, hi: int, received: Parcel, erased: Erased
) -> bool:
    """Whether the last operation that the hub has of this desk is another one here."""
    return any(
        one.origin == own and one.to <= hi and _is_another(connection, one, erased)
        for one in received.manifest.segments
    )


def _is_another(connection: Connection, told: Segment, erased: Erased) -> bool:
    """Whether the operation that the hub tells of is another one here; of one that was erased it tells nothing."""
    here = ops.own_head(connection, told.origin, told.to) if told.first == told.to else b""
    if not here or here == told.chain_to:  # nothing is here of what was erased
        return False
    return bool(told.chain_to) or not _is_gone(connection, told.origin, told.to, erased)


def _is_gone(connection: Connection, origin: bytes, seq: int, erased: Erased) -> bool:
    """Whether an operation that is here is about somebody who was erased."""
    record, root = connection.execute(
        "SELECT r.uid, root.uid FROM history h JOIN origin o ON o.id=h.origin"
        " JOIN record r ON r.id=h.record JOIN record root ON root.id=r.root"
        " WHERE o.uid=? AND h.seq=?",
        (origin, seq),
    ).fetchone()
    return erased.covers(record, root)


def _first_difference(
    connection: Connection, number: int, own: bytes, received: Parcel, erased: Erased
) -> int | None:
    for index, run in enumerate(received.runs):
        if run.origin == own:
            here = connection.execute(
                "SELECT h.seq, h.stamp, r.uid, root.uid FROM history h JOIN record r ON r.id=h.record"
                " JOIN record root ON root.id=r.root WHERE h.origin=? AND h.seq>? AND h.seq<=?",
                (number, run.after, run.upto),
            ).fetchall()
            known = {seq: (stamp, record) for seq, stamp, record, _ in here}
            floor, strange = run.upto if received.is_reduced else 0, set[int]()
            if erased and not received.is_reduced:
                alone = known.keys() - set(run.seqs)
                strange = {s for s, _, r, root in here if s in alone and not erased.covers(r, root)}
            found = first_difference(run, received.ops(index), known, floor=floor, strange=strange)
            if found is not None:
                return found
    return None


def _speak_for(connection: Connection, old: int, common: int, known: Link) -> None:
    """What stands here of another desk's operations after common becomes a voice of this desk."""
    origin, hi = connection.execute("SELECT uid, hi FROM origin WHERE id=?", (old,)).fetchone()
    if hi <= common:
        return
    letters.drop_forked(connection, origin, common, known)
    _leave_what_stands(connection, old, common)
    new: int = connection.execute(
        "INSERT INTO origin(uid, name, hi, floor, stamp, noted, mine) VALUES(?,'',0,0,0,0,?)"
        " RETURNING id",
        (incarnations.new_uid(), incarnations.VOICE),
    ).fetchone()[0]
    _rename(connection, old, common, new)
    connection.execute(
        "UPDATE origin SET noted=min(noted, hi), floor=min(floor, hi) WHERE id=?", (old,)
    )
    # What was not sent yet says what its author really saw; the rest has been read as it was.
    for number, uid in connection.execute("SELECT id, uid FROM origin WHERE mine").fetchall():
        asked = {
            "of": number,
            "sent": known.hub_has.get(uid, 0),
            "old": old,
            "new": new,
            "common": common,
        }
        connection.execute(
            "INSERT INTO context(origin, seq, seen_origin, hi)"
            " SELECT origin, seq, :new, hi-:common FROM context"
            " WHERE origin=:of AND seq>:sent AND seen_origin=:old AND hi>:common",
            asked,
        )
        connection.execute(
            "UPDATE context SET hi=:common"
            " WHERE origin=:of AND seq>:sent AND seen_origin=:old AND hi>:common",
            asked,
        )
    connection.execute("DELETE FROM context WHERE seen_origin=? AND hi=0", (old,))


def _leave_what_stands(connection: Connection, origin: int, common: int) -> None:
    """Of these operations only what stands here; what was replaced would come back elsewhere."""
    after = (origin, common)
    standing: defaultdict[tuple[int, int], set[int]] = defaultdict(set)
    for record, stamp in connection.execute(
        "SELECT id, stamp FROM record WHERE id IN"
        " (SELECT record FROM history WHERE origin=? AND seq>?) AND stamp IS NOT NULL",
        after,
    ):
        for author, seq, _, fields in stamps.groups(stamp):
            if author == origin:
                standing[record, seq].update(fields)
    for record, field, seq in connection.execute(
        "SELECT record, field, seq FROM sibling WHERE origin=? AND seq>?", after
    ):
        standing[record, seq].add(field)
    for seq, record, body in connection.execute(
        "SELECT seq, record, body FROM history WHERE origin=? AND seq>?", after
    ).fetchall():
        found = values.decode(body)
        left = {number: found[number] for number in found.keys() & standing[record, seq]}
        if left:
            connection.execute(
                "UPDATE history SET body=? WHERE origin=? AND seq=?",
                (values.encode(left), origin, seq),
            )
        else:
            connection.execute("DELETE FROM history WHERE origin=? AND seq=?", (origin, seq))


def _rename(connection: Connection, old: int, common: int, new: int) -> None:
    """Give the operations of old after common to the origin new, numbered from 1."""
    moved = {"new": new, "old": old, "common": common}
    for table in ("history", "sibling", "context"):
        connection.execute(
            f"UPDATE {table} SET origin=:new, seq=seq-:common"  # noqa: S608 - our own names
            " WHERE origin=:old AND seq>:common",
            moved,
        )
    connection.execute(
        "UPDATE action SET origin=:new, first=first-:common, last=last-:common"
        " WHERE origin=:old AND first>:common",
        moved,
    )
    # The first of them had seen all that the common part had, and the common part itself.
    connection.execute(
        "INSERT INTO context(origin, seq, seen_origin, hi)"
        " SELECT :new, 1, seen_origin, max(hi) FROM context WHERE origin=:old AND seq<=:common"
        " GROUP BY seen_origin ON CONFLICT DO UPDATE SET hi=max(hi, excluded.hi)",
        moved,
    )
    if common:
        connection.execute(
            "INSERT INTO context(origin, seq, seen_origin, hi) VALUES(:new, 1, :old, :common)"
            " ON CONFLICT DO UPDATE SET hi=max(hi, excluded.hi)",
            moved,
        )
    _restamp(connection, old, new, common)
    origins = Origins(connection)
    taking_back.note_renamed(connection, origins.uid(old), common, origins.uid(new))
    connection.execute(
        "UPDATE origin SET hi=(SELECT hi FROM origin WHERE id=:old)-:common,"
        " stamp=(SELECT stamp FROM origin WHERE id=:old) WHERE id=:new",
        moved,
    )
    connection.execute("UPDATE origin SET noted=hi WHERE id=:new", moved)
    connection.execute("UPDATE origin SET hi=:common WHERE id=:old", moved)


def _restamp(connection: Connection, old: int, new: int, common: int) -> None:
    found = connection.execute(
        "SELECT id, stamp FROM record WHERE id IN"
        " (SELECT record FROM history WHERE origin=?) AND stamp IS NOT NULL",
        (new,),
    ).fetchall()
    writing.restamp(
        connection,
        [
            (
                stamps.packed(
                    (new, seq - common, at, fields)
                    if origin == old and seq > common
                    else (origin, seq, at, fields)
                    for origin, seq, at, fields in stamps.groups(stamp)
                ),
                id_,
            )
            for id_, stamp in found
        ],
    )
