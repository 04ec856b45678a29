"""Two desks and a hub on PostgreSQL, through real windows, a real browser and a cable that is pulled."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest
from playwright.sync_api import Browser
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from correspondent_desk import language
from correspondent_desk.records.demo.making import make_demo
from correspondent_desk.store.vault import DeskFolder
from tests.hub.pages.chromium import chromium
from tests.hub.service.conftest import no_proxy
from tests.journeys.committee import at_work
from tests.journeys.someone import Someone
from tests.journeys.story import PEOPLE, Arrives, Story
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


def test_nothing_is_lost_and_nobody_who_was_erased_comes_back(
    tmp_path: Path,
    arrivals: tuple[Arrives, Arrives],
    postgres: Server,
    chromium: Browser,
) -> None:
    database = postgres.fresh()
    make_demo(DeskFolder(tmp_path / "front"), PEOPLE, 1, datetime.now().astimezone().date())

    with at_work(tmp_path, database, chromium, "en") as committee:
        Story(tmp_path, committee, *arrivals).tell()

    postgres.drop(database)
