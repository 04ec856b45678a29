"""What the page asks of a hub; the program knows how it is done."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol


@dataclass(frozen=True, slots=True)
class OfficeShown:
    """An office of the hub and its desks, in words."""

    name: str
    code: str
    desks: tuple[str, ...]
    is_empty: bool = False  # no desk was ever in it


@dataclass(frozen=True, slots=True)
class HubShown:
    """A hub as it stands."""

    name: str
    offices: tuple[OfficeShown, ...]
    server: str = ""  # where its database is, unless it is in the folder


@dataclass(frozen=True, slots=True)
class Told:
    """What was done, in sentences, and what could not be."""

    done: tuple[str, ...]
    refused: tuple[str, ...] = ()


class Acts(Protocol):
    """Each opens the hub in folder, does its part and closes it; all take their time and raise DeskError.

    What they return is for people, in the language in use. place: a folder that is there.
    """

    def look(self, folder: Path) -> HubShown: ...
    def begin(self, folder: Path, name: str) -> Told: ...
    def add_office(self, folder: Path, name: str) -> Told: ...
    def remove_office(self, folder: Path, code: str) -> Told: ...
    def invite(self, folder: Path, code: str, place: Path) -> Told: ...
    def take_in(self, folder: Path, files: Sequence[Path]) -> Told: ...
    def put(self, folder: Path, place: Path) -> Told: ...
