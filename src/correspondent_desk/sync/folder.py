"""The shared folder: one sub-folder for each writer, so that nobody ever waits for a lock.

to-hub/<desk>/ is written by the desk, from-hub/<desk>/ by the hub; who reads leaves files alone.
"""

import re
from collections.abc import Collection, Mapping
from contextlib import suppress
from datetime import timedelta
from pathlib import Path

from correspondent_desk.disk import is_silent
from correspondent_desk.store.vault import DeskFolder
from correspondent_desk.sync import bundle
from correspondent_desk.sync.rejection import BundleNotWritten, BundleRejected, Reason, WriteFault

TO_HUB, FROM_HUB = "to-hub", "from-hub"
_NUMBERED = re.compile(rf"CD_[^_]+_[^_]+_(\d{{4,9}})(?:_(\d{{4,9}}))?{re.escape(bundle.SUFFIX)}$")
RESCUED = "rescued"
"""In the desk's own folder: bundles of this computer from before it joined its office anew."""
_COPY_SPEAKS = timedelta(days=60)
"""As long as the hub writes for a copy. An older file of one lies there forgotten."""


def name_of(office_code: str, signing: bytes) -> str:
    """The sub-folder of a desk: told apart by its key, since it has no number before it is known."""
    code = bundle.file_name(office_code, "", 0).split("_")[1]
    return f"{code}-{signing[:4].hex()}"


def require_outside(own: DeskFolder, target: Path) -> None:
    """Refuse to write among the files of the desk itself. Raises BundleNotWritten."""
    if target.resolve().is_relative_to(own.path.resolve()):
        raise BundleNotWritten(WriteFault.OWN_FOLDER, path=target)


def is_folder(target: Path) -> bool:
    """Whether target is one. Raises BundleNotWritten where its drive does not answer."""
    try:
        return target.is_dir()
    except OSError as error:
        raise BundleNotWritten(WriteFault.of(error), path=target) from error


def writable(folder: Path, side: str, name: str) -> Path:
    """The sub-folder of one writer, made if need be. Raises BundleNotWritten."""
    if not is_folder(folder):
        raise BundleNotWritten(WriteFault.NO_FOLDER, path=folder)
    place = folder / side / name
    try:
        place.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        for part in () if is_silent(error) else (place, *place.parents):
            if part.is_file():
                raise BundleNotWritten(WriteFault.FILE_IN_THE_WAY, path=part) from error
        raise BundleNotWritten(WriteFault.of(error), path=place) from error
    return place


def lying(place: Path) -> list[Path]:
    """The bundles in a sub-folder, oldest number first. Raises BundleRejected if it is unreadable."""
    try:
        return sorted(path for path in place.iterdir() if path.suffix == bundle.SUFFIX)
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise BundleRejected(Reason.UNREADABLE, path=place) from error


def whole(place: Path) -> list[Path]:
    """Those that are as long as they say: a stick that was pulled out may hold half of one."""
    return [path for path in lying(place) if _is_whole(path)]


def _is_whole(path: Path) -> bool:
    try:
        bundle.outside(path)
    except BundleRejected:
        return False
    return True


def writers(folder: Path, side: str) -> list[Path]:
    """The sub-folders of all who write on this side. Raises BundleRejected if it is unreadable."""
    try:
        return sorted(path for path in (folder / side).iterdir() if path.is_dir())
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise BundleRejected(Reason.UNREADABLE, path=folder / side) from error


def identity(path: Path) -> bytes | None:
    """The id of the bundle at path; None if that is no bundle, or not whole yet."""
    with suppress(BundleRejected):
        return bundle.preamble(path).bundle
    return None


def after(paths: Collection[Path]) -> Path:
    """Where a file is read after these, and replaces none of them.

    What this desk wrote before its disk was put back must come first: the hub refuses the later of two
    that use the same numbers, and only who wrote that one can give it others.
    """
    last = max(paths)
    found = _NUMBERED.match(last.name)
    begin, again = (last.name[: found.end(1)], int(found[2] or 1)) if found else (last.stem, 1)
    return last.with_name(f"{begin}_{again + 1:04d}{bundle.SUFFIX}")


def of_a_copy(place: Path, written: Mapping[bytes, int], last: int) -> tuple[Path, ...]:
    """The bundles in a desk's own sub-folder that this very computer has not written.

    written: those that its store knows of, with their numbers; last: the highest that it ever gave, for
    a store that was put back has forgotten some. What is older than the newest file there by more than
    two months counts no more: by the clock of that drive, whatever the computers take for the time.
    """
    found: list[Path] = []
    with suppress(OSError):  # somebody took it away meanwhile
        made = {path: path.stat().st_mtime for path in whole(place)}
        for path, at in made.items():
            number = _number(path)
            is_ours = identity(path) in written or number is None
            is_forgotten = number not in written.values() and (number or 0) <= last
            is_old = max(made.values()) - at > _COPY_SPEAKS.total_seconds()
            if not (is_ours or is_forgotten or is_old):
                found.append(path)
    return tuple(found)


def _number(path: Path) -> int | None:
    found = _NUMBERED.match(path.name)
    return int(found[1]) if found else None


def tidy(place: Path, kept: Path, spared: Collection[Path] = ()) -> None:
    """Remove the writer's own older bundles: kept holds all that they did. spared: of others."""
    with suppress(OSError):  # the drive is gone: the next time, then
        for path in place.glob(f"*{bundle.SUFFIX}*"):
            if path.name != kept.name and path not in spared:
                with suppress(OSError):  # somebody reads it
                    path.unlink(missing_ok=True)
