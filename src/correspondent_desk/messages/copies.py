"""Copies of the store in words."""

from datetime import date

from correspondent_desk.language import _
from correspondent_desk.messages import dates
from correspondent_desk.store.backup import CopyRow, Why

MEGABYTE = 1_000_000


def in_words(row: CopyRow, today: date) -> str:
    """When it was made, how large it is, and for what."""
    return _("{when}, {size} MB, {why}").format(
        when=dates.moment(row.made_at, today),
        size=max(1, round(row.size / MEGABYTE)),
        why=why(row.why),
    )


def in_short(row: CopyRow, today: date) -> str:
    """When it was made, and for what: the line of a choice."""
    return _("{when}, {why}").format(when=dates.moment_plain(row.made_at, today), why=why(row.why))


def why(reason: Why) -> str:
    """What a copy was made for."""
    match reason:
        case Why.ASKED:
            return _("made by hand")
        case Why.MIGRATION:
            return _("before an update")
        case Why.IMPORT:
            return _("before an import")
        case Why.RESTORE:
            return _("before a restore")
