"""What a file says of itself without any key; needs no open desk."""

from dataclasses import dataclass
from pathlib import Path

from correspondent_desk.sync import bundle


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """What a file says of itself without a key."""

    bundle: str
    format: str
    size: int
    recipients: int


def inspect(path: Path) -> Inspection:
    """What the file says of itself; no secret is needed.

    Raises BundleRejected, also if it was cut: its length and outer form are checked.
    """
    found = bundle.outside(path)
    return Inspection(
        bundle=found.bundle.hex(),
        format=f"{found.major}.{found.minor}",
        size=path.stat().st_size,
        recipients=len(found.recipients),
    )
