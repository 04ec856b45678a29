"""A list of decisions in the browser: seen first, then passed on."""

import re
from html import unescape
from pathlib import Path

import httpx

from correspondent_desk.domain.requests import RequestStatus
from tests.hub.pages import filling
from tests.hub.pages.browsing import Visitor, words
from tests.hub.pages.filling import AUDITOR, OPERATOR
from tests.hub.test_decisions import number
from tests.keepers import ON_DISK
from tests.records.acts import a_member, a_request, page
from tests.sync.desks import Town


def chosen(browser: Visitor, path: Path) -> httpx.Response:
    """The answer to the form with this file."""
    file = {"file": (path.name, path.read_bytes())}
    return browser.send("/decisions", {"token": browser.token}, files=file)


def test_a_list_is_seen_first_and_then_passed_on(town: Town, browser: Visitor) -> None:
    desk = town.desk("Yann")
    request = a_request(desk, a_member(desk), status=RequestStatus.SENT)
    town.round()
    path = town.path / "list.csv"
    path.write_text(
        f"Demande;Décision;Montant\nrien;accord;5\n{number(desk, request)};accord;320\n",
        encoding="cp1252",
    )
    browser.sign_in(OPERATOR)
    browser.get("/decisions")

    seen = chosen(browser, path)
    town.down(desk)
    before = len(page(desk).decisions)
    [kept] = re.findall(r'name="rows" value="([^"]*)"', seen.text)
    done = browser.post("/decisions/pass-on", rows=unescape(kept))
    town.down(desk)

    assert "Pass 1 decision on" in words(seen)
    assert "2 rows: 1 new, 1 left out" in words(seen)
    assert "left out: “rien” is not a number of a request" in words(seen)
    assert before == 0
    assert "1 decision goes to its desk with the next file." in words(done)
    assert re.search(r'data-name="Row"[^>]*>3<', done.text)
    assert [one.decision.verdict for one in page(desk).decisions] == ["granted"]
    assert "Decisions taken in" in words(browser.get("/audit"))
    told = browser.get("/decisions").text
    [at] = re.findall(r'data-name="Decisions"[^>]*>(\d+)<', told)
    assert (at, OPERATOR in told.partition("Passed on")[2]) == ("1", True)


@ON_DISK
def test_a_document_of_the_catalogue_is_asked_for_under_its_whole_name(
    town: Town, browser: Visitor
) -> None:
    desk = town.desk("Yann")
    request = a_request(desk, a_member(desk), status=RequestStatus.SENT)
    town.round()
    path = town.path / "list.csv"
    row = f"{number(desk, request)};pièces demandées;Avis d'impôt, à montrer et à reprendre, devis"
    path.write_text(f"Demande;Décision;Pièces\n{row}\n", encoding="cp1252")
    browser.sign_in(OPERATOR)
    browser.get("/decisions")

    [kept] = re.findall(r'name="rows" value="([^"]*)"', chosen(browser, path).text)
    browser.post("/decisions/pass-on", rows=unescape(kept))
    town.down(desk)

    [line] = page(desk).decisions
    assert line.decision.documents == ("Avis d'impôt, à montrer et à reprendre", "devis")


@ON_DISK
def test_an_auditor_passes_nothing_on(browser: Visitor) -> None:
    browser.sign_in(AUDITOR)

    assert "Operators take in lists of decisions here." in words(browser.get("/decisions"))
    assert browser.post("/decisions/pass-on", rows="[]").status_code == 403


@ON_DISK
def test_a_list_of_headings_alone_is_told(town: Town, browser: Visitor) -> None:
    path = town.path / "list.csv"
    path.write_text("Demande;Décision;Montant\n", encoding="utf-8")
    browser.sign_in(OPERATOR)
    browser.get("/decisions")

    answer = chosen(browser, path)

    assert answer.status_code == 422
    assert "This list has headings and no decision below them." in words(answer)


@ON_DISK
def test_what_is_no_list_is_told(town: Town, browser: Visitor) -> None:
    path = filling.blank_file(town.path / "x.csv")
    browser.sign_in(OPERATOR)
    browser.get("/decisions")

    answer = chosen(browser, path)

    assert answer.status_code == 422
    for rows in ("{", "[]", '{"numbers": [1], "rows": []}'):
        assert browser.post("/decisions/pass-on", rows=rows).status_code == 400
