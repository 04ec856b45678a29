"""Why an exchange over the network did not come about; nothing is ever lost by it."""

import errno
import socket
import ssl
from collections.abc import Iterator
from enum import StrEnum
from typing import ClassVar

from correspondent_desk.errors import DeskError


class Unreachable(StrEnum):
    """What kept this desk from talking to the hub."""

    NO_NETWORK = "no-network"
    NO_SUCH_NAME = "no-such-name"
    CLOSED = "closed"
    NO_ANSWER = "no-answer"
    CUT = "cut"
    PROXY = "proxy"
    OTHER = "other"


class HubUnreachable(DeskError):
    """The hub did not answer, or the line was cut (details: host). It may be otherwise in a minute.

    Reasons: "no-network", "no-such-name", "closed", "no-answer", "cut", "proxy", "other".
    """

    code: ClassVar[str] = "hub-unreachable"


class Distrust(StrEnum):
    """Why this desk does not believe that it talks to its hub."""

    UNKNOWN_ISSUER = "unknown-issuer"
    OTHER_NAME = "other-name"
    OUT_OF_DATE = "out-of-date"
    NOT_SECURE = "not-secure"
    OTHER_HUB = "other-hub"
    NOT_A_HUB = "not-a-hub"


class HubNotTrusted(DeskError):
    """Somebody answered, but it is not certain that it is the hub (details: host). Nothing was sent.

    Reasons: "unknown-issuer", "other-name", "out-of-date", "not-secure", "other-hub", "not-a-hub".
    """

    code: ClassVar[str] = "hub-not-trusted"


class HubRefused(DeskError):
    """The hub said no (details: host). Reasons: those of wire.Code, and others.

    Said by this desk: "update-desk", "update-hub". Of what it sent: "bundle-" and a bundle's reason,
    like "bundle-forked-log".
    """

    code: ClassVar[str] = "hub-refused"


class NoAddress(DeskError):
    """Nobody has said where the hub is reached over the network."""

    code: ClassVar[str] = "no-hub-address"


class Stopped(DeskError):
    """Somebody stopped the exchange; what was sent or received stays, and is gone on with."""

    code: ClassVar[str] = "exchange-stopped"


_NAME = 62  # X509_V_ERR_HOSTNAME_MISMATCH
_ADDRESS = 64  # X509_V_ERR_IP_ADDRESS_MISMATCH
_DATES = (9, 10)  # X509_V_ERR_CERT_NOT_YET_VALID, _HAS_EXPIRED
_NETWORK = (
    errno.ENETUNREACH,
    errno.EHOSTUNREACH,
    errno.ENETDOWN,
    errno.EADDRNOTAVAIL,
)


def of(error: BaseException, host: str) -> DeskError:
    """What an error of httpx means for the person at the desk."""
    import httpx

    chain = list(_causes(error))
    for one in chain:
        if isinstance(one, ssl.SSLCertVerificationError):
            return HubNotTrusted(_distrust(one), host=host)
        if isinstance(one, socket.gaierror):
            return HubUnreachable(Unreachable.NO_SUCH_NAME, host=host)
    if isinstance(error, httpx.ProxyError):
        return HubUnreachable(Unreachable.PROXY, host=host)
    if isinstance(error, httpx.TimeoutException):
        return HubUnreachable(Unreachable.NO_ANSWER, host=host)
    for one in chain:
        if isinstance(one, ConnectionRefusedError):
            return HubUnreachable(Unreachable.CLOSED, host=host)
        if isinstance(one, OSError) and one.errno in _NETWORK:
            return HubUnreachable(Unreachable.NO_NETWORK, host=host)
    is_cut = isinstance(error, httpx.NetworkError | httpx.RemoteProtocolError)
    return HubUnreachable(Unreachable.CUT if is_cut else Unreachable.OTHER, host=host)


def _distrust(error: ssl.SSLCertVerificationError) -> Distrust:
    # truststore asks the system on Windows, which words it its own way and gives no number.
    number = getattr(error, "verify_code", 0)
    words = str(error).lower()
    if number in (_NAME, _ADDRESS) or "name" in words.partition("certificate verify failed")[2]:
        return Distrust.OTHER_NAME
    if number in _DATES or "expired" in words or "validity period" in words:
        return Distrust.OUT_OF_DATE
    return Distrust.UNKNOWN_ISSUER


def _causes(error: BaseException) -> Iterator[BaseException]:
    found: BaseException | None = error
    while found is not None:
        yield found
        if isinstance(found, BaseExceptionGroup):
            for inner in found.exceptions:
                yield from _causes(inner)
        found = found.__cause__ or found.__context__
