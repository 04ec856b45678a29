"""What a file says of itself without any key; needs no open desk."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from correspondent_desk.sync import bundle
from correspondent_desk.sync.keys import key_id
from correspondent_desk.sync.manifest import Preamble

if TYPE_CHECKING:
    from correspondent_desk.store.opened import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What a file says of itself without a key, and whether it is sealed for this desk."""

    bundle: str
    format: str
    size: int
    recipients: int
    is_for_us: bool | None


def inspect(path: Path, db: "Store | None" = None) -> Inspection:
    """What the file says of itself; no secret is needed.

    Raises BundleRejected, also if it was cut: its length and outer form are checked.
    """
    found = bundle.outside(path)
    is_for_us = None if db is None else _is_for_us(db, found)
    return Inspection(
        bundle=found.bundle.hex(),
        format=f"{found.major}.{found.minor}",
        size=path.stat().st_size,
        recipients=len(found.recipients),
        is_for_us=is_for_us,
    )


def _is_for_us(db: "Store", found: Preamble) -> bool | None:
    from correspondent_desk.sync import link

    if db.read(link.find) is None:
        return None
    _, keys = db.read(link.load)
    return any(key_id(key.recipient) in found.recipients for key in keys.receiving)
