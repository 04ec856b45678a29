"""The first people of the demo office, each with a story that shows one thing the desk does."""

from datetime import date, datetime, time, timedelta

from correspondent_desk.domain.contacts import Direction, Way
from correspondent_desk.domain.meetings import MeetingStatus, Mode
from correspondent_desk.domain.members import Channel, Civility, MemberStatus, Relation
from correspondent_desk.domain.requests import Owes, RequestStatus, RequestType
from correspondent_desk.records.demo.casework import Case, Row, paper
from correspondent_desk.records.demo.names import CLERKS


def _member(number: int, **columns: object) -> Row:
    postcode, town = "67990", "VALBRUNE"
    return {
        "matricule": f"{number:06d}",
        "beneficiary_number": f"B{8_000_000 + number}",
        "employer": "",
        "status": MemberStatus.ACTIVE,
        "phones": [{"number": f"+336399800{number % 100:02d}", "label": "", "do_not_use": False}],
        "mails": [],
        "address_lines": [f"{number % 40 + 1} rue des Tilleuls"],
        "postcode": postcode,
        "town": town,
        "usage_name": "",
        "no_letter_home": False,
        "preferred_channel": Channel.ANY,
        "access_needs": "",
        "rhythm_months": None,
        "left_on": None,
        **columns,
    }


def _ago(today: date, days: int, hour: int = 10, minute: int = 0) -> datetime:
    return datetime.combine(today - timedelta(days=days), time(hour, minute))


def _contact(
    at: datetime, way: Way, note: str, request: int | None = None, **columns: object
) -> Row:
    return {
        "request_id": request, "at": at, "way": way, "direction": Direction.IN, "reached": True,
        "note": note, "person": CLERKS[0], **columns,
    }  # fmt: skip


def _meeting(at: datetime, reason: str, request: int | None = None, **columns: object) -> Row:
    return {
        "request_id": request, "reason": reason, "mode": Mode.ON_SITE, "starts_at": at, "minutes": 30,
        "site_id": 0, "room": "salle B", "status": MeetingStatus.PLANNED, "outcome": "",
        "person": CLERKS[0], **columns,
    }  # fmt: skip


def _step(at: datetime, was: str, became: RequestStatus, why: str = "") -> Row:
    return {"at": at, "was": was, "became": became, "why": why, "person": CLERKS[0]}


def _le_goff(today: date) -> Case:
    case = Case(
        _member(
            417, civility=Civility.MRS, first_name="Anne", family_name="KERVÉLEC", usage_name="LE GOFF",
            birth_date=date(today.year - 55, 4, 18), site_id=1, service="Voirie",
            entered_on=today - timedelta(days=8030), access_needs="gros caractères", no_letter_home=True,
            preferred_channel=Channel.PHONE,
            phones=[{"number": "+33639985607", "label": "le matin", "do_not_use": False}],
            mails=[{"address": "anne.legoff@example.org", "label": "", "do_not_use": False}],
        )
    )  # fmt: skip
    case.dependants = [
        {"relation": Relation.SPOUSE, "first_name": "Yann", "family_name": "LE GOFF",
         "since": today - timedelta(days=9000)},
        {"relation": Relation.CHILD, "first_name": "Malo", "family_name": "LE GOFF",
         "birth_date": date(today.year - 19, 6, 2), "since": date(today.year - 19, 6, 2)},
    ]  # fmt: skip
    opened = today - timedelta(days=4)
    case.requests = [
        {"type": RequestType.CLAIM, "benefit": "REN2", "subject": "Rentrée de Malo",
         "status": RequestStatus.WAITING, "opened_on": opened, "event_on": today - timedelta(days=75),
         "last_useful_on": today + timedelta(days=16), "next_what": "Apporter le certificat de scolarité",
         "next_who": Owes.MEMBER, "next_due": today + timedelta(days=1), "is_sensitive": False},
    ]  # fmt: skip
    case.documents = [
        (0, paper("school-certificate")),
        (0, paper("tax-notice-seen", opened)),
    ]
    case.steps = [
        (0, _step(_ago(today, 4, 14), "", RequestStatus.PREPARING)),
        (0, _step(_ago(today, 4, 14, 20), RequestStatus.PREPARING, RequestStatus.WAITING,
                  "certificat de scolarité demandé")),
    ]  # fmt: skip
    case.contacts = [
        _contact(_ago(today, 1, 9, 40), Way.PHONE, "Promet d’apporter le certificat lundi.", 0),
        _contact(_ago(today, 102), Way.SESSION, "Séjour d’été ; avance expliquée, soulagée."),
    ]
    case.meetings = [_meeting(datetime.combine(today, time(9, 30)), "documents", 0,
                              bring="Certificat de scolarité de Malo")]  # fmt: skip
    return case


def _nguyen_van(today: date) -> Case:
    case = Case(
        _member(
            582, civility=Civility.MR, first_name="Minh", family_name="NGUYEN VAN",
            birth_date=date(today.year - 34, 9, 3), site_id=0, service="Petite enfance",
            entered_on=today - timedelta(days=40), status=MemberStatus.CONTRACT,
        )
    )  # fmt: skip
    case.meetings = [
        _meeting(datetime.combine(today, time(11, 0)), "first", mode=Mode.HOME, room="")
    ]
    return case


def _roux(today: date) -> Case:
    case = Case(
        _member(
            233, civility=Civility.MRS, first_name="Hélène", family_name="ROUX",
            birth_date=date(today.year - 31, 1, 22), site_id=0, service="État civil",
            entered_on=today - timedelta(days=2100),
        )
    )  # fmt: skip
    case.dependants = [
        {"relation": Relation.CHILD, "first_name": "Côme", "family_name": "ROUX",
         "birth_date": today - timedelta(days=172), "since": today - timedelta(days=172)},
    ]  # fmt: skip
    case.requests = [
        {"type": RequestType.CLAIM, "benefit": "NAIS", "subject": "Naissance de Côme",
         "status": RequestStatus.WAITING, "opened_on": today - timedelta(days=30),
         "event_on": today - timedelta(days=172), "last_useful_on": today + timedelta(days=12),
         "next_what": "Obtenir l’acte de naissance", "next_who": Owes.ME, "next_due": today,
         "is_sensitive": False},
    ]  # fmt: skip
    case.documents = [
        (0, paper("birth-record")),
        (0, paper("bank-details", today - timedelta(days=28))),
    ]
    case.steps = [(0, _step(_ago(today, 30), "", RequestStatus.PREPARING)),
                  (0, _step(_ago(today, 28), RequestStatus.PREPARING, RequestStatus.WAITING))]  # fmt: skip
    case.contacts = [_contact(_ago(today, 28), Way.VISIT, "A apporté le RIB.", 0)]
    return case


def _petit(today: date) -> Case:
    case = Case(
        _member(
            128, civility=Civility.MR, first_name="Bernard", family_name="PETIT",
            birth_date=date(today.year - 60, 11, 30), site_id=1, service="Bâtiments",
            entered_on=today - timedelta(days=11000),
        )
    )  # fmt: skip
    case.requests = [
        {"type": RequestType.QUESTION, "subject": "Préparer le départ en retraite",
         "status": RequestStatus.PREPARING, "opened_on": today - timedelta(days=9),
         "next_what": "Rappeler avec la date limite", "next_who": Owes.ME, "next_due": today,
         "is_sensitive": False},
    ]  # fmt: skip
    case.steps = [(0, _step(_ago(today, 9), "", RequestStatus.PREPARING))]
    case.contacts = [
        _contact(_ago(today, 2, 16), Way.PHONE, "", 0, direction=Direction.OUT, reached=False),
        _contact(_ago(today, 9, 11), Way.PHONE, "Voudrait savoir quoi faire et quand.", 0),
        _contact(_ago(today, 200), Way.VISIT, "Passé à l’accueil."),
    ]
    return case


def _celik(today: date) -> Case:
    case = Case(
        _member(
            305, civility=Civility.MRS, first_name="Nur", family_name="ÇELIK",
            birth_date=date(today.year - 42, 7, 9), site_id=2, service="Médiathèque",
            entered_on=today - timedelta(days=3000),
        )
    )  # fmt: skip
    case.requests = [
        {"type": RequestType.QUESTION, "subject": "Séjour linguistique : quels papiers ?",
         "status": RequestStatus.PREPARING, "opened_on": today - timedelta(days=6),
         "next_what": "Répondre", "next_who": Owes.ME, "next_due": today - timedelta(days=1),
         "is_sensitive": False},
    ]  # fmt: skip
    case.steps = [(0, _step(_ago(today, 6), "", RequestStatus.PREPARING))]
    case.contacts = [_contact(_ago(today, 6, 15), Way.MAIL, "Question par courriel.", 0)]
    return case


def _d_herouville(today: date) -> Case:
    case = Case(
        _member(
            76, civility=Civility.MRS, first_name="Solène", family_name="D’HÉROUVILLE",
            birth_date=date(today.year - 47, 2, 14), site_id=0, service="Finances",
            entered_on=today - timedelta(days=5000),
        )
    )  # fmt: skip
    case.requests = [
        {"type": RequestType.CLAIM, "benefit": "SECX", "subject": "Aide exceptionnelle",
         "status": RequestStatus.PREPARING, "opened_on": today - timedelta(days=15),
         "next_what": "Réunir le dossier", "next_who": Owes.MEMBER,
         "next_due": today + timedelta(days=5), "is_sensitive": True},
    ]  # fmt: skip
    case.steps = [(0, _step(_ago(today, 15), "", RequestStatus.PREPARING))]
    case.contacts = [
        _contact(_ago(today, 3, 17), Way.MAIL, "Encore une question sur les papiers.", 0),
        _contact(_ago(today, 8, 9), Way.PHONE, "Appel long, beaucoup de pièces à réunir.", 0),
        _contact(_ago(today, 15, 10), Way.MAIL, "Première demande par courriel.", 0),
        _contact(_ago(today, 260), Way.VISIT, "Passée à l’accueil."),
    ]
    return case


def _o_brien(today: date) -> Case:
    case = Case(
        _member(
            911, civility=Civility.MR, first_name="Sean", family_name="O’BRIEN",
            birth_date=date(today.year - 52, 3, 17), site_id=2, service="Sports",
            entered_on=today - timedelta(days=4200), rhythm_months=12,
        )
    )  # fmt: skip
    case.contacts = [_contact(_ago(today, 425), Way.SESSION, "Aime qu’on se voie une fois par an.")]
    return case


def _late_outcome(today: date) -> Case:
    case = Case(
        _member(
            640, civility=Civility.MRS, first_name="Fatoumata", family_name="DIALLO",
            birth_date=date(today.year - 29, 5, 5), site_id=0, service="Restauration scolaire",
            entered_on=today - timedelta(days=800),
        )
    )  # fmt: skip
    case.meetings = [_meeting(_ago(today, 3, 15), "file")]
    return case


def cast(today: date) -> list[Case]:
    """The people of the drawings: meetings today, a right about to lapse, someone not seen for long."""
    return [
        make(today)
        for make in (
            _le_goff,
            _nguyen_van,
            _roux,
            _petit,
            _celik,
            _d_herouville,
            _o_brien,
            _late_outcome,
        )
    ]
