"""Which folders this user had a desk open in, on this computer.

A desk on a stick or a network drive says nothing while it is out: its folder is not there, or is an
empty one, as if nobody had ever begun a desk. So the folders are noted where the computer keeps such
notes for this user, by name alone. See ADR 35.
"""

import sys
from contextlib import suppress
from pathlib import Path

from correspondent_desk.store.files import CannotWrite, as_json, from_json, write_whole
from correspondent_desk.store.vault import DeskAway, DeskFolder, unanswered

KEPT = 20
_STICKS = ("/media", "/run/media")
_MOUNTED = 2  # below those: the user, then the stick


def remember(folder: DeskFolder) -> None:
    """A desk is open in folder. Where it cannot be noted, nothing is."""
    here, known = str(folder.path.absolute()), _folders()
    if here not in known[:1]:
        others = [one for one in known if one != here]
        with suppress(CannotWrite):
            write_whole(_notes(), as_json({"folders": [here, *others][:KEPT]}))


def missed(folder: DeskFolder) -> DeskAway | None:
    """What is to be said where no desk lies in folder, but one did or its disk is out; else None."""
    place = folder.path.absolute()
    try:
        if place in map(Path, _folders()):
            return DeskAway("gone", folder=str(place))
        if not _disk_of(place).exists():
            return DeskAway(folder=str(place))
    except OSError as error:
        return unanswered(error, folder)
    return None


def _disk_of(place: Path) -> Path:
    """What is there if the disk is: the letter of a drive, the folder that a stick is shown in."""
    if sys.platform != "win32":
        for sticks in map(Path, _STICKS):
            if place.is_relative_to(sticks):
                return Path(*place.parts[: len(sticks.parts) + _MOUNTED])
    return Path(place.anchor)


def _folders() -> list[str]:
    """The newest first."""
    try:
        found = from_json(_notes().read_bytes())["folders"]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []


def _notes() -> Path:
    import platformdirs

    return platformdirs.user_state_path("correspondent-desk", appauthor=False) / "desks.json"
