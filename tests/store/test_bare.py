"""A store without mapped objects keeps the promises of one with them, and carries bundles alone."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from correspondent_desk.domain.actions import Action
from correspondent_desk.errors import DeskError
from correspondent_desk.store import history, operations
from correspondent_desk.store.bare import Bare, open_bare, open_bare_for_reading
from correspondent_desk.store.connection import NoStore
from correspondent_desk.store.database import open_store
from correspondent_desk.store.files import CannotWrite
from correspondent_desk.store.identity import raw
from correspondent_desk.store.lock import AlreadyOpen
from tests.builders import PASSPHRASE, Clock, add_member, new_store
from tests.programs import bare
from tests.sync.desks import Town

CARRY = """
import sys
from correspondent_desk.__main__ import main
desk, phrase, *words = sys.argv[1:]
sys.argv[1:] = ["--desk", desk, "--passphrase-file", phrase, *words]
status = main()
print("loads", status, [name for name in ("sqlalchemy", "alembic") if name in sys.modules])
"""


@pytest.fixture
def store(tmp_path: Path) -> Any:
    folder, key = new_store(tmp_path / "desk")
    store = open_bare(folder, key, wall=Clock())
    yield store
    store.close()


def members(store: Bare) -> int:
    found: int = store.read(lambda s: raw(s).execute("SELECT count(*) FROM draft").fetchone()[0])
    return found


def test_what_fails_half_way_leaves_nothing(store: Bare) -> None:
    store.drafts.save("a", "kept")

    def half(session: Any) -> None:
        raw(session).execute("INSERT INTO draft(key, body, at) VALUES('b', '', 0)")
        raise KeyError

    for work in (lambda: store.keep(half), lambda: store.do(Action.MEMBER_EDITED, half)):
        with pytest.raises(KeyError):
            work()
    assert members(store) == 1
    assert store.drafts.body("a") == "kept"


def test_a_question_cannot_write_and_the_next_work_can(store: Bare) -> None:
    with pytest.raises(CannotWrite):
        store.read(lambda s: raw(s).execute("DELETE FROM draft"))

    store.drafts.save("a", "")
    assert members(store) == 1
    assert store.read(lambda _: members(store)) == 1


def test_it_is_one_program_at_a_time_and_readers_beside_it(store: Bare, tmp_path: Path) -> None:
    folder = store.folder
    _, key = new_store(tmp_path / "another")
    store.keep(lambda s: history.write_setting(s, "person", "Yann"))

    with pytest.raises(AlreadyOpen):
        open_bare(folder, key)
    looking = open_bare_for_reading(folder, key)
    assert looking.read(history.person) == "Yann"
    with pytest.raises(CannotWrite):
        looking.drafts.save("a", "")
    looking.close()


@pytest.mark.skipif(sys.platform == "win32", reason="nobody takes away what is open there")
def test_a_store_that_was_taken_away_takes_no_writes(store: Bare) -> None:
    store.folder.store.rename(store.folder.store.with_suffix(".away"))

    with pytest.raises(NoStore):
        store.drafts.save("a", "")


def test_an_action_is_a_step_as_ever_and_undone_as_ever(tmp_path: Path) -> None:
    folder, key = new_store(tmp_path / "desk")
    desk = open_store(folder, key, wall=Clock())
    member = add_member(desk, "Le Goff")
    desk.close()
    store = open_bare(folder, key, wall=Clock())
    store.person = "Yann"

    assert store.next_undo() is not None
    undone = store.undo()
    shown = "SELECT removed_at IS NOT NULL FROM member WHERE id=?"
    assert store.read(lambda s: raw(s).execute(shown, (member,)).fetchone()) == (1,)
    assert undone.action.person == "Yann"
    store.redo()
    assert store.read(lambda s: raw(s).execute(shown, (member,)).fetchone()) == (0,)
    store.close()
    with pytest.raises(DeskError):
        store.journal(1)


def test_outside_of_an_action_nothing_is_noted(store: Bare) -> None:
    with pytest.raises(operations.BypassesHistory):
        store.keep(operations.of)


def test_carrying_loads_no_mapped_classes(tmp_path: Path) -> None:
    town = Town(tmp_path)
    here, there = town.desk("Yann"), town.desk("Rozenn")
    add_member(here, "Le Goff")
    town.round()
    town.round()
    add_member(here, "Kervella")
    town.up(here)
    file = town.written_for(there)
    phrase = tmp_path / "phrase"
    phrase.write_text(PASSPHRASE, encoding="utf-8")
    folders = [str(desk.folder.path) for desk in (here, there)]
    town.close()

    for folder, *words in (
        (folders[1], "bundle", "import", str(file)),
        (folders[1], "bundle", "export", str(tmp_path / "back.cdb")),
        (folders[0], "exchange", str(tmp_path / "stick")),
    ):
        done = subprocess.run(
            [sys.executable, "-c", CARRY, folder, str(phrase), *words],
            capture_output=True,
            encoding="utf-8",
            env=bare(PYTHONPATH="src", PYTHONIOENCODING="utf-8", HOME=str(tmp_path)),
            check=False,
        )
        assert done.stdout.splitlines()[-1] in ("loads 0 []", "loads 1 []"), done
