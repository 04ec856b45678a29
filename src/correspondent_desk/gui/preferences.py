"""What somebody chose for the window: language, look, size of text. No secret, nothing personal."""

from dataclasses import dataclass, field, replace
from pathlib import Path

import msgspec

from correspondent_desk.gui.theme import TEXT_PERCENTS, Appearance

NAME = "preferences.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """language: "fr", "en", or nothing to follow the system. geometry: Qt's, in base64."""

    language: str = ""
    appearance: Appearance = field(default_factory=Appearance)
    geometry: str = ""


def load(folder: Path) -> Preferences:
    """What was chosen; what cannot be read counts as not chosen."""
    try:
        found = msgspec.json.decode((folder / NAME).read_bytes(), type=Preferences)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return Preferences()
    if not TEXT_PERCENTS[0] <= found.appearance.text_percent <= TEXT_PERCENTS[-1]:
        return replace(found, appearance=Appearance())
    return found


def save(folder: Path, preferences: Preferences) -> None:
    """Keep the choice. Raises CannotWrite."""
    from correspondent_desk.store.files import write_whole

    folder.mkdir(parents=True, exist_ok=True)
    write_whole(folder / NAME, msgspec.json.encode(preferences))
