"""What speaks against a time, in a sentence each; nothing forbids it."""

from collections.abc import Mapping
from typing import assert_never

from correspondent_desk.domain.meetings import AbsenceRow, MeetingRow
from correspondent_desk.domain.planning import FreeSlot, SlotWarning, WarningKind
from correspondent_desk.language import _
from correspondent_desk.messages import dates, people


def sentence(
    warning: SlotWarning,
    meetings: Mapping[int, MeetingRow] | None = None,
    absences: Mapping[int, AbsenceRow] | None = None,
) -> str:
    """What stands in the way. meetings, absences: those it may point to, by id, to be named."""
    match warning.kind:
        case WarningKind.SAME_MEMBER | WarningKind.SAME_CORRESPONDENT | WarningKind.SAME_ROOM:
            return _overlap(warning.kind, (meetings or {}).get(warning.meeting_id or 0))
        case WarningKind.SESSION_ELSEWHERE:
            return _("There is a drop-in session elsewhere at this time.")
        case WarningKind.ABSENCE:
            absence = (absences or {}).get(warning.absence_id or 0)
            if absence and absence.label:
                return _("An absence is noted on this day: {label}.").format(label=absence.label)
            return _("An absence is noted on this day.")
        case WarningKind.HOLIDAY:
            return _("This day is a public holiday: {names}.").format(
                names=", ".join(warning.holidays)
            )
        case WarningKind.CLOSED_DAY:
            return _("The site is closed on this day.")
        case WarningKind.OUTSIDE_HOURS:
            return _("The site is closed at this time.")
        case WarningKind.IN_THE_PAST:
            return _("This time has passed.")
        case _:
            assert_never(warning.kind)


def _overlap(kind: WarningKind, other: MeetingRow | None) -> str:
    at = dates.clock(other.draft.starts_at) if other and other.draft.starts_at else ""
    name = people.shown_name(other) if other else ""
    match kind:
        case WarningKind.SAME_MEMBER if at:
            return _("{name} has another meeting at this time, at {time}.").format(
                name=name, time=at
            )
        case WarningKind.SAME_MEMBER:
            return _("This person has another meeting at this time.")
        case WarningKind.SAME_ROOM if at:
            return _("The room is taken at {time}, for {name}.").format(name=name, time=at)
        case WarningKind.SAME_ROOM:
            return _("The room is taken at this time.")
        case _ if at:
            return _("You have another meeting at {time}, with {name}.").format(name=name, time=at)
        case _:
            return _("You have another meeting at this time.")


def free_slot(slot: FreeSlot) -> str:
    """A time that could be agreed on: Tuesday 1 December, 09:30, drop-in session, Town hall."""
    at = dates.moment_plain(slot.starts_at)
    if slot.session_id is not None:
        return _("{time}, drop-in session, {site}").format(time=at, site=slot.site)
    return _("{time}, {site}").format(time=at, site=slot.site)
