"""What a hub in a folder does for somebody at a window: the acts of its command line, in words."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from correspondent_desk.errors import DeskError
from correspondent_desk.gui.committee.acts import HubShown, OfficeShown, Told
from correspondent_desk.hub.person import account_name
from correspondent_desk.language import _
from correspondent_desk.messages import hub_files
from correspondent_desk.messages.errors import sentence
from correspondent_desk.store.files import CannotWrite
from correspondent_desk.store.vault import DeskFolder, is_set_up

if TYPE_CHECKING:
    from correspondent_desk.hub.database import Hub


class FolderNotEmpty(DeskError):
    """A hub would lie among other things, in a folder chosen by mistake (details: folder)."""

    code = "folder-not-empty"


class Committee:
    """As gui.committee.acts.Acts asks. What it needs is loaded when it is first asked something."""

    def look(self, folder: Path) -> HubShown:
        """The name of the hub, its offices and their desks."""
        from correspondent_desk.hub import desks, identity, offices, settings

        today = datetime.now().astimezone().date()
        with _opened(folder) as hub:
            with hub.transaction() as connection:
                name = identity.name(connection)
            found = desks.listed(hub)
            listed = offices.listed(hub)
        lines: dict[str, list[str]] = {}
        for one in found:
            lines.setdefault(one.office_code, []).extend(hub_files.desk(one, today))
        nobody = [hub_files.no_desk()]
        shown = (
            OfficeShown(
                it.name, it.code, tuple(lines.get(it.code, nobody)), is_empty=it.code not in lines
            )
            for it in listed
        )
        url = settings.read(folder)
        return HubShown(name, tuple(shown), settings.safe(url) if url else "")

    def begin(self, folder: Path, name: str) -> Told:
        """A new hub. Raises FolderNotEmpty."""
        from correspondent_desk.hub.database import HubFolder, create

        place = HubFolder(folder)
        # Of a desk, of a hub and of one that was cut short, create knows what to say.
        is_known = place.key.exists() or is_set_up(DeskFolder(folder))
        if not is_known and folder.is_dir() and any(folder.iterdir()):
            raise FolderNotEmpty(folder=str(folder))
        create(place, name or _("the committee")).close()
        return Told((hub_files.ready(place.path, place.key),))

    def add_office(self, folder: Path, name: str) -> Told:
        """One more office."""
        from correspondent_desk.hub import offices

        with _opened(folder) as hub:
            added = offices.add(hub, name, by=account_name())
        return Told((hub_files.office_added(added.name, added.code),))

    def remove_office(self, folder: Path, code: str) -> Told:
        """Take away one that was added by mistake. Raises OfficeInUse."""
        from correspondent_desk.hub import offices

        with _opened(folder) as hub:
            removed = offices.remove(hub, code, by=account_name())
        return Told((hub_files.office_removed(removed.name),))

    def invite(self, folder: Path, code: str, place: Path) -> Told:
        """An invitation for one desk of the office with this code. Raises CannotWrite."""
        from correspondent_desk.hub import invitations

        if not place.is_dir():  # a stick that was taken out: a file of that name helps nobody
            raise CannotWrite("no-folder", path=str(place))
        with _opened(folder) as hub:
            made, written = invitations.invite(hub, code, place, by=account_name())
        return Told((hub_files.invited(made, written),))

    def take_in(self, folder: Path, files: Sequence[Path]) -> Told:
        """Files of desks; one that is refused does not keep the others out."""
        from correspondent_desk.hub.exchange import take_in_by_hand

        with _opened(folder) as hub:
            received, refused = take_in_by_hand(hub, files)
        said: list[str] = []
        for one in refused:
            said.append(
                _("{file}: {problem}").format(file=one.path.name, problem=sentence(one.error))
            )
            if one.answer is not None:
                said.append(hub_files.bring_back(one.answer))
        return Told(tuple(map(hub_files.arrival, received)), tuple(said))

    def put(self, folder: Path, place: Path) -> Told:
        """A file for each desk that lacks something."""
        from correspondent_desk.hub.outgoing import each

        said: list[str] = []
        with _opened(folder) as hub:
            try:
                said.extend(map(hub_files.sent, each(hub, place)))
            except DeskError as error:
                if not said:
                    raise
                return Told(tuple(said), (hub_files.not_all_sent(sentence(error)),))
        return Told(tuple(said) or (hub_files.nothing_sent(),))


@contextmanager
def _opened(folder: Path) -> "Iterator[Hub]":
    from correspondent_desk.hub.database import HubFolder, open_hub

    hub = open_hub(HubFolder(folder))
    try:
        yield hub
    finally:
        hub.close()
