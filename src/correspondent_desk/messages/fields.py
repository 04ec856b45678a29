"""The words for the fields of records: in histories, disagreements and lists of changes."""

from functools import lru_cache

from correspondent_desk.domain.fields import REMOVED, Kind, field
from correspondent_desk.language import _, code, pgettext


def kind_name(kind: Kind) -> str:
    """What a record is: member, request, meeting…"""
    return _kinds(code())[kind]


def field_name(kind: Kind, name: str) -> str:
    """What a field of `domain.fields` is called: "address", "phones", "next step"."""
    if field(kind, name).id == REMOVED:
        return _("removal")
    own = _own_fields(code())
    return own[kind, name] if (kind, name) in own else _shared_fields(code())[name]


def any_field_name(name: str) -> str:
    """As field_name where the kind is not known: the word that most kinds use."""
    found = _shared_fields(code()).get(name)
    if found is not None:
        return found
    own = (word for (_kind, known), word in _own_fields(code()).items() if known == name)
    return next(own, name)


@lru_cache(2)
def _kinds(language: str) -> dict[Kind, str]:
    del language  # part of what is remembered
    return {
        Kind.OFFICE: _("office"),
        Kind.SITE: _("site"),
        Kind.MEMBER: _("member"),
        Kind.DEPENDANT: _("person of the household"),
        Kind.REQUEST: _("request"),
        Kind.STEP: _("step"),
        Kind.DOCUMENT: _("document"),
        Kind.CONTACT: _("contact"),
        Kind.MEETING: _("meeting"),
        Kind.ABSENCE: _("absence"),
        Kind.SESSION: _("drop-in session"),
        Kind.ANSWER: _("answer to a line of Today"),
        Kind.DECISION: _("decision"),
    }


@lru_cache(2)
def _shared_fields(language: str) -> dict[str, str]:
    """Fields that mean the same in every kind that has them."""
    del language
    return {
        "address": _("address"),
        "amount": _("amount"),
        "amount_asked": _("amount asked"),
        "amount_granted": _("amount granted"),
        "answer": _("answer"),
        "access_needs": _("what makes access easier"),
        "at": _("date and time"),
        "beneficiary_number": _("beneficiary number"),
        "benefit": _("benefit"),
        "birth_date": _("birth date"),
        "bracket": _("tax bracket"),
        "bracket_year": _("year of the tax bracket"),
        "bring": _("what to bring"),
        "came_on": _("day it came"),
        "change": _("change of status"),
        "civility": _("civility"),
        "code": _("code"),
        "decided_on": _("date of the decision"),
        "department": _("department"),
        "documents": _("documents asked for"),
        "employer": _("employer"),
        "entered_on": _("entry"),
        "event_on": _("date of the event"),
        "family_name": _("family name"),
        "first_name": _("first name"),
        "good_friday": _("Good Friday is a holiday"),
        "hours": _("opening hours"),
        "is_sensitive": _("confidential"),
        "label": _("label"),
        "left_on": _("end of rights"),
        "last_useful_on": _("last useful date"),
        "line": _("line"),
        "mails": _("e-mail addresses"),
        "matricule": _("staff number"),
        "member_id": _("member"),
        "membership": _("dates in the household"),
        "mode": _("kind of meeting"),
        "moved_from_id": _("moved from"),
        "next_step": _("next step"),
        "no_letter_home": _("no letter at home"),
        "note": _("note"),
        "opened_on": _("date of opening"),
        "outcome": _("outcome"),
        "pays_on": _("date of payment"),
        "person": _("written by"),
        "phones": _("phones"),
        "preferred_channel": _("preferred way of contact"),
        "reason": _("reason"),
        "refused_because": _("reason of the refusal"),
        "relation": _("relation"),
        "request_id": _("request"),
        "rhythm_months": _("rhythm of meetings"),
        "rights": _("entry and end of rights"),
        "room": _("room"),
        "seen_on": _("date seen"),
        "service": _("department of the office"),
        "site_id": _("site"),
        "situation": _("situation"),
        "slot": _("date, time and place"),
        "sort_name": _("name in lists"),
        "span": _("days"),
        "state": _("state"),
        "status": _("status"),
        "subject": _("subject"),
        "type": _("type"),
        "usage_name": _("name in use"),
        "valid_until": _("valid until"),
        "verdict": _("decision"),
        "way": _("way"),
        "why": _("why"),
    }


@lru_cache(2)
def _own_fields(language: str) -> dict[tuple[Kind, str], str]:
    """Fields that are called otherwise in one kind."""
    del language
    return {
        (Kind.OFFICE, "name"): _("name of the office"),
        (Kind.SITE, "name"): _("name of the site"),
        (Kind.MEMBER, "status"): pgettext("member", "status"),
        (Kind.MEMBER, "merged_into_id"): _("merged with"),
        (Kind.DEPENDANT, "person_id"): _("card of their own"),
        (Kind.CONTACT, "meeting_id"): _("meeting"),
        (Kind.ABSENCE, "person"): _("who is away"),
        (Kind.ANSWER, "about_id"): _("about"),
        (Kind.DECISION, "person"): _("decided by"),
    }
