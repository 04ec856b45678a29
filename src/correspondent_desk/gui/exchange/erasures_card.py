"""Who was asked to be erased, and what the committee said to it."""

from functools import partial

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.members import MemberId
from correspondent_desk.gui.page import Target
from correspondent_desk.gui.widgets.buttons import button
from correspondent_desk.gui.widgets.card import Card
from correspondent_desk.gui.widgets.layouts import empty
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _
from correspondent_desk.messages import erasing
from correspondent_desk.records import removals
from correspondent_desk.store.erasure_wishes import AskedRow
from correspondent_desk.store.session import Session
from correspondent_desk.sync.exchange import ExchangeStatus


class ErasuresCard(Card):
    """Hidden while nobody is asked for. A reference names somebody without saying who."""

    wanted = Signal(object)  # Target: the card of a member who was brought back

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(_("Erasures asked for"))
        self._workspace = workspace
        self.note = Words(
            _(
                "Who was declined stays out of all lists until somebody brings them back. Asked for"
                " again after the next exchange, it is to be decided again."
            ),
            "small",
        )
        self.beyond = Words(erasing.beyond_reach(), "small")
        self._lines = QVBoxLayout()
        self._lines.setSpacing(4)
        self.body.addLayout(self._lines)
        self.body.addWidget(self.note)
        self.body.addWidget(self.beyond)

    def show_status(self, status: ExchangeStatus) -> None:
        """One line for each."""
        empty(self._lines)
        for one in status.erasures:
            self._lines.addWidget(self._line(one))
        self.note.setVisible(any(one.declined_at is not None for one in status.erasures))
        self.setVisible(bool(status.erasures))

    def _line(self, one: AskedRow) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(Words(erasing.asked(one)).let_select(), 1)
        if one.record is not None and one.declined_at is not None:
            made = button(_("Bring back"), "undo-2")
            made.setAccessibleName(_("Bring back {reference}").format(reference=one.reference))
            made.clicked.connect(partial(self._bring_back, MemberId(one.record)))
            row.addWidget(made)
        return holder

    def _bring_back(self, member: MemberId) -> None:
        def work(session: Session) -> MemberId:
            removals.bring_back(session, member)
            return member

        self._workspace.do(Action.MEMBER_EDITED, work, then=self._came_back)

    def _came_back(self, member: MemberId) -> None:
        self.wanted.emit(Target(page="members", id=member))
