"""The head of a member's card: who, how to reach them, when last seen, and what to do."""

import re
from collections.abc import Sequence
from datetime import datetime

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from correspondent_desk.domain.fields import Kind
from correspondent_desk.domain.members import Channel, MemberCard, MemberStatus, TimelineEntry
from correspondent_desk.gui.widgets.buttons import Button, button, edge_button, main_button
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.tag import Tag, Tone
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.language import _
from correspondent_desk.messages import cards, people
from correspondent_desk.messages.fields import field_name

_IN_NUMBERS = re.compile(r"(?<=\d) (?=\d)")  # who dials reads a number in one line


class Head(QWidget):
    """Stays in place while the tabs below change."""

    meeting_wanted = Signal()
    contact_wanted = Signal()
    request_wanted = Signal()
    draft_wanted = Signal()  # go on with a contact that was begun
    correction_wanted = Signal()  # go on with the correction of one
    edit_wanted = Signal()  # go on with a change that was begun

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.title = Words("", "heading").let_select()
        self.situation = Words("", "muted")
        self.reaching = Words().let_select()
        self.coming = Words("", "strong").let_select()
        self.presence = Words()
        self.disagreements = Tag()
        self.wish = Tag()
        self.meet = main_button(_("&Plan a meeting"), "calendar-plus")
        self.meet.clicked.connect(self.meeting_wanted)
        self.meet_household = button(_("&Plan a meeting with the household"), "calendar-plus")
        self.meet_household.clicked.connect(self.meeting_wanted)
        self.meet_household.hide()
        self.log = button(_("Note a &contact"), "message-square")
        self.log.setToolTip(_("Ctrl+E: a phone call, now, answered"))
        self.log.clicked.connect(self.contact_wanted)
        self.ask = button(_("New re&quest"), "clipboard-list")
        self.ask.clicked.connect(self.request_wanted)
        self.resume = edge_button(_("A contact was begun and is not saved: go on"), "pencil")
        self.resume.clicked.connect(self.draft_wanted)
        self.resume.hide()
        self.resume_correction = edge_button(
            _("A correction of a contact was begun and is not saved: go on"), "pencil"
        )
        self.resume_correction.clicked.connect(self.correction_wanted)
        self.resume_correction.hide()
        self.resume_edit = edge_button(_("A change was begun and is not saved: go on"), "pencil")
        self.resume_edit.clicked.connect(self.edit_wanted)
        self.resume_edit.hide()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        for line in (self.title, self.situation, self.reaching, self.coming, self.presence):
            column.addWidget(line)
        column.addWidget(self.wish)
        column.addWidget(self.disagreements)
        column.addSpacing(4)
        column.addWidget(flow_of(self.meet, self.log, self.ask, self.meet_household))
        column.addWidget(flow_of(self.resume, self.resume_correction, self.resume_edit))

    def show_card(self, card: MemberCard, timeline: Sequence[TimelineEntry], now: datetime) -> None:
        """Show this person, and when the next meeting is: who calls asks for it."""
        today = now.date()
        self.title.setText(cards.title(card))
        self.situation.setText(cards.situation(card, today))
        self.situation.setVisible(bool(self.situation.text()))
        is_deceased = card.draft.status is MemberStatus.DECEASED
        reaching = cards.reaching_household(card) if is_deceased else cards.reaching(card.draft)
        self.reaching.setText(_IN_NUMBERS.sub("\u00a0", reaching))
        self.coming.setText("" if is_deceased else cards.coming(timeline, now))
        self.coming.setVisible(bool(self.coming.text()))
        self.presence.setText(cards.presence(card, today))
        is_left_alone = card.draft.preferred_channel is Channel.NONE and not is_deceased
        self.wish.say(people.no_contact(card.draft) if is_left_alone else "", Tone.SOON)
        self.meet.setVisible(not is_deceased)
        self.meet_household.setVisible(is_deceased)
        self.meet.set_main(is_main=not is_left_alone)
        self.log.set_main(is_main=is_deceased or is_left_alone)
        self._show_disagreements(card)

    @property
    def first_action(self) -> Button:
        """What is offered first: a meeting, where that is what this person needs."""
        return self.log if self.meet.isHidden() or self.log.is_main else self.meet

    def _show_disagreements(self, card: MemberCard) -> None:
        fields = card.open_disagreements
        if not fields:
            self.disagreements.say("")
            return
        named = ", ".join(field_name(Kind.MEMBER, name) for name in fields)
        sentence = _("Two desks wrote different things here: {fields}")
        self.disagreements.say(sentence.format(fields=named), Tone.SOON)
