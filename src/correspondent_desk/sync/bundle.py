"""The `.cdb` file that desks and hub exchange: written whole or not at all, verified before use.

A small open preamble, then one age file that holds a signed manifest and the sections it lists.
docs/bundle-format.md is the contract. Order of distrust: size, checksum, recipient, age, signature,
types, trust, hash, decompression. Nothing is parsed before it is signed, nothing inflated before
its hash is right, nothing delivered before the end of the file has been reached.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

from correspondent_desk.sync import manifest, opening
from correspondent_desk.sync.composing import Section, Written, seal, write
from correspondent_desk.sync.keys import ReceivingKey
from correspondent_desk.sync.manifest import (
    Enrolment,
    Header,
    Manifest,
    Preamble,
    SectionHead,
    Segment,
    Welcome,
)
from correspondent_desk.sync.opening import Place, Proof, Source, Trust
from correspondent_desk.sync.rejection import (
    BundleNotWritten,
    BundleRejected,
    Reason,
    WriteFault,
)

__all__ = [
    "BundleNotWritten",
    "BundleRejected",
    "Content",
    "Enrolment",
    "Header",
    "Loaded",
    "Manifest",
    "Place",
    "Preamble",
    "Reason",
    "Section",
    "SectionHead",
    "Segment",
    "Source",
    "Trust",
    "Welcome",
    "WriteFault",
    "Written",
    "file_name",
    "load",
    "outside",
    "preamble",
    "seal",
    "signed_by",
    "verify",
    "write",
]

SUFFIX = ".cdb"


class Content(NamedTuple):
    """A section as it was before it was compressed."""

    kind: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Loaded:
    """A verified bundle. Sections stay compressed in memory and are inflated one by one."""

    manifest: Manifest
    proof: Proof
    _kept: Sequence[tuple[SectionHead, bytes]]
    _again: Callable[[Place], None]

    def sections(self, *kinds: str) -> Iterator[Content]:
        """The sections of these kinds in their order, attachments excepted; without kinds, all."""
        for head, stored in self._kept:
            if not kinds or head.kind in kinds:
                yield Content(head.kind, _inflated(head, stored))

    def inflaters(self, kind: str) -> list[Callable[[], bytes]]:
        """For each section of this kind, in order, what gives its content as often as it is asked."""
        return [
            partial(_inflated, head, stored) for head, stored in self._kept if head.kind == kind
        ]

    def stored(self, *kinds: str) -> list[bytes]:
        """The sections of these kinds in order, compressed as they came."""
        return [stored for head, stored in self._kept if head.kind in kinds]

    def attachments(self, place: Place) -> None:
        """Reads the file again and writes each attachment to what place gives for it.

        Raises BundleRejected if the file is not the one that was verified.
        """
        self._again(place)


def _inflated(head: SectionHead, stored: bytes) -> bytes:
    return b"".join(opening.inflated(head, stored))


def file_name(office_code: str, way: str, number: int) -> str:
    """The name of a bundle: nothing personal in it, and the same on every system.

    way: "2" from desk 2 to the hub, "hub-2" back to it, "2-3" from there to desk 3. Each counts for
    itself, and one stick carries them all.
    """
    code = re.sub(r"[^A-Za-z0-9-]+", "-", office_code).strip("-") or "office"
    return f"CD_{code}_{way}_{number:04d}{SUFFIX}"


def signed_by(known: Collection[bytes]) -> Trust:
    """Trust for those whose signing keys are known, and for nobody else."""

    def trust(found: Manifest) -> None:
        if found.sender not in known:
            raise BundleRejected(Reason.UNKNOWN_SENDER)

    return trust


def preamble(source: Source) -> Preamble:
    """What can be seen without a key. Raises BundleRejected."""
    with opening.opened(source) as file:
        return manifest.read_preamble(file.read(manifest.MOST_PREAMBLE))


def outside(path: Path) -> Preamble:
    """As preamble, of a file that has the length and the outer form of a whole bundle.

    Whether what is sealed inside was altered, only its recipients can tell. Raises BundleRejected.
    """
    with opening.opened(path) as file:
        found = manifest.read_preamble(file.read(manifest.MOST_PREAMBLE))
        opening.require_whole(file, found)
    return found


def verify(
    path: Path,
    receiving: Sequence[ReceivingKey],
    trust: Trust,
    *,
    retired: Collection[bytes] = (),
) -> Manifest:
    """Reads the whole file and keeps nothing of it. Raises BundleRejected.

    retired: ids of destroyed receiving keys, so that a late bundle is told from a stranger's.
    """
    with opening.opened(path) as file:
        return opening.read(file, receiving, trust, retired=retired).manifest


def load(
    source: Source,
    receiving: Sequence[ReceivingKey],
    trust: Trust,
    *,
    retired: Collection[bytes] = (),
) -> Loaded:
    """The bundle source, verified to its end before anything is handed out. Raises BundleRejected.

    It is opened again for attachments: let it be a copy of our own, not the file on the stick.
    """
    with opening.opened(source) as file:
        found = opening.read(file, receiving, trust, retired=retired, keep=True)

    def same(again: Manifest) -> None:
        if again != found.manifest:
            raise BundleRejected(Reason.DAMAGED, what="another file under the same name")

    def again(place: Place) -> None:
        with opening.opened(source) as file:
            opening.read(file, receiving, same, place=place)

    return Loaded(found.manifest, found.proof, found.kept, again)
