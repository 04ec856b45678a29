"""Where the desk lies, whether its place is safe, and what the program is made of."""

from typing import Protocol

from PySide6.QtCore import Qt, Signal, qVersion

from correspondent_desk import __version__
from correspondent_desk.gui.widgets.buttons import edge_button
from correspondent_desk.gui.widgets.card import Card
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _
from correspondent_desk.messages.health import risk_in_words
from correspondent_desk.store.vault import DeskFolder


class Placed(Protocol):
    """What knows where the desk lies."""

    @property
    def folder(self) -> DeskFolder: ...


class AboutCard(Card):
    """The folder with its risks in words, the version and the licences, and what few look for."""

    hub_wanted = Signal()

    def __init__(self, workspace: Workspace, placed: Placed) -> None:
        super().__init__(_("This desk"))
        self.body.addWidget(
            Words(
                _("Everything is kept in {folder}").format(folder=placed.folder.path)
            ).let_select()
        )
        for risk in workspace.risks():
            told = Words(risk_in_words(risk), "problem").let_select()
            told.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # Today leads here
            self.body.addWidget(told)
        self.body.addWidget(
            Words(
                _(
                    "Correspondent Desk {version}, with Qt {qt} (LGPL) and Lucide icons (ISC)."
                ).format(version=__version__, qt=qVersion()),
                "small",
            ).let_select()
        )
        hub = edge_button(_("Keep the committee’s hub on this computer…"), "server")
        hub.clicked.connect(self.hub_wanted)
        self.body.addWidget(flow_of(hub))
