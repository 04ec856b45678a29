"""The days of the calendar on paper."""

from collections.abc import Iterator

from correspondent_desk.formats.sheets import DaySheet
from correspondent_desk.gui.meetings.days import Days
from correspondent_desk.gui.meetings.reading import Found
from correspondent_desk.language import _
from correspondent_desk.messages import planning, today_page


def sheets(found: Found, shown: Days) -> Iterator[DaySheet]:
    """A sheet for each day that has meetings; of a day shown alone, in any case."""
    for day in shown.days:
        rows = [
            it for it in shown.meetings if it.draft.starts_at and it.draft.starts_at.date() == day
        ]
        away = shown.absence(day)
        remarks = [_("Public holiday: {name}").format(name=name) for name in shown.holiday(day)]
        remarks += [planning.absence(away, day)] if away else []
        remarks += [planning.session(it) for it in shown.sessions_on(day)]
        if rows or len(shown.days) == 1:
            yield today_page.meetings_sheet(day, rows, found.office, found.person, tuple(remarks))
