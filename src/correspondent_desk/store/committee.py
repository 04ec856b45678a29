"""A third way to open the desk: through the committee, for the day passphrase and sheet are both lost.

The data key is wrapped once more, with a secret that only the committee's recovery key can read: its
private half lies in a safe. `committee.json` beside the store holds both. A request names a key made
for it alone; the answer brings the secret, sealed for that key. Once used, the secret opens nothing.
"""

import json
import os
from base64 import b64decode, b64encode
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from correspondent_desk.errors import DeskError
from correspondent_desk.store.files import as_json, from_json, write_whole
from correspondent_desk.store.stretching import KEY_BYTES
from correspondent_desk.store.vault import DataKey, DeskFolder

FORMAT = 1
SECRET_BYTES = 32
ID_BYTES = 16
_INFO = b"correspondent-desk/committee-slot/1"


class NoCommitteeKey(DeskError):
    """This desk was never given a recovery key of its committee: only passphrase or sheet open it.

    reason: damaged, if it was, and the file that says so cannot be read (details: path).
    """

    code = "no-committee-key"


class UnlockRefused(DeskError):
    """The answer does not open this desk.

    reason: no-request (none is open here, or its answer was used), another-request, wrong-desk.
    """

    code = "unlock-refused"


@dataclass(frozen=True, slots=True)
class Request:
    """What is asked of the committee. sealed: what its recovery key reads. recipient: for the answer."""

    id: bytes
    sealed: bytes
    recipient: str


def recipient_of(folder: DeskFolder) -> str:
    """For which recovery key the desk can be opened; nothing for none."""
    found = _read(_slot(folder)).get("recipient", "")
    return found if isinstance(found, str) else ""


def offer(folder: DeskFolder, key: DataKey, recipient: str, seal: Callable[[bytes], bytes]) -> None:
    """Let this recovery key open the desk from now on, and no former one.

    seal: gives the secret, and whose desk it is, as only the recovery key reads it. Raises CannotWrite.
    """
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    secret, salt, nonce = os.urandom(SECRET_BYTES), os.urandom(16), os.urandom(12)
    wrapped = ChaCha20Poly1305(_expanded(secret, salt)).encrypt(nonce, key, _about(recipient))
    slot = {
        "format": FORMAT,
        "recipient": recipient,
        "salt": _text(salt),
        "nonce": _text(nonce),
        "wrapped": _text(wrapped),
        "sealed": _text(seal(secret)),
    }
    write_whole(_slot(folder), as_json(slot))


def ask(folder: DeskFolder, hand_out: Callable[[Request], None]) -> Request:
    """A new request; the answer to an earlier one is of no use any more.

    hand_out: gives it to the person; what it raises leaves the earlier one in force. Raises
    NoCommitteeKey, CannotWrite.
    """
    import pyrage

    sealed = _binary(_read(_slot(folder)), "sealed")
    if not sealed:
        path = _slot(folder)
        if path.exists():
            raise NoCommitteeKey("damaged", path=str(path))
        raise NoCommitteeKey
    identity = pyrage.x25519.Identity.generate()
    made = Request(os.urandom(ID_BYTES), sealed, str(identity.to_public()))
    hand_out(made)
    write_whole(_asked(folder), as_json({"id": made.id.hex(), "identity": str(identity)}))
    return made


def asked(folder: DeskFolder) -> Request | None:
    """The request that can still be answered, if there is one."""
    import pyrage

    found, sealed = _read(_asked(folder)), _binary(_read(_slot(folder)), "sealed")
    try:
        identity = pyrage.x25519.Identity.from_str(str(found["identity"]))
        id_ = bytes.fromhex(str(found["id"]))
    except (KeyError, ValueError, pyrage.IdentityError):
        return None
    return Request(id_, sealed, str(identity.to_public())) if sealed else None


def key_by(folder: DeskFolder, request: bytes, answer: bytes) -> DataKey:
    """The data key by the answer to this request. Raises UnlockRefused."""
    import pyrage
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

    asked, slot = _read(_asked(folder)), _read(_slot(folder))
    identity = asked.get("identity")
    if not isinstance(identity, str) or not slot:
        raise UnlockRefused("no-request")
    if asked.get("id") != request.hex():
        raise UnlockRefused("another-request")
    try:
        secret = pyrage.decrypt(answer, [pyrage.x25519.Identity.from_str(identity)])
        opened = ChaCha20Poly1305(_expanded(secret, _binary(slot, "salt"))).decrypt(
            _binary(slot, "nonce"), _binary(slot, "wrapped"), _about(str(slot.get("recipient")))
        )
    except (pyrage.DecryptError, InvalidTag, ValueError) as error:
        raise UnlockRefused("wrong-desk") from error
    return DataKey(opened)


def forget(folder: DeskFolder) -> None:
    """The answer was used: neither it nor the secret in it opens anything any more."""
    for path in (_slot(folder), _asked(folder)):
        with suppress(OSError):
            path.unlink(missing_ok=True)


def _slot(folder: DeskFolder) -> Path:
    return folder.path / "committee.json"


def _asked(folder: DeskFolder) -> Path:
    return folder.path / "recovery-request.json"


def _expanded(secret: bytes, salt: bytes) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(algorithm=SHA256(), length=KEY_BYTES, salt=salt, info=_INFO).derive(secret)


def _about(recipient: str) -> bytes:
    return json.dumps({"format": FORMAT, "recipient": recipient}, sort_keys=True).encode()


def _read(path: Path) -> dict[str, object]:
    try:
        found = from_json(path.read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _text(binary: bytes) -> str:
    return b64encode(binary).decode()


def _binary(found: dict[str, object], name: str) -> bytes:
    try:
        return b64decode(str(found.get(name, "")), validate=True)
    except ValueError:
        return b""
