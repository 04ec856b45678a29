"""The list of members: filters in words, sites, a text filter, and a choice that stays."""

from collections.abc import Callable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from correspondent_desk.domain.meetings import SiteRow
from correspondent_desk.domain.members import MemberFilter, MemberRow, SiteId
from correspondent_desk.gui.filtered_list import FilteredList, Listing
from correspondent_desk.gui.members import words
from correspondent_desk.gui.rows_model import Column
from correspondent_desk.gui.widgets.choice_field import ChoiceField
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _
from correspondent_desk.messages import filters
from correspondent_desk.records import members, office

if TYPE_CHECKING:
    from sqlalchemy.orm import Session


class PeopleList(FilteredList[MemberFilter, MemberRow]):
    """Everyone, or those of one site."""

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        self.site: ChoiceField[SiteId | None] = ChoiceField()
        self.site.setAccessibleName(_("Site"))
        listing = Listing[MemberFilter, MemberRow](
            name=_("Members"),
            hint=_("Filter by name, number or phone"),
            picture="users",
            least=26,
            filters=tuple(MemberFilter),
            first=MemberFilter.ALL,
            everything=MemberFilter.ALL,
            label=filters.members,
            explained=filters.explained_members,
            columns=_columns(workspace.today),
            find=self._find,
            rows=members.rows,
            count=words.count,
            nothing=words.nobody,
            new=_("Import a staff list"),
            new_with=(MemberFilter.ALL,),
        )
        super().__init__(workspace, listing, self.site, parent=parent)
        self.site.chosen.connect(self.fill)
        self.load_sites()
        self.fill()

    def load_sites(self) -> None:
        """Offer the sites there are; with a single one there is nothing to choose."""
        sites: list[SiteRow] = self._workspace.now(office.sites)
        named = [
            (site.id, _("At {site} only").format(site=site.draft.name))
            for site in sites
            if site.draft.name
        ]
        self.site.set_choices([(None, _("All sites")), *named])
        self.site.setVisible(len(named) > 1)

    def search_everything(self) -> None:
        """Those of all sites, too."""
        self.site.blockSignals(True)
        self.site.setCurrentIndex(0)
        self.site.blockSignals(False)
        super().search_everything()

    def searches_everything(self) -> bool:
        """Whether people of all sites are listed, and all of them."""
        return self.site.value() is None and super().searches_everything()

    def said(self, count: int) -> str:
        """How many, of whom, and of which site."""
        told = super().said(count)
        if self.site.value() is None:
            return told
        return " ".join((told, _("{choice}.").format(choice=self.site.currentText())))

    def _find(self, typed: str, which: MemberFilter) -> "Callable[[Session], Sequence[int]]":
        site, today = self.site.value(), self._workspace.today()
        return lambda session: members.find_ids(session, typed, which, site, today=today)


def _columns(today: Callable[[], date]) -> list[Column[MemberRow]]:
    return [
        Column[MemberRow](
            title=_("Name, next step, site"),
            text=lambda row: words.row_title(row, today()),
            spoken=lambda row: words.row_spoken(row, today()),
        ),
        Column[MemberRow](
            title=_("Seen in person"),
            text=lambda row: words.row_seen(row, today()),
            hint=lambda row: words.row_seen_hint(row, today()),
            spoken=lambda row: words.row_seen_hint(row, today()).replace("\n", ", "),
            folded=lambda row: words.row_folded(row, today()),
            width=14,
            can_wait=True,
        ),
    ]
