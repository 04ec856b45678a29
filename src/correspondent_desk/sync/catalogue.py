"""The catalogue that the hub published, as it travels and as a desk keeps it.

What stands in it is not looked at here: version, then the text as the committee wrote it.
"""

import struct

from correspondent_desk.store import history
from correspondent_desk.store.session import Session

CATALOGUE = "catalogue"
MOST = 256 << 10
"""What the committee can publish; a longer text would only fill the desk's store."""
_SETTING = "catalogue.published"
_VERSION = struct.Struct(">Q")


def pack(version: int, text: bytes) -> bytes:
    """The section of a bundle."""
    return _VERSION.pack(version) + text


def is_newer(session: Session, came: bytes) -> bool:
    """Whether what came is newer than what is kept and no longer than any may be."""
    if not _VERSION.size < len(came) <= _VERSION.size + MOST:
        return False
    (version,) = _VERSION.unpack_from(came)
    return bool(version > held(session))


def keep(session: Session, came: bytes) -> bool:
    """Keep what came if it is newer; whether it is."""
    if not is_newer(session, came):
        return False
    history.write_setting(session, _SETTING, came)
    return True


def held(session: Session) -> int:
    """The version that is kept; 0 for none."""
    came = history.read_setting(session, _SETTING, bytes)
    return 0 if came is None else int(_VERSION.unpack_from(came)[0])


def text(session: Session) -> bytes:
    """The text that is kept; nothing for none."""
    came = history.read_setting(session, _SETTING, bytes)
    return b"" if came is None else came[_VERSION.size :]
