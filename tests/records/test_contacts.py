"""The contact log."""

from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import pytest

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.contacts import ContactDraft, Direction, Way
from correspondent_desk.records import contacts, members, pasts
from correspondent_desk.records.trouble import EditConflict, NoSuchRecord
from correspondent_desk.store import journal
from correspondent_desk.store.database import Database
from tests.records.acts import a_contact, a_member, at, card


def test_an_entry_keeps_what_was_typed_and_who_wrote_it(desk: Database) -> None:
    roux = a_member(desk, "Roux")
    draft = ContactDraft(
        member_id=roux,
        at=at("2026-12-02 16:40"),
        way=Way.MAIL,
        direction=Direction.IN,
        note="asks for the form",
    )

    entry = desk.do(Action.CONTACT_LOGGED, lambda s: contacts.log(s, draft)).result

    assert desk.read(lambda s: contacts.draft_of(s, entry)) == draft
    assert desk.read(lambda s: members.timeline(s, roux))[0].person == "Yann"


def test_an_unanswered_call_is_an_attempt(desk: Database) -> None:
    roux = a_member(desk, "Roux")

    a_contact(desk, roux, "2026-12-02 16:40", reached=False)

    assert card(desk, roux).last_contact_on is None
    assert not desk.read(lambda s: members.timeline(s, roux))[0].reached


def test_a_visit_counts_as_seen_and_undo_takes_that_back(desk: Database) -> None:
    roux = a_member(desk, "Roux")
    a_contact(desk, roux, "2026-12-02 16:40", Way.VISIT)
    assert card(desk, roux).last_seen_on == date(2026, 12, 2)

    desk.undo()

    row = desk.read(lambda s: members.rows(s, [roux]))[0]
    assert (row.last_seen_on, row.last_contact_on) == (None, None)


def test_an_entry_given_to_someone_else_counts_for_them(desk: Database) -> None:
    roux, petit = a_member(desk, "Roux"), a_member(desk, "Petit")
    entry = a_contact(desk, roux, "2026-12-02 16:40", Way.VISIT)
    draft = ContactDraft(member_id=petit, at=at("2026-12-01 16:40"), way=Way.HOME)

    desk.do(
        Action.CONTACT_PASSED_ON,
        lambda s: contacts.save(s, entry, contacts.draft_of(s, entry), draft),
    )

    assert card(desk, roux).last_seen_on is None
    assert card(desk, petit).last_seen_how == Way.HOME
    rows = desk.read(lambda s: members.rows(s, [roux, petit]))
    assert [one.last_seen_on for one in rows] == [None, date(2026, 12, 1)]


def test_an_entry_given_to_someone_else_belongs_to_them(desk: Database) -> None:
    roux, petit = a_member(desk, "Roux"), a_member(desk, "Petit")
    desk.person = "Léa"
    entry = a_contact(desk, roux, "2026-12-02 16:40", note="her illness")
    desk.person = "Yann"
    draft = desk.read(lambda s: contacts.draft_of(s, entry))

    desk.do(
        Action.CONTACT_PASSED_ON,
        lambda s: contacts.save(s, entry, draft, replace(draft, member_id=petit)),
    )

    [line] = desk.read(lambda s: members.timeline(s, petit))
    assert (line.text, line.person) == ("her illness", "Léa")
    # Whoever is erased takes it along: history of it stands under both, each with a record of theirs.
    for member in (roux, petit):
        records = desk.read(partial(pasts.of_member, member_id=member))
        told = desk.read(lambda s: journal.history_of(s, *records))  # noqa: B023 - read at once
        assert Action.CONTACT_PASSED_ON in {row.action.code for row in told}
    assert line.id in desk.read(lambda s: pasts.of_member(s, petit))
    desk.undo()
    assert desk.read(lambda s: members.timeline(s, petit)) == []
    assert len(desk.read(lambda s: members.timeline(s, roux))) == 1


def test_what_a_colleague_changed_meanwhile_stays(desk: Database) -> None:
    roux, petit = a_member(desk, "Roux"), a_member(desk, "Petit")
    entry = a_contact(desk, roux, "2026-12-02 16:40", note="asks for the form")
    opened = desk.read(lambda s: contacts.draft_of(s, entry))

    def save(**told: Any) -> None:
        draft = replace(opened, **told)
        desk.do(Action.CONTACT_EDITED, lambda s: contacts.save(s, entry, opened, draft))

    save(note="asks for two forms")
    save(way=Way.MAIL)
    with pytest.raises(EditConflict) as refused:
        save(note="asks")
    save(member_id=petit)

    assert refused.value.fields == ("note",)
    [line] = desk.read(lambda s: members.timeline(s, petit))
    assert (line.what, line.text) == (Way.MAIL, "asks for two forms")


def test_a_removed_entry_no_longer_counts(desk: Database) -> None:
    roux = a_member(desk, "Roux")
    a_contact(desk, roux, "2026-11-02 16:40")
    entry = a_contact(desk, roux, "2026-12-02 16:40")

    desk.do(Action.CONTACT_REMOVED, lambda s: contacts.remove(s, entry))

    assert card(desk, roux).last_contact_on == date(2026, 11, 2)
    with pytest.raises(NoSuchRecord):
        desk.read(lambda s: contacts.draft_of(s, entry))


def test_a_contact_with_nobody_is_refused(desk: Database) -> None:
    with pytest.raises(NoSuchRecord):
        desk.do(Action.CONTACT_LOGGED, lambda s: contacts.log(s, ContactDraft()))
