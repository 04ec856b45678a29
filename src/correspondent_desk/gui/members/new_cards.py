"""Cards that were begun and not saved: a second one never overwrites the first."""

import json

from correspondent_desk.gui.widgets.draft_keeper import KeepsDrafts
from correspondent_desk.language import _

KEYS = ("member.new", "member.new.2", "member.new.3", "member.new.4")


def begun(drafts: KeepsDrafts) -> dict[str, str]:
    """The name that stands on each card that was begun, by the key of its draft."""
    found = {}
    for key in KEYS:
        body = drafts.load(key)
        if body is not None:
            typed = json.loads(body)
            name = f"{typed.get('first_name', '')} {typed.get('family_name', '')}".strip()
            found[key] = name or _("a card without a name")
    return found


def free_key(drafts: KeepsDrafts) -> str:
    """Under which key a new card is kept; when all are taken, the last one is gone on with."""
    return next((key for key in KEYS if drafts.load(key) is None), KEYS[-1])
