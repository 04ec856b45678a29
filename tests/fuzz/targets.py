"""What strangers' bytes reach, each with bytes to begin from: a refusal is right, anything else a bug."""

import base64
import hashlib
import struct
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import msgspec
import zstandard

from correspondent_desk.sync import bundle, columns, invitation, manifest
from correspondent_desk.sync.bundle import Preamble, Section, SectionHead
from correspondent_desk.sync.columns import Run
from correspondent_desk.sync.invitation import Invitation
from correspondent_desk.sync.keys import key_id
from correspondent_desk.sync.online import wire
from correspondent_desk.sync.rejection import BundleRejected, InvitationRejected
from tests.sync.builders import NOW, World
from tests.sync.bundle_forge import Forge, sealed

_LENGTH = struct.Struct(">H")


@dataclass(frozen=True)
class Target:
    """take returns whether the bytes were accepted; seeds: some that are."""

    take: Callable[[bytes], bool]
    seeds: tuple[bytes, ...]


def targets(folder: Path) -> list[Target]:
    """All of them, in an order that does not change: a saved input names one by its number."""
    world = World()
    reading = _Reading(world, folder)
    return [
        Target(reading.outside, (reading.file,)),
        Target(reading.inside, (reading.forge.file_inside(), reading.forge.empty_inside())),
        Target(reading.section, (zstandard.ZstdCompressor(level=3).compress(world.payload()),)),
        Target(_operations, (world.payload(), world.payload(3))),
        Target(_invited, (_invitation(world),)),
        Target(_asked, (wire.have_text({bytes(16): 7, world.id(): 1 << 40}).encode(),)),
    ]


class _Forge(Forge):
    def file_inside(self) -> bytes:
        """Manifest and sections of a good bundle, the manifest's length before them."""
        ops = zstandard.ZstdCompressor(level=3).compress(self.world.payload())
        head = SectionHead(
            kind="ops",
            stored=len(ops),
            raw=len(self.world.payload()),
            digest=hashlib.sha256(ops).digest(),
            codec="zstd",
        )
        return self._joined([head], ops)

    def empty_inside(self) -> bytes:
        """The same of a bundle that only confirms."""
        return self._joined([], b"")

    def _joined(self, heads: list[SectionHead], stored: bytes) -> bytes:
        encoded = msgspec.msgpack.encode(self.said(heads))
        return _LENGTH.pack(len(encoded)) + encoded + stored


class _Reading:
    """Bundles as the hub reads them, with the fuzzer's bytes at a depth that it would not come to."""

    def __init__(self, world: World, folder: Path) -> None:
        self._world = world
        self._path = folder / "x.cdb"
        self.forge = _Forge(world, folder)
        self.file = world.write(self._path, Section("ops", world.payload())).path.read_bytes()

    def outside(self, data: bytes) -> bool:
        """A file, its preamble's checksum made right: everything else of it is noise to us."""
        size = struct.unpack_from(">I", data, 12)[0] if len(data) >= 16 else 0
        end = 16 + size
        if size >= 4 and end <= min(len(data), manifest.MOST_PREAMBLE):
            head = data[: end - 4]
            data = head + struct.pack(">I", zlib.crc32(head)) + data[end:]
        return self._read(data)

    def inside(self, data: bytes) -> bool:
        """A manifest and what follows, signed and sealed by a desk that is known."""
        if len(data) < _LENGTH.size:
            return False
        [length] = _LENGTH.unpack_from(data)
        body = data[_LENGTH.size :]
        return self._sealed(body[:length], body[length:])

    def section(self, data: bytes) -> bool:
        """Something said to be compressed operations, with the right digest."""
        head = SectionHead(
            kind="ops",
            stored=len(data),
            raw=len(self._world.payload()),
            digest=hashlib.sha256(data).digest(),
            codec="zstd",
        )
        return self._sealed(msgspec.msgpack.encode(self.forge.said([head])), data)

    def _sealed(self, encoded: bytes, stored: bytes) -> bool:
        try:
            told = msgspec.msgpack.decode(encoded, type=dict[str, object]).get("bundle")
        except (ValueError, RecursionError):
            told = None
        identifier = told if isinstance(told, bytes) and len(told) == 16 else bytes(16)
        plain = manifest.FRAME_SIZE + len(encoded) + len(stored)
        start = Preamble.make(identifier, plain, [key_id(self.forge.hub)])
        frame = manifest.sign(encoded, start, self._world.desk.signing)
        return self._read(start.raw + sealed(frame + encoded + stored, self.forge.hub))

    def _read(self, file: bytes) -> bool:
        self._path.write_bytes(file)
        try:
            loaded = bundle.load(self._path, self._world.hub.receiving, self._world.from_desk)
            for section in loaded.sections("ops"):
                _require_sound(columns.unpack(section.content))
        except BundleRejected:
            return False
        return True


def _require_sound(runs: list[Run]) -> None:
    for run in runs:
        assert 0 <= run.first <= run.to
        assert all(run.first < op.seq <= run.to for op in run.ops)
        assert all(0 <= op.stamp < 1 << 63 for op in run.ops)


def _operations(data: bytes) -> bool:
    try:
        _require_sound(columns.unpack(data))
    except BundleRejected:
        return False
    return True


def _invitation(world: World) -> bytes:
    return msgspec.msgpack.encode(
        Invitation.make(
            "Hub",
            world.hub.public,
            office=world.office,
            office_name="Kerlann",
            office_code="K",
            now=NOW,
        )
    )


def _invited(data: bytes) -> bool:
    """An invitation, its version and its checksum made right."""
    body = b"\x01" + data
    letters = base64.b32encode(body + invitation.checksum(body)).decode().rstrip("=")
    try:
        invitation.from_text(f"{invitation.BEGIN}\n{letters}\n{invitation.END}", NOW)
    except InvitationRejected:
        return False
    return True


def _asked(data: bytes) -> bool:
    """What is in the address of a request, and in its signature."""
    letters = data.decode("latin-1")
    wire.signed(letters)
    return wire.have(letters) is not None
