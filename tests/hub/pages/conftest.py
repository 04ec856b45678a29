"""A filled hub that really serves on the loopback, and the clock that it goes by."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from correspondent_desk.hub.database import Hub, HubFolder
from tests.builders import Clock
from tests.hub.pages.browsing import Visitor
from tests.hub.pages.chromium import chromium
from tests.hub.pages.filling import people
from tests.hub.service.conftest import no_proxy
from tests.hub.service.serving import served
from tests.keepers import Keeper, new_hub

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
    people(hub)
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
