"""What a desk says it has, also when two copies of it are worked with.

Somebody opens an old copy of a desk's folder beside the desk. The copy takes an origin of its own, so
nothing that either writes is lost; but both have the same keys and the same folder, and each says of
itself what the other has not seen. So the hub remembers what each of them said last. One that was put
back from a copy speaks under a higher incarnation, and whoever spoke before it is forgotten, unless it
goes on speaking. One whose whole disk was put back knows nothing of that and numbers its files as before:
it made them later, by its own clock. What is written for the desk builds on what all of them have, sealed for each.
"""

from collections.abc import Sequence
from typing import Self

import msgspec

from correspondent_desk import decoding
from correspondent_desk.domain.delivery import Receipt
from correspondent_desk.hub.tables import AnyRow
from correspondent_desk.sync.manifest import Manifest

KEPT_MS = 60 * 86_400_000
MOST = 4
_UNTOLD = b""  # the origin of what was heard before this was kept


class Copy(msgspec.Struct, frozen=True, array_like=True):
    """What a copy said last: under which origin and count, what it has, where it receives, and when.

    created: by its own clock; 0: it was not kept then.
    """

    origin: bytes
    incarnation: int
    number: int
    vector: dict[bytes, int]
    receiving: str
    at: int
    created: int = 0

    @classmethod
    def of(cls, manifest: Manifest, receiving: str, now_ms: int) -> Self:
        """What this bundle says; receiving: if it does not say where."""
        return cls(
            manifest.origin,
            manifest.incarnation,
            manifest.number,
            dict(manifest.vector),
            manifest.next_recipient or receiving,
            now_ms,
            manifest.created,
        )

    def is_later_than(self, other: "Copy") -> bool:
        """Whether it was said after the other, by its number or by the clock of who said both."""
        by_clock = self.created > other.created > 0
        return by_clock or self.receipt.is_later_than(other.receipt)

    @property
    def receipt(self) -> Receipt:
        """As which it is later than another."""
        return Receipt(self.incarnation, self.number, self.vector)


def copies(desk: AnyRow) -> list[Copy]:
    """All that are remembered of a desk, who spoke last first."""
    if desk.copies:
        return decoding.msgpack(list[Copy]).decode(desk.copies)
    if not desk.heard_number:
        return []
    vector = decoding.msgpack(dict[bytes, int]).decode(desk.heard_vector)
    told = (desk.heard_incarnation, desk.heard_number, vector, desk.receiving, desk.heard_at)
    return [Copy(_UNTOLD, *told)]


def hear(desk: AnyRow, manifest: Manifest, now_ms: int) -> list[Copy] | None:
    """All that are remembered once this bundle has been heard; None: it says nothing newer."""
    known, said = copies(desk), Copy.of(manifest, desk.receiving, now_ms)
    before = [
        one
        for one in known
        if one.origin == said.origin
        or (one.origin == _UNTOLD and one.incarnation == said.incarnation)
    ]
    if not all(said.is_later_than(one) for one in before):
        return None
    others = [one for one in known if one not in before and abs(now_ms - one.at) < KEPT_MS]
    if not before:
        others = [one for one in others if one.incarnation >= said.incarnation]
    return [said, *others][:MOST]


def packed(found: Sequence[Copy]) -> bytes:
    """As the column keeps them."""
    return msgspec.msgpack.encode(found)


def recipients(desk: AnyRow) -> list[str]:
    """Where the desk receives, all its copies among them."""
    return list(dict.fromkeys([desk.receiving, *(one.receiving for one in copies(desk))]))


def common(found: Sequence[Copy]) -> dict[bytes, int]:
    """What all of them have."""
    first, *others = found
    return {
        uid: least
        for uid, hi in first.vector.items()
        if (least := min([hi, *(one.vector.get(uid, 0) for one in others)]))
    }
