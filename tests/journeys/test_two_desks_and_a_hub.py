"""Two desks and a hub on PostgreSQL, through real windows, a real browser and a cable that is pulled."""

from base64 import b64encode
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from random import Random

import pytest
from playwright.sync_api import Browser
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from correspondent_desk import language
from correspondent_desk.records.demo.making import DEMO_PASSPHRASE, make_demo
from correspondent_desk.store.database import open_store
from correspondent_desk.store.vault import DeskFolder, unlock
from tests.builders import add_member
from tests.hub.pages.chromium import chromium
from tests.hub.service.conftest import no_proxy
from tests.journeys.committee import at_work
from tests.journeys.someone import Someone
from tests.journeys.story import Arrives, Story
from tests.postgres import Server, postgres

__all__ = ["chromium", "no_proxy", "postgres"]


@pytest.fixture
def arrivals(qtbot: QtBot, qapp: QApplication) -> Iterator[tuple[Arrives, Arrives]]:
    """One person at an English window, one at French ones."""
    there: list[Someone] = []
    font = qapp.font()

    def arrives(speaks: str) -> Arrives:
        def open_window(folder: Path) -> Someone:
            there.append(Someone(qtbot, qapp, folder, speaks, clock=None))
            there[-1].window.resize(1000, 700)
            return there[-1]

        return open_window

    yield arrives("en"), arrives("fr")
    for one in there:
        one.leaves()
    qapp.setFont(font)
    language.use("en")


def few_with_much_to_tell(folder: DeskFolder) -> None:
    """A desk of invented people whose notes no packing makes small: they do not go in one part.

    The manual shows many people for that; exchanging all they have takes three times as long.
    """
    make_demo(folder, 60, 1, datetime.now().astimezone().date())
    store = open_store(folder, unlock(folder, DEMO_PASSPHRASE))
    rng = Random(1)
    for number in range(6):
        add_member(store, f"Long {number}", note=b64encode(rng.randbytes(23_000)).decode())
    store.close()


def test_nothing_is_lost_and_nobody_who_was_erased_comes_back(
    tmp_path: Path,
    arrivals: tuple[Arrives, Arrives],
    postgres: Server,
    chromium: Browser,
) -> None:
    database = postgres.fresh()
    few_with_much_to_tell(DeskFolder(tmp_path / "front"))

    with at_work(tmp_path, database, chromium, "en") as committee:
        Story(tmp_path, committee, *arrivals).tell()

    postgres.drop(database)
