"""Hubs that really serve on the loopback: a filled one with its clock, and one with real desks."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from correspondent_desk.hub.database import Hub, HubFolder
from tests.builders import Clock
from tests.hub.pages import filling
from tests.hub.pages.browsing import Visitor
from tests.hub.pages.chromium import chromium
from tests.hub.service.conftest import no_proxy
from tests.hub.service.serving import served
from tests.keepers import Keeper, new_hub
from tests.sync.desks import Town

__all__ = ["chromium", "no_proxy"]


@dataclass
class Site:
    """A hub with an operator and an auditor, served over plain HTTP."""

    hub: Hub
    clock: Clock
    url: str


@pytest.fixture
def site(tmp_path: Path, keeper: Keeper) -> Iterator[Site]:
    clock = Clock()
    hub = new_hub(HubFolder(tmp_path / "hub"), "Comité Ouest", database=keeper.fresh(), wall=clock)
    filling.people(hub)
    with served(hub, None) as found:
        yield Site(hub, clock, found.url)
    hub.close()


@pytest.fixture
def visitor(site: Site) -> Iterator[Callable[[], Visitor]]:
    """One more browser."""
    made: list[Visitor] = []

    def make() -> Visitor:
        made.append(Visitor(site.url))
        return made[-1]

    yield make
    for one in made:
        one.close()


@pytest.fixture
def town(tmp_path: Path, keeper: Keeper) -> Iterator[Town]:
    town = Town(tmp_path, database=keeper.fresh())
    filling.people(town.hub)
    yield town
    town.close()


@pytest.fixture
def browser(town: Town) -> Iterator[Visitor]:
    with served(town.hub, None) as found:
        browser = Visitor(found.url)
        yield browser
        browser.close()
