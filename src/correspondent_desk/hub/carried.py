"""Letters in a desk's bundle: what other desks of its office signed and gave it to carry.

What the hub itself signed comes back when it was put back from a copy and a desk still has it.
"""

from collections.abc import Callable, Collection

from correspondent_desk.hub.desks import Status
from correspondent_desk.hub.tables import AnyRow
from correspondent_desk.sync import letters
from correspondent_desk.sync.keys import HubKeys
from correspondent_desk.sync.parcels import LETTER, Parcel
from correspondent_desk.sync.rejection import BundleRejected


def opened(
    parcel: Parcel,
    desk_of: Callable[[bytes], AnyRow | None],
    hub_keys: HubKeys,
    signed_by_hub: Callable[[], Collection[bytes]],
) -> list[Parcel]:
    """Those that count: of desks that are trusted or of the hub, for the same office. Others are left aside.

    signed_by_hub: the keys by which the hub knows its own hand; asked only if there are letters.
    The desk that carries them is not to blame for what is in them, so none keeps its own work out.
    """
    found: list[Parcel] = []
    contents = list(parcel.contents(LETTER))
    own = signed_by_hub() if contents else ()
    for content in contents:
        try:
            letter = letters.read(
                letters.unsealed(content, hub_keys.receiving),
                lambda signing: signing in own or is_trusted(desk_of(signing)),
            )
        except BundleRejected:
            continue
        if letter is not None and letter.manifest.office == parcel.manifest.office:
            letter.carrier = parcel.manifest.bundle
            found.append(letter)
    return found


def is_trusted(desk: AnyRow | None) -> bool:
    """Whether what this desk signed may count."""
    return desk is not None and desk.status == Status.ACTIVE
