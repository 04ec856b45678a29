"""Meetings side by side where they overlap."""

from dataclasses import replace
from datetime import date, datetime

from hypothesis import given
from hypothesis import strategies as st

from correspondent_desk.domain.meetings import SessionId, SessionRow, SiteDraft, SiteRow
from correspondent_desk.domain.members import SiteId
from correspondent_desk.gui.meetings.days import Days, lanes, next_open

SPANS = st.lists(
    st.tuples(st.integers(0, 200), st.integers(1, 60)).map(lambda it: (it[0], sum(it))),
    max_size=12,
)


def test_what_does_not_overlap_has_the_whole_width() -> None:
    assert lanes([(0, 30), (30, 60)]) == [(0, 1), (0, 1)]


def test_a_chain_of_overlaps_shares_the_width() -> None:
    assert lanes([(0, 30), (15, 45), (30, 60)]) == [(0, 2), (1, 2), (0, 2)]


def test_the_next_open_day_is_that_of_the_site_or_of_any() -> None:
    christmas = date(2026, 12, 25)
    sites = [
        SiteRow(id=SiteId(number), draft=SiteDraft(name=name, department=department))
        for number, (name, department) in enumerate([("Colmar", "68"), ("Nancy", "54")])
    ]
    saturdays = (6,)
    sites = [replace(it, draft=replace(it.draft, open_weekdays=saturdays)) for it in sites]

    assert next_open(christmas, sites, SiteId(0)) == date(2027, 1, 2)  # not on Saint Stephen's
    assert next_open(christmas, sites, SiteId(1)) == date(2026, 12, 26)
    assert next_open(christmas, sites, None) == date(2026, 12, 26)
    assert next_open(christmas, [], None) == christmas


def test_a_drop_in_session_has_no_free_slot_on_a_day_off() -> None:
    one = SessionRow(
        id=SessionId(1),
        site_id=SiteId(1),
        site="",
        starts_at=datetime.fromisoformat("2026-12-25 09:00"),
        minutes=60,
        room="",
        label="",
    )
    day = one.starts_at.date()
    open_day = Days(days=(day,), sessions=(one,))

    assert len(open_day.free_slots(one)) == 2
    assert replace(open_day, holidays=((day, ("Christmas Day",)),)).free_slots(one) == []


@given(SPANS)
def test_no_two_meetings_cover_each_other(spans: list[tuple[int, int]]) -> None:
    placed = lanes(spans)

    for one, (start, end) in enumerate(spans):
        assert 0 <= placed[one][0] < placed[one][1]
        for other in range(one):
            begins, ends = spans[other]
            if start < ends and begins < end:
                assert placed[one][0] != placed[other][0]
                assert placed[one][1] == placed[other][1]
