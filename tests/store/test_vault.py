"""The data key: what opens it, what does not, and what happens to the files around it."""

import json
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from correspondent_desk.store import recovery
from correspondent_desk.store.files import CannotWrite
from correspondent_desk.store.recovery import RecoveryCodeMistyped
from correspondent_desk.store.stretching import Stretching
from correspondent_desk.store.vault import (
    AlreadySetUp,
    DeskAway,
    DeskFolder,
    SlotsDamaged,
    WrongPassphrase,
    WrongRecoveryCode,
    change_passphrase,
    create_vault,
    demo_passphrase,
    has_recovery,
    is_set_up,
    mark_as_demo,
    new_recovery_code,
    restore_slots,
    take_recovery_code,
    unlock,
    unlock_with_recovery,
)
from tests.builders import CHEAP, PASSPHRASE

SLOW = Stretching(memory_kib=8 * 1024, iterations=99)  # a good part of a second


class Seconds:
    """A clock in seconds that a test moves."""

    def __init__(self) -> None:
        self.now = 1_800_000_000.0

    def __call__(self) -> float:
        return self.now


def test_the_passphrase_and_the_recovery_code_open_the_same_key(tmp_path: Path) -> None:
    folder = DeskFolder(tmp_path / "desk")
    assert not is_set_up(folder)

    key, code = create_vault(folder, PASSPHRASE, CHEAP)

    assert is_set_up(folder)
    assert len(key) == 32
    assert unlock(folder, PASSPHRASE) == key
    assert unlock_with_recovery(folder, code) == key


def test_a_passphrase_typed_with_other_accents_of_the_same_look_opens(tmp_path: Path) -> None:
    folder = DeskFolder(tmp_path)
    key, _ = create_vault(folder, "été à Béziers", CHEAP)

    assert unlock(folder, "e\u0301te\u0301 a\u0300 Be\u0301ziers") == key


def test_a_second_vault_is_not_made_over_the_first(tmp_path: Path) -> None:
    folder = DeskFolder(tmp_path)
    key, _ = create_vault(folder, PASSPHRASE, CHEAP)

    with pytest.raises(AlreadySetUp):
        create_vault(folder, "another", CHEAP)

    assert unlock(folder, PASSPHRASE) == key


def test_a_wrong_passphrase_makes_wait_longer_each_time_and_never_wipes(tmp_path: Path) -> None:
    folder = DeskFolder(tmp_path)
    key, _ = create_vault(folder, PASSPHRASE, CHEAP)
    clock = Seconds()
    waits = []

    for _ in range(14):
        with pytest.raises(WrongPassphrase) as refused:
            unlock(folder, "wrong", now=clock)
        assert refused.value.reason == ""
        waits.append(refused.value.details["wait_s"])
        clock.now += float(str(waits[-1]))

    assert waits == [0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]
    assert unlock(folder, PASSPHRASE, now=clock) == key


def test_a_clock_set_back_locks_nobody_out(tmp_path: Path) -> None:
    folder = DeskFolder(tmp_path / "desk")
    key, _ = create_vault(folder, PASSPHRASE, CHEAP)
    clock = Seconds()
    clock.now += 3e9
    for _ in range(4):
        with pytest.raises(WrongPassphrase):
            unlock(folder, "wrong", now=clock)
        clock.now += 1
    clock.now -= 3e9
    with pytest.raises(WrongPassphrase) as early:
        unlock(folder, PASSPHRASE, now=clock)

    clock.now += float(str(early.value.details["wait_s"]))

    assert unlock(folder, PASSPHRASE, now=clock) == key


def test_until_the_wait_is_over_even_the_right_passphrase_is_not_looked_at(tmp_path: Path) -> None:
    folder = DeskFolder(tmp_path)
    key, _ = create_vault(folder, PASSPHRASE, CHEAP)
    clock = Seconds()
    for _ in range(6):
        with pytest.raises(WrongPassphrase) as refused:
            unlock(folder, "wrong", now=clock)
        clock.now += float(str(refused.value.details["wait_s"]))
    clock.now -= 3

    with pytest.raises(WrongPassphrase) as early:
        unlock(folder, PASSPHRASE, now=clock)

    assert early.value.reason == "wait"
    assert early.value.details["wait_s"] == 3
    clock.now += 3
    assert unlock(folder, PASSPHRASE, now=clock) == key
    with pytest.raises(WrongPassphrase) as first_again:
        unlock(folder, "wrong", now=clock)
    assert first_again.value.details["wait_s"] == 0


def test_a_clock_that_was_set_back_locks_nobody_out_for_longer_than_the_wait(
    tmp_path: Path,
) -> None:
    folder = DeskFolder(tmp_path)
    create_vault(folder, PASSPHRASE, CHEAP)
    clock = Seconds()
    for _ in range(4):
        with pytest.raises(WrongPassphrase) as refused:
            unlock(folder, "wrong", now=clock)
        clock.now += float(str(refused.value.details["wait_s"]))
    clock.now -= 365 * 86_400

    with pytest.raises(WrongPassphrase) as early:
        unlock(folder, PASSPHRASE, now=clock)

    assert early.value.details["wait_s"] == 2


@pytest.mark.parametrize("back_s", [1, 3_600, 5 * 365 * 86_400])
def test_after_a_single_slip_no_clock_makes_the_right_passphrase_wait(
    tmp_path: Path, back_s: int
) -> None:
    folder = DeskFolder(tmp_path)
    key, _ = create_vault(folder, PASSPHRASE, CHEAP)
    clock = Seconds()
    with pytest.raises(WrongPassphrase):
        unlock(folder, "wrong", now=clock)
    clock.now -= back_s

    assert unlock(folder, PASSPHRASE, now=clock) == key


def test_a_changed_passphrase_is_the_only_one_that_opens(tmp_path: Path) -> None:
    folder = DeskFolder(tmp_path)
    key, code = create_vault(folder, PASSPHRASE, CHEAP)

    change_passphrase(folder, key, "something new", CHEAP)

    assert unlock(folder, "something new") == key
    assert unlock_with_recovery(folder, code) == key
    with pytest.raises(WrongPassphrase):
        unlock(folder, PASSPHRASE)
    folder.slots.write_bytes(b"")
    restore_slots(folder)
    with pytest.raises(WrongPassphrase):
        unlock(folder, PASSPHRASE)
    assert unlock(folder, "something new") == key


def test_a_code_that_is_taken_while_the_passphrase_is_changed_opens_the_desk_too(
    tmp_path: Path,
) -> None:
    folder = DeskFolder(tmp_path)
    key, _former = create_vault(folder, PASSPHRASE, CHEAP)
    changing = threading.Thread(target=change_passphrase, args=(folder, key, "something new", SLOW))
    code = new_recovery_code()

    changing.start()
    changing.join(0.1)  # at work on it
    take_recovery_code(folder, key, code)
    changing.join()

    assert unlock_with_recovery(folder, code) == key
    assert unlock(folder, "something new") == key


def test_a_renewed_recovery_code_replaces_the_printed_one(tmp_path: Path) -> None:
    folder = DeskFolder(tmp_path)
    key, printed = create_vault(folder, PASSPHRASE, CHEAP)

    take_recovery_code(folder, key, code := new_recovery_code())

    assert unlock_with_recovery(folder, code) == key
    with pytest.raises(WrongRecoveryCode):
        unlock_with_recovery(folder, printed)


def _cut(content: bytes) -> bytes:
    return content[: len(content) // 2]


def _emptied(_content: bytes) -> bytes:
    return b""


def _zeroed(content: bytes) -> bytes:
    return bytes(len(content))


def _without_slots(_content: bytes) -> bytes:
    return b'{"format": 1, "slots": []}'


def _other_kind(content: bytes) -> bytes:
    return content.replace(b'"passphrase"', b'"handshake"')


def _too_much_memory(content: bytes) -> bytes:
    return content.replace(b'"memory_kib": 64', b'"memory_kib": 6400000000')


@pytest.mark.parametrize(
    "damage", [_cut, _emptied, _zeroed, _without_slots, _other_kind, _too_much_memory]
)
def test_damaged_slots_are_told_of_and_their_copy_opens(
    tmp_path: Path, damage: Callable[[bytes], bytes]
) -> None:
    folder = DeskFolder(tmp_path)
    key, _ = create_vault(folder, PASSPHRASE, CHEAP)
    folder.slots.write_bytes(damage(folder.slots.read_bytes()))

    with pytest.raises(SlotsDamaged) as refused:
        unlock(folder, PASSPHRASE)

    assert refused.value.details == {"path": str(folder.slots), "copy": str(folder.slots_copy)}
    assert is_set_up(folder)
    restore_slots(folder)
    assert unlock(folder, PASSPHRASE) == key


def test_slots_whose_name_alone_is_missing_come_from_their_copy(tmp_path: Path) -> None:
    folder = DeskFolder(tmp_path / "desk")
    key, _code = create_vault(folder, PASSPHRASE, CHEAP)
    folder.slots.unlink()

    assert unlock(folder, PASSPHRASE) == key
    assert folder.slots.read_bytes() == folder.slots_copy.read_bytes()


def test_when_both_slots_files_are_gone_nothing_pretends_to_open(tmp_path: Path) -> None:
    folder = DeskFolder(tmp_path)
    create_vault(folder, PASSPHRASE, CHEAP)
    folder.slots.write_bytes(b"{")
    folder.slots_copy.write_bytes(b"{")

    with pytest.raises(SlotsDamaged) as refused:
        unlock(folder, PASSPHRASE)
    with pytest.raises(SlotsDamaged):
        restore_slots(folder)

    assert refused.value.details["copy"] == ""
    assert not refused.value.reason


@pytest.mark.parametrize("content", [None, b"{"])
def test_the_slots_beside_a_copy_of_the_store_take_the_place_of_both(
    tmp_path: Path, content: bytes | None
) -> None:
    folder = DeskFolder(tmp_path)
    key, _ = create_vault(folder, PASSPHRASE, CHEAP)
    folder.store.touch()
    folder.copies.mkdir()
    kept = folder.copies / "20261203-090000-asked.slots.json"
    folder.slots.rename(kept)
    (folder.copies / "20261204-090000-asked.slots.json").write_bytes(b"{")
    folder.slots_copy.unlink()
    for path in (folder.slots, folder.slots_copy):
        if content is not None:
            path.write_bytes(content)

    with pytest.raises(SlotsDamaged, match="earlier") as refused:
        unlock(folder, PASSPHRASE)

    assert refused.value.details["copy"] == str(kept)
    restore_slots(folder)
    assert unlock(folder, PASSPHRASE) == key


def test_a_folder_that_is_not_there_is_not_called_damaged(tmp_path: Path) -> None:
    folder = DeskFolder(tmp_path / "desk")
    create_vault(folder, PASSPHRASE, CHEAP)
    folder.path.rename(tmp_path / "away")

    with pytest.raises(DeskAway) as refused:
        unlock(folder, PASSPHRASE)

    assert refused.value.details == {"folder": str(folder.path)}


def test_weaker_parameters_put_in_the_slot_do_not_open_it(tmp_path: Path) -> None:
    folder = DeskFolder(tmp_path)
    create_vault(folder, PASSPHRASE, CHEAP)
    content = json.loads(folder.slots.read_bytes())
    content["slots"][0]["note"] = "as strong as ever"
    folder.slots.write_text(json.dumps(content))

    with pytest.raises(WrongPassphrase):
        unlock(folder, PASSPHRASE)


def test_a_place_that_cannot_be_written_is_told_of(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("not a folder")

    with pytest.raises(CannotWrite) as refused:
        create_vault(DeskFolder(blocked), PASSPHRASE, CHEAP)

    assert refused.value.reason == "failed"


def test_only_a_demo_folder_says_its_passphrase(tmp_path: Path) -> None:
    folder = DeskFolder(tmp_path)
    assert demo_passphrase(folder) is None

    mark_as_demo(folder, "demo")

    assert demo_passphrase(folder) == "demo"
    folder.demo.write_text("[]")
    assert demo_passphrase(folder) is None


# --- recovery code --------------------------------------------------------------------------------


def test_a_recovery_code_is_read_as_people_type_it() -> None:
    secret = bytes.fromhex("00112233445566778899aabbccddeeff")
    code = recovery.written(secret)

    assert [len(group) for group in code.split("-")] == [5] * 6
    assert not set(code) & set("ILOU")
    typed = code.lower().replace("-", "  ").replace("0", "O").replace("1", "l")
    assert recovery.read(typed) == secret
    assert recovery.read(code.replace("-", "").replace("1", "I")) == secret


@pytest.mark.parametrize("secret", [bytes(16), b"\xff" * 16, bytes(range(7, 23))])
def test_every_slip_in_a_recovery_code_is_noticed(secret: bytes) -> None:
    code = recovery.written(secret).replace("-", "")
    assert recovery.read(code) == secret

    slips = {code[:i] + sign + code[i + 1 :] for i in range(30) for sign in "07QZ"}
    slips |= {code[:i] + code[i + 1] + code[i] + code[i + 2 :] for i in range(29)}
    for slip in slips - {code}:
        with pytest.raises(RecoveryCodeMistyped) as refused:
            recovery.read(slip)
        assert refused.value.reason == "check"


def test_a_recovery_code_says_what_is_wrong_with_it() -> None:
    code = recovery.written(recovery.new_secret())

    with pytest.raises(RecoveryCodeMistyped) as short:
        recovery.read(code[:-1])
    with pytest.raises(RecoveryCodeMistyped) as strange:
        recovery.read(code[:-1] + "é")

    assert short.value.full_code == "recovery-code-mistyped:length"
    assert short.value.details == {"signs": 29, "expected": 30}
    assert strange.value.details == {"sign": "É"}


def test_this_users_own_desk_is_where_the_system_keeps_such_things() -> None:
    folder = DeskFolder.default()

    assert folder.path.name == "correspondent-desk"
    assert folder.inbox.parent == folder.outbox.parent == folder.path


def test_whether_a_recovery_code_opens_is_known(tmp_path: Path) -> None:
    folder = DeskFolder(tmp_path)
    create_vault(folder, PASSPHRASE, CHEAP)
    assert has_recovery(folder)
    content = json.loads(folder.slots.read_bytes())
    content["slots"] = [one for one in content["slots"] if one["kind"] == "passphrase"]
    folder.slots.write_text(json.dumps(content))

    assert not has_recovery(folder)
