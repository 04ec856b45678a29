"""Letters in a desk's bundle: what other desks of its office signed and gave it to carry."""

from collections.abc import Callable

from correspondent_desk.hub.desks import Status
from correspondent_desk.hub.tables import AnyRow
from correspondent_desk.sync import letters
from correspondent_desk.sync.parcels import LETTER, Parcel
from correspondent_desk.sync.rejection import BundleRejected


def opened(parcel: Parcel, desk_of: Callable[[bytes], AnyRow | None]) -> list[Parcel]:
    """Those that count: of desks that are trusted, for the same office. Others are left aside.

    The desk that carries them is not to blame for what is in them, so none keeps its own work out.
    """
    found = []
    for content in parcel.contents(LETTER):
        try:
            letter = letters.read(content, lambda signing: is_trusted(desk_of(signing)))
        except BundleRejected:
            continue
        if letter is not None and letter.manifest.office == parcel.manifest.office:
            letter.carrier = parcel.manifest.bundle
            found.append(letter)
    return found


def is_trusted(desk: AnyRow | None) -> bool:
    """Whether what this desk signed may count."""
    return desk is not None and desk.status == Status.ACTIVE
