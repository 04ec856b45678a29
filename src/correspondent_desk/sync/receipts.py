"""What a bundle of the hub says of what the hub has, and what becomes of that in the link."""

from correspondent_desk.domain.delivery import Receipt, Vector, lacking
from correspondent_desk.sync import enrolment
from correspondent_desk.sync.link import Link
from correspondent_desk.sync.manifest import Manifest


def heard(known: Link, manifest: Manifest, here: Vector) -> dict[str, object]:
    """What changes in the link by the hub's newest word; nothing if this is an earlier one.

    here: what this desk has by now.
    """
    receipt = Receipt(manifest.incarnation, manifest.number, manifest.vector)
    is_put_back = _is_put_back(known, manifest)
    if not (receipt.is_later_than(known.receipt) or is_put_back):
        return {}
    changes: dict[str, object] = {
        "is_behind": lacking(manifest.vector, here) > 0,
        "hub_incarnation": receipt.incarnation,
        "hub_number": receipt.number,
        "hub_has": receipt.have,
        "hub_created": manifest.created,
    }
    forgets = lacking(known.hub_has, receipt.have) > 0
    is_anew = known.hub_number and receipt.incarnation != known.hub_incarnation
    if is_put_back or forgets or is_anew:
        # What lies ready for it builds on what it has no more, or is sealed for a key it has lost.
        changes["last_told"] = {}
    if manifest.next_recipient and manifest.next_recipient != known.hub.receiving:
        changes["hub"] = known.hub_at(manifest.next_recipient)
        changes["last_told"] = {}  # what lies ready is sealed for a key that will be destroyed
    return changes | enrolment.welcomed(known, manifest.welcome)


def _is_put_back(known: Link, manifest: Manifest) -> bool:
    """Whether the hub wrote this later than what came last, and numbers it no higher.

    Its whole folder was put back then, and it does not know. Both times are by its own clock; if that
    went wrong, and the file is merely late, this desk sends more than it need.
    """
    last = Receipt(known.hub_incarnation, known.hub_number, {})
    receipt = Receipt(manifest.incarnation, manifest.number, {})
    return 0 < known.hub_created < manifest.created and not receipt.is_later_than(last)
