"""The two databases of a hub, and root keys that are quickly opened."""

import pyrage
import pytest

from tests.hub import little_scrypt
from tests.keepers import keeper, postgres

__all__ = ["keeper", "postgres"]


@pytest.fixture(autouse=True)
def cheap_passphrases(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pyrage.passphrase, "encrypt", little_scrypt.encrypt)
