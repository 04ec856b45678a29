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


def open_letters(
    parcel: Parcel,
    desk_of: Callable[[bytes], AnyRow | None],
    hub_keys: HubKeys,
    signed_by_hub: Callable[[], Collection[bytes]],
) -> None:
    """Note in the parcel those of its office that count: of desks that are trusted or of the hub.

    Those of desks that are trusted no more are noted apart, and others are left aside.
    signed_by_hub: the keys by which the hub knows its own hand; asked only if there are letters.
    The desk that carries them is not to blame for what is in them, so none keeps its own work out.
    """
    own: Collection[bytes] = ()
    for number, content in enumerate(parcel.contents(LETTER)):
        own = own if number else signed_by_hub()
        try:
            letter = letters.read(
                letters.unsealed(content, hub_keys.receiving),
                _among(own, desk_of),
            )
        except BundleRejected:
            continue
        if letter is None or letter.manifest.office != parcel.manifest.office:
            continue
        if letter.is_reduced and letter.manifest.sender not in own:
            continue  # desks make no snapshots
        letter.carrier = parcel.manifest.bundle
        if letter.manifest.sender in own or is_trusted(desk_of(letter.manifest.sender)):
            parcel.letters.append(letter)
        else:
            parcel.unapproved.append((letter, content))


def _among(
    own: Collection[bytes], desk_of: Callable[[bytes], AnyRow | None]
) -> Callable[[bytes], bool]:
    return lambda signing: signing in own or desk_of(signing) is not None


def is_trusted(desk: AnyRow | None) -> bool:
    """Whether what this desk signed may count."""
    return desk is not None and desk.status == Status.ACTIVE
