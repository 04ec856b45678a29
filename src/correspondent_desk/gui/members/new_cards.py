"""Cards that were begun and not saved: a second one never overwrites the first."""

import json
from itertools import count

from correspondent_desk.gui.widgets.draft_keeper import KeepsDrafts
from correspondent_desk.language import _

FIRST = "member.new"  # and those after it: member.new.2, member.new.3…


def begun(drafts: KeepsDrafts) -> dict[str, str]:
    """The name that stands on each card that was begun, by the key of its draft."""
    found = {}
    for key in sorted(drafts.keys(FIRST), key=lambda one: (len(one), one)):
        typed = json.loads(drafts.load(key) or "{}")
        name = f"{typed.get('first_name', '')} {typed.get('family_name', '')}".strip()
        found[key] = name or _("a card without a name")
    return found


def free_key(drafts: KeepsDrafts) -> str:
    """Under which key a new card is kept."""
    taken = {*drafts.keys(FIRST)}
    later = (f"{FIRST}.{place}" for place in count(2))
    return FIRST if FIRST not in taken else next(key for key in later if key not in taken)
