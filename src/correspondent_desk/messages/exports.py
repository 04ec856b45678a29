"""Lists for other programs: their headings, their cells in words, and writing them to a file.

The list of members has the headings and cells that the import of a staff list reads.
"""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any, assert_never

from sqlalchemy.orm import Session

from correspondent_desk.domain.choices import Term
from correspondent_desk.domain.contacts import Direction, Way
from correspondent_desk.domain.meetings import MeetingStatus, Mode
from correspondent_desk.domain.members import Channel, Civility, MemberStatus
from correspondent_desk.domain.requests import Owes, RequestStatus, RequestType
from correspondent_desk.formats import table_writer
from correspondent_desk.formats.table_writer import Value
from correspondent_desk.language import _, pgettext
from correspondent_desk.messages import labels, people, values
from correspondent_desk.records import exports
from correspondent_desk.records.exports import Exported

PHONES, MAILS, ADDRESS_LINES = 3, 2, 5

Values = Mapping[str, Any]
_Cell = Callable[[Values], Value]
_Column = tuple[str, _Cell]


def title(what: Exported) -> str:
    """What the list is called: the name of the sheet, and of the file unless one is chosen."""
    match what:
        case Exported.MEMBERS:
            return pgettext("list", "members")
        case Exported.REQUESTS:
            return pgettext("list", "requests")
        case Exported.MEETINGS:
            return pgettext("list", "meetings")
        case Exported.CONTACTS:
            return pgettext("list", "contacts")
        case _:
            assert_never(what)


def headings(what: Exported) -> list[str]:
    """The headings of a list, in order."""
    return [heading for heading, _cell in _columns(what)]


def lines(session: Session, what: Exported) -> Iterator[list[Value]]:
    """The lines of a list under its headings."""
    cells = [cell for _heading, cell in _columns(what)]
    for row in exports.rows(session, what):
        yield [cell(row) for cell in cells]


def write(session: Session, what: Exported, path: Path) -> int:
    """Write the list to path, as XLSX if it ends so, else as CSV; the number of lines.

    Raises UnwritableFile; then what stood there before is untouched.
    """
    return table_writer.write(path, headings(what), lines(session, what), title=title(what))


def _columns(what: Exported) -> list[_Column]:
    match what:
        case Exported.MEMBERS:
            return [*_person(), *_of_members()]
        case Exported.REQUESTS:
            return [*_person(), *_of_requests()]
        case Exported.MEETINGS:
            return [*_person(), *_of_meetings()]
        case Exported.CONTACTS:
            return [*_person(), *_of_contacts()]
        case _:
            assert_never(what)


def _person() -> list[_Column]:
    return [
        (pgettext("heading", "Title"), _said("civility", Civility)),
        (pgettext("heading", "Family name"), _plain("family_name")),
        (pgettext("heading", "Usage name"), _plain("usage_name")),
        (pgettext("heading", "First name"), _plain("first_name")),
        (pgettext("heading", "Staff number"), _plain("matricule")),
    ]


def _of_members() -> list[_Column]:
    return [
        (pgettext("heading", "Birth date"), _plain("birth_date")),
        (pgettext("heading", "Beneficiary number"), _plain("beneficiary_number")),
        *(
            (pgettext("heading", "Phone {n}").format(n=place + 1), partial(_phone, place))
            for place in range(PHONES)
        ),
        *(
            (pgettext("heading", "E-mail {n}").format(n=place + 1), partial(_mail, place))
            for place in range(MAILS)
        ),
        (pgettext("heading", "Not to be used, or further ones"), _other_ways),
        *(
            (pgettext("heading", "Address {n}").format(n=place + 1), partial(_address, place))
            for place in range(ADDRESS_LINES)
        ),
        (pgettext("heading", "Postcode"), _plain("postcode")),
        (pgettext("heading", "Town"), _plain("town")),
        (pgettext("heading", "Country"), _plain("country")),
        (pgettext("heading", "Service"), _plain("service")),
        (pgettext("heading", "Site"), _plain("site")),
        (pgettext("heading", "Status"), _said("status", MemberStatus)),
        (pgettext("heading", "Entry date"), _plain("entered_on")),
        (pgettext("heading", "Exit date"), _plain("left_on")),
        (pgettext("heading", "Employer"), _plain("employer")),
        (pgettext("heading", "Preferred way of contact"), _said("preferred_channel", Channel)),
        (pgettext("heading", "No letter at home"), _yes_no("no_letter_home")),
        (pgettext("heading", "What makes access easier"), _plain("access_needs")),
        (pgettext("heading", "Last seen in person"), _plain("last_seen_on")),
        (pgettext("heading", "Last contact"), _plain("last_contact_on")),
        (pgettext("heading", "Note"), _plain("note")),
    ]


def _of_requests() -> list[_Column]:
    return [
        (pgettext("heading", "Request number"), _plain("number")),
        (pgettext("heading", "Type"), _said("type", RequestType)),
        (pgettext("heading", "Subject"), _subject),
        (pgettext("heading", "Benefit"), _benefit),
        (pgettext("heading", "State"), _said("status", RequestStatus)),
        (pgettext("heading", "Opened on"), _plain("opened_on")),
        (pgettext("heading", "Date of the event"), _plain("event_on")),
        (pgettext("heading", "Last useful date"), _plain("last_useful_on")),
        (pgettext("heading", "Missing documents"), _plain("missing")),
        (pgettext("heading", "Next step"), _plain("next_what")),
        (pgettext("heading", "Owed by"), _said("next_who", Owes)),
        (pgettext("heading", "Before"), _plain("next_due")),
        (pgettext("heading", "Amount asked"), _plain("amount_asked")),
        (pgettext("heading", "Amount granted"), _plain("amount_granted")),
        (pgettext("heading", "Situation"), _plain("situation")),
    ]


def _of_meetings() -> list[_Column]:
    return [
        (pgettext("heading", "Date and time"), _plain("starts_at")),
        (pgettext("heading", "Minutes"), _plain("minutes")),
        (pgettext("heading", "Kind of meeting"), _said("mode", Mode)),
        (pgettext("heading", "Site"), _plain("site")),
        (pgettext("heading", "Room"), _plain("room")),
        (pgettext("heading", "Reason"), _reason),
        (pgettext("heading", "State"), _said("status", MeetingStatus)),
        (pgettext("heading", "To bring"), _plain("bring")),
        (pgettext("heading", "Outcome"), _plain("outcome")),
        (pgettext("heading", "Correspondent"), _plain("person")),
    ]


def _of_contacts() -> list[_Column]:
    return [
        (pgettext("heading", "Date and time"), _plain("at")),
        (pgettext("heading", "Way"), _said("way", Way)),
        (pgettext("heading", "Who began"), _said("direction", Direction)),
        (pgettext("heading", "Reached"), _yes_no("reached")),
        (pgettext("heading", "Request"), _subject),
        (pgettext("heading", "Note"), _plain("note")),
        (pgettext("heading", "Correspondent"), _plain("person")),
    ]


def _plain(name: str) -> _Cell:
    def cell(row: Values) -> Value:
        value: Value = row[name]
        return value

    return cell


def _said(name: str, terms: type[Term]) -> _Cell:
    return lambda row: "" if row[name] is None else labels.stored(terms, row[name])


def _yes_no(name: str) -> _Cell:
    return lambda row: _("yes") if row[name] else _("no")


def _phone(place: int, row: Values) -> Value:
    usable = _usable(row["phones"])
    return people.phone(usable[place]["number"]) if place < len(usable) else ""


def _mail(place: int, row: Values) -> Value:
    usable = _usable(row["mails"])
    return str(usable[place]["address"]) if place < len(usable) else ""


def _other_ways(row: Values) -> Value:
    phones, mails = row["phones"] or [], row["mails"] or []
    shown = _usable(phones)[:PHONES] + _usable(mails)[:MAILS]
    left = [one for one in (*phones, *mails) if one not in shown]
    return "; ".join(
        values.phone_line(one["number"], one.get("label", ""), do_not_use=_is_barred(one))
        if "number" in one
        else values.mail_line(one["address"], one.get("label", ""), do_not_use=_is_barred(one))
        for one in left
    )


def _usable(reached: list[dict[str, Any]] | None) -> list[dict[str, Any]]:
    return [one for one in reached or [] if not _is_barred(one)]


def _is_barred(one: dict[str, Any]) -> bool:
    return bool(one.get("do_not_use"))


def _address(place: int, row: Values) -> Value:
    found = row["address_lines"] or []
    return str(found[place]) if place < len(found) else ""


def _subject(row: Values) -> Value:
    if row["subject"] is None:
        return ""
    return labels.subject(row["subject"], is_sensitive=bool(row["is_sensitive"]))


def _benefit(row: Values) -> Value:
    return labels.benefit(row["benefit"]) if row["benefit"] else ""


def _reason(row: Values) -> Value:
    return labels.meeting_reason(row["reason"]) if row["reason"] else ""
