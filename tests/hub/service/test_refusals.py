"""What the service refuses: strangers, replays, other offices, too much, too slow."""

import hashlib
import logging
import socket
import ssl
import time
from collections.abc import Iterator

import httpx
import msgspec
import pytest
from sqlalchemy import func, select, update

from correspondent_desk.hub import desks, offices, tables
from correspondent_desk.hub import refused as refusals
from correspondent_desk.hub.service.limits import Limits
from correspondent_desk.store.database import Database
from correspondent_desk.sync.keys import DeskKeys
from correspondent_desk.sync.online import wire
from correspondent_desk.sync.online.exchange import exchange_online
from correspondent_desk.sync.online.line import Line
from correspondent_desk.sync.online.trouble import HubRefused
from correspondent_desk.sync.online.wire import Code, Import, State, Upload, UploadAsk
from tests.builders import add_member
from tests.hub.service.serving import (
    Certificate,
    Served,
    connect,
    known,
    line,
    online_desk,
    served,
    until,
)
from tests.keepers import ON_DISK
from tests.sync.desks import Town

PORT = "Port de Kerlann"


@pytest.fixture
def desk(town: Town, hub: Served) -> Database:
    """A desk that the hub knows."""
    desk = online_desk(town, hub)
    exchange_online(desk)
    return desk


@pytest.fixture
def bare(hub: Served) -> Iterator[httpx.Client]:
    """Somebody who knows HTTP and the certificate, and no key."""
    assert hub.certificate is not None
    context = ssl.create_default_context(cafile=hub.certificate.certificate)
    with httpx.Client(base_url=hub.url, verify=context) as client:
        yield client


def refused(of: Line, method: str, target: str, body: bytes = b"", **headers: str) -> str:
    with pytest.raises(HubRefused) as caught:
        of.signed(method, target, body, headers)
    return caught.value.reason


def code(response: httpx.Response) -> Code:
    return msgspec.json.decode(response.content, type=wire.Refusal).code


def ask(content: bytes) -> UploadAsk:
    return UploadAsk(length=len(content), sha256=hashlib.sha256(content).digest())


def begun(of: Line, content: bytes) -> Upload:
    return of.call("POST", "/v1/uploads", Upload, ask(content))


def put(of: Line, upload: Upload, offset: int, part: bytes) -> None:
    headers = {"Content-Type": wire.PART_TYPE, wire.OFFSET: str(offset)}
    of.signed("PATCH", f"/v1/uploads/{upload.id}", part, headers)


def count(town: Town, table: str) -> int:
    with town.hub.transaction() as connection:
        found = select(func.count()).select_from(tables.metadata.tables[table])
        return connection.scalar(found) or 0


# --- who asks -------------------------------------------------------------------------------------


def test_strangers_get_nothing_and_leave_nothing(town: Town, desk: Database) -> None:
    stranger = DeskKeys.generate(known(desk)[1].receiving[0].made)
    before = count(town, "spent_nonce")
    with Line(known(desk)[0].url, stranger, certificate=known(desk)[0].certificate) as of:
        told = [
            refused(of, "GET", "/v1/bundle"),
            refused(of, "POST", "/v1/uploads", msgspec.json.encode(ask(b"x"))),
        ]

    assert told == [Code.UNKNOWN_DESK] * 2
    assert count(town, "spent_nonce") == before


@ON_DISK
def test_a_request_without_a_signature_is_told_so(bare: httpx.Client) -> None:
    assert code(bare.get("/v1/bundle")) is Code.NOT_SIGNED
    assert code(bare.get("/v1/bundle", headers={"Authorization": "Basic eDp5"})) is Code.NOT_SIGNED
    assert bare.get("/v1/health").status_code == 200


def test_a_request_is_good_once(desk: Database, bare: httpx.Client) -> None:
    key, digest = known(desk)[1].signing, wire.digest_of(b"")
    nonce = bare.get("/v1/health").headers[wire.NONCE]
    headers = {
        "Authorization": wire.authorization(key, nonce, "GET", "/v1/bundle", digest=digest),
        wire.DIGEST: digest,
    }

    first = bare.get("/v1/bundle", headers=headers)
    again = bare.get("/v1/bundle", headers=headers)

    assert first.status_code == 204
    assert code(again) is Code.BAD_NONCE


@ON_DISK
@pytest.mark.parametrize("changed", ["method", "target", "offset", "body", "nonce", "key"])
def test_nothing_of_a_signed_request_may_be_changed(
    desk: Database, bare: httpx.Client, changed: str
) -> None:
    key = known(desk)[1].signing
    nonce = bare.get("/v1/health").headers[wire.NONCE]
    method, target, body = "POST", "/v1/uploads", msgspec.json.encode(ask(b"hello"))
    signed = wire.authorization(key, nonce, method, target, digest=wire.digest_of(body), offset="")
    headers = {"Authorization": signed, wire.DIGEST: wire.digest_of(body)}
    match changed:
        case "method":
            method = "GET"
            target, body = "/v1/bundle", b""
        case "target":
            target += "?x=1"
        case "offset":
            headers[wire.OFFSET] = "5"
        case "body":
            body = msgspec.json.encode(ask(b"other"))
        case "nonce":
            other = bare.get("/v1/health").headers[wire.NONCE]
            headers["Authorization"] = signed.replace(nonce, other)
        case _:
            mine = DeskKeys.generate(known(desk)[1].receiving[0].made).public.signing
            public = wire.text(key.public_key().public_bytes_raw())
            headers["Authorization"] = signed.replace(public, wire.text(mine))

    answer = bare.request(method, target, content=body, headers=headers)

    assert answer.status_code in (401, 422)
    assert code(answer) in (Code.BAD_SIGNATURE, Code.WRONG_DIGEST)


@ON_DISK
def test_an_old_nonce_is_refused_and_the_line_takes_another(town: Town, desk: Database) -> None:
    with line(desk) as of:
        of.nonce()
        town.clock.at = town.clock.at.replace(day=town.clock.at.day + 1)

        assert of.signed("GET", "/v1/bundle").status_code == 204


def test_a_revoked_desk_is_told_so(town: Town, desk: Database) -> None:
    with town.hub.transaction() as connection:
        connection.execute(update(tables.desk).values(status=desks.Status.REVOKED))

    report = exchange_online(desk)

    assert report.trouble is not None
    assert report.trouble.full_code == "hub-refused:revoked"


# --- offices --------------------------------------------------------------------------------------


def test_what_one_office_sends_another_neither_sees_nor_touches(town: Town, hub: Served) -> None:
    offices.add(town.hub, PORT)
    mine, theirs = online_desk(town, hub, "Yann"), online_desk(town, hub, "Anne", PORT)
    for desk in (mine, theirs):
        exchange_online(desk)
    add_member(theirs, "Secret")
    exchange_online(theirs)
    content = b"of the other office"
    with line(theirs) as of:
        upload = begun(of, content)
        put(of, upload, 0, content[:4])
    with line(mine) as of:
        told = [
            refused(of, "HEAD", f"/v1/uploads/{upload.id}"),
            refused(of, "GET", f"/v1/imports/{upload.id}"),
            refused(of, "POST", f"/v1/uploads/{upload.id}/commit"),
        ]
        headers = {"Content-Type": wire.PART_TYPE, wire.OFFSET: "4"}
        told.append(refused(of, "PATCH", f"/v1/uploads/{upload.id}", content[4:], **headers))
        fetched = of.signed("GET", "/v1/bundle")

    # HEAD has no body to say why.
    assert told == [Code.FAILED, *[Code.NOT_FOUND] * 3]
    assert fetched.status_code == 204


# --- uploads --------------------------------------------------------------------------------------


def test_parts_come_in_order_and_no_further_than_announced(desk: Database) -> None:
    content = bytes(range(200))
    with line(desk) as of:
        upload = begun(of, content)
        put(of, upload, 0, content[:100])
        headers = {"Content-Type": wire.PART_TYPE}
        target = f"/v1/uploads/{upload.id}"
        told = [
            refused(of, "PATCH", target, b"x", **headers, **{wire.OFFSET: "0"}),
            refused(of, "PATCH", target, b"x", **headers, **{wire.OFFSET: "101"}),
            refused(of, "PATCH", target, bytes(101), **headers, **{wire.OFFSET: "100"}),
            refused(of, "PATCH", target, b"x", **headers, **{wire.OFFSET: "-1"}),
            refused(of, "PATCH", target, b"x", **headers),
            refused(of, "PATCH", target, b"x", **{wire.OFFSET: "100"}),
            refused(of, "POST", f"{target}/commit"),
        ]
        look = of.signed("HEAD", target)

    assert told == [
        Code.WRONG_OFFSET, Code.WRONG_OFFSET, Code.TOO_LARGE, Code.BAD_REQUEST, Code.BAD_REQUEST,
        Code.BAD_REQUEST, Code.WRONG_STATE,
    ]  # fmt: skip
    assert (look.headers[wire.OFFSET], look.headers[wire.LENGTH]) == ("100", "200")


def test_bytes_that_are_not_those_announced_are_forgotten(town: Town, desk: Database) -> None:
    with line(desk) as of:
        upload = begun(of, b"right")
        put(of, upload, 0, b"wrong")

        assert refused(of, "POST", f"/v1/uploads/{upload.id}/commit") == Code.WRONG_DIGEST
        assert refused(of, "GET", f"/v1/imports/{upload.id}") == Code.NOT_FOUND
    assert count(town, "upload_part") == 0


def test_what_is_no_bundle_is_refused_with_a_receipt(town: Town, desk: Database) -> None:
    content = b"no bundle at all"
    with line(desk) as of:
        upload = begun(of, content)
        put(of, upload, 0, content)
        of.signed("POST", f"/v1/uploads/{upload.id}/commit")
        found: list[Import] = []

        def is_done() -> bool:
            found.append(of.call("GET", f"/v1/imports/{upload.id}", Import))
            return found[-1].state is State.DONE

        until(is_done)

    assert (found[-1].fate, found[-1].code) == (wire.Fate.REFUSED, "bundle:not-a-bundle")
    assert count(town, "upload_part") == 0
    noted = [(one.name, one.error.full_code, one.desk) for one in refusals.newest(town.hub, 5)]
    assert noted == [("", "bundle:not-a-bundle", 1)]
    assert list((town.hub.folder.path / "passing").iterdir()) == []


def test_what_became_of_a_bundle_is_told_at_once_if_it_is_quick(desk: Database) -> None:
    content = b"no bundle at all"
    with line(desk) as of:
        upload = begun(of, content)
        put(of, upload, 0, content)

        found = of.call("POST", f"/v1/uploads/{upload.id}/commit", Import)

    assert (found.state, found.code) == (State.DONE, "bundle:not-a-bundle")


def test_a_desk_that_begins_and_begins_keeps_its_newest(town: Town, desk: Database) -> None:
    with line(desk) as of:
        uploads = []
        for number in range(6):
            town.clock.at = town.clock.at.replace(minute=number)
            uploads.append(begun(of, bytes([number])))

        assert refused(of, "GET", f"/v1/imports/{uploads[0].id}") == Code.NOT_FOUND
        assert begun(of, bytes([5])).id == uploads[5].id
    assert count(town, "upload") == Limits().uploads


@ON_DISK
def test_too_much_is_refused_before_it_is_read(desk: Database, bare: httpx.Client) -> None:
    with line(desk) as of:
        too_long = UploadAsk(length=1, sha256=bytes(32))
        body = msgspec.json.encode(too_long).replace(b":1,", b":99999999999,")
        assert refused(of, "POST", "/v1/uploads", body) == Code.BAD_REQUEST
        assert refused(of, "POST", "/v1/uploads", b" " * (17 << 10)) == Code.TOO_LARGE
    assert code(bare.request("GET", "/v1/health", content=b"x")) is Code.TOO_LARGE


def test_a_full_disk_and_a_crowd_are_told(town: Town, paper: Certificate) -> None:
    with served(town.hub, paper, Limits(free=1 << 60)) as hub:
        desk = online_desk(town, hub)
        full = exchange_online(desk).trouble
    with served(town.hub, paper, Limits(pending=1)) as hub, line(desk, hub.url) as of:
        busy = refused(of, "POST", "/v1/uploads", msgspec.json.encode(ask(b"xx")))

    assert full is not None
    assert full.full_code == "hub-refused:full"
    assert busy == Code.BUSY


# --- connections ----------------------------------------------------------------------------------


@ON_DISK
def test_who_says_nothing_is_let_go(town: Town, paper: Certificate) -> None:
    with served(town.hub, paper, Limits(head_s=0.3)) as hub, connect(hub) as silent:
        slow = connect(hub)
        slow.sendall(b"GET /v1/health HTTP/1.1\r\nHost: x\r\n")

        assert silent.recv(100) == b""
        assert slow.recv(100) == b""
        slow.close()


@ON_DISK
def test_a_body_that_trickles_is_cut_off(town: Town, paper: Certificate) -> None:
    with served(town.hub, paper, Limits(pause_s=0.3)) as hub:
        desk = online_desk(town, hub)
        exchange_online(desk)
        body = bytes(1000)
        with line(desk) as of:
            nonce = of.nonce()
        signed = wire.authorization(
            known(desk)[1].signing, nonce, "POST", "/v1/uploads", digest=wire.digest_of(body)
        )
        with connect(hub) as slow:
            slow.sendall(
                f"POST /v1/uploads HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n"
                f"Authorization: {signed}\r\n{wire.DIGEST}: {wire.digest_of(body)}\r\n\r\n".encode()
            )
            slow.sendall(body[:10])

            assert slow.recv(1000).startswith(b"HTTP/1.1 408")


@ON_DISK
def test_connections_are_counted_and_others_still_served_after(
    town: Town, paper: Certificate
) -> None:
    most = 20
    with served(town.hub, paper, Limits(connections=most, head_s=60)) as hub:
        desk = online_desk(town, hub)
        plain = []
        for _ in range(200):
            one = socket.create_connection(("127.0.0.1", hub.server.port), timeout=20)
            one.setblocking(False)
            plain.append(one)
        until(lambda: sum(map(is_open, plain)) <= most)
        left = sum(map(is_open, plain))
        for one in plain:
            one.close()
        until(lambda: exchange_online(desk).trouble is None)

    assert left == most


def is_open(one: socket.socket) -> bool:
    """Whether the other end has not closed it; it says nothing."""
    try:
        return one.recv(1, socket.MSG_PEEK) != b""
    except BlockingIOError:
        return True
    except ConnectionResetError:
        return False


@ON_DISK
def test_a_body_that_is_no_http_is_one_line_in_the_log(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    """Whether it comes with its head, or once somebody waits for it."""
    head = "POST {path} HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n"
    garbage = b"zz\r\n"
    answers = []
    with served(town.hub, None) as hub:
        for path in ("/v1/uploads", "/v1/enrolments", "/sign-in"):
            for pause_s in (0, 0.05):
                with connect(hub) as stranger:
                    first = head.format(path=path).encode()
                    stranger.sendall(first if pause_s else first + garbage)
                    time.sleep(pause_s)
                    if pause_s:
                        stranger.sendall(garbage)
                    answers.append(stranger.makefile("rb").read()[:12])

    warned = [one.getMessage() for one in caplog.records if one.levelno >= logging.WARNING]
    assert warned == ["Invalid HTTP request received."] * len(answers)
    assert {one[:10] for one in answers} == {b"HTTP/1.1 4"}
