"""Finding the desk's folder, its passphrase and its store."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

from correspondent_desk.errors import DeskError
from correspondent_desk.language import _
from correspondent_desk.store.vault import DeskFolder, demo_passphrase, is_set_up, unlock

if TYPE_CHECKING:
    from correspondent_desk.store.database import Database


class NoPassphrase(DeskError):
    """A passphrase is needed and there is no terminal to ask on, or the file cannot be read."""

    code = "no-passphrase"


class NoDeskHere(DeskError):
    """There is no desk in the folder (details: folder)."""

    code = "no-desk-here"


@dataclass
class Desk:
    """What the options of the command line say; the store is opened when a command asks for it."""

    chosen_folder: Path | None
    passphrase_file: Path | None

    @cached_property
    def folder(self) -> DeskFolder:
        """The desk's folder: the one given, or this user's own."""
        return DeskFolder(self.chosen_folder) if self.chosen_folder else DeskFolder.default()

    def passphrase(self) -> str:
        """The first line of the file given, the demo's own phrase, or what is typed."""
        if self.passphrase_file:
            try:
                lines = self.passphrase_file.read_text(encoding="utf-8-sig").splitlines()
            except (OSError, UnicodeDecodeError) as error:
                raise NoPassphrase("unreadable-file", path=str(self.passphrase_file)) from error
            return lines[0] if lines else ""
        invented = demo_passphrase(self.folder)
        if invented is not None:
            return invented
        if not sys.stdin.isatty():
            raise NoPassphrase("no-terminal")
        return str(click.prompt(_("Passphrase"), hide_input=True, err=True))

    def new_passphrase(self) -> str:
        """The passphrase of a new desk: from the file given, or typed twice."""
        if self.passphrase_file or not sys.stdin.isatty():
            return self.passphrase()
        return str(
            click.prompt(_("Passphrase"), hide_input=True, err=True, confirmation_prompt=True)
        )

    def existing(self) -> DeskFolder:
        """The folder, which must hold a desk. Raises NoDeskHere."""
        if not is_set_up(self.folder):
            raise NoDeskHere(folder=str(self.folder.path))
        return self.folder

    @contextmanager
    def reading(self) -> Iterator["Database"]:
        """The store, to look only: works while the window is open."""
        from correspondent_desk.store.database import open_for_reading

        folder = self.existing()
        store = open_for_reading(folder, unlock(folder, self.passphrase()))
        try:
            yield store
        finally:
            store.close()

    @contextmanager
    def writing(self) -> Iterator["Database"]:
        """The store, to change it: refused while another program has it open."""
        from correspondent_desk.store.database import open_store

        folder = self.existing()
        store = open_store(folder, unlock(folder, self.passphrase()))
        try:
            yield store
        finally:
            store.close()
