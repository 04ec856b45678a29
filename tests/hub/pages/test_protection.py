"""What strangers, other sites and auditors cannot do, and what a name cannot do to a page."""

import re
import threading
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from ipaddress import ip_network
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
from sqlalchemy import func, select

from correspondent_desk.hub import offices, refused, tables
from correspondent_desk.hub.pages import accounts
from correspondent_desk.hub.pages import tables as page_tables
from correspondent_desk.hub.pages.routes import ROUTES, Route, Who
from correspondent_desk.hub.service.server import Server, Serving
from correspondent_desk.sync.rejection import BundleRejected, Reason
from tests.hub.pages import filling
from tests.hub.pages.browsing import Visitor, invited, words
from tests.hub.pages.conftest import Site
from tests.hub.pages.filling import AUDITOR, CHEAP, OPERATOR, PASSWORD
from tests.hub.service.serving import Served, until
from tests.keepers import ON_DISK

New = Callable[[], Visitor]
CODE = "MAIRIE-DE-VALBRU"
# Who may what does not depend on the database; what the pages ask of it is tested on both.
pytestmark = ON_DISK


@pytest.fixture
def filled(site: Site) -> Site:
    """Two offices, the first with two desks, the second with one."""
    for name in ("Mairie de Valbrune", "Port de Kerlann"):
        offices.add(site.hub, name)
    for number, office in ((1, 1), (2, 1), (1, 2)):
        filling.desk(site.hub, office, f"PC {number} of {office}", "Yann", 1)
    return site


def address(route: Route) -> str:
    return route.path.format(code=CODE, number=2, id=2)


def contents(site: Site) -> list[list[tuple[object, ...]]]:
    """All that the pages can change, but who is signed in and what was refused of it."""
    with site.hub.transaction() as connection:
        return [
            [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in (tables.office, tables.desk, tables.invitation, tables.bundle_out)
        ] + [
            [
                tuple(row)
                for row in connection.execute(
                    select(page_tables.account.c.id, page_tables.account.c.password)
                )
            ]
        ]


POSTS = [route for route in ROUTES if route.method == "POST"]


def test_a_form_that_is_not_ours_does_nothing(filled: Site, visitor: New) -> None:
    browser, other = visitor(), visitor()
    browser.sign_in(OPERATOR)
    other.sign_in(OPERATOR)
    before = contents(filled)

    for route in POSTS:
        for token in ("", "0" * 64, other.token, "é"):
            fields = {"token": token, "why": "lost", "name": "New", "role": "operator"}
            answer = browser.send(address(route), fields)
            assert answer.status_code == 403, route
            assert "Nothing was changed" in words(answer)
    assert contents(filled) == before
    assert browser.get("/offices").status_code == 200  # nor signed out


def test_a_form_on_another_site_does_nothing(filled: Site, visitor: New) -> None:
    browser = visitor()
    browser.sign_in(OPERATOR)
    before = contents(filled)

    for headers in (
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site", "Origin": "http://127.0.0.1:1"},
    ):
        fields = {"token": browser.token, "name": "Elsewhere"}
        assert browser.send("/offices", fields, headers=headers).status_code == 403, headers
    assert contents(filled) == before


def test_a_proxy_may_know_the_hub_by_another_name(filled: Site, visitor: New) -> None:
    browser = visitor()
    browser.sign_in(OPERATOR)
    fields = {"token": browser.token, "name": "New"}
    of_browser = {"Origin": "https://hub.example.org", "Sec-Fetch-Site": "same-origin"}

    assert browser.send("/offices", fields, headers=of_browser).status_code == 303
    assert len(contents(filled)[0]) == 3


def test_a_stranger_sees_and_changes_nothing(filled: Site, visitor: New) -> None:
    browser = visitor()
    browser.get("/sign-in")
    before = contents(filled)

    for route in [one for one in ROUTES if one.who is not Who.ANYBODY]:
        if route.method == "GET":
            answer = browser.get(address(route))
        else:
            answer = browser.post(address(route), why="lost", name="New", role="operator")
        assert answer.status_code == 303, route
        assert answer.headers["location"].startswith("/sign-in"), route
    assert contents(filled) == before


def test_an_auditor_changes_nothing(filled: Site, visitor: New) -> None:
    browser = visitor()
    browser.sign_in(AUDITOR)
    before = contents(filled)

    for route in POSTS:
        if route.who is Who.OPERATOR:
            fields = {"why": "lost", "name": "New", "role": "operator"}
            answer = browser.post(address(route), **fields)
            assert answer.status_code == 403, route
            assert "Your account may look, and change nothing" in words(answer)
    assert contents(filled) == before


@pytest.mark.usefixtures("filled")
def test_an_auditor_reads_all(visitor: New) -> None:
    browser = visitor()
    browser.sign_in(AUDITOR)

    for route in [one for one in ROUTES if one.method == "GET"]:
        answer = browser.get(address(route))
        expected = (403,) if route.who is Who.OPERATOR else (200, 303)
        assert answer.status_code in expected, route
        acts = set(re.findall(r'method="post" action="([^"]+)"', answer.text))
        assert acts <= {"/sign-out", "/language", "/password"}, route


def test_every_answer_forbids_what_is_not_needed(visitor: New) -> None:
    browser = visitor()
    for path in ("/sign-in", "/offices", "/nowhere", "/style.css", "/sign-out"):
        headers = browser.get(path).headers

        policy = headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "script" not in policy
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "same-origin"
        kept = "public, max-age=31536000, immutable" if path == "/style.css" else "no-store"
        assert headers["cache-control"] == kept


def test_the_protocol_keeps_its_own_refusals(visitor: New) -> None:
    for path in ("/v1/nowhere", "/v1"):
        answer = visitor().get(path)
        assert (answer.status_code, answer.headers["content-type"]) == (404, "application/json")
    assert visitor().client.delete("/v1/health").status_code == 405


# --- names ----------------------------------------------------------------------------------------

SCRIPT = "<script>alert(1)</script>"


def test_names_are_text_and_never_markup(site: Site, visitor: New) -> None:
    offices.add(site.hub, SCRIPT, "X")
    filling.desk(site.hub, 1, f"{SCRIPT}\"'", f"<b>{SCRIPT}", 1)
    accounts.add(site.hub, SCRIPT, accounts.Role.OPERATOR, PASSWORD, by=SCRIPT, stretching=CHEAP)
    file = Path(f'"><img src=x onerror=y>{SCRIPT.replace("/", "")}.cdb')
    refused.note(site.hub, file, BundleRejected(Reason.DAMAGED), desk=1)
    browser = visitor()
    browser.sign_in(SCRIPT)

    for path in (
        "/offices",
        "/offices/X",
        "/offices/X/desks/1/revoke",
        "/files",
        "/audit",
        "/accounts",
        f"/offices?q={SCRIPT}%22%27",
        f"/audit?who={SCRIPT}&office=%22%3E{SCRIPT}",
        f"/sign-in?to=/{SCRIPT}",
    ):
        answer = browser.get(path)
        assert answer.status_code in (200, 303), path
        assert "<script" not in answer.text, path
        assert "<img src=x" not in answer.text, path
        assert "<b>" not in answer.text, path
    assert "&lt;script&gt;alert(1)" in browser.get("/offices").text


def test_a_name_adds_no_header(site: Site, visitor: New) -> None:
    browser = visitor()
    browser.sign_in(OPERATOR)

    added = browser.post("/offices", name='Two\r\nSet-Cookie: a=b; "é', code="a\r\nb: c")
    assert added.status_code == 303
    assert added.headers["location"] == "/offices/A-B-C?done=added"
    file, number = invited(browser, "A-B-C")

    for answer in (added, file):
        assert "a=b" not in str(answer.headers.get_list("set-cookie"))
    assert file.headers["content-disposition"].startswith(
        f'attachment; filename="A-B-C-{number}.cdinvite"'
    )
    with site.hub.transaction() as connection:
        assert connection.scalars(select(tables.office.c.name)).all() == ['Two Set-Cookie: a=b; "é']


# --- offices apart --------------------------------------------------------------------------------


def test_a_desk_is_reached_below_its_own_office_only(filled: Site, visitor: New) -> None:
    """The port has one desk; the second one is of the town hall."""
    browser = visitor()
    browser.sign_in(OPERATOR)
    before = contents(filled)

    for number in ("2", "3", "0", "-1", "01", "x", "1 "):
        below = f"/offices/PORT-DE-KERLANN/desks/{number}"
        answers = [
            browser.get(f"{below}/revoke"),
            browser.post(f"{below}/revoke", why="lost"),
            browser.post(f"{below}/file"),
        ]
        assert [answer.status_code for answer in answers] == [404] * 3, number
    assert contents(filled) == before


def test_an_office_is_reached_by_its_exact_code_only(filled: Site, visitor: New) -> None:
    """Earlier versions let the name of one office be the code of another."""
    offices.add(filled.hub, "Other", "OTHER")
    with filled.hub.transaction() as connection:
        other = tables.office.update().where(tables.office.c.code == "OTHER")
        connection.execute(other.values(name=CODE, name_key=CODE.casefold()))
    browser = visitor()
    browser.sign_in(OPERATOR)

    assert "Mairie de Valbrune" in words(browser.get(f"/offices/{CODE}"))
    for wrong in (CODE.lower(), "Mairie%20de%20Valbrune", "%25", "1"):
        assert browser.get(f"/offices/{wrong}").status_code == 404
    number = ""
    for code in (CODE, "OTHER"):
        browser.get(f"/offices/{code}")
        file, number = invited(browser, code)
        assert f'filename="{code}-{number}.cdinvite"' in file.headers["content-disposition"]
    assert browser.post(f"/offices/{CODE}/invitations/{number}/file").status_code == 409
    browser.get(f"/offices/{CODE}/desks/1/revoke")
    browser.post(f"/offices/{CODE}/desks/1/revoke", why="lost")
    with filled.hub.transaction() as connection:
        revoked = connection.execute(
            select(tables.desk.c.office, tables.desk.c.number).where(
                tables.desk.c.status == "revoked"
            )
        ).all()
    assert [tuple(row) for row in revoked] == [(1, 1)]


# --- bodies ---------------------------------------------------------------------------------------


def test_too_much_is_refused_before_it_is_read(site: Site, visitor: New) -> None:
    browser = visitor()
    browser.sign_in(OPERATOR)
    line = HTTPConnection(urlsplit(site.url).netloc, timeout=20)
    line.putrequest("POST", "/files")
    line.putheader("Content-Length", str(300 << 20))
    line.putheader("Content-Type", "multipart/form-data; boundary=x")
    line.putheader("Cookie", f"desk={browser.client.cookies['desk']}")
    line.endheaders()

    answer = line.getresponse()

    assert answer.status == 413
    line.close()


def test_too_much_in_pieces_is_refused_too(visitor: New) -> None:
    browser = visitor()
    browser.get("/sign-in")

    def pieces() -> Iterator[bytes]:
        for _ in range(40):
            yield b"name=" + b"x" * 1000

    answer = browser.client.post(
        "/sign-in",
        content=pieces(),
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )

    assert answer.status_code == 413


def test_too_many_files_are_told(visitor: New) -> None:
    browser = visitor()
    browser.sign_in(OPERATOR)
    browser.get("/files")
    files = [("files", (f"{number}.cdb", b"x")) for number in range(21)]

    answer = browser.send("/files", {"token": browser.token}, files=files)

    assert answer.status_code == 413
    assert "up to 20 at once" in words(answer)


def test_a_body_that_is_no_form_is_refused(visitor: New) -> None:
    browser = visitor()
    browser.sign_in(OPERATOR)

    for kind, content in (
        ("multipart/form-data", b"no boundary"),
        ("multipart/form-data; boundary=x", b"--x\r\nnonsense"),
        ("application/json", b"{}"),
        ("application/x-www-form-urlencoded", b"%ff%00&&&==="),
        ("application/x-www-form-urlencoded", b"&".join([b"a=b"] * 500)),
    ):
        answer = browser.client.post("/files", content=content, headers={"Content-Type": kind})
        assert answer.status_code in (400, 403), content
    assert browser.get("/offices").status_code == 200


# --- TLS ------------------------------------------------------------------------------------------


@pytest.fixture
def proxied(site: Site) -> Iterator[Served]:
    server = Server(site.hub, Serving(port=0, proxies=[ip_network("127.0.0.1")]))
    thread = threading.Thread(target=server.serve_until_stopped)
    thread.start()
    until(lambda: server.started)
    found = Served(server, thread, None)
    yield found
    found.stop()


def test_behind_a_proxy_only_https_is_answered(proxied: Served) -> None:
    with httpx.Client(base_url=proxied.url, trust_env=False) as client:
        from_outside = {"X-Forwarded-For": "192.0.2.7", "Accept-Language": "en"}
        plain = client.get("/sign-in", headers={**from_outside, "X-Forwarded-Proto": "http"})
        secure = client.get("/sign-in", headers={**from_outside, "X-Forwarded-Proto": "https"})

    assert plain.status_code == 403
    assert "HTTPS only" in words(plain)
    assert secure.status_code == 200
    [cookie] = secure.headers.get_list("set-cookie")
    assert cookie.startswith("__Host-desk=")
    for part in ("Secure", "HttpOnly", "SameSite=strict", "Path=/"):
        assert part in cookie
    assert "max-age" in secure.headers["strict-transport-security"]


def test_an_upload_leaves_nothing_behind(
    site: Site, visitor: New, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    before = sorted(tmp_path.iterdir())
    browser = visitor()
    browser.sign_in(OPERATOR)

    answer = browser.send(
        "/files",
        {"token": browser.token},
        files=[("files", ("a.cdb", b"x" * 2_000_000)), ("files", ("b.cdb", b"\x89CDSB"))],
    )

    assert answer.status_code == 200
    for code in ("bundle:not-a-bundle", "bundle:truncated"):
        assert words(answer).count(code) == 2, code  # in the report, and in the list
    assert sorted(tmp_path.iterdir()) == before
    with site.hub.transaction() as connection:
        assert connection.scalar(select(func.count()).select_from(tables.bundle_in)) == 0
