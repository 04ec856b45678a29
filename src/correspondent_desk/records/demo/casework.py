"""Invented casework: for each member what was asked, what took place, what is planned.

Everything is relative to today, so that the demo office has work to do whenever it is opened.
Rows are dicts of columns; references inside one case are positions in its lists.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from random import Random
from typing import Any, TypeAlias

from correspondent_desk.domain.contacts import Direction, Way
from correspondent_desk.domain.meetings import MeetingStatus, Mode
from correspondent_desk.domain.members import Channel, Civility, MemberStatus, Relation
from correspondent_desk.domain.requests import DocumentState, Owes, RequestStatus, RequestType
from correspondent_desk.records import catalogue
from correspondent_desk.records.demo import names

Row: TypeAlias = dict[str, Any]


@dataclass(slots=True)
class Case:
    """One member and all that belongs to them.

    In contacts and meetings, request_id is a position in requests or None; documents and steps
    carry the position of their request; site_id is a position in the office's sites.
    """

    member: Row
    dependants: list[Row] = field(default_factory=list)
    requests: list[Row] = field(default_factory=list)
    documents: list[tuple[int, Row]] = field(default_factory=list)
    steps: list[tuple[int, Row]] = field(default_factory=list)
    contacts: list[Row] = field(default_factory=list)
    meetings: list[Row] = field(default_factory=list)


# code of a benefit, subject, codes of documents in the catalogue, sensitive
CLAIMS: tuple[tuple[str, str, tuple[str, ...], bool], ...] = (
    ("NAIS", "Naissance de {child}", ("family-record", "bank-details"), False),
    ("REN2", "Rentrée de {child}", ("school-certificate", "tax-notice-seen"), False),
    ("SEJV", "Séjour d’été de {child}", ("stay-invoice", "tax-notice-seen"), False),
    ("ALSH", "Accueil de loisirs de {child}", ("leisure-invoices",), False),
    ("PECV", "Plan chèques-vacances", ("tax-notice-seen", "bank-details"), False),
    ("RETR", "Départ en retraite", ("retirement-order",), False),
    ("MEDA", "Médaille d’honneur", ("medal-diploma",), False),
    ("SECX", "Aide exceptionnelle", ("income-and-expenses", "quote"), True),
)
QUESTIONS = (
    "À quelle date envoyer le dossier ?",
    "Quels papiers pour un séjour linguistique ?",
    "Prêt pour une voiture",
    "Billets de cinéma",
    "Simulation avant un mariage",
)
CHANGES = ("Nouvelle adresse", "Naissance à déclarer", "Changement de service", "Mariage")
ABOUT_A_REQUEST = (
    "Promet d’apporter le certificat lundi.",
    "Explication du calendrier, tout est compris.",
    "Demande où en est le dossier.",
    "A reçu le formulaire papier, le remplira ce soir.",
    "Il manque encore une facture.",
    "Demande quelles pièces fournir.",
    "Enverra la pièce par courrier.",
    "Apportera l’original à la permanence.",
    "Le dossier sera complet la semaine prochaine.",
    "Remerciements pour le suivi.",
)
ABOUT_NOTHING = (
    "Demande à quoi donne droit la rentrée.",
    "Préfère passer à la permanence plutôt que le site.",
    "Joindre en fin de journée, travaille dehors le matin.",
    "Avance expliquée de vive voix, c’est plus clair.",
    "Demande comment se connecter au site du comité.",
    "A changé de numéro, fiche mise à jour.",
    "Questions sur les chèques-vacances, guide remis.",
    "Souhaite une rencontre après les congés.",
    "Demande les horaires de la permanence.",
    "Tout va bien, aucun besoin pour le moment.",
)
NOBODY_ANSWERED = ("Message laissé sur le répondeur.", "Pas de réponse, rappeler demain.")
NEXT = (
    ("Apporter le certificat", Owes.MEMBER),
    ("Rappeler pour la pièce manquante", Owes.ME),
    ("Envoyer le dossier complet", Owes.ME),
    ("Relire le dossier", Owes.ME),
    ("Vérifier la date de l’événement", Owes.ME),
)
NEXT_WHEN_SENT = ("Attendre la décision", Owes.COMMITTEE)
REASONS = ("first", "file", "documents", "difficulty", "rights")
OUTCOMES = (
    "Dossier complété ensemble.",
    "Calendrier expliqué, repart avec la liste des pièces.",
    "Longue conversation, situation plus claire.",
    "A signé le formulaire.",
)
_HOURS = tuple(time(h, m) for h in (9, 10, 11, 14, 15, 16) for m in (0, 30))


FIRST_NUMBER = 1_000  # of an invented matricule: the cast have theirs below


def _member(rng: Random, number: int, today: date, sites: int) -> Row:
    is_woman = rng.random() < 0.6
    family = names.family_name(rng)
    first = rng.choice(names.WOMEN if is_woman else names.MEN)
    usage = names.family_name(rng) if is_woman and rng.random() < 0.3 else ""
    age = rng.randint(21, 66)
    entered = today - timedelta(days=rng.randint(200, 365 * min(age - 19, 35)))
    is_gone = rng.random() < 0.06
    status = MemberStatus.ACTIVE
    if is_gone:
        status = rng.choice((MemberStatus.RETIRED, MemberStatus.LEFT))
    elif rng.random() < 0.2:
        status = rng.choice((MemberStatus.CONTRACT, MemberStatus.LEAVE, MemberStatus.APPRENTICE))
    postcode, town = rng.choice(names.TOWNS)
    phones = [{"number": names.phone(rng), "label": "", "do_not_use": False}]
    if rng.random() < 0.15:
        phones.append(
            {"number": names.phone(rng), "label": "travail", "do_not_use": rng.random() < 0.3}
        )
    has_mail = rng.random() < 0.8
    return {
        "civility": Civility.MRS if is_woman else Civility.MR,
        "family_name": family,
        "usage_name": usage,
        "first_name": first,
        "birth_date": date(today.year - age, rng.randint(1, 12), rng.randint(1, 28)),
        "matricule": f"{number + FIRST_NUMBER:06d}",
        "beneficiary_number": f"B{7_000_000 + number * 37 % 2_999_999}",
        "employer": "",
        "site_id": rng.randrange(sites),
        "service": rng.choice(names.SERVICES),
        "status": status,
        "entered_on": entered,
        "left_on": today - timedelta(days=rng.randint(5, 300)) if is_gone else None,
        "phones": phones,
        "mails": [{"address": f"membre{number}@example.org", "label": "", "do_not_use": False}]
        if has_mail
        else [],
        "address_lines": [f"{rng.randint(1, 90)} {rng.choice(names.STREETS)}"],
        "postcode": postcode,
        "town": town,
        "no_letter_home": rng.random() < 0.04,
        "preferred_channel": rng.choice(
            (Channel.ANY, Channel.ANY, Channel.PHONE, Channel.IN_PERSON)
        ),
        "access_needs": "gros caractères" if rng.random() < 0.05 else "",
        "rhythm_months": 12 if rng.random() < 0.1 else None,
    }


def _household(rng: Random, member: Row, today: date) -> list[Row]:
    found: list[Row] = []
    if rng.random() < 0.5:
        found.append(
            {
                "relation": rng.choice((Relation.SPOUSE, Relation.PARTNER)),
                "first_name": rng.choice(names.WOMEN + names.MEN),
                "family_name": member["usage_name"] or member["family_name"],
                "since": today - timedelta(days=rng.randint(400, 6000)),
            }
        )
    for _ in range(rng.choice((0, 0, 1, 1, 2, 2, 3))):
        born = today - timedelta(days=rng.randint(100, 365 * 20))
        found.append(
            {
                "relation": Relation.CHILD,
                "first_name": rng.choice(names.WOMEN + names.MEN),
                "family_name": member["family_name"],
                "birth_date": born,
                "since": born,
            }
        )
    return found


def _past_day(rng: Random, today: date) -> date:
    day = today - timedelta(days=rng.randint(1, 1000))
    return day - timedelta(days=max(0, day.weekday() - 4))


def _at(rng: Random, day: date) -> datetime:
    return datetime.combine(day, rng.choice(_HOURS))


# benefit, subject, papers, whether it is confidential
_Matter = tuple[str, str, tuple[str, ...], bool]


def _of(subject: str, child: str) -> str:
    """subject of child, as French says it: Naissance d’Anne, Naissance de Côme."""
    elides = unicodedata.normalize("NFD", child)[0].lower() in "aeiouœ"
    return subject.replace("de {child}", f"d’{child}" if elides else f"de {child}")


def _matter(rng: Random, kind: RequestType, case: Case) -> _Matter:
    match kind:
        case RequestType.CLAIM:
            children = [d["first_name"] for d in case.dependants if d["relation"] == Relation.CHILD]
            benefit, subject, papers, is_sensitive = rng.choice(CLAIMS)
            child = rng.choice(children) if children else "l’enfant"
            return benefit, _of(subject, child), papers, is_sensitive
        case RequestType.QUESTION:
            return "", rng.choice(QUESTIONS), (), False
        case RequestType.CHANGE:
            return "", rng.choice(CHANGES), (), False
        case RequestType.EMERGENCY:
            return "", "Aide d’urgence", (), True


def _request(rng: Random, case: Case, today: date) -> None:
    opened = _past_day(rng, today)
    kind = rng.choices(list(RequestType), weights=(70, 20, 1, 9))[0]
    benefit, subject, papers, is_sensitive = _matter(rng, kind, case)
    is_open = (today - opened).days < 120 and rng.random() < 0.5
    row: Row = {
        "type": kind,
        "benefit": benefit,
        "subject": subject,
        "status": _status(rng, is_open=is_open),
        "opened_on": opened,
        "is_sensitive": is_sensitive,
    }
    if kind is RequestType.CLAIM:
        row["event_on"] = opened - timedelta(days=rng.randint(0, 60))
        if is_open:
            row["last_useful_on"] = opened + timedelta(days=rng.randint(125, 180))
    if is_open:
        chosen = rng.choice(NEXT)
        what, who = NEXT_WHEN_SENT if row["status"] is RequestStatus.SENT else chosen
        due = today + timedelta(days=rng.randint(2, 40))
        row |= {"next_what": what, "next_who": who, "next_due": due}
    position = len(case.requests)
    case.requests.append(row)
    began = {
        "at": _at(rng, opened),
        "was": "",
        "became": RequestStatus.PREPARING,
        "person": rng.choice(names.CLERKS),
    }
    case.steps.append((position, began))
    for code in papers:
        is_missing = is_open and rng.random() < 0.4
        seen_on = None if is_missing else opened + timedelta(days=3)
        case.documents.append((position, paper(code, seen_on)))


def paper(code: str, seen_on: date | None = None) -> Row:
    """A document of the catalogue, so that its name follows the language of whoever reads; missing if not seen."""
    known = catalogue.document_kind(code)
    state = DocumentState.SEEN if seen_on else DocumentState.MISSING
    return {"code": code, "label": known.fr if known else "", "state": state, "seen_on": seen_on}


def _status(rng: Random, *, is_open: bool) -> RequestStatus:
    if is_open:
        return rng.choice((RequestStatus.PREPARING, RequestStatus.WAITING, RequestStatus.SENT))
    return RequestStatus.CLOSED if rng.random() < 0.95 else RequestStatus.ABANDONED


def _contact(rng: Random, case: Case, today: date) -> None:
    way = rng.choices(
        (Way.PHONE, Way.MAIL, Way.VISIT, Way.LETTER, Way.SESSION, Way.SMS, Way.THIRD_PARTY),
        weights=(40, 25, 10, 8, 7, 7, 3),
    )[0]
    is_about = case.requests and rng.random() < 0.6
    contact: Row = {
        "request_id": rng.randrange(len(case.requests)) if is_about else None,
        "at": _at(rng, _past_day(rng, today)),
        "way": way,
        "direction": rng.choice(tuple(Direction)),
        "reached": way is not Way.PHONE or rng.random() < 0.8,
    }
    note = rng.choice(ABOUT_A_REQUEST if is_about else ABOUT_NOTHING)
    if not contact["reached"]:
        note = rng.choice(NOBODY_ANSWERED)
        contact["direction"] = Direction.OUT
    case.contacts.append(contact | {"note": note, "person": rng.choice(names.CLERKS)})


def _reason(rng: Random, case: Case) -> str:
    """Nobody is met for the first time who was spoken with before."""
    reason = rng.choice(REASONS)
    return "file" if reason == "first" and (case.contacts or case.meetings) else reason


def _meeting(rng: Random, case: Case, today: date) -> None:
    is_planned = rng.random() < 0.02
    day = today + timedelta(days=rng.randint(1, 25)) if is_planned else _past_day(rng, today)
    if day.weekday() > 4:
        day += timedelta(days=7 - day.weekday())
    status = MeetingStatus.PLANNED
    if not is_planned:
        status = rng.choices(
            (
                MeetingStatus.SEEN,
                MeetingStatus.EXCUSED,
                MeetingStatus.NO_SHOW,
                MeetingStatus.CANCELLED,
            ),
            weights=(80, 8, 6, 6),
        )[0]
    case.meetings.append(
        {
            "request_id": rng.randrange(len(case.requests))
            if case.requests and rng.random() < 0.6
            else None,
            "reason": _reason(rng, case),
            "mode": rng.choices((Mode.ON_SITE, Mode.HOME, Mode.PHONE), weights=(80, 10, 10))[0],
            "starts_at": _at(rng, day),
            "minutes": rng.choice((20, 30, 45)),
            "site_id": case.member["site_id"],
            "room": rng.choice(("salle B", "bureau 12", "")),
            "status": status,
            "outcome": rng.choice(OUTCOMES) if status is MeetingStatus.SEEN else "",
            "person": rng.choice(names.CLERKS),
        }
    )


def cases(members: int, seed: int, today: date, sites: int) -> Iterator[Case]:
    """members invented cases: on average 3 requests, 2 meetings and 10 contacts each."""
    rng = Random(seed)
    for number in range(1, members + 1):
        case = Case(_member(rng, number, today, sites))
        case.dependants = _household(rng, case.member, today)
        for _ in range(rng.choice((0, 1, 2, 3, 4, 8))):
            _request(rng, case, today)
        for _ in range(rng.choice((2, 5, 8, 12, 23))):
            _contact(rng, case, today)
        for _ in range(rng.choice((0, 1, 2, 3, 4))):
            _meeting(rng, case, today)
        yield case
