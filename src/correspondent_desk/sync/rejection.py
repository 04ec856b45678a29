"""Why a bundle or an invitation is refused, or not written: reasons as data, no sentences."""

import errno
from enum import StrEnum
from typing import ClassVar

from correspondent_desk.disk import is_held
from correspondent_desk.errors import DeskError


class Reason(StrEnum):
    """Stable codes: the command line prints them, docs/bundle-format.md lists them."""

    MISSING = "missing"
    UNREADABLE = "unreadable"
    NOT_A_FILE = "not-a-file"
    NOT_A_BUNDLE = "not-a-bundle"
    AN_INVITATION = "an-invitation"
    TRUNCATED = "truncated"
    DAMAGED = "damaged"
    WRONG_RECIPIENT = "wrong-recipient"
    OWN_FILE = "own-file"
    STALE_KEY = "stale-key"
    PUT_BACK = "put-back"
    PUT_BACK_LONG_AGO = "put-back-long-ago"
    BAD_SIGNATURE = "bad-signature"
    UNKNOWN_SENDER = "unknown-sender"
    REVOKED = "revoked"
    WRONG_OFFICE = "wrong-office"
    NEEDS_UPDATE = "needs-update"
    TOO_OLD = "too-old"
    TOO_LARGE = "too-large"
    BOMB = "bomb"
    BAD_STRUCTURE = "bad-structure"
    DUPLICATE = "duplicate"
    FORKED_LOG = "forked-log"
    INVITATION_UNKNOWN = "invitation-unknown"
    INVITATION_USED = "invitation-used"
    INVITATION_EXPIRED = "invitation-expired"
    INVITATION_WITHDRAWN = "invitation-withdrawn"
    BAD_PROOF = "bad-proof"


class BundleRejected(DeskError):
    """The file is not taken in; nothing was changed and nothing was left behind.

    details may hold: what (for people who look into it, never for a sentence), features, major.
    """

    code: ClassVar[str] = "bundle"

    def __init__(self, reason: Reason, **details: object) -> None:
        super().__init__(reason, **details)
        self.reason: Reason = reason


class WriteFault(StrEnum):
    """What kept a file for another desk from being written."""

    NO_FOLDER = "no-folder"
    READ_ONLY = "read-only"
    DISK_FULL = "disk-full"
    TOO_LARGE = "too-large"
    NOT_A_FILE = "not-a-file"
    THERE_ALREADY = "there-already"
    IN_USE = "in-use"
    DRIVE_FAILED = "drive-failed"
    NOT_KEPT = "not-kept"
    OWN_FOLDER = "own-folder"
    FILE_IN_THE_WAY = "file-in-the-way"

    @classmethod
    def of(cls, error: OSError) -> "WriteFault":
        """What the system's error means for the person at the desk."""
        if is_held(error):
            return cls.IN_USE
        return _FAULTS.get(error.errno or 0, cls.DRIVE_FAILED)


_FAULTS = {
    errno.ENOENT: WriteFault.NO_FOLDER,
    errno.ENOTDIR: WriteFault.NO_FOLDER,
    errno.EACCES: WriteFault.READ_ONLY,
    errno.EPERM: WriteFault.READ_ONLY,
    errno.EROFS: WriteFault.READ_ONLY,
    errno.EISDIR: WriteFault.IN_USE,
    errno.ENOSPC: WriteFault.DISK_FULL,
    errno.EDQUOT: WriteFault.DISK_FULL,
    errno.EFBIG: WriteFault.TOO_LARGE,  # FAT32 holds no file above 4 GiB
}


class BundleNotWritten(DeskError):
    """No file was left: neither the bundle nor its unfinished part. details: path."""

    code: ClassVar[str] = "bundle-write"

    def __init__(self, reason: WriteFault, **details: object) -> None:
        super().__init__(reason, **details)
        self.reason: WriteFault = reason


class InvitationFault(StrEnum):
    """Why an invitation cannot be used."""

    MISSING = "missing"
    UNREADABLE = "unreadable"
    NOT_AN_INVITATION = "not-an-invitation"
    DAMAGED = "damaged"
    EXPIRED = "expired"
    NEEDS_UPDATE = "needs-update"


class InvitationRejected(DeskError):
    """The invitation cannot be used. details: expires (aware) when it has expired."""

    code: ClassVar[str] = "invitation"

    def __init__(self, reason: InvitationFault, **details: object) -> None:
        super().__init__(reason, **details)
        self.reason: InvitationFault = reason
