"""Who a row of a staff list is: first by the committee's number, then the employer's, then by name.

A name and a birth date only suggest: a person says whether it is the same one. So does anything
that means somebody who was removed: no list brings them back by itself; nor does one take back
that somebody died or left (`import_rows.takes_back`). Numbers compare without case, signs and the
first zeros that spreadsheets lose.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import Any

from correspondent_desk.domain import names
from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.fields import Kind
from correspondent_desk.domain.text import squashed
from correspondent_desk.formats.staff_list import StaffRow
from correspondent_desk.records.import_rows import TOLD
from correspondent_desk.records.windows import fetch
from correspondent_desk.store import bulk, values
from correspondent_desk.store.search import LISTED
from correspondent_desk.store.session import Session


class Outcome(StrEnum):
    """What becomes of a row."""

    NEW = "new"
    UPDATED = "updated"
    UNCHANGED = "unchanged"
    SUGGESTED = "suggested"
    LEFT_OUT = "left-out"


class RowTrouble(StrEnum):
    """Why a row is left out; other_row or the member says with whom."""

    TWICE_IN_LIST = "twice-in-list"
    SAME_NUMBER = "same-number"
    SAME_MATRICULE = "same-matricule"
    TWICE_ON_DESK = "twice-on-desk"
    TWO_PEOPLE = "two-people"
    OTHER_PERSON = "other-person"
    NAMESAKES = "namesakes"


@dataclass(frozen=True, slots=True)
class Match:
    """Whom a row means. member: 0 for nobody yet; other_row: the earlier row of the same person.

    removed_on: when the member was removed, if they were.
    """

    outcome: Outcome
    member: int = 0
    trouble: RowTrouble | None = None
    other_row: int = 0
    removed_on: date | None = None


# Lists may have the name at birth alone; people are filed under the one in use.
_BIRTH_NAMES = f"""
    SELECT id, family_name, first_name FROM member
    WHERE usage_name <> '' AND family_name <> '' AND {LISTED}
"""  # noqa: S608 - our own words

# Taking back an import removes people too; they come anew with the next list.
_REMOVED = f"""
    SELECT id, beneficiary_number, matricule, family_name, usage_name, first_name, removed_at
    FROM member WHERE removed_at IS NOT NULL AND merged_into_id IS NULL AND EXISTS
        (SELECT 1 FROM history h JOIN action a ON a.id=h.action
         WHERE h.record=member.id AND a.code='{Action.MEMBER_REMOVED}')
    ORDER BY removed_at, id
"""  # noqa: S608 - our own words

# By the first letter of the key (see _keys) that an earlier row has too.
_CLASHES = {
    "b": RowTrouble.SAME_NUMBER,
    "m": RowTrouble.SAME_MATRICULE,
    "n": RowTrouble.TWICE_IN_LIST,
}
_NEW = Match(Outcome.NEW)
_SEVERAL = -1

Stored = dict[int, dict[str, Any]]
"""Columns of members by id, as the driver gives them."""


def number_key(number: str) -> str:
    """A number as it is compared."""
    plain = number.lower() if number.isalnum() and number.isascii() else squashed(number)
    return plain.lstrip("0") or plain


@dataclass(slots=True)
class Gone:
    """Those whom somebody removed, by number and name; of several, the last."""

    session: Session | None = None
    _by: dict[str, int] = field(default_factory=dict)
    _removed_on: dict[int, date] = field(default_factory=dict)

    @classmethod
    def of(cls, session: Session) -> "Gone":
        """All who were removed from this office's desks."""
        gone = cls(session)
        for id_, number, matricule, family, usage, first, at in fetch(session, _REMOVED):
            gone._removed_on[id_] = date.fromisoformat(at[:10])
            for letter, text in (("b", number), ("m", matricule)):
                if text:
                    gone._by[letter + number_key(text)] = id_
            for last in {family, usage} - {""}:
                gone._by["n" + names.sort_key("", last, first)] = id_
        return gone

    def match(self, row: StaffRow, stored: Stored) -> Match:
        """The one who was removed and may be the row's person; their columns go into stored."""
        if not self._by or self.session is None:
            return _NEW
        keys = [key for key in _keys(row) if key[0] != "n"]
        keys += ["n" + key for key in _sort_keys(row)]
        for id_ in dict.fromkeys(self._by[key] for key in keys if key in self._by):
            known = stored_columns(self.session, [id_])
            if _is_plausible(row, known[id_]) and _may_be_same(row, known[id_]):
                stored[id_] = known[id_]
                return Match(Outcome.SUGGESTED, id_, removed_on=self._removed_on[id_])
        return _NEW


@dataclass(slots=True)
class People:
    """Everyone the desk knows by number and name, and everyone a list has named so far."""

    session: Session
    by_number: dict[str, int] = field(default_factory=dict)
    by_matricule: dict[str, int] = field(default_factory=dict)
    _gone: Gone = field(default_factory=Gone)
    _by_name: dict[str, list[int]] | None = None
    _rows: dict[str, int] = field(default_factory=dict)
    _members: dict[int, int] = field(default_factory=dict)

    @classmethod
    def of(cls, session: Session) -> "People":
        """Everyone on the desk, but those removed."""
        people = cls(session)
        for id_, number, matricule in fetch(
            session,
            f"SELECT id, beneficiary_number, matricule FROM member WHERE {LISTED}"  # noqa: S608
            " AND (beneficiary_number <> '' OR matricule <> '')",
        ):
            for known, text in ((people.by_number, number), (people.by_matricule, matricule)):
                if text:
                    key = number_key(text)
                    known[key] = _SEVERAL if key in known else id_
        people._gone = Gone.of(session)
        return people

    def match(self, rows: Sequence[StaffRow]) -> tuple[list[Match], Stored]:
        """Whom each of these rows means, and what the desk has about those members.

        To be asked in the order of the list.
        """
        found = [self._by_numbers(row) for row in rows]
        stored = stored_columns(self.session, [match.member for match in found if match.member])
        matches = []
        for row, by_number in zip(rows, found, strict=True):
            match = by_number
            if match.outcome is Outcome.UPDATED and not _is_plausible(row, stored[match.member]):
                match = Match(Outcome.LEFT_OUT, match.member, RowTrouble.OTHER_PERSON)
            elif match is _NEW:
                match = self._by_likeness(row, stored)
            if match is _NEW:
                match = self._gone.match(row, stored)
            matches.append(self._noted(row, match))
        return matches, stored

    def let_go(self) -> None:
        """Forget everyone, one by one: 400 000 texts given back at once would stop every thread."""
        for known in (self.by_number, self.by_matricule, self._by_name, self._rows, self._members):
            while known:
                known.popitem()

    def _by_numbers(self, row: StaffRow) -> Match:
        """By the numbers alone; UPDATED stands for "known"."""
        one = self._known(self.by_number, row.beneficiary_number)
        other = self._known(self.by_matricule, row.matricule)
        if not one and not other:
            return _NEW
        if _SEVERAL in (one, other):
            return Match(Outcome.LEFT_OUT, trouble=RowTrouble.TWICE_ON_DESK)
        if one and other and one != other:
            return Match(Outcome.LEFT_OUT, one, RowTrouble.TWO_PEOPLE)
        return Match(Outcome.UPDATED, one or other)

    def _known(self, by: dict[str, int], number: str) -> int:
        return by.get(number_key(number), 0) if by and number else 0

    def _by_likeness(self, row: StaffRow, stored: Stored) -> Match:
        """The one member of the same name whom nothing tells from the row's person.

        Where that is true of several, it is for a person to say whom the row means: a new card would
        stand beside theirs, and one more with each further import.
        """
        if self._by_name is None:
            self._by_name = self._names()
        if not self._by_name:
            return _NEW
        keys = _sort_keys(row)
        candidates = {
            id_ for key in keys for id_ in self._by_name.get(key, ()) if id_ not in self._members
        }
        if not candidates:
            return _NEW
        known = stored_columns(self.session, list(candidates))
        alike = [id_ for id_, one in known.items() if _may_be_same(row, one)]
        # Whoever goes by the name comes before whoever was only born with it.
        alike = [id_ for id_ in alike if _filed_under(known[id_]) in keys] or alike
        alike = [id_ for id_ in alike if _is_born_then(row, known[id_])] or alike
        match alike:
            case []:
                return _NEW
            case [one]:
                stored[one] = known[one]
                return Match(Outcome.SUGGESTED, one)
            case _:
                return Match(Outcome.LEFT_OUT, trouble=RowTrouble.NAMESAKES)

    def _noted(self, row: StaffRow, match: Match) -> Match:
        """match, unless an earlier row named the same person, or has one of its numbers."""
        if match.outcome is Outcome.LEFT_OUT:
            return match
        keys = _keys(row)
        for key in keys:
            if earlier := self._rows.get(key):
                return Match(Outcome.LEFT_OUT, match.member, _CLASHES[key[0]], earlier)
        if earlier := self._members.get(match.member):
            return Match(Outcome.LEFT_OUT, match.member, RowTrouble.TWICE_IN_LIST, earlier)
        for key in keys:
            self._rows[key] = row.row
        if match.member:
            self._members[match.member] = row.row
        return match

    def _names(self) -> dict[str, list[int]]:
        found: dict[str, list[int]] = {}
        for id_, key in fetch(self.session, f"SELECT id, sort_key FROM member WHERE {LISTED}"):  # noqa: S608
            found.setdefault(key, []).append(id_)
        for id_, last, first in fetch(self.session, _BIRTH_NAMES):
            found.setdefault(names.sort_key("", last, first), []).append(id_)
        return found


def stored_columns(session: Session, ids: Sequence[int]) -> Stored:
    """What the desk has about these members, as the driver gives it."""
    if not ids:
        return {}
    columns = (*TOLD, "sort_name")
    return dict(bulk.stored_columns(session, values.layout(Kind.MEMBER), columns, ids))


def _keys(row: StaffRow) -> tuple[str, ...]:
    """What no two rows of one list may share: each number, or else name and birth date."""
    numbered = []
    if row.beneficiary_number:
        numbered.append("b" + number_key(row.beneficiary_number))
    if row.matricule:
        numbered.append("m" + number_key(row.matricule))
    if numbered:
        return tuple(numbered)
    name = names.sort_key(row.usage_name, row.family_name, row.first_name)
    return (f"n{name} {row.birth_date or ''}",)


def _sort_keys(row: StaffRow) -> set[str]:
    filed = {row.usage_name, row.family_name} - {""}
    return {names.sort_key("", name, row.first_name) for name in filed}


def _filed_under(known: dict[str, Any]) -> str:
    return names.sort_key(known["usage_name"], known["family_name"], known["first_name"])


def _last_names(usage: str, family: str) -> set[str]:
    return {squashed(usage), squashed(family)} - {""}


def is_same_person(row: StaffRow, other: StaffRow) -> bool:
    """Whether two rows with one number name the same person."""
    is_born_alike = not (row.birth_date and other.birth_date) or row.birth_date == other.birth_date
    shared = _last_names(row.usage_name, row.family_name) & _last_names(
        other.usage_name, other.family_name
    )
    return is_born_alike and bool(shared) and squashed(row.first_name) == squashed(other.first_name)


def _is_plausible(row: StaffRow, known: dict[str, Any]) -> bool:
    """Whether a number that both have can belong to one person: numbers get used again.

    A last name may change and a birth date may be mistyped, but not both with the first name.
    """
    born = row.birth_date.isoformat() if row.birth_date else None
    conflict = born is not None and known["birth_date"] is not None and born != known["birth_date"]
    same_birth = born is not None and born == known["birth_date"]
    same_first = squashed(row.first_name) == squashed(known["first_name"])
    shared = not _last_names(row.usage_name, row.family_name).isdisjoint(
        _last_names(known["usage_name"], known["family_name"])
    )
    if shared:
        return same_first or not conflict
    return same_birth or (same_first and not conflict)


def _is_born_then(row: StaffRow, known: dict[str, Any]) -> bool:
    return row.birth_date is not None and row.birth_date.isoformat() == known["birth_date"]


def _may_be_same(row: StaffRow, known: dict[str, Any]) -> bool:
    """Whether a namesake may be the row's person: same birth date, or no other number and none."""
    if row.birth_date and known["birth_date"]:
        return _is_born_then(row, known)
    return not any(
        mine and theirs and number_key(mine) != number_key(theirs)
        for mine, theirs in (
            (row.matricule, known["matricule"]),
            (row.beneficiary_number, known["beneficiary_number"]),
        )
    )
