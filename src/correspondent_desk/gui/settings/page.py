"""The page of settings: one column of cards, each saved by itself."""

from collections.abc import Callable, Iterator
from typing import Protocol

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from correspondent_desk.domain.fields import Kind
from correspondent_desk.gui.committee.work import Work
from correspondent_desk.gui.page import Page, Target, first_control
from correspondent_desk.gui.preferences import Preferences
from correspondent_desk.gui.settings.about import AboutCard
from correspondent_desk.gui.settings.look import LookCard
from correspondent_desk.gui.settings.office import OfficeCard
from correspondent_desk.gui.settings.past import PastCard
from correspondent_desk.gui.settings.safety import CopiesCard, Keys, PassphraseCard, RecoveryCard
from correspondent_desk.gui.settings.sites import SitesCard
from correspondent_desk.gui.tasks import Tasks
from correspondent_desk.gui.widgets.card_column import CardColumn
from correspondent_desk.gui.widgets.scroll import Scroll, lead_to
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _
from correspondent_desk.store import committee
from correspondent_desk.store.changes import Changed
from correspondent_desk.store.vault import DeskFolder


class Program(Protocol):
    """What settings ask of the program. What takes long is run in the background."""

    @property
    def preferences(self) -> Preferences: ...
    @property
    def folder(self) -> DeskFolder: ...
    @property
    def ways(self) -> Keys: ...
    def choose(self, preferences: Preferences) -> None: ...
    def show_copies(self) -> None: ...
    def show_joining(self) -> None: ...
    @property
    def tasks(self) -> Tasks: ...
    @property
    def committee(self) -> Work: ...


class SettingsPage(Page):
    """Cards under one another; typing in one is kept while another is used."""

    def __init__(self, workspace: Workspace, program: Program, *, at_once: bool = True) -> None:
        """at_once False: the cards are made as the steps are taken."""
        super().__init__()
        self._workspace, self._program = workspace, program
        self.steps = self._build()
        if at_once:
            self.complete()

    def _build(self) -> Iterator[None]:
        cards = CardColumn(_("Settings"))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        self._area = Scroll(cards)
        whole.addWidget(self._area)
        self.office = OfficeCard(self._workspace)
        cards.add(self.office)
        yield
        self.sites = SitesCard(self._workspace)
        cards.add(self.sites)
        yield
        self.look = LookCard(self._program)
        cards.add(self.look)
        yield
        self.passphrase = PassphraseCard(self._workspace, self._program.ways)
        cards.add(self.passphrase)
        yield
        self.recovery = RecoveryCard(self._workspace, self._program.ways)
        cards.add(self.recovery)
        yield
        self.copies = CopiesCard(self._workspace)
        self.copies.bring_back_wanted.connect(self._program.show_copies)
        self.copies.joining_wanted.connect(self._program.show_joining)
        self.about = AboutCard(self._workspace, self._program)
        self.about.hub_wanted.connect(self._lead_to_hub)
        self.past = PastCard(self._workspace)
        cards.add(self.copies)
        cards.add(self.past)
        cards.add(self.about)
        self._parts: dict[str, QWidget] = {
            "office": self.office,
            "sites": self.sites,
            "look": self.look,
            "passphrase": self.passphrase,
            "recovery": self.recovery,
            "copies": self.copies,
            "past": self.past,
            "about": self.about,
        }
        for said in (self.office, self.passphrase, self.recovery, self.copies):
            said.said.connect(self.said)
        self.setFocusProxy(self.office.name)

    def open(self, target: Target) -> None:
        """The page as it stands, or a card of it."""
        card = self._parts.get(target.part)
        first = first_control(card) if card else None
        if card and first:
            lead_to(first, card)

    @Slot()
    def _lead_to_hub(self) -> None:
        self.wanted.emit(Target(page="committee"))

    def shown(self) -> None:
        """Copies may have been made since, and a recovery key may have come."""
        self.copies.show_copies()
        self.recovery.say_what_a_new_one_does()
        self.recovery.say_whether_helped(
            is_helped=bool(committee.recipient_of(self._program.folder))
        )

    def take_focus(self) -> None:
        """On the first field, whose label stands above it."""
        super().take_focus()
        self._area.verticalScrollBar().setValue(0)

    def leave(self) -> bool:
        """Keep what is typed in the cards, and say that it is not saved."""
        self.office.keep()
        if self.office.is_unsaved:
            self.said.emit(
                _("The office was changed and is not saved: what you typed waits in the settings.")
            )
        self.sites.keep()
        return True

    def refresh(self, changed: Changed) -> None:
        """Show the office and the sites again when they changed."""
        refreshers: dict[Kind, Callable[[], None]] = {
            Kind.OFFICE: self.office.show_again,
            Kind.SITE: self.sites.show_sites,
        }
        for kind, show in refreshers.items():
            if kind in changed:
                show()
        self.past.refresh()
