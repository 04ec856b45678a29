"""The registry of what travels between desks: kinds of record, their fields and merge rules.

Numbers are the wire contract (docs/bundle-format.md): never reused, never renumbered. A field's
number is unique within its kind. A field of several columns is one value, a list, so that a merge
never mixes the halves of an address or of a meeting's slot.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, IntEnum, auto
from types import MappingProxyType


class Kind(IntEnum):
    """What a record is."""

    OFFICE = 1
    SITE = 2
    MEMBER = 3
    DEPENDANT = 4
    REQUEST = 5
    STEP = 6
    DOCUMENT = 7
    CONTACT = 8
    MEETING = 9
    ABSENCE = 10
    SESSION = 11
    ANSWER = 12
    DECISION = 13


class Rule(Enum):
    """What happens when a field was written on two desks at once; see domain.merge."""

    ASK = auto()
    EARLIEST = auto()
    NEWEST = auto()
    LONG_TEXT = auto()
    SEEN_WINS = auto()
    FURTHEST = auto()
    REMOVAL = auto()


@dataclass(frozen=True, slots=True)
class Field:
    """One synchronised field: its number on the wire, its name and the columns that hold it.

    references: those of its columns that hold another record's local id; on the wire, its 16 bytes.
    """

    id: int
    name: str
    columns: tuple[str, ...]
    rule: Rule
    references: frozenset[str]


REMOVED = 1  # the number of the removal field in every kind
REMOVED_AT = "removed_at"  # its column


def _fields(
    *specs: tuple[int, str, Rule] | tuple[int, str, Rule, tuple[str, ...]],
) -> tuple[Field, ...]:
    found = [Field(REMOVED, "removed", (REMOVED_AT,), Rule.REMOVAL, frozenset())]
    for number, name, rule, *given in specs:
        columns = given[0] if given else (name,)
        references = frozenset(column for column in columns if column.endswith("_id"))
        found.append(Field(number, name, columns, rule, references))
    return tuple(found)


_ASK, _NEWEST, _TEXT = Rule.ASK, Rule.NEWEST, Rule.LONG_TEXT

FIELDS: Mapping[Kind, tuple[Field, ...]] = MappingProxyType(
    {
        Kind.OFFICE: _fields(
            (2, "name", _NEWEST),
            (3, "code", _NEWEST),
            (4, "rhythm_months", _NEWEST),
        ),
        Kind.SITE: _fields(
            (2, "name", _NEWEST),
            (3, "address", _ASK, ("address_lines", "postcode", "town")),
            (4, "department", _NEWEST),
            (5, "good_friday", _NEWEST),
            (6, "hours", _NEWEST, ("opens_at", "closes_at", "open_weekdays")),
            (7, "room", _NEWEST),
        ),
        Kind.MEMBER: _fields(
            (2, "civility", _NEWEST),
            (3, "family_name", _ASK),
            (4, "usage_name", _ASK),
            (5, "first_name", _ASK),
            (6, "birth_date", _ASK),
            (7, "matricule", _ASK),
            (8, "beneficiary_number", _ASK),
            (9, "employer", _ASK),
            (10, "site_id", _NEWEST),
            (11, "service", _NEWEST),
            (12, "status", _ASK),
            (13, "rights", _ASK, ("entered_on", "left_on")),
            (14, "phones", _NEWEST),
            (15, "mails", _NEWEST),
            (16, "address", _ASK, ("address_lines", "postcode", "town", "country")),
            (17, "no_letter_home", _NEWEST),
            (18, "preferred_channel", _NEWEST),
            (19, "access_needs", _NEWEST),
            (20, "rhythm_months", _NEWEST),
            (21, "bracket", _ASK, ("bracket", "bracket_year")),
            (22, "note", _TEXT),
            (23, "merged_into_id", _NEWEST),
            (24, "sort_name", _NEWEST),
        ),
        Kind.DEPENDANT: _fields(
            (2, "member_id", _NEWEST),
            (3, "relation", _ASK),
            (4, "first_name", _ASK),
            (5, "family_name", _ASK),
            (6, "birth_date", _ASK),
            (7, "membership", _ASK, ("since", "until")),
            (8, "person_id", _NEWEST),
        ),
        Kind.REQUEST: _fields(
            (2, "member_id", _NEWEST),
            (3, "type", _NEWEST),
            (4, "benefit", _NEWEST),
            (5, "subject", _ASK),
            (6, "status", Rule.FURTHEST),
            (7, "opened_on", _NEWEST),
            (8, "event_on", _ASK),
            (9, "last_useful_on", Rule.EARLIEST),
            (10, "next_step", Rule.EARLIEST, ("next_what", "next_who", "next_due")),
            (11, "situation", _TEXT),
            (12, "amount_asked", _ASK),
            (13, "amount_granted", _ASK),
            (14, "is_sensitive", _NEWEST),
        ),
        Kind.STEP: _fields(
            (2, "request_id", _NEWEST),
            (3, "at", _NEWEST),
            (4, "change", _NEWEST, ("was", "became")),
            (5, "why", _TEXT),
            (6, "person", _NEWEST),
        ),
        Kind.DOCUMENT: _fields(
            (2, "request_id", _NEWEST),
            (3, "code", _NEWEST),
            (4, "label", _NEWEST),
            (5, "state", Rule.SEEN_WINS),
            (6, "seen_on", _NEWEST),
            (7, "valid_until", _ASK),
            (8, "refused_because", _ASK),
        ),
        Kind.CONTACT: _fields(
            (2, "member_id", _NEWEST),
            (3, "request_id", _NEWEST),
            (4, "at", _NEWEST),
            (5, "way", _NEWEST, ("way", "direction", "reached")),
            (6, "note", _TEXT),
            (7, "person", _NEWEST),
            (8, "meeting_id", _NEWEST),
        ),
        Kind.MEETING: _fields(
            (2, "member_id", _NEWEST),
            (3, "request_id", _NEWEST),
            (4, "reason", _NEWEST),
            (5, "mode", _NEWEST),
            (6, "slot", _ASK, ("starts_at", "minutes", "zone", "site_id", "room")),
            (7, "status", _ASK),
            (8, "bring", _NEWEST),
            (9, "outcome", _TEXT),
            (10, "moved_from_id", _NEWEST),
            (11, "person", _NEWEST),
        ),
        Kind.ABSENCE: _fields(
            (2, "person", _NEWEST),
            (3, "span", _ASK, ("first_day", "last_day")),
            (4, "label", _NEWEST),
        ),
        Kind.SESSION: _fields(
            (2, "site_id", _NEWEST),
            (3, "slot", _ASK, ("starts_at", "minutes", "weekly_until")),
            (4, "room", _NEWEST),
            (5, "label", _NEWEST),
        ),
        Kind.ANSWER: _fields(
            (2, "about_id", _NEWEST),
            (3, "line", _NEWEST),
            (4, "answer", _NEWEST, ("answer", "until")),
        ),
        Kind.DECISION: _fields(
            (2, "request_id", _NEWEST),
            (3, "verdict", _NEWEST),
            (4, "amount", _NEWEST),
            (5, "reason", _NEWEST),
            (6, "documents", _NEWEST),
            (7, "decided_on", _NEWEST),
            (8, "pays_on", _NEWEST),
            (9, "person", _NEWEST),
            (10, "answer", _NEWEST),
            (11, "came_on", _NEWEST),
        ),
    }
)


def field(kind: Kind, name: str) -> Field:
    """The field of kind with this name. Raises KeyError if there is none."""
    for known in FIELDS[kind]:
        if known.name == name:
            return known
    raise KeyError(name)
