"""Writing a bundle: composed and signed, sealed as it is written, read again before it is there."""

import hashlib
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, NamedTuple

import msgspec
import pyrage
import zstandard
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from correspondent_desk.disk import sync_folder, take_place
from correspondent_desk.sync import keys, manifest
from correspondent_desk.sync.manifest import ATTACHMENT, Header, Manifest, Preamble, SectionHead
from correspondent_desk.sync.rejection import (
    BundleNotWritten,
    BundleRejected,
    Reason,
    WriteFault,
)

_LEVEL = 6
_CHUNK = 1 << 20


class Section(NamedTuple):
    """What goes into a bundle. An attachment may be a file: it is streamed, never held in memory."""

    kind: str
    content: bytes | Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """A bundle that is on the disk, read again and found equal. digest is the file's SHA-256."""

    path: Path
    manifest: Manifest
    size: int
    digest: bytes


def write(
    path: Path,
    header: Header,
    sections: Iterable[Section],
    *,
    signing: Ed25519PrivateKey,
    recipients: Sequence[str],
) -> Written:
    """The bundle at path, complete and read again; or BundleNotWritten, and nothing there.

    sections is read once, in order. recipients are age recipients, see keys.PublicKeys.receiving.
    """
    _refuse_what_is_no_file(path)
    made = _composed(path, header, sections, signing, recipients)
    part = path.with_name(path.name + ".part")
    try:
        digest = _write_part(part, made, recipients)
        if _digest(part) != digest:
            raise BundleNotWritten(WriteFault.NOT_KEPT, path=path)
        size = part.stat().st_size
        take_place(part, path)
        sync_folder(path.parent)
    except OSError as error:
        raise BundleNotWritten(WriteFault.of(error), path=path) from error
    finally:
        _discard(part)
    return Written(path=path, manifest=made.manifest, size=size, digest=digest)


def seal(
    file: BinaryIO,
    header: Header,
    sections: Iterable[Section],
    *,
    signing: Ed25519PrivateKey,
    recipients: Sequence[str],
) -> None:
    """As write, into an open file that is of use to this process only. Raises BundleNotWritten."""
    made = _composed(Path(), header, sections, signing, recipients)
    try:
        _encrypt(file, made, recipients)
    except OSError as error:
        raise BundleNotWritten(WriteFault.of(error), path=Path()) from error


class _Composed(NamedTuple):
    """What is signed, and what is written: openly, and sealed."""

    manifest: Manifest
    start: bytes
    pieces: Iterator[bytes]


def _composed(
    path: Path,
    header: Header,
    sections: Iterable[Section],
    signing: Ed25519PrivateKey,
    recipients: Sequence[str],
) -> _Composed:
    prepared = [_prepared(section, path) for section in sections]
    heads = [head for head, _ in prepared]
    found = Manifest(
        **msgspec.structs.asdict(header),
        sender=signing.public_key().public_bytes_raw(),
        recipients=list(recipients),
        sections=heads,
    )
    encoded = manifest.encode(found)
    if len(encoded) > manifest.MOST_MANIFEST:
        raise BundleNotWritten(WriteFault.TOO_LARGE, path=path)
    try:
        manifest.require_sections(heads)
    except BundleRejected as error:
        if error.reason is not Reason.TOO_LARGE:
            raise ValueError(error.details) from error  # our own sections contradict themselves
        raise BundleNotWritten(WriteFault.TOO_LARGE, path=path) from error
    plain = manifest.plain_size(found, encoded)
    start = Preamble.make(header.bundle, plain, [keys.key_id(text) for text in recipients])
    frame = manifest.sign(encoded, start, signing)
    return _Composed(found, start.raw, _pieces(frame + encoded, prepared))


def _refuse_what_is_no_file(path: Path) -> None:
    """A folder, a device, a pipe or somebody's letter is nothing that a bundle may replace."""
    try:
        if not path.exists():
            return
        if not path.is_file():
            raise BundleNotWritten(WriteFault.NOT_A_FILE, path=path)
        with path.open("rb") as file:
            start = file.read(len(manifest.MAGIC))
    except OSError as error:
        raise BundleNotWritten(WriteFault.of(error), path=path) from error
    if start and start != manifest.MAGIC:
        raise BundleNotWritten(WriteFault.THERE_ALREADY, path=path)


def _prepared(section: Section, path: Path) -> tuple[SectionHead, bytes | Path]:
    if isinstance(section.content, Path):
        try:
            size, digest = section.content.stat().st_size, _digest(section.content)
        except OSError as error:
            raise BundleNotWritten(WriteFault.of(error), path=section.content) from error
    elif section.kind == ATTACHMENT:
        size, digest = len(section.content), hashlib.sha256(section.content).digest()
    else:
        if len(section.content) > manifest.MOST_SECTION:
            raise BundleNotWritten(WriteFault.TOO_LARGE, path=path)
        stored = zstandard.ZstdCompressor(level=_LEVEL).compress(section.content)
        head = SectionHead(
            kind=section.kind,
            stored=len(stored),
            raw=len(section.content),
            digest=hashlib.sha256(stored).digest(),
        )
        return head, stored
    head = SectionHead(kind=section.kind, stored=size, raw=size, digest=digest, codec="none")
    return head, section.content


def _pieces(start: bytes, prepared: Iterable[tuple[SectionHead, bytes | Path]]) -> Iterator[bytes]:
    yield start
    for head, content in prepared:
        if isinstance(content, bytes):
            yield content
            continue
        digest = hashlib.sha256()
        with content.open("rb") as file:
            while piece := file.read(_CHUNK):
                digest.update(piece)
                yield piece
        if digest.digest() != head.digest:
            raise BundleNotWritten(WriteFault.IN_USE, path=content)


class _Pull:
    """Pieces of any length as the file that age reads from."""

    def __init__(self, pieces: Iterator[bytes]) -> None:
        self._pieces = pieces
        self._rest = memoryview(b"")
        self.failed: Exception | None = None

    def read(self, size: int) -> bytes:
        try:
            while not self._rest:
                self._rest = memoryview(next(self._pieces))
        except StopIteration:
            return b""
        except (OSError, BundleNotWritten) as error:
            self.failed = error
            raise
        taken, self._rest = self._rest[:size], self._rest[size:]
        return bytes(taken)


class _Tee:
    """Writes to file and knows the hash of what it has written."""

    def __init__(self, file: BinaryIO) -> None:
        self._file = file
        self.digest = hashlib.sha256()
        self.failed: Exception | None = None

    def write(self, piece: bytes) -> int:
        self.digest.update(piece)
        try:
            return self._file.write(piece)
        except OSError as error:
            self.failed = error
            raise

    def flush(self) -> None:
        """The file is flushed to the disk at its end, not by age."""


def _write_part(part: Path, made: _Composed, recipients: Sequence[str]) -> bytes:
    """Writes part to the disk and returns its hash. A part left by a killed program is replaced."""
    part.unlink(missing_ok=True)
    with part.open("xb") as file:  # x: never through a link that somebody laid there
        digest = _encrypt(file, made, recipients)
        file.flush()
        os.fsync(file.fileno())
        return digest


def _encrypt(file: BinaryIO, made: _Composed, recipients: Sequence[str]) -> bytes:
    """The whole into file; its hash."""
    pull, tee = _Pull(made.pieces), _Tee(file)
    tee.write(made.start)
    try:
        pyrage.encrypt_io(pull, tee, keys.recipients(recipients))
    except pyrage.EncryptError as error:  # keeps the text of what stopped it, and no more
        raise (pull.failed or tee.failed or error) from error
    return tee.digest.digest()


def _digest(path: Path) -> bytes:
    """SHA-256 of the file, read from its drive and not from memory where the system lets us."""
    with path.open("rb") as file:
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
        return hashlib.file_digest(file, "sha256").digest()


def _discard(part: Path) -> None:
    try:
        part.unlink(missing_ok=True)
    except OSError:
        return  # the stick was pulled out: there is nothing left to tidy
