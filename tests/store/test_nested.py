"""Files beside the store that somebody filled with brackets without end: as damaged ones."""

from pathlib import Path

import pytest

from correspondent_desk.errors import DeskError
from correspondent_desk.store import committee, vault
from correspondent_desk.store.files import from_json
from correspondent_desk.store.vault import DeskFolder

DEEP = b"[" * 200_000


def test_brackets_without_end_are_a_value_error() -> None:
    assert from_json(b'{"a": [1]}') == {"a": [1]}
    with pytest.raises(ValueError, match="deep"):
        from_json(DEEP)


def test_they_open_nothing_and_are_told(tmp_path: Path) -> None:
    folder = DeskFolder(tmp_path)
    for path in (folder.slots, folder.demo, tmp_path / "committee.json"):
        path.write_bytes(DEEP)

    assert vault.demo_passphrase(folder) is None
    with pytest.raises(vault.SlotsDamaged):
        vault.has_recovery(folder)
    with pytest.raises(DeskError) as refused:
        committee.ask(folder, lambda _made: None)
    assert refused.value.code == "no-committee-key"
