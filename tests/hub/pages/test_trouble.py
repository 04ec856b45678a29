"""What people read when the hub cannot, or does something wrong."""

from collections.abc import Callable

from sqlalchemy import text

from correspondent_desk.hub import refused, tables
from tests.hub.pages.browsing import Visitor, words
from tests.hub.pages.conftest import Site
from tests.hub.pages.filling import OPERATOR
from tests.keepers import ON_DISK, ON_SERVER, Keeper

New = Callable[[], Visitor]


@ON_SERVER
def test_a_database_that_is_away_is_told(visitor: New, keeper: Keeper) -> None:
    browser = visitor()
    browser.sign_in(OPERATOR)
    keeper.drop()

    answer = browser.get("/offices")

    assert answer.status_code == 503
    assert "cannot answer just now" in words(answer)
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert browser.post("/offices", name="New").status_code == 503


@ON_DISK
def test_a_bug_is_told_without_its_insides(site: Site, visitor: New) -> None:
    browser = visitor()
    browser.get("/sign-in")
    with site.hub.transaction() as connection:
        connection.execute(text("DROP TABLE attempt"))

    answer = browser.post("/sign-in", name=OPERATOR, password="x")

    assert answer.status_code == 500
    assert "Something went wrong in the hub" in words(answer)
    assert "attempt" not in answer.text
    assert "default-src 'none'" in answer.headers["content-security-policy"]


def test_a_reason_of_a_newer_version_is_told(site: Site, visitor: New) -> None:
    with site.hub.transaction() as connection:
        connection.execute(
            tables.refused_bundle.insert().values(
                key=bytes(16), name="a.cdb", code="of-the-future", desk=0, times=1, at=1
            )
        )
    browser = visitor()
    browser.sign_in(OPERATOR)

    assert [one.code for one in refused.newest(site.hub, 5)] == ["needs-update"]
    assert "written by a newer version" in words(browser.get("/files"))
