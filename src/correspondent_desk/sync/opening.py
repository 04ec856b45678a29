"""Reading a bundle with distrust: what age decrypts is checked piece by piece as it comes."""

import hashlib
import os
from collections.abc import Callable, Collection, Generator, Iterator, Sequence
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from typing import BinaryIO, NamedTuple, Protocol, TypeAlias

import pyrage
import zstandard

from correspondent_desk.sync import manifest
from correspondent_desk.sync.keys import ReceivingKey, key_id
from correspondent_desk.sync.manifest import ATTACHMENT, Manifest, Preamble, SectionHead
from correspondent_desk.sync.rejection import BundleNotWritten, BundleRejected, Reason, WriteFault

Trust = Callable[[Manifest], None]
"""Decides whether to believe a manifest whose signature is right: raises BundleRejected if not."""

Source: TypeAlias = Path | bytes
"""A file, or what would be in one."""

_WINDOW = 8 << 20
_CHUNK = 64 << 10
_AGE_VERSION = b"age-encryption.org/v1\n"
MOST_AGE_HEADER = (
    64 << 10
)  # a recipient takes some 120 bytes; an endless header is not read to its end
_AGE_CHUNK, _AGE_TAG, _AGE_NONCE = 64 << 10, 16, 16


class Place(Protocol):
    """Where an attachment goes; it is closed when complete. What to do with it is the caller's."""

    def __call__(self, head: SectionHead, /) -> BinaryIO: ...


class Proof(NamedTuple):
    """What a sender signed, as it came: enough for somebody else to check it again."""

    preamble: bytes
    sender: bytes
    signature: bytes
    manifest: bytes


class Opened:
    """What was found: the manifest, and the sections other than attachments, still compressed."""

    manifest: Manifest
    proof: Proof

    def __init__(self) -> None:
        self.kept: list[tuple[SectionHead, bytes]] = []


@contextmanager
def opened(source: Source) -> Iterator[BinaryIO]:
    """source for reading. Raises BundleRejected, missing, not-a-file or unreadable, here and while it is read."""
    if isinstance(source, bytes):
        yield BytesIO(source)
        return
    try:
        if not source.is_file():  # a pipe would be waited for
            reason = Reason.NOT_A_FILE if source.exists() else Reason.MISSING
            raise BundleRejected(reason, path=source)
        with source.open("rb") as file:
            yield file
    except OSError as error:
        raise BundleRejected(Reason.UNREADABLE, path=source) from error


def read(
    file: BinaryIO,
    receiving: Sequence[ReceivingKey],
    trust: Trust,
    *,
    retired: Collection[bytes] = (),
    keep: bool = False,
    place: Place | None = None,
) -> Opened:
    """Everything in file, checked to the end. Raises BundleRejected."""
    preamble = manifest.read_preamble(file.read(manifest.MOST_PREAMBLE))
    mine = [key for key in receiving if key_id(key.recipient) in preamble.recipients]
    if not mine:
        late = any(recipient in retired for recipient in preamble.recipients)
        raise BundleRejected(Reason.STALE_KEY if late else Reason.WRONG_RECIPIENT)
    require_whole(file, preamble)
    found = Opened()
    sink = Sink(_checks(found, preamble, {key.recipient for key in mine}, trust, keep, place))
    file.seek(len(preamble.raw))
    try:
        pyrage.decrypt_io(file, sink, [key.identity for key in mine])
    except pyrage.DecryptError as error:
        raise BundleRejected(Reason.DAMAGED, what=str(error)) from error
    except OSError as error:
        if error.errno is not None:
            raise  # the drive failed, not the seal
        raise BundleRejected(Reason.DAMAGED, what=str(error)) from error
    finally:
        sink.close()
    sink.require_complete()
    return found


def inflated(head: SectionHead, stored: bytes) -> Iterator[bytes]:
    """The content of a section in pieces. Raises BundleRejected, bomb or bad-structure."""
    if head.codec == "none":
        yield stored
        return
    length = 0
    source = zstandard.ZstdDecompressor(max_window_size=_WINDOW).stream_reader(BytesIO(stored))
    try:
        while piece := source.read(_CHUNK):
            length += len(piece)
            if length > head.raw:
                raise BundleRejected(Reason.BOMB, what=head.kind)
            yield piece
    except zstandard.ZstdError as error:
        raise BundleRejected(Reason.BAD_STRUCTURE, what=str(error)) from error
    if length != head.raw:
        raise BundleRejected(Reason.BAD_STRUCTURE, what="another length than declared")


class Sink:
    """The file object that age decrypts into: gives checks as many bytes as they ask for."""

    def __init__(self, checks: Generator[int, bytes, None]) -> None:
        self._checks = checks
        self._buffer = bytearray()
        self._wanted = next(checks)
        self._is_complete = False

    def write(self, piece: bytes) -> int:
        self._buffer += piece
        while not self._is_complete and len(self._buffer) >= self._wanted:
            taken = bytes(self._buffer[: self._wanted])
            del self._buffer[: self._wanted]
            try:
                self._wanted = self._checks.send(taken)
            except StopIteration:
                self._is_complete = True
        if self._is_complete and self._buffer:
            raise BundleRejected(Reason.BAD_STRUCTURE, what="more than the manifest lists")
        return len(piece)

    def flush(self) -> None:
        """Nothing to do; age calls it at the end."""

    def require_complete(self) -> None:
        if not self._is_complete:
            raise BundleRejected(Reason.BAD_STRUCTURE, what="less than the manifest lists")

    def close(self) -> None:
        self._checks.close()


def _checks(
    found: Opened,
    preamble: Preamble,
    mine: set[str],
    trust: Trust,
    keep: bool,  # noqa: FBT001
    place: Place | None,
) -> Generator[int, bytes, None]:
    """Yields how many bytes it wants next and is sent them; ends where the bundle must end."""
    sender, signature, length = manifest.open_frame((yield manifest.FRAME_SIZE))
    encoded = yield length
    said = manifest.open_manifest(encoded, sender, signature, preamble)
    trust(said)
    if not mine & set(said.recipients):
        raise BundleRejected(Reason.WRONG_RECIPIENT, what="signed for others")
    manifest.require_understood(said)
    manifest.require_sections(said.sections)
    found.manifest = said
    found.proof = Proof(preamble.raw, sender, signature, encoded)
    for head in said.sections:
        if head.kind == ATTACHMENT:
            yield from _attachment(head, place)
            continue
        stored = yield head.stored
        if hashlib.sha256(stored).digest() != head.digest:
            raise BundleRejected(Reason.DAMAGED, what=head.kind)
        for _ in inflated(head, stored):
            pass
        if keep:
            found.kept.append((head, stored))


def _attachment(head: SectionHead, place: Place | None) -> Generator[int, bytes, None]:
    """Raises BundleNotWritten if what place gave cannot be written to."""
    digest, left = hashlib.sha256(), head.stored
    try:
        with place(head) if place else Path(os.devnull).open("wb") as target:
            while left:
                piece = yield min(left, _CHUNK)
                digest.update(piece)
                target.write(piece)
                left -= len(piece)
    except OSError as error:
        raise BundleNotWritten(WriteFault.of(error)) from error
    if digest.digest() != head.digest:
        raise BundleRejected(Reason.DAMAGED, what=head.kind)


def require_whole(file: BinaryIO, preamble: Preamble) -> None:
    """Compares the size of file with what it must be: a cut copy is told before any decryption.

    Raises BundleRejected: truncated or damaged.
    """
    start = len(preamble.raw)
    size = file.seek(0, os.SEEK_END)
    file.seek(start)
    head = file.read(MOST_AGE_HEADER)
    mac = head.find(b"\n--- ")
    end = head.find(b"\n", mac + 1)
    least = start + preamble.plain
    if size < least:
        raise BundleRejected(Reason.TRUNCATED)
    if not head.startswith(_AGE_VERSION) or mac < 0 or end < 0:
        raise BundleRejected(Reason.DAMAGED, what="age header")
    chunks = max(1, -(-preamble.plain // _AGE_CHUNK))
    whole = least + end + 1 + _AGE_NONCE + chunks * _AGE_TAG
    if size != whole:
        raise BundleRejected(Reason.TRUNCATED if size < whole else Reason.DAMAGED, what="length")
