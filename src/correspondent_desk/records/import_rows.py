"""What a row of a staff list says, as columns of a member: of a new one, or of one that is known.

An empty cell says nothing, so it erases nothing. A text that differs from what the desk has only
in case, accents or signs (lists are often in capitals) says nothing new either. Phones and mails
are added to those known, since a list seldom has them all.
"""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from correspondent_desk.domain import names
from correspondent_desk.domain.members import MemberStatus
from correspondent_desk.domain.text import squashed
from correspondent_desk.formats.staff_list import StaffRow
from correspondent_desk.store.values import to_json

TOLD = (
    "civility", "family_name", "usage_name", "first_name", "birth_date", "matricule",
    "beneficiary_number", "phones", "mails", "address_lines", "postcode", "town", "service",
    "site_id", "status", "entered_on", "left_on", "employer",
)  # fmt: skip
DERIVED = ("sort_key", "search_doc", "phone_doc")
COLUMNS = (*TOLD, *DERIVED)

_TEXTS = (
    "family_name", "usage_name", "first_name", "service", "employer", "postcode", "town",
)  # fmt: skip
_CHOICES = ("civility", "status")
_NUMBERS = ("matricule", "beneficiary_number")
_DATES = ("birth_date", "entered_on", "left_on")
_SEARCHED = ("first_name", "usage_name", "family_name", *_NUMBERS)
_GONE = frozenset({MemberStatus.RETIRED, MemberStatus.LEFT, MemberStatus.DECEASED})
_HERE = frozenset(MemberStatus) - _GONE

Sites = Mapping[str, int]
"""Ids of sites by folded name; 0: one that is not there yet."""


@dataclass(frozen=True, slots=True)
class Change:
    """One field of a member that a row changes; before and after as values: text, date, texts."""

    field: str
    before: object
    after: object


def new_members(told: Mapping[str, Sequence[Any]], sites: Sites) -> dict[str, Sequence[Any]]:
    """The COLUMNS of members who are new, given their rows by column."""
    return {
        **{name: told[name] for name in (*_TEXTS, *_NUMBERS, *_DATES)},
        "civility": list(map(str, told["civility"])),
        "phones": [[_phone(*one) for one in reached] for reached in told["phones"]],
        "mails": [[_mail(*one) for one in reached] for reached in told["mails"]],
        "address_lines": list(map(list, told["address_lines"])),
        "site_id": [sites.get(squashed(site)) if site else None for site in told["site"]],
        "status": [str(status or MemberStatus.ACTIVE) for status in told["status"]],
        "sort_key": list(
            map(names.sort_key, told["usage_name"], told["family_name"], told["first_name"])
        ),
        "search_doc": [
            names.search_document(
                first_name=first,
                usage_name=usage,
                family_name=family,
                matricule=matricule,
                beneficiary_number=number,
            )
            for first, usage, family, matricule, number in zip(
                *(told[name] for name in _SEARCHED), strict=True
            )
        ],
        "phone_doc": [
            names.phone_terms([number for number, _ in reached]) if reached else ""
            for reached in told["phones"]
        ],
    }


def changes(row: StaffRow, stored: Mapping[str, Any], sites: Sites) -> dict[str, Any]:
    """The columns that the row changes, as Python values; stored: as the driver gives them."""
    changed: dict[str, Any] = dict(_changed_words(row, stored))
    changed.update(_changed_values(row, stored))
    if row.site and sites.get(squashed(row.site), 0) != stored["site_id"]:
        changed["site_id"] = sites.get(squashed(row.site), 0)
    if row.address_lines and to_json(row.address_lines) != stored["address_lines"]:
        known = " ".join(json.loads(stored["address_lines"]))
        if squashed(" ".join(row.address_lines)) != squashed(known):
            changed["address_lines"] = list(row.address_lines)
    return changed | dict(_added(row, stored))


def takes_back(stored: Mapping[str, Any], changed: Mapping[str, Any]) -> str:
    """The status that no list takes back by itself; nothing if it may be changed, or is not.

    Lists come weeks late: they have the dead at work, and those who left or retired.
    """
    before, after = str(stored["status"]), changed.get("status", stored["status"])
    is_back = after != before if before == MemberStatus.DECEASED else after in _HERE
    return before if is_back and before in _GONE else ""


# Nearly all cells of nearly all lists say what is known: the first comparison must settle it.


def _changed_words(row: StaffRow, stored: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    for name in _TEXTS:
        told = getattr(row, name)
        if (
            told
            and told != stored[name]
            and squashed(told) != squashed(stored[name])
            and not (name == "family_name" and _is_name_in_use(row, stored))
        ):
            yield name, told
    for name in _NUMBERS:
        told, known = getattr(row, name), stored[name]
        if (
            told
            and told != known
            and (_number(told) != _number(known) or _has_zeros_of(told, known))
        ):
            yield name, told


def _is_name_in_use(row: StaffRow, stored: Mapping[str, Any]) -> bool:
    """Whether the one name of the row is the one that is used: it says nothing of that at birth."""
    return not row.usage_name and squashed(row.family_name) == squashed(stored["usage_name"])


def _has_zeros_of(told: str, known: str) -> bool:
    """Whether told brings first zeros back that known has lost; both are one number."""
    return told.isdecimal() and known.isdecimal() and len(told) > len(known)


def _changed_values(row: StaffRow, stored: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    for name in _DATES:
        told = getattr(row, name)
        if told is not None and told.isoformat() != stored[name]:
            yield name, told
    for name in _CHOICES:
        told = getattr(row, name)
        if told and told != stored[name]:
            yield name, told.value


def _added(row: StaffRow, stored: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    if any(f'"{number}"' not in stored["phones"] for number, _ in row.phones):
        known = json.loads(stored["phones"])
        numbers = {phone["number"] for phone in known}
        new = [_phone(number, label) for number, label in row.phones if number not in numbers]
        if new:
            yield "phones", [*known, *new]
    if any(f'"{address}"' not in stored["mails"] for address, _ in row.mails):
        known = json.loads(stored["mails"])
        addresses = {mail["address"].casefold() for mail in known}
        new = [_mail(one, label) for one, label in row.mails if one.casefold() not in addresses]
        if new:
            yield "mails", [*known, *new]


def updated_member(
    row: StaffRow, stored: Mapping[str, Any], current: Sequence[Any], sites: Sites
) -> tuple[Any, ...]:
    """The COLUMNS of a known member after the row; current: the TOLD columns as Python values."""
    told = dict(zip(TOLD, current, strict=True)) | changes(row, stored, sites)
    return (
        *(told[name] for name in TOLD),
        names.sort_key(
            told["usage_name"], told["family_name"], told["first_name"], stored["sort_name"]
        ),
        names.search_document(
            first_name=told["first_name"],
            usage_name=told["usage_name"],
            family_name=told["family_name"],
            matricule=told["matricule"],
            beneficiary_number=told["beneficiary_number"],
        ),
        names.phone_terms(phone["number"] for phone in told["phones"]),
    )


def told_changes(
    row: StaffRow, stored: Mapping[str, Any], sites: Sites, site_names: Mapping[int, str]
) -> tuple[Change, ...]:
    """What a preview shows of `changes`: fields of `domain.fields`, before and after."""
    found: dict[str, Change] = {}
    changed = changes(row, stored, sites)
    if not changed.keys().isdisjoint(_ADDRESS):
        after = {name: changed.get(name, _read(name, stored[name])) for name in _ADDRESS}
        known = {name: _read(name, stored[name]) for name in _ADDRESS}
        found["address"] = Change("address", _one_line(known), _one_line(after))
    for name, value in changed.items():
        match name:
            case "address_lines" | "postcode" | "town":
                pass
            case "site_id":
                before = site_names.get(stored[name], "")
                found["site_id"] = Change("site_id", before, row.site)
            case "phones" | "mails":
                found[name] = Change(name, _reached(_read(name, stored[name])), _reached(value))
            case _:
                found[name] = Change(name, _read(name, stored[name]), value)
    return tuple(found.values())


_ADDRESS = ("address_lines", "postcode", "town")
_NAMES = frozenset({"civility", "family_name", "usage_name", "first_name"})
_NOTHING: Mapping[str, Any] = (
    dict.fromkeys((*_TEXTS, *_CHOICES, *_NUMBERS), "")
    | dict.fromkeys((*_DATES, "site_id"))
    | dict.fromkeys(("phones", "mails", "address_lines"), "[]")
)


def told_facts(row: StaffRow, sites: Sites) -> tuple[Change, ...]:
    """What the row says of somebody who is new, but for the name shown, in the order of TOLD."""
    shown = _NAMES - {"family_name"} if row.usage_name else _NAMES
    told = (one for one in told_changes(row, _NOTHING, sites, {}) if one.field not in shown)
    places = {name: place for place, name in enumerate(TOLD)}
    return tuple(sorted(told, key=lambda one: places.get(one.field, places["address_lines"])))


def _read(name: str, stored: Any) -> Any:
    if stored is None:
        return None
    if name in _DATES:
        return date.fromisoformat(stored)
    return json.loads(stored) if name in ("phones", "mails", "address_lines") else stored


def _one_line(address: Mapping[str, Any]) -> str:
    parts = (*address["address_lines"], f"{address['postcode']} {address['town']}".strip())
    return ", ".join(filter(None, parts))


def _reached(known: list[dict[str, Any]]) -> tuple[str, ...]:
    return tuple(one.get("number") or one.get("address") or "" for one in known)


def _number(text: str) -> str:
    return squashed(text).lstrip("0")


def _phone(number: str, label: str) -> dict[str, Any]:
    return {"number": number, "label": label, "do_not_use": False}


def _mail(address: str, label: str) -> dict[str, Any]:
    return {"address": address, "label": label, "do_not_use": False}
