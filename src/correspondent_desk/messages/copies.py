"""Copies of the store in words."""

from collections.abc import Sequence
from datetime import date

from correspondent_desk.language import _
from correspondent_desk.messages import dates
from correspondent_desk.store.backup import CopyRow, Why

MEGABYTE = 1_000_000


def in_words(row: CopyRow, today: date, among: Sequence[CopyRow] = ()) -> str:
    """When it was made, to the second if others among them were made in that minute; size; for what."""
    return _("{when}, {size} MB, {why}").format(
        when=dates.moment(row.made_at, today, is_exact=_has_twin(row, among)),
        size=max(1, round(row.size / MEGABYTE)),
        why=why(row.why),
    )


def in_short(row: CopyRow, today: date, among: Sequence[CopyRow] = ()) -> str:
    """When it was made, and for what: the line of a choice, told apart from the others among them."""
    when = dates.moment_plain(row.made_at, today, is_exact=_has_twin(row, among))
    return _("{when}, {why}").format(when=when, why=why(row.why))


def elsewhere(row: CopyRow, today: date) -> str:
    """As in_short, of a copy that was looked for: with the folder in which it lies."""
    return _("{copy} ({folder})").format(copy=in_short(row, today), folder=row.path.parent)


def came_back(row: CopyRow, today: date, among: Sequence[CopyRow] = ()) -> str:
    """That the desk is as it was when this copy was made."""
    time = dates.clock(row.made_at, is_exact=_has_twin(row, among))
    if row.made_at.date() == today:
        return _("This desk is back at the copy of {time}.").format(time=time)
    day = dates.plain(row.made_at.date(), today)
    return _("This desk is back at the copy of {day}, {time}.").format(day=day, time=time)


def _has_twin(row: CopyRow, among: Sequence[CopyRow]) -> bool:
    minute = row.made_at.replace(second=0)
    return sum(other.made_at.replace(second=0) == minute for other in among) > 1


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
