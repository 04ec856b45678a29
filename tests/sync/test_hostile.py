"""Whatever is handed in: a reason, nothing imported, nothing left behind."""

import random
from collections import Counter
from collections.abc import Generator, Iterator
from pathlib import Path

import msgspec
import pytest

from correspondent_desk.sync import bundle, columns, opening
from correspondent_desk.sync.bundle import BundleRejected, Reason
from tests.sync import hostile
from tests.sync.builders import World
from tests.sync.bundle_forge import OK, Forge


@pytest.fixture(scope="module")
def forge(tmp_path_factory: pytest.TempPathFactory) -> Forge:
    return Forge(World(), tmp_path_factory.mktemp("forge"))


def taken_in(path: Path, world: World, store: Path) -> str:
    """What happens to the file at path: the reason why it is refused, or OK."""
    try:
        bundle.verify(path, world.hub.receiving, world.from_desk)
        loaded = bundle.load(path, world.hub.receiving, world.from_desk)
        for section in loaded.sections("ops"):
            columns.unpack(section.content)
        loaded.attachments(lambda head: (store / head.digest.hex()).open("xb"))
    except BundleRejected as error:
        return error.reason
    return OK


def test_each_hostile_file_is_refused_for_its_reason(forge: Forge, tmp_path: Path) -> None:
    store, inbox = tmp_path / "store", tmp_path / "inbox"
    store.mkdir()
    inbox.mkdir()
    wrong, left = [], []
    for case in hostile.cases(forge):
        path = inbox / "x.cdb"
        path.write_bytes(case.file)
        got = taken_in(path, forge.world, store)
        if got != case.reason:
            wrong.append(f"{case.name}: {got} instead of {case.reason}")
        if case.reason != OK and (list(store.iterdir()) or list(inbox.iterdir()) != [path]):
            left.append(case.name)
        for file in store.iterdir():
            file.unlink()

    assert wrong == []
    assert left == []


def test_a_good_bundle_is_accepted(forge: Forge, tmp_path: Path) -> None:
    assert taken_in(forge.good.path, forge.world, tmp_path) == OK


def flipped(original: bytes, times: int, within: int) -> Iterator[bytes]:
    """original with one bit turned, times times, among its first `within` bytes."""
    chance = random.Random(7)
    for _ in range(times):
        copy = bytearray(original)
        copy[chance.randrange(within)] ^= 1 << chance.randrange(8)
        yield bytes(copy)


@pytest.mark.parametrize("within", ["preamble and seal", "everywhere"])
def test_no_turned_bit_is_accepted(forge: Forge, tmp_path: Path, within: str) -> None:
    small = tmp_path / "small.cdb"
    forge.world.write(small, bundle.Section("ops", forge.world.payload()))
    original = small.read_bytes()
    end = 420 if within == "preamble and seal" else len(original)
    found: Counter[str] = Counter()
    for copy in flipped(original, 1500, end):
        small.write_bytes(copy)
        found[taken_in(small, forge.world, tmp_path)] += 1

    assert set(found) <= {
        "bad-structure",
        "damaged",
        "needs-update",
        "not-a-bundle",
        "too-large",
        "too-old",
        "truncated",
    }


def mutated(original: bytes, chance: random.Random) -> bytes:
    """original with some bytes overwritten, cut out or doubled."""
    copy = bytearray(original)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(copy))
        match chance.randrange(4):
            case 0:
                copy[at] = chance.randrange(256)
            case 1:
                del copy[at : at + chance.randint(1, 9)]
            case 2:
                copy[at:at] = copy[at : at + chance.randint(1, 9)]
            case _:
                copy[at] = chance.choice((0x00, 0x7F, 0x80, 0xC1, 0xDD, 0xDF, 0xFF))
        if not copy:
            return b""
    return bytes(copy)


def test_mutated_operations_are_runs_or_refused(forge: Forge) -> None:
    chance, payload = random.Random(11), forge.world.payload()
    refused: Counter[Reason] = Counter()
    for _ in range(6000):
        try:
            runs = columns.unpack(mutated(payload, chance))
        except BundleRejected as error:
            refused[error.reason] += 1
        else:
            assert all(run.first < op.seq <= run.to for run in runs for op in run.ops)

    assert set(refused) <= {Reason.BAD_STRUCTURE, Reason.TOO_LARGE}
    assert refused.total() > 3000


def test_a_mutated_manifest_is_refused_even_when_well_signed(forge: Forge, tmp_path: Path) -> None:
    chance = random.Random(13)
    said = msgspec.msgpack.encode(forge.said())
    found: Counter[str] = Counter()
    for _ in range(1000):
        path = tmp_path / "x.cdb"
        path.write_bytes(forge.bundle(encoded=mutated(said, chance)))
        found[taken_in(path, forge.world, tmp_path)] += 1

    assert found["bad-structure"] > 500
    assert found[OK] < 200  # a changed name or number that means something, and was signed


def three_bytes() -> Generator[int, bytes, None]:
    """Checks of a bundle that wants one byte, nothing, and two bytes."""
    for size in (1, 0, 2):
        assert len((yield size)) == size


@pytest.mark.parametrize("pieces", [(b"abc",), (b"a", b"bc"), (b"", b"ab", b"", b"c")])
def test_the_sink_gives_checks_what_they_ask_for(pieces: tuple[bytes, ...]) -> None:
    sink = opening.Sink(three_bytes())
    for piece in pieces:
        assert sink.write(piece) == len(piece)

    sink.require_complete()


def test_a_seal_that_holds_less_or_more_than_promised_is_refused() -> None:
    """The file's size tells before; this is for an age library that would not keep to it."""
    short, long = opening.Sink(three_bytes()), opening.Sink(three_bytes())
    short.write(b"ab")

    with pytest.raises(BundleRejected, match="less than"):
        short.require_complete()
    with pytest.raises(BundleRejected, match="more than"):
        long.write(b"abcd")
