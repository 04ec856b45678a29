"""Where a hub keeps its database, as its folder says; the password apart, for its owner alone."""

import os
from pathlib import Path

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from correspondent_desk.disk import sync_folder
from correspondent_desk.hub.engines import HubDatabaseRefused
from correspondent_desk.store.files import as_json, from_json, refusal, unread, write_whole

VARIABLE = "CORRESPONDENT_DESK_HUB_DATABASE"
"""The environment's word, which goes before that of the folder."""

_DRIVER = "postgresql+psycopg"
_LAST_PORT = 65_535
_KNOWN = frozenset({"postgresql", "postgres", _DRIVER})


def parse(text: str) -> URL:
    """A PostgreSQL URL. Raises HubDatabaseRefused (bad-url) for anything else."""
    try:
        url = make_url(text.strip())
    except (ArgumentError, ValueError) as error:  # the second, of a port that is no number
        raise HubDatabaseRefused("bad-url") from error
    has_port = url.port is None or 0 < url.port <= _LAST_PORT
    if url.drivername not in _KNOWN or not url.database or not has_port or not _are_options(url):
        raise HubDatabaseRefused("bad-url")
    return url.set(drivername=_DRIVER)


def _are_options(url: URL) -> bool:
    """Whether PostgreSQL knows what stands behind the question mark."""
    if not url.query:
        return True
    from psycopg import ProgrammingError
    from psycopg.conninfo import make_conninfo

    try:
        make_conninfo(**{name: str(value) for name, value in url.query.items()})
    except ProgrammingError:
        return False
    return True


def read(folder: Path) -> URL | None:
    """The database of the hub in folder; None: the file in the folder. Raises as named."""
    said = os.environ.get(VARIABLE)
    if said:
        return parse(said)
    url = named(folder)
    if url is None:
        return None
    try:
        return url.set(password=_secret(folder).read_text(encoding="utf-8").rstrip("\n"))
    except FileNotFoundError:
        return url
    except OSError as error:
        raise unread(error, _secret(folder)) from error
    except ValueError as error:
        raise HubDatabaseRefused("no-access", where=safe(url)) from error


def named(folder: Path) -> URL | None:
    """The database that the folder itself names, without password; None: it names none.

    Raises HubDatabaseRefused (bad-settings), DiskRefused, CannotWrite: what cannot be read would
    else be taken for no server.
    """
    path = _settings(folder)
    try:
        return parse(str(from_json(path.read_bytes())["database"]))
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (ValueError, KeyError, TypeError, IsADirectoryError, HubDatabaseRefused) as error:
        raise HubDatabaseRefused("bad-settings", path=str(path)) from error
    except OSError as error:
        raise unread(error, path) from error


def write(folder: Path, url: URL) -> None:
    """Keep it. Raises CannotWrite."""
    if url.password is not None:
        write_private(_secret(folder), f"{url.password}\n".encode())
    write_whole(_settings(folder), as_json({"database": str(_without_password(url))}))


def files(folder: Path) -> tuple[Path, Path]:
    """Where it is kept."""
    return _settings(folder), _secret(folder)


def safe(url: URL) -> str:
    """It as it may be shown, without the password."""
    return str(_without_password(url).set(drivername="postgresql"))


def _without_password(url: URL) -> URL:
    return URL.create(  # URL.set takes None for "as it is"
        url.drivername, url.username, None, url.host, url.port, url.database, url.query
    )


def write_private(path: Path, content: bytes) -> None:
    """A new file that nobody but its owner may read, whole. Raises CannotWrite."""
    try:
        path.unlink(missing_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        sync_folder(path.parent)
    except OSError as error:
        raise refusal(error, path) from error


def _settings(folder: Path) -> Path:
    return folder / "settings.json"


def _secret(folder: Path) -> Path:
    return folder / "database.password"
