"""Stretching the passphrase while the rest of the command line loads.

A search from a cold start has a quarter of a second; half of it goes into the passphrase, most of
the other half into loading libraries. On two cores they run side by side.
"""

from pathlib import Path
from threading import Thread

from correspondent_desk.errors import DeskError
from correspondent_desk.store.vault import (
    DataKey,
    DeskFolder,
    demo_passphrase,
    is_set_up,
    unlock,
)

_QUICK = frozenset({"search", "import", "exchange", "bundle", "disagreements", "settle"})
_NO_DESK = frozenset({"hub", "inspect"})
_LONGEST = 1 << 16  # a device may give a line without end


class HeadStart(Thread):
    """Unlocks a desk in the background; ask for the outcome with key."""

    def __init__(self, folder: DeskFolder, passphrase: str) -> None:
        super().__init__(name="unlock")
        self._folder, self._passphrase = folder, passphrase
        self._key: DataKey | None = None
        self._refused: DeskError | None = None

    def run(self) -> None:
        """Unlock, and keep the key or the refusal."""
        try:
            self._key = unlock(self._folder, self._passphrase)
        except DeskError as error:
            self._refused = error

    def key(self, folder: DeskFolder, passphrase: str) -> DataKey | None:
        """The key if this is what was unlocked; raises what unlock raised; None: something else."""
        if (folder, passphrase) != (self._folder, self._passphrase):
            return None
        self.join()
        if self._refused:
            raise self._refused
        return self._key


def begin(words: list[str]) -> HeadStart | None:
    """Start unlocking if words are a quick command whose passphrase need not be typed.

    What cannot be read is left for the command itself to say.
    """
    if _QUICK.isdisjoint(words) or not _NO_DESK.isdisjoint(words):
        return None
    chosen, file = option(words, "--desk"), option(words, "--passphrase-file")
    folder = DeskFolder(Path(chosen)) if chosen else DeskFolder.default()
    try:
        # What is no file, such as a pipe, can be read once only: by the command itself.
        if not is_set_up(folder) or (file and not Path(file).is_file()):
            return None
        passphrase = first_line(Path(file)) if file else demo_passphrase(folder)
    except (DeskError, OSError, UnicodeDecodeError):
        return None
    if passphrase is None:
        return None
    started = HeadStart(folder, passphrase)
    started.start()
    return started


def first_line(path: Path) -> str:
    """The passphrase in a file. Raises OSError, UnicodeDecodeError."""
    with path.open(encoding="utf-8-sig") as file:
        lines = file.readline(_LONGEST).splitlines()
    return lines[0] if lines else ""


def option(words: list[str], name: str) -> str:
    """What follows an option in words, before click reads them; nothing if it is not there."""
    found = ""
    for place, word in enumerate(words):
        if word == "--":
            break
        if word == name and place + 1 < len(words):
            found = words[place + 1]
        elif word.startswith(f"{name}="):
            found = word.partition("=")[2]
    return found
