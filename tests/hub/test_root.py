"""The key in the safe vouches for the hub's keys; desks believe its newest directory and no earlier one."""

from datetime import timedelta
from pathlib import Path

import msgspec
import pyrage
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from correspondent_desk.cli.main import main
from correspondent_desk.errors import DeskError
from correspondent_desk.hub import desks, root
from correspondent_desk.store.changes import as_time
from correspondent_desk.store.database import Database
from correspondent_desk.sync import directory, exchange, link
from correspondent_desk.sync.directory import Directory
from correspondent_desk.sync.rejection import BundleRejected
from tests import little_scrypt
from tests.keepers import ON_DISK
from tests.sync.desks import OFFICE, Town

SECRET = "the lamp is lit at dusk"
LEAST_ROUNDS = 15  # as a power of two; pyrage takes as many as this computer does in a second


def kept(desk: Database) -> tuple[bytes, Directory]:
    known, _ = desk.read(link.load)
    return known.root, directory.read(known.directory, known.root)


def refusal(desk: Database, path: Path) -> str:
    with pytest.raises(DeskError) as caught:
        exchange.apply(desk, path)
    return caught.value.full_code


def test_each_desk_keeps_what_the_root_signed_and_learns_of_a_lost_one(town: Town) -> None:
    before = town.desk("Yann")
    town.round()
    made = root.make(town.hub, town.path / "root", SECRET, by="Nathalie")
    after = town.desk("Rozenn")
    town.round()
    assert kept(before) == kept(after)
    assert kept(after)[1] == made.directory

    lost = town.desk("Driss")
    town.round()
    _, keys = lost.read(link.load)
    desks.revoke(town.hub, OFFICE, 3)
    root.publish(town.hub, town.path / "root", SECRET)
    town.round(before, after)

    assert kept(before)[1].revoked == kept(after)[1].revoked == [keys.public.signing]


@ON_DISK
def test_an_invitation_names_the_root_so_another_is_not_believed(town: Town) -> None:
    root.make(town.hub, town.path / "root", SECRET)
    desk = town.desk("Yann")
    known, _ = desk.read(link.load)
    stranger = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
    desk.keep(lambda s: link.keep(s, msgspec.structs.replace(known, root=stranger)))
    town.up(desk)

    assert refusal(desk, town.written_for(desk)) == "bundle:bad-signature"


@ON_DISK
def test_a_late_file_brings_no_earlier_directory_back(town: Town) -> None:
    first = root.make(town.hub, town.path / "root", SECRET).directory
    desk = town.desk("Yann")
    town.round()
    late = town.written_for(desk)
    town.clock.at += timedelta(days=1)
    second = root.publish(town.hub, town.path / "root", SECRET).directory
    town.round()

    exchange.apply(desk, late)

    assert second.version > first.version
    assert kept(desk)[1] == second


@ON_DISK
def test_a_hub_whose_key_is_no_longer_vouched_for_is_not_believed(town: Town) -> None:
    root.make(town.hub, town.path / "root", SECRET)
    desk = town.desk("Yann")
    town.round()
    known, _ = desk.read(link.load)
    own = Ed25519PrivateKey.generate()
    moved = msgspec.structs.replace(
        kept(desk)[1],
        version=kept(desk)[1].version + 10**9,
        signing=[own.public_key().public_bytes_raw()],
    )
    public = own.public_key().public_bytes_raw()
    changed = msgspec.structs.replace(known, root=public, directory=directory.sign(own, moved))
    desk.keep(lambda s: link.keep(s, changed))

    assert refusal(desk, town.written_for(desk)) == "bundle:bad-signature"


def test_one_version_is_one_text() -> None:
    key = Ed25519PrivateKey.generate()
    public = key.public_key().public_bytes_raw()
    one = Directory(version=3, made=0, signing=[public], receiving=RECIPIENT, recovery=RECIPIENT)
    known = directory.sign(key, one)
    other = directory.sign(key, msgspec.structs.replace(one, revoked=[bytes(32)]))
    later = directory.sign(key, msgspec.structs.replace(one, version=4))

    assert directory.newest(known, known, public) == known
    assert directory.newest(known, later, public) == later
    assert directory.newest(later, known, public) == later
    with pytest.raises(BundleRejected):
        directory.newest(known, other, public)
    with pytest.raises(BundleRejected):
        directory.newest(known, known, bytes(32))
    assert one.is_stale(as_time(61 * 86_400_000))
    assert not one.is_stale(as_time(59 * 86_400_000))


RECIPIENT = "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"


@ON_DISK
def test_the_root_file_opens_with_its_passphrase_alone(town: Town) -> None:
    file = town.path / "root"
    made = root.make(town.hub, file, SECRET)

    assert root.publish(town.hub, file, SECRET).directory.version > made.directory.version
    with pytest.raises(root.RootRefused, match="wrong-passphrase"):
        root.publish(town.hub, file, SECRET + "!")
    with pytest.raises(root.RootRefused, match="there-already"):
        root.make(town.hub, town.path / "second", SECRET)
    whole = file.read_bytes()
    for kept in (30, len(whole) // 2, len(whole) - 1):
        file.write_bytes(whole[:kept])
        with pytest.raises(root.RootRefused, match="damaged"):
            root.publish(town.hub, file, SECRET)
    file.write_bytes(b"no key")
    for other, why in (
        (file, "unreadable"),
        (town.path, "unreadable"),
        (town.path / "x", "missing"),
    ):
        with pytest.raises(root.RootRefused, match=why):
            root.publish(town.hub, other, SECRET)


@ON_DISK
def test_who_guesses_the_passphrase_of_the_root_file_needs_seconds_for_each(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pyrage.passphrase, "encrypt", little_scrypt.ORDINARY)
    file = town.path / "root"

    root.make(town.hub, file, SECRET)

    method = file.read_bytes().splitlines()[1].split()
    assert method[:2] == [b"->", b"scrypt"]
    assert int(method[3]) >= LEAST_ROUNDS


def test_the_commands_of_the_root_key(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    town = Town(tmp_path)
    secret = tmp_path / "secret"
    secret.write_text(SECRET)
    before = ["--lang", "en", "--passphrase-file", str(secret), "hub"]
    behind = ["--hub", str(town.hub.folder.path)]

    def typed(*words: str) -> tuple[int, str]:
        return main([*before, *words, *behind]), capsys.readouterr().out

    assert typed("directory")[0] == 1
    assert "directory" not in typed("restore")[1]
    status, said = typed("root", str(tmp_path / "root"))
    made = root.newest(town.hub)
    assert made is not None
    assert (status, made.fingerprint in said) == (0, True)
    # Signed by the clock of the test, years away from the one of this computer.
    assert "no longer" not in typed("directory", str(tmp_path / "root"))[1]
    assert made.fingerprint in typed("directory")[1]
    town.up(town.desk("Yann"))
    assert "FILE" in typed("revoke", OFFICE, "1")[1]
    status, said = typed("directory")
    assert (status, "since" in said) == (4, True)
    assert "since" not in typed("directory", str(tmp_path / "root"))[1]
    assert "--new-key stolen" in typed("restore")[1]
    town.close()
