"""Who asks: the desk that signed the request, or a newcomer with an invitation."""

import hmac
from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy import Connection, select

from correspondent_desk.hub import desks, invitations, tables, vouched
from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.desks import Status
from correspondent_desk.hub.service.nonces import Nonces
from correspondent_desk.hub.service.refusal import Refused
from correspondent_desk.hub.tables import AnyRow
from correspondent_desk.sync.manifest import Enrolment
from correspondent_desk.sync.online import wire
from correspondent_desk.sync.online.wire import Code, EnrolAsk, Enrolled, Signed


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who signed: their key, the nonce that they used, and the number of the desk if it is known."""

    signing: bytes
    nonce: str
    desk: int | None


def require_signed(nonces: Nonces, headers: Mapping[str, str], now_ms: int) -> Signed:
    """What the request says of who signed it, of which nothing is believed yet.

    Raises Refused: not-signed, bad-nonce (not one of ours, or too old).
    """
    found = wire.signed(headers.get("authorization", ""))
    if found is None:
        raise Refused(Code.NOT_SIGNED)
    if not nonces.is_fresh(found.nonce, now_ms):
        raise Refused(Code.BAD_NONCE)
    return found


def admit(
    hub: Hub,
    nonces: Nonces,
    method: str,
    target: str,
    headers: Mapping[str, str],
    *,
    is_newcomer: bool,
) -> Visitor:
    """Who signed this request; its nonce is used up by it.

    Raises Refused: not-signed, bad-nonce, bad-signature, unknown-desk, revoked. Nothing is written
    for strangers.
    """
    now = hub.now_ms()
    found = require_signed(nonces, headers, now)
    digest, offset = headers.get("content-digest", ""), headers.get("upload-offset", "")
    if not wire.is_signed(found, method, target, digest=digest, offset=offset):
        raise Refused(Code.BAD_SIGNATURE)
    if is_newcomer:
        return _newcomer(hub, nonces, found, now)
    desk = nonces.admitted(hub, found.key, found.nonce, now)
    if desk is None:
        raise Refused(Code.UNKNOWN_DESK)
    if desk.status != Status.ACTIVE:
        raise Refused(Code.REVOKED)
    if not desk.is_fresh:
        raise Refused(Code.BAD_NONCE)
    return Visitor(found.key, found.nonce, desk.id)


def _newcomer(hub: Hub, nonces: Nonces, found: Signed, now_ms: int) -> Visitor:
    with hub.transaction() as connection:
        desk = _desk(connection, found.key)
        if desk is not None and desk.status != Status.ACTIVE:
            raise Refused(Code.REVOKED)
        if not nonces.spend(connection, found.nonce, now_ms):
            raise Refused(Code.BAD_NONCE)
    return Visitor(found.key, found.nonce, None if desk is None else desk.id)


def enrol(hub: Hub, visitor: Visitor, asked: EnrolAsk) -> Enrolled:
    """Make the visitor a desk of the office that invited it; asked again, it hears the same.

    Raises Refused: bad-proof, revoked, invitation-unknown, -used, -expired, -withdrawn.
    """
    if asked.signing != visitor.signing:
        raise Refused(Code.BAD_PROOF)
    invitation = tables.invitation.c
    with hub.transaction() as connection:
        found = connection.execute(
            select(tables.invitation).where(invitation.uid == asked.invitation).with_for_update()
        ).one_or_none()
        if found is None:
            raise Refused(Code.INVITATION_UNKNOWN)
        of = connection.execute(
            select(tables.office).where(tables.office.c.id == found.office)
        ).one()
        proof = wire.enrolment_proof(found.secret, visitor.nonce, of.uid, asked)
        if not hmac.compare_digest(asked.proof, proof):
            raise Refused(Code.BAD_PROOF)
        desk = _desk(connection, asked.signing)
        if desk is None:
            why = invitations.fault(found, asked.signing, hub.now_ms())
            if why is not None:
                raise Refused(Code(why))
            if vouched.is_revoked(connection, asked.signing):
                raise Refused(Code.REVOKED)
            desks.enrol(hub, connection, of.id, _enrolment(asked))
            desk = _desk(connection, asked.signing)
        if desk is None or desk.office != of.id:
            raise Refused(Code.INVITATION_USED)
        return Enrolled(desk=desk.number, office=of.uid, office_code=of.code, office_name=of.name)


def _enrolment(asked: EnrolAsk) -> Enrolment:
    return Enrolment(
        invitation=asked.invitation,
        desk=asked.desk,
        person=asked.person,
        signing=asked.signing,
        receiving=asked.receiving,
        proof=asked.proof,
    )


def _desk(connection: Connection, signing: bytes) -> AnyRow | None:
    return connection.execute(
        select(tables.desk).where(tables.desk.c.signing == signing)
    ).one_or_none()
