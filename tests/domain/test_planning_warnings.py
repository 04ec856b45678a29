from dataclasses import replace
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from correspondent_desk.domain.calendar_days import public_holidays
from correspondent_desk.domain.meetings import (
    AbsenceId,
    AbsenceRow,
    MeetingDraft,
    MeetingId,
    MeetingRow,
    MeetingStatus,
    Mode,
    SessionId,
    SessionRow,
    SiteDraft,
)
from correspondent_desk.domain.members import Civility, MemberId, SiteId
from correspondent_desk.domain.planning import SlotWarning, WarningKind, warnings

PARIS = ZoneInfo("Europe/Paris")
NOW = datetime(2026, 11, 22, 9, 0, tzinfo=PARIS)
at = datetime.fromisoformat

SITE = SiteDraft(name="Mairie", department="67", opens_at=time(8, 30), closes_at=time(12))
MEETING = MeetingDraft(
    member_id=MemberId(1),
    starts_at=at("2026-12-03T09:30"),
    minutes=30,
    site_id=SiteId(1),
    room="Salle B",
)


def planned(id_: int = 5, person: str = "Mme Roux", **changes: Any) -> MeetingRow:
    status = changes.pop("status", MeetingStatus.PLANNED)
    return MeetingRow(
        id=MeetingId(id_),
        draft=replace(MEETING, **changes),
        status=status,
        outcome="",
        civility=Civility.MR,
        first_name="Jean",
        usage_name="",
        family_name="Petit",
        phone="",
        site="Mairie",
        request_subject="",
        is_sensitive=False,
        person=person,
    )


def kinds(found: list[SlotWarning]) -> list[str]:
    return [one.kind.value for one in found]


@pytest.mark.parametrize(
    ("other", "kind"),
    [
        pytest.param(planned(), "same-member", id="the same member"),
        pytest.param(planned(member_id=MemberId(2)), "same-correspondent", id="the same host"),
        pytest.param(
            planned(member_id=MemberId(2), person="M. Petit", room="salle b"),
            "same-room",
            id="the same room",
        ),
        pytest.param(
            planned(member_id=MemberId(2), person="M. Petit", room=""), None, id="no room named"
        ),
        pytest.param(
            planned(member_id=MemberId(2), person="M. Petit", room="Salle C"), None, id="next door"
        ),
        pytest.param(
            planned(member_id=MemberId(2), person="M. Petit", site_id=SiteId(2)),
            None,
            id="a room of that name elsewhere",
        ),
        pytest.param(
            planned(member_id=MemberId(2), person="M. Petit", mode=Mode.PHONE),
            None,
            id="a call takes no room",
        ),
        pytest.param(planned(starts_at=at("2026-12-03T10:00")), None, id="just after"),
        pytest.param(planned(starts_at=at("2026-12-03T09:00")), None, id="just before"),
        pytest.param(planned(starts_at=at("2026-12-03T09:45")), "same-member", id="in the middle"),
        pytest.param(
            planned(starts_at=at("2026-12-03T12:30"), zone="Indian/Reunion"),
            "same-member",
            id="the same moment elsewhere",
        ),
        pytest.param(planned(starts_at=None), None, id="no time yet"),
        pytest.param(planned(status=MeetingStatus.CANCELLED), None, id="cancelled"),
        pytest.param(planned(status=MeetingStatus.MOVED), None, id="moved away"),
        pytest.param(planned(9), None, id="itself, being moved"),
    ],
)
def test_what_two_meetings_cannot_share(other: MeetingRow, kind: str | None) -> None:
    found = warnings(
        MEETING, person="Mme Roux", now=NOW, meeting_id=MeetingId(9), busy=[other], site=SITE
    )

    assert kinds(found) == ([kind] if kind else [])
    assert all(one.meeting_id == other.id for one in found)


def test_a_meeting_without_a_member_is_nobodys_double() -> None:
    draft = replace(MEETING, member_id=None)
    other = planned(member_id=None, person="M. Petit", room="")

    assert warnings(draft, person="Mme Roux", now=NOW, busy=[other]) == []


def test_overlaps_come_with_the_gravest_first() -> None:
    found = warnings(
        MEETING,
        person="Mme Roux",
        now=NOW,
        busy=[
            planned(5, member_id=MemberId(2), person="M. Petit"),
            planned(6, member_id=MemberId(3)),
            planned(7),
        ],
    )

    assert [one.meeting_id for one in found] == [7, 6, 5]


def session(site: int, starts_at: str = "2026-12-03T09:00") -> SessionRow:
    return SessionRow(
        id=SessionId(3),
        site_id=SiteId(site),
        site="",
        starts_at=at(starts_at),
        minutes=120,
        room="",
        label="",
    )


@pytest.mark.parametrize(
    ("one", "changes", "expected"),
    [
        (session(2), {}, ["session-elsewhere"]),
        (session(1), {}, []),
        (session(1), {"mode": Mode.HOME}, ["session-elsewhere"]),
        (session(2, "2026-12-03T10:00"), {}, []),
    ],
)
def test_a_drop_in_session_keeps_its_correspondent(
    one: SessionRow, changes: dict[str, Any], expected: list[str]
) -> None:
    found = warnings(replace(MEETING, **changes), person="Mme Roux", now=NOW, sessions=[one])

    assert kinds(found) == expected


def test_within_a_session_here_neither_another_elsewhere_nor_closing_hours_warn() -> None:
    late = at("2026-12-03T19:00")
    here, elsewhere = session(1, "2026-12-03T18:00"), session(2, "2026-12-03T18:00")
    draft = replace(MEETING, starts_at=late)

    found = warnings(draft, person="Mme Roux", now=NOW, sessions=[here, elsewhere], site=SITE)
    beyond = replace(draft, minutes=90)

    assert kinds(found) == []
    late_too = warnings(beyond, person="Mme Roux", now=NOW, sessions=[here], site=SITE)
    assert kinds(late_too) == ["outside-hours"]


def away(first: str, last: str, person: str = "Mme Roux") -> AbsenceRow:
    return AbsenceRow(
        id=AbsenceId(4),
        first_day=date.fromisoformat(first),
        last_day=date.fromisoformat(last),
        label="congés",
        person=person,
    )


@pytest.mark.parametrize(
    ("absence", "expected"),
    [
        (away("2026-12-01", "2026-12-03"), ["absence"]),
        (away("2026-12-03", "2026-12-03"), ["absence"]),
        (away("2026-12-04", "2026-12-31"), []),
        (away("2026-11-01", "2026-12-02"), []),
        (away("2026-12-01", "2026-12-05", "M. Petit"), []),
    ],
)
def test_own_absences_warn(absence: AbsenceRow, expected: list[str]) -> None:
    assert kinds(warnings(MEETING, person="Mme Roux", now=NOW, absences=[absence])) == expected


def test_holidays_warn_with_their_names() -> None:
    draft = replace(MEETING, starts_at=at("2027-05-06T09:30"))
    found = warnings(
        draft, person="Mme Roux", now=NOW, holidays=public_holidays([2027], "67", language="en")
    )

    assert found == [
        SlotWarning(kind=WarningKind.HOLIDAY, day=date(2027, 5, 6), holidays=("Ascension Day",))
    ]


def test_a_slot_that_ends_at_midnight_does_not_reach_into_the_holiday() -> None:
    eve = replace(MEETING, starts_at=at("2026-12-24T23:00"), minutes=60)
    over_midnight = replace(eve, minutes=90)
    holidays = public_holidays([2026], "67")

    assert kinds(warnings(eve, person="", now=NOW, holidays=holidays)) == []
    assert kinds(warnings(over_midnight, person="", now=NOW, holidays=holidays)) == ["holiday"]


@pytest.mark.parametrize(
    ("starts_at", "minutes", "mode", "expected"),
    [
        ("2026-12-03T08:30", 30, Mode.ON_SITE, []),
        ("2026-12-03T11:30", 30, Mode.ON_SITE, []),
        ("2026-12-03T11:31", 30, Mode.ON_SITE, ["outside-hours"]),
        ("2026-12-03T08:29", 30, Mode.ON_SITE, ["outside-hours"]),
        ("2026-12-05T09:00", 30, Mode.ON_SITE, ["closed-day"]),
        ("2026-12-05T09:00", 30, Mode.HOME, []),
        ("2026-11-20T09:00", 30, Mode.ON_SITE, ["in-the-past"]),
        ("2026-11-21T07:00", 30, Mode.ON_SITE, ["closed-day", "in-the-past"]),
    ],
)
def test_closing_hours_and_the_past_warn(
    starts_at: str, minutes: int, mode: Mode, expected: list[str]
) -> None:
    draft = replace(MEETING, starts_at=at(starts_at), minutes=minutes, mode=mode)

    assert kinds(warnings(draft, person="Mme Roux", now=NOW, site=SITE)) == expected


@pytest.mark.parametrize("changes", [{"starts_at": None}, {"minutes": 0}])
def test_without_a_time_there_is_nothing_to_warn_of(changes: dict[str, Any]) -> None:
    draft = replace(MEETING, **changes)

    assert warnings(draft, person="", now=NOW, busy=[planned()], site=SITE) == []
