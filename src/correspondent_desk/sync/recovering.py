"""Opening a desk through the committee: the request, what the committee reads in it, and the answer.

The request goes by any way: what it holds only the recovery key in the committee's safe can read, and
what the answer holds only the computer that asked. The numbers of a request, read out by telephone,
tell that nobody has put another one in its place.
"""

import json
from base64 import b64decode, b64encode
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
import pyrage

from correspondent_desk import decoding
from correspondent_desk.errors import DeskError
from correspondent_desk.store import committee
from correspondent_desk.store.committee import Request
from correspondent_desk.store.files import refusal, write_new
from correspondent_desk.store.opened import Store
from correspondent_desk.store.vault import DataKey, DeskFolder
from correspondent_desk.sync import directory, keys, link
from correspondent_desk.sync.keys import Key32
from correspondent_desk.sync.manifest import Id, Name

ASKS, ANSWERS = ".cdrecover", ".cdunlock"
_MOST_FILE = 64 << 10
_REQUEST, _ANSWER = "recovery-request", "recovery-answer"
_NAME = "correspondent-desk"


class RecoveryFileRefused(DeskError):
    """The file is no request or no answer (reason: missing, another-kind, damaged; details: path)."""

    code = "recovery-file"


class Claim(msgspec.Struct, frozen=True, kw_only=True):
    """Whose desk a secret opens, as the desk said while it was open; only the committee reads it."""

    secret: bytes
    office: Id
    office_name: Name
    desk: int
    desk_name: Name
    person: Name
    signing: Key32


@dataclass(frozen=True, slots=True)
class Asked:
    """A request as it was written. numbers: for two people to compare aloud."""

    path: Path
    numbers: str


def refresh(store: Store) -> bool:
    """Let the recovery key of the newest directory open this desk; whether anything changed.

    Raises CannotWrite.
    """
    known = store.read(link.find)
    if known is None or not known.directory or not known.desk:
        return False
    recipient = directory.read(known.directory, known.root).recovery
    if committee.recipient_of(store.folder) == recipient:
        return False
    signing = store.read(link.load)[1].public.signing
    person = store.person

    def seal(secret: bytes) -> bytes:
        claim = Claim(
            secret=secret,
            office=known.office,
            office_name=known.office_name,
            desk=known.desk,
            desk_name=known.desk_name,
            person=person[:200],
            signing=signing,
        )
        return bytes(pyrage.encrypt(msgspec.msgpack.encode(claim), keys.recipients([recipient])))

    store.offer_to_committee(recipient, seal)
    return True


def request(folder: DeskFolder, path: Path) -> Asked:
    """Write a request to the file path, which is not there yet, or into a folder.

    Raises NoCommitteeKey, CannotWrite; then an earlier request is still the one to be answered.
    """

    def place(made: Request) -> Path:
        return path / f"{made.id.hex()[:8]}{ASKS}" if is_folder else path

    def write(made: Request) -> None:
        content = {
            "id": made.id.hex(),
            "sealed": b64encode(made.sealed).decode(),
            "recipient": made.recipient,
        }
        write_new(place(made), _written(_REQUEST, content))

    is_folder = path.is_dir()
    made = committee.ask(folder, write)
    return Asked(place(made), numbers_of(made))


def numbers_of(made: Request) -> str:
    """Six groups of five digits, the same at both ends unless somebody altered the request."""
    return keys.fingerprint(made.id + made.recipient.encode() + made.sealed)


def read_request(path: Path) -> Request:
    """The request in a file. Raises RecoveryFileRefused."""
    found = _read(path, _REQUEST)
    try:
        made = Request(
            bytes.fromhex(found["id"]),
            b64decode(found["sealed"], validate=True),
            found["recipient"],
        )
    except (KeyError, TypeError, ValueError) as error:
        raise RecoveryFileRefused("damaged", path=str(path)) from error
    is_text = isinstance(made.recipient, str)
    if len(made.id) != committee.ID_BYTES or not (is_text and keys.is_recipient(made.recipient)):
        raise RecoveryFileRefused("damaged", path=str(path))
    return made


def read_claim(asked: Request, identity: str) -> Claim:
    """Whose desk it is, by the recovery key. Raises RecoveryFileRefused: damaged."""
    try:
        plain = pyrage.decrypt(asked.sealed, [pyrage.x25519.Identity.from_str(identity)])
        return decoding.msgpack(Claim).decode(plain)
    except (pyrage.DecryptError, ValueError) as error:
        raise RecoveryFileRefused("damaged") from error


def write_answer(asked: Request, claim: Claim, path: Path) -> None:
    """Write the answer to the file path, which is not there yet. Raises CannotWrite."""
    sealed = pyrage.encrypt(claim.secret, keys.recipients([asked.recipient]))
    write_new(
        path,
        _written(_ANSWER, {"id": asked.id.hex(), "sealed": b64encode(sealed).decode()}),
    )


def key_by_answer(folder: DeskFolder, path: Path) -> DataKey:
    """The data key by the committee's answer. Raises RecoveryFileRefused, UnlockRefused."""
    found = _read(path, _ANSWER)
    try:
        request_id, sealed = bytes.fromhex(found["id"]), b64decode(found["sealed"], validate=True)
    except (KeyError, TypeError, ValueError) as error:
        raise RecoveryFileRefused("damaged", path=str(path)) from error
    return committee.key_by(folder, request_id, sealed)


def _written(kind: str, content: dict[str, str]) -> bytes:
    return json.dumps({_NAME: kind, "version": 1, **content}, indent=1).encode() + b"\n"


def _read(path: Path, kind: str) -> dict[str, Any]:
    try:
        if not path.is_file():  # a pipe would be waited for
            raise RecoveryFileRefused("not-a-file" if path.exists() else "missing", path=str(path))
        with path.open("rb") as file:
            raw = file.read(_MOST_FILE)
    except OSError as error:
        raise refusal(error, path) from error
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError) as error:
        raise RecoveryFileRefused("another-kind", path=str(path)) from error
    if not isinstance(found, dict) or found.get(_NAME) != kind:
        raise RecoveryFileRefused("another-kind", path=str(path))
    return found
