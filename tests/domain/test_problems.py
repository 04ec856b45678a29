from dataclasses import replace
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

import pytest

from correspondent_desk.domain import contacts, meetings, members, requests
from correspondent_desk.domain.contacts import ContactDraft, Way
from correspondent_desk.domain.meetings import MeetingDraft, Mode, SessionDraft, SiteDraft
from correspondent_desk.domain.members import (
    DependantDraft,
    Mail,
    MemberDraft,
    MemberId,
    Phone,
    PostalAddress,
    SiteId,
)
from correspondent_desk.domain.problems import LINE_LENGTH, TEXT_LENGTH, Fault, Problem
from correspondent_desk.domain.requests import (
    DocumentDraft,
    DocumentState,
    NextStep,
    RequestDraft,
    RequestStatus,
    step_problems,
)

TODAY = date(2026, 11, 22)
TOMORROW = date(2026, 11, 23)
NIR = "1 85 05 78 006 084 91"

MEMBER = MemberDraft(
    family_name="Le Goff",
    first_name="Anne",
    birth_date=date(1971, 2, 28),
    matricule="000417",
    entered_on=date(1999, 9, 1),
    left_on=date(2030, 1, 1),
    phones=(Phone(number="+33612345607"), Phone(number="poste 4512", label="accueil")),
    mails=(Mail(address="anne.le-goff@valbrune.example"),),
    address=PostalAddress(lines=("3 rue Haute",), postcode="67990", town="VALBRUNE"),
    rhythm_months=12,
    bracket_year=2026,
    note="Préfère le matin.",
)
LONG_LINE = "x" * (LINE_LENGTH + 1)
LONG_TEXT = "x" * (TEXT_LENGTH + 1)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"family_name": " ", "usage_name": "Le Goff"}, []),
        ({"family_name": " "}, [Problem("family_name", Fault.MISSING)]),
        ({"first_name": LONG_LINE}, [Problem("first_name", Fault.TOO_LONG)]),
        ({"usage_name": NIR}, [Problem("usage_name", Fault.LOOKS_LIKE_NIR, NIR)]),
        ({"matricule": NIR}, [Problem("matricule", Fault.LOOKS_LIKE_NIR, NIR)]),
        ({"birth_date": TODAY}, [Problem("entered_on", Fault.BEFORE_BIRTH)]),
        ({"birth_date": TOMORROW}, [Problem("birth_date", Fault.IN_THE_FUTURE)]),
        ({"left_on": date(1999, 8, 31)}, [Problem("left_on", Fault.BEFORE_START)]),
        ({"left_on": date(1999, 8, 31), "entered_on": None}, []),
        (
            {"phones": (Phone(number="06 12 34 56 07"), Phone(number="+33")), "mails": ()},
            [
                Problem("phones", Fault.NOT_A_PHONE, "06 12 34 56 07"),
                Problem("phones", Fault.NOT_A_PHONE, "+33"),
            ],
        ),
        ({"phones": (Phone(number="4512", label=LONG_LINE),)}, [Problem("phones", Fault.TOO_LONG)]),
        (
            {"mails": (Mail(address="anne@valbrune"), Mail(address="a b@c.fr"))},
            [
                Problem("mails", Fault.NOT_A_MAIL, "anne@valbrune"),
                Problem("mails", Fault.NOT_A_MAIL, "a b@c.fr"),
            ],
        ),
        (
            {"address": PostalAddress(postcode="6799", town=LONG_LINE)},
            [
                Problem("address", Fault.TOO_LONG),
                Problem("address", Fault.NOT_A_POSTCODE, "6799"),
            ],
        ),
        ({"address": PostalAddress(postcode="D-77694", country="Allemagne")}, []),
        ({"address": PostalAddress(town="Kehl")}, []),
        ({"rhythm_months": 0}, [Problem("rhythm_months", Fault.NOT_POSITIVE)]),
        ({"bracket_year": 2028}, [Problem("bracket_year", Fault.IN_THE_FUTURE)]),
        ({"rhythm_months": None, "bracket_year": None, "phones": (), "mails": ()}, []),
        (
            {"note": f"Son numéro : {NIR}."},
            [Problem("note", Fault.LOOKS_LIKE_NIR, NIR)],
        ),
        ({"note": LONG_TEXT}, [Problem("note", Fault.TOO_LONG)]),
    ],
)
def test_what_a_member_form_says(changes: dict[str, Any], expected: list[Problem]) -> None:
    assert members.problems(replace(MEMBER, **changes), TODAY) == expected


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        (DependantDraft(first_name="Malo", birth_date=TODAY, since=TODAY, until=TODAY), []),
        (DependantDraft(family_name="Le Goff"), []),
        (DependantDraft(), [Problem("first_name", Fault.MISSING)]),
        (
            DependantDraft(first_name="Malo", birth_date=TOMORROW, since=TOMORROW, until=TODAY),
            [Problem("birth_date", Fault.IN_THE_FUTURE), Problem("until", Fault.BEFORE_START)],
        ),
    ],
)
def test_what_a_household_form_says(draft: DependantDraft, expected: list[Problem]) -> None:
    assert members.dependant_problems(draft, TODAY) == expected


REQUEST = RequestDraft(
    member_id=MemberId(1),
    subject="Rentrée de Malo",
    opened_on=TODAY,
    event_on=date(2026, 9, 1),
    last_useful_on=date(2026, 12, 1),
    next_what="Rappeler",
    next_due=TODAY,
    amount_asked=Decimal("120.50"),
    amount_granted=Decimal(0),
)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"subject": "", "benefit": "NAIS"}, []),
        (
            {"member_id": None, "subject": " "},
            [Problem("member_id", Fault.MISSING), Problem("subject", Fault.MISSING)],
        ),
        (
            {"opened_on": TOMORROW, "next_due": None},
            [Problem("opened_on", Fault.IN_THE_FUTURE)],
        ),
        ({"opened_on": None, "event_on": None, "last_useful_on": None}, []),
        (
            {"last_useful_on": date(2026, 8, 31)},
            [Problem("last_useful_on", Fault.BEFORE_START)],
        ),
        ({"next_what": ""}, [Problem("next_what", Fault.DUE_ALONE)]),
        ({"next_what": f"NIR {NIR}"}, [Problem("next_what", Fault.LOOKS_LIKE_NIR, NIR)]),
        ({"next_what": "", "next_due": None}, []),
        ({"next_due": date(2026, 11, 21)}, [Problem("next_due", Fault.BEFORE_START)]),
        ({"opened_on": date(2026, 1, 5), "next_due": date(2026, 2, 1)}, []),
        ({"situation": f"NIR {NIR}"}, [Problem("situation", Fault.LOOKS_LIKE_NIR, NIR)]),
        (
            {"amount_asked": Decimal(0), "amount_granted": Decimal(-1)},
            [
                Problem("amount_asked", Fault.NOT_POSITIVE),
                Problem("amount_granted", Fault.NOT_POSITIVE),
            ],
        ),
        ({"amount_asked": None, "amount_granted": None}, []),
        ({"amount_asked": Decimal(1_000_000), "amount_granted": Decimal(1_000_000)}, []),
        (
            {"amount_asked": Decimal("1000000.01"), "amount_granted": Decimal(2_000_000)},
            [
                Problem("amount_asked", Fault.UNLIKELY_AMOUNT),
                Problem("amount_granted", Fault.UNLIKELY_AMOUNT),
            ],
        ),
    ],
)
def test_what_a_request_form_says(changes: dict[str, Any], expected: list[Problem]) -> None:
    assert requests.problems(replace(REQUEST, **changes), TODAY) == expected


def test_a_step_may_be_nothing_unless_one_is_needed() -> None:
    none, due = NextStep(" "), NextStep("", due=TODAY)
    assert list(step_problems(none, TODAY)) == []
    assert list(step_problems(none, TODAY, is_needed=True)) == [Problem("next_what", Fault.MISSING)]
    assert list(step_problems(due, TODAY, is_needed=True)) == [
        Problem("next_what", Fault.DUE_ALONE)
    ]
    assert list(step_problems(NextStep("Call", due=TODAY), TOMORROW)) == [
        Problem("next_due", Fault.BEFORE_START)
    ]


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        (DocumentDraft(label="Acte de naissance", seen_on=TODAY), []),
        (DocumentDraft(code="birth-certificate"), []),
        (DocumentDraft(label=" "), [Problem("label", Fault.MISSING)]),
        (
            DocumentDraft(code="rib", state=DocumentState.REFUSED, seen_on=TOMORROW),
            [
                Problem("seen_on", Fault.IN_THE_FUTURE),
                Problem("refused_because", Fault.MISSING),
            ],
        ),
        (
            DocumentDraft(code="rib", state=DocumentState.REFUSED, refused_because="périmé"),
            [],
        ),
    ],
)
def test_what_a_checklist_says(draft: DocumentDraft, expected: list[Problem]) -> None:
    assert requests.document_problems(draft, TODAY) == expected


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        (ContactDraft(member_id=MemberId(1), at=datetime.fromisoformat("2026-11-22T23:59")), []),
        (
            ContactDraft(note=NIR),
            [
                Problem("member_id", Fault.MISSING),
                Problem("at", Fault.MISSING),
                Problem("note", Fault.LOOKS_LIKE_NIR, NIR),
            ],
        ),
        (
            ContactDraft(member_id=MemberId(1), at=datetime.fromisoformat("2026-11-23T00:00")),
            [Problem("at", Fault.IN_THE_FUTURE)],
        ),
    ],
)
def test_what_a_contact_form_says(draft: ContactDraft, expected: list[Problem]) -> None:
    assert contacts.problems(draft, TODAY) == expected


MEETING = MeetingDraft(
    member_id=MemberId(1),
    starts_at=datetime.fromisoformat("2026-11-20T09:30"),
    site_id=SiteId(1),
)


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        (
            {"member_id": None, "starts_at": None, "site_id": None, "minutes": 0},
            [
                Problem("member_id", Fault.MISSING),
                Problem("starts_at", Fault.MISSING),
                Problem("minutes", Fault.NOT_POSITIVE),
                Problem("site_id", Fault.MISSING),
            ],
        ),
        ({"mode": Mode.HOME, "site_id": None}, []),
        (
            {"starts_at": datetime.fromisoformat("2062-11-22T09:30")},
            [Problem("starts_at", Fault.UNLIKELY_DATE)],
        ),
        (
            {"starts_at": datetime.fromisoformat("0001-01-01T09:30")},
            [Problem("starts_at", Fault.UNLIKELY_DATE)],
        ),
        ({"minutes": 24 * 60 + 1}, [Problem("minutes", Fault.TOO_LONG)]),
        ({"bring": NIR}, [Problem("bring", Fault.LOOKS_LIKE_NIR, NIR)]),
    ],
)
def test_what_a_meeting_form_says(changes: dict[str, Any], expected: list[Problem]) -> None:
    assert meetings.problems(replace(MEETING, **changes), TODAY) == expected


@pytest.mark.parametrize(
    ("first", "last", "expected"),
    [
        (TODAY, TODAY, []),
        (TODAY, None, []),
        (None, TODAY, [Problem("first_day", Fault.MISSING)]),
        (TOMORROW, TODAY, [Problem("last_day", Fault.BEFORE_START)]),
    ],
)
def test_what_an_absence_form_says(
    first: date | None, last: date | None, expected: list[Problem]
) -> None:
    assert meetings.absence_problems(first, last) == expected
    assert meetings.absence_problems(first, last, NIR) == [
        *expected,
        Problem("label", Fault.LOOKS_LIKE_NIR, NIR),
    ]


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, []),
        ({"weekly_until": TODAY}, []),
        (
            {"site_id": None, "weekly_until": date(2026, 11, 21), "room": "x" * 201},
            [
                Problem("site_id", Fault.MISSING),
                Problem("room", Fault.TOO_LONG),
                Problem("weekly_until", Fault.BEFORE_START),
            ],
        ),
        (
            {"starts_at": datetime.fromisoformat("2206-11-22T09:30"), "label": NIR},
            [
                Problem("day", Fault.UNLIKELY_DATE),
                Problem("label", Fault.LOOKS_LIKE_NIR, NIR),
            ],
        ),
    ],
)
def test_what_a_session_form_says(changes: dict[str, Any], expected: list[Problem]) -> None:
    session = SessionDraft(site_id=SiteId(1), starts_at=datetime.combine(TODAY, time(9)))
    assert meetings.session_problems(replace(session, **changes)) == expected


@pytest.mark.parametrize(
    ("draft", "expected"),
    [
        (SiteDraft(name="Mairie", postcode="67990"), []),
        (SiteDraft(name="Mairie"), []),
        (
            SiteDraft(postcode="6799", opens_at=time(9), closes_at=time(9), open_weekdays=(0, 1)),
            [
                Problem("name", Fault.MISSING),
                Problem("postcode", Fault.NOT_A_POSTCODE, "6799"),
                Problem("closes_at", Fault.BEFORE_START),
                Problem("open_weekdays", Fault.UNKNOWN_CHOICE),
            ],
        ),
    ],
)
def test_what_a_site_form_says(draft: SiteDraft, expected: list[Problem]) -> None:
    assert meetings.site_problems(draft) == expected


def test_only_two_people_in_one_room_have_met_in_person() -> None:
    assert {way for way in Way if way.is_in_person} == {Way.VISIT, Way.SESSION, Way.HOME}
    assert {mode for mode in Mode if mode.is_in_person} == {Mode.ON_SITE, Mode.HOME}


def test_a_request_is_open_until_nobody_owes_anything() -> None:
    over = {status for status in RequestStatus if not status.is_open}

    assert over == {RequestStatus.CLOSED, RequestStatus.ABANDONED}
