"""Names as they are filed, shown and searched; stored as typed, never re-hyphenated or re-cased."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from correspondent_desk.domain import phones
from correspondent_desk.domain.text import folded, squashed, tokens

LONGEST_QUERY = 120  # characters looked at; what is pasted by mistake may be a whole page

_WORD_GAP = re.compile(r"[\s-]+")
_PARTICLE = re.compile(r"(?:de\s+|d')(?=\w)")
_DIGITS_ONLY = re.compile(r"[\d\s.+()/-]*\d[\d\s.+()/-]*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Query:
    """What was typed into the search field, ready for the indexes; all empty: nothing to look for.

    match: FTS5 expression for the index of `search_document`. It holds single tokens only, so it
    suits detail=none, and the tokenizer "ascii", which cuts exactly where `tokens` cuts.
    phone: what a term of `phone_terms` begins with; empty unless only digits were typed. A member
    found by either is found.
    prefix: what the sort key of the first hits begins with; empty for digits.
    words: the folded tokens, for the correction of typing errors.
    """

    match: str = ""
    phone: str = ""
    prefix: str = ""
    words: tuple[str, ...] = ()


def parse_query(words: str) -> Query:
    """What to look for, given what was typed so far; the last word may be unfinished."""
    typed = words.strip()[:LONGEST_QUERY]
    if _DIGITS_ONLY.fullmatch(typed):
        number = re.sub(r"\D", "", typed)
        return Query(
            match=_prefixes((number,)),
            phone=phones.typed_digits(typed),
            words=(number,),
        )
    found = tuple(dict.fromkeys(tokens(typed)))
    return Query(match=_prefixes(found), prefix=squashed(typed), words=found)


def _prefixes(found: tuple[str, ...]) -> str:
    # Tokens hold letters and digits only, so a quote cannot occur in one.
    return " AND ".join(f'"{token}"*' for token in found)


def filed_name(usage_name: str, family_name: str) -> str:
    """The name a person is known by and filed under: the usage name, else the family name."""
    return usage_name.strip() or family_name.strip()


def sort_key(usage_name: str, family_name: str, first_name: str, sort_name: str = "") -> str:
    """Where a person stands in lists: the folded last name, a space, the folded first name.

    "de X" and "d'X" are filed under X; Le, La, Du and Des stay. A capital De before a name in
    small letters (De Smet) belongs to the name and stays too; where all is in capitals nobody can
    tell, and X is taken. sort_name, if given, is filed as it stands.
    """
    if sort_name.strip():
        last = squashed(sort_name)
    else:
        last = _filed_under(filed_name(usage_name, family_name))
    return f"{last} {squashed(first_name)}"


@lru_cache(65_536)
def _filed_under(name: str) -> str:
    if name[:1] in ("d", "D"):
        particle = _PARTICLE.match(folded(name))
        if particle and (name[0] == "d" or name.isupper()):
            return squashed(name[particle.end() :])
    return squashed(name)


def search_document(
    *,
    first_name: str,
    usage_name: str,
    family_name: str,
    matricule: str = "",
    beneficiary_number: str = "",
) -> str:
    """The folded terms by which a member is found, each once, separated by spaces.

    Of each name: its tokens; each word joined over its apostrophe (floch, dherouville); every
    tail joined (De La Tour: delatour, latour). Of each number: its tokens, the whole joined, and
    the whole without the zeros that spreadsheets lose. Phones have an index of their own, see
    `phone_terms`.
    """
    terms = (
        *_name_terms(usage_name),
        *_name_terms(family_name),
        *_name_terms(first_name),
        *_number_terms(matricule),
        *_number_terms(beneficiary_number),
    )
    return " ".join(dict.fromkeys(terms))


@lru_cache(65_536)
def _name_terms(name: str) -> tuple[str, ...]:
    parts = tokens(name)
    if len(parts) <= 1:
        return parts
    words = filter(None, (squashed(word) for word in _WORD_GAP.split(folded(name))))
    tails = ("".join(parts[i:]) for i in range(len(parts) - 1))
    return tuple(dict.fromkeys((*parts, *words, *tails)))


def _number_terms(number: str) -> tuple[str, ...]:
    # A number goes past the caches of `text`: each is seen once and would push out a name.
    if number.isalnum() and number.isascii():
        part = number.lower()
        return (part, part.lstrip("0") or part) if part[0] == "0" else (part,)
    parts = tokens(number)
    if len(parts) > 1:
        parts = (*parts, "".join(parts))
    if any(part[0] == "0" for part in parts):
        parts = (*parts, *filter(None, (part.lstrip("0") for part in parts)))
    return parts


def phone_terms(numbers: Iterable[str]) -> str:
    """The terms by which stored phone numbers are found, each once, separated by spaces.

    Of each number: all its digits as dialled in France, the last six and the last four.
    """
    terms: dict[str, None] = {}
    for number in numbers:
        digits = phones.national_digits(number)
        terms[digits] = terms[digits[-6:]] = terms[digits[-4:]] = None
    return " ".join(filter(None, terms))


def full_name(civility: str, first_name: str, usage_name: str, family_name: str) -> str:
    """A person as lists show them: "Mme Anne LE GOFF". civility: the word itself, or nothing.

    Capitals keep their accents, which belong to the name.
    """
    last = filed_name(usage_name, family_name).upper()
    return " ".join(filter(None, (civility, first_name.strip(), last)))


def birth_name(usage_name: str, family_name: str) -> str:
    """The family name in capitals where it differs from the name in use, to stand behind "née"."""
    differs = usage_name.strip() and squashed(usage_name) != squashed(family_name)
    return family_name.strip().upper() if differs else ""
