"""Sheets of paper as PDF: the day sheet and the recovery sheet, in the language in use.

Made by Typst with its own fonts, so they look the same everywhere; tagged for screen readers
(PDF/UA-1) and for archives (PDF/A-2a). What people typed reaches Typst as data, never as markup.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Literal

from correspondent_desk.language import _, code, ngettext, pgettext

LETTERS = Path(__file__).parent.parent / "resources" / "letters"

_FONTS = ("Libertinus Serif", "DejaVu Sans Mono")
_STANDARDS: list[Literal["ua-1", "a-2a"]] = ["ua-1", "a-2a"]
_LARGE = 1.5
_PRINT_DPI = 300
_GAP = "\N{NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True, kw_only=True)
class DayMeeting:
    """A meeting of the day. where: place, room or phone number; prepare: what to have at hand.

    on_the_way: an address, a number, what access needs. about: the request behind the reason.
    outcome: how it ended; without one there are boxes to tick and room to write.
    """

    starts_at: time
    minutes: int
    person: str
    where: tuple[str, ...] = ()
    on_the_way: tuple[str, ...] = ()
    reason: str = ""
    about: str = ""
    prepare: tuple[str, ...] = ()
    outcome: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DayLine:
    """A line of the day: someone, what is to be done, and why it stands there."""

    person: str
    what: str
    why: str = ""
    phone: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DaySheet:
    """One day of one correspondent. remarks: a public holiday, an absence.

    callers: empty rows for who comes without an appointment. to_do and to_meet None: the sheet is
    about the meetings only. order: why to_do stands as it does, in a sentence.
    """

    day: date
    office: str
    correspondent: str = ""
    remarks: tuple[str, ...] = ()
    meetings: tuple[DayMeeting, ...] = ()
    callers: int = 0
    to_do: tuple[DayLine, ...] | None = ()
    order: str = ""
    to_meet: tuple[DayLine, ...] | None = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoverySheet:
    """The recovery code of a desk, in groups joined by hyphens as the desk writes it."""

    office: str
    code: str
    made_on: date


def day_sheet(*days: DaySheet, large_print: bool = False) -> bytes:
    """A PDF of the days, each on a page of its own (or more where it does not fit)."""
    return _pdf("day.typ", _day_data(days, large_print=large_print), days[0].day)


def day_sheet_pages(*days: DaySheet, large_print: bool = False) -> list[bytes]:
    """The same as a PNG for each page, for a printer."""
    return _pictures("day.typ", _day_data(days, large_print=large_print))


def recovery_sheet(sheet: RecoverySheet) -> bytes:
    """A PDF of one page."""
    return _pdf("recovery.typ", _recovery_data(sheet), sheet.made_on)


def recovery_sheet_pages(sheet: RecoverySheet) -> list[bytes]:
    """The same as a PNG for each page, for a printer."""
    return _pictures("recovery.typ", _recovery_data(sheet))


# --- what stands on the paper ---------------------------------------------------------------------


def _day_data(days: Sequence[DaySheet], *, large_print: bool) -> dict[str, object]:
    words = {
        "footer": _("Personal data: keep it with you, destroy it after use."),
        "prepare": _("To prepare:"),
        "outcomes": [
            pgettext("meeting", "came"),
            pgettext("meeting", "sent apologies"),
            pgettext("meeting", "did not come"),
        ],
        "callers": [_("Name and phone"), _("What it is about, next step")],
    }
    title = _("Day sheet: {day}").format(day=_day_in_words(days[0].day))
    return {
        **_common(title, days[0].office, words, large_print=large_print),
        "days": [_one_day(day) for day in days],
    }


def _one_day(sheet: DaySheet) -> dict[str, object]:
    count = len(sheet.meetings)
    title = ngettext("{n} meeting", "{n} meetings", count).format(n=count)
    parts = [
        _part(
            title if count else _("Meetings"),
            _("No meeting."),
            meetings=[_meeting(one) for one in sheet.meetings],
        )
    ]
    if sheet.callers:
        parts.append(_part(_("Came without an appointment"), "", callers=sheet.callers))
    if sheet.to_do is not None:
        nothing = _("Nothing is due.")
        parts.append(_part(_("To do, in this order"), nothing, sheet.to_do, why=sheet.order))
    if sheet.to_meet is not None:
        nobody = _("Nobody is waiting for a meeting.")
        parts.append(_part(_("People to meet"), nobody, sheet.to_meet))
    return {
        "title": _day_in_words(sheet.day),
        "whose": [line for line in (sheet.office, sheet.correspondent) if line],
        "remarks": sheet.remarks,
        "parts": parts,
    }


def _part(
    title: str,
    nothing: str,
    entries: Sequence[DayLine] = (),
    meetings: Sequence[Mapping[str, object]] = (),
    why: str = "",
    callers: int = 0,
) -> dict[str, object]:
    return {
        "title": title,
        "why": why,
        "nothing": nothing,
        "meetings": meetings,
        "callers": callers,
        "entries": [
            {"person": line.person, "what": line.what, "why": line.why, "phone": line.phone}
            for line in entries
        ],
    }


def _meeting(meeting: DayMeeting) -> dict[str, object]:
    length = _("{n} min").format(n=meeting.minutes)
    return {
        "time": _clock(meeting.starts_at),
        "person": meeting.person,
        "where": [*meeting.where, length],
        "way": meeting.on_the_way,
        "reason": meeting.reason,
        "about": meeting.about,
        "prepare": meeting.prepare,
        "outcome": meeting.outcome,
    }


def _recovery_data(sheet: RecoverySheet) -> dict[str, object]:
    words = {
        "footer": _("Whoever holds this sheet and the computer can read everything in the desk."),
        "made": _("Made on {day}.").format(day=_day_in_words(sheet.made_on, capital=False)),
        "what": _(
            "If the passphrase is forgotten, this code opens the desk. "
            "Without passphrase or code nobody can open it, not even those who made the program; "
            "only a committee whose hub the desk has joined can, if it keeps a recovery key."
        ),
        "code": _("Recovery code"),
        "signs": _(
            "Capitals and small letters are the same. There is no letter O and no letter I: "
            "what looks like them is a zero or a one."
        ),
    }
    use = [
        _("Start the program on the computer of the desk."),
        _("Choose “{choice}”.").format(choice=_("The passphrase is lost")),
        _("Type the six groups in their order."),
        _("Choose a new passphrase. This sheet stays valid."),
    ]
    keep = [
        _("In a sealed envelope, in a locked cupboard or a safe."),
        _("Never with the computer, never as a photograph, never in a mail."),
        _("Tell one person you trust where it is."),
        _(
            "If it is lost or was read, make a new one in the settings: this one opens nothing then."
        ),
    ]
    return {
        **_common(_("Recovery sheet"), sheet.office, words),
        "groups": sheet.code.split("-"),
        "parts": [
            {"title": _("If the passphrase is lost"), "steps": use, "ordered": True},
            {"title": _("Where to keep this sheet"), "steps": keep, "ordered": False},
        ],
        "blanks": [_("Handed to:"), _("Date and signature:")],
    }


def _common(
    title: str, office: str, words: Mapping[str, object], *, large_print: bool = False
) -> dict[str, object]:
    return {
        "title": title,
        "office": office,
        "words": words,
        "lang": code(),
        "region": "FR" if code() == "fr" else "GB",
        "scale": _LARGE if large_print else 1.0,
        "fonts": _FONTS,
    }


def _day_in_words(day: date, *, capital: bool = True) -> str:
    """Tuesday 24 November 2026, with a capital at the start of a line."""
    from babel.dates import format_date

    text = format_date(day, "EEEE d MMMM y", locale=code())
    if code() == "fr":
        text = text.replace(" 1 ", " 1er ")
    return text[:1].upper() + text[1:] if capital else text


def _clock(at: time) -> str:
    if code() == "fr":
        return f"{at.hour}{_GAP}h{_GAP}{at.minute:02}" if at.minute else f"{at.hour}{_GAP}h"
    return f"{at.hour:02}:{at.minute:02}"


# --- Typst ----------------------------------------------------------------------------------------


def _pdf(template: str, data: Mapping[str, object], day: date) -> bytes:
    import typst

    # Dated by what it is about, so that the same sheet has the same bytes.
    made = datetime.combine(day, time(), UTC)
    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    try:
        compiler = typst.Compiler(
            LETTERS / template, root=LETTERS, ignore_system_fonts=True, sys_inputs=inputs
        )
        found = compiler.compile(format="pdf", pdf_standards=list(_STANDARDS), timestamp=made)
    except typst.TypstError:
        # A name in a script that the embedded fonts lack: readable, at the price of the standards.
        compiler = typst.Compiler(LETTERS / template, root=LETTERS, sys_inputs=inputs)
        found = compiler.compile(format="pdf", timestamp=made)
    return found if isinstance(found, bytes) else b"".join(found or ())


def _pictures(template: str, data: Mapping[str, object]) -> list[bytes]:
    import typst

    inputs = {"data": json.dumps(data, ensure_ascii=False)}
    compiler = typst.Compiler(LETTERS / template, root=LETTERS, sys_inputs=inputs)
    found = compiler.compile(format="png", ppi=_PRINT_DPI)
    return [found] if isinstance(found, bytes) else list(found or ())
