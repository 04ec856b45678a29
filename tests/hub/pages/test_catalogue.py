"""The catalogue and the work of lost computers, decided in the browser."""

from correspondent_desk.hub import desks, held
from correspondent_desk.sync import catalogue as kept
from tests.builders import add_member
from tests.hub.pages.browsing import Visitor, words
from tests.hub.pages.filling import AUDITOR, OPERATOR
from tests.hub.test_catalogue import text
from tests.hub.test_rescue import refused
from tests.keepers import ON_DISK
from tests.sync.desks import OFFICE, Town


def published(browser: Visitor, content: bytes) -> tuple[int, str]:
    browser.get("/catalogue")
    file = {"file": ("catalogue.toml", content)}
    answer = browser.send("/catalogue", {"token": browser.token}, files=file)
    if answer.status_code == 303:
        answer = browser.get(answer.headers["location"])
        return 303, words(answer)
    return answer.status_code, words(answer)


def test_an_operator_publishes_and_sees_where_it_came(town: Town, browser: Visitor) -> None:
    desk = town.desk("Yann")
    town.round()
    browser.sign_in(OPERATOR)
    assert "Nothing is published" in words(browser.get("/catalogue"))

    status, said = published(browser, text(7))
    for _ in range(2):
        town.round()

    assert status == 303
    assert "It is published." in said
    assert "0 of 1 desk has it." in said
    assert "1 of 1 desk has it." in words(browser.get("/catalogue"))
    assert "Catalogue published" in words(browser.get("/audit"))
    assert desk.read(kept.held) == 7
    assert published(browser, text(6))[0] == 422
    assert "SPEC Show Ticket" in words(browser.get("/catalogue"))
    assert "Line 1 of the catalogue" in published(browser, b"nothing")[1]
    assert browser.post("/catalogue").status_code == 422


@ON_DISK
def test_an_auditor_publishes_and_decides_nothing(browser: Visitor) -> None:
    browser.sign_in(AUDITOR)

    assert "Publish a newer one" not in words(browser.get("/catalogue"))
    assert published(browser, text(7))[0] == 403
    assert browser.get("/held/00000000").status_code == 403
    assert browser.post("/held/00000000/approve").status_code == 403


def test_work_of_a_lost_computer_is_taken_in_or_let_go(town: Town, browser: Visitor) -> None:
    _kept, lost = town.desk("Yann"), town.desk("Rozenn")
    town.round()
    desks.revoke(town.hub, OFFICE, 2)
    browser.sign_in(OPERATOR)

    add_member(lost, "Petit")
    refused(town, town.prepared(lost))
    [one] = held.held(town.hub)
    assert "PC Rozenn" in words(browser.get("/files"))
    assert "1 change, received today" in words(browser.get(f"/held/{one.id}"))
    declined = browser.post(f"/held/{one.id}/decline").headers["location"]
    assert "Nothing of it was taken in." in words(browser.get(declined))
    assert held.held(town.hub) == []
    dead = browser.post(f"/held/{one.id}/approve")
    assert dead.status_code in (404, 409)
    assert "hub waiting" not in words(dead)
    assert "taken in." not in words(browser.get("/files?approved=7"))

    add_member(lost, "Morvan")
    refused(town, town.prepared(lost))
    [again] = held.held(town.hub)
    browser.get(f"/held/{again.id}")
    approved = browser.post(f"/held/{again.id}/approve").headers["location"]
    assert "2 changes were taken in." in words(browser.get(approved))
    assert "2 changes were taken in." in words(browser.get("/files?approved=999999999999"))
    audit = words(browser.get("/audit"))
    assert "Work that waited declined" in audit
    assert "Work that waited approved" in audit
