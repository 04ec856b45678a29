"""The description of the service, from the routes and the very types that they read and write."""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

import msgspec

from correspondent_desk import __version__
from correspondent_desk.hub.service.refusal import STATUS
from correspondent_desk.hub.service.routes import Route
from correspondent_desk.sync.online import wire
from correspondent_desk.sync.online.wire import Code, Refusal

_ALWAYS = (Code.FAILED, Code.BUSY, Code.FULL, Code.NOT_SECURE, Code.BAD_REQUEST)
_SIGNED = (
    Code.NOT_SIGNED,
    Code.BAD_NONCE,
    Code.BAD_SIGNATURE,
    Code.UNKNOWN_DESK,
    Code.REVOKED,
    Code.WRONG_DIGEST,
)
_BODY = (Code.BAD_REQUEST, Code.TOO_LARGE, Code.TOO_SLOW)
_MEANING = {
    200: "Done.",
    201: "Begun.",
    202: "Accepted; ask for the import.",
    204: "Done; nothing to tell.",
    206: "The rest.",
}


def document(routes: Iterable[Route]) -> bytes:
    """OpenAPI 3.1 as JSON."""
    known = list(routes)
    kinds = {Refusal} | {
        kind
        for route in known
        for kind in (route.body, *route.answers.values())
        if kind not in (None, bytes)
    }
    ordered = sorted(kinds, key=lambda kind: kind.__name__)
    _, components = msgspec.json.schema_components(
        ordered, ref_template="#/components/schemas/{name}"
    )
    paths: dict[str, dict[str, Any]] = {}
    for route in known:
        paths.setdefault(route.path, {})[route.method.lower()] = _operation(route)
    return json.dumps(
        {
            "openapi": "3.1.0",
            "info": {
                "title": "Correspondent Desk hub",
                "version": f"{wire.PROTOCOL}",
                "description": f"Program {__version__}. docs/hub.md has the words.",
            },
            "paths": paths,
            "components": {
                "schemas": components,
                "securitySchemes": {
                    "desk": {
                        "type": "apiKey",
                        "in": "header",
                        "name": "Authorization",
                        "description": "Desk key=…, nonce=…, signature=…: see docs/hub.md.",
                    },
                    "operator": {
                        "type": "http",
                        "scheme": "basic",
                        "description": "An operator's account of the hub's pages.",
                    },
                },
            },
        },
        ensure_ascii=False,
    ).encode()


def _operation(route: Route) -> dict[str, Any]:
    told: dict[str, Any] = {
        "operationId": route.name,
        "summary": route.says,
        "parameters": _parameters(route),
        "responses": _responses(route),
    }
    if route.body is not None:
        kind = route.media
        told["requestBody"] = {"required": True, "content": {kind: {"schema": _schema(route.body)}}}
    if route.is_operators:
        told["security"] = [{"operator": []}]
    if route.is_signed:
        told["security"] = [{"desk": []}]
    return told


def _parameters(route: Route) -> list[dict[str, Any]]:
    found = [
        {"name": name, "in": "path", "required": True, "schema": _hex()}
        for name in re.findall(r"{(\w+)}", route.path)
    ]
    found += [
        {
            "name": name,
            "in": "query",
            "required": word.is_required,
            "description": word.says,
            "schema": {"type": "string", **word.shape},
        }
        for name, word in route.query.items()
    ]
    if route.is_signed:
        found.append(_header(wire.DIGEST, "sha-256=:…: of the body, as RFC 9530 writes it"))
    if route.method == "PATCH":
        found.append(_header(wire.OFFSET, "the first byte of the part", "integer"))
    return found


def _header(name: str, says: str, kind: str = "string") -> dict[str, Any]:
    return {
        "name": name,
        "in": "header",
        "required": True,
        "description": says,
        "schema": {"type": kind},
    }


def _responses(route: Route) -> dict[str, Any]:
    codes = [*_ALWAYS, *route.refusals]
    if route.is_signed:
        codes += _SIGNED
    codes += _BODY  # also where none is expected: a body is too large there
    by_status: dict[int, list[Code]] = {}
    for code in codes:
        by_status.setdefault(STATUS[code], []).append(code)
    told = {
        str(status): {
            "description": ", ".join(dict.fromkeys(found)),
            **_content(None if route.method == "HEAD" else Refusal),
        }
        for status, found in by_status.items()
    }
    for status, kind in route.answers.items():
        told[str(status)] = {"description": _MEANING[status], **_content(kind)}
    return dict(sorted(told.items()))


def _content(kind: type[Any] | None) -> Mapping[str, Any]:
    if kind is None:
        return {}
    media = wire.BUNDLE_TYPE if kind is bytes else "application/json"
    return {"content": {media: {"schema": _schema(kind)}}}


def _schema(kind: type[Any]) -> dict[str, Any]:
    if kind is bytes:
        return {"type": "string", "format": "binary"}
    return {"$ref": f"#/components/schemas/{kind.__name__}"}


def _hex() -> dict[str, Any]:
    return {"type": "string", "pattern": "^[0-9a-f]{32}$"}
