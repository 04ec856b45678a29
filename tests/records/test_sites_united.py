"""Sites that two desks made apart under one name become one, the same on every desk."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from sqlalchemy import select

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.members import MemberDraft, MemberId
from correspondent_desk.messages import history as in_words
from correspondent_desk.records import members, office
from correspondent_desk.store.database import Database
from correspondent_desk.store.tables import Meeting
from correspondent_desk.store.tables import Session as DropIn
from correspondent_desk.sync import exchange
from tests.records.acts import a_meeting, a_member, a_session, a_site, card
from tests.sync.desks import Town, contents


def unite(desk: Database) -> int:
    return desk.do(Action.SITES_UNITED, office.unite_sites).result


def names(desk: Database) -> list[str]:
    return [one.draft.name for one in desk.read(office.sites)]


def test_people_and_meetings_move_to_the_oldest(desk: Database) -> None:
    first = a_site(desk, "Hôtel de ville", room="salle B")
    second = a_site(desk, "hotel de Ville", room="salle C", town="Valbrune")
    a_site(desk, "Dépôt")
    anne = a_member(desk, site_id=second)
    a_meeting(desk, anne, "2026-12-04 10:00", site_id=second)
    a_session(desk, second, "2026-12-05 14:00")

    assert [len(one) for one in desk.read(office.sites_of_one_name)] == [2]
    assert unite(desk) == 1

    kept = next(one for one in desk.read(office.sites) if one.id in (first, second))
    assert len(names(desk)) == 2
    assert kept.draft.town == "Valbrune"
    assert card(desk, anne).draft.site_id == kept.id
    assert desk.read(lambda s: s.scalar(select(Meeting.site_id))) == kept.id
    assert desk.read(lambda s: s.scalar(select(DropIn.site_id))) == kept.id
    assert desk.read(office.sites_of_one_name) == []
    desk.undo()
    assert len(names(desk)) == 3
    assert card(desk, anne).draft.site_id == second


def test_the_history_shows_no_site_that_became_itself(desk: Database) -> None:
    here = [a_member(desk, site_id=a_site(desk, "Hôtel de ville")) for _twice in range(2)]
    elsewhere = a_member(desk, site_id=a_site(desk, "Dépôt"))
    unite(desk)
    was = card(desk, elsewhere)
    draft = replace(was.draft, site_id=card(desk, here[0]).draft.site_id)
    desk.do(Action.MEMBER_EDITED, lambda s: members.save(s, was, draft))

    def changes(*people: MemberId) -> list[str]:
        rows = [row for one in people for row in desk.history_of(one) if not row.is_creation]
        return desk.read(lambda s: in_words.rows_in_words(s, rows, date(2026, 12, 3)))

    [united] = changes(*here)
    assert "Hôtel" not in united
    [moved] = changes(elsewhere)
    assert "site: Dépôt → Hôtel de ville" in moved


def test_the_history_shows_a_move_between_two_sites_of_one_name(desk: Database) -> None:
    first, second = a_site(desk, "Mairie"), a_site(desk, "Mairie")
    was = card(desk, a_member(desk, site_id=first))
    draft = replace(was.draft, site_id=second)
    desk.do(Action.MEMBER_EDITED, lambda s: members.save(s, was, draft))

    moved = next(row for row in desk.history_of(was.id) if not row.is_creation)
    [told] = desk.read(lambda s: in_words.rows_in_words(s, [moved], date(2026, 12, 3)))
    assert "site: Mairie → Mairie" in told


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    town = Town(tmp_path)
    yield town
    town.close()


@pytest.mark.parametrize("both", [True, False])
def test_desks_that_were_set_up_apart_agree(town: Town, *, both: bool) -> None:
    here, there = town.desk("Yann"), town.desk("Rozenn")
    people: list[tuple[Database, MemberId]] = []
    for desk in (here, there):
        site = a_site(desk, "Hôtel de ville")
        draft = MemberDraft(family_name=desk.person, site_id=site)
        made = desk.do(Action.MEMBER_CREATED, lambda s, d=draft: members.create(s, d)).result  # type: ignore[misc]
        people.append((desk, made))
    for _ in range(2):
        town.round()
    assert names(here) == names(there) == ["Hôtel de ville"] * 2

    unite(here)
    if both:
        unite(there)
    for _ in range(3):
        town.round()

    assert contents(here) == contents(there)
    assert names(here) == names(there) == ["Hôtel de ville"]
    for desk, member in people:
        assert card(desk, member).site == "Hôtel de ville"
        [kept] = desk.read(office.sites)
        assert card(desk, member).draft.site_id == kept.id
        assert desk.read(exchange.disagreements) == []
