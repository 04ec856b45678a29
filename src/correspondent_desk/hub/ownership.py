"""What a desk may write: under its own origins, below its own office's records, and from where it was."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy import Connection, select

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.delivery import Run
from correspondent_desk.domain.fields import Kind
from correspondent_desk.hub import carried, claims, erasure_ledger, signers, tables, vouched
from correspondent_desk.hub.standing import Origin, Standing, origins
from correspondent_desk.hub.tables import AnyRow
from correspondent_desk.store.erasing import Erased
from correspondent_desk.sync.columns import OpRow
from correspondent_desk.sync.forks import first_difference
from correspondent_desk.sync.manifest import Segment
from correspondent_desk.sync.ops import head
from correspondent_desk.sync.parcels import Parcel
from correspondent_desk.sync.rejection import BundleRejected, Reason


class Forked(BundleRejected):
    """Two copies of a desk's store went on writing under the same numbers, from common on.

    receiving: where the one that is refused now is to be told so; it may have no other key.
    """

    def __init__(self, desk: int, origin: bytes, common: int, receiving: str | None) -> None:
        super().__init__(Reason.FORKED_LOG)
        self.desk = desk
        self.origin = origin
        self.common = common
        self.receiving = receiving


def may_enter(connection: Connection, standing: Standing, letter: Parcel) -> bool:
    """Whether what another desk signed fits what is here; if not, its author will hear, not its bearer."""
    desk = signers.desk_with(connection, letter.manifest.sender)
    if desk is None and letter.manifest.sender in vouched.own(connection):
        return _may_come_back(connection, standing, letter)
    if not carried.is_trusted(desk) or desk is None or desk.office != standing.office.id:
        return False
    return fits(connection, standing, desk, letter)


def fits(connection: Connection, standing: Standing, desk: AnyRow, parcel: Parcel) -> bool:
    """Whether a desk may write this, as require_own says."""
    try:
        require_own(connection, standing, desk, parcel)
    except BundleRejected:
        return False
    return True


def _may_come_back(connection: Connection, standing: Standing, letter: Parcel) -> bool:
    """Whether what this hub signed itself before it was put back from a copy fits what is here now.

    It was everybody's in the office. Whose an origin was that this hub has forgotten, nothing says, but for
    its own: under these, and no others, it decides.
    """
    office = standing.office
    own = {claims.own_origin(office.origin, n) for n in (1, letter.manifest.incarnation)}
    try:
        for index, run in enumerate(letter.runs):
            origin = standing.origins.get(run.origin)
            if origin is None:
                is_own = run.origin in own or _decides(letter.ops(index))
                desk = claims.NO_DESK if is_own else claims.NOBODY
                claimed = claims.claim_origin(connection, office.id, desk, run.origin)
                standing.origins[run.origin] = claimed
                continue
            known = _known(connection, office.id, origin, run)
            if known and first_difference(run, letter.ops(index), known) is not None:
                return False
        _claim_roots(connection, standing, letter)
    except BundleRejected:
        return False
    return True


def _decides(ops: Sequence[OpRow]) -> bool:
    """Whether all of these are the committee's decisions; between two of its restores, it had other names."""
    came = Action.DECISION_CAME.value
    return bool(ops) and all(op.kind == Kind.DECISION and op.action == came for op in ops)


def require_own(connection: Connection, standing: Standing, desk: AnyRow, parcel: Parcel) -> None:
    """A desk writes under its own origins and below its own office's records, and nowhere else.

    What another desk has sent already may come again from a copy of its store.
    """
    for index, run in enumerate(parcel.runs):
        origin = standing.origins.get(run.origin)
        if origin is None:
            claimed = claims.claim_origin(connection, desk.office, desk.id, run.origin)
            standing.origins[run.origin] = claimed
            continue
        if origin.desk == claims.NOBODY:
            origin = claims.take_over(connection, desk.id, origin)
            standing.origins[run.origin] = origin
        if origin.desk != desk.id and run.upto > origin.hi:
            raise BundleRejected(Reason.FORKED_LOG)
        if run.after >= origin.hi:
            continue
        known, theirs = _known(connection, desk.office, origin, run), parcel.ops(index)
        strange = _strange(standing.erased, origin, theirs, known)
        common = first_difference(run, theirs, known, floor=origin.floor, strange=strange)
        if common is not None:
            raise Forked(desk.id, run.origin, common, parcel.manifest.next_recipient)
    _require_heads(connection, standing, desk, parcel)
    _claim_roots(connection, standing, parcel)


def differences(
    connection: Connection, office: int, parcel: Parcel, others: Sequence[Parcel] = ()
) -> Iterator[tuple[int, int]]:
    """By the index of its run, from where on it holds other work than is here under the same numbers.

    others: what is about to be here.
    """
    here, erased = origins(connection, office), erasure_ledger.erased_of(connection, office)
    for index, run in enumerate(parcel.runs):
        origin = here.get(run.origin) or Origin(0, run.origin, claims.NOBODY, 0)
        known = _coming(others, run.origin) | _known(connection, office, origin, run)
        if not known and run.after >= origin.hi:
            continue
        theirs = parcel.ops(index)
        strange = _strange(erased, origin, theirs, known)
        common = first_difference(run, theirs, known, floor=origin.floor, strange=strange)
        if common is not None:
            yield index, common


def _strange(
    erased: Erased, origin: Origin, theirs: Sequence[OpRow], known: Mapping[int, object]
) -> set[int]:
    """The numbers of those that stand where somebody's was who is erased, and are about somebody else."""
    if not erased:
        return set()
    return {
        op.seq
        for op in theirs
        if origin.floor < op.seq <= origin.hi
        and op.seq not in known
        and not erased.covers(op.record, op.root)
    }


def head_here(
    connection: Connection, office: int, begun: Segment, others: Sequence[Parcel]
) -> bytes:
    """What tells the operation that is here, or is coming, where a segment begins; empty for none."""
    origin, first = origins(connection, office).get(begun.origin), begun.first
    found = _coming(others, begun.origin)
    if origin is not None:
        found |= _known(connection, office, origin, Run(begun.origin, first - 1, first, ()))
    return head(first, *found[first]) if first in found else b""


def beside(
    connection: Connection, office: int, origin: bytes, others: Sequence[Parcel]
) -> Iterator[tuple[bytes, Iterable[tuple[int, int, bytes]]]]:
    """Number, stamp and record of what the desk of this origin wrote under others, by their ids.

    others: what is about to be here, of whomever.
    """
    here = origins(connection, office)
    desk = here[origin].desk if origin in here else None
    for one in here.values():
        if one.desk == desk and one.uid != origin:
            known = _known(connection, office, one, Run(one.uid, 0, one.hi, ()))
            yield one.uid, ((seq, *told) for seq, told in known.items())
    for uid in {run.origin for one in others for run in one.runs} - {origin}:
        yield uid, ((seq, *told) for seq, told in _coming(others, uid).items())


def _coming(parcels: Sequence[Parcel], origin: bytes) -> dict[int, tuple[int, bytes]]:
    """Stamp and record of the operations of an origin in these."""
    return {
        op.seq: (op.stamp, op.record)
        for one in parcels
        for index, run in enumerate(one.runs)
        if run.origin == origin
        for op in one.ops(index)
    }


def _claim_roots(connection: Connection, standing: Standing, parcel: Parcel) -> None:
    erased, office = standing.erased, standing.office.id
    roots = [root for root in parcel.roots if not erased.has(root)] if erased else parcel.roots
    claims.claim_roots(connection, office, roots, is_first=not standing.vector)


def _require_heads(
    connection: Connection, standing: Standing, desk: AnyRow, parcel: Parcel
) -> None:
    """What the desk takes to be here already must be what is here."""
    op = tables.op.c
    for one in parcel.manifest.segments:
        origin = standing.origins.get(one.origin) if one.chain_first else None
        if origin is None or origin.desk != desk.id:
            continue
        found = connection.execute(
            select(op.stamp, op.record).where(
                op.office == desk.office, op.origin == origin.id, op.seq == one.first
            )
        ).one_or_none()
        if found is not None and head(one.first, *found) != one.chain_first:
            receiving = parcel.manifest.next_recipient
            raise Forked(desk.id, one.origin, one.first - 1, receiving)


def _known(
    connection: Connection, office: int, origin: Origin, run: Run
) -> dict[int, tuple[int, bytes]]:
    """Stamp and record of those operations of a run that the hub has."""
    if run.after >= origin.hi:
        return {}
    op = tables.op.c
    found = connection.execute(
        select(op.seq, op.stamp, op.record).where(
            op.office == office,
            op.origin == origin.id,
            op.seq > run.after,
            op.seq <= run.upto,
        )
    )
    return {row.seq: (row.stamp, row.record) for row in found}
