"""Where a hub is reached over the network, and who vouches for it there."""

import re
import ssl
from dataclasses import dataclass
from ipaddress import IPv6Address
from pathlib import Path
from urllib.parse import urlsplit

from correspondent_desk.errors import DeskError

LOOPBACK = ("127.0.0.1", "localhost", "::1")
_LONGEST = 500
_PLAIN = re.compile(r"[^\s\x00-\x1f\x7f<>\"\\^`{|}]+")
_PART = r"[a-z0-9_]([a-z0-9_-]*[a-z0-9_])?"
_HOST = re.compile(rf"({_PART}\.)*{_PART}\.?", re.IGNORECASE)


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
    if not (is_address(found) and is_secure(found)):
        raise BadAddress("url", text=url)
    return Address(found, b"" if certificate is None else _der(certificate))


def is_address(url: str) -> bool:
    """Whether it is written as the address of a computer may be, and nothing else beside it."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return False
    asks = parts.query or parts.fragment or parts.username or parts.password
    is_plain = not asks and _PLAIN.fullmatch(url) and not parts.path.startswith("//")
    return bool(is_plain) and len(url) <= _LONGEST and port != 0 and _is_host(host)


def is_secure(url: str) -> bool:
    """Whether nobody on the way reads along."""
    parts = urlsplit(url)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)


def _is_host(name: str) -> bool:
    """As the network writes names, accents included, or numbers."""
    if ":" in name:  # the brackets are off
        try:
            return bool(IPv6Address(name))
        except ValueError:
            return False
    try:
        written = name.encode("idna").decode("ascii")
    except UnicodeError:  # a part that is empty or too long
        return False
    return _HOST.fullmatch(written) is not None


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
