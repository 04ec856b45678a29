"""A desk whose passphrase and sheet are lost is opened by the committee, once."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from correspondent_desk.cli.main import main
from correspondent_desk.errors import DeskError
from correspondent_desk.hub import audit, desks, recovering, root
from correspondent_desk.messages.errors import sentence
from correspondent_desk.store import committee
from correspondent_desk.store.committee import NoCommitteeKey, UnlockRefused
from correspondent_desk.store.database import Database, open_store
from correspondent_desk.store.files import CannotWrite
from correspondent_desk.store.identity import raw
from correspondent_desk.store.vault import (
    DeskFolder,
    WrongPassphrase,
    change_passphrase,
    unlock,
)
from correspondent_desk.sync.recovering import RecoveryFileRefused, key_by_answer, request
from tests.builders import PASSPHRASE, add_member
from tests.sync.desks import OFFICE, Town

SECRET = "the lamp is lit at dusk"
NEW = "four herons at the weir"


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    town = Town(tmp_path)
    root.make(town.hub, town.path / "root", SECRET)
    yield town
    town.close()


def a_desk(town: Town) -> Database:
    desk = town.desk("Yann")
    add_member(desk, "PETIT")
    town.round()
    return desk


def answered(town: Town, asked: Path) -> Path:
    town.files += 1
    path = town.path / f"{town.files}.cdunlock"
    recovering.answer(town.hub, asked, town.path / "root", SECRET, path, by="Nathalie")
    return path


def test_the_committee_opens_a_desk_and_learns_whose_it_is(town: Town) -> None:
    desk = a_desk(town)
    folder = desk.folder
    desk.close()
    asked = request(folder, town.path)
    told = recovering.look(town.hub, asked.path, town.path / "root", SECRET)
    assert (told.office, told.desk, told.desk_name) == (OFFICE, 1, "PC Yann")
    assert told.numbers == asked.numbers

    key = key_by_answer(folder, answered(town, asked.path))
    change_passphrase(folder, key, NEW)
    committee.forget(folder)

    assert unlock(folder, NEW) == key
    with pytest.raises(WrongPassphrase):
        unlock(folder, PASSPHRASE)
    [noted] = [one for one in audit.newest(town.hub, 20) if one.what == recovering.ANSWERED]
    assert (noted.by, noted.desk) == ("Nathalie", 1)
    opened = open_store(folder, key)
    opened.close()


def test_an_answer_opens_once(town: Town) -> None:
    desk = a_desk(town)
    asked = request(desk.folder, town.path)
    answer = answered(town, asked.path)
    key_by_answer(desk.folder, answer)
    committee.forget(desk.folder)

    with pytest.raises(UnlockRefused) as refused:
        key_by_answer(desk.folder, answer)
    assert refused.value.reason == "no-request"
    with pytest.raises(NoCommitteeKey):
        request(desk.folder, town.path)
    town.round()  # the next exchange lets the committee open it again
    town.down(desk)
    again = request(desk.folder, town.path)
    with pytest.raises(UnlockRefused):
        key_by_answer(desk.folder, answer)
    assert key_by_answer(desk.folder, answered(town, again.path))


def test_the_answer_to_an_earlier_request_is_of_no_use(town: Town) -> None:
    desk = a_desk(town)
    first = answered(town, request(desk.folder, town.path).path)
    request(desk.folder, town.path)

    with pytest.raises(UnlockRefused) as refused:
        key_by_answer(desk.folder, first)

    assert refused.value.reason == "another-request"


def test_a_request_that_cannot_be_written_leaves_the_earlier_one(town: Town) -> None:
    desk = a_desk(town)
    asked = request(desk.folder, town.path / "asked.cdrecover")
    for refused in (asked.path, town.path / "no such folder" / "asked.cdrecover"):
        with pytest.raises(CannotWrite):
            request(desk.folder, refused)

    assert key_by_answer(desk.folder, answered(town, asked.path))


def test_what_comes_is_taken_in_though_its_recovery_key_cannot_be_noted(town: Town) -> None:
    yann, rozenn = town.desk("Yann"), town.desk("Rozenn")
    add_member(yann, "PETIT")
    (rozenn.folder.path / "committee.json").mkdir()
    town.round()
    town.round()

    assert rozenn.read(lambda s: raw(s).execute("SELECT family_name FROM member").fetchall())
    with pytest.raises(NoCommitteeKey):
        request(rozenn.folder, town.path)
    (rozenn.folder.path / "committee.json").rmdir()
    add_member(yann, "GRAND")
    town.round()
    town.round()
    assert request(rozenn.folder, town.path).path.is_file()  # the next bundle tried again


def test_an_answer_opens_no_other_desk(town: Town) -> None:
    one, other = town.desk("Yann"), town.desk("Rozenn")
    town.round()
    asked = request(one.folder, town.path)
    answer = json.loads(answered(town, asked.path).read_bytes())
    theirs = request(other.folder, town.path)
    answer["id"] = json.loads(theirs.path.read_bytes())["id"]
    forged = town.path / "forged.cdunlock"
    forged.write_text(json.dumps(answer))

    with pytest.raises(UnlockRefused) as refused:
        key_by_answer(other.folder, forged)

    assert refused.value.reason == "wrong-desk"


def test_another_request_in_its_place_shows_other_numbers(town: Town) -> None:
    desk = a_desk(town)
    asked = request(desk.folder, town.path)
    content = json.loads(asked.path.read_bytes())
    thief = request(desk.folder, town.path)
    content["recipient"] = json.loads(thief.path.read_bytes())["recipient"]
    swapped = town.path / "swapped.cdrecover"
    swapped.write_text(json.dumps(content))

    told = recovering.look(town.hub, swapped, town.path / "root", SECRET)

    assert told.numbers != asked.numbers


def test_a_revoked_desk_is_not_opened(town: Town) -> None:
    desk = a_desk(town)
    asked = request(desk.folder, town.path)
    desks.revoke(town.hub, OFFICE, 1)

    with pytest.raises(recovering.RecoveryDeclined) as refused:
        answered(town, asked.path)

    assert refused.value.reason == "revoked"
    assert not list(town.path.glob("*.cdunlock"))


def test_without_a_recovery_key_it_is_said(tmp_path: Path) -> None:
    town = Town(tmp_path)
    desk = a_desk(town)

    with pytest.raises(NoCommitteeKey):
        request(desk.folder, town.path)

    assert not list(town.path.glob("*.cdrecover"))
    town.close()


def test_what_is_damaged_is_not_called_missing(town: Town) -> None:
    desk = a_desk(town)
    slot = desk.folder.path / "committee.json"
    slot.write_bytes(slot.read_bytes()[:100])

    with pytest.raises(NoCommitteeKey, match="damaged") as caught:
        request(desk.folder, town.path)

    assert str(slot) in sentence(caught.value)


def test_the_folder_alone_opens_nothing(town: Town) -> None:
    """Whoever has the computer has the slot and the request, but not the key in the safe."""
    desk = a_desk(town)
    asked = request(desk.folder, town.path)
    content = json.loads(asked.path.read_bytes())
    forged = town.path / "forged.cdunlock"
    forged.write_text(
        json.dumps(
            {
                "correspondent-desk": "recovery-answer",
                "version": 1,
                "id": content["id"],
                "sealed": content["sealed"],
            }
        )
    )

    with pytest.raises(UnlockRefused):
        key_by_answer(desk.folder, forged)


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[1]", b'{"correspondent-desk": "recovery-answer", "id": 4}', b"\xff"]
)
def test_other_files_are_told_apart(town: Town, content: bytes) -> None:
    desk = a_desk(town)
    path = town.path / "odd.cdunlock"
    path.write_bytes(content)

    with pytest.raises(RecoveryFileRefused):
        key_by_answer(desk.folder, path)
    with pytest.raises(DeskError):
        recovering.look(town.hub, path, town.path / "root", SECRET)


def test_by_commands(town: Town, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    desk = a_desk(town)
    folder: DeskFolder = desk.folder
    desk.close()
    for name, phrase in (("secret", SECRET), ("new", NEW)):
        (tmp_path / name).write_text(phrase)

    def run(*words: object) -> int:
        return main(["--lang", "en", *map(str, words)])

    asked, answer = tmp_path / "a.cdrecover", tmp_path / "a.cdunlock"
    without_ending = tmp_path / "a"
    assert run("--desk", folder.path, "recover", "request", asked) == 0
    numbers = capsys.readouterr().out.splitlines()[-1].rpartition(": ")[2]
    hub = ("--passphrase-file", tmp_path / "secret", "hub", "--hub", tmp_path / "hub")
    assert (
        run(*hub, "recover", asked, without_ending, "--root", tmp_path / "root", "--checked") == 0
    )
    told = capsys.readouterr().out
    assert numbers in told
    assert str(answer) in told
    new = ("--desk", folder.path, "--passphrase-file", tmp_path / "new")
    assert run(*new, "recover", "open", answer) == 0
    assert unlock(folder, NEW)
    assert run(*new, "recover", "open", answer) == 2
    assert "unlock-refused" in capsys.readouterr().err
