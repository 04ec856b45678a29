"""Where a hub is reached over the network, and who vouches for it there."""

import ssl
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from correspondent_desk.errors import DeskError

LOOPBACK = ("127.0.0.1", "localhost", "::1")
_LONGEST = 500


class BadAddress(DeskError):
    """Nobody can be reached there. Reasons: "url", "certificate" (details: text)."""

    code = "bad-address"


@dataclass(frozen=True, slots=True)
class Address:
    """certificate: DER of the only authority to be trusted there; none: those of the system."""

    url: str
    certificate: bytes = b""


def checked(url: str, certificate: Path | None) -> Address:
    """The address with the certificate in that PEM file; HTTPS, but on this computer itself.

    Raises BadAddress.
    """
    found = url.strip().rstrip("/")
    try:
        parts = urlsplit(found)
        is_plain = not (parts.query or parts.fragment or parts.username or parts.password)
        is_right = is_secure(found) and parts.hostname and parts.port != 0
    except ValueError as error:
        raise BadAddress("url", text=url) from error
    if not is_right or not is_plain or len(found) > _LONGEST:
        raise BadAddress("url", text=url)
    return Address(found, b"" if certificate is None else _der(certificate))


def is_secure(url: str) -> bool:
    """Whether nobody on the way reads along."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)


def _der(path: Path) -> bytes:
    """The last certificate of a PEM file: in a chain, the one that vouches for the others."""
    try:
        if path.exists() and not path.is_file():  # a pipe would be waited for
            raise BadAddress("certificate", text=str(path))
        blocks = path.read_text(encoding="ascii").split("-----BEGIN CERTIFICATE-----")[1:]
        body = blocks[-1].partition("-----END CERTIFICATE-----")[0].strip()
        return ssl.PEM_cert_to_DER_cert(
            f"-----BEGIN CERTIFICATE-----\n{body}\n-----END CERTIFICATE-----\n"
        )
    except (OSError, ValueError, IndexError) as error:
        raise BadAddress("certificate", text=str(path)) from error
