"""The office and its sites."""

from dataclasses import replace
from datetime import time

import pytest

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.meetings import SiteDraft, SiteRow
from correspondent_desk.domain.members import SiteId
from correspondent_desk.records import office
from correspondent_desk.records.office import OfficeRow
from correspondent_desk.records.trouble import EditConflict, NoSuchRecord
from correspondent_desk.store.database import Database
from tests.records.acts import a_site

HALL = SiteDraft(name="Town hall", postcode="35000", town="Rennes", opens_at=time(9))


def test_first_start_makes_office_sites_and_person(desk: Database) -> None:
    desk.do(
        Action.OFFICE_SET_UP,
        lambda s: office.set_up(s, "Rennes", "35-001", [HALL, SiteDraft(name="Depot")], "Sylvie"),
    )

    assert desk.read(office.office) == OfficeRow(name="Rennes", code="35-001", rhythm_months=None)
    assert [one.draft.name for one in desk.read(office.sites)] == ["Depot", "Town hall"]
    assert desk.read(office.sites)[1].draft == HALL
    assert desk.read(office.person) == "Sylvie"


def test_before_first_start_there_is_no_office(desk: Database) -> None:
    assert desk.read(office.office).name == ""
    assert desk.read(office.person) == ""


def test_the_office_is_edited(desk: Database) -> None:
    draft = OfficeRow(name="Rennes", code="", rhythm_months=12)
    desk.do(Action.OFFICE_EDITED, lambda s: office.save_office(s, office.office(s), draft))
    opened = desk.read(office.office)
    changed = OfficeRow(name="Rennes Métropole", code="35", rhythm_months=None)

    desk.do(Action.OFFICE_EDITED, lambda s: office.save_office(s, office.office(s), changed))

    assert desk.read(office.office) == changed
    with pytest.raises(EditConflict):
        desk.do(
            Action.OFFICE_EDITED,
            lambda s: office.save_office(s, opened, replace(opened, name="Rennes sud")),
        )


def test_a_site_is_edited_and_removed(desk: Database) -> None:
    site = a_site(desk, "Depot")
    [opened] = desk.read(office.sites)

    desk.do(Action.SITE_EDITED, lambda s: office.save_site(s, opened, HALL))

    assert [one.draft for one in desk.read(office.sites)] == [HALL]
    elsewhere, other = replace(opened.draft, room="B"), replace(opened.draft, name="Store")
    desk.do(Action.SITE_EDITED, lambda s: office.save_site(s, opened, elsewhere))
    assert desk.read(office.sites)[0].draft == replace(HALL, room="B")
    with pytest.raises(EditConflict):
        desk.do(Action.SITE_EDITED, lambda s: office.save_site(s, opened, other))
    desk.do(Action.SITE_REMOVED, lambda s: office.remove_site(s, site))
    assert desk.read(office.sites) == []


def test_a_site_that_never_was_is_not_found(desk: Database) -> None:
    with pytest.raises(NoSuchRecord):
        desk.do(
            Action.SITE_EDITED,
            lambda s: office.save_site(s, SiteRow(id=SiteId(4_711), draft=HALL), HALL),
        )


def test_sites_stand_in_the_order_people_look_for_them_in(desk: Database) -> None:
    for name in ("Mairie", "école", "Zone", "École", "Atelier"):
        a_site(desk, name)

    named = [one.draft.name for one in desk.read(office.sites)]

    assert named == ["Atelier", "École", "école", "Mairie", "Zone"]
