"""Members: who is found, what their row and card show, what a save writes."""

from dataclasses import replace
from datetime import date
from functools import partial

import pytest

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.contacts import ContactDraft, Way
from correspondent_desk.domain.fields import Kind
from correspondent_desk.domain.meetings import MeetingStatus, Mode
from correspondent_desk.domain.members import (
    DependantDraft,
    EntryKind,
    MemberDraft,
    MemberFilter,
    MemberId,
    MemberStatus,
    Phone,
    PostalAddress,
    Relation,
)
from correspondent_desk.messages import cards
from correspondent_desk.records import contacts, members
from correspondent_desk.records.trouble import EditConflict, NoSuchRecord
from correspondent_desk.store.database import Database
from tests.records.acts import (
    TODAY,
    a_contact,
    a_meeting,
    a_member,
    a_request,
    a_site,
    at,
    card,
    edit,
    held,
    names_of,
    row,
)


def found(desk: Database, words: str = "", which: MemberFilter = MemberFilter.ALL) -> list[str]:
    """Family names in the list, in its order."""
    ids = desk.read(lambda s: members.find_ids(s, words, which, today=TODAY))
    return names_of(desk, ids)


def test_the_list_is_in_the_order_of_names(desk: Database) -> None:
    for name in ("Ndiaye", "d’Hérouville", "Çelik", "Le Goff"):
        a_member(desk, name)

    assert found(desk) == ["Çelik", "d’Hérouville", "Le Goff", "Ndiaye"]


def test_words_find_the_start_of_any_name_or_number(desk: Database) -> None:
    a_member(desk, "Kervélec", usage_name="Le Goff", matricule="000417")
    a_member(desk, "Roux", first_name="Malo")

    assert found(desk, "le gof") == found(desk, "kervel") == found(desk, "417") == ["Kervélec"]
    assert found(desk, "malo") == ["Roux"]


@pytest.mark.parametrize("last_four", ["0001", "4701", "0041"])
def test_the_last_four_digits_of_a_phone_find_its_owner(desk: Database, last_four: str) -> None:
    a_member(desk, "Roux", phones=(Phone(number=f"+3363998{last_four}"),))

    assert found(desk, last_four) == ["Roux"]


def test_words_and_a_filter_together_leave_out_more(desk: Database) -> None:
    a_member(desk, "Roux", status=MemberStatus.LEFT)
    a_member(desk, "Rousseau")

    assert found(desk, "rou") == ["Rousseau", "Roux"]
    assert found(desk, "rou", MemberFilter.GONE) == ["Roux"]


def test_a_filter_says_who_has_had_no_contact_for_a_year(desk: Database) -> None:
    a_contact(desk, a_member(desk, "Recent"), "2026-11-30 10:00")
    a_contact(desk, a_member(desk, "Old"), "2025-11-30 10:00")
    a_member(desk, "Never")
    a_member(desk, "Left", status=MemberStatus.LEFT)

    assert found(desk, which=MemberFilter.WITHOUT_NEWS) == ["Never", "Old"]


def test_a_filter_shows_whose_card_is_incomplete(desk: Database) -> None:
    born = date(1970, 1, 1)
    a_member(desk, "Reachable", birth_date=born, phones=(Phone(number="+33639980001"),))
    a_member(desk, "By letter", birth_date=born, address=PostalAddress(town="Rennes"))
    a_member(desk, "Nowhere", birth_date=born)
    a_member(desk, "Ageless", phones=(Phone(number="+33639980002"),))

    assert found(desk, which=MemberFilter.INCOMPLETE) == ["Ageless", "Nowhere"]


def test_who_left_or_whose_rights_ended_is_no_longer_here(desk: Database) -> None:
    a_member(desk, "Here")
    a_member(desk, "Ended", left_on=date(2026, 11, 30))
    a_member(desk, "Ending", left_on=date(2026, 12, 31))
    a_member(desk, "Left", status=MemberStatus.LEFT)

    assert found(desk, which=MemberFilter.GONE) == ["Ended", "Left"]


def test_a_site_narrows_the_list(desk: Database) -> None:
    depot = a_site(desk, "Depot")
    a_member(desk, "Roux", site_id=depot)
    a_member(desk, "Petit")

    ids = desk.read(lambda s: members.find_ids(s, site_id=depot, today=TODAY))

    assert names_of(desk, ids) == ["Roux"]


def test_a_row_shows_site_and_the_first_phone_that_may_be_used(desk: Database) -> None:
    depot = a_site(desk, "Depot")
    barred = Phone(number="+33639980001", do_not_use=True)
    roux = a_member(desk, "Roux", site_id=depot, phones=(barred, Phone(number="+33639980002")))

    shown = row(desk, roux)

    assert (shown.site, shown.phone) == ("Depot", "+33639980002")


def test_a_row_shows_the_first_due_of_the_open_steps(desk: Database) -> None:
    roux = a_member(desk, "Roux")
    a_request(desk, roux, next_what="Without a day")
    a_request(desk, roux, next_what="Later", next_due=date(2026, 12, 20))
    a_request(desk, roux, next_what="First", next_due=date(2026, 12, 10))

    shown = row(desk, roux)

    assert (shown.next_step, shown.next_due) == ("First", date(2026, 12, 10))


def test_a_row_gives_no_words_of_a_sensitive_request(desk: Database) -> None:
    roux = a_member(desk, "Roux")
    a_request(
        desk, roux, benefit="SECX", next_what="Call the debt office", next_due=date(2026, 12, 10)
    )

    shown = row(desk, roux)

    assert (shown.next_step, shown.next_due) == ("", date(2026, 12, 10))


def test_namesakes_are_told_apart_in_rows(desk: Database) -> None:
    first, second = a_member(desk, "Martin"), a_member(desk, "MARTIN")
    other = a_member(desk, "Martineau")

    shown = [row(desk, id_).has_homonym for id_ in (first, second, other)]

    assert shown == [True, True, False]


def test_rows_come_in_the_order_asked_for_without_those_gone(desk: Database) -> None:
    roux, petit = a_member(desk, "Roux"), a_member(desk, "Petit")
    desk.do(Action.MEMBER_REMOVED, lambda s: members.remove(s, petit))

    assert names_of(desk, [petit, roux, 4_711]) == ["Roux"]


def test_a_card_keeps_what_was_typed(desk: Database) -> None:
    draft = MemberDraft(
        family_name="KERVÉLEC",
        usage_name="Le Goff",
        first_name="Anne",
        phones=(Phone(number="+33639980001", label="le matin"),),
        address=PostalAddress(lines=("1 quai Sud",), postcode="35000", town="Rennes"),
        note="gros caractères",
    )

    anne = desk.do(Action.MEMBER_CREATED, lambda s: members.create(s, draft)).result

    assert card(desk, anne).draft == draft


def test_saving_keeps_what_someone_else_changed(desk: Database) -> None:
    opened = card(desk, a_member(desk, "Roux", service="Roads"))
    edit(desk, opened, service="Parks")

    edit(desk, opened, note="on leave until May")

    shown = card(desk, opened.id).draft
    assert (shown.service, shown.note) == ("Parks", "on leave until May")


def test_saving_a_field_that_someone_else_changed_is_refused_and_says_which(
    desk: Database,
) -> None:
    opened = card(desk, a_member(desk, "Roux", service="Roads"))
    edit(desk, opened, service="Parks")

    with pytest.raises(EditConflict) as refused:
        edit(desk, opened, service="Sports", note="new")

    assert refused.value.fields == ("service",)
    assert card(desk, opened.id).draft.note == ""


def test_two_who_type_the_same_do_not_disagree(desk: Database) -> None:
    opened = card(desk, a_member(desk, "Roux"))
    edit(desk, opened, service="Parks")

    edit(desk, opened, service="Parks", note="new")

    assert card(desk, opened.id).draft.note == "new"


def test_an_address_is_one_field(desk: Database) -> None:
    opened = card(desk, a_member(desk, "Roux", address=PostalAddress(town="Rennes")))
    edit(desk, opened, address=PostalAddress(postcode="35000", town="Rennes"))

    with pytest.raises(EditConflict) as refused:
        edit(desk, opened, address=PostalAddress(lines=("1 quai Sud",), town="Rennes"))

    assert refused.value.fields == ("address",)


def test_only_fields_that_differ_enter_history(desk: Database) -> None:
    opened = card(desk, a_member(desk, "Roux", service="Roads"))

    edit(desk, opened, service="Parks")

    changes = desk.history_of(opened.id)[0].changes
    assert [(one.field, one.after) for one in changes] == [("service", {"service": "Parks"})]


def test_a_new_name_moves_the_member_in_the_list(desk: Database) -> None:
    opened = card(desk, a_member(desk, "Zola"))
    a_member(desk, "Martin")

    edit(desk, opened, usage_name="Abel")

    assert found(desk) == ["Zola", "Martin"]
    assert found(desk, "abel") == ["Zola"]


def test_removing_a_member_removes_what_belongs_to_them_and_undo_brings_it_back(
    desk: Database,
) -> None:
    roux = a_member(desk, "Roux")
    request = a_request(desk, roux)

    done = desk.do(Action.MEMBER_REMOVED, lambda s: members.remove(s, roux))

    assert request in done.changed[Kind.REQUEST]
    assert found(desk) == []
    desk.undo()
    assert found(desk) == ["Roux"]


def test_a_removed_member_cannot_be_saved(desk: Database) -> None:
    opened = card(desk, a_member(desk, "Roux"))
    desk.do(Action.MEMBER_REMOVED, lambda s: members.remove(s, opened.id))

    assert card(desk, opened.id).is_removed
    with pytest.raises(NoSuchRecord):
        edit(desk, opened, service="Parks")


def test_a_card_that_never_was_is_not_found(desk: Database) -> None:
    with pytest.raises(NoSuchRecord):
        card(desk, MemberId(4_711))


def test_whoever_may_be_the_same_person_is_shown_likeliest_first(desk: Database) -> None:
    born = date(1971, 3, 12)
    a_member(desk, "Le Goff", birth_date=date(1980, 1, 1))
    a_member(desk, "Le Goff", birth_date=born)
    a_member(desk, "Legoff", matricule="000417")
    a_member(desk, "Martin")
    draft = MemberDraft(
        family_name="LE GOFF", first_name="Anne", birth_date=born, matricule="000417"
    )

    alike = desk.read(lambda s: members.similar(s, draft))

    assert [(one.matricule, one.birth_date) for one in alike] == [
        ("000417", None),
        ("", born),
        ("", date(1980, 1, 1)),
    ]


def test_a_household_shows_who_belongs_to_it_before_who_left(desk: Database) -> None:
    roux = a_member(desk, "Roux")
    drafts = [
        DependantDraft(relation=Relation.SPOUSE, first_name="Jean", until=date(2020, 1, 1)),
        DependantDraft(first_name="Malo", birth_date=date(2015, 1, 1)),
        DependantDraft(first_name="Ana", birth_date=date(2012, 1, 1)),
    ]
    for draft in drafts:
        desk.do(Action.DEPENDANT_ADDED, partial(members.add_dependant, member_id=roux, draft=draft))

    household = card(desk, roux).household

    assert [one.draft.first_name for one in household] == ["Ana", "Malo", "Jean"]


def test_a_person_of_the_household_is_changed_and_removed(desk: Database) -> None:
    roux = a_member(desk, "Roux")
    malo = desk.do(
        Action.DEPENDANT_ADDED,
        lambda s: members.add_dependant(s, roux, DependantDraft(first_name="Malo")),
    ).result
    changed = DependantDraft(first_name="Malo", birth_date=date(2015, 1, 1))
    [opened] = card(desk, roux).household

    desk.do(Action.DEPENDANT_EDITED, lambda s: members.save_dependant(s, opened, changed))

    assert card(desk, roux).household[0].draft == changed
    renamed, other = DependantDraft(first_name="Malou"), DependantDraft(birth_date=TODAY)
    desk.do(Action.DEPENDANT_EDITED, lambda s: members.save_dependant(s, opened, renamed))
    assert card(desk, roux).household[0].draft == replace(changed, first_name="Malou")
    with pytest.raises(EditConflict):
        desk.do(Action.DEPENDANT_EDITED, lambda s: members.save_dependant(s, opened, other))
    desk.do(Action.DEPENDANT_REMOVED, lambda s: members.remove_dependant(s, malo))
    assert card(desk, roux).household == ()


def test_the_card_names_the_site_at_which_somebody_was_met(desk: Database) -> None:
    roux, petit = a_member(desk, "Roux"), a_member(desk, "Petit")
    depot = a_site(desk, "Depot")
    held(desk, a_meeting(desk, roux, "2026-08-12 10:00", site_id=depot))
    held(desk, a_meeting(desk, petit, "2026-08-12 14:00", site_id=depot, mode=Mode.HOME))

    shown = card(desk, roux)
    assert (shown.last_seen_site, shown.last_contact_site) == ("Depot", "Depot")
    assert cards.presence(shown, TODAY).count(", Depot") == 2
    assert "visit to the office" not in cards.presence(shown, TODAY)
    assert "home visit" in cards.presence(card(desk, petit), TODAY)


def test_last_seen_and_last_contact_look_at_contacts_and_held_meetings(desk: Database) -> None:
    roux = a_member(desk, "Roux")
    held(desk, a_meeting(desk, roux, "2026-08-12 10:00"))
    a_contact(desk, roux, "2026-12-02 16:00")
    a_contact(desk, roux, "2026-12-02 17:00", reached=False)
    held(desk, a_meeting(desk, roux, "2026-12-01 10:00"), MeetingStatus.NO_SHOW)

    shown = card(desk, roux)

    assert (shown.last_seen_on, shown.last_seen_how) == (date(2026, 8, 12), Way.VISIT)
    assert (shown.last_contact_on, shown.last_contact_how) == (date(2026, 12, 2), Way.PHONE)
    assert row(desk, roux).last_seen_on == date(2026, 8, 12)


def test_a_phone_meeting_is_a_contact_but_not_seen_in_person(desk: Database) -> None:
    roux = a_member(desk, "Roux")

    held(desk, a_meeting(desk, roux, "2026-12-01 10:00", mode=Mode.PHONE))

    shown = card(desk, roux)
    assert (shown.last_seen_on, shown.last_contact_how) == (None, Way.PHONE)


def test_the_timeline_tells_everything_newest_first(desk: Database) -> None:
    roux = a_member(desk, "Roux")
    a_contact(desk, roux, "2026-11-18 10:00", note="promises the certificate")
    held(desk, a_meeting(desk, roux, "2026-08-12 10:00", reason="news"))
    a_request(desk, roux, subject="School start")

    entries = desk.read(lambda s: members.timeline(s, roux))

    assert [(one.kind, one.what, one.about) for one in entries] == [
        (EntryKind.REQUEST, "preparing", "School start"),
        (EntryKind.CONTACT, "phone", ""),
        (EntryKind.MEETING, "seen", "news"),
    ]


def test_the_timeline_is_as_long_as_asked(desk: Database) -> None:
    roux = a_member(desk, "Roux")
    for day in range(1, 9):
        a_contact(desk, roux, f"2026-11-0{day} 10:00")

    entries = desk.read(lambda s: members.timeline(s, roux, 3))

    assert [one.at.day for one in entries] == [8, 7, 6]


def test_a_contact_refreshes_the_rows_of_its_member(desk: Database) -> None:
    roux = a_member(desk, "Roux")
    draft = ContactDraft(member_id=roux, at=at("2026-12-02 10:00"))

    done = desk.do(Action.CONTACT_LOGGED, lambda s: contacts.log(s, draft))

    assert done.changed[Kind.MEMBER] == {roux}
