"""A town whose hub serves."""

from collections.abc import Iterator

import pytest

from tests.hub.service.serving import Certificate, Served, certificate, served
from tests.sync.desks import Town


@pytest.fixture(scope="session")
def paper(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return certificate(tmp_path_factory.mktemp("certificate"))


@pytest.fixture(autouse=True, scope="module")
def no_proxy() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            for one in (name, name.lower()):
                patch.delenv(one, raising=False)
        yield


@pytest.fixture
def hub(town: Town, paper: Certificate) -> Iterator[Served]:
    with served(town.hub, paper) as found:
        yield found
