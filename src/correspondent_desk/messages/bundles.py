"""What an exchange did, in words and as JSON; without SQLAlchemy, for the command line has no time."""

from collections.abc import Mapping
from datetime import date, datetime
from pathlib import Path

from correspondent_desk.domain.fields import Kind
from correspondent_desk.language import _, grouped, ngettext
from correspondent_desk.messages import dates, online
from correspondent_desk.messages.refusals import removes_much
from correspondent_desk.sync.modest import RemovesMuch
from correspondent_desk.sync.reports import Effect, Fate, Preview, Report

LATE_DAYS = 14  # from here on, a file that nobody acknowledged may well be lost
_Told = tuple[tuple[int, str], ...]  # counts, and the sentence of each


def preview_in_words(preview: Preview, today: date) -> list[str]:
    """Who sent it, when, and what it would do, a line at a time."""
    return [
        *_origin(preview, today),
        *_fate(preview, preview.refusal),
        *_effect(preview.effect),
        *_is_asked_about(preview.removes_much),
    ]


def _is_asked_about(trouble: RemovesMuch | None) -> list[str]:
    if trouble is None:
        return []
    said = removes_much(trouble.kind).format(**trouble.details)
    return [said, _("Ask who did it: it is only imported once you say that it is meant.")]


def report_in_words(report: Report, today: date) -> list[str]:
    """Who sent it, when, and what it did, a line at a time."""
    lines = [*_origin(report, today), *_fate(report)]
    if report.released:
        lines.append(
            ngettext(
                "{n} file that was waiting was imported with it.",
                "{n} files that were waiting were imported with it.",
                report.released,
            ).format(n=grouped(report.released))
        )
    return [*lines, *_effect(report.effect)]


def waits_for_answer(since: datetime, today: date) -> str:
    """What this desk has to say was put down, and the hub has not answered."""
    day = dates.plain(since.astimezone().date(), today)
    return _(
        "The committee has not answered yet: a file of this desk has waited for it since {day}."
    ).format(day=day)


def doubled() -> str:
    """Somebody works with a copy of this desk."""
    return _(
        "A copy of this desk is being worked with as well, here or on another computer. Nothing is"
        " lost: each gets the other’s work. Keep one of them, and join the office anew with the other."
    )


def of_copy(path: Path) -> str:
    """In the sub-folder of this desk lies a file that it has not written."""
    return _(
        "{file}: this computer did not write it, though it comes from this desk. Either a copy of the"
        " desk is being worked with, then keep one of them and join the office anew with the other;"
        " or this computer was put back to an earlier day, then there is nothing to do. The file stays"
        " there."
    ).format(file=path.name)


def _origin(told: Preview | Report, today: date) -> list[str]:
    if told.made_at is None:
        return []
    at = dates.moment(told.made_at.astimezone(), today)
    return [_("From {sender}, {when}.").format(sender=told.sender or _("the committee"), when=at)]


def _fate(told: Preview | Report, refusal: str = "") -> list[str]:
    """What becomes of a file. refusal: as in Preview."""
    match told.fate:
        case Fate.NEW | Fate.NOTHING_NEW:
            return _news(told) or _nothing_new(told.fate)
        case Fate.DUPLICATE:
            return [_("This file was already imported. There is nothing to do.")]
        case Fate.WAITING:
            return [
                _(
                    "Well received, but an earlier file is missing. "
                    "This one waits and will be imported by itself."
                )
            ]
        case Fate.REFUSAL:
            return [online.uninvited(refusal)]
        case Fate.BYGONE:
            return [
                _(
                    "This file answers an invitation that counts no more for this desk. "
                    "There is nothing to do."
                )
            ]


def _news(told: Preview | Report) -> list[str]:
    """What a file brings that is no record."""
    lines = []
    if told.acknowledged:
        received = _("The committee has received file no. {number} of this desk.")
        lines.append(received.format(number=told.acknowledged))
    if told.has_catalogue:
        lines.append(_("A newer catalogue of benefits."))
    if told.erased:
        lines.append(
            ngettext(
                "{n} person erased for good, as the committee decided.",
                "{n} people erased for good, as the committee decided.",
                told.erased,
            ).format(n=grouped(told.erased))
        )
    return lines


def _nothing_new(fate: Fate) -> list[str]:
    if fate is Fate.NEW:
        return []
    return [_("Nothing new in this file: everything is known already.")]


def _effect(effect: Effect) -> list[str]:
    changed, parallel = sum(effect.changed.values()), len(effect.parallel)
    open_ = effect.disagreements
    told = (
        *_new(effect.new),
        (changed, ngettext("{n} changed record.", "{n} changed records.", changed)),
        *_removed(effect.removed),
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
    return [sentence.format(n=grouped(count)) for count, sentence in told if count]


def _new(found: Mapping[Kind, int]) -> _Told:
    people, others = _people_apart(found)
    return (
        (people, ngettext("{n} new person.", "{n} new people.", people)),
        (
            others,
            ngettext("{n} other new record.", "{n} other new records.", others)
            if people
            else ngettext("{n} new record.", "{n} new records.", others),
        ),
    )


def _removed(found: Mapping[Kind, int]) -> _Told:
    people, others = _people_apart(found)
    return (
        (people, ngettext("{n} removed person.", "{n} removed people.", people)),
        (
            others,
            ngettext("{n} other removed record.", "{n} other removed records.", others)
            if people
            else ngettext("{n} removed record.", "{n} removed records.", others),
        ),
    )


def _people_apart(found: Mapping[Kind, int]) -> tuple[int, int]:
    """How many people, whom somebody counts, and how many other records."""
    people = found.get(Kind.MEMBER, 0)
    return people, sum(found.values()) - people


def preview_as_object(preview: Preview) -> dict[str, object]:
    """The preview in the shape that docs/command-line.md promises."""
    return {
        "sender": preview.sender,
        "number": preview.number,
        "made_at": instant(preview.made_at),
        "size": preview.size,
        "fate": preview.fate.value,
        "acknowledged": preview.acknowledged or None,
        "catalogue": preview.has_catalogue,
        "erased": preview.erased,
        "refusal": preview.refusal or None,
        "removes_much": _removes_much_object(preview.removes_much),
        **_effect_object(preview.effect),
    }


def _removes_much_object(trouble: RemovesMuch | None) -> dict[str, object] | None:
    if trouble is None:
        return None
    return {**trouble.details, "kind": trouble.kind.name.lower()}


def report_as_object(report: Report) -> dict[str, object]:
    """The report in the shape that docs/command-line.md promises."""
    return {
        "bundle": report.bundle.hex(),
        "sender": report.sender,
        "number": report.number,
        "made_at": instant(report.made_at),
        "fate": report.fate.value,
        "acknowledged": report.acknowledged or None,
        "catalogue": report.has_catalogue,
        "erased": report.erased,
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


def instant(at: datetime | None) -> str | None:
    """A moment as JSON has it."""
    return None if at is None else at.astimezone().isoformat(timespec="seconds")
