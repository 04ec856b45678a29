"""The days of the calendar on paper."""

from collections.abc import Iterator

from correspondent_desk.formats.sheets import DaySheet
from correspondent_desk.gui.meetings.days import Days
from correspondent_desk.gui.meetings.reading import Found
from correspondent_desk.messages import on_paper


def sheets(found: Found, shown: Days, known: on_paper.Known) -> Iterator[DaySheet]:
    """A sheet for each day that has meetings; of a day shown alone, in any case."""
    for day in shown.days:
        rows = [
            it for it in shown.meetings if it.draft.starts_at and it.draft.starts_at.date() == day
        ]
        away = shown.absence(day)
        if rows or len(shown.days) == 1:
            empty = on_paper.head(
                day,
                found.office,
                found.person,
                holidays=shown.holiday(day),
                absences=[away] if away else [],
                sessions=shown.sessions_on(day),
            )
            yield on_paper.only_meetings(empty, rows, known)
