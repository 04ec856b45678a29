"""A reader of bundles written from docs/bundle-format.md alone, and the worked example in it.

It shares no line with the program: if the two disagree, the page or the program is wrong.
`python -m tests.sync.example` makes the example anew; needed only when the format gets a new version.
"""

import hashlib
import hmac
import re
import struct
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import pyrage
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from pyrage import x25519

from correspondent_desk.sync import bundle, columns, manifest, opening
from correspondent_desk.sync.bundle import Header, Section, Segment
from correspondent_desk.sync.columns import OpRow, Run, Seen
from correspondent_desk.sync.invitation import Invitation
from correspondent_desk.sync.keys import PublicKeys

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "bundle-format.md"
FILE = ROOT / "tests" / "fixtures" / "bundles" / "example.cdb"

HUB = "AGE-SECRET-KEY-1SFAV0Z647E2GP6Q6SQJXS6UT75726ACZ38FA7FEEHAVSK9S66G2SDDJQP8"
DESK_RECEIVING = "age1z5e8eze2q03xkdqmr4vra7rc09846ne2nge0urlge3fsan88ta2qeqkkn2"
SECRET = bytes(range(16))


def named(text: str) -> bytes:
    """An id that can be recognised in a dump."""
    return text.encode().ljust(16, b".")


DESK = Ed25519PrivateKey.from_private_bytes(hashlib.sha256(b"example desk").digest())
ORIGIN, OFFICE, MEMBER, CONTACT = map(named, ("origin", "office", "member", "contact"))
RUN = Run(
    ORIGIN,
    0,
    4,
    {},
    [Seen(4, named("hub"), 12)],
    [
        OpRow(ORIGIN, 1, 117_702_656_000_000_000, MEMBER, 1, MEMBER,
              {1: "LE GOFF", 2: "Anne"}, "Mme Petit", "add-member", 1, 1_796_000_000_000),
        OpRow(ORIGIN, 2, 117_702_656_000_000_001, CONTACT, 4, MEMBER,
              {61: "2026-11-30", 62: 1}, "Mme Petit", "add-member", 1, 1_796_000_000_000),
        OpRow(ORIGIN, 4, 117_702_660_000_000_000, MEMBER, 1, MEMBER,
              {2: None}, "M. Roux", "edit-member", 2, 0),
    ],
)  # fmt: skip


def make(path: Path) -> None:
    """The example, by the program itself: a first bundle with an enrolment and two sections."""
    hub = str(x25519.Identity.from_str(HUB).to_public())
    invited = Invitation(
        invitation=named("invitation"),
        secret=SECRET,
        hub_name="Hub",
        hub=PublicKeys(bytes(32), hub),
        office=OFFICE,
        office_name="Brest",
        office_code="BR1",
        expires=datetime(2026, 12, 8, 9, 30, tzinfo=UTC),
    )
    header = Header(
        bundle=named("bundle"),
        sender_name="Accueil",
        office=OFFICE,
        origin=ORIGIN,
        number=1,
        created=1_796_000_009_000,
        vector={ORIGIN: 4, named("hub"): 12},
        segments=[Segment(origin=ORIGIN, first=0, to=4)],
        schema=1,
        requires=["mvr1"],
        next_recipient=DESK_RECEIVING,
    )
    signing = DESK.public_key().public_bytes_raw()
    enrolment = invited.enrolment(
        header, desk="Accueil", person="Mme Petit", keys=PublicKeys(signing, DESK_RECEIVING)
    )
    bundle.write(
        path,
        msgspec.structs.replace(header, enrolment=enrolment),
        [
            *(Section("ops", raw) for raw in columns.pack([RUN])),
            Section("attachment", b"%PDF-1.7\n"),
        ],
        signing=DESK,
        recipients=[hub],
    )


# -- a reader from the page ---------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """The parts of a bundle as the page names them."""

    preamble: bytes
    plain: bytes
    sender: bytes
    signature: bytes
    encoded: bytes
    said: dict[str, Any]
    contents: list[bytes]


def read(file: bytes, identity: str) -> Reading:
    """file, checked as the page says; an AssertionError where it does not hold."""
    magic, major, minor, _flags, rest = struct.unpack_from(">8sBBHI", file)
    assert (magic, major, minor) == (b"\x89CDSB\r\n\x1a", 1, 0)
    preamble = file[: 16 + rest]
    identifier, length, count = struct.unpack_from(">16sQB", file, 16)
    assert len(preamble) == 16 + 25 + 8 * count + 4
    assert preamble[-4:] == struct.pack(">I", zlib.crc32(preamble[:-4]))
    header = file.index(b"\n", file.index(b"\n--- ") + 1) + 1 - len(preamble)
    assert len(file) == len(preamble) + header + 16 + length + 16 * max(1, -(-length // 65_536))

    plain = pyrage.decrypt(file[len(preamble) :], [x25519.Identity.from_str(identity)])
    assert len(plain) == length
    sender, signature, size = struct.unpack_from(">32s64sI", plain)
    encoded = plain[100 : 100 + size]
    signed = b"correspondent-desk/bundle/1\0" + hashlib.sha256(preamble).digest() + encoded
    Ed25519PublicKey.from_public_bytes(sender).verify(signature, signed)

    said = msgspec.msgpack.decode(encoded)
    assert said["bundle"] == identifier
    assert said["sender"] == sender
    key_ids = [hashlib.sha256(text.encode()).digest()[:8] for text in said["recipients"]]
    assert preamble[41:-4] == b"".join(key_ids)
    contents, at = [], 100 + size
    for section in said["sections"]:
        stored = plain[at : at + section["stored"]]
        at += len(stored)
        assert hashlib.sha256(stored).digest() == section["digest"]
        if section["codec"] == "zstd":
            stored = zstandard.ZstdDecompressor().decompress(stored)
        assert len(stored) == section["raw"]
        contents.append(stored)
    assert at == len(plain)
    return Reading(
        preamble=preamble,
        plain=plain,
        sender=sender,
        signature=signature,
        encoded=encoded,
        said=said,
        contents=contents,
    )


def column(raw: bytes) -> list[int]:
    if not raw:
        return []
    count = (len(raw) - 1) // raw[0]
    planes = [raw[1 + plane * count :][:count] for plane in range(raw[0])]
    return [int.from_bytes(bytes(bits), "little") for bits in zip(*planes, strict=True)]


def operations(content: bytes) -> list[dict[str, Any]]:
    """The operations of an ops section, one by one."""
    packed = msgspec.msgpack.decode(content)
    count = len(packed["ids"]) // 16
    ids = [packed["ids"][at::count] for at in range(count)]
    records = list(zip(*map(column, packed["records"]), strict=True))
    values = [list(zip(*columns, strict=True)) for columns in packed["values"]]
    numbers = {
        name: column(packed[name])
        for name in ("seq", "stamp", "record", "shape", "person", "action", "group", "wall")
    }
    found, stamp, group, fresh, line = [], 0, 0, 0, 0
    for origin, seq, _to, size, _ctx0, _ctx in packed["runs"]:
        for _ in range(size):
            at = {name: column[line] for name, column in numbers.items()}
            line += 1
            seq += 1 + at["seq"]  # noqa: PLW2901 - numbers of a run go on from its first
            stamp = (stamp + at["stamp"]) % 2**64
            group = (group + at["group"]) % 2**64
            record, kind, root = records[fresh - at["record"]]
            fresh += at["record"] == 0
            shape = packed["shapes"][at["shape"]]
            zigzag = at["wall"] - 1
            wall = (stamp >> 16) + (zigzag // 2 if zigzag % 2 == 0 else -(zigzag + 1) // 2)
            found.append(
                {
                    "origin": ids[origin],
                    "seq": seq,
                    "stamp": stamp,
                    "record": ids[record],
                    "kind": kind,
                    "root": ids[root],
                    "fields": dict(zip(shape, values[at["shape"]].pop(0), strict=True)),
                    "person": packed["texts"][at["person"]],
                    "action": packed["texts"][at["action"]],
                    "group": group,
                    "wall": wall if at["wall"] else 0,
                }
            )
    return found


def proof(said: dict[str, Any], secret: bytes) -> bytes:
    """What `proof` of the enrolment in a manifest must be."""
    enrolment = said["enrolment"]
    fields = [
        *(said[name] for name in ("bundle", "office", "origin", "number")),
        *(enrolment[name] for name in ("invitation", "desk", "person", "signing", "receiving")),
    ]
    message = b"correspondent-desk/enrolment/1\0" + msgspec.msgpack.encode(fields)
    return hmac.digest(secret, message, "sha256")


# -- the page -----------------------------------------------------------------------------------


def shown(value: object) -> str:
    """value as the page writes it: bytes in hex, ids that are words as words."""
    match value:
        case b"":
            return "empty"
        case bytes() if len(value) == 16 and value.rstrip(b".").isalpha():
            return value.decode()
        case bytes():
            return value.hex()
        case str():
            return f'"{value}"'
        case None:
            return "nil"
        case list() | tuple():
            return "[" + ", ".join(map(shown, value)) + "]"
        case dict():
            pairs = (
                f"{key if type(key) is str else shown(key)}: {shown(it)}"
                for key, it in value.items()
            )
            return "{" + ", ".join(pairs) + "}"
        case _:
            return str(value)


def lines(pairs: dict[str, object]) -> list[str]:
    width = max(map(len, pairs))
    return [f"{name:{width}}  {shown(value)}" for name, value in pairs.items()]


def example_text(file: bytes) -> str:
    """The block of the page between its `example` marks."""
    reading = read(file, HUB)
    start = reading.preamble
    parts = {
        "magic": start[:8],
        "major, minor, flags": start[8:12],
        "length of the rest": start[12:16],
        "bundle id": start[16:32],
        "plain length": start[32:40],
        "count, key ids": start[40:-4],
        "CRC-32": start[-4:],
    }
    [ops] = [
        content
        for section, content in zip(reading.said["sections"], reading.contents, strict=True)
        if section["kind"] == "ops"
    ]
    return "\n".join(
        [
            f"The file has {len(file)} bytes. The preamble, in hex:",
            "```",
            *(f"{name:19}  {part.hex(' ')}" for name, part in parts.items()),
            "```",
            f"The seal opens with `{HUB}`. The plain content begins with:",
            "```",
            *lines({
                "sender": reading.sender,
                "signature": reading.signature,
                "length": reading.plain[96:100],
            }),
            "```",
            f"The manifest ({len(reading.encoded)} bytes); ids that are words, like `office..........`, stand for themselves:",
            "```",
            *lines({name: it for name, it in reading.said.items() if name not in ("sections", "enrolment")}),
            *(f"section         {shown(section)}" for section in reading.said["sections"]),
            *(f"enrolment       {name}: {shown(it)}" for name, it in reading.said["enrolment"].items()),
            "```",
            f"The secret of the invitation is `{SECRET.hex()}`. The `ops` section, inflated and decoded:",
            "```",
            *lines(msgspec.msgpack.decode(ops)),
            "```",
            "These are the operations:",
            "```",
            *(shown(operation) for operation in operations(ops)),
            "```",
        ]
    )  # fmt: skip


def limits_text() -> str:
    """The block of the page between its `limits` marks."""
    return "\n".join(
        [
            "| Limit | Value |",
            "|---|---|",
            f"| preamble | {manifest.MOST_PREAMBLE} bytes |",
            f"| recipients | {manifest.MOST_RECIPIENTS} |",
            f"| age header | {opening.MOST_AGE_HEADER >> 10} KiB |",
            f"| manifest | {manifest.MOST_MANIFEST >> 20} MiB |",
            f"| sections | {manifest.MOST_SECTIONS} |",
            f"| one section, stored or inflated | {manifest.MOST_SECTION >> 20} MiB |",
            f"| one attachment | {manifest.MOST_ATTACHMENT >> 20} MiB |",
            f"| all sections but attachments, stored | {manifest.MOST_STORED >> 20} MiB |",
            f"| all sections but attachments, inflated | {manifest.MOST_RAW >> 20} MiB |",
            f"| everything | {manifest.MOST_TOTAL >> 30} GiB |",
            f"| operations, and context marks, in one section | {columns.MOST_OPS} |",
            f"| depth of a value | {columns.DEEPEST} |",
        ]
    )


def block(name: str) -> str:
    """What the page has between two marks."""
    page = PAGE.read_text("utf-8")
    [found] = re.findall(f"<!-- {name} -->\n(.*?)\n?<!-- /{name} -->", page, re.DOTALL)
    return str(found)


def main() -> None:
    if not FILE.exists():
        FILE.parent.mkdir(parents=True, exist_ok=True)
        make(FILE)
    page = PAGE.read_text("utf-8")
    for name, text in (("limits", limits_text()), ("example", example_text(FILE.read_bytes()))):
        start, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
        before, _, rest = page.partition(start)
        page = f"{before}{start}{text}\n{end}{rest.partition(end)[2]}"
    PAGE.write_text(page, "utf-8")


if __name__ == "__main__":
    main()
