"""The committee opens a desk whose passphrase is lost, with the recovery key from its safe."""

from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select

from correspondent_desk.errors import DeskError
from correspondent_desk.hub import audit, root, tables
from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.desks import Status
from correspondent_desk.sync import recovering
from correspondent_desk.sync.recovering import Claim

ANSWERED = "recovery-answered"


class RecoveryDeclined(DeskError):
    """The desk that asks is trusted no more, or is none of this hub's (reason: revoked, unknown).

    details: office, desk.
    """

    code = "recovery-declined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    """Whose desk would be opened. numbers: those that its screen shows, to be compared aloud."""

    office: str
    desk: int
    desk_name: str
    person: str
    numbers: str


def look(hub: Hub, request: Path, root_file: Path, passphrase: str) -> Asking:
    """Who asks. Raises RecoveryFileRefused, RootRefused, RecoveryDeclined."""
    asked = recovering.read_request(request)
    claim = recovering.read_claim(asked, root.recovery_identity(hub, root_file, passphrase))
    _require_trusted(hub, claim)
    return Asking(
        office=claim.office_name,
        desk=claim.desk,
        desk_name=claim.desk_name,
        person=claim.person,
        numbers=recovering.numbers_of(asked),
    )


def answer(
    hub: Hub, request: Path, root_file: Path, passphrase: str, target: Path, *, by: str = ""
) -> None:
    """Write the answer to the file target, which is not there yet, and note it.

    Raises RecoveryFileRefused, RootRefused, RecoveryDeclined, CannotWrite.
    """
    asked = recovering.read_request(request)
    claim = recovering.read_claim(asked, root.recovery_identity(hub, root_file, passphrase))
    office = _require_trusted(hub, claim)
    recovering.write_answer(asked, claim, target)
    with hub.transaction() as connection:
        audit.note(
            hub,
            connection,
            by,
            ANSWERED,
            office=office,
            desk=claim.desk,
            request=asked.id.hex()[:8],
        )


def _require_trusted(hub: Hub, claim: Claim) -> str:
    """The code of the office of the desk that asks."""
    told = {"office": claim.office_name, "desk": claim.desk}
    desk = tables.desk.c
    with hub.transaction() as connection:
        row = connection.execute(
            select(desk.status, tables.office.c.code)
            .join(tables.office, tables.office.c.id == desk.office)
            .where(desk.signing == claim.signing)
        ).one_or_none()
    if row is None:
        raise RecoveryDeclined("unknown", **told)
    if row.status == Status.REVOKED:
        raise RecoveryDeclined("revoked", **told)
    return str(row.code)
