"""People as lists, sentences and letters name them."""

import re
from datetime import date
from typing import Protocol

from correspondent_desk.domain import names, phones
from correspondent_desk.domain.members import Civility
from correspondent_desk.domain.text import folded
from correspondent_desk.language import _, code, pgettext
from correspondent_desk.messages import civilities, dates

_ELIDED = re.compile(r"[aeiouh]|y[^aeiou]")  # Yves, but not Yann


class Named(Protocol):
    """A member's draft, row or card line: whatever carries a name."""

    @property
    def civility(self) -> Civility: ...
    @property
    def first_name(self) -> str: ...
    @property
    def usage_name(self) -> str: ...
    @property
    def family_name(self) -> str: ...


class Known(Named, Protocol):
    """A row of a list, with what tells two people of one name apart."""

    @property
    def birth_date(self) -> date | None: ...
    @property
    def site(self) -> str: ...
    @property
    def matricule(self) -> str: ...


class Filed(Known, Protocol):
    """A row that knows whether somebody has the same name."""

    @property
    def has_homonym(self) -> bool: ...


def shown_name(person: Named) -> str:
    """Mrs Anne LE GOFF; a person without any name is said to have none."""
    shown = names.full_name(
        civilities.civility(person.civility),
        person.first_name,
        person.usage_name,
        person.family_name,
    )
    return shown or _("Person without a name")


def deceased(person: Named) -> str:
    """That somebody has died, in one sentence."""
    name = shown_name(person)
    match person.civility:
        case Civility.MRS:
            return pgettext("woman", "{name} is deceased.").format(name=name)
        case Civility.MR:
            return pgettext("man", "{name} is deceased.").format(name=name)
        case _:
            return _("{name} is deceased.").format(name=name)


def no_contact(person: Named) -> str:
    """That somebody wishes no contact, in one sentence."""
    return _("{name} wishes no contact.").format(name=shown_name(person))


def short_name(person: Named) -> str:
    """Mrs LE GOFF; the first name where the civility is not known."""
    title = civilities.civility(person.civility)
    first_name = "" if title else person.first_name
    shown = names.full_name(title, first_name, person.usage_name, person.family_name)
    return shown or _("Person without a name")


def surname(person: Named) -> str:
    """LE GOFF; the first name of who has no other."""
    shown = names.full_name("", "", person.usage_name, person.family_name)
    return shown or person.first_name or _("Person without a name")


def list_name(person: Filed) -> str:
    """As shown_name; homonyms with their birth date, or else their site."""
    shown = shown_name(person)
    if not person.has_homonym:
        return shown
    if person.birth_date:
        return _("{name}, born on {date}").format(name=shown, date=dates.numeric(person.birth_date))
    return _("{name}, {site}").format(name=shown, site=person.site) if person.site else shown


def told_apart(person: Known) -> str:
    """What tells people of one name apart, in a line of its own: 12/03/1971 · Town hall · 000417."""
    born = dates.numeric(person.birth_date) if person.birth_date else ""
    return " · ".join(filter(None, (birth_name(person), born, person.site, person.matricule)))


def birth_name(person: Named) -> str:
    """née KERVÉLEC, where the family name differs from the name in use; else nothing."""
    born = names.birth_name(person.usage_name, person.family_name)
    if not born:
        return ""
    match person.civility:
        case Civility.MRS:
            return pgettext("woman", "née {name}").format(name=born)
        case Civility.MR:
            return pgettext("man", "né {name}").format(name=born)
        case _:
            return _("birth name {name}").format(name=born)


def of(name_: str) -> str:
    """A name behind a noun: "of Mrs LE GOFF"; in French "de Mme LE GOFF", "d’Anne LE GOFF"."""
    if code() != "fr":
        return f"of {name_}"
    elided = _ELIDED.match(folded(name_))
    return f"d’{name_}" if elided else f"de {name_}"


def phone(number: str) -> str:
    """A stored number as people read it."""
    return phones.display(number)
