"""Sending and fetching a bundle part by part: what a cut line has carried is not carried again."""

import hashlib
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from correspondent_desk.store.files import refusal
from correspondent_desk.sync import bundle
from correspondent_desk.sync.online import wire
from correspondent_desk.sync.online.line import Line
from correspondent_desk.sync.online.trouble import HubRefused, HubUnreachable, Stopped, Unreachable
from correspondent_desk.sync.online.wire import Code, Import, State, Upload, UploadAsk
from correspondent_desk.sync.rejection import BundleRejected

if TYPE_CHECKING:
    import httpx

_T = TypeVar("_T")

FIRST_PART = 128 << 10
_LEAST_PART = 4 << 10
_QUICK_S = 2
PAUSES_S = (1.0, 3.0, 8.0)
_PASSING = (Unreachable.CUT, Unreachable.NO_ANSWER, Unreachable.CLOSED)
_TELL_EVERY = 64 << 10
_LONGEST_IMPORT_S = 90


class Stage(StrEnum):
    """What an exchange is about just now."""

    CONNECTING = "connecting"
    SENDING = "sending"
    WAITING = "waiting"
    RECEIVING = "receiving"
    TAKING_IN = "taking-in"


@dataclass(frozen=True, slots=True)
class Progress:
    """How far an exchange has come; done and total are bytes, 0 where there is nothing to count."""

    stage: Stage
    done: int = 0
    total: int = 0


Told = Callable[[Progress], None]


class Transfer:
    """Carries bundles over a line. pauses_s: how long it waits before each further attempt."""

    def __init__(
        self,
        line: Line,
        tell: Told,
        is_stopped: Callable[[], bool],
        pauses_s: tuple[float, ...] = PAUSES_S,
    ) -> None:
        self._line = line
        self._tell = tell
        self._is_stopped = is_stopped
        self._pauses_s = pauses_s
        self._part = FIRST_PART

    def send(self, path: Path) -> Import:
        """Send the bundle at path; what the hub says became of it, if it is quick.

        Raises HubUnreachable, HubRefused, HubNotTrusted, Stopped, CannotWrite.
        """
        with _reading(path):
            with path.open("rb") as file:
                digest = hashlib.file_digest(file, "sha256").digest()
            ask = UploadAsk(length=path.stat().st_size, sha256=digest)
        return self.patient(lambda: self._send_all(path, ask))

    def fetch(self, have: dict[bytes, int], folder: Path) -> Path | None:
        """The bundle that the hub has for this desk, in folder; None if there is nothing new.

        Raises HubUnreachable, HubRefused, HubNotTrusted, Stopped, CannotWrite.
        """
        told = wire.have_text(have)
        target = f"/v1/bundle?have={told}" if told else "/v1/bundle"
        with _reading(folder):
            folder.mkdir(parents=True, exist_ok=True)
        return self.patient(lambda: self._fetch_rest(target, folder))

    # --- sending

    def _send_all(self, path: Path, ask: UploadAsk) -> Import:
        if ask.length <= min(self._line.at_once, self._part):
            with self._smaller_if_cut(ask.length):
                return self._send_at_once(path, ask.length)
        # Cut anywhere, it asks again how far it came: another process may answer by then.
        return self._commit(self._send_rest(path, ask))

    @contextmanager
    def _smaller_if_cut(self, size: int) -> Iterator[None]:
        """Some lines never carry so much in one go; the next attempt begins with less."""
        try:
            yield
        except HubUnreachable:
            self._part = max(_LEAST_PART, size // 4)
            raise

    def _send_at_once(self, path: Path, length: int) -> Import:
        """A short bundle by one request."""
        self._tell(Progress(Stage.SENDING, 0, length))
        part = _part(path, 0, length)
        response = self._line.signed(
            "POST", "/v1/bundles", part, {"Content-Type": wire.BUNDLE_TYPE}
        )
        self._tell(Progress(Stage.SENDING, length, length))
        self._tell(Progress(Stage.WAITING))
        return self._line.read(response, Import)

    def _begin(self, ask: UploadAsk) -> Upload:
        return self._line.call("POST", "/v1/uploads", Upload, ask)

    def _send_rest(self, path: Path, ask: UploadAsk) -> str:
        upload = self._begin(ask)
        size, offset = self._part, upload.offset
        while upload.state is State.OPEN and offset < ask.length:
            self._tell(Progress(Stage.SENDING, offset, ask.length))
            part = _part(path, offset, size)
            began = time.monotonic()
            with self._smaller_if_cut(len(part)):
                offset = self._send_part(upload.id, offset, part)
            if time.monotonic() - began < _QUICK_S:
                size = min(2 * size, wire.MOST_PART)
        self._tell(Progress(Stage.SENDING, ask.length, ask.length))
        return upload.id

    def _send_part(self, upload: str, offset: int, part: bytes) -> int:
        response = self._line.signed(
            "PATCH",
            f"/v1/uploads/{upload}",
            part,
            {"Content-Type": wire.PART_TYPE, wire.OFFSET: str(offset)},
            allowed=(409,),
        )
        return _number(response, wire.OFFSET)

    def _commit(self, upload: str) -> Import:
        """The hub waits a little before it answers, so that most are asked for once."""
        self._tell(Progress(Stage.WAITING))
        found = self._line.call("POST", f"/v1/uploads/{upload}/commit", Import)
        until, pause = time.monotonic() + _LONGEST_IMPORT_S, 0.02
        while found.state is not State.DONE and time.monotonic() < until:
            self._wait(pause)
            pause = min(2 * pause, 2.0)
            found = self._line.call("GET", f"/v1/imports/{upload}", Import)
        return found

    # --- fetching

    def _fetch_rest(self, target: str, folder: Path) -> Path | None:
        begun = _begun(folder)
        first = begun.stat().st_size if begun else 0
        headers = {"Range": f"bytes={first}-", "If-Range": f'"{begun.stem}"'} if begun else {}
        with self._line.fetched(target, headers, allowed=(416,)) as response:
            tag = response.headers.get("ETag", "").strip('"')
            if response.status_code == 204:  # noqa: PLR2004 - nothing new
                _clear(folder)
                return None
            is_same = begun is not None and begun.stem == tag
            if begun is not None and response.status_code == 416 and is_same:  # noqa: PLR2004
                return _whole(begun, tag)
            if not response.is_success:
                _clear(folder)
                raise HubUnreachable(Unreachable.CUT, host=self._line.host)
            if begun is None or response.status_code != 206 or not is_same:  # noqa: PLR2004
                _clear(folder)
                begun, first = folder / f"{tag}.part", 0
            self._keep(response, begun, first)
        return _whole(begun, tag)

    def _keep(self, response: "httpx.Response", path: Path, first: int) -> None:
        total = first + _number(response, "Content-Length")
        done = told = first
        with _reading(path), path.open("ab") as file:
            file.truncate(first)
            self._tell(Progress(Stage.RECEIVING, done, total))
            for piece in self._line.pieces(response):
                file.write(piece)
                done += len(piece)
                if done - told >= _TELL_EVERY:
                    told = done
                    self._tell(Progress(Stage.RECEIVING, done, total))
        if done != total:
            raise HubUnreachable(Unreachable.CUT, host=self._line.host)
        self._tell(Progress(Stage.RECEIVING, done, total))

    # --- patience

    def patient(self, work: Callable[[], _T], passing: Collection[Unreachable] = _PASSING) -> _T:
        """Do work, which goes on where it was; again after a pause if the line was cut.

        passing: what may be otherwise in a few seconds.
        """
        for pause in self._pauses_s:
            try:
                return work()
            except HubUnreachable as error:
                if error.reason not in passing:
                    raise
            except HubRefused as error:
                if error.reason not in (Code.BUSY, Code.NOT_FOUND, Code.WRONG_STATE):
                    raise
            self._wait(pause)
        return work()

    def _wait(self, seconds: float) -> None:
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            if self._is_stopped():
                raise Stopped
            time.sleep(min(left, 0.1))


@contextmanager
def _reading(path: Path) -> Iterator[None]:
    """What the system refuses of a file of ours, as a DeskError."""
    try:
        yield
    except OSError as error:
        raise refusal(error, path) from error


def _part(path: Path, offset: int, size: int) -> bytes:
    with _reading(path), path.open("rb") as file:
        file.seek(offset)
        return file.read(size)


def _begun(folder: Path) -> Path | None:
    """What was fetched before and not taken in yet, whole or not; its name is the bundle's id."""
    with _reading(folder):
        found = sorted(one for one in folder.iterdir() if one.is_file() and one.stat().st_size)
    return found[0] if len(found) == 1 else None


def _whole(path: Path, tag: str) -> Path | None:
    """The file under its own name, now that all of it is here; the bundle inside says it is the one."""
    try:
        is_right = bundle.preamble(path).bundle.hex() == tag
    except BundleRejected:
        is_right = False
    if not is_right:
        with suppress(OSError):
            path.unlink(missing_ok=True)
        raise HubUnreachable(Unreachable.CUT)
    kept = path.with_suffix(bundle.SUFFIX)
    with _reading(path):
        path.replace(kept)
    return kept


def _clear(folder: Path) -> None:
    for path in folder.iterdir():
        with suppress(OSError):
            path.unlink()


def _number(response: "httpx.Response", header: str) -> int:
    found = response.headers.get(header, "")
    return int(found) if found.isascii() and found.isdigit() else 0
