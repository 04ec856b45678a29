"""Where desks reach this hub, as invitations tell them."""

import ssl
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from sqlalchemy import delete, insert, select

from correspondent_desk.errors import DeskError
from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.service import tables


class BadAddress(DeskError):
    """Desks cannot be told this address. Reasons: url, certificate (details: text)."""

    code = "bad-address"


@dataclass(frozen=True, slots=True)
class Address:
    """certificate: DER of the only authority to be trusted here; none: those of the system."""

    url: str
    certificate: bytes = b""


def checked(url: str, certificate: Path | None) -> Address:
    """The address as it is told. Raises BadAddress."""
    found = url.strip().rstrip("/")
    parts = urlsplit(found)
    is_plain = not (parts.query or parts.fragment or parts.username)
    if parts.scheme != "https" or not parts.hostname or not is_plain:
        raise BadAddress("url", text=url)
    return Address(found, b"" if certificate is None else _der(certificate))


def keep(hub: Hub, address: Address) -> None:
    """Tell this address in invitations from now on."""
    with hub.transaction() as connection:
        connection.execute(delete(tables.address))
        connection.execute(
            insert(tables.address).values(id=1, url=address.url, certificate=address.certificate)
        )


def find(hub: Hub) -> Address | None:
    """What invitations tell; None if this hub is not on a network."""
    with hub.transaction() as connection:
        row = connection.execute(select(tables.address)).one_or_none()
    return None if row is None else Address(row.url, row.certificate)


def _der(path: Path) -> bytes:
    """The last certificate of a PEM file: in a chain, the one that vouches for the others."""
    try:
        blocks = path.read_text(encoding="ascii").split("-----BEGIN CERTIFICATE-----")[1:]
        return ssl.PEM_cert_to_DER_cert(f"-----BEGIN CERTIFICATE-----{blocks[-1].rstrip()}\n")
    except (OSError, ValueError, IndexError) as error:
        raise BadAddress("certificate", text=str(path)) from error
