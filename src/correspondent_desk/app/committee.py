"""What a hub in a folder does for somebody at a window: the acts of its command line, in words."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from correspondent_desk.gui.committee.acts import HubShown, OfficeShown, Told
from correspondent_desk.hub.person import account_name
from correspondent_desk.language import _
from correspondent_desk.messages import hub_files
from correspondent_desk.messages.errors import sentence

if TYPE_CHECKING:
    from correspondent_desk.hub.database import Hub


class Committee:
    """As gui.committee.acts.Acts asks. What it needs is loaded when it is first asked something."""

    def look(self, folder: Path) -> HubShown:
        """The name of the hub, its offices and their desks."""
        from correspondent_desk.hub import desks, identity, offices

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
        shown = (OfficeShown(it.name, it.code, tuple(lines.get(it.code, nobody))) for it in listed)
        return HubShown(name, tuple(shown))

    def begin(self, folder: Path, name: str) -> str:
        """A new hub."""
        from correspondent_desk.hub.database import HubFolder, create

        place = HubFolder(folder)
        create(place, name or _("the committee")).close()
        return hub_files.ready(place.path, place.key)

    def add_office(self, folder: Path, name: str) -> str:
        """One more office."""
        from correspondent_desk.hub import offices

        with _opened(folder) as hub:
            added = offices.add(hub, name, by=account_name())
        return hub_files.office_added(added.name, added.code)

    def invite(self, folder: Path, code: str, file: Path) -> str:
        """An invitation for one desk of the office with this code."""
        from correspondent_desk.hub import invitations

        with _opened(folder) as hub:
            made, written = invitations.invite(hub, code, file, by=account_name())
        return hub_files.invited(made, written)

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
        from correspondent_desk.hub.outgoing import export

        with _opened(folder) as hub:
            sent = export(hub, place)
        return Told(tuple(map(hub_files.sent, sent)) or (hub_files.nothing_sent(),))


@contextmanager
def _opened(folder: Path) -> "Iterator[Hub]":
    from correspondent_desk.hub.database import HubFolder, open_hub

    hub = open_hub(HubFolder(folder))
    try:
        yield hub
    finally:
        hub.close()
