"""The certificate that the hub shows: read again when somebody renewed its files."""

import logging
import ssl
from pathlib import Path

from correspondent_desk.hub.service.listening import CannotServe

_log = logging.getLogger("correspondent_desk.hub")


class Paper:
    """A certificate and its key, PEM files; key None: it is in the same file."""

    def __init__(self, certificate: Path, key: Path | None) -> None:
        """Raises CannotServe."""
        for path in (certificate, key):
            if path is not None and not path.is_file():  # a pipe would be waited for
                raise CannotServe("certificate", path=str(path))
        self._files = certificate, key
        self._read = self._refused = _stamp(self._files)
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.minimum_version = ssl.TLSVersion.TLSv1_2
        try:
            self.context.load_cert_chain(*self._files)
        except (OSError, ssl.SSLError) as error:
            raise CannotServe("certificate", path=str(certificate)) from error

    def renew(self) -> bool:
        """Show connections that come from now on what the files hold now; whether that is something new.

        What cannot be read, or does not fit its key, changes nothing: it may be half written.
        """
        stamp = _stamp(self._files)
        if stamp == self._read:
            return False
        try:
            ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(*self._files)
            self.context.load_cert_chain(*self._files)
        except (OSError, ssl.SSLError) as error:
            if stamp != self._refused:
                _log.warning("the renewed certificate cannot be used: %s", error)
            self._refused = stamp
            return False
        self._read = stamp
        _log.info("the certificate was renewed")
        return True


def _stamp(files: tuple[Path, Path | None]) -> tuple[tuple[int, int, int] | None, ...]:
    """Another one whenever a file was written or replaced."""
    return tuple(_stamp_of(path) for path in files)


def _stamp_of(path: Path | None) -> tuple[int, int, int] | None:
    if path is None:
        return None
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
