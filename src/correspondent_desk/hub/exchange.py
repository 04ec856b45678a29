"""Everything a hub does, for its command line and its tests."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from correspondent_desk.errors import DeskError
from correspondent_desk.hub import answering, ingest, outgoing, recipients, refused
from correspondent_desk.hub.database import Hub
from correspondent_desk.hub.ingest import Arrival
from correspondent_desk.hub.outgoing import Sent
from correspondent_desk.sync import folder
from correspondent_desk.sync.rejection import BundleRejected, Reason

_NEVER_CAME = (Reason.MISSING, Reason.UNREADABLE, Reason.NOT_A_FILE)


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that was not taken in, and why. is_news: it was not refused for this before.

    answer: a file that tells its sender so.
    """

    path: Path
    error: DeskError
    is_news: bool = True
    answer: Path | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FolderReport:
    """What an exchange by shared folder did.

    refused: only what is news; a file that lies there is tried again each time, and said once.
    failed: why not all could be put there for the desks.
    """

    received: tuple[Arrival, ...]
    refused: tuple[Refused, ...]
    sent: tuple[Sent, ...]
    failed: DeskError | None = None


def take_in_all(hub: Hub, paths: Sequence[Path]) -> tuple[list[Arrival], list[Refused]]:
    """Take in each file; one that is refused does not keep the others out."""
    received, kept_out = [], []
    for path in paths:
        try:
            received.append(ingest.take_in(hub, path))
        except DeskError as error:
            kept_out.append(Refused(path, error, _is_news(hub, path, error)))
    return received, kept_out


def _is_news(hub: Hub, path: Path, error: DeskError) -> bool:
    if isinstance(error, BundleRejected) and error.reason not in _NEVER_CAME:
        with suppress(DeskError):  # a hub that cannot note it says it once more
            return refused.note(hub, path, error)
    return True


def take_in_by_hand(hub: Hub, paths: Sequence[Path]) -> tuple[list[Arrival], list[Refused]]:
    """As take_in_all; beside the file of a desk that is not let in lies why, to be brought back."""
    received, kept_out = take_in_all(hub, paths)
    return received, [replace(one, answer=_answered(hub, one)) for one in kept_out]


def _answered(hub: Hub, out: Refused) -> Path | None:
    if not isinstance(out.error, BundleRejected):
        return None
    try:
        return answering.beside(hub, out.path, out.error)
    except (
        DeskError
    ):  # a stick that takes nothing, a hub that went: why it was refused is said anyway
        return None


def exchange_folder(hub: Hub, shared: Path) -> FolderReport:
    """Take what the desks put into the shared folder, then put there what each of them lacks.

    A desk whose invitation does not serve finds there why.

    Raises BundleRejected (the folder cannot be read), BundleNotWritten, CannotWrite.
    """
    known = ingest.known(hub)
    waiting = [
        path
        for place in folder.writers(shared, folder.TO_HUB)
        for path in folder.lying(place)
        if folder.identity(path) not in known
    ]
    received, kept_out = take_in_all(hub, waiting)
    sent: list[Sent] = []
    failed = None
    try:
        for out in kept_out:
            if isinstance(out.error, BundleRejected):
                one = answering.answer(hub, shared, out.path, out.error, is_news=out.is_news)
                sent += [one] if one else []
        sent.extend(_put_for_all(hub, shared))  # what was put before an error counts
    except DeskError as error:
        if not (received or sent):
            raise
        failed = error  # what came stands here already, and must be told
    news = tuple(one for one in kept_out if one.is_news)
    return FolderReport(received=tuple(received), refused=news, sent=tuple(sent), failed=failed)


def _put_for_all(hub: Hub, shared: Path) -> Iterator[Sent]:
    for to in recipients.every(hub):
        name = folder.name_of(to.office.code, to.desk.signing)
        place = folder.writable(shared, folder.FROM_HUB, name)
        whole = folder.whole(place)
        is_broken = len(whole) < len(folder.lying(place))
        if is_broken or (to.has_news and not (to.was_said and whole)):
            one = outgoing.write(hub, to, place)
            folder.tidy(place, one.path)
            yield one
