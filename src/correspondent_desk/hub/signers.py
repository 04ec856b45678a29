"""Who signed a bundle: asked before any transaction, and again inside the one that keeps it."""

from collections.abc import Callable

from sqlalchemy import Connection, select

from correspondent_desk.hub import carried, desks, invitations, offices, tables, vouched
from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.desks import Status
from correspondent_desk.hub.offices import NoSuchOffice, OfficeRow
from correspondent_desk.hub.standing import lock_desk, lock_office_of
from correspondent_desk.hub.tables import AnyRow
from correspondent_desk.hub.wording import Wording
from correspondent_desk.sync import invitation, parcels
from correspondent_desk.sync.bundle import Manifest, Source
from correspondent_desk.sync.keys import HubKeys
from correspondent_desk.sync.manifest import Enrolment
from correspondent_desk.sync.parcels import Parcel
from correspondent_desk.sync.rejection import BundleRejected, Reason


def verified(hub: Hub, source: Source, hub_keys: HubKeys) -> Parcel:
    """The bundle source, opened with the hub's keys. Raises BundleRejected."""
    trust = invitation.known_or_invited(_is_known(hub), _secret_of(hub))
    parcel = parcels.load(source, hub_keys.receiving, trust, retired=hub_keys.retired)
    open_letters(hub, parcel, hub_keys)
    return parcel


def open_letters(hub: Hub, parcel: Parcel, hub_keys: HubKeys) -> None:
    """As carried.open_letters, by what this hub knows of its desks and of itself."""
    carried.open_letters(parcel, _desk_of(hub), hub_keys, _signed_by(hub))


def _desk_of(hub: Hub) -> Callable[[bytes], AnyRow | None]:
    def desk_of(signing: bytes) -> AnyRow | None:
        with hub.transaction() as connection:
            return desk_with(connection, signing)

    return desk_of


def _signed_by(hub: Hub) -> Callable[[], frozenset[bytes]]:
    def signed_by() -> frozenset[bytes]:
        with hub.transaction() as connection:
            return vouched.own(connection)

    return signed_by


def _is_known(hub: Hub) -> Callable[[bytes], bool]:
    def is_known(signing: bytes) -> bool:
        with hub.statement() as connection:
            desk = desk_with(connection, signing)
        if desk is not None and desk.status == Status.REVOKED:
            raise BundleRejected(Reason.REVOKED, desk=desk.id)
        return desk is not None

    return is_known


def _secret_of(hub: Hub) -> Callable[[Enrolment], bytes]:
    def secret_of(asked: Enrolment) -> bytes:
        with hub.transaction() as connection:
            found = invited_by(connection, asked.invitation)
        if found is None:
            raise BundleRejected(Reason.INVITATION_UNKNOWN)
        _require_serving(found, asked.signing, hub.now_ms())
        secret: bytes = found.secret
        return secret

    return secret_of


def _require_serving(found: AnyRow, signing: bytes, now_ms: int) -> None:
    why = invitations.fault(found, signing, now_ms)
    if why is not None:
        raise BundleRejected(why)


def office_of(connection: Connection, manifest: Manifest) -> OfficeRow:
    """The office of the one who signed, locked to the end, which must be the one it writes for."""
    of = lock_office_of(connection, manifest.sender)
    if of is None:
        asked = manifest.enrolment
        found = invited_by(connection, asked.invitation) if asked else None
        if found is None:
            raise BundleRejected(Reason.UNKNOWN_SENDER)
        try:
            of = offices.lock(connection, found.office)
        except NoSuchOffice as error:  # and its invitations with it
            raise BundleRejected(Reason.INVITATION_UNKNOWN) from error
    if manifest.office != of.uid:
        raise BundleRejected(Reason.WRONG_OFFICE)
    return of


def sender_of(
    hub: Hub, connection: Connection, of: OfficeRow, manifest: Manifest
) -> tuple[AnyRow, bool]:
    """The desk that signed, locked to the end as its office is, and whether it is new.

    All is asked again in here: since the file was verified, the desk may have been enrolled by
    another of its bundles, or revoked, and its invitation withdrawn.
    """
    asked = manifest.enrolment
    desk = lock_desk(connection, manifest.sender)
    if desk is not None:
        if desk.status == Status.REVOKED:
            raise BundleRejected(Reason.REVOKED)
        if asked is not None and asked.invitation != desk.invitation:
            desks.answer_anew(connection, desk.id, of.id, asked)
        return desk, False
    found = invited_by(connection, asked.invitation, is_locked=True) if asked else None
    if asked is None or found is None:
        raise BundleRejected(Reason.UNKNOWN_SENDER)
    _require_serving(found, asked.signing, hub.now_ms())
    if vouched.is_revoked(connection, asked.signing):
        raise BundleRejected(Reason.REVOKED)
    desks.enrol(hub, connection, of.id, asked)
    made = lock_desk(connection, manifest.sender)
    assert made is not None  # noqa: S101 - written a line above
    return made, True


def desk_with(connection: Connection, signing: bytes) -> AnyRow | None:
    """The desk that signs with this key."""
    return _DESK.ask(connection, {"signing": signing}).one_or_none()


_DESK = Wording("SELECT * FROM desk WHERE signing = :signing")


def invited_by(connection: Connection, uid: bytes, *, is_locked: bool = False) -> AnyRow | None:
    """The invitation with this id. is_locked: nobody else uses or withdraws it meanwhile."""
    asked = select(tables.invitation).where(tables.invitation.c.uid == uid)
    return connection.execute(asked.with_for_update() if is_locked else asked).one_or_none()
