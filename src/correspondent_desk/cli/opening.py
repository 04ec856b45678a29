"""Finding the desk's folder, its passphrase and its store."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import click

from correspondent_desk.cli.head_start import HeadStart, first_line
from correspondent_desk.domain.passphrases import SHORTEST, Strength, strength
from correspondent_desk.errors import DeskError
from correspondent_desk.language import _
from correspondent_desk.store.damage import naming_copies
from correspondent_desk.store.vault import (
    DataKey,
    DeskFolder,
    demo_passphrase,
    is_set_up,
    unlock,
)

if TYPE_CHECKING:
    from correspondent_desk.store.bare import Bare
    from correspondent_desk.store.database import Database


class NoPassphrase(DeskError):
    """A passphrase is needed and there is no terminal to ask on, or its file cannot be read.

    Reasons: no-terminal, unreadable-file (details: path), too-short (details: least).
    """

    code = "no-passphrase"


class NoDeskHere(DeskError):
    """There is no desk in the folder (details: folder)."""

    code = "no-desk-here"


@dataclass
class Desk:
    """What the options of the command line say; the store is opened when a command asks for it."""

    chosen_folder: Path | None
    passphrase_file: Path | None
    head_start: HeadStart | None = None
    language: str | None = None

    @cached_property
    def folder(self) -> DeskFolder:
        """The desk's folder: the one given, or this user's own."""
        return DeskFolder(self.chosen_folder) if self.chosen_folder else DeskFolder.default()

    def passphrase(self) -> str:
        """The first line of the file given, the demo's own phrase, or what is typed."""
        if self.passphrase_file:
            return self._read_passphrase(self.passphrase_file)
        invented = demo_passphrase(self.folder)
        return self._typed(twice=False) if invented is None else invented

    def new_passphrase(self) -> str:
        """The passphrase of a new desk: from the file given, or typed twice. Raises NoPassphrase."""
        if self.passphrase_file:
            chosen = self._read_passphrase(self.passphrase_file)
        else:
            chosen = self._typed(twice=True)
        if strength(chosen) is Strength.TOO_SHORT:
            raise NoPassphrase("too-short", least=SHORTEST)
        return chosen

    def existing(self) -> DeskFolder:
        """The folder, which must hold a desk. Raises NoDeskHere, DeskAway."""
        if is_set_up(self.folder):
            return self.folder
        from correspondent_desk.store import whereabouts

        missed = whereabouts.missed(self.folder)
        raise missed or NoDeskHere(folder=str(self.folder.path))

    def require_outside(self, path: Path) -> None:
        """Refuse to write path among the files of the desk: it might replace one of them."""
        if path.absolute().parent.resolve() == self.folder.path.resolve():
            told = _("{folder} holds the desk: choose another folder for {file}.")
            raise click.UsageError(told.format(folder=self.folder.path, file=path.name))

    def key(self) -> DataKey:
        """What opens the store. Raises as existing and unlock do, and NoPassphrase."""
        folder, passphrase = self.existing(), self.passphrase()
        started = self.head_start.key(folder, passphrase) if self.head_start else None
        return started or unlock(folder, passphrase)

    @contextmanager
    def reading(self) -> Iterator["Database"]:
        """The store, to look only: works while the window is open."""
        from correspondent_desk.records import catalogue
        from correspondent_desk.store.database import open_for_reading
        from correspondent_desk.sync import catalogue as published

        folder, key = self.existing(), self.key()
        with naming_copies(folder):
            store = open_for_reading(folder, key)
            try:
                catalogue.adopt(store.read(published.text))
                yield store
            finally:
                store.close()

    @contextmanager
    def writing(self) -> Iterator["Database"]:
        """The store, to change it: refused while another program has it open."""
        from correspondent_desk.records import catalogue
        from correspondent_desk.records.office import person
        from correspondent_desk.store.database import open_store
        from correspondent_desk.sync import catalogue as published

        folder, key = self.existing(), self.key()
        with naming_copies(folder):
            store = open_store(folder, key)
            try:
                store.person = store.read(person)
                catalogue.adopt(store.read(published.text))
                yield store
            finally:
                store.close()

    @contextmanager
    def carrying(self) -> Iterator["Bare"]:
        """As writing, for what maps no objects: opened in a tenth of the time."""
        from correspondent_desk.store import history
        from correspondent_desk.store.bare import open_bare

        folder, key = self.existing(), self.key()
        with naming_copies(folder):
            store = open_bare(folder, key)
            try:
                store.person = store.read(history.person)
                yield store
            finally:
                store.close()

    @contextmanager
    def looking_into(self) -> Iterator["Bare"]:
        """As reading, for what maps no objects."""
        from correspondent_desk.store.bare import open_bare_for_reading

        folder, key = self.existing(), self.key()
        with naming_copies(folder):
            store = open_bare_for_reading(folder, key)
            try:
                yield store
            finally:
                store.close()

    def _read_passphrase(self, path: Path) -> str:
        try:
            return first_line(path)
        except (OSError, UnicodeDecodeError) as error:
            raise NoPassphrase("unreadable-file", path=str(path)) from error

    def _typed(self, *, twice: bool) -> str:
        if sys.stdin is None or not sys.stdin.isatty():
            raise NoPassphrase("no-terminal")
        return str(
            click.prompt(_("Passphrase"), hide_input=True, err=True, confirmation_prompt=twice)
        )
