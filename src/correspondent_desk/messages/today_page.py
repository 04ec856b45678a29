"""The page of the day in words and as one JSON object."""

from collections.abc import Iterator
from datetime import date

from correspondent_desk.domain.decisions import DecisionLine
from correspondent_desk.domain.meetings import MeetingRow, MeetingStatus
from correspondent_desk.domain.members import MemberId
from correspondent_desk.domain.today import PersonToMeet, ToCheck, TodayLine, TodayPage
from correspondent_desk.language import _, ngettext
from correspondent_desk.messages import dates, decisions, labels, people, planning, reasons
from correspondent_desk.store.places import PlaceRisk, Risk

_SIGNS = {
    reasons.Urgency.LATE: "!",
    reasons.Urgency.SOON: "●",
    reasons.Urgency.NONE: "○",
}


# --- words ----------------------------------------------------------------------------------------


def in_words(page: TodayPage, today: date) -> list[str]:
    """The page line by line, as a terminal shows it: titles, then what stands under them."""
    told = [heading(page.today)]
    if page.is_sorted:
        return [*told, all_sorted(page, today)]
    to_do = filter(None, (reasons.order(page.lines), *_lines_in_words(page, today)))
    parts = (
        (_("Meetings"), [spoken_meeting(row) for row in page.meetings]),
        (_("Decisions of the committee"), [decisions.in_one_line(one) for one in page.decisions]),
        (_("To do, in this order"), list(to_do)),
        (_("People to meet"), [spoken_person(one, today) for one in page.people]),
        (_("To check"), to_check(page.to_check)),
    )
    for title, lines in parts:
        if lines:
            told += ["", title, *(f"  {line}" for line in lines)]
    return told


def heading(day: date) -> str:
    """The day as the title of the page: Thursday 3 December."""
    words = dates.plain(day, day)
    return words[:1].upper() + words[1:]


def all_sorted(page: TodayPage, today: date) -> str:
    """What the page says when nothing is left."""
    coming = page.next_meeting
    if coming is None or coming.draft.starts_at is None:
        return _("All is sorted. No meeting is planned.")
    return _("All is sorted. Next meeting: {moment}.").format(
        moment=dates.moment_plain(coming.draft.starts_at, today)
    )


def to_check(counts: ToCheck) -> list[str]:
    """What waits for a look, one sentence each; nothing where nothing does."""
    return [
        sentence
        for sentence in (
            deceased_to_check(len(counts.planned_with_deceased)),
            meetings_to_check(counts.meetings_without_outcome),
            disagreements_to_check(counts.disagreements),
            bundles_to_check(counts.bundles_waiting),
            no_sheet() if counts.lacks_recovery_sheet else "",
        )
        if sentence
    ]


def deceased_to_check(n: int) -> str:
    """With how many people who have died something is planned; nothing for none."""
    words = ngettext(
        "A meeting is still planned with {n} person who has died",
        "Meetings are still planned with {n} people who have died",
        n,
    )
    return words.format(n=n) if n else ""


def meetings_to_check(n: int) -> str:
    """How many past meetings have no outcome; nothing for none."""
    words = ngettext(
        "{n} past meeting without an outcome", "{n} past meetings without an outcome", n
    )
    return words.format(n=n) if n else ""


def disagreements_to_check(n: int) -> str:
    """How many fields were written at two desks at once; nothing for none."""
    words = ngettext("{n} disagreement between two desks", "{n} disagreements between desks", n)
    return words.format(n=n) if n else ""


def bundles_to_check(n: int) -> str:
    """How many files of another desk wait; nothing for none."""
    words = ngettext("{n} exchange file waiting", "{n} exchange files waiting", n)
    return words.format(n=n) if n else ""


def no_sheet() -> str:
    """That nobody has a code on paper which opens this desk."""
    return _("No recovery sheet of this desk was printed or saved yet")


def unsafe_place(risk: PlaceRisk) -> str:
    """That the desk lies where another program, a cut line or the disk may damage it."""
    if risk.risk is Risk.LOST:
        told = _("The disk may have lost what was saved last on this desk")
    elif risk.risk is Risk.SYNCHRONISED:
        told = _("{service} copies the folder of this desk while it is in use")
    else:
        told = _("The folder of this desk is on a network drive ({service})")
    return told.format(service=risk.service)


def more_of(n: int) -> str:
    """How many lines are not shown."""
    return ngettext("{n} other", "{n} others", n).format(n=n)


def to_prepare(row: MeetingRow) -> str:
    """What to have at hand for a meeting; nothing where nothing is written."""
    what = " · ".join(in_lines(row.draft.bring))
    return f"{_('To prepare:')} {what}" if what else ""


def spoken_line(line: TodayLine, today: date) -> str:
    """A line as one sentence: urgency, whom, what, next step, why."""
    return ", ".join(
        filter(
            None,
            (
                reasons.urgency_word(line.line),
                reasons.title(line),
                line.line.next_what,
                reasons.of_line(line, today),
            ),
        )
    )


def spoken_meeting(row: MeetingRow) -> str:
    """A meeting of the day in one line."""
    parts = [people.shown_name(row), planning.where(row), planning.reason(row)]
    is_planned = row.status is MeetingStatus.PLANNED
    parts.append(to_prepare(row) if is_planned else labels.meeting_status(row.status))
    return f"{_starts(row)}  {' · '.join(filter(None, parts))}"


def _lines_in_words(page: TodayPage, today: date) -> Iterator[str]:
    for line in page.lines:
        sign = _SIGNS[reasons.urgency(line.line)]
        parts = (reasons.title(line), line.line.next_what, reasons.of_line(line, today))
        yield f"{sign} {' — '.join(filter(None, parts))}"
    if page.more:
        yield more_of(sum(page.more.values()))


def spoken_person(person: PersonToMeet, today: date) -> str:
    """Who should be met, and why, in one line."""
    return f"{people.list_name(person.member)} — {reasons.of_person(person, today)}"


def _starts(row: MeetingRow) -> str:
    return dates.clock(row.draft.starts_at) if row.draft.starts_at else ""


def in_lines(text: str) -> list[str]:
    """The lines of a text that say something."""
    return [line.strip() for line in text.splitlines() if line.strip()]


# --- one object -----------------------------------------------------------------------------------


def as_object(page: TodayPage, today: date) -> dict[str, object]:
    """The page as JSON: dates ISO, codes as stored, ids of this desk; why says each line in words."""
    return {
        "date": page.today.isoformat(),
        "sorted": page.is_sorted,
        "meetings": [_meeting_object(row) for row in page.meetings],
        "decisions": [_decision_object(one) for one in page.decisions],
        "lines": [_line_object(line, today) for line in page.lines],
        "more": {kind.value: count for kind, count in page.more.items()},
        "people": [_person_object(person, today) for person in page.people],
        "to_check": {
            "meetings_without_outcome": page.to_check.meetings_without_outcome,
            "disagreements": page.to_check.disagreements,
            "bundles_waiting": page.to_check.bundles_waiting,
            "planned_with_deceased": list(page.to_check.planned_with_deceased),
            "lacks_recovery_sheet": page.to_check.lacks_recovery_sheet,
        },
        "next_meeting": _meeting_object(page.next_meeting) if page.next_meeting else None,
    }


def _meeting_object(row: MeetingRow) -> dict[str, object]:
    draft = row.draft
    return {
        "id": row.id,
        "starts_at": draft.starts_at.isoformat("T", "minutes") if draft.starts_at else None,
        "minutes": draft.minutes,
        "status": row.status.value,
        "member": _member_object(draft.member_id, people.shown_name(row)),
        "request": draft.request_id,
        "mode": draft.mode.value,
        "site": row.site,
        "room": draft.room,
        "reason": draft.reason,
        "bring": draft.bring,
    }


def _line_object(line: TodayLine, today: date) -> dict[str, object]:
    one = line.line
    return {
        "kind": one.kind.value,
        "request": one.request_id,
        "member": _member_object(one.member_id, people.shown_name(line.request)),
        "subject": reasons.about(line.request),
        "next_what": one.next_what,
        "next_who": one.who.value,
        "on": one.on.isoformat(),
        "days": one.days,
        "post_by": one.until.isoformat() if one.until else None,
        "missing": list(one.missing),
        "why": reasons.of_line(line, today),
    }


def _decision_object(line: DecisionLine) -> dict[str, object]:
    request = line.request
    return decisions.as_object(line.decision) | {
        "request": request.id,
        "member": _member_object(request.member_id, people.shown_name(request)),
        "subject": reasons.about(request),
        "suggested": line.suggested.value if line.suggested else None,
    }


def _person_object(person: PersonToMeet, today: date) -> dict[str, object]:
    reason = person.reason
    return {
        "kind": reason.why.value,
        "member": _member_object(person.member.id, people.shown_name(person.member)),
        "request": reason.request_id,
        "meeting": reason.meeting_id,
        "since": reason.since.isoformat(),
        "last_seen_on": reason.last_seen_on.isoformat() if reason.last_seen_on else None,
        "why": reasons.of_person(person, today),
    }


def _member_object(id_: MemberId | None, name: str) -> dict[str, object]:
    return {"id": id_, "name": name}
