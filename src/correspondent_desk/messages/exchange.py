"""What an exchange left open, in words and as JSON; what it did is told in messages.bundles."""

from collections.abc import Mapping
from datetime import date

from sqlalchemy.orm import Session

from correspondent_desk.language import _
from correspondent_desk.messages import dates, values
from correspondent_desk.messages.bundles import (
    instant,
    of_copy,
    preview_as_object,
    preview_in_words,
    report_as_object,
    report_in_words,
    waits_for_answer,
)
from correspondent_desk.messages.fields import field_name
from correspondent_desk.messages.history import plain_columns, subject_name, whole_name
from correspondent_desk.sync.disagreements import Disagreement, Told

__all__ = [
    "disagreement_as_object",
    "disagreement_in_words",
    "of_copy",
    "preview_as_object",
    "preview_in_words",
    "report_as_object",
    "report_in_words",
    "told_in_words",
    "value_in_words",
    "waits_for_answer",
]


def disagreement_in_words(session: Session, found: Disagreement, today: date) -> list[str]:
    """12.note · Mrs Anne LE GOFF, note; then before, here and there, a line each."""
    head = _("{id} · {name}: {field}").format(
        id=found.id,
        name=whole_name(session, found.record),
        field=field_name(found.kind, found.field),
    )
    if found.is_soft:
        head = _("{line} (the newest is shown)").format(line=head)
    lines = [head]
    if found.before is not None:
        was = value_in_words(session, found, found.before)
        lines.append(_("before: {value}").format(value=was))
    lines.append(_("here: {value}").format(value=told_in_words(session, found, found.here, today)))
    lines += [
        _("there: {value}").format(value=told_in_words(session, found, one, today))
        for one in (found.there, *found.others)
    ]
    return lines


def told_in_words(session: Session, found: Disagreement, one: Told, today: date) -> str:
    """By the church · Rozenn · today, 14:30."""
    value = value_in_words(session, found, one.columns)
    at = dates.moment(one.at.astimezone(), today) if one.at is not None else ""
    return " · ".join(filter(None, (value, one.person, at)))


def value_in_words(session: Session, found: Disagreement, columns: Mapping[str, object]) -> str:
    """One of the values, with the names of the records it refers to; said if it is empty."""

    def name_of(id_: int) -> str:
        return subject_name(session, id_) or values.nobody(id_)

    return values.in_words(found.kind, found.field, columns, name_of) or _("empty")


def disagreement_as_object(session: Session, found: Disagreement) -> dict[str, object]:
    """The disagreement in the shape that docs/command-line.md promises."""
    return {
        "id": found.id,
        "kind": found.kind.name.lower(),
        "record": found.record,
        "root": found.root,
        "name": whole_name(session, found.record),
        "field": found.field,
        "soft": found.is_soft,
        "before": None if found.before is None else plain_columns(found.before),
        "here": _told_object(found.here),
        "there": _told_object(found.there),
        "others": [_told_object(one) for one in found.others],
    }


def _told_object(one: Told) -> dict[str, object]:
    return {
        "value": plain_columns(one.columns),
        "person": one.person,
        "at": instant(one.at),
        "mine": one.is_mine,
        "shown": one.is_shown,
    }
