"""The description of the service is true: asked at random within it and beyond, it keeps to it."""

from collections.abc import Iterator
from typing import Any

import httpx
import msgspec
import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from correspondent_desk.hub.service.routes import ROUTES, Route
from correspondent_desk.store.database import Database
from correspondent_desk.sync.online import wire
from correspondent_desk.sync.online.exchange import exchange_online
from tests.hub.service.serving import TRUSTS_NOBODY, Served, known, online_desk, served
from tests.sync.desks import Town

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]


schemathesis.serializer.alias(wire.PART_TYPE, "application/octet-stream")


# One hub for all: what is asked at random must not harm who asks afterwards either.
shared = pytest.fixture(scope="module")


@shared
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    """On SQLite alone: nothing here depends on the database."""
    town = Town(tmp_path_factory.mktemp("town"))
    yield town
    town.close()


@shared
def plain(town: Town) -> Iterator[Served]:
    with served(town.hub, None) as found:
        yield found


@shared
def desk(town: Town, plain: Served) -> Database:
    desk = online_desk(town, plain)
    assert exchange_online(desk).trouble is None
    return desk


class Signer:
    """Signs whatever request is about to be sent, as the desk would."""

    def __init__(self, desk: Database, url: str) -> None:
        self._key = known(desk)[1].signing
        self._client = httpx.Client(base_url=url)

    def close(self) -> None:
        self._client.close()

    def sign(self, method: str, target: str, body: bytes, offset: str) -> dict[str, str]:
        nonce = self._client.get("/v1/health").headers[wire.NONCE]
        digest = wire.digest_of(body)
        signed = wire.authorization(self._key, nonce, method, target, digest=digest, offset=offset)
        return {"Authorization": signed, wire.DIGEST: digest}


@shared
def described(plain: Served) -> schemathesis.BaseSchema:
    return schemathesis.openapi.from_url(f"{plain.url}/v1/openapi.json")


@shared
def signer(desk: Database, plain: Served) -> Iterator[Signer]:
    signer = Signer(desk, plain.url)
    yield signer
    signer.close()


def test_every_route_is_described(plain: Served) -> None:
    described = httpx.get(f"{plain.url}/v1/openapi.json").json()

    found = {
        (method.upper(), path)
        for path, operations in described["paths"].items()
        for method in operations
    }
    assert found == {(route.method, route.path) for route in ROUTES}
    assert described["components"]["schemas"]["UploadAsk"]["properties"].keys() == {
        "length",
        "sha256",
    }


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: route.name)
@pytest.mark.parametrize("is_signed", [True, False], ids=["signed", "stranger"])
def test_what_is_described_is_what_happens(
    plain: Served,
    described: schemathesis.BaseSchema,
    signer: Signer,
    route: Route,
    *,
    is_signed: bool,
) -> None:
    operation = described[route.path][route.method]

    @given(case=operation.as_strategy())
    @settings(max_examples=6, deadline=None, database=None,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    def ask(case: schemathesis.Case[Any]) -> None:
        request = _as_httpx(case, plain.url)
        if is_signed:
            target = request.url.raw_path.decode()
            offset = request.headers.get(wire.OFFSET, "")
            request.headers.update(signer.sign(request.method, target, request.read(), offset))
        with httpx.Client(verify=TRUSTS_NOBODY) as client:
            response = client.send(request)
        case.validate_response(response, checks=CHECKS)

    ask()


def _as_httpx(case: schemathesis.Case[Any], url: str) -> httpx.Request:
    told = case.as_transport_kwargs(base_url=url)
    return httpx.Request(
        told["method"],
        told["url"],
        params=told.get("params"),
        headers={str(name): str(value) for name, value in (told.get("headers") or {}).items()},
        content=msgspec.json.encode(told["json"]) if "json" in told else told.get("data"),
    )


def test_what_fits_the_description_is_taken(
    plain: Served, described: schemathesis.BaseSchema
) -> None:
    operation = described["/v1/directory"]["GET"]

    @given(case=operation.as_strategy())
    @settings(max_examples=20, deadline=None, database=None,
              suppress_health_check=list(HealthCheck))  # fmt: skip
    def ask(case: schemathesis.Case[Any]) -> None:
        with httpx.Client(verify=TRUSTS_NOBODY) as client:
            assert client.send(_as_httpx(case, plain.url)).status_code == 200

    ask()


def test_a_wrong_method_is_told_the_right_ones(plain: Served) -> None:
    answer = httpx.options(f"{plain.url}/v1/uploads/{'0' * 32}")

    assert answer.status_code == 405
    assert set(answer.headers["Allow"].split(", ")) == {"HEAD", "PATCH"}


@settings(max_examples=25, deadline=None, database=None,
          suppress_health_check=list(HealthCheck))  # fmt: skip
@given(
    target=st.sampled_from(
        ["/v1/uploads", "/v1/enrol", "/v1/bundle?have=", "/v1/imports/", "/v1/"]
    ),
    more=st.text(alphabet=st.characters(min_codepoint=33, max_codepoint=126), max_size=40),
    body=st.binary(max_size=200),
    method=st.sampled_from(["GET", "POST", "PATCH", "HEAD", "PUT", "DELETE"]),
)
def test_nothing_that_is_sent_breaks_the_service(
    plain: Served, signer: Signer, target: str, more: str, body: bytes, method: str
) -> None:
    request = httpx.Request(method, f"{plain.url}{target}{more}", content=body)
    signed = signer.sign(method, request.url.raw_path.decode(), body, "")
    request.headers.update(signed)

    with httpx.Client() as client:
        response = client.send(request)

    assert response.status_code < 500
    if response.status_code >= 400 and method != "HEAD":
        assert msgspec.json.decode(response.content, type=wire.Refusal).code
