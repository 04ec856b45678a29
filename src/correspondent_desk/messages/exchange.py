"""What an exchange did and what is open after it, in words and as JSON."""

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy.orm import Session

from correspondent_desk.language import _, ngettext
from correspondent_desk.messages import dates, values
from correspondent_desk.messages.fields import field_name
from correspondent_desk.messages.history import plain_columns, subject_name
from correspondent_desk.sync.disagreements import Disagreement, Told
from correspondent_desk.sync.reports import Effect, Fate, Preview, Report

# --- bundles --------------------------------------------------------------------------------------


def preview_in_words(preview: Preview, today: date) -> list[str]:
    """Who sent it, when, and what it would do, a line at a time."""
    return [
        _origin(preview.sender, preview.made_at, today),
        *_fate(preview.fate),
        *_effect(preview.effect),
    ]


def report_in_words(report: Report, today: date) -> list[str]:
    """Who sent it, when, and what it did, a line at a time."""
    lines = _fate(report.fate)
    if report.made_at is not None:
        lines = [_origin(report.sender, report.made_at, today), *lines]
    if report.released:
        lines.append(
            ngettext(
                "{n} file that was waiting was imported with it.",
                "{n} files that were waiting were imported with it.",
                report.released,
            ).format(n=report.released)
        )
    return [*lines, *_effect(report.effect)]


def _origin(sender: str, made_at: datetime, today: date) -> str:
    at = dates.moment(made_at.astimezone(), today)
    return _("From {sender}, {when}.").format(sender=sender or _("the committee"), when=at)


def _fate(fate: Fate) -> list[str]:
    match fate:
        case Fate.NEW:
            return []
        case Fate.NOTHING_NEW:
            return [_("Nothing new in this file: everything is known already.")]
        case Fate.DUPLICATE:
            return [_("This file was already imported. There is nothing to do.")]
        case Fate.WAITING:
            return [
                _(
                    "Well received, but an earlier file is missing. "
                    "This one waits and will be imported by itself."
                )
            ]


def _effect(effect: Effect) -> list[str]:
    new, changed = sum(effect.new.values()), sum(effect.changed.values())
    removed, parallel = sum(effect.removed.values()), len(effect.parallel)
    open_ = effect.disagreements
    told = (
        (new, ngettext("{n} new record.", "{n} new records.", new)),
        (changed, ngettext("{n} changed record.", "{n} changed records.", changed)),
        (removed, ngettext("{n} removed record.", "{n} removed records.", removed)),
        (
            parallel,
            ngettext(
                "{n} record was changed here and elsewhere in different fields: "
                "both changes are kept.",
                "{n} records were changed here and elsewhere in different fields: "
                "all changes are kept.",
                parallel,
            ),
        ),
        (open_, ngettext("{n} disagreement to settle.", "{n} disagreements to settle.", open_)),
        (
            effect.unshown,
            ngettext(
                "{n} value comes from a newer version and is kept for later.",
                "{n} values come from a newer version and are kept for later.",
                effect.unshown,
            ),
        ),
    )
    return [sentence.format(n=count) for count, sentence in told if count]


def preview_as_object(preview: Preview) -> dict[str, object]:
    """The preview in the shape that docs/command-line.md promises."""
    return {
        "sender": preview.sender,
        "number": preview.number,
        "made_at": _instant(preview.made_at),
        "size": preview.size,
        "fate": preview.fate.value,
        **_effect_object(preview.effect),
    }


def report_as_object(report: Report) -> dict[str, object]:
    """The report in the shape that docs/command-line.md promises."""
    return {
        "bundle": report.bundle.hex(),
        "sender": report.sender,
        "number": report.number,
        "made_at": _instant(report.made_at),
        "fate": report.fate.value,
        "released": report.released,
        **_effect_object(report.effect),
    }


def _effect_object(effect: Effect) -> dict[str, object]:
    return {
        "operations": effect.operations,
        "new": {kind.name.lower(): count for kind, count in effect.new.items()},
        "changed": {kind.name.lower(): count for kind, count in effect.changed.items()},
        "removed": {kind.name.lower(): count for kind, count in effect.removed.items()},
        "disagreements": effect.disagreements,
        "parallel": len(effect.parallel),
        "unshown": effect.unshown,
        "people": list(effect.people),
    }


# --- disagreements --------------------------------------------------------------------------------


def disagreement_in_words(session: Session, found: Disagreement, today: date) -> list[str]:
    """12.note · Mrs Anne LE GOFF, note; then before, here and there, a line each."""
    head = _("{id} · {name}: {field}").format(
        id=found.id,
        name=subject_name(session, found.record),
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
        "name": subject_name(session, found.record),
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
        "at": _instant(one.at),
        "mine": one.is_mine,
        "shown": one.is_shown,
    }


def _instant(at: datetime | None) -> str | None:
    return None if at is None else at.astimezone().isoformat(timespec="seconds")
