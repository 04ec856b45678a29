"""Who writes in this store: the incarnations of this desk, and the others it has heard of.

An origin is one incarnation of one database. A store that was put back from a copy would number its
operations again from where the copy stood, and two different operations would share a name. So the
highest number ever handed out is kept outside the database, twice: in the sidecar, and in a note
that stays with this user on this computer, because people put back whole folders. A store below
either takes a new name, and so does one that has handed something out on another computer.
"""

import secrets
from collections.abc import Mapping
from pathlib import Path
from sqlite3 import Connection
from typing import Any

from correspondent_desk.store.files import as_json, from_json, write_whole
from correspondent_desk.store.identity import UID_BYTES, raw
from correspondent_desk.store.session import Session
from correspondent_desk.store.vault import DeskFolder

OWN, VOICE = 1, 2
"""Origin.mine: an incarnation of this desk, of which the last one writes; see store.voices."""


def new_uid() -> bytes:
    """The name of a new incarnation."""
    return secrets.token_bytes(UID_BYTES)


def own(session: Session) -> tuple[int, bytes, int]:
    """This desk's number in the store, its uid and its highest operation."""
    return _own(raw(session))


def renew(connection: Connection) -> bytes:
    """Write under a new name from now on; what the former one wrote counts as seen."""
    uid = new_uid()
    connection.execute("UPDATE origin SET noted=0")
    connection.execute(
        "INSERT INTO origin(uid, name, hi, floor, stamp, noted, mine) VALUES(?,'',0,0,0,0,1)",
        (uid,),
    )
    return uid


def note_exported(
    folder: DeskFolder, up_to: Mapping[bytes, int], *, bundle: int = 0, incarnation: int = 0
) -> None:
    """Call before a bundle with own operations up to these numbers is handed out.

    up_to: by incarnation, former ones too: a copy may be put back in which one of them still writes.
    bundle, incarnation: what it will call itself; neither may ever fall, restored or not.
    Raises CannotWrite: then the bundle must not leave.
    """
    exported = _exported(folder)
    for uid, hi in up_to.items():
        known = _handed_out_here(uid)
        if known is None or known < hi:
            write_whole(_note_here(uid), str(hi).encode())
        exported[uid.hex()] = max(hi, exported.get(uid.hex(), 0))
    _note(
        folder,
        exported=exported,
        bundle=max(bundle, last_bundle(folder)),
        incarnation=max(incarnation, last_incarnation(folder)),
    )


def last_bundle(folder: DeskFolder) -> int:
    """The highest number that a bundle of this desk ever had."""
    return _number(folder, "bundle")


def last_incarnation(folder: DeskFolder) -> int:
    """The highest incarnation under which this desk ever spoke."""
    return _number(folder, "incarnation")


def note_made(folder: DeskFolder) -> None:
    """A new store was made: from now on a missing one is a loss, not a beginning."""
    _note(folder, restored=False)


def note_restored(folder: DeskFolder) -> None:
    """The store is about to be put back from a copy."""
    _note(folder, restored=True)


def note_log_broke(folder: DeskFolder, at_ms: int) -> None:
    """The disk had lost what was saved last; see store.broken_log. Raises CannotWrite."""
    _note(folder, log_broke=at_ms)


def log_broke_at(folder: DeskFolder) -> int:
    """When that was noticed last, in milliseconds; 0: never."""
    return _number(folder, "log_broke")


def _note(folder: DeskFolder, **facts: object) -> None:
    known = {
        "exported": _exported(folder),
        "restored": _restored(folder),
        "bundle": last_bundle(folder),
        "incarnation": last_incarnation(folder),
        **({"log_broke": broke} if (broke := log_broke_at(folder)) else {}),
    }
    write_whole(folder.sidecar, as_json({**known, **facts}))


def _number(folder: DeskFolder, name: str) -> int:
    number = _sidecar(folder).get(name, 0)
    return number if isinstance(number, int) else 0


def renew_if_restored(connection: Connection, folder: DeskFolder) -> bool:
    """Take a new name if the store is a copy put back, by this program or by hand.

    It is one if operations left this desk that it does not know any more, or left it on another
    computer. A copy put back by hand from which nothing was lost may keep its name.
    """
    _, uid, hi = _own(connection)
    exported = _exported(folder).get(uid.hex())
    here = _handed_out_here(uid)
    is_from_elsewhere = exported is not None and here is None
    if not (_restored(folder) or is_from_elsewhere or hi < max(exported or 0, here or 0)):
        return False
    connection.execute("BEGIN IMMEDIATE")
    renew(connection)
    connection.execute("COMMIT")
    note_made(folder)
    return True


def _note_here(uid: bytes) -> Path:
    import platformdirs

    notes = platformdirs.user_state_path("correspondent-desk", appauthor=False)
    return notes / "exported" / uid.hex()


def _handed_out_here(uid: bytes) -> int | None:
    """The highest operation of uid that was handed out by this user on this computer."""
    try:
        return int(_note_here(uid).read_bytes())
    except (OSError, ValueError):
        return None


def _own(connection: Connection) -> tuple[int, bytes, int]:
    found = connection.execute(
        "SELECT id, uid, hi FROM origin WHERE mine=1 ORDER BY id DESC LIMIT 1"
    )
    id_, uid, hi = found.fetchone()
    return id_, uid, hi


def _exported(folder: DeskFolder) -> dict[str, int]:
    exported = _sidecar(folder).get("exported")
    if not isinstance(exported, dict):
        return {}
    return {uid: hi for uid, hi in exported.items() if isinstance(hi, int)}


def _restored(folder: DeskFolder) -> bool:
    return _sidecar(folder).get("restored") is True


def _sidecar(folder: DeskFolder) -> dict[str, Any]:
    try:
        content = from_json(folder.sidecar.read_bytes())
    except (OSError, ValueError):
        return {}
    return content if isinstance(content, dict) else {}
