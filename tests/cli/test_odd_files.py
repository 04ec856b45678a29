"""Pipes, devices, folders and files that are there already, where a command expects a file."""

import os
import socket
import sys
from pathlib import Path

import pytest

from correspondent_desk.cli.head_start import begin
from tests.builders import PASSPHRASE, new_folder
from tests.cli.conftest import Run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="there are no pipes with names")


@pytest.fixture
def oddities(tmp_path: Path) -> list[Path]:
    """What can be named like a file and is none; reading the first would wait for ever."""
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    with socket.socket(socket.AF_UNIX) as listening:
        place = os.open(tmp_path, os.O_RDONLY)
        listening.bind(f"/proc/self/fd/{place}/socket")
        os.close(place)
    return [*(tmp_path / name for name in ("pipe", "folder", "socket")), Path("/dev/zero")]


@pytest.mark.parametrize(
    "command",
    [("import",), ("enrol",), ("bundle", "inspect"), ("bundle", "preview"), ("bundle", "import")],
)
def test_what_is_no_file_is_not_read(
    on_desk: Run, oddities: list[Path], command: tuple[str, ...]
) -> None:
    for odd in oddities:
        ended = on_desk(*command, odd)

        assert ended.status == 2, odd
        assert odd.name in ended.err, odd


def test_what_is_no_file_brings_nothing_back(on_desk: Run, oddities: list[Path]) -> None:
    for odd in oddities:
        for words in (("restore",), ("recover", "open")):
            ended = on_desk(*words, odd)

            assert ended.err.startswith(f"{odd} is a folder, a pipe or a device, not a file.")
            assert ended.err.endswith(":not-a-file]\n")


def test_what_is_no_file_is_no_certificate(run: Run, tmp_path: Path, oddities: list[Path]) -> None:
    hub = ("hub", "--hub", tmp_path / "hub")
    run(*hub, "init")

    for odd in oddities:
        address = run(*hub, "address", "https://hub.example.org", "--ca", odd)
        serve = run(*hub, "serve", "--port", "0", "--cert", odd, "--key", odd)
        assert address.err.endswith("[bad-address:certificate]\n")
        assert serve.err.endswith("[cannot-serve:certificate]\n")


def test_what_is_no_file_is_not_replaced_by_a_bundle(
    run: Run, tmp_path: Path, oddities: list[Path]
) -> None:
    hub, desk = tmp_path / "hub", tmp_path / "desk"
    new_folder(desk)
    (tmp_path / "secret").write_text(PASSPHRASE, "utf-8")
    run("hub", "--hub", hub, "init")
    run("hub", "--hub", hub, "office", "add", "Mairie")
    run("hub", "--hub", hub, "invite", "Mairie", tmp_path / "a.cdinvite")
    options = ("--desk", desk, "--passphrase-file", tmp_path / "secret")
    assert run(*options, "enrol", tmp_path / "a.cdinvite").status == 0

    ended = run(*options, "bundle", "export", oddities[0])

    assert ended.err.splitlines()[-1] == "[bundle-write:not-a-file]"
    assert oddities[0].is_fifo()


def test_an_invitation_replaces_nothing_and_makes_no_folder(run: Run, tmp_path: Path) -> None:
    hub, letter, into = tmp_path / "hub", tmp_path / "letter.odt", tmp_path / "into"
    letter.write_text("Dear Sir", "utf-8")
    into.mkdir()
    run("hub", "--hub", hub, "init")
    run("hub", "--hub", hub, "office", "add", "Mairie", "--code", "VAL")

    there = run("hub", "--hub", hub, "invite", "Mairie", letter)
    nowhere = run("hub", "--hub", hub, "invite", "Mairie", tmp_path / "no" / "such" / "x.cdinvite")
    twice = [run("hub", "--hub", hub, "invite", "Mairie", into) for _ in range(2)]

    assert there.err.splitlines()[-1] == "[cannot-write:there-already]"
    assert letter.read_text("utf-8") == "Dear Sir"
    assert nowhere.err.splitlines()[-1] == "[cannot-write:no-folder]"
    assert not (tmp_path / "no").exists()
    assert [one.status for one in twice] == [0, 0]
    assert {path.name for path in into.iterdir()} == {"VAL.cdinvite", "VAL-2.cdinvite"}
    assert str(into / "VAL-2.cdinvite") in twice[1].out


def test_a_passphrase_from_a_pipe_is_read_once(tmp_path: Path) -> None:
    new_folder(tmp_path / "desk")
    os.mkfifo(tmp_path / "pipe")
    words = ["--desk", f"{tmp_path / 'desk'}", "--passphrase-file", f"{tmp_path / 'pipe'}"]

    assert begin([*words, "search", "x"]) is None


def test_a_passphrase_from_a_line_without_end_is_refused(run: Run, desk: Path) -> None:
    ended = run("--desk", desk, "--passphrase-file", "/dev/zero", "search", "x")

    assert ended.err.splitlines()[-1] == "[wrong-passphrase]"


@pytest.mark.parametrize(
    "words",
    [
        ("--desk", "", "demo", "--members", "1", "--no-window"),
        ("--desk", "", "today"),
        ("hub", "--hub", "", "init"),
        ("import", ""),
        ("export", "members", ""),
        ("enrol", ""),
    ],
    ids=" ".join,
)
def test_an_empty_name_is_not_the_present_folder(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: tuple[str, ...]
) -> None:
    monkeypatch.chdir(tmp_path)

    ended = run(*words)

    assert (ended.status, ended.err.splitlines()[-1]) == (2, "[usage]")
    assert "The name of a file or a folder is missing." in ended.err
    assert list(tmp_path.iterdir()) == []


def test_a_list_of_many_columns_is_told_in_a_few_lines(on_desk: Run) -> None:
    many = ";".join(f"Col {number}" for number in range(300))
    Path("wide.csv").write_text(f"Nom;Prénom;{many}\nVIDAL;Zoé{';x' * 300}\n", "utf-8")

    ended = on_desk("import", "wide.csv", "--dry-run")

    assert ended.status == 0
    assert max(map(len, ended.lines)) < 300
    [ignored] = [line for line in ended.lines if line.startswith("Columns that are ignored: ")]
    assert ignored.endswith(", …")


def test_a_bundle_replaces_a_bundle_and_nothing_else(run: Run, tmp_path: Path) -> None:
    hub, letter = tmp_path / "hub", tmp_path / "letter.odt"
    letter.write_text("Dear Sir", "utf-8")
    new_folder(tmp_path / "desk")
    (tmp_path / "secret").write_text(PASSPHRASE, "utf-8")
    run("hub", "--hub", hub, "init")
    run("hub", "--hub", hub, "office", "add", "Mairie")
    run("hub", "--hub", hub, "invite", "Mairie", tmp_path / "a.cdinvite")
    options = ("--desk", tmp_path / "desk", "--passphrase-file", tmp_path / "secret")
    run(*options, "enrol", tmp_path / "a.cdinvite")

    refused = run(*options, "bundle", "export", letter)
    twice = [run(*options, "bundle", "export", tmp_path / "a.cdb").status for _ in range(2)]

    assert refused.err.splitlines()[-1] == "[bundle-write:there-already]"
    assert letter.read_text("utf-8") == "Dear Sir"
    assert twice == [0, 0]


def test_no_list_replaces_the_desk_or_the_list_itself(on_desk: Run, desk: Path) -> None:
    Path("list.csv").write_text("Nom;Prénom\nVIDAL;Zoé\n", "utf-8")
    before = (desk / "desk.db").read_bytes()
    ended = [
        on_desk("export", "members", desk / "desk.db"),
        on_desk("import", "list.csv", "--dry-run", "--report", desk / "slots.json"),
        on_desk("import", "list.csv", "--dry-run", "--report", "list.csv"),
    ]

    assert {one.err.splitlines()[-1] for one in ended} == {"[usage]"}
    assert (desk / "desk.db").read_bytes() == before
    assert Path("list.csv").read_text("utf-8").startswith("Nom")
    assert on_desk("today").status == 0
