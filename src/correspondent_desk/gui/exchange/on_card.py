"""Disagreements on the card they are about, settled there as on the page of exchanges."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from correspondent_desk.gui.exchange.disputes import Dispute
from correspondent_desk.gui.exchange.disputes_card import DisputesCard
from correspondent_desk.gui.workspace import Workspace


class DisputesOnCard(QWidget):
    """Takes no room while there is nothing to settle; its parts are made when first needed."""

    settled = Signal()

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self.card: DisputesCard | None = None
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self.hide()

    def show_disputes(self, disputes: Sequence[Dispute]) -> None:
        """These are open on this card now."""
        if self.card is None and disputes:
            self.card = DisputesCard(self._workspace, is_on_card=True)
            self.card.settled.connect(self.settled)
            self._column.addWidget(self.card)
        if self.card is not None:
            self.card.show_disputes(disputes)
        self.setVisible(bool(disputes))

    def keep(self) -> None:
        """Keep what is typed."""
        if self.card is not None:
            self.card.keep()
