"""Directories, lists of desks, catalogues and letters that somebody forged, altered or brings again.

Each is refused with a sentence of its own and changes no byte of the store, or is left aside and
changes nothing that the desk believes. Forgers hold what they may hold: a colleague its own keys, a
former hub the keys that the root no longer vouches for.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec
import pytest
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from msgspec import structs

from correspondent_desk.hub import identity
from correspondent_desk.messages.errors import sentence
from correspondent_desk.records import catalogue as published
from correspondent_desk.store.database import Database
from correspondent_desk.store.identity import raw
from correspondent_desk.sync import (
    bundle,
    catalogue,
    directory,
    exchange,
    letters,
    link,
    manifest,
    relay,
    roster,
)
from correspondent_desk.sync.bundle import Header, Section
from correspondent_desk.sync.directory import Directory
from correspondent_desk.sync.keys import DeskKeys
from correspondent_desk.sync.letters import LETTER, Kept
from correspondent_desk.sync.parcels import ROSTER
from correspondent_desk.sync.rejection import BundleRejected
from correspondent_desk.sync.reports import Fate
from tests.builders import add_member
from tests.keepers import Keeper
from tests.sync.bundle_forge import Forge, head_of
from tests.sync.desks import Town, contents
from tests.sync.forging import forged
from tests.sync.kept import town_after
from tests.sync.test_store_refuses import as_a_desk, as_the_hub, digest

LATER = 5


def public(key: Ed25519PrivateKey) -> bytes:
    return key.public_key().public_bytes_raw()


def refused(desk: Database, path: Path) -> str:
    """The reason, once it is sure that a sentence tells it and that no byte was changed."""
    before, reasons = digest(desk.folder.path), set()
    for take in (exchange.preview, exchange.apply):
        with pytest.raises(BundleRejected) as caught:
            take(desk, path)
        assert sentence(caught.value).endswith(".")
        reasons.add(caught.value.reason)
    assert digest(desk.folder.path) == before
    [reason] = reasons
    return reason


# --- the directory --------------------------------------------------------------------------------


@dataclass
class Vouched:
    """A desk that keeps the fifth directory of a root, and who may sign for its hub."""

    town: Town
    desk: Database
    root: Ed25519PrivateKey
    hub: Ed25519PrivateKey
    held: Directory
    files: int = 0

    def signed(self, **changes: object) -> bytes:
        return directory.sign(self.root, structs.replace(self.held, **changes))

    def file(self, *sections: Section, signing: Ed25519PrivateKey | None = None) -> Path:
        known, keys = self.desk.read(link.load)
        self.files += 1
        path = self.town.path / f"vouched-{self.files}.cdb"
        header = Header(
            office=known.office, origin=bytes(16), number=90 + self.files, created=0,
            requires=["mvr1"],
        )  # fmt: skip
        bundle.write(
            path,
            header,
            list(sections),
            signing=signing or self.hub,
            recipients=[keys.public.receiving],
        )
        return path

    def with_directory(self, came: bytes, **how: Ed25519PrivateKey) -> Path:
        return self.file(Section(directory.DIRECTORY, public(self.root) + came), **how)


@pytest.fixture
def vouched(town: Town) -> Vouched:
    desk = town.desk("Yann")
    add_member(desk)
    town.round()
    known, keys = desk.read(link.load)
    with town.hub.transaction() as connection:
        hub = identity.keys(connection).signing
    root = Ed25519PrivateKey.generate()
    receiving = keys.public.receiving
    held = Directory(
        version=LATER, made=0, signing=[public(hub)], receiving=receiving, recovery=receiving
    )
    changed = structs.replace(known, root=public(root), directory=directory.sign(root, held))
    desk.keep(lambda s: link.keep(s, changed))
    return Vouched(town, desk, root, hub, held)


STRANGER = Ed25519PrivateKey.generate()
FORGED_DIRECTORIES: Mapping[str, tuple[str, Callable[[Vouched], bytes]]] = {
    "a fork: another text under the same number": (
        "bad-signature",
        lambda v: v.signed(revoked=[bytes(32)]),
    ),
    "signed by another root": (
        "bad-signature",
        lambda v: directory.sign(STRANGER, structs.replace(v.held, version=LATER + 1)),
    ),
    "a number raised after it was signed": (
        "bad-signature",
        lambda v: v.signed()[:64] + msgspec.msgpack.encode(structs.replace(v.held, version=9)),
    ),
    "nobody may sign for the hub": ("bad-structure", lambda v: v.signed(version=9, signing=[])),
    "a crowd may sign for the hub": (
        "bad-structure",
        lambda v: v.signed(version=9, signing=[bytes(32)] * 101),
    ),
    "a receiving key that is none": (
        "bad-structure",
        lambda v: v.signed(version=9, receiving="age1"),
    ),
    "a number beyond all numbers": ("bad-structure", lambda v: v.signed(version=1 << 63)),
    "cut in the signature": ("bad-signature", lambda v: v.signed(version=9)[:40]),
    "cut in the text": ("bad-signature", lambda v: v.signed(version=9)[:-9]),
    "noise": ("bad-signature", lambda _: b"\xc1" * 200),
    "the hub's key is not in it": (
        "unknown-sender",
        lambda v: v.signed(version=9, signing=[public(STRANGER)]),
    ),
}


@pytest.mark.parametrize("name", FORGED_DIRECTORIES)
def test_a_forged_directory_is_refused(vouched: Vouched, name: str) -> None:
    reason, forge = FORGED_DIRECTORIES[name]

    assert refused(vouched.desk, vouched.with_directory(forge(vouched))) == reason


def test_who_was_the_hub_once_brings_no_earlier_directory_back(vouched: Vouched) -> None:
    """Its key was stolen and replaced: with it and the directory of that time nothing can be done."""
    earlier = vouched.signed(version=LATER - 1, signing=[public(STRANGER)])

    file = vouched.with_directory(earlier, signing=STRANGER)

    assert refused(vouched.desk, file) == "unknown-sender"


def test_an_earlier_directory_from_the_hub_changes_nothing(vouched: Vouched) -> None:
    before = vouched.desk.read(link.load)[0]

    exchange.apply(vouched.desk, vouched.with_directory(vouched.signed(version=LATER - 1)))

    assert vouched.desk.read(link.load)[0].directory == before.directory


def test_a_hub_that_shows_no_newer_directory_is_told_of_and_not_refused(vouched: Vouched) -> None:
    """Frozen: whoever stands between hub and desk withholds what revokes a key."""
    exchange.apply(vouched.desk, vouched.file())

    assert exchange.status(vouched.desk).vouched_at is not None


# --- the list of desks ----------------------------------------------------------------------------


def listed(vouched: Vouched) -> roster.Roster:
    found = roster.known(vouched.desk.read(link.load)[0])
    assert found is not None
    return found


def _crowd(vouched: Vouched) -> bytes:
    [one] = listed(vouched).desks
    return roster.sign(
        vouched.hub, structs.replace(listed(vouched), version=99, desks=[one] * 1001)
    )


FORGED_LISTS: Mapping[str, tuple[str, Callable[[Vouched], bytes]]] = {
    "another list under the same number": (
        "bad-signature",
        lambda v: roster.sign(v.hub, structs.replace(listed(v), made=7)),
    ),
    "signed by somebody else": (
        "bad-signature",
        lambda v: roster.sign(STRANGER, structs.replace(listed(v), version=99)),
    ),
    "of another office of the hub": (
        "wrong-office",
        lambda v: roster.sign(v.hub, structs.replace(listed(v), version=99, office=bytes(16))),
    ),
    "a thousand desks and one": ("bad-structure", _crowd),
    "cut": ("bad-signature", lambda v: v.desk.read(link.load)[0].roster[:-5]),
    "noise": ("bad-signature", lambda _: b"\xdd\xff\xff\xff\xff" * 30),
}


@pytest.mark.parametrize("name", FORGED_LISTS)
def test_a_forged_list_of_desks_is_refused(vouched: Vouched, name: str) -> None:
    reason, forge = FORGED_LISTS[name]

    assert refused(vouched.desk, vouched.file(Section(ROSTER, forge(vouched)))) == reason


# --- the catalogue --------------------------------------------------------------------------------


def test_an_earlier_or_immense_catalogue_changes_nothing(vouched: Vouched) -> None:
    desk = vouched.desk
    for version, text in (
        (7, b"seven"),
        (6, b"six"),
        (7, b"other"),
        (9, bytes(catalogue.MOST + 1)),
    ):
        section = Section(catalogue.CATALOGUE, catalogue.pack(version, text))
        exchange.apply(desk, vouched.file(section))

    assert desk.read(catalogue.held) == 7
    assert desk.read(catalogue.text) == b"seven"
    assert catalogue.MOST == published.MOST


def test_a_catalogue_that_unpacks_to_more_than_it_says_is_refused(town: Town) -> None:
    desk = town.desk("Yann")
    town.round()
    forge = Forge(as_the_hub(town, desk), town.path)
    stored = zstandard.ZstdCompressor().compress(bytes(30 << 20))
    head = structs.replace(head_of("catalogue", stored, raw=100), kind=catalogue.CATALOGUE)
    path = town.path / "bomb.cdb"
    path.write_bytes(forge.bundle((head, stored)))

    assert refused(desk, path) == "bomb"


# --- letters --------------------------------------------------------------------------------------


@dataclass
class Colleagues:
    """Anne wrote, Bruno carries it dishonestly, Chloé is to believe it."""

    town: Town
    anne: Database
    bruno: Database
    chloe: Database

    def keys(self, desk: Database) -> DeskKeys:
        return desk.read(link.load)[1]

    def letter(self) -> Kept:
        """Anne's, as it lies at Bruno's."""
        [found] = self.bruno.read(lambda s: letters.lacking(raw(s), {}, lambda _: True))
        return found

    def file(self, *sections: Section, **changes: object) -> Path:
        """From Bruno to Chloé."""
        self.town.files += 1
        path = self.town.path / f"{self.town.files}.cdb"
        told: dict[str, object] = {
            "office": self.bruno.read(link.load)[0].office,
            "origin": as_a_desk(self.town, self.bruno).origin,
            "number": 50 + self.town.files,
            "created": 0,
            "requires": ["mvr1", letters.FEATURE],
        }
        header = Header(**{**told, **changes})  # type: ignore[arg-type]
        bundle.write(
            path,
            header,
            list(sections),
            signing=self.keys(self.bruno).signing,
            recipients=[self.keys(self.chloe).public.receiving],
        )
        return path

    def names(self) -> list[str]:
        return self.chloe.read(
            lambda s: [row[0] for row in raw(s).execute("SELECT family_name FROM member")]
        )


@pytest.fixture
def colleagues(tmp_path: Path) -> Iterator[Colleagues]:
    town = town_after(tmp_path, Keeper(), bruno_has_a_letter)
    yield Colleagues(town, *town.desks)
    town.close()


def bruno_has_a_letter(town: Town) -> None:
    """Of Anne, from herself; the three know of each other."""
    anne, bruno, _ = (town.desk(person) for person in ("Anne", "Bruno", "Chloé"))
    town.round()
    town.round()
    add_member(anne, "PETIT")
    to = exchange.status(anne).colleagues[0]
    made = relay.prepare_for(anne, to.signing, town.path / "honest.cdb")
    assert made is not None
    exchange.apply(bruno, made.path)


def _with(letter: Kept, change: Callable[[list[object]], Sequence[object]]) -> bytes:
    """The letter with some of its parts exchanged: preamble, sender, signature, manifest, ops."""
    return msgspec.msgpack.encode(change(msgspec.msgpack.decode(letter.content)))


def _resigned(letters_of: Colleagues, letter: Kept) -> bytes:
    """Bruno signs what Anne wrote, as if it were his."""
    content = forged(letter).content
    preamble, _, _, said, ops = msgspec.msgpack.decode(content)
    keys = letters_of.keys(letters_of.bruno)
    framed = manifest.sign(said, manifest.read_preamble(preamble), keys.signing)
    sender, signature = framed[:32], framed[32:96]
    return msgspec.msgpack.encode([preamble, sender, signature, said, ops])


FORGED_LETTERS: Mapping[str, tuple[str, Callable[[Colleagues, Kept], bytes]]] = {
    "its words altered": ("bad-signature", lambda _, one: forged(one).content),
    "signed by its carrier": ("bad-signature", _resigned),
    "its carrier named as its author": (
        "bad-signature",
        lambda c, one: _with(one, lambda p: [p[0], c.keys(c.bruno).public.signing, *p[2:]]),
    ),
    "under the number of another file": (
        "bad-signature",
        lambda _, one: _with(
            one, lambda p: [manifest.Preamble.make(bytes(16), 9, []).raw, *p[1:]]
        ),
    ),
    "an empty signature": ("bad-structure", lambda _, one: _with(one, lambda p: [*p[:2], b"", *p[3:]])),
    "no operations": ("bad-structure", lambda _, one: _with(one, lambda p: [*p[:4], []])),
    "its operations twice": (
        "bad-structure",
        lambda _, one: _with(one, lambda p: [*p[:4], [*p[4], *p[4]]]),  # type: ignore[misc]
    ),
    "other operations": ("damaged", lambda _, one: _with(one, lambda p: [*p[:4], [bytes(9)]])),
    "cut in the middle": ("bad-structure", lambda _, one: one.content[: len(one.content) // 2]),
    "a million promised": ("bad-structure", lambda _c, _o: b"\xdd\x00\x0f\x42\x40"),
    "50 000 in one another": ("bad-structure", lambda _c, _o: b"\x91" * 50_000),
    "noise": ("bad-structure", lambda _c, _o: b"\xc1" * 99),
}  # fmt: skip


@pytest.mark.parametrize("name", FORGED_LETTERS)
def test_a_forged_letter_is_refused_with_all_that_came(colleagues: Colleagues, name: str) -> None:
    reason, forge = FORGED_LETTERS[name]
    content = forge(colleagues, colleagues.letter())

    assert refused(colleagues.chloe, colleagues.file(Section(LETTER, content))) == reason
    assert colleagues.names() == []


def test_a_letter_of_a_stranger_is_left_aside(colleagues: Colleagues) -> None:
    content = _with(colleagues.letter(), lambda p: [p[0], public(STRANGER), *p[2:]])

    report = exchange.apply(colleagues.chloe, colleagues.file(Section(LETTER, content)))

    assert report.fate is Fate.NOTHING_NEW
    assert colleagues.names() == []


def test_more_letters_than_any_desk_keeps_are_refused_before_one_is_read(
    colleagues: Colleagues,
) -> None:
    """A million of one byte each: their heads alone are more than a manifest may hold."""
    world = as_a_desk(colleagues.town, colleagues.bruno)
    world.hub = colleagues.keys(colleagues.chloe)  # type: ignore[assignment]
    forge = Forge(world, colleagues.town.path)
    one = msgspec.msgpack.decode(msgspec.msgpack.encode(head_of(LETTER, b"x", codec="none")))
    for count in (manifest.MOST_SECTIONS + 1, 1_000_000):
        heads = [one] * count
        changes = {"requires": ["mvr1", letters.FEATURE], "sections": heads}
        path = colleagues.town.path / "crowd.cdb"
        path.write_bytes(forge.bundle(changes=changes, extra=b"x" * count))

        assert refused(colleagues.chloe, path) == "too-large"


@pytest.mark.parametrize("kind", [catalogue.CATALOGUE, "snapshot"])
def test_a_colleague_publishes_nothing(colleagues: Colleagues, kind: str) -> None:
    """What only the hub may say counts for nothing from a desk."""
    before = contents(colleagues.chloe)
    section = Section(kind, catalogue.pack(9, b"forged"))

    with suppress(BundleRejected):
        exchange.apply(colleagues.chloe, colleagues.file(section))

    assert colleagues.chloe.read(catalogue.held) == 0
    assert contents(colleagues.chloe) == before
