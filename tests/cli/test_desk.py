"""new, demo and doctor: making a desk and looking after it."""

import json
import re
from pathlib import Path

import pytest

from correspondent_desk.hub import ingest
from correspondent_desk.store.vault import DeskFolder, restore_slots, unlock_with_recovery
from tests.cli.conftest import Run
from tests.sync.desks import Town

PASSPHRASE = "quatre mots faciles à retenir"


@pytest.fixture
def secret(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file that holds a passphrase."""
    monkeypatch.chdir(tmp_path)
    path = tmp_path / "secret.txt"
    path.write_text(f"{PASSPHRASE}\nnot this line\n", "utf-8")
    return path


def test_a_new_desk_opens_with_its_passphrase_and_with_its_recovery_code(
    run: Run, secret: Path
) -> None:
    options = ("--desk", "mine", "--passphrase-file", secret)
    made = run(*options, "new", "--office", "Mairie d’Ys", "--site", "Quai", "--person", "Gwenn")
    code = made.lines[1].rpartition(": ")[2]

    assert made.status == 0
    assert re.fullmatch(r"([0-9A-Z]{5}-){5}[0-9A-Z]{5}", code)
    assert unlock_with_recovery(DeskFolder(Path("mine")), code)
    assert run(*options, "doctor").status == 0
    assert run(*options, "today").lines[-1] == "All is sorted. No meeting is planned."
    assert run(*options, "undo").status == 1
    assert run(*options, "new", "--office", "Other").err.endswith("[already-set-up]\n")
    path = Path("mine", "slots.json")
    content = json.loads(path.read_bytes())
    content["slots"] = [slot for slot in content["slots"] if slot["kind"] == "passphrase"]
    path.write_text(json.dumps(content))
    told = run(*options, "today").lines
    assert told[2:] == ["To check", "  No recovery sheet of this desk was printed or saved yet"]
    assert json.loads(run(*options, "today", "--json").out)["sorted"] is False


def test_a_department_that_there_is_not_is_refused(run: Run, secret: Path) -> None:
    at = ("--desk", "mine", "--passphrase-file", secret, "new", "--office", "Mairie d’Ys")
    refused = run(*at, "--department", "670")
    made = run(*at, "--department", " 2a")

    assert "No department is called “670”" in refused.err
    assert refused.err.splitlines()[-1] == "[usage]"
    assert made.status == 0


def test_a_desk_and_a_hub_do_not_share_a_folder(run: Run, secret: Path) -> None:
    at = ("--desk", "mine", "--passphrase-file", secret)
    assert run(*at, "new", "--office", "Mairie d’Ys").status == 0
    assert run("hub", "--hub", "ours", "init").status == 0

    hub = run("hub", "--hub", "mine", "init")
    desk = run("--desk", "ours", "--passphrase-file", secret, "new", "--office", "Mairie d’Ys")

    assert hub.err.splitlines()[-1] == "[hub-already-there:desk]"
    assert desk.err.splitlines()[-1] == "[already-set-up:hub]"
    assert run(*at, "doctor").status == 0
    assert run("hub", "--hub", "ours", "desks").status in (0, 1)


def test_a_new_desk_needs_a_name_and_a_passphrase(run: Run, secret: Path) -> None:
    options = ("--desk", "mine", "--passphrase-file", secret)

    assert run(*options, "new").err.endswith("[usage]\n")
    assert run(*options, "new", "--office", " ").err.endswith("[usage]\n")
    assert run("--desk", "mine", "new", "--office", "A").err.endswith(
        "[no-passphrase:no-terminal]\n"
    )
    for short in ("", "neuf sign", "aaaaaaaaaaaa"):
        secret.write_text(short, "utf-8")
        assert run(*options, "new", "--office", "A").err.endswith("[no-passphrase:too-short]\n")
    assert not Path("mine").exists()


def test_a_demo_is_made_once_in_a_folder_of_its_own(run: Run) -> None:
    made = run("demo", "--members", "12", "--no-window")
    again = run("demo", "--members", "12", "--no-window")

    assert made.status == 0
    assert made.out.startswith("A demo desk with 12 invented people is ready in ")
    assert again.status == 1
    assert run("today").err.endswith("[no-desk-here]\n")


def test_the_same_seed_invents_the_same_people(run: Run, tmp_path: Path) -> None:
    found = []
    for folder, seed in (("a", 5), ("b", 5), ("c", 6)):
        run("--desk", tmp_path / folder, "demo", "--members", "15", "--seed", seed, "--no-window")
        found.append(run("--desk", tmp_path / folder, "search", "a", "--json").out)

    assert found[0] == found[1] != found[2]


def test_a_healthy_desk_is_said_to_be_well(on_desk: Run) -> None:
    ended = on_desk("doctor")

    assert ended.status == 0
    assert "The store is whole." in ended.lines


@pytest.mark.parametrize("place", [100, -6000])
def test_a_damaged_store_is_told_with_the_copies_there_are(
    on_desk: Run, desk: Path, place: int
) -> None:
    assert on_desk("copies", "--make").status == 0
    store = bytearray((desk / "desk.db").read_bytes())
    store[place : place + 1000] = bytes(1000)
    (desk / "desk.db").write_bytes(store)
    ended = on_desk("doctor")
    refused = on_desk("today")
    for copy in (desk / "copies").iterdir():
        copy.unlink()

    assert ended.status == 4
    assert [line for line in ended.lines if "damaged" in line and "-asked.db" in line]
    assert [line for line in ended.lines if line.startswith("1 copy; the newest: ")]
    is_read_by_all = place == 100
    assert not is_read_by_all or "-asked.db. [store-damaged]" in " ".join(refused.err.split())
    assert "No copy lies in its folder" in on_desk("doctor").out


def test_a_folder_that_others_copy_needs_a_person(run: Run, desk: Path) -> None:
    moved = desk.rename(desk.parent / "Nextcloud")
    ended = run("--desk", moved, "doctor")

    assert ended.status == 4
    assert "copied by Nextcloud" in ended.out


def test_damaged_slots_are_refused_until_their_copy_is_put_back(on_desk: Run, desk: Path) -> None:
    (desk / "slots.json").write_text("{}", "utf-8")
    refused = on_desk("today")
    restore_slots(DeskFolder(desk))

    assert refused.status == 2
    assert refused.err.splitlines()[-1] == "[slots-damaged]"
    assert f"Here: copy {desk / 'slots.json.bak'} to slots.json." in " ".join(refused.err.split())
    assert on_desk("today").status == 0


def test_sites_of_one_name_are_told_and_made_one(run: Run, secret: Path) -> None:
    options = ("--desk", "mine", "--passphrase-file", secret)
    sites = ("--site", "Quai", "--site", "Mairie", "--site", "quai")
    run(*options, "new", "--office", "Ys", *sites)
    told = run(*options, "doctor")
    united = run(*options, "sites", "--unite")

    assert told.status == 4
    # Which of the two is older is chance: they were made in one millisecond.
    assert "2 sites are called “quai”. make them one with: sites --unite." in told.out.lower()
    assert (united.status, united.out) == (0, "1 site went into another.\n")
    assert sorted(map(str.lower, run(*options, "sites").lines)) == ["mairie", "quai"]
    assert run(*options, "sites", "--unite").status == 1
    assert run(*options, "doctor").status == 0
    assert run(*options, "undo").out == "Taken back: Sites of one name made one\n"
    assert len(run(*options, "sites", "--json").lines) == 3


def test_a_new_desk_by_invitation_has_no_site_of_its_own(
    run: Run, secret: Path, tmp_path: Path
) -> None:
    (tmp_path / "town").mkdir()
    town = Town(tmp_path / "town")
    options = ("--desk", "mine", "--passphrase-file", secret)
    invitation = town.invitation()

    assert run(*options, "new").status == 2
    assert run(*options, "new", "--invitation", invitation, "--site", "Quai").status == 2
    assert run(*options, "new", "--invitation", secret).status == 2
    assert not Path("mine").exists() or not list(Path("mine").glob("desk.db*"))
    made = run(*options, "new", "--invitation", invitation, "--person", "Gwenn", "--name", "Quai")

    assert made.status == 0
    assert "Mairie de Valbrune" in made.lines[0]
    assert (run(*options, "sites").status, run(*options, "sites").out) == (1, "No site yet.\n")
    assert run(*options, "bundle", "export", "first.cdb").status == 0
    taken = ingest.take_in(town.hub, Path("first.cdb"))
    assert (taken.enrolled, taken.desk_name, taken.person) == (True, "Quai", "Gwenn")
    town.close()
