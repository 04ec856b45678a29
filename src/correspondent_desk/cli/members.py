"""show and edit: one member on the command line."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import click

from correspondent_desk.cli.legible import TEXT
from correspondent_desk.cli.opening import Desk
from correspondent_desk.cli.output import Exit, end, iso, say, say_object
from correspondent_desk.cli.typed import Edits, HasProblems
from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.members import DependantRow, MemberCard, MemberDraft, TimelineEntry
from correspondent_desk.language import _

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


@click.group(help=_("Show one record in full."))
def show() -> None:
    """The group of things to show."""


@show.command("member", help=_("Show a member: household, how to reach them, timeline."))
@click.argument("member", type=TEXT, metavar="ID")
@click.option("--json", "as_json", is_flag=True, help=_("One JSON object."))
@click.pass_obj
def show_member(desk: Desk, member: str, as_json: bool) -> None:
    """Print the card of a member and what took place with them."""
    from correspondent_desk.messages import cards
    from correspondent_desk.records import finding, members, requests

    now = datetime.now().astimezone()
    today = now.date()
    with desk.reading() as store:
        member_id = store.read(lambda s: finding.member_called(s, member))
        card = store.read(lambda s: members.card(s, member_id, today))
        entries = store.read(lambda s: members.timeline(s, member_id))
        about = store.read(lambda s: requests.of_member(s, member_id))
    if as_json:
        say_object(as_object(card, entries))
        return
    confidential = {one.subject for one in about if one.is_sensitive}
    soon = [line for line in [cards.coming(entries, now)] if line]
    for line in (
        *cards.head(card, today),
        *soon,
        "",
        *cards.timeline(entries, today, confidential),
    ):
        say(line)


@click.group(help=_("Change one record."))
def edit() -> None:
    """The group of things to edit."""


@edit.command("member", help=_("Change fields of a member, as FIELD=VALUE."))
@click.argument("member", type=TEXT, metavar="ID")
@click.argument("edits", type=TEXT, nargs=-1, required=True, metavar=_("FIELD=VALUE…"))
@click.pass_obj
def edit_member(desk: Desk, member: str, edits: tuple[str, ...]) -> None:
    """Write the fields that differ, as one step of history."""
    from correspondent_desk.domain.members import MemberStatus, problems
    from correspondent_desk.messages import people, planning
    from correspondent_desk.records import finding, members, plans
    from correspondent_desk.records.plans import Plans

    today = datetime.now().astimezone().date()
    with desk.writing() as store:
        member_id = store.read(lambda s: finding.member_called(s, member))
        opened = store.read(lambda s: members.card(s, member_id, today))
        draft = store.read(_edits).apply(opened.draft, edits)
        if draft == opened.draft:
            say(_("Nothing to change."))
            end(Exit.NOTHING)
        # What was wrong before, such as what another desk wrote, keeps nobody from other fields.
        known = problems(opened.draft, today)
        wrong = [one for one in problems(draft, today) if one not in known]
        if wrong:
            raise HasProblems(problems=tuple(wrong))
        store.do(Action.MEMBER_EDITED, lambda s: members.save(s, opened, draft))
        has_died = draft.status is MemberStatus.DECEASED and draft.status is not opened.draft.status
        left = store.read(lambda s: plans.of_member(s, member_id, today)) if has_died else Plans()
    say(_("Saved: {name}.").format(name=people.shown_name(draft)))
    if left:
        for when, what in planning.plans(left, today):
            say(_("Still planned: {when}, {what}").format(when=when, what=what))
        end(Exit.NEEDS_PERSON)


def _edits(session: "Session") -> Edits:
    from correspondent_desk.domain.text import squashed
    from correspondent_desk.records import office

    return Edits({squashed(site.draft.name): site.id for site in office.sites(session)})


def as_object(card: MemberCard, entries: Sequence[TimelineEntry]) -> dict[str, object]:
    """The member in the shape that docs/command-line.md promises."""
    return {
        "id": card.id,
        "uid": card.uid,
        "removed": card.is_removed,
        **_draft(card.draft),
        "site": card.site,
        "last_seen_on": iso(card.last_seen_on),
        "last_seen_how": card.last_seen_how,
        "last_contact_on": iso(card.last_contact_on),
        "last_contact_how": card.last_contact_how,
        "household": [_dependant(one) for one in card.household],
        "disagreements": list(card.open_disagreements),
        "timeline": [_entry(one) for one in entries],
    }


def _draft(draft: MemberDraft) -> dict[str, object]:
    same = (
        "family_name", "usage_name", "first_name", "matricule", "beneficiary_number", "employer",
        "service", "no_letter_home", "access_needs", "rhythm_months", "bracket", "bracket_year",
        "note", "sort_name",
    )  # fmt: skip
    return {
        "civility": draft.civility.value,
        **{name: getattr(draft, name) for name in same},
        "birth_date": iso(draft.birth_date),
        "status": draft.status.value,
        "entered_on": iso(draft.entered_on),
        "left_on": iso(draft.left_on),
        "phones": [
            {"number": one.number, "label": one.label, "do_not_use": one.do_not_use}
            for one in draft.phones
        ],
        "mails": [
            {"address": one.address, "label": one.label, "do_not_use": one.do_not_use}
            for one in draft.mails
        ],
        "address": {
            "lines": list(draft.address.lines),
            "postcode": draft.address.postcode,
            "town": draft.address.town,
            "country": draft.address.country,
        },
        "preferred_channel": draft.preferred_channel.value,
    }


def _dependant(one: DependantRow) -> dict[str, object]:
    return {
        "id": one.id,
        "relation": one.draft.relation.value,
        "first_name": one.draft.first_name,
        "family_name": one.draft.family_name,
        "birth_date": iso(one.draft.birth_date),
        "since": iso(one.draft.since),
        "until": iso(one.draft.until),
    }


def _entry(entry: TimelineEntry) -> dict[str, object]:
    return {
        "kind": entry.kind.value,
        "id": entry.id,
        "at": entry.at.isoformat(timespec="minutes"),
        "what": entry.what,
        "about": entry.about,
        "text": entry.text,
        "person": entry.person,
        "in_person": entry.in_person,
        "reached": entry.reached,
    }
