"""Whom a desk believes to be its hub, and what it says when nobody is there."""

import socket
import threading
from collections.abc import Iterator
from ipaddress import ip_network
from pathlib import Path

import httpx
import pytest

from correspondent_desk.errors import DeskError
from correspondent_desk.hub import addresses as hub_addresses
from correspondent_desk.hub import desks
from correspondent_desk.hub.database import HubFolder, create
from correspondent_desk.hub.service.listening import CannotServe, is_among
from correspondent_desk.hub.service.server import Server, Serving
from correspondent_desk.store.database import Database
from correspondent_desk.store.identity import raw
from correspondent_desk.sync import exchange
from correspondent_desk.sync.online.addresses import Address, BadAddress, checked
from correspondent_desk.sync.online.exchange import exchange_online
from tests.builders import add_member, open_desk
from tests.hub.service.serving import (
    Certificate,
    Served,
    certificate,
    known,
    online_desk,
    reaches,
    served,
    until,
)
from tests.sync.desks import Town


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """On SQLite alone: nothing here depends on the database."""
    town = Town(tmp_path)
    yield town
    town.close()


def trouble(desk: Database) -> str:
    report = exchange_online(desk, pauses_s=())
    assert report.trouble is not None
    return report.trouble.full_code


@pytest.fixture
def deaf() -> Iterator[int]:
    """The port of somebody who answers anything in plain words."""
    listener = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        try:
            while True:
                found, _ = listener.accept()
                with found:
                    found.recv(1000)
                    body = b"<html>Please sign in to the network</html>"
                    found.sendall(
                        b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: %d\r\n"
                        b"Connection: close\r\n\r\n%s" % (len(body), body)
                    )
        except OSError:
            return

    thread = threading.Thread(target=answer)
    thread.start()
    yield listener.getsockname()[1]
    listener.shutdown(socket.SHUT_RDWR)
    listener.close()
    thread.join()


def test_a_certificate_that_nobody_vouches_for_is_not_believed(town: Town, hub: Served) -> None:
    desk = online_desk(town, hub)
    reaches(desk, hub.url)

    assert trouble(desk) == "hub-not-trusted:unknown-issuer"
    assert desks.listed(town.hub) == []


def test_a_certificate_out_of_date_or_of_another_is_not_believed(
    town: Town, tmp_path: Path
) -> None:
    late = certificate(tmp_path / "late", days=-1)
    other = certificate(tmp_path / "other", name="192.0.2.1")
    told = []
    for paper in (late, other):
        with served(town.hub, paper) as hub:
            told.append(trouble(online_desk(town, hub)))

    assert told == ["hub-not-trusted:out-of-date", "hub-not-trusted:other-name"]


def test_another_hub_at_the_same_address_is_found_out(
    town: Town, paper: Certificate, tmp_path: Path
) -> None:
    other = create(HubFolder(tmp_path / "other-hub"), "another")
    with served(other, paper) as hub:
        desk = online_desk(town, hub)
        told = trouble(desk)
    other.close()

    assert told == "hub-not-trusted:other-hub"


def test_a_page_to_sign_in_to_the_network_is_no_hub(town: Town, deaf: int) -> None:
    desk = town.desk("Yann")
    reaches(desk, f"http://127.0.0.1:{deaf}")

    assert trouble(desk) == "hub-not-trusted:not-a-hub"


def test_nobody_there_is_told_apart_from_no_such_name(town: Town) -> None:
    desk = town.desk("Yann")
    told = []
    earlier = ("https://hub..org", "https://[::1")  # invitations of earlier versions took them
    for url in ("https://127.0.0.1:9", "https://hub.invalid", "http://hub.example.org", *earlier):
        reaches(desk, url)
        told.append(trouble(desk))

    assert told == [
        "hub-unreachable:closed", "hub-unreachable:no-such-name", "hub-not-trusted:not-secure",
        "bad-address:url", "bad-address:url",
    ]  # fmt: skip


def test_a_proxy_that_is_not_there_is_told(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.delenv("NO_PROXY", raising=False)
    monkeypatch.delenv("no_proxy", raising=False)
    desk = town.desk("Yann")
    reaches(desk, "https://192.0.2.1")

    assert trouble(desk).startswith("hub-unreachable:")


def test_a_desk_without_an_address_says_so(town: Town) -> None:
    with pytest.raises(DeskError) as caught:
        exchange_online(town.desk("Yann"))

    assert caught.value.full_code == "no-hub-address"


def test_an_invitation_tells_where_the_hub_is_and_whom_to_believe(
    town: Town, hub: Served, paper: Certificate
) -> None:
    hub_addresses.keep(town.hub, checked("https://elsewhere.example.org/", None))
    hub_addresses.keep(town.hub, Address(hub.url, paper.der))
    desk = open_desk(town.path / "desk", "Yann", town.clock)
    town.desks.append(desk)

    exchange.enrol(desk, town.invitation())

    assert (known(desk)[0].url, known(desk)[0].certificate) == (hub.url, paper.der)
    assert exchange_online(desk).trouble is None


def test_an_invitation_that_was_used_is_refused_online_too(town: Town, hub: Served) -> None:
    paper = town.invitation()
    both = []
    for name in ("a", "b"):
        desk = open_desk(town.path / name, name, town.clock)
        town.desks.append(desk)
        exchange.enrol(desk, paper)
        assert hub.certificate is not None
        reaches(desk, hub.url, hub.certificate.der)
        both.append(desk)

    assert exchange_online(both[0]).trouble is None
    assert trouble(both[1]) == "hub-refused:invitation-used"
    assert [one.number for one in desks.listed(town.hub)] == [1]


def test_after_a_used_invitation_one_of_its_own_is_read_and_the_work_is_kept(
    town: Town, hub: Served
) -> None:
    assert hub.certificate is not None
    paper = town.invitation()
    first, second = (open_desk(town.path / name, name, town.clock) for name in ("a", "b"))
    for desk in (first, second):
        town.desks.append(desk)
        exchange.enrol(desk, paper)
        reaches(desk, hub.url, hub.certificate.der)
    add_member(second, "PETIT")
    assert exchange_online(first).trouble is None
    assert trouble(second) == "hub-refused:invitation-used"

    exchange.enrol(second, town.invitation())
    reaches(second, hub.url, hub.certificate.der)
    assert exchange_online(second).trouble is None
    assert exchange_online(first).trouble is None

    for desk in (first, second):
        rows = desk.read(lambda s: raw(s).execute("SELECT family_name FROM member").fetchall())
        assert rows == [("PETIT",)]


@pytest.mark.parametrize(
    "url",
    ["hub.example.org", "http://hub.example.org", "ftp://x", "https://", "https://a:b@c",
     "https://a?x=1", "https://a:99999999", "https://" + "a" * 600, "https://exa mple", "https://a,b",
     "https://hub..org", "https://-", "https://" + "a" * 64, "https://[::g]", "https://[::1",
     "https://https://hub.example.org", "https://hub.example.org/a b", "https://hub\u2028.org",
     "https://hub.example.org\\x", "https://<hub>", "https://hub%20x", "https://é\x01"],
)  # fmt: skip
def test_what_is_no_address_is_refused(url: str) -> None:
    with pytest.raises(BadAddress):
        checked(url, None)


@pytest.mark.parametrize(
    "url",
    ["https://hub.example.org", "https://mairie-d-été.fr:8443/desk", "https://10.0.0.2", "https://[::1]:8443",
     "http://localhost:8000", "https://HUB_1.lan", "https://hub.example.org."],
)  # fmt: skip
def test_what_may_be_an_address_is_kept_as_it_is(url: str) -> None:
    assert checked(f" {url}/ ", None).url == url


def test_a_certificate_file_is_read_and_others_refused(paper: Certificate, tmp_path: Path) -> None:
    assert checked("https://hub.example.org", paper.certificate).certificate == paper.der
    for wrong in (paper.key, tmp_path / "none", tmp_path):
        with pytest.raises(BadAddress):
            checked("https://hub.example.org", wrong)


# --- serving --------------------------------------------------------------------------------------


def test_plain_http_stays_on_this_computer(town: Town) -> None:
    with pytest.raises(CannotServe) as caught:
        Server(town.hub, Serving(host="0.0.0.0", port=0))  # noqa: S104 - that is the point

    assert caught.value.reason == "plain-http"


def test_a_port_in_use_and_a_wrong_certificate_are_told(town: Town, paper: Certificate) -> None:
    told = []
    with served(town.hub, None) as hub:
        for serving in (
            Serving(port=hub.server.port),
            Serving(host="192.0.2.1", port=0, proxies=[ip_network("192.0.2.2")]),
            Serving(port=0, certificate=paper.key, key=paper.key),
            Serving(port=0, certificate=town.path / "none"),
        ):
            with pytest.raises(CannotServe) as caught:
                Server(town.hub, serving)
            told.append(caught.value.reason)

    assert told == ["in-use", "no-such-address", "certificate", "certificate"]


def test_proxies_are_addresses_or_whole_networks() -> None:
    proxies = [ip_network("10.0.0.0/24"), ip_network("fd00::2")]

    assert is_among(proxies, "10.0.0.7")
    assert is_among(proxies, "fd00::2")
    assert not is_among(proxies, "10.0.1.7")
    assert not is_among(proxies, "fd00::3")
    assert not is_among(proxies, "")


def test_behind_a_proxy_what_came_without_https_is_refused(town: Town) -> None:
    server = Server(town.hub, Serving(port=0, proxies=[ip_network("127.0.0.1")]))
    thread = threading.Thread(target=server.serve_until_stopped)
    thread.start()
    until(lambda: server.started)
    with httpx.Client(base_url=f"http://127.0.0.1:{server.port}") as client:
        statuses = [
            client.get(
                "/v1/health",
                headers={"X-Forwarded-For": "198.51.100.7", "X-Forwarded-Proto": scheme},
            ).status_code
            for scheme in ("http", "https")
        ]
    server.stop()
    thread.join(timeout=20)

    assert statuses == [403, 200]
