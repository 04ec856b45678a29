"""Erasures as operators decide on them and auditors see them."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.members import MemberId
from correspondent_desk.hub import erasing
from correspondent_desk.records import erasures
from tests.builders import add_member
from tests.hub.pages import filling
from tests.hub.pages.browsing import Visitor, words
from tests.hub.pages.filling import AUDITOR, OPERATOR
from tests.hub.service.serving import served
from tests.keepers import ON_DISK, Keeper
from tests.sync.desks import Town

DONE = "/erasures?done=confirmed"


@pytest.fixture
def town(tmp_path: Path, keeper: Keeper) -> Iterator[Town]:
    """Two desks, one of which asked for two people."""
    town = Town(tmp_path, database=keeper.fresh())
    filling.people(town.hub)
    asking = town.desk("Yann")
    town.desk("Rozenn")
    for name in ("Quemeneur", "Petit"):
        id_ = MemberId(add_member(asking, name))
        asking.do(Action.MEMBER_REMOVED, partial(erasures.ask, member_id=id_))
    town.round()
    yield town
    town.close()


def test_an_operator_decides_and_sees_where_it_was_done(town: Town) -> None:
    first, second = (one.reference for one in reversed(erasing.requests(town.hub)))
    with served(town.hub, None) as found:
        browser = Visitor(found.url)
        browser.sign_in(OPERATOR)
        assert words(browser.get("/erasures")).count("to be decided") == 2

        assert first in words(browser.get("/erasures/1"))
        assert browser.post("/erasures/1/confirm").headers["location"] == DONE
        browser.get("/erasures/2")
        browser.post("/erasures/2/decline")
        assert "It is erased here" in words(browser.get(DONE))
        assert "erased on 0 of 2 desks" in words(browser.get("/erasures"))
        town.round()
        town.round(town.desks[0])
        assert "erased on 1 of 2 desks" in words(browser.get("/erasures"))
        town.round()
        assert "erased on 2 of 2 desks" in words(browser.get("/erasures"))
        told = words(browser.get("/audit"))
        browser.close()

    assert f"Erasure confirmed {first}" in told
    assert f"Erasure declined {second}" in told


@ON_DISK
def test_an_auditor_sees_and_decides_nothing(town: Town) -> None:
    with served(town.hub, None) as found:
        browser = Visitor(found.url)
        browser.sign_in(AUDITOR)

        assert "Decide" not in words(browser.get("/erasures"))
        assert browser.get("/erasures/1").status_code == 403
        browser.post("/erasures/1/confirm")
        browser.close()

    assert {one.state for one in erasing.requests(town.hub)} == {erasing.State.ASKED}


def test_nothing_is_decided_twice(town: Town) -> None:
    with served(town.hub, None) as found:
        browser = Visitor(found.url)
        browser.sign_in(OPERATOR)
        browser.get("/erasures/1")
        browser.post("/erasures/1/confirm")

        assert browser.post("/erasures/1/decline").status_code in (404, 409)
        dead = browser.get("/erasures/9")
        assert dead.status_code in (404, 409)
        assert "No erasure of number 9 is to be decided." in words(dead)
        assert "hub erasures" not in words(dead)
        browser.close()

    assert sorted(one.state for one in erasing.requests(town.hub)) == ["asked", "confirmed"]
