"""A search from the command line: unlocked, answered and gone."""

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from correspondent_desk.domain.actions import Action
from correspondent_desk.store import cold as cold_module
from correspondent_desk.store import connection, history
from correspondent_desk.store.cold import ColdSearch, FoundMember
from correspondent_desk.store.connection import NoStore, Role, StoreTooNew
from correspondent_desk.store.database import Database
from correspondent_desk.store.tables import Site
from correspondent_desk.store.vault import DeskFolder, unlock
from tests.builders import PASSPHRASE, add_member, new_folder, open_desk
from tests.programs import bare


def cold(folder: DeskFolder, words: str) -> list[FoundMember]:
    """Unlock, search once, forget."""
    with ColdSearch(folder, unlock(folder, PASSPHRASE)) as opened:
        return opened.find(words)


def test_a_line_says_who_it_is(desk: Database) -> None:
    site = desk.do(Action.SITE_ADDED, lambda s: history.create(s, Site, name="Base").id).result
    phones = [
        {"number": "+33639980101", "label": "", "do_not_use": True},
        {"number": "+33639980102", "label": "", "do_not_use": False},
    ]
    born = date(1970, 2, 28)
    add_member(desk, "Kerbrat")
    add_member(desk, "Le Goff", birth_date=born, site_id=site, phones=phones, service="Cie 3")

    found = cold(desk.folder, "le gof")

    (line,) = found
    assert (line.family_name, line.first_name, line.birth_date) == ("Le Goff", "Anne", born)
    assert (line.site, line.service, line.phone) == ("Base", "Cie 3", "+33639980102")
    assert (line.status, line.last_seen_on) == ("active", None)


def test_lines_come_in_the_order_of_the_search(desk: Database) -> None:
    for family_name in ("Petit", "Martinez", "Martin"):
        add_member(desk, family_name, first_name="Martin")

    with ColdSearch(desk.folder, unlock(desk.folder, PASSPHRASE)) as opened:
        found = [line.family_name for line in opened.find("martin")]
        assert opened.find("martin", limit=1)[0].family_name == "Martin"
        assert opened.find("nobody") == []

    assert found == ["Martin", "Martinez", "Petit"]


def test_what_does_not_open_is_told_of(tmp_path: Path) -> None:
    folder, _ = new_folder(tmp_path / "empty")
    desk = open_desk(tmp_path / "desk")
    desk.close()
    raw = connection.connect(desk.folder.store, desk._key, Role.WRITER)  # noqa: SLF001
    raw.execute("PRAGMA user_version=7")
    raw.close()

    with pytest.raises(NoStore):
        cold(folder, "x")
    with pytest.raises(StoreTooNew):
        cold(desk.folder, "x")


def test_it_stays_light(desk: Database) -> None:
    add_member(desk, "Le Goff")
    script = f"""
import json, re, sys
from pathlib import Path
from correspondent_desk.store.cold import ColdSearch
from correspondent_desk.store.vault import DeskFolder, unlock
folder = DeskFolder(Path({str(desk.folder.path)!r}))
with ColdSearch(folder, unlock(folder, {PASSPHRASE!r})) as desk:
    found = desk.find("le gof")
heavy = {{"sqlalchemy", "PySide6", "filelock", "platformdirs", "holidays", "phonenumbers"}}
status = Path("/proc/self/status")
peak = int(re.search(r"VmHWM:\\s*(\\d+)", status.read_text())[1]) / 1024 if status.exists() else 0
print(json.dumps([len(found), sorted(heavy & set(sys.modules)), peak]))
"""
    source = str(Path(cold_module.__file__).parents[2])
    ran = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True,
        env=bare(PYTHONPATH=source),
    )  # fmt: skip

    count, loaded, peak_mb = json.loads(ran.stdout)
    assert (count, loaded) == (1, [])
    assert peak_mb < 48  # 32 MiB of Argon2id come on top in a real desk, and 80 are allowed
