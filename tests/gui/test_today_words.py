"""The page of the day as a terminal and a program are given it."""

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from correspondent_desk import language
from correspondent_desk.domain.members import Civility, MemberId
from correspondent_desk.domain.requests import (
    Owes,
    RequestId,
    RequestRow,
    RequestStatus,
    RequestType,
)
from correspondent_desk.domain.today import ToCheck, TodayLine
from correspondent_desk.domain.today import TodayPage as Day
from correspondent_desk.domain.triage import Line, LineKind
from correspondent_desk.formats.sheets import DaySheet
from correspondent_desk.messages import on_paper, reasons, today_page
from correspondent_desk.records import today
from correspondent_desk.store.database import Database
from tests.gui.day_desk import NOW, TODAY, a_day

NBSP = "\N{NO-BREAK SPACE}"


def a_line(kind: LineKind, days: int, **told: object) -> TodayLine:
    """A line of Mrs Roux's request whose day is so many days from today."""
    fields: dict[str, object] = {
        "kind": kind,
        "request_id": RequestId(1),
        "member_id": MemberId(2),
        "on": TODAY + timedelta(days=days),
        "days": days,
        "next_what": "",
        "who": Owes.ME,
    }
    sensitive = bool(told.pop("is_sensitive", False))
    request = RequestRow(
        id=RequestId(1),
        member_id=MemberId(2),
        civility=Civility.MRS,
        first_name="Hélène",
        usage_name="",
        family_name="Roux",
        type=RequestType.CLAIM,
        subject="Birth",
        is_sensitive=sensitive,
        status=RequestStatus.PREPARING,
        opened_on=TODAY,
        last_useful_on=None,
        next_what="",
        next_who=Owes.ME,
        next_due=None,
        documents=0,
        documents_missing=0,
    )
    return TodayLine(line=Line(**(fields | told)), request=request)  # type: ignore[arg-type]


K = LineKind


@pytest.mark.parametrize(
    ("line", "word", "english", "french"),
    [
        (
            a_line(K.EMERGENCY, -2),
            "emergency",
            "emergency, nothing noted since Tuesday 24 November (2 days ago)",
            "urgence, dernière note : mardi 24 novembre (il y a 2 jours)",
        ),
        (
            a_line(K.LAPSING, 12, until=date(2026, 12, 4), missing=("School certificate",)),
            "soon",
            (
                "the right lapses in 12 days, post the file by Friday 4 December;"
                " missing: School certificate"
            ),
            (
                "le droit s’éteint dans 12 jours, postez le dossier au plus tard le vendredi"
                " 4 décembre ; il manque : School certificate"
            ),
        ),
        (
            a_line(K.LAPSING, 2, until=date(2026, 11, 24)),
            "soon",
            "the right lapses in 2 days, hand the file in directly",
            "le droit s’éteint dans 2 jours, remettez le dossier directement",
        ),
        (
            a_line(K.LAPSING, -3),
            "lapsed",
            "the right lapsed 3 days ago",
            "le droit s’est éteint il y a 3 jours",
        ),
        (
            a_line(K.LAPSING, 12, missing=("a", "b"), is_sensitive=True, until=date(2026, 12, 4)),
            "soon",
            (
                "the right lapses in 12 days, post the file by Friday 4 December;"
                " 2 documents are missing"
            ),
            (
                "le droit s’éteint dans 12 jours, postez le dossier au plus tard le vendredi"
                " 4 décembre ; 2 pièces manquent"
            ),
        ),
        (a_line(K.PROMISED, 0), "today", "promised for today", "promis pour aujourd’hui"),
        (a_line(K.PROMISED, -1), "late", "was promised for yesterday", "promis pour hier"),
        (
            a_line(K.OVERDUE, -5, who=Owes.COMMITTEE),
            "late",
            "expected from the committee: Saturday 21 November (5 days ago)",
            "attendu du comité : samedi 21 novembre (il y a 5 jours)",
        ),
        (a_line(K.WAITING, 0), "", "came in today", "arrivée aujourd’hui"),
        (
            a_line(K.WAITING, -6),
            "",
            "has been waiting for 6 days",
            "attend depuis 6 jours",
        ),
        (
            a_line(K.SILENT, -90, who=Owes.MEMBER),
            "",
            "last news 2 months ago, the member was to answer",
            "dernières nouvelles il y a 2 mois, le bénéficiaire devait répondre",
        ),
    ],
)
def test_each_line_says_why_it_is_there(
    line: TodayLine, word: str, english: str, french: str
) -> None:
    assert (reasons.urgency_word(line.line), reasons.of_line(line, TODAY)) == (word, english)

    language.use("fr")
    assert reasons.of_line(line, TODAY).replace(NBSP, " ") == french


def test_a_terminal_shows_the_day_line_by_line(desk: Database) -> None:
    assert today_page.in_words(a_day(desk), TODAY) == [
        "Thursday 26 November",
        "",
        "Meetings",
        "  11:00  Mrs Hélène ROUX · at home · Prepare a file · To prepare: The record",
        "",
        "To do, in this order",
        "  ● Mrs Hélène ROUX: Birth of Malo — Call back — promised for today",
    ]


def test_lines_of_several_kinds_say_their_order(desk: Database) -> None:
    page = a_day(desk)
    lapsing, late = a_line(K.LAPSING, 12), a_line(K.OVERDUE, -5, who=Owes.COMMITTEE)
    language.use("fr")
    told = today_page.in_words(replace(page, lines=(lapsing, late, a_line(K.SILENT, -90))), TODAY)

    assert told[told.index("À faire, dans cet ordre") + 1] == (
        "  D’abord les droits qui s’éteignent, car ils sont perdus passé leur date, puis ce que"
        " d’autres devaient vous envoyer, puis ce dont d’autres ne donnent plus de nouvelles."
    )
    sheet = on_paper.whole_day(
        DaySheet(day=TODAY, office="Valbrune"), replace(page, lines=(lapsing, late)), {}
    )
    assert sheet.order == reasons.order((late, lapsing))


def test_a_day_with_nothing_left_says_so(desk: Database) -> None:
    language.use("fr")
    page = desk.read(lambda s: today.page(s, NOW))

    assert today_page.in_words(page, TODAY) == [
        "Jeudi 26 novembre",
        "Tout est trié. Aucun rendez-vous n’est prévu.",
    ]


def test_what_waits_for_a_look_is_counted_in_words() -> None:
    page = Day(
        today=TODAY,
        meetings=(),
        lines=(),
        more={K.WAITING: 3},
        people=(),
        to_check=ToCheck(meetings_without_outcome=2, disagreements=1, bundles_waiting=1),
    )

    assert today_page.in_words(page, TODAY)[-4:] == [
        "To check",
        "  2 past meetings without an outcome",
        "  1 disagreement between two desks",
        "  1 exchange file waiting",
    ]
    assert "  3 others" in today_page.in_words(page, TODAY)


def test_a_program_is_given_codes_dates_and_reasons(desk: Database) -> None:
    page = a_day(desk)
    found = json.loads(json.dumps(today_page.as_object(page, TODAY)))
    line, meeting = page.lines[0].line, page.meetings[0]

    assert list(found) == [
        "date", "sorted", "meetings", "decisions", "lines", "more", "people", "to_check",
        "next_meeting",
    ]  # fmt: skip
    assert found["lines"] == [
        {
            "kind": "promised",
            "request": line.request_id,
            "member": {"id": line.member_id, "name": "Mrs Hélène ROUX"},
            "subject": "Birth of Malo",
            "next_what": "Call back",
            "next_who": "me",
            "on": "2026-11-26",
            "days": 0,
            "post_by": None,
            "missing": [],
            "why": "promised for today",
        }
    ]
    assert found["meetings"][0] | {"id": 0} == {
        "id": 0,
        "starts_at": "2026-11-26T11:00",
        "minutes": 30,
        "status": "planned",
        "member": {"id": meeting.draft.member_id, "name": "Mrs Hélène ROUX"},
        "request": None,
        "mode": "home",
        "site": "",
        "room": "",
        "reason": "file",
        "bring": "The record",
    }
    assert (found["date"], found["sorted"]) == ("2026-11-26", False)
