"""Drives that really fill up: under the hub's folder, its passing files, and PostgreSQL."""

import os
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy import make_url

from correspondent_desk.hub import database, desks, ingest
from correspondent_desk.hub.database import HubFolder
from correspondent_desk.hub.ingest import Fate
from correspondent_desk.hub.service.limits import Limits
from correspondent_desk.store.files import CannotWrite
from correspondent_desk.sync.online.exchange import exchange_online
from tests.builders import add_member
from tests.hub.pages import filling
from tests.hub.pages.browsing import Visitor, words
from tests.hub.pages.filling import OPERATOR
from tests.hub.service.serving import Certificate, online_desk, reaches, served
from tests.postgres import Server
from tests.small_disk import fill, small_disk
from tests.sync.desks import Town, contents

MEGABYTE = 1 << 20
LARGE = 200_000


def test_a_hub_that_finds_no_room_leaves_no_key_behind(tmp_path: Path) -> None:
    with small_disk(tmp_path / "small", 4 * MEGABYTE) as place:
        folder = HubFolder(place / "hub")
        ballast = fill(place, leave=12 << 10)  # for the key, and not for the database

        with pytest.raises(CannotWrite) as error:
            database.create(folder, "Comité Ouest")

        assert error.value.reason == "full"
        assert not folder.key.exists()
        assert not folder.store.exists()
        ballast.unlink()
        database.create(folder, "Comité Ouest").close()
        database.open_hub(folder).close()


def test_no_room_for_passing_files_is_told_in_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    town = Town(tmp_path)
    filling.people(town.hub)
    large = {"files": ("large.cdb", bytes(3 * MEGABYTE))}
    with small_disk(tmp_path / "small", MEGABYTE) as place, served(town.hub, None) as hub:
        browser = Visitor(hub.url)
        browser.sign_in(OPERATOR)
        browser.get("/files")
        monkeypatch.setattr(tempfile, "tempdir", str(place))

        full = browser.send("/files", {"token": browser.token}, files=large)
        monkeypatch.setattr(tempfile, "tempdir", None)
        browser.get("/files")
        later = browser.send("/files", {"token": browser.token}, files=large)
        browser.close()
    town.close()

    assert full.status_code == 507
    assert "The hub’s disk is full" in words(full)
    assert "large.cdb" in words(later)


def test_the_service_says_that_its_disk_is_full(tmp_path: Path, paper: Certificate) -> None:
    town = Town(tmp_path)
    with served(town.hub, paper) as hub:
        desk = online_desk(town, hub)
        exchange_online(desk)
    town.hub.close()
    with small_disk(tmp_path / "small", 16 * MEGABYTE) as place:
        shutil.copytree(town.hub.folder.path, place / "hub")
        moved = database.open_hub(HubFolder(place / "hub"), wall=town.clock)
        with served(moved, paper, Limits(free=0)) as hub:
            reaches(desk, hub.url, paper.der)
            add_member(desk, note=os.urandom(LARGE).hex())
            ballast = fill(place, leave=LARGE)

            full = exchange_online(desk, pauses_s=())
            ballast.unlink()
            later = exchange_online(desk, pauses_s=())

        assert full.trouble is not None
        assert full.trouble.full_code in ("hub-refused:full", "hub-refused:busy")
        assert later.trouble is None
        assert [one.to_receive for one in desks.listed(moved)] == [0]
        moved.close()
    town.close()


@pytest.fixture
def small_server(postgres: Server) -> Iterator[tuple[str, Path]]:
    """A database of the server on a drive of its own: its URL, and where it lies."""
    if not postgres.is_mighty:
        pytest.skip("only a superuser makes tablespaces")
    url = postgres.empty()
    with psycopg.connect(postgres.admin(postgres.template), autocommit=True) as admin:
        [data] = admin.execute("SHOW data_directory").fetchone() or [""]
        owner = Path(data).stat()
        outside = Path(tempfile.mkdtemp(prefix="desk-small-"))
        outside.chmod(0o755)
        with small_disk(outside / "drive", 64 * MEGABYTE) as place:
            space = place / "space"
            space.mkdir()
            for one in (place, space):
                os.chown(one, owner.st_uid, owner.st_gid)
            name = f"small_{os.getpid()}"
            made = sql.SQL("CREATE TABLESPACE {name} LOCATION {place}").format(
                name=sql.Identifier(name), place=sql.Literal(str(space))
            )
            admin.execute(made)
            base = sql.Identifier(str(make_url(url).database))
            moving = sql.SQL("ALTER DATABASE {base} SET TABLESPACE {name}")
            admin.execute(moving.format(base=base, name=sql.Identifier(name)))
            yield url, place
            postgres.drop(url)
            admin.execute(sql.SQL("DROP TABLESPACE {name}").format(name=sql.Identifier(name)))
        shutil.rmtree(outside)


def test_postgresql_without_room_takes_in_nothing_and_later_all(
    tmp_path: Path, small_server: tuple[str, Path], paper: Certificate
) -> None:
    url, drive = small_server
    town = Town(tmp_path, database=url)
    here, there = town.desk("Yann"), town.desk("Rozenn")
    town.round()
    for number in range(4):
        add_member(here, f"Le Goff {number}", note=os.urandom(LARGE).hex())
    file = town.prepared(here)
    ballast = fill(drive, leave=LARGE)

    with pytest.raises(CannotWrite) as error:
        ingest.take_in(town.hub, file)

    assert error.value.reason == "full"
    assert [one.status for one in desks.listed(town.hub)] == ["active"] * 2  # it still answers
    with served(town.hub, paper) as hub:
        reaches(here, hub.url, paper.der)
        assert exchange_online(here, pauses_s=()).trouble is not None
        ballast.unlink()
        assert exchange_online(here, pauses_s=()).trouble is None
    assert ingest.take_in(town.hub, file).fate in (Fate.DUPLICATE, Fate.NOTHING_NEW)
    for _ in range(2):
        town.round()
    assert contents(here) == contents(there)
    town.close()
