"""Offices, desks and files as an operator sees and changes them, with real desks behind."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from correspondent_desk import language
from correspondent_desk.hub import audit, offices, recipients, root, tables
from correspondent_desk.hub.pages.overview import AT_ONCE
from correspondent_desk.hub.pages.words import to_receive
from correspondent_desk.sync import exchange
from tests.builders import add_member, open_desk
from tests.hub.pages import filling
from tests.hub.pages.browsing import Visitor, invited, number_in, words
from tests.hub.pages.conftest import Site
from tests.hub.pages.filling import AUDITOR, OPERATOR
from tests.hub.service.serving import served
from tests.keepers import ON_DISK
from tests.sync.desks import Town

New = Callable[[], Visitor]


@pytest.fixture
def operator(visitor: New) -> Visitor:
    browser = visitor()
    browser.sign_in(OPERATOR)
    return browser


# --- the list -------------------------------------------------------------------------------------


def listed(browser: Visitor, path: str) -> list[str]:
    """The offices that a list shows, in order."""
    text = browser.get(path).text
    return [part.split("</bdi>")[0] for part in text.split('<th role="rowheader" scope="row">')[1:]]


def names(browser: Visitor, path: str) -> list[str]:
    return [one.split("<bdi>")[1] for one in listed(browser, path)]


def test_offices_are_found_as_people_type_them(site: Site, operator: Visitor) -> None:
    for name in ("Évrecy", "Zone d’Œuvre", "école Saint-Clair", "Port de Kerlann"):
        offices.add(site.hub, name)

    assert names(operator, "/offices") == [
        "école Saint-Clair", "Évrecy", "Port de Kerlann", "Zone d’Œuvre",
    ]  # fmt: skip
    assert names(operator, "/offices?q=ecole+CLAIR") == ["école Saint-Clair"]
    assert names(operator, "/offices?q=d'oeuvre") == ["Zone d’Œuvre"]
    assert names(operator, "/offices?q=PORT-DE") == ["Port de Kerlann"]
    assert names(operator, "/offices?q=%25") == []
    assert "No office here" in words(operator.get("/offices?q=%25"))
    assert "There is no such office now." in words(operator.get("/offices?show=waiting"))


@ON_DISK
def test_an_auditor_is_told_of_nothing_to_do(site: Site, visitor: New) -> None:
    browser = visitor()
    browser.sign_in(AUDITOR)
    assert words(browser.get("/offices")).endswith("There is no office yet.")

    offices.add(site.hub, "Port")
    shown = words(browser.get("/offices/PORT"))

    assert shown.endswith("Invitations No invitation is open.")


def test_choices_say_what_they_show(site: Site, operator: Visitor) -> None:
    filling.fill_offices(site.hub)

    text = words(operator.get("/offices"))
    assert "All 7 A file waits 1 Quiet for a month 2 No desk yet 2" in text
    assert names(operator, "/offices?show=waiting") == ["Mairie de Valbrune"]
    assert len(names(operator, "/offices?show=quiet")) == 2
    assert names(operator, "/offices?show=empty&q=eaux") == ["Syndicat des eaux de Brémond"]
    assert len(names(operator, "/offices?show=nonsense")) == 7


def test_a_long_list_comes_in_parts(site: Site, operator: Visitor) -> None:
    with site.hub.transaction() as connection:
        connection.execute(
            tables.office.insert(),
            [
                {
                    "uid": number.to_bytes(16, "big"),
                    "origin": bytes(16),
                    "name": f"Office {number:03}",
                    "code": f"O-{number}",
                    "next_pos": 1,
                    "made_at": 1,
                    "name_key": f"office {number:03}",
                }
                for number in range(2 * AT_ONCE + 1)
            ],
        )

    first = names(operator, "/offices")
    last = names(operator, "/offices?page=3")
    assert (len(first), first[0], last) == (AT_ONCE, "Office 000", ["Office 100"])
    assert "Part 3 of 3, 101 offices" in words(operator.get("/offices?page=99999"))
    for page in ("0", "-1", "x", "9" * 30):
        assert names(operator, f"/offices?page={page}") == first


def test_offices_are_added_with_a_code_of_their_own(operator: Visitor) -> None:
    added = operator.post("/offices", name="  Mairie   de Valbrune ", code="val brune")

    assert added.headers["location"] == "/offices/VAL-BRUNE?done=added"
    assert "first desk needs an invitation" in words(operator.get(added.headers["location"]))
    again = operator.post("/offices", name="mairie de valbrune")
    assert again.status_code == 409
    assert "There is an office of that name already" in words(again)
    assert 'value="mairie de valbrune"' in again.text  # nothing typed is lost
    for empty in ("", "  ", "\u202e"):
        assert operator.post("/offices", name=empty).status_code == 422
    endless = operator.post("/offices", name="x" * 201)
    assert endless.status_code == 422
    assert "This text is too long." in words(endless)


def test_with_a_root_key_revoking_says_what_comes_after(
    site: Site, operator: Visitor, tmp_path: Path
) -> None:
    filling.fill_offices(site.hub)
    place = "/offices/MAIRIE-DE-VALBRU/desks/2/revoke"
    assert "hub directory" not in words(operator.get(place))
    root.make(site.hub, tmp_path / "root", "the lamp is lit at dusk")

    assert "hub directory FILE" in words(operator.get(place))
    done = operator.post(place, why="stolen")
    assert "hub directory FILE" in words(operator.get(done.headers["location"]))
    assert "A desk was revoked since the directory was signed" in words(operator.get("/offices"))
    root.publish(site.hub, tmp_path / "root", "the lamp is lit at dusk")
    assert "directory" not in words(operator.get("/offices"))


def test_a_desk_is_revoked_for_a_reason(site: Site, operator: Visitor) -> None:
    filling.fill_offices(site.hub)
    place = "/offices/MAIRIE-DE-VALBRU/desks/2/revoke"
    assert "Portable · M. Roux" in words(operator.get(place))

    assert operator.post(place, why="").status_code == 422
    assert operator.post(place, why="<script>").status_code == 422
    done = operator.post(place, why="stolen")

    told = words(operator.get(done.headers["location"]))
    assert "The desk was revoked" in told
    assert "2 · Portable M. Roux 19 days ago" in told
    assert operator.get(place).status_code == 404
    newest = audit.newest(site.hub, 1)[0]
    assert (newest.what, newest.by, newest.desk, newest.details) == (
        "desk-revoked", OPERATOR, 2, {"why": "stolen"},
    )  # fmt: skip
    assert "The computer was stolen" in words(operator.get("/audit"))


# --- with real desks ------------------------------------------------------------------------------


@pytest.fixture
def at_town(town: Town) -> Iterator[Visitor]:
    with served(town.hub, None) as found:
        browser = Visitor(found.url)
        browser.sign_in(OPERATOR)
        yield browser
        browser.close()


PLACE = "/offices/MAIRIE-DE-VALBRU"


def take_in(browser: Visitor, *files: Path) -> str:
    browser.get("/files")
    sent = [("files", (file.name, file.read_bytes())) for file in files]
    answer = browser.send("/files", {"token": browser.token}, files=sent)
    assert answer.status_code == 200
    return words(answer)


def test_an_invitation_that_was_lost_is_withdrawn(at_town: Visitor) -> None:
    at_town.get(PLACE)
    at_town.post(f"{PLACE}/invite")
    page = at_town.get(PLACE)
    number = words(page).partition("no. ")[2].partition(",")[0]

    answer = at_town.post(f"{PLACE}/invitations/{number}/withdraw")

    seen = words(at_town.get(answer.headers["location"]))
    assert "The invitation was withdrawn" in seen
    assert "No invitation is open." in seen
    assert at_town.post(f"{PLACE}/invitations/{number}/withdraw").status_code == 409


def test_an_invitation_is_told_and_its_file_had_until_it_is_used(
    town: Town, at_town: Visitor, tmp_path: Path
) -> None:
    at_town.get(PLACE)
    made = at_town.post(f"{PLACE}/invite")
    told = words(at_town.get(made.headers["location"]))
    number = number_in(made.headers["location"])

    files = [at_town.post(f"{PLACE}/invitations/{number}/file").content for _again in range(2)]

    assert made.status_code == 303
    assert "The invitation is ready: download its file, and hand it over." in told
    assert f"1 invitation was not used yet: no. {number}, made on " in told
    assert files[0] == files[1]
    acts = [(one.what, one.by, one.details) for one in audit.newest(town.hub, 3)]
    taken = ("invitation-taken", OPERATOR, {"invitation": number})
    assert acts == [taken, taken, ("desk-invited", OPERATOR, {})]
    invitation = tmp_path / "one.cdinvite"
    invitation.write_bytes(files[0])
    desk = open_desk(tmp_path / "a", "Yann", town.clock)
    town.desks.append(desk)
    exchange.enrol(desk, invitation)
    take_in(at_town, town.prepared(desk))
    at_town.get(PLACE)
    assert at_town.post(f"{PLACE}/invitations/{number}/file").status_code == 409


def test_a_whole_exchange_by_hand(town: Town, at_town: Visitor, tmp_path: Path) -> None:
    at_town.get(PLACE)
    invitation = tmp_path / "one.cdinvite"
    invitation.write_bytes(invited(at_town, PLACE.rpartition("/")[2])[0].content)
    assert "1 invitation was not used yet" in words(at_town.get(PLACE))
    desk = open_desk(tmp_path / "a", "Yann", town.clock)
    town.desks.append(desk)
    exchange.enrol(desk, invitation, desk_name="PC accueil")
    add_member(desk, "Le Goff")
    file = town.prepared(desk)

    told = take_in(at_town, file)
    assert "PC accueil has joined Mairie de Valbrune, with 1 change." in told
    assert "Taken in before, nothing to do." in take_in(at_town, file)
    seen = words(at_town.get(PLACE))
    assert "1 · PC accueil Yann today up to date" in seen
    assert "No invitation is open." in seen

    at_town.get(PLACE)
    answer = at_town.post(f"{PLACE}/desks/1/file")
    assert answer.headers["content-disposition"].startswith(
        'attachment; filename="CD_MAIRIE-DE-VALBRU_hub-1_0001.cdb"'
    )
    back = tmp_path / "back.cdb"
    back.write_bytes(answer.content)
    exchange.apply(desk, back)
    assert exchange.prepare(desk, tmp_path / "again.cdb") is None  # the hub has it all, and said so
    acts = [(one.what, one.details) for one in audit.newest(town.hub, 3)]
    assert acts == [
        ("file-handed-over", {"number": 1}),
        ("files-taken-in", {"taken": 1, "refused": 0}),
        ("files-taken-in", {"taken": 1, "refused": 0}),
    ]


@ON_DISK
def test_an_invitation_among_the_files_is_called_one(town: Town, at_town: Visitor) -> None:
    told = take_in(at_town, town.invitation())

    assert "This file is an invitation" in told
    assert "bundle:an-invitation" in told
    refused = words(at_town.get("/files")).split("Files that were refused")[-1]
    assert "This file is an invitation" in refused


def test_files_that_wait_or_are_refused_say_why(town: Town, at_town: Visitor) -> None:
    writer, reader = town.desk("Yann"), town.desk("Eve")
    add_member(writer, "Petit")
    town.round()
    add_member(writer, "Roux")
    missing = town.prepared(writer)
    exchange.apply(reader, town.written_for(reader))
    broken = missing.with_name("broken.cdb")
    broken.write_bytes(missing.read_bytes()[:-40])

    told = take_in(at_town, broken, filling.blank_file(missing.with_name("note.cdb")))

    assert "bundle:not-a-bundle" in told
    assert told.count("✗") == 2
    refused = words(at_town.get("/files")).split("Files that were refused")[-1]
    assert "broken.cdb" in refused
    assert "note.cdb" in refused
    take_in(at_town, missing)  # the same bundle, whole this time
    refused = words(at_town.get("/files")).split("Files that were refused")[-1]
    assert "broken.cdb" not in refused
    assert "note.cdb" in refused


def test_what_a_revoked_desk_sends_is_refused_and_named(town: Town, at_town: Visitor) -> None:
    desk = town.desk("Yann")
    add_member(desk, "Petit")
    town.round()
    add_member(desk, "Roux")
    file = town.prepared(desk)
    at_town.get(PLACE)
    at_town.post(f"{PLACE}/desks/1/revoke", why="lost")

    assert "no longer accepted" in take_in(at_town, file)

    assert recipients.one(town.hub, 1) is None
    assert at_town.post(f"{PLACE}/desks/1/file").status_code == 404
    assert f"{file.name} Mairie de Valbrune , desk 1" in words(at_town.get("/files"))
    assert "no longer accepted" in words(at_town.get(PLACE))


# --- the audit ------------------------------------------------------------------------------------


def test_the_audit_is_sifted(site: Site, operator: Visitor) -> None:
    filling.fill_offices(site.hub)
    site.clock.at += timedelta(days=2)
    offices.add(site.hub, "Later", by="root")
    operator.sign_in(OPERATOR)

    def rows(path: str) -> int:
        return operator.get(path).text.count('<tr role="row">') - 1

    day = site.clock.at.date()
    assert rows("/audit?what=office-added") == 8
    assert rows("/audit?what=office-added&who=root") == 1
    assert rows(f"/audit?what=office-added&since={day}") == 1
    assert rows(f"/audit?what=office-added&until={day - timedelta(days=1)}") == 7
    assert rows("/audit?office=mairie-de-valbru") == 6
    assert "Nothing was noted" in words(operator.get("/audit?who=nobody"))
    for odd in ("since=x", "until=9999-12-31", "before=x", "since=0001-01-01", "what=%00"):
        assert operator.get(f"/audit?{odd}").status_code == 200


def test_the_audit_comes_in_parts_without_a_gap(site: Site, operator: Visitor) -> None:
    for number in range(AT_ONCE + 5):
        offices.add(site.hub, f"Office {number}", by="root")

    first = operator.get("/audit?who=root&what=office-added").text
    older = first.split('href="/audit?')[1:][-1].split('"')[0].replace("&amp;", "&")
    second = operator.get(f"/audit?{older}").text

    seen = [
        code
        for text in (first, second)
        for code in (f"OFFICE-{n}" for n in range(AT_ONCE + 5))
        if f">{code}<" in text
    ]
    assert sorted(seen) == sorted(f"OFFICE-{n}" for n in range(AT_ONCE + 5))
    assert 'rel="next"' not in second


# --- accounts -------------------------------------------------------------------------------------


def test_an_operator_lets_people_in_and_keeps_them_out(site: Site, visitor: New) -> None:
    operator, other = visitor(), visitor()
    operator.sign_in(OPERATOR)
    operator.get("/accounts")

    added = operator.post("/accounts", name="Zoé Martin", role="auditor")
    password = added.text.split('class="secret" translate="no">')[1].split("<")[0]
    assert added.headers["cache-control"] == "no-store"
    assert other.sign_in("zoé martin", password).status_code == 303
    assert password not in operator.get("/accounts").text

    assert "Zoé Martin is blocked" in words(operator.post("/accounts/3/block"))
    assert other.sign_in("zoé martin", password).status_code == 403
    again = operator.post("/accounts/3/let-in")
    fresh = again.text.split('class="secret" translate="no">')[1].split("<")[0]
    assert fresh != password
    assert other.sign_in("zoé martin", fresh).status_code == 303
    acts = [one.what for one in audit.newest(site.hub, 20) if one.by == OPERATOR]
    assert acts == ["account-let-in", "account-blocked", "account-added", "signed-in"]


def test_accounts_are_made_with_care(site: Site, operator: Visitor) -> None:
    operator.get("/accounts")

    for fields, status, told in (
        ({"name": OPERATOR.upper(), "role": "auditor"}, 422, "an account of that name already"),
        ({"name": " ", "role": "auditor"}, 422, "needs a name"),
        ({"name": "x" * 300, "role": "auditor"}, 422, "too long"),
        ({"name": "a\u202eb", "role": "auditor"}, 422, "cannot be seen"),
        ({"name": "New", "role": "owner"}, 422, "what the account may do"),
    ):
        answer = operator.post("/accounts", **fields)
        assert (answer.status_code, told in words(answer)) == (status, True), fields
    for path, told in (
        ("/accounts/1/block", "cannot block your own"),
        ("/accounts/1/let-in", "your own password"),
    ):
        answer = operator.post(path)
        assert (answer.status_code, told in words(answer)) == (409, True)
    assert operator.post("/accounts/99/block").status_code == 404
    with site.hub.transaction() as connection:
        assert connection.execute(select(tables.audit).where(tables.audit.c.by == OPERATOR)).one()


def test_signs_that_no_database_holds_are_left_out(operator: Visitor) -> None:
    for path in ("/offices/%00", "/offices/%00/desks/%00/revoke", "/nowhere/%00"):
        assert operator.get(path).status_code == 404, path
    for path in ("/offices?q=%00", "/audit?who=%00&office=%00&what=%ff", "/offices?q=%ed%a0%80"):
        assert operator.get(path).status_code == 200, path

    added = operator.post("/offices", name="Ker\0lann", code="\0")

    assert added.headers["location"] == "/offices/KERLANN?done=added"
    assert operator.post("/accounts", name="A\0da", role="auditor").status_code == 200
    assert operator.post("/sign-in", name="nobody\0", password="x\0y").status_code == 403


def test_great_numbers_are_parted() -> None:
    with language.speaking("en"):
        assert to_receive(8870) == "8,870 changes to receive"
        assert to_receive(1) == "1 change to receive"
