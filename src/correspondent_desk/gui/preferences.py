"""What somebody chose for the window: language, look, size of text. No secret, nothing personal."""

import json
from pathlib import Path
from typing import NamedTuple

from correspondent_desk.gui.theme import AS_THE_SYSTEM, TEXT_PERCENTS, Appearance, Contrast, Look
from correspondent_desk.language import LANGUAGES

NAME = "preferences.json"


class Preferences(NamedTuple):
    """language: "fr", "en", or nothing to follow the system. geometry: Qt's, in base64.

    hub: the folder of the one that is kept on this computer.
    """

    language: str = ""
    appearance: Appearance = AS_THE_SYSTEM
    geometry: str = ""
    hub: str = ""


def load(folder: Path) -> Preferences:
    """What was chosen; what cannot be read counts as not chosen."""
    # By hand: this is read before the first window, and msgspec takes 20 ms to import.
    try:
        found = json.loads((folder / NAME).read_text(encoding="utf-8"))
        look = found["appearance"]
        percent = look["text_percent"]
        return Preferences(
            language=found["language"] if found["language"] in LANGUAGES else "",
            appearance=Appearance(
                look=Look(look["look"]),
                contrast=Contrast(look["contrast"]),
                text_percent=percent if percent in TEXT_PERCENTS else 100,
            ),
            geometry=str(found["geometry"]),
            hub=str(found.get("hub", "")),
        )
    except (OSError, ValueError, KeyError, TypeError):
        return Preferences()


def save(folder: Path, preferences: Preferences) -> None:
    """Keep the choice. Raises CannotWrite."""
    from correspondent_desk.store.files import write_whole

    chosen = preferences._asdict() | {"appearance": preferences.appearance._asdict()}
    write_whole(folder / NAME, json.dumps(chosen).encode())
