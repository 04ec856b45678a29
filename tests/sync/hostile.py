"""Bundles that must be refused, made on the spot: each says what it is and why it is refused.

A blob would test yesterday's format; a generator follows the format and says what was done to it.
"""

import base64
import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator

import msgspec
import pyrage
import zstandard

from correspondent_desk.sync import manifest
from correspondent_desk.sync.keys import key_id
from correspondent_desk.sync.manifest import Preamble
from tests.sync.bundle_forge import OK, Case, Forge, Inner, compressed, head_of, sealed


def cases(forge: Forge) -> Iterator[Case]:
    """The whole corpus."""
    for part in (not_bundles, cuts, preambles, seals, signatures, manifests, sections):
        yield from part(forge)


def not_bundles(forge: Forge) -> Iterator[Case]:
    good = forge.file
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("good.cdb", good)
    others = {
        "a compressed folder": archive.getvalue(),
        "a spreadsheet export": "Nom;Prénom\nLE GOFF;Anne\n".encode("cp1252"),
        "noise": forge.world.chance.randbytes(5000),
        "zeros": bytes(5000),
        "pasted into a mail": base64.encodebytes(good),
        "copied in text mode": good.replace(b"\r\n", b"\n", 1),
        "unix line ends turned into others": good.replace(b"\n", b"\r\n"),
        "seven bits kept": bytes(byte & 0x7F for byte in good),
        "saved as UTF-8": good.decode("latin-1").encode(),
        "a bare age file": good[len(forge.preamble.raw) :],
        "a byte in front": b"\xef" + good,
    }
    for name, file in others.items():
        yield Case(name, "not-a-bundle", file)


def cuts(forge: Forge) -> Iterator[Case]:
    good, start = forge.file, len(forge.preamble.raw)
    size = len(good)
    for length in (0, 1, 7, 8, 15, 16, 20, start - 1, start, start + 9, start + 150, size // 2):
        yield Case(f"cut to {length} bytes", "truncated", good[:length])
    for missing in (65_552, 65_536, 16, 1):
        yield Case(f"the last {missing} bytes missing", "truncated", good[:-missing])
    yield Case("a byte more", "damaged", good + b"\n")
    yield Case("twice in one file", "damaged", good + good)
    yield Case("its end is zeros", "damaged", good[:-4096] + bytes(4096))
    middle = slice(size // 2, size // 2 + 512)
    yield Case("a lost sector", "damaged", good[: middle.start] + bytes(512) + good[middle.stop :])


def preambles(forge: Forge) -> Iterator[Case]:
    good, said = forge.file, forge.preamble
    end = len(said.raw)
    rest = good[end:]

    def with_head(change: Callable[[bytearray], None]) -> bytes:
        head = bytearray(said.raw[:-4])
        change(head)
        return bytes(head) + struct.pack(">I", zlib.crc32(head)) + rest

    def at(place: int, raw: bytes) -> bytes:
        def change(head: bytearray) -> None:
            head[place : place + len(raw)] = raw

        return with_head(change)

    yield Case("format of a later year", "needs-update", at(8, b"\x02"))
    yield Case("format of before the first", "too-old", at(8, b"\x00"))
    yield Case("minor version changed on the way", "bad-signature", at(9, b"\x09"))
    yield Case("flags changed on the way", "bad-signature", at(10, b"\xff\xff"))
    yield Case("a preamble of 4 GiB", "too-large", good[:12] + b"\xff" * 4 + good[16:])
    yield Case("an empty preamble", "damaged", good[:12] + bytes(4) + good[16:])
    yield Case("wrong checksum", "damaged", good[:20] + b"\x00\x01" + good[22:])
    yield Case("more key ids promised than there are", "bad-structure", at(40, b"\xff"))
    yield Case("another bundle id", "bad-signature", at(16, bytes(16)))
    for plain in (1 << 63, (4 << 30) + 1):
        yield Case(f"says it holds {plain} bytes", "too-large", at(32, struct.pack(">Q", plain)))
    for wrong, reason in ((1, "truncated"), (-1, "damaged"), (1 << 30, "truncated")):
        name = f"says it holds {wrong} bytes more"
        yield Case(name, reason, at(32, struct.pack(">Q", said.plain + wrong)))


def seals(forge: Forge) -> Iterator[Case]:
    good, start = forge.file, forge.preamble.raw
    inner = forge.opened().joined()
    elsewhere = forge.world.other.public.receiving

    def with_seal(seal: bytes) -> bytes:
        return start + seal

    yield Case("sealed for somebody else after all", "damaged", with_seal(sealed(inner, elsewhere)))
    sealed_by_phrase = pyrage.passphrase.encrypt(inner, "sesame")
    yield Case("sealed with a passphrase", "damaged", with_seal(sealed_by_phrase))
    endless = b"age-encryption.org/v1\n" + b"-> X25519 aaaa\n" * 20_000
    yield Case("a seal with an endless header", "damaged", with_seal(endless))
    yield Case("a later age", "damaged", good.replace(b"encryption.org/v1", b"encryption.org/v9"))
    yield Case("the plain content, no seal", "damaged", with_seal(inner + bytes(500)))


def signatures(forge: Forge) -> Iterator[Case]:
    world, inner, start = forge.world, forge.opened(), forge.preamble
    evil = world.other.signing
    evil_public = world.other.public.signing

    def resealed(content: Inner, preamble: Preamble = start) -> bytes:
        return preamble.raw + sealed(content.joined(), forge.hub)

    def inner_with(**changes: bytes) -> Inner:
        fields = {
            "sender": inner.sender,
            "signature": inner.signature,
            "manifest": inner.manifest,
            "stored": inner.stored,
        }
        return Inner(**{**fields, **changes})

    def signed_by_evil(encoded: bytes) -> bytes:
        return manifest.sign(encoded, start, evil)[32:96]

    yield Case("sealed again, unchanged", OK, resealed(inner))
    yield Case("signature stripped", "bad-signature", resealed(inner_with(signature=bytes(64))))
    by_evil = signed_by_evil(inner.manifest)
    name = "signed by a stranger in the desk's name"
    yield Case(name, "bad-signature", resealed(inner_with(signature=by_evil)))
    name = "signed by a stranger who kept the desk in the manifest"
    claimed = inner_with(signature=by_evil, sender=evil_public)
    yield Case(name, "bad-signature", resealed(claimed))
    for weak in (bytes(32), b"\xff" * 32, b"\x01" + bytes(31)):
        forged = inner_with(sender=weak, signature=weak + bytes(32))
        yield Case(f"signed with the weak key {weak[:1].hex()}…", "bad-signature", resealed(forged))
    own = forge.bundle(changes={"sender": evil_public}, signing=evil)
    yield Case("signed by a stranger in its own name", "unknown-sender", own)
    another = msgspec.structs.replace(forge.good.manifest, number=2)
    altered = inner_with(manifest=manifest.encode(another))
    assert len(altered.manifest) == len(inner.manifest)
    yield Case("number changed", "bad-signature", resealed(altered))
    other_preamble = Preamble.make(bytes(16), start.plain, start.recipients)
    name = "content of one bundle behind the preamble of another"
    yield Case(name, "bad-signature", resealed(inner, other_preamble))
    to_two = Preamble.make(
        start.bundle, start.plain, [*start.recipients, key_id(world.other.public.receiving)]
    )
    yield Case("a recipient added", "bad-signature", resealed(inner, to_two))
    elsewhere = [world.other.public.receiving]
    yield Case(
        "signed for others", "wrong-recipient", forge.bundle(changes={"recipients": elsewhere})
    )


def manifests(forge: Forge) -> Iterator[Case]:
    bad: dict[str, object] = {
        "number 2**60": {"number": 1 << 60},
        "a negative number": {"number": -1},
        "a number in words": {"number": "twelve"},
        "a vector with a huge number": {"vector": {bytes(16): (1 << 63) - 1}},
        "a vector with a short origin": {"vector": {b"abc": 1}},
        "nobody as recipient": {"recipients": []},
        "a recipient that is no key": {"recipients": ["age1../../evil"]},
        "an office of 15 bytes": {"office": bytes(15)},
        "another bundle id than outside": {"bundle": bytes(17)},
        "a name of a megabyte": {"sender_name": "x" * (1 << 20)},
        "no number at all": {"number": None},
        "a segment of text": {"segments": ["from 1 to 2"]},
        "a path as kind of section": {
            "sections": [
                {"kind": "../../evil", "stored": 0, "raw": 0, "digest": bytes(32), "codec": "none"}
            ]
        },
        "a section with a digest of 3 bytes": {
            "sections": [{"kind": "ops", "stored": 0, "raw": 0, "digest": b"abc", "codec": "none"}]
        },
    }
    for name, changes in bad.items():
        assert isinstance(changes, dict)
        yield Case(name, "bad-structure", forge.bundle(changes=changes))
    deep = b"\x81\xa1x" + b"\x91" * 100_000
    for name, encoded in {
        "an empty manifest": b"",
        "a manifest of noise": forge.world.chance.randbytes(300),
        "a manifest nested 100 000 deep": deep,
        "a manifest that is a list": msgspec.msgpack.encode(["ops"]),
        "a manifest that promises 4 billion entries": b"\xdf\xff\xff\xff\xff",
        "a manifest that promises 4 GB of bytes": b"\x81\xa6bundle\xc6\xff\xff\xff\xff",
    }.items():
        yield Case(name, "bad-structure", forge.bundle(encoded=encoded))
    yield Case("a manifest above 4 MiB", "too-large", forge.bundle(encoded=bytes((4 << 20) + 1)))
    huge = forge.opened().joined(length=0xFFFF_FFFF)
    yield Case(
        "a manifest that says 4 GiB", "too-large", forge.preamble.raw + sealed(huge, forge.hub)
    )
    requires = {"requires": ["mvr1", "quantum9"]}
    yield Case("needs a feature of later", "needs-update", forge.bundle(changes=requires))
    yield Case("fields of a later version", OK, forge.bundle(changes={"mood": "cheerful"}))


def sections(forge: Forge) -> Iterator[Case]:
    world = forge.world
    payload = world.payload()
    ops = compressed(payload)
    empty = head_of("attachment", b"", codec="none"), b""
    yield Case("no section at all", OK, forge.bundle())
    yield Case("an empty attachment", OK, forge.bundle(empty))
    yield Case("an empty attachment and more", OK, forge.bundle(empty, ops))
    later = head_of("minutes", b"text", codec="none"), b"text"
    yield Case("a kind of later that may be skipped", OK, forge.bundle(ops, later))
    brotli = head_of("ops", b"text", codec="brotli"), b"text"
    yield Case("compressed in a later way", "needs-update", forge.bundle(brotli))
    yield Case("a section twice", "bad-structure", forge.bundle(ops, ops))
    yield Case("an empty attachment twice", "bad-structure", forge.bundle(empty, empty))
    wrong = msgspec.structs.replace(ops[0], digest=bytes(32))
    yield Case("wrong hash of operations", "damaged", forge.bundle((wrong, ops[1])))
    scan = world.chance.randbytes(200)
    scanned = msgspec.structs.replace(head_of("attachment", scan, codec="none"), digest=bytes(32))
    yield Case("wrong hash of an attachment", "damaged", forge.bundle((scanned, scan)))
    longer = msgspec.structs.replace(ops[0], stored=len(ops[1]) + 5)
    yield Case(
        "a section longer than what is there", "bad-structure", forge.bundle((longer, ops[1]))
    )
    yield Case("more behind the last section", "bad-structure", forge.bundle(ops, extra=b"hidden"))
    zipped = head_of("attachment", ops[1], raw=len(payload)), ops[1]
    yield Case("a compressed attachment", "bad-structure", forge.bundle(zipped))
    uneven = head_of("ledger", b"text", raw=9, codec="none"), b"text"
    yield Case("two lengths where one must be", "bad-structure", forge.bundle(uneven))
    yield from bombs(forge)
    yield from operations(forge)


def bombs(forge: Forge) -> Iterator[Case]:
    zeros = bytes(30 << 20)
    yield Case(
        "30 MiB out of what says 1000 bytes", "bomb", forge.bundle(compressed(zeros, declared=1000))
    )
    many = [head_of("ledger", str(number).encode(), raw=31 << 20) for number in range(20)]
    heads = {"sections": [msgspec.to_builtins(head, builtin_types=[bytes]) for head in many]}
    stored = b"".join(str(number).encode() for number in range(20))
    yield Case("620 MiB in all", "too-large", forge.bundle(changes=heads, extra=stored))
    for kind, size in (("ops", (32 << 20) + 1), ("attachment", (100 << 20) + 1)):
        large = head_of(kind, b"x", raw=size)
        yield Case(f"{kind} of {size} bytes", "too-large", forge.bundle((large, b"x")))
    line = msgspec.to_builtins(head_of("x", b"", codec="none"), builtin_types=[bytes])
    crowd = {"sections": [line] * 20_001}
    yield Case("20 001 sections", "too-large", forge.bundle(changes=crowd))
    options = zstandard.ZstdCompressionParameters.from_level(3, window_log=27, enable_ldm=True)
    wide = zstandard.ZstdCompressor(compression_params=options).compressobj().compress
    stored = wide(forge.world.chance.randbytes(300_000))
    yield Case(
        "a window of 128 MiB",
        "bad-structure",
        forge.bundle((head_of("ops", stored, raw=300_000), stored)),
    )
    noise = forge.world.chance.randbytes(400)
    yield Case(
        "not compressed at all", "bad-structure", forge.bundle((head_of("ops", noise), noise))
    )
    head, stored = compressed(bytes(100_000))
    half = stored[: len(stored) // 2]
    cut = head_of("ops", half, raw=head.raw), half
    yield Case("compressed and cut", "bad-structure", forge.bundle(cut))
    short = compressed(b"abc", declared=4)
    yield Case("shorter than declared", "bad-structure", forge.bundle(short))


def operations(forge: Forge) -> Iterator[Case]:
    """A sound envelope around operations that are not."""
    payload = forge.world.payload()

    def case(name: str, raw: bytes, reason: str = "bad-structure") -> Case:
        return Case(name, reason, forge.bundle(compressed(raw)))

    yield case("operations cut short", payload[:-7])
    yield case("operations and more", payload + b"\x00")
    yield case("operations of noise", forge.world.chance.randbytes(600))
    yield case("no operations but emptiness", b"")
    for name, changes in broken_columns().items():
        fields = msgspec.msgpack.decode(payload, type=dict[str, object])
        yield case(name, msgspec.msgpack.encode({**fields, **changes}))
    fields = msgspec.msgpack.decode(payload, type=dict[str, object])
    marks = [(1, 0, 1)] * 1_000_000
    crowd = {"runs": [[0, 0, 40, 40, [], marks]]}
    yield case("a million marks", msgspec.msgpack.encode({**fields, **crowd}), "too-large")
    ops = {"runs": [[0, 0, 1 << 40, 1 << 31, [], []]]}
    yield case("two billion operations", msgspec.msgpack.encode({**fields, **ops}), "too-large")


def broken_columns() -> dict[str, dict[str, object]]:
    """Changes to a section of 40 operations that make it contradict itself."""
    broken: dict[str, dict[str, object]] = {
        "an id too short": {"ids": bytes(17)},
        "no ids": {"ids": b""},
        "numbers 9 bytes wide": {"seq": b"\x09" + bytes(360)},
        "numbers 0 bytes wide": {"seq": b"\x00"},
        "a column that ends early": {"stamp": b"\x01" + bytes(39)},
        "a column for nobody": {"person": b""},
        "a record before the first": {"record": b"\x01" + b"\x05" * 40},
        "records that nobody names": {"record": b"\x01" + b"\x00" + b"\x01" * 39},
        "a list of fields that is not there": {"shape": b"\x01" + b"\x09" * 40},
        "values that are not there": {"values": []},
        "values of another length": {"values": [[[], []], [[]]]},
        "a field twice": {"shapes": [[1, 1], [7]]},
        "field 2**20": {"shapes": [[1 << 20, 2], [7]]},
        "a person that is not there": {"person": b"\x01" + b"\x07" * 40},
        "an action that is not there": {"action": b"\x01" + b"\x07" * 40},
        "a stamp beyond all time": {"stamp": b"\x08" + b"\xff" * 320},
        "a wall clock beyond all time": {"wall": b"\x08" + b"\xff" * 320},
        "a group beyond all numbers": {"group": b"\x08" + b"\xff" * 320},
        "an operation after its run": {"seq": b"\x01" + b"\x02" * 40},
        "a run that ends before it begins": {"runs": [[0, 50, 40, 40, [], []]]},
        "a run of nobody": {"runs": [[99, 0, 40, 40, [], []]]},
        "a mark of nobody": {"runs": [[0, 0, 40, 40, [], [(1, 99, 1)]]]},
        "a mark outside its run": {"runs": [[0, 0, 40, 40, [], [(41, 0, 1)]]]},
        "marks in disorder": {"runs": [[0, 0, 40, 40, [], [(5, 0, 1), (4, 0, 1)]]]},
        "a vector of nobody": {"runs": [[0, 0, 40, 40, [(99, 1)], []]]},
        "more operations than columns": {"runs": [[0, 0, 41, 41, [], []]]},
        "a kind of record 2**16": {
            "records": [b"\x01" + bytes(5), b"\x03" + b"\xff" * 15, b"\x01" + bytes(5)]
        },
        "a root that is not there": {
            "records": [b"\x01" + bytes(5), b"\x01" + bytes(5), b"\x01" + b"\xee" * 5]
        },
        "texts that are numbers": {"texts": [1, 2]},
    }
    odd = {f"{name} as a value": value_columns(value) for name, value in odd_values().items()}
    return broken | {name: {"values": columns} for name, columns in odd.items()}


def odd_values() -> dict[str, object]:
    deep: object = "bottom"
    for _ in range(50):
        deep = [deep]
    return {
        "a fraction": 1.5,
        "an integer of 65 bits": 1 << 63,
        "a date": msgspec.msgpack.Ext(-1, bytes(4)),
        "an extension": msgspec.msgpack.Ext(42, b"code"),
        "50 lists in one another": deep,
        "a structure keyed by numbers": {1: 2},
        "a fraction in a list": ["a", 0.5],
    }


def value_columns(value: object) -> list[list[list[object]]]:
    """The value columns of World.payload, with value in every place."""
    return [[[value] * 27, [value] * 27], [[value] * 13]]
