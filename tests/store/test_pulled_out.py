"""A stick that is pulled out meanwhile: told by an error each time, and whole when it is back."""

import shutil
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import pytest

from correspondent_desk.records.founding import found_office
from correspondent_desk.store import backup
from correspondent_desk.store.backup import Why
from correspondent_desk.store.beginning import begin_with
from correspondent_desk.store.database import open_store
from correspondent_desk.store.tables import Member
from correspondent_desk.store.vault import AlreadySetUp, DeskFolder, is_set_up, unlock
from tests.builders import PASSPHRASE, add_member, new_folder
from tests.killing import forks, until_it_answers

NOW = datetime(2026, 12, 3, 9, 0)  # noqa: DTZ001 - local

pytestmark = forks


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    """An empty one."""
    place = tmp_path / "stick"
    place.mkdir()
    return place


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The copy of a desk with one member, and its slots, beside that desk."""
    folder, key = new_folder(tmp_path / "mine")
    store = open_store(folder, key)
    add_member(store, "Le Goff")
    made = store.copy(Why.ASKED)
    store.close()
    return backup.hand_out(made.path, tmp_path)


def emptied(stick: Path) -> None:
    """As it was."""
    shutil.rmtree(stick)
    stick.mkdir()


def people(folder: DeskFolder) -> int:
    """How many there are; the store was read through."""
    store = open_store(folder, unlock(folder, PASSPHRASE))
    store.check()
    count = store.read(lambda s: s.query(Member).count())
    store.close()
    return count


def finished(begin: Callable[[], None]) -> None:
    """Begun again; or it was all there but for its last name, and is found so."""
    with suppress(AlreadySetUp):
        begin()


def test_while_a_desk_is_founded_on_it(stick: Path) -> None:
    folder = DeskFolder(stick / "desk")

    def found() -> None:
        found_office(folder, PASSPHRASE, "Mairie", [], "").store.close()

    def check() -> None:
        if not is_set_up(folder):
            finished(found)
        assert people(folder) == 0
        emptied(stick)

    assert until_it_answers(found, check, stick) > 10


def test_while_a_desk_on_it_begins_with_a_copy(stick: Path, copy: Path) -> None:
    folder = DeskFolder(stick / "desk")

    def begin() -> None:
        begin_with(folder, copy, PASSPHRASE, NOW)

    def check() -> None:
        if not is_set_up(folder):
            finished(begin)
        assert people(folder) == 1
        emptied(stick)

    assert until_it_answers(begin, check, stick) > 5


def test_while_a_copy_that_lies_on_it_is_brought_back(
    stick: Path, copy: Path, tmp_path: Path
) -> None:
    new = DeskFolder(tmp_path / "new computer")
    for source in (copy, copy.with_suffix(".slots.json")):
        shutil.copy(source, stick)

    def bring() -> None:
        begin_with(new, stick / copy.name, PASSPHRASE, NOW)

    def check() -> None:
        if is_set_up(new):
            assert people(new) == 1
        shutil.rmtree(new.path, ignore_errors=True)

    assert until_it_answers(bring, check, stick, new.path) > 3


def test_while_its_desk_goes_back_to_a_copy(stick: Path, copy: Path, tmp_path: Path) -> None:
    folder = DeskFolder(stick / "desk")
    shutil.copytree(tmp_path / "mine", folder.path)

    def restore() -> None:
        backup.restore(folder, unlock(folder, PASSPHRASE), copy, NOW)

    def check() -> None:
        assert people(folder) == 1
        emptied(stick)
        shutil.copytree(tmp_path / "mine", folder.path)

    assert until_it_answers(restore, check, stick) > 5


def test_while_somebody_works_at_it(stick: Path, tmp_path: Path, copy: Path) -> None:
    del copy
    folder = DeskFolder(stick / "desk")
    shutil.copytree(tmp_path / "mine", folder.path)

    def work() -> None:
        store = open_store(folder, unlock(folder, PASSPHRASE))
        try:
            store.copy(Why.IMPORT)
            add_member(store, "Kerleau")
        finally:
            store.close()

    def check() -> None:
        assert people(folder) in (1, 2)
        emptied(stick)
        shutil.copytree(tmp_path / "mine", folder.path)

    assert until_it_answers(work, check, stick) > 5
