"""FIELD=VALUE, as edits of a member."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from correspondent_desk.domain.members import (
    Channel,
    Civility,
    Mail,
    MemberDraft,
    MemberStatus,
    Phone,
    PostalAddress,
    SiteId,
)
from correspondent_desk.domain.text import squashed
from correspondent_desk.errors import DeskError

_MOST_MONTHS = 120
_YEARS = range(1900, 2200)
_NUMBERS = {"rhythm_months": range(1, _MOST_MONTHS + 1), "bracket_year": _YEARS}
_CHOICES = {
    "civility": tuple(Civility),
    "status": tuple(MemberStatus),
    "preferred_channel": tuple(Channel),
    "no_letter_home": ("yes", "no"),
}
_ANSWERS = {"1": True, "yes": True, "oui": True, "0": False, "no": False, "non": False}


class BadEdit(DeskError):
    """FIELD=VALUE cannot be read (details: text).

    Reasons: form; twice; field (details: fields, those there are); value (details: expected, which is
    choice with choices, number with least and most, site, address or date).
    """

    code = "bad-edit"


class HasProblems(DeskError):
    """The edit would leave something to be mended. details: problems, a list of Problem."""

    code = "has-problems"


@dataclass(frozen=True, slots=True)
class Edits:
    """Reads edits of one member. sites: ids by squashed name."""

    sites: Mapping[str, SiteId]

    def apply(self, draft: MemberDraft, edits: Iterable[str]) -> MemberDraft:
        """draft with each FIELD=VALUE applied. Raises BadEdit."""
        named: set[str] = set()
        for edit in edits:
            name = edit.partition("=")[0].strip()
            if name in named:  # which of the two is meant cannot be told
                raise BadEdit("twice", text=name)
            named.add(name)
            draft = self._with(draft, edit)
        return draft

    def _with(self, draft: MemberDraft, edit: str) -> MemberDraft:
        name, equals, value = edit.partition("=")
        name = name.strip()
        if not equals:
            raise BadEdit("form", text=edit)
        if name not in FIELDS:
            raise BadEdit("field", text=name, fields=", ".join(FIELDS))
        try:
            return self._applied(draft, name, value.strip())
        except (ValueError, KeyError) as error:
            raise _unreadable(name, edit) from error

    def _applied(self, draft: MemberDraft, name: str, value: str) -> MemberDraft:
        match name:
            case "site":
                return replace(draft, site_id=self.sites[squashed(value)] if value else None)
            case "phones":
                return replace(draft, phones=_phones(value, draft.phones))
            case "mails":
                return replace(draft, mails=_mails(value, draft.mails))
            case _:
                return replace(draft, **{name: _READERS[name](value)})


def _unreadable(name: str, edit: str) -> BadEdit:
    """What may stand there instead."""
    if name in _CHOICES:
        choices = ", ".join(filter(None, _CHOICES[name]))
        return BadEdit("value", text=edit, expected="choice", choices=choices)
    if name in _NUMBERS:
        possible = _NUMBERS[name]
        return BadEdit("value", text=edit, expected="number", least=possible[0], most=possible[-1])
    return BadEdit("value", text=edit, expected=name if name in ("site", "address") else "date")


def _day(value: str) -> date | None:
    if not value:
        return None
    form = "%d/%m/%Y" if "/" in value else "%Y-%m-%d"
    return datetime.strptime(value, form).date()  # noqa: DTZ007 - a date has no zone


def _number(possible: range) -> Callable[[str], int | None]:
    def read(value: str) -> int | None:
        number = int(value) if value else None
        if number is not None and number not in possible:
            raise ValueError(value)
        return number

    return read


def _address(value: str) -> PostalAddress:
    """Lines, postcode and town between bars: 3 rue Haute|67990|VALBRUNE."""
    if not value:
        return PostalAddress()
    *lines, postcode, town = (part.strip() for part in value.split("|"))
    return PostalAddress(lines=tuple(lines), postcode=postcode, town=town)


def _phones(value: str, before: tuple[Phone, ...]) -> tuple[Phone, ...]:
    """Numbers between commas; those that stay keep what is written beside them."""
    from correspondent_desk.domain.phones import parse

    known = {phone.number: phone for phone in before}
    texts = (text.strip() for text in value.split(","))
    read: dict[str, Phone] = {}  # each number once
    for text in filter(None, texts):
        phone = parse(text) or Phone(number=text)
        read.setdefault(phone.number, phone if phone.label else known.get(phone.number, phone))
    return tuple(read.values())


def _mails(value: str, before: tuple[Mail, ...]) -> tuple[Mail, ...]:
    known = {mail.address: mail for mail in before}
    texts = dict.fromkeys(text.strip() for text in value.split(","))
    return tuple(known.get(text, Mail(address=text)) for text in texts if text)


_READERS: Mapping[str, Callable[[str], Any]] = {
    "civility": lambda value: Civility(value.lower()),
    "family_name": str,
    "usage_name": str,
    "first_name": str,
    "birth_date": _day,
    "matricule": str,
    "beneficiary_number": str,
    "employer": str,
    "service": str,
    "status": lambda value: MemberStatus(value.lower()),
    "entered_on": _day,
    "left_on": _day,
    "address": _address,
    "no_letter_home": lambda value: _ANSWERS[value.lower()],
    "preferred_channel": lambda value: Channel(value.lower()),
    "access_needs": str,
    "rhythm_months": _number(_NUMBERS["rhythm_months"]),
    "bracket": str,
    "bracket_year": _number(_NUMBERS["bracket_year"]),
    "note": str,
    "sort_name": str,
}

FIELDS = (*_READERS, "site", "phones", "mails")
"""What can be edited; the names are those of `show --json`."""
