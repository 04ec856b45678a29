"""What may be asked of the hub: one line for each request, from which service and description follow."""

import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from correspondent_desk import __version__, decoding
from correspondent_desk.hub import identity, root
from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.service import decisions, downloads, uploads, visitors
from correspondent_desk.hub.service.imports import Imports, Outcome
from correspondent_desk.hub.service.limits import Limits
from correspondent_desk.hub.service.refusal import Refused
from correspondent_desk.hub.service.visitors import Visitor
from correspondent_desk.sync.online import wire
from correspondent_desk.sync.online.wire import (
    Code,
    Directory,
    EnrolAsk,
    Enrolled,
    Health,
    Import,
    Upload,
    UploadAsk,
)

_CHOSEN = re.compile("^[!-~]{16,64}$")
_NUMBER = re.compile("^[0-9]{1,16}$")


@dataclass(frozen=True, slots=True)
class Desk:
    """What handlers work with."""

    hub: Hub
    imports: Imports
    limits: Limits


@dataclass(frozen=True, slots=True)
class Asked:
    """A request, once it is known who asks and the body is what was signed."""

    path: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes
    visitor: Visitor | None
    address: str

    @property
    def desk(self) -> int:
        """The desk that asks."""
        if self.visitor is None or self.visitor.desk is None:
            raise Refused(Code.UNKNOWN_DESK)
        return self.visitor.desk

    @property
    def upload(self) -> bytes:
        """The upload that the path names. Raises Refused, not-found."""
        try:
            found = bytes.fromhex(self.path["id"])
        except ValueError as error:
            raise Refused(Code.NOT_FOUND) from error
        if len(found) != 16 or self.path["id"] != found.hex():  # noqa: PLR2004 - bytes of an id
            raise Refused(Code.NOT_FOUND)
        return found


@dataclass(frozen=True, slots=True)
class Answer:
    """told: becomes JSON. content: the whole body. stream: one that is read while it is sent, size long.

    soon: what is told instead if it is known in time.
    """

    status: int
    told: msgspec.Struct | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes | None = None
    stream: Iterator[bytes] | None = None
    size: int = 0
    soon: Outcome | None = None


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a query: what it means, and which text it may be, as JSON Schema says it."""

    says: str
    shape: Mapping[str, Any]
    is_required: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """One request. is_signed: by a desk; is_newcomer: by somebody who is none yet.
    is_operators: in the name of an account of the pages, by HTTP Basic.

    media: of a body of bytes. answers: what may come back, by status; None: no body. query: words by their names.
    """

    method: str
    path: str
    name: str
    says: str
    work: Callable[[Desk, Asked], Answer]
    body: type[Any] | None = None
    most: int = wire.MOST_BODY
    media: str = "application/json"
    answers: Mapping[int, type[Any] | None]
    refusals: tuple[Code, ...] = ()
    query: Mapping[str, Word] = field(default_factory=dict)
    is_signed: bool = True
    is_newcomer: bool = False
    is_operators: bool = False


def _health(service: Desk, _asked: Asked) -> Answer:
    with service.hub.transaction() as connection:
        identity.name(connection)
    told = Health(
        protocol=wire.PROTOCOL,
        oldest=wire.OLDEST,
        program=__version__,
        time=time.time_ns() // 1_000_000,
    )
    return Answer(200, told)


def _directory(service: Desk, asked: Asked) -> Answer:
    chosen = asked.query.get("chosen", "")
    if not _CHOSEN.fullmatch(chosen):
        raise Refused(Code.BAD_REQUEST)
    known = asked.query.get("known", "0")
    if not _is_number(known):
        raise Refused(Code.BAD_REQUEST)
    with service.hub.statement() as connection:
        head = root.head(connection)
    vouched = head.vouched if head.version > int(known) else b""
    keys = head.keys
    return Answer(
        200, wire.directory(keys.signing, keys.public, head.name, chosen, vouched=vouched)
    )


def _enrol(service: Desk, asked: Asked) -> Answer:
    if asked.visitor is None:
        raise Refused(Code.NOT_SIGNED)
    return Answer(200, visitors.enrol(service.hub, asked.visitor, _body(asked, EnrolAsk)))


def _begin(service: Desk, asked: Asked) -> Answer:
    upload, is_new = uploads.begin(service.hub, asked.desk, _body(asked, UploadAsk), service.limits)
    return _of_upload(upload, 201 if is_new else 200)


def _look(service: Desk, asked: Asked) -> Answer:
    upload = uploads.state(service.hub, asked.desk, asked.upload)
    return Answer(204, headers=_upload_headers(upload))


def _append(service: Desk, asked: Asked) -> Answer:
    offset = asked.headers.get(wire.OFFSET.lower(), "")
    if asked.headers.get("content-type") != wire.PART_TYPE or not _is_number(offset):
        raise Refused(Code.BAD_REQUEST)
    upload = uploads.append(service.hub, asked.desk, asked.upload, int(offset), asked.body)
    return Answer(204, headers=_upload_headers(upload))


def _commit(service: Desk, asked: Asked) -> Answer:
    told = uploads.commit(service.hub, asked.desk, asked.upload)
    is_due = told.state is wire.State.COMMITTED
    soon = service.imports.ask(asked.upload) if is_due else None
    return Answer(202, told, {"Location": f"/v1/imports/{told.id}"}, soon=soon)


def _import(service: Desk, asked: Asked) -> Answer:
    told = uploads.outcome(service.hub, asked.desk, asked.upload)
    is_due = told.state is wire.State.COMMITTED  # whoever began it may have been killed
    return Answer(200, told, soon=service.imports.ask(asked.upload) if is_due else None)


def _at_once(service: Desk, asked: Asked) -> Answer:
    if asked.headers.get("content-type") != wire.BUNDLE_TYPE or not asked.body:
        raise Refused(Code.BAD_REQUEST)
    return Answer(200, service.imports.at_once(asked.desk, asked.body))


def _bundle(service: Desk, asked: Asked) -> Answer:
    have = asked.query.get("have", "")
    vector = wire.have(have) if have else None
    if have and vector is None:
        raise Refused(Code.BAD_REQUEST)
    first = _first_byte(asked.headers.get("range", ""))
    tag = asked.headers.get("if-range", "")
    if tag and first:
        parcel = downloads.kept(service.hub, asked.desk, tag)
        if parcel is not None:
            return _parcel(service, parcel, first)
    parcel = downloads.next_for(service.hub, asked.desk, vector)
    return Answer(204) if parcel is None else _parcel(service, parcel, 0)


def _parcel(service: Desk, parcel: downloads.Parcel, first: int) -> Answer:
    headers = {"ETag": parcel.tag, "Accept-Ranges": "bytes", "Content-Type": wire.BUNDLE_TYPE}
    if first >= parcel.size:
        raise Refused(
            Code.WRONG_RANGE, {"ETag": parcel.tag, "Content-Range": f"bytes */{parcel.size}"}
        )
    if first:
        headers["Content-Range"] = f"bytes {first}-{parcel.size - 1}/{parcel.size}"
    status = 206 if first else 200
    if parcel.content:
        return Answer(status, headers=headers, content=parcel.content[first:])
    return Answer(
        status,
        headers=headers,
        stream=downloads.pieces(service.hub, parcel, first),
        size=parcel.size - first,
    )


def _first_byte(header: str) -> int:
    """Of a range to the end, the only kind that is asked for here; 0 for any other."""
    first = header.removeprefix("bytes=").removesuffix("-")
    return int(first) if header == f"bytes={first}-" and _is_number(first) else 0


def _is_number(letters: str) -> bool:
    return _NUMBER.fullmatch(letters) is not None


def _body(asked: Asked, kind: type[wire.EnrolAsk] | type[wire.UploadAsk]) -> Any:
    try:
        return decoding.json(kind).decode(asked.body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Refused(Code.BAD_REQUEST) from error


def _of_upload(upload: Upload, status: int) -> Answer:
    headers = {"Location": f"/v1/uploads/{upload.id}", **_upload_headers(upload)}
    return Answer(status, upload, headers)


def _upload_headers(upload: Upload) -> dict[str, str]:
    return {wire.OFFSET: str(upload.offset), wire.LENGTH: str(upload.length)}


def _decisions(service: Desk, asked: Asked) -> Answer:
    return Answer(200, decisions.take_in(service.hub, asked.headers, asked.address, asked.body))


ROUTES = (
    Route(
        method="GET",
        path="/v1/health",
        name="health",
        says="Whether the hub works, and which versions of this protocol it speaks.",
        work=_health,
        answers={200: Health},
        refusals=(Code.BUSY,),
        is_signed=False,
    ),
    Route(
        method="GET",
        path="/v1/directory",
        name="directory",
        says="Who the hub is and where it receives, signed together with letters of the asker;"
        " and what the root key vouches for, if that is newer than what the asker knows.",
        work=_directory,
        answers={200: Directory},
        refusals=(Code.BAD_REQUEST, Code.BUSY),
        query={
            "chosen": Word(
                "letters that the asker just made up",
                {"pattern": _CHOSEN.pattern},
                is_required=True,
            ),
            "known": Word(
                "version of the signed directory that the asker has", {"pattern": _NUMBER.pattern}
            ),
        },
        is_signed=False,
    ),
    Route(
        method="POST",
        path="/v1/enrol",
        name="enrol",
        says="Become a desk of the office that an invitation names.",
        work=_enrol,
        body=EnrolAsk,
        answers={200: Enrolled},
        refusals=(
            Code.INVITATION_UNKNOWN,
            Code.INVITATION_USED,
            Code.INVITATION_EXPIRED,
            Code.INVITATION_WITHDRAWN,
            Code.BAD_PROOF,
        ),
        is_newcomer=True,
    ),
    Route(
        method="POST",
        path="/v1/uploads",
        name="begin",
        says="Announce a bundle by its length and hash; the same again goes on with it.",
        work=_begin,
        body=UploadAsk,
        answers={200: Upload, 201: Upload},
        refusals=(Code.FULL,),
    ),
    Route(
        method="HEAD",
        path="/v1/uploads/{id}",
        name="look",
        says="How much of an upload has come.",
        work=_look,
        answers={204: None},
        refusals=(Code.NOT_FOUND,),
    ),
    Route(
        method="PATCH",
        path="/v1/uploads/{id}",
        name="append",
        says="The next bytes of an upload, from Upload-Offset on; at most 1 MiB at once.",
        work=_append,
        most=wire.MOST_PART,
        media=wire.PART_TYPE,
        body=bytes,
        answers={204: None},
        refusals=(Code.NOT_FOUND, Code.WRONG_OFFSET),
    ),
    Route(
        method="POST",
        path="/v1/uploads/{id}/commit",
        name="commit",
        says="All has come: take the bundle in.",
        work=_commit,
        answers={202: Import},
        refusals=(Code.NOT_FOUND, Code.WRONG_STATE, Code.WRONG_DIGEST),
    ),
    Route(
        method="POST",
        path="/v1/bundles",
        name="at-once",
        says="A short bundle, whole: it is taken in, and the answer is the receipt. Twice is once.",
        work=_at_once,
        most=wire.MOST_AT_ONCE,
        media=wire.BUNDLE_TYPE,
        body=bytes,
        answers={200: Import},
        refusals=(Code.FULL,),
    ),
    Route(
        method="GET",
        path="/v1/imports/{id}",
        name="outcome",
        says="What became of an upload: the receipt.",
        work=_import,
        answers={200: Import},
        refusals=(Code.NOT_FOUND,),
    ),
    Route(
        method="GET",
        path="/v1/bundle",
        name="bundle",
        says="What the desk lacks, sealed for it. With Range and If-Range, the rest of one begun.",
        work=_bundle,
        answers={200: bytes, 204: None, 206: bytes},
        refusals=(Code.WRONG_RANGE, Code.FULL),
        query={"have": Word("how far the desk has seen each origin: base64 of a msgpack map", {})},
    ),
    Route(
        method="POST",
        path="/v1/decisions",
        name="decisions",
        says="What the committee decided of requests, for the desks concerned.",
        work=_decisions,
        body=decisions.DecisionsAsk,
        most=wire.MOST_PART,
        answers={200: decisions.DecisionsTaken},
        refusals=(Code.NOT_SIGNED, Code.TOO_EARLY),
        is_signed=False,
        is_operators=True,
    ),
)
