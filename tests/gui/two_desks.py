"""A page of a desk, and another desk on which somebody is removed or erased."""

from collections.abc import Callable
from pathlib import Path
from typing import Generic, TypeVar

from pytestqt.qtbot import QtBot

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.members import MemberId
from correspondent_desk.gui.page import Page
from correspondent_desk.gui.tasks import Tasks
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.hub import erasing
from correspondent_desk.records import erasures, members
from correspondent_desk.store.database import Database
from correspondent_desk.store.identity import find_id, raw, uid_of
from correspondent_desk.sync import exchange
from tests.builders import add_member
from tests.sync.desks import Town

P = TypeVar("P", bound=Page)


class Two(Generic[P]):
    """Anne is on two desks; on the first a page is open."""

    def __init__(
        self, folder: Path, tasks: Tasks, qtbot: QtBot, page: Callable[[Workspace], P]
    ) -> None:
        self.qtbot, self.town = qtbot, Town(folder)
        self.here, self.there = self.town.desk("Yann"), self.town.desk("Rozenn")
        self.anne = MemberId(add_member(self.here, "Quemeneur"))
        self.town.round()
        self.workspace = Workspace(self.here, tasks)
        self.page = page(self.workspace)
        self.said: list[str] = []
        self.page.said.connect(self.said.append)
        self.workspace.changed.connect(self.page.refresh)
        qtbot.addWidget(self.page)
        self.page.show()

    def of_there(self) -> MemberId:
        uid = self.here.read(lambda s: uid_of(s, self.anne))
        return MemberId(self.there.read(lambda s: find_id(s, uid)) or 0)

    def remove_there(self) -> None:
        id_ = self.of_there()
        self.there.do(Action.MEMBER_REMOVED, lambda s: members.remove(s, id_))

    def erase_there(self) -> None:
        id_ = self.of_there()
        self.there.do(Action.MEMBER_REMOVED, lambda s: erasures.ask(s, id_))
        self.town.up(self.there)
        [wish] = erasing.requests(self.town.hub)
        erasing.confirm(self.town.hub, wish.id)

    def exchange_here(self) -> None:
        """As the page of exchanges does, until all is shown."""
        self.town.up(self.there)
        file = self.town.written_for(self.here)

        def work(desk: Database) -> tuple[None, dict[object, object]]:
            return None, exchange.apply(desk, file).changed  # type: ignore[return-value]

        with self.qtbot.waitSignal(self.workspace.changed):
            self.workspace.lend(work)  # type: ignore[arg-type]
        self.qtbot.waitUntil(lambda: not self.workspace.is_busy)

    def is_listed(self) -> bool:
        query = "SELECT count(*) FROM member_listed"
        return bool(self.here.read(lambda s: raw(s).execute(query).fetchone()[0]))

    def close(self) -> None:
        self.page.hide()
        self.town.close()
