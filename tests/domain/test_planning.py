from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from correspondent_desk.domain.meetings import MeetingDraft, SiteDraft
from correspondent_desk.domain.planning import (
    Span,
    first_free,
    free_slots,
    is_over,
    next_open,
    occurrences,
    open_hours,
    span,
    zone_of,
)

PARIS = ZoneInfo("Europe/Paris")
THURSDAY = date(2026, 12, 3)
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=PARIS)


SITE = SiteDraft(name="Mairie", department="67", opens_at=time(8, 30), closes_at=time(12))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text)


def on_thursday(drawn: str) -> Span:
    """ "09:00-10:30", in Paris."""
    start, end = (time.fromisoformat(text) for text in drawn.split("-"))
    return Span(datetime.combine(THURSDAY, start, PARIS), datetime.combine(THURSDAY, end, PARIS))


def drawn(spans: list[Span]) -> str:
    return " ".join(f"{one.start:%H:%M}-{one.end:%H:%M}" for one in spans)


@pytest.mark.parametrize(
    ("department", "zone"),
    [
        ("67", "Europe/Paris"),
        ("2A", "Europe/Paris"),
        ("", "Europe/Paris"),
        ("971", "America/Guadeloupe"),
        ("972", "America/Martinique"),
        ("973", "America/Cayenne"),
        ("974", "Indian/Reunion"),
        ("975", "America/Miquelon"),
        ("976", "Indian/Mayotte"),
        ("977", "America/St_Barthelemy"),
        ("978", "America/Marigot"),
        ("986", "Pacific/Wallis"),
        ("987", "Pacific/Tahiti"),
        ("988", "Pacific/Noumea"),
    ],
)
def test_every_department_keeps_its_time(department: str, zone: str) -> None:
    assert zone_of(department) == zone
    assert ZoneInfo(zone_of(department)).key == zone


@pytest.mark.parametrize(
    ("starts_at", "minutes", "zone", "starts_utc", "shown_end"),
    [
        ("2026-11-23T09:30", 30, "Europe/Paris", "2026-11-23T08:30", "10:00"),
        ("2026-07-23T09:30", 30, "Europe/Paris", "2026-07-23T07:30", "10:00"),
        ("2026-11-23T09:30", 30, "America/Martinique", "2026-11-23T13:30", "10:00"),
        ("2026-07-23T09:30", 30, "Indian/Reunion", "2026-07-23T05:30", "10:00"),
        ("2026-07-23T09:30", 30, "America/Miquelon", "2026-07-23T11:30", "10:00"),
        ("2026-11-23T09:30", 30, "Pacific/Noumea", "2026-11-22T22:30", "10:00"),
        # The clocks go forward on 29 March and back on 25 October 2026.
        ("2026-03-29T01:30", 60, "Europe/Paris", "2026-03-29T00:30", "03:30"),
        ("2026-03-29T02:30", 60, "Europe/Paris", "2026-03-29T01:30", "04:30"),
        ("2026-10-25T01:30", 120, "Europe/Paris", "2026-10-24T23:30", "02:30"),
        ("2026-10-25T02:30", 60, "Europe/Paris", "2026-10-25T00:30", "02:30"),
        ("2026-10-25T03:30", 60, "Europe/Paris", "2026-10-25T02:30", "04:30"),
    ],
)
def test_a_slot_is_a_wall_clock_time_of_its_place(
    *, starts_at: str, minutes: int, zone: str, starts_utc: str, shown_end: str
) -> None:
    slot = span(at(starts_at), minutes, zone)
    utc = slot.in_zone(UTC)

    assert utc.start == at(starts_utc).replace(tzinfo=UTC)
    assert utc.end - utc.start == timedelta(minutes=minutes)
    assert f"{slot.end:%H:%M}" == shown_end


def test_overlaps_are_between_moments_not_between_what_clocks_show() -> None:
    first_time = span(at("2026-10-25T02:00"), 30, "Europe/Paris")
    second_time = Span(first_time.start.replace(fold=1), first_time.end.replace(fold=1))
    paris = span(at("2026-11-23T09:00"), 60, "Europe/Paris")
    reunion = span(at("2026-11-23T12:30"), 60, "Indian/Reunion")

    assert not first_time.overlaps(second_time)
    assert paris.overlaps(reunion)
    assert not paris.overlaps(span(at("2026-11-23T09:00"), 60, "Indian/Reunion"))


def test_one_meeting_may_start_when_another_ends() -> None:
    assert not on_thursday("09:00-10:00").overlaps(on_thursday("10:00-11:00"))
    assert on_thursday("09:00-10:01").overlaps(on_thursday("10:00-11:00"))


@pytest.mark.parametrize(
    ("busy", "free"),
    [
        ("", "08:30-12:00"),
        ("09:00-10:00", "08:30-09:00 10:00-12:00"),
        ("08:00-08:45 11:30-13:00", "08:45-11:30"),
        ("10:00-11:00 09:00-10:15 10:30-10:45", "08:30-09:00 11:00-12:00"),
        ("08:45-09:00 09:20-11:45", ""),
        ("08:00-18:00", ""),
        ("06:00-07:00 14:00-15:00", "08:30-12:00"),
        ("08:30-11:30", "11:30-12:00"),
    ],
)
def test_free_slots_are_the_gaps_that_are_long_enough(busy: str, free: str) -> None:
    taken = [on_thursday(text) for text in busy.split()]

    found = free_slots(taken, on_thursday("08:30-12:00"), timedelta(minutes=30))

    assert drawn(found) == free


def test_a_meeting_takes_time() -> None:
    with pytest.raises(ValueError, match="0:00:00"):
        free_slots([], on_thursday("08:30-12:00"), timedelta(0))


def test_a_night_in_which_the_clocks_change_has_its_true_length() -> None:
    spring = Span(
        datetime(2026, 3, 29, 1, 0, tzinfo=PARIS), datetime(2026, 3, 29, 4, 0, tzinfo=PARIS)
    )

    assert free_slots([], spring, timedelta(hours=2)) == [spring]
    assert free_slots([], spring, timedelta(hours=3)) == []


minute = st.integers(0, 24 * 60 - 1)
spans = st.tuples(minute, minute).filter(lambda two: two[0] < two[1])


@given(busy=st.lists(spans, max_size=8), hours=spans, length=st.integers(1, 120))
def test_free_slots_and_busy_ones_never_meet_and_nothing_is_forgotten(
    busy: list[tuple[int, int]], hours: tuple[int, int], length: int
) -> None:
    midnight = datetime(2026, 12, 3, tzinfo=PARIS)

    def between(start: int, end: int) -> Span:
        return Span(midnight + timedelta(minutes=start), midnight + timedelta(minutes=end))

    taken = [between(*one) for one in busy]
    free = free_slots(taken, between(*hours), timedelta(minutes=length))

    def is_free(start: int) -> bool:
        wanted = between(start, start + length)
        return not any(wanted.overlaps(one) for one in taken)

    possible = {n for n in range(hours[0], hours[1] - length + 1) if is_free(n)}
    offered = {
        n
        for gap in free
        for n in range(
            int((gap.start - midnight).total_seconds()) // 60,
            int((gap.end - midnight).total_seconds()) // 60 - length + 1,
        )
    }
    assert offered == possible
    assert free == sorted(free, key=lambda gap: gap.start)


@pytest.mark.parametrize(
    ("busy", "expected"),
    [
        ("", "09:00-09:30"),
        ("09:00-09:10", "09:10-09:40"),
        ("09:00-10:00", "14:00-14:30"),
        ("09:00-10:00 14:00-16:00", ""),
    ],
)
def test_the_next_drop_in_session_offers_its_first_gap(busy: str, expected: str) -> None:
    taken = [on_thursday(text) for text in busy.split()]
    sessions = [on_thursday("14:00-16:00"), on_thursday("09:00-10:00")]

    found = first_free(taken, sessions, timedelta(minutes=30))

    assert drawn([found] if found else []) == expected


@pytest.mark.parametrize(
    ("until", "first", "last", "days"),
    [
        (None, "2026-11-30", "2026-12-06", "2026-12-03"),
        (None, "2026-12-04", "2026-12-31", ""),
        ("2026-12-20", "2026-11-30", "2026-12-31", "2026-12-03 2026-12-10 2026-12-17"),
        ("2026-12-17", "2026-12-08", "2026-12-31", "2026-12-10 2026-12-17"),
        ("2026-12-31", "2026-12-17", "2026-12-17", "2026-12-17"),
        ("2026-12-31", "2026-12-18", "2026-12-23", ""),
        ("2026-12-31", "2027-01-04", "2027-01-10", ""),
    ],
)
def test_a_weekly_session_takes_place_until_its_last_day(
    until: str | None, first: str, last: str, days: str
) -> None:
    found = occurrences(
        at("2026-12-03T12:45"),
        date.fromisoformat(until) if until else None,
        date.fromisoformat(first),
        date.fromisoformat(last),
    )

    assert [one.isoformat() for one in found] == [f"{day}T12:45:00" for day in days.split()]


def test_opening_hours_are_those_of_the_place() -> None:
    overseas = replace(SITE, department="974")
    hours = open_hours(overseas, THURSDAY)

    assert hours == span(at("2026-12-03T08:30"), 210, "Indian/Reunion")
    assert open_hours(SITE, date(2026, 12, 6)) is None
    assert open_hours(replace(SITE, closes_at=SITE.opens_at), THURSDAY) is None


def test_no_day_of_a_public_holiday_is_the_next_open_one() -> None:
    good_friday = date(2026, 4, 3)  # Monday is Easter Monday
    days = [good_friday + timedelta(days=place) for place in range(7)]
    kept = replace(SITE, good_friday=True)

    assert next_open(kept, days) == date(2026, 4, 7)
    assert next_open(SITE, days) == good_friday
    assert next_open(replace(kept, open_weekdays=(1,)), days) is None


def test_a_meeting_is_over_when_its_time_has_passed() -> None:
    starts_at = at("2026-11-22T11:30")
    overseas = MeetingDraft(starts_at=starts_at, minutes=30, zone="Indian/Reunion")

    assert is_over(overseas, NOW)
    assert not is_over(replace(overseas, minutes=31), NOW)
    assert not is_over(MeetingDraft(), NOW)
