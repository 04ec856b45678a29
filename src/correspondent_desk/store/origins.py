"""Who writes in this store: the incarnations of this desk, and the others it has heard of.

An origin is one incarnation of one database. A store that was put back from a copy would number its
operations again from where the copy stood, and two different operations would share a name. So the
highest number ever handed out is kept outside the database, in the sidecar; a store below it takes
a new name.
"""

import json
import secrets

from sqlalchemy.orm import Session

from correspondent_desk.store.files import as_json, write_whole
from correspondent_desk.store.identity import UID_BYTES, raw
from correspondent_desk.store.vault import DeskFolder


def new_uid() -> bytes:
    """The name of a new incarnation."""
    return secrets.token_bytes(UID_BYTES)


def own(session: Session) -> tuple[int, bytes, int]:
    """This desk's number in the store, its uid and its highest operation."""
    row = raw(session).execute("SELECT id, uid, hi FROM origin WHERE mine ORDER BY id DESC LIMIT 1")
    id_, uid, hi = row.fetchone()
    return id_, uid, hi


def renew(session: Session) -> bytes:
    """Write under a new name from now on; what the former one wrote counts as seen."""
    uid = new_uid()
    connection = raw(session)
    connection.execute("UPDATE origin SET noted=0")
    connection.execute(
        "INSERT INTO origin(uid, name, hi, floor, stamp, noted, mine) VALUES(?,'',0,0,0,0,1)",
        (uid,),
    )
    return uid


def note_exported(folder: DeskFolder, uid: bytes, up_to: int) -> None:
    """Call before a bundle with own operations up to this number is handed out. Raises CannotWrite."""
    exported = _exported(folder)
    exported[uid.hex()] = max(up_to, exported.get(uid.hex(), 0))
    write_whole(folder.sidecar, as_json({"exported": exported}))


def was_restored(session: Session, folder: DeskFolder) -> bool:
    """Whether operations left this desk that the store no longer knows: it is a copy put back."""
    _, uid, hi = own(session)
    return hi < _exported(folder).get(uid.hex(), 0)


def _exported(folder: DeskFolder) -> dict[str, int]:
    try:
        exported = json.loads(folder.sidecar.read_bytes())["exported"]
    except (OSError, ValueError, KeyError, TypeError):
        return {}
    return {str(uid): int(hi) for uid, hi in exported.items()}
