"""copies and restore on the command line."""

import json
from pathlib import Path

import pytest

from correspondent_desk.records.demo.making import DEMO_PASSPHRASE
from tests.cli.conftest import Run


@pytest.fixture
def demo(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[str, Path]:
    """The options that open a demo desk of twelve."""
    monkeypatch.chdir(tmp_path)
    run("--desk", tmp_path / "demo", "demo", "--members", "12", "--no-window")
    return "--desk", tmp_path / "demo"


def member(run: Run, demo: tuple[str, Path]) -> dict[str, object]:
    """The first member found."""
    return json.loads(run(*demo, "search", "le goff", "--json").lines[0])  # type: ignore[no-any-return]


def test_a_copy_is_listed_and_brought_back(run: Run, demo: tuple[str, Path]) -> None:
    assert (run(*demo, "copies").out, run(*demo, "copies", "--json").out) == ("No copy yet.\n", "")
    assert run(*demo, "copies").status == 1
    made = run(*demo, "copies", "--make", "--json")
    id_ = member(run, demo)["id"]
    run(*demo, "edit", "member", id_, "note=written after the copy")

    brought = run(*demo, "restore", "1")

    assert made.status == 0
    assert json.loads(made.lines[0])["why"] == "asked"
    assert brought.status == 0
    assert "written after the copy" not in run(*demo, "show", "member", id_).out
    kept_aside = json.loads(run(*demo, "copies", "--json").lines[0])
    assert kept_aside["why"] == "before-restore"
    assert run(*demo, "restore", kept_aside["path"]).status == 0
    assert "written after the copy" in run(*demo, "show", "member", id_).out


def test_a_damaged_store_is_told_of_and_a_copy_brought_back(
    run: Run, demo: tuple[str, Path]
) -> None:
    run(*demo, "copies", "--make")
    store = demo[1] / "desk.db"
    content = bytearray(store.read_bytes())
    content[4096:] = bytes(len(content) - 4096)
    store.write_bytes(content)

    told = run(*demo, "undo")
    brought = run(*demo, "restore", "1")

    assert told.status == 2
    assert "[store-damaged" in told.err
    assert brought.status == 0
    assert brought.out.endswith(" What was there is kept aside.\n")
    assert run(*demo, "search", "le goff").status == 0
    assert list(demo[1].glob("*-damaged.db"))


def test_a_store_that_is_gone_is_told_of_with_its_copies(run: Run, demo: tuple[str, Path]) -> None:
    copy = json.loads(run(*demo, "copies", "--make", "--json").lines[0])["path"]
    (demo[1] / "desk.db").unlink()

    told = run(*demo, "undo")
    looked = run(*demo, "doctor")
    brought = run(*demo, "restore", "1")

    sentence = (
        f"The file of the desk is not there: {demo[1] / 'desk.db'}."
        f" Bring back a copy; the newest is {copy}."
    )
    assert told.err.splitlines() == [sentence, "[no-store]"]
    assert (looked.status, looked.err) == (4, "")
    assert looked.lines[1] == sentence
    assert looked.lines[-1].startswith("1 copy")
    assert brought.status == 0
    assert "kept aside" not in brought.out
    assert run(*demo, "doctor").status == 0


def test_what_is_no_copy_is_refused_and_nothing_is_changed(
    run: Run, demo: tuple[str, Path]
) -> None:
    other = demo[1].parent / "letter.db"
    other.write_bytes(b"Dear committee, " * 1000)

    assert run(*demo, "restore", "7").err.endswith("[copy-missing]\n")
    damaged = run(*demo, "restore", other).err
    assert damaged.startswith(f"This file is damaged, or no copy of this desk: {other}.")
    assert damaged.endswith("[store-damaged:copy]\n")
    assert run(*demo, "restore", other.parent).err.endswith("[copy-missing:not-a-file]\n")
    assert run(*demo, "search", "le goff").status == 0


def test_a_copy_begins_a_desk_where_there_is_none(
    run: Run, demo: tuple[str, Path], tmp_path: Path
) -> None:
    copy = json.loads(run(*demo, "copies", "--make", "--json").lines[0])["path"]
    phrase = tmp_path / "phrase"
    phrase.write_text(DEMO_PASSPHRASE, encoding="utf-8")
    new = ("--desk", tmp_path / "new", "--passphrase-file", phrase)

    begun = run(*new, "restore", copy)

    assert begun.out == f"This computer has taken up the desk of the copy {copy}.\n"
    assert run(*new, "search", "le goff").status == 0
