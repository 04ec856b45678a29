"""Names, dates, steps and neutral labels as people read them."""

import re
from datetime import date, time, timedelta

import pytest

from correspondent_desk import language
from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.decisions import plain_number
from correspondent_desk.domain.members import Civility, MemberDraft
from correspondent_desk.domain.requests import DocumentDraft, RequestStatus
from correspondent_desk.formats.decision_list import DecisionField, LeftOut, RowFault
from correspondent_desk.messages import dates, labels, people, steps
from correspondent_desk.messages.decision_list import why

TODAY = date(2026, 11, 22)
ANNE = MemberDraft(
    civility=Civility.MRS, family_name="KERVÉLEC", usage_name="Le Goff", first_name="Anne"
)


@pytest.mark.parametrize(
    ("when", "french", "english"),
    [
        (date(2026, 11, 22), "aujourd’hui", "today"),
        (date(2026, 11, 23), "demain", "tomorrow"),
        (date(2026, 11, 21), "hier", "yesterday"),
        (date(2026, 12, 3), "jeudi 3 décembre (dans 11 jours)", "Thursday 3 December (in 11 days)"),
        (
            date(2026, 8, 12),
            "mercredi 12 août (il y a 3 mois)",
            "Wednesday 12 August (3 months ago)",
        ),
        (
            date(2027, 1, 1),
            "vendredi 1er janvier 2027 (dans 40 jours)",
            "Friday 1 January 2027 (in 40 days)",
        ),
        (
            date(2023, 11, 21),
            "mardi 21 novembre 2023 (il y a 3 ans)",
            "Tuesday 21 November 2023 (3 years ago)",
        ),
    ],
)
def test_a_day_is_said_by_its_distance(when: date, french: str, english: str) -> None:
    assert dates.day(when, TODAY) == english
    language.use("fr")
    assert dates.day(when, TODAY) == french


def test_what_lies_back_begins_with_how_long_ago() -> None:
    language.use("fr")

    assert dates.since(date(2026, 8, 12), TODAY) == "il y a 3 mois (12 août)"
    assert dates.since(date(2025, 8, 1), TODAY) == "il y a 15 mois (1er août 2025)"
    assert dates.since(date(2026, 11, 21), TODAY) == "hier"


def test_months_are_whole_ones() -> None:
    then = TODAY - timedelta(days=61)  # 22 September
    assert dates.length(then, TODAY) == "2 months"
    assert dates.length(date(2026, 8, 31), date(2026, 11, 30)) == "3 months"
    assert dates.length(date(2024, 11, 22), TODAY) == "2 years"


def test_times_are_said_as_each_language_does() -> None:
    assert dates.clock(time(14, 30)) == "14:30"
    assert dates.minutes(90) == "1\u00a0h\u00a030"
    assert dates.minutes(45) == "45 minutes"
    language.use("fr")
    assert dates.clock(time(14, 30)) == "14\u00a0h\u00a030"
    assert dates.clock(time(9)) == "9\u00a0h"
    assert dates.minutes(60) == "1 heure"


def test_days_in_a_row_are_a_span() -> None:
    language.use("fr")

    assert dates.span(date(2026, 12, 21), date(2026, 12, 25), TODAY) == (
        "du lundi 21 décembre au vendredi 25 décembre"
    )
    assert dates.span(date(2026, 12, 21), date(2026, 12, 21), TODAY) == "lundi 21 décembre"


def test_age_counts_birthdays() -> None:
    assert dates.age(date(1971, 11, 23), TODAY) == 54
    assert dates.age(date(1971, 11, 22), TODAY) == 55
    assert dates.age_in_words(date(2026, 1, 20), TODAY) == "10 months old"
    assert dates.age_in_words(date(1971, 11, 22), TODAY) == "55 years old"


def test_people_are_named_as_lists_show_them() -> None:
    assert people.shown_name(ANNE) == "Mrs Anne LE GOFF"
    assert people.short_name(ANNE) == "Mrs LE GOFF"
    assert people.surname(ANNE) == "LE GOFF"
    assert people.birth_name(ANNE) == "née KERVÉLEC"
    language.use("fr")
    assert people.shown_name(ANNE) == "Mme Anne LE GOFF"
    assert people.shown_name(MemberDraft()) == "Personne sans nom"


@pytest.mark.parametrize(
    ("name", "french"),
    [
        ("Mme LE GOFF", "de Mme LE GOFF"),
        ("Anne", "d’Anne"),
        ("Émile", "d’Émile"),
        ("Hervé", "d’Hervé"),
        ("Yves", "d’Yves"),
        ("Yann", "de Yann"),
        ("Zoé", "de Zoé"),
    ],
)
def test_a_name_behind_a_noun_is_elided_in_french(name: str, french: str) -> None:
    assert people.of(name) == f"of {name}"
    language.use("fr")
    assert people.of(name) == french


def test_a_step_is_named_by_what_was_changed() -> None:
    language.use("fr")

    assert (
        steps.step_name(Action.MEMBER_EDITED, "Mme LE GOFF", ["address"])
        == "Nouvelle adresse de Mme LE GOFF"
    )
    assert (
        steps.step_name(Action.MEMBER_EDITED, "Mme LE GOFF", ["address", "note"])
        == "Modification de la fiche\u00a0: Mme LE GOFF"
    )
    assert steps.step_name(Action.MEMBERS_IMPORTED) == "Import d’une liste"
    assert (
        steps.step_name(Action.REQUEST_MOVED, "Malo", status=RequestStatus.SENT)
        == "Demande envoyée au comité\u00a0: Malo"
    )
    assert steps.step_name(Action.REQUEST_MOVED) == "Nouvel état d’une demande"
    assert steps.step_name("of.next-year", "x") == "Étape d’une version plus récente"


def test_each_field_of_a_member_names_its_step() -> None:
    names = {
        steps.step_name(Action.MEMBER_EDITED, "Anne", [field])
        for field in ("address", "phones", "mails", "usage_name", "note", "service")
    }

    assert len(names) == 6


def test_lists_do_not_name_what_is_confidential() -> None:
    assert labels.subject("HAN8", is_sensitive=True) == "Confidential request"
    assert labels.subject("NAIS", is_sensitive=False) == "Birth or adoption"
    assert labels.subject("School of Malo", is_sensitive=False) == "School of Malo"
    assert labels.subject("", is_sensitive=False) == "Request without a subject"
    assert labels.meeting_reason("difficulty") == "Meeting"
    assert labels.meeting_reason("a chat") == "a chat"


def test_a_document_of_another_catalogue_keeps_its_label() -> None:
    assert labels.document(DocumentDraft(code="new-code", label="Carte verte")) == "Carte verte"
    assert labels.document(DocumentDraft(code="new-code")) == "new-code"
    assert labels.bring("hand-over") == "Proof of identity"
    assert labels.bring("a chat") == ""


@pytest.mark.parametrize("code", ["en", "fr"])
def test_the_number_given_as_an_example_is_one(code: str) -> None:
    language.use(code)
    wrong = LeftOut(row=3, field=DecisionField.NUMBER, fault=RowFault.NOT_A_NUMBER, text="12")

    (example,) = re.findall(r"\w{4}-\w{4}-\w{4}", why(wrong))

    assert plain_number(example) == example
