"""The certificate that the hub shows: read again when somebody renewed its files."""

import errno
import logging
import ssl
from pathlib import Path

from correspondent_desk.hub.service.listening import CannotServe
from correspondent_desk.store.files import unread

_log = logging.getLogger("correspondent_desk.hub")


class Paper:
    """A certificate and its key, PEM files; key None: it is in the same file.

    context: for who listens. It hands each connection to a context of the newest files, which was
    whole before anybody saw it: in one that is loaded anew, key and certificate do not fit for a moment.
    """

    def __init__(self, certificate: Path, key: Path | None) -> None:
        """Raises CannotServe, DiskRefused."""
        self._files = certificate, key
        self._read = self._refused = _stamp(self._files)
        try:
            self.context = _loaded(self._files)
        except PermissionError as error:
            raise unread(error, certificate) from error
        except OSError as error:
            path = error.filename if isinstance(error, _NoFile) else certificate
            raise CannotServe("certificate", path=str(path)) from error
        self._newest = self.context
        self.context.sni_callback = self._take_newest

    def _take_newest(self, line: ssl.SSLObject, _name: str, _listening: ssl.SSLContext) -> None:
        line.context = self._newest

    def renew(self) -> bool:
        """Show connections that come from now on what the files hold now; whether that is something new.

        What cannot be read, or does not fit its key, changes nothing: it may be half written.
        """
        stamp = _stamp(self._files)
        if stamp == self._read:
            return False
        try:
            self._newest = _loaded(self._files)
        except OSError as error:
            if stamp != self._refused:
                _log.warning("the renewed certificate cannot be used: %s", error)
            self._refused = stamp
            return False
        self._read = stamp
        _log.info("the certificate was renewed")
        return True


class _NoFile(OSError):
    """There is a folder or a pipe, or nothing."""

    def __str__(self) -> str:
        return f"{self.filename} is no file"


def _loaded(files: tuple[Path, Path | None]) -> ssl.SSLContext:
    """What the files hold. Raises OSError, of which SSLError is one."""
    for path in filter(None, files):
        if not path.is_file():  # a pipe would be waited for
            raise _NoFile(errno.EINVAL, "no file", str(path))
        path.open("rb").close()  # ssl would not say which one it may not read
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    # A key under a passphrase: nobody sits there to be asked for it.
    context.load_cert_chain(*files, password=lambda: b"")
    return context


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
