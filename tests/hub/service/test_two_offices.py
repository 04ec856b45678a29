"""Whatever a desk asks for, in whatever words: nothing of another office comes, and nothing of it moves."""

import hashlib
import random
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import msgspec

from correspondent_desk.hub import offices
from correspondent_desk.store.database import Database
from correspondent_desk.store.identity import raw
from correspondent_desk.sync import bundle, manifest
from correspondent_desk.sync.online import wire
from correspondent_desk.sync.online.exchange import exchange_online
from correspondent_desk.sync.online.line import Line
from correspondent_desk.sync.online.wire import Upload, UploadAsk
from tests.builders import add_member
from tests.hub.service.serving import Served, known, line, online_desk
from tests.sync.desks import Town, contents

PORT = "Port de Kerlann"
REQUESTS = 60
SECRET = b"Kersauzon"
CONTENT = b"half of an upload of the other office"


def ids_of(desk: Database) -> list[bytes]:
    """Every id that the desk's office has and no other may hear of."""
    return desk.read(
        lambda s: [
            row[0]
            for row in raw(s).execute(
                "SELECT uid FROM record WHERE kind<>1 UNION SELECT uid FROM origin"
            )
        ]
    )


class Prober:
    """Asks as a desk that is known, with the other office's ids wherever an id may stand."""

    def __init__(self, of: Line, theirs: Database, upload: Upload, tag: str) -> None:
        self.of = of
        self.chance = random.Random(4)
        self.ids = ids_of(theirs)
        self.signing = known(theirs)[1].public.signing
        self.uploads = [upload.id, *(uid.hex() for uid in self.ids), "0" * 32]
        self.tags = [tag, *(uid.hex() for uid in self.ids)]

    def ask(self) -> tuple[int, bytes, str]:
        """One request; its status, body and headers."""
        method, target, body, headers = self.chance.choice(
            (self._upload, self._import, self._bundle, self._begin, self._directory)
        )()
        found = self.of.signed(method, target, body, headers, allowed=tuple(range(400, 600)))
        return found.status_code, found.content, repr(found.headers)

    def _upload(self) -> tuple[str, str, bytes, dict[str, str]]:
        target = f"/v1/uploads/{self.chance.choice(self.uploads)}"
        method = self.chance.choice(("HEAD", "PATCH", "POST"))
        if method == "POST":
            return method, f"{target}/commit", b"", {}
        if method != "PATCH":
            return method, target, b"", {}
        told = {"Content-Type": wire.PART_TYPE, wire.OFFSET: str(self.chance.choice((0, 4, 9)))}
        return method, target, CONTENT[4:], told

    def _import(self) -> tuple[str, str, bytes, dict[str, str]]:
        return "GET", f"/v1/imports/{self.chance.choice(self.uploads)}", b"", {}

    def _bundle(self) -> tuple[str, str, bytes, dict[str, str]]:
        """As if it had all, some or nothing of either office, or part of the other's bundle."""
        vector = {
            uid: self.chance.choice((0, 1, 1 << 40)) for uid in self.chance.sample(self.ids, 2)
        }
        told = wire.have_text(self.chance.choice(({}, vector)))
        headers = {}
        if self.chance.random() < 0.5:
            first = self.chance.choice((0, 1, 100))
            headers = {"Range": f"bytes={first}-", "If-Range": f'"{self.chance.choice(self.tags)}"'}
        return "GET", f"/v1/bundle?have={told}", b"", headers

    def _begin(self) -> tuple[str, str, bytes, dict[str, str]]:
        """The very upload that the other office began."""
        asked = UploadAsk(length=len(CONTENT), sha256=hashlib.sha256(CONTENT).digest())
        return "POST", "/v1/uploads", msgspec.json.encode(asked), {}

    def _directory(self) -> tuple[str, str, bytes, dict[str, str]]:
        return "GET", f"/v1/directory?chosen={self.chance.choice(self.uploads)}", b"", {}


def traces(content: bytes, foreign: list[bytes]) -> list[str]:
    """Which ids stand in content, in any of the ways they are written."""
    return [
        uid.hex()
        for uid in foreign
        if uid in content or uid.hex().encode() in content or wire.text(uid).encode() in content
    ]


@dataclass
class Sides:
    """Desks of two offices; each side's reader lacks what its writer wrote last."""

    mine: Database
    writer: Database
    reader: Database

    @classmethod
    def make(cls, town: Town, hub: Served) -> "Sides":
        offices.add(town.hub, PORT)
        found = cls(
            mine=online_desk(town, hub, "Yann"),
            writer=online_desk(town, hub, "Anne", PORT),
            reader=online_desk(town, hub, "Eve", PORT),
        )
        colleague = online_desk(town, hub, "Rozenn")
        desks = (found.mine, colleague, found.writer, found.reader)
        for desk in desks:
            exchange_online(desk)
        for desk, name in ((colleague, "Le Goff"), (found.writer, SECRET.decode())):
            add_member(desk, name)
            exchange_online(desk)
        return found


def ask_of(content: bytes) -> UploadAsk:
    return UploadAsk(length=len(content), sha256=hashlib.sha256(content).digest())


def test_nothing_of_another_office_ever_comes(town: Town, hub: Served, tmp_path: Path) -> None:
    sides = Sides.make(town, hub)
    foreign = [*ids_of(sides.writer), known(sides.writer)[1].public.signing, SECRET]
    with line(sides.writer) as of:
        upload = of.call("POST", "/v1/uploads", Upload, ask_of(CONTENT))
        part = {"Content-Type": wire.PART_TYPE, wire.OFFSET: "0"}
        of.signed("PATCH", f"/v1/uploads/{upload.id}", CONTENT[:4], part)
    with line(sides.reader) as of:
        tag = of.signed("GET", "/v1/bundle").headers["ETag"].strip('"')
    statuses: Counter[int] = Counter()
    opened = 0
    with line(sides.mine) as of:
        prober = Prober(of, sides.writer, upload, tag)
        for number in range(REQUESTS):
            status, body, headers = prober.ask()
            statuses[status] += 1
            if status == 200 and body.startswith(manifest.MAGIC):
                body = inside(sides.mine, body, tmp_path / f"{number}.cdb")
                opened += 1
            assert traces(body + headers.encode(), [*foreign, bytes.fromhex(tag)]) == [], status
    with line(sides.writer) as of:
        look = of.signed("HEAD", f"/v1/uploads/{upload.id}")

    assert look.headers[wire.OFFSET] == "4"
    assert opened > 1
    assert statuses[404] > 10
    assert max(statuses) < 500
    exchange_online(sides.reader)
    assert contents(sides.reader) == contents(sides.writer)


def inside(desk: Database, file: bytes, path: Path) -> bytes:
    """All that a bundle for desk says."""
    path.write_bytes(file)
    found, keys = known(desk)
    loaded = bundle.load(path, keys.receiving, bundle.signed_by({found.hub.signing}))
    told = msgspec.msgpack.encode(loaded.manifest)
    return told + b"".join(one.content for one in loaded.sections())
