"""Before a new card: is the person here already? One field, and who is found while one types."""

import re

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from correspondent_desk.domain.members import MemberDraft, Phone
from correspondent_desk.domain.phones import parse
from correspondent_desk.gui.members import new_cards
from correspondent_desk.gui.widgets.buttons import Button, edge_button, quiet_button
from correspondent_desk.gui.widgets.card import Card
from correspondent_desk.gui.widgets.flow import Flow, flow_of
from correspondent_desk.gui.widgets.form import FormRow
from correspondent_desk.gui.widgets.layouts import empty
from correspondent_desk.gui.widgets.person_field import PersonField
from correspondent_desk.gui.widgets.scroll import Scroll
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _

_FEWEST_DIGITS = 4


class FirstQuestion(Card):
    """Choosing somebody who is there is the easiest path."""

    person_wanted = Signal(int)
    new_wanted = Signal(str, object)  # a draft's key, MemberDraft with what was typed
    put_away = Signal()

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(_("New member"), parent)
        self._workspace = workspace
        self.field = PersonField(workspace, _("Surname, first name or phone"), offer_new=True)
        self.field.chosen.connect(self.person_wanted)
        self.field.new_wanted.connect(self._begin)
        self.resume: list[Button] = []  # one for each card that was begun
        begun = QWidget()
        self._resuming = Flow(begun)
        self.blank = edge_button(_("An empty card"), "user-plus")
        self.blank.clicked.connect(lambda: self._begin(""))
        self.close_it = quiet_button(_("Close"), "x")
        self.close_it.clicked.connect(self.put_away)
        self.body.addWidget(FormRow(_("&Surname, first name or phone"), self.field))
        self.body.addWidget(
            Words(_("Who is here already appears while you type. Enter chooses."), "small")
        )
        self.body.addWidget(flow_of(self.blank, self.close_it))
        self.body.addWidget(Scroll(begun), 1)

    def begin(self) -> None:
        """Ask."""
        self.field.clear()
        begun = new_cards.begun(self._workspace.drafts)
        self.resume = [self._resume_button(key, name) for key, name in begun.items()]
        empty(self._resuming)
        for resume in self.resume:
            self._resuming.addWidget(resume)

    def keep_typing(self) -> None:
        """Nothing: who was not found is typed again, and a card that was begun keeps itself."""

    def take_focus(self) -> None:
        """The field."""
        self.field.line.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot(str)
    def _begin(self, typed: str) -> None:
        key = new_cards.free_key(self._workspace.drafts)
        self.new_wanted.emit(key, draft_from(typed) if typed else MemberDraft())

    def _resume_button(self, key: str, name: str) -> Button:
        made = edge_button(_("Go on with {name}").format(name=name), "pencil")
        made.clicked.connect(lambda: self.new_wanted.emit(key, MemberDraft()))
        return made


def draft_from(typed: str) -> MemberDraft:
    """A name or a phone as typed, in its place: the surname comes first, as in lists."""
    if len(re.sub(r"\D", "", typed)) >= _FEWEST_DIGITS:
        phone = parse(typed) or Phone(number=typed)
        return MemberDraft(phones=(phone,))
    surname, _space, first_name = typed.strip().rpartition(" ")
    if not surname:
        return MemberDraft(family_name=first_name)
    return MemberDraft(family_name=surname, first_name=first_name)
