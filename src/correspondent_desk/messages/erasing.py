"""What became of a wish to erase somebody, in words."""

from datetime import datetime

from correspondent_desk.language import _
from correspondent_desk.store.erasure_wishes import AskedRow


def asked(one: AskedRow) -> str:
    """2F01A6C4 · asked on 03/12/2026 by Yann · declined on 04/12/2026: the file is still open."""
    told = _("{reference} · asked on {date} by {person}").format(
        reference=one.reference, date=_day(one.asked_at), person=one.person
    )
    answer = answered(one)
    return f"{told} · {answer}" if answer else told


def answered(one: AskedRow) -> str:
    """What the committee said to it; nothing as long as it has not."""
    if one.declined_at is None:
        return ""
    if one.reason:
        return _("declined on {date}: {reason}").format(
            date=_day(one.declined_at), reason=one.reason
        )
    return _("declined on {date}").format(date=_day(one.declined_at))


def _day(at: datetime) -> str:
    return at.astimezone().strftime("%d/%m/%Y")


def beyond_reach() -> str:
    """What erasing cannot do: somebody known by nothing is new to a later list; files lie elsewhere."""
    lists = _(
        "Nothing is kept by which to know somebody again who was erased: a staff list that still"
        " names them makes a new card. Have their row left out."
    )
    copies = _(
        "Copies that were made by hand or taken to a stick hold them, sealed, until somebody"
        " deletes these files; whoever puts one back erases them again at once."
    )
    return f"{lists} {copies}"
