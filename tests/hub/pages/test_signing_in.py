"""Who gets in, for how long, and how often they may try."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import select

from correspondent_desk.hub.pages import accounts, attempts, sessions, tables
from correspondent_desk.hub.pages.attempts import TooEarly
from tests.hub.pages.browsing import Visitor, words
from tests.hub.pages.conftest import Site
from tests.hub.pages.filling import AUDITOR, CHEAP, OPERATOR, PASSWORD
from tests.keepers import ON_DISK

New = Callable[[], Visitor]
# What does not depend on the database need not be asked twice.


def is_in(browser: Visitor) -> bool:
    return browser.get("/offices").status_code == 200


def test_who_is_asked_to_sign_in_comes_to_what_they_wanted(visitor: New) -> None:
    browser = visitor()

    asked = browser.get("/audit?who=Claire")
    assert (asked.status_code, asked.headers["location"]) == (
        303,
        "/sign-in?to=%2Faudit%3Fwho%3DClaire",
    )
    browser.get(asked.headers["location"])
    answer = browser.post("/sign-in", name="claire  MOREAU", password=PASSWORD, to="/audit?who=X")

    assert (answer.status_code, answer.headers["location"]) == (303, "/audit?who=X")
    assert browser.get("/").headers["location"] == "/offices"
    assert is_in(browser)


@ON_DISK
def test_nobody_is_led_elsewhere(visitor: New) -> None:
    for to in (
        "//elsewhere.example",
        "https://elsewhere.example",
        "/\\elsewhere.example",
        "x",
        "/a\r\nb: c",
    ):
        answer = visitor().sign_in(OPERATOR, to=to)
        assert (answer.status_code, answer.headers["location"]) == (303, "/"), to


@ON_DISK
def test_a_refusal_does_not_tell_who_has_an_account(site: Site, visitor: New) -> None:
    accounts.block(site.hub, AUDITOR)

    told = [
        visitor().sign_in(name, password)
        for name, password in (
            (OPERATOR, "wrong"),
            (AUDITOR, PASSWORD),
            ("Nobody", "wrong"),
            (OPERATOR, "x" * 300),
        )
    ]

    assert [answer.status_code for answer in told] == [403] * 4
    assert len({words(answer) for answer in told}) == 1
    assert "is blocked" in words(told[0])


@ON_DISK
def test_a_planted_id_is_worth_nothing(visitor: New) -> None:
    """Somebody who put an id of theirs into the browser is not signed in by its owner."""
    victim, thief = visitor(), visitor()
    planted = sessions.new_id()
    for browser in (victim, thief):
        browser.client.cookies.set("desk", planted, domain="127.0.0.1", path="/")
    victim.sign_in(OPERATOR)

    held = [cookie.value for cookie in victim.client.cookies.jar if cookie.name == "desk"]

    assert is_in(victim)
    assert planted not in held
    assert not is_in(thief)


def test_the_database_holds_no_id_that_opens_anything(site: Site, visitor: New) -> None:
    browser = visitor()
    browser.sign_in(OPERATOR)
    with site.hub.transaction() as connection:
        [kept] = connection.scalars(select(tables.account_session.c.id)).all()
        password = connection.scalars(select(tables.account.c.password)).all()

    assert kept not in browser.client.cookies["desk"].encode()
    assert kept.hex() != browser.client.cookies["desk"]
    assert not any(PASSWORD in one for one in password)
    assert len(set(password)) == 2  # the same password, two salts


def test_a_session_ends_after_half_an_hour_without_a_page(site: Site, visitor: New) -> None:
    browser = visitor()
    browser.sign_in(OPERATOR)

    for minutes, expected in ((29, True), (29, True), (31, False), (0, False)):
        site.clock.at += timedelta(minutes=minutes)
        assert is_in(browser) is expected


@ON_DISK
def test_a_session_ends_after_twelve_hours(site: Site, visitor: New) -> None:
    browser = visitor()
    browser.sign_in(OPERATOR)

    for _ in range(29):
        site.clock.at += timedelta(minutes=24, seconds=45)
        assert is_in(browser)
    site.clock.at += timedelta(minutes=4)

    assert not is_in(browser)


@ON_DISK
def test_after_signing_out_the_id_opens_nothing(visitor: New) -> None:
    browser, other = visitor(), visitor()
    browser.sign_in(OPERATOR)
    other.client.cookies.set("desk", browser.client.cookies["desk"])
    assert is_in(other)
    browser.get("/offices")

    assert browser.post("/sign-out").headers["location"] == "/sign-in"

    assert not is_in(browser)
    assert not is_in(other)


def test_whoever_is_blocked_is_out_at_once(site: Site, visitor: New) -> None:
    browser = visitor()
    browser.sign_in(AUDITOR)
    assert is_in(browser)

    accounts.block(site.hub, AUDITOR)

    assert not is_in(browser)


# --- the password ---------------------------------------------------------------------------------


def test_a_changed_password_ends_the_other_sessions(visitor: New) -> None:
    here, there = visitor(), visitor()
    for browser in (here, there):
        browser.sign_in(OPERATOR)
    before = here.client.cookies["desk"]
    new = "encore quatre mots"

    answer = here.post("/password", former=PASSWORD, password=new, again=new)

    assert answer.headers["location"] == "/offices?done=password"
    assert "Your password was changed" in words(here.get("/offices?done=password"))
    assert here.client.cookies["desk"] != before
    assert not is_in(there)
    assert visitor().sign_in(OPERATOR).status_code == 403
    assert visitor().sign_in(OPERATOR, new).status_code == 303


@ON_DISK
def test_a_password_is_changed_with_care(visitor: New) -> None:
    browser = visitor()
    browser.sign_in(OPERATOR)

    for former, password, again, told in (
        ("wrong", "encore quatre mots", "encore quatre mots", "not your present password"),
        (PASSWORD, "encore quatre mots", "encore quatre mot", "two new passwords differ"),
        (PASSWORD, "court", "court", "too short: at least 10"),
        (PASSWORD, "a" * 30, "a" * 30, "too short"),
        (PASSWORD, PASSWORD, PASSWORD, "you have already"),
        (PASSWORD, OPERATOR, OPERATOR, "must not be the name"),
        (PASSWORD, "Abcd4" * 60, "Abcd4" * 60, "at most 256"),
    ):
        answer = browser.post("/password", former=former, password=password, again=again)
        assert answer.status_code == 422, told
        assert told in words(answer)
    assert visitor().sign_in(OPERATOR).status_code == 303


@ON_DISK
def test_a_password_that_was_made_must_be_changed_first(site: Site, visitor: New) -> None:
    made = accounts.add(site.hub, "Zoé", accounts.Role.OPERATOR, stretching=CHEAP)
    browser = visitor()
    browser.sign_in("Zoé", made)

    for path in ("/", "/offices", "/audit", "/accounts", "/offices/X"):
        assert browser.get(path).headers["location"] in ("/password", "/offices")
    browser.get("/password")
    assert browser.post("/offices", name="Somewhere").headers["location"] == "/password"
    browser.get("/password")
    browser.post("/password", former=made, password="quatre mots a moi", again="quatre mots a moi")

    assert is_in(browser)


# --- guessing -------------------------------------------------------------------------------------


@ON_DISK
def test_the_wait_for_an_account_grows_and_ends(site: Site, visitor: New) -> None:
    browser = visitor()
    browser.get("/sign-in")
    waits = []
    for _ in range(7):
        assert browser.sign_in(OPERATOR, "wrong").status_code == 403
        refused = browser.sign_in(OPERATOR)  # also the right one, while it is too early
        waits.append(0 if refused.status_code == 303 else refused.status_code)
        site.clock.at += timedelta(seconds=2 ** max(0, len(waits) - 3))

    # Three are free; a right one begins anew, so the first two rounds succeed.
    assert waits[:2] == [0, 0]
    assert is_in(browser)


def test_each_wrong_attempt_doubles_the_wait(site: Site) -> None:
    waits = []
    for _ in range(14):
        try:
            attempts.begin(site.hub, "somebody", "192.0.2.1")
            waits.append(0)
        except TooEarly as error:
            wait = error.details["wait_s"]
            assert isinstance(wait, int)
            waits.append(wait)
            site.clock.at += timedelta(seconds=wait)
            attempts.begin(site.hub, "somebody", "192.0.2.1")

    assert waits == [0, 0, 0, 1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]


@ON_DISK
def test_who_is_told_to_wait_is_told_how_long(site: Site, visitor: New) -> None:
    for _ in range(3):
        assert visitor().sign_in(OPERATOR, "wrong").status_code == 403

    refused = visitor().sign_in(OPERATOR)
    assert refused.status_code == 429
    assert "Wait 1 second" in words(refused)
    site.clock.at += timedelta(seconds=1)

    assert visitor().sign_in(OPERATOR).status_code == 303


def test_an_address_that_tries_many_names_waits_too(site: Site) -> None:
    for number in range(20):
        attempts.begin(site.hub, f"name {number}", "192.0.2.1")

    with pytest.raises(TooEarly):
        attempts.begin(site.hub, "yet another", "192.0.2.1")

    attempts.begin(site.hub, "yet another", "192.0.2.2")


def test_a_right_attempt_is_no_licence_to_guess_at_others(site: Site) -> None:
    for number in range(19):
        attempts.begin(site.hub, f"name {number}", "192.0.2.1")
    attempts.begin(site.hub, "mine", "192.0.2.1")
    attempts.was_right(site.hub, "mine", "192.0.2.1")
    attempts.begin(site.hub, "name 20", "192.0.2.1")

    with pytest.raises(TooEarly):
        attempts.begin(site.hub, "name 21", "192.0.2.1")


def test_many_guesses_at_once_are_not_many_free_ones(visitor: New) -> None:
    browsers = [visitor() for _ in range(12)]
    with ThreadPoolExecutor(12) as threads:
        told = list(threads.map(lambda one: one.sign_in(OPERATOR, "wrong").status_code, browsers))

    assert sorted(told) == [403] * 3 + [429] * 9


def test_a_clock_that_was_set_back_locks_nobody_out(site: Site, visitor: New) -> None:
    for _ in range(3):
        visitor().sign_in(OPERATOR, "wrong")
    site.clock.at -= timedelta(days=400)

    assert visitor().sign_in(OPERATOR).status_code == 303


# --- the language ---------------------------------------------------------------------------------


@ON_DISK
def test_the_language_is_what_the_browser_asks_for(visitor: New) -> None:
    browser = visitor()
    for accepted, expected in (
        ("fr", "fr"),
        ("en-GB,en;q=0.9", "en"),
        ("de,en;q=0.4,fr;q=0.8", "fr"),
        ("de", "fr"),
        ("en;q=x, fr", "fr"),
        ("", "fr"),
    ):
        answer = browser.get("/sign-in", headers={"Accept-Language": accepted})
        assert f'<html lang="{expected}">' in answer.text, accepted
        assert ("Se connecter" in answer.text) is (expected == "fr")


@ON_DISK
def test_a_chosen_language_stays(visitor: New) -> None:
    browser = visitor()
    browser.get("/sign-in")

    assert browser.post("/language", language="fr", to="/sign-in").headers["location"] == "/sign-in"
    assert '<html lang="fr">' in browser.get("/sign-in").text
    browser.post("/language", language="xx", to="/sign-in")

    assert '<html lang="fr">' in browser.get("/sign-in").text
