"""show and edit: one member on the command line."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

import click

from correspondent_desk.cli.opening import Desk
from correspondent_desk.cli.output import Exit, end, say, say_object
from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.members import (
    Channel,
    Civility,
    Mail,
    MemberCard,
    MemberDraft,
    MemberStatus,
    Phone,
    PostalAddress,
)
from correspondent_desk.errors import DeskError
from correspondent_desk.language import _

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from correspondent_desk.domain.members import MemberId, TimelineEntry


class BadEdit(DeskError):
    """FIELD=VALUE cannot be read. reason: "form", "field" or "value"; details: text, fields."""

    code = "bad-edit"


class HasProblems(DeskError):
    """The edit would leave something to be mended. details: problems, a list of Problem."""

    code = "has-problems"


@click.group(help=_("Show one record in full."))
def show() -> None:
    """The group of things to show."""


@show.command("member", help=_("Show a member: household, how to reach them, timeline."))
@click.argument("member")
@click.option("--json", "as_json", is_flag=True, help=_("One JSON object."))
@click.pass_obj
def show_member(desk: Desk, member: str, as_json: bool) -> None:
    """Print the card of the member with this number."""
    from correspondent_desk.records import members

    today = datetime.now().astimezone().date()
    with desk.reading() as store:
        member_id = store.read(lambda s: found(s, member))
        card = store.read(lambda s: members.card(s, member_id, today))
        timeline = store.read(lambda s: members.timeline(s, member_id))
    if as_json:
        say_object(as_object(card, timeline))
    else:
        for line in in_words(card, timeline, today):
            say(line)


@click.group(help=_("Change one record."))
def edit() -> None:
    """The group of things to edit."""


@edit.command("member", help=_("Change fields of a member, as FIELD=VALUE."))
@click.argument("member")
@click.argument("changes", nargs=-1, required=True, metavar="FIELD=VALUE...")
@click.pass_obj
def edit_member(desk: Desk, member: str, changes: tuple[str, ...]) -> None:
    """Write the fields that differ, as one step of history."""
    from correspondent_desk.domain.members import problems
    from correspondent_desk.records import members

    today = datetime.now().astimezone().date()
    with desk.writing() as store:
        member_id = store.read(lambda s: found(s, member))
        opened = store.read(lambda s: members.card(s, member_id, today))
        draft = opened.draft
        for change in changes:
            draft = changed(draft, change)
        if draft == opened.draft:
            say(_("Nothing to change."))
            end(Exit.NOTHING)
        wrong = problems(draft, today)
        if wrong:
            raise HasProblems(problems=wrong)
        store.do(Action.MEMBER_EDITED, lambda s: members.save(s, opened, draft))
    say(_("Saved."))


def found(session: "Session", member: str) -> "MemberId":
    """The member named by a local number, a 32-digit id or a matricule. Raises NoSuchRecord."""
    from correspondent_desk.records import members

    return members.named(session, member)


def _text(value: str) -> str:
    return value.strip()


def _day(value: str) -> date | None:
    if not value.strip():
        return None
    for form in ("%Y-%m-%d", "%d/%m/%Y"):
        try:
            return datetime.strptime(value.strip(), form).date()  # noqa: DTZ007 - a date has no zone
        except ValueError:
            continue
    raise ValueError(value)


def _number(value: str) -> int | None:
    return int(value) if value.strip() else None


def _yes(value: str) -> bool:
    return {"1": True, "yes": True, "oui": True, "0": False, "no": False, "non": False}[
        value.lower()
    ]


def _phones(value: str) -> tuple[Phone, ...]:
    from correspondent_desk.domain.phones import parse

    numbers = [text.strip() for text in value.split(",") if text.strip()]
    return tuple(parse(number) or Phone(number=number) for number in numbers)


def _mails(value: str) -> tuple[Mail, ...]:
    return tuple(Mail(address=text.strip()) for text in value.split(",") if text.strip())


def _address(value: str) -> PostalAddress:
    """Lines, postcode and town between bars: 3 rue Haute|67990|VALBRUNE."""
    *lines, postcode, town = (part.strip() for part in value.split("|"))
    return PostalAddress(lines=tuple(lines), postcode=postcode, town=town)


READERS: Mapping[str, Callable[[str], Any]] = {
    "civility": lambda v: Civility(v.lower()),
    "family_name": _text,
    "usage_name": _text,
    "first_name": _text,
    "birth_date": _day,
    "matricule": _text,
    "beneficiary_number": _text,
    "employer": _text,
    "service": _text,
    "status": lambda v: MemberStatus(v.lower()),
    "entered_on": _day,
    "left_on": _day,
    "phones": _phones,
    "mails": _mails,
    "address": _address,
    "no_letter_home": _yes,
    "preferred_channel": lambda v: Channel(v.lower()),
    "access_needs": _text,
    "rhythm_months": _number,
    "note": _text,
    "sort_name": _text,
}


def changed(draft: MemberDraft, change: str) -> MemberDraft:
    """draft with one FIELD=VALUE applied. Raises BadEdit."""
    name, equals, value = change.partition("=")
    if not equals:
        raise BadEdit("form", text=change)
    reader = READERS.get(name.strip())
    if reader is None:
        raise BadEdit("field", text=name.strip(), fields=", ".join(READERS))
    try:
        return replace(draft, **{name.strip(): reader(value)})
    except (ValueError, KeyError) as error:
        raise BadEdit("value", text=change) from error


def as_object(card: MemberCard, timeline: "list[TimelineEntry]") -> dict[str, object]:
    """The member in the shape docs/command-line.md promises."""
    draft = card.draft
    return {
        "id": card.id,
        "uid": card.uid,
        "civility": draft.civility.value,
        "first_name": draft.first_name,
        "usage_name": draft.usage_name,
        "family_name": draft.family_name,
        "birth_date": _iso(draft.birth_date),
        "matricule": draft.matricule,
        "beneficiary_number": draft.beneficiary_number,
        "employer": draft.employer,
        "site": card.site,
        "service": draft.service,
        "status": draft.status.value,
        "entered_on": _iso(draft.entered_on),
        "left_on": _iso(draft.left_on),
        "phones": [phone.number for phone in draft.phones],
        "mails": [mail.address for mail in draft.mails],
        "address": {
            "lines": list(draft.address.lines),
            "postcode": draft.address.postcode,
            "town": draft.address.town,
        },
        "no_letter_home": draft.no_letter_home,
        "preferred_channel": draft.preferred_channel.value,
        "access_needs": draft.access_needs,
        "note": draft.note,
        "last_seen_on": _iso(card.last_seen_on),
        "last_contact_on": _iso(card.last_contact_on),
        "household": [
            {
                "relation": one.draft.relation.value,
                "first_name": one.draft.first_name,
                "family_name": one.draft.family_name,
                "birth_date": _iso(one.draft.birth_date),
            }
            for one in card.household
        ],
        "disagreements": list(card.open_disagreements),
        "timeline": [
            {
                "kind": entry.kind.value,
                "at": entry.at.isoformat(timespec="minutes"),
                "what": entry.what,
                "about": entry.about,
                "text": entry.text,
                "person": entry.person,
            }
            for entry in timeline
        ],
    }


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def in_words(card: MemberCard, timeline: "list[TimelineEntry]", today: date) -> list[str]:
    """The card as a person reads it, a line at a time."""
    from correspondent_desk.messages import cards

    return [*cards.head(card, today), "", *cards.timeline(timeline, today)]
