"""The card of one request: what lapses, where it stands, what is next, and its documents."""

from datetime import date

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from correspondent_desk.domain.decisions import number_of
from correspondent_desk.domain.fields import Kind
from correspondent_desk.domain.requests import RequestCard
from correspondent_desk.gui.exchange.on_card import DisputesOnCard
from correspondent_desk.gui.requests import words
from correspondent_desk.gui.requests.decision import DecisionNotice
from correspondent_desk.gui.requests.documents import Documents
from correspondent_desk.gui.requests.next_step import NextStepNotice
from correspondent_desk.gui.requests.path import StatusPath
from correspondent_desk.gui.requests.reading import Shown
from correspondent_desk.gui.tasks import Job
from correspondent_desk.gui.widgets.buttons import button, danger_button, edge_button
from correspondent_desk.gui.widgets.card import Card
from correspondent_desk.gui.widgets.flow import Flow, flow_of
from correspondent_desk.gui.widgets.history_list import HistoryList, Past, read_past
from correspondent_desk.gui.widgets.layouts import empty
from correspondent_desk.gui.widgets.scroll import Scroll
from correspondent_desk.gui.widgets.tabs import Tabs
from correspondent_desk.gui.widgets.tag import Tag, Tone
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.widgets.turning import Ends, Fact
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _
from correspondent_desk.messages import dates, labels, people, values
from correspondent_desk.messages.fields import field_name
from correspondent_desk.records import pasts


class CardView(Card):
    """Shows what it is given; asks the page for what is to be done."""

    edit_wanted = Signal()
    remove_wanted = Signal()
    person_wanted = Signal()
    contact_wanted = Signal()
    meeting_wanted = Signal()
    planned_wanted = Signal(int)  # a meeting's id
    decision_followed = Signal(object)  # DecisionLine
    decision_kept = Signal(object)  # DecisionLine

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._workspace = workspace
        self._shown: Shown | None = None
        self._history: Job[Past] | None = None
        self.lapses = Tag()
        self.subject = Words("", "heading").let_select()
        self.person = edge_button("", "user")
        self.person.clicked.connect(self.person_wanted)
        self.kind = Words("", "muted")
        self.confidential = Tag()
        self.disagreements = Tag()
        self.meet = button(_("&Plan a meeting"), "calendar-plus")
        self.meet.clicked.connect(self.meeting_wanted)
        self.log = button(_("Note a &contact"), "message-square")
        self.log.clicked.connect(self.contact_wanted)
        self._marks = flow_of(self.confidential, self.disagreements)
        self.resume = edge_button(_("A change was begun and is not saved: go on"), "pencil")
        self.resume.clicked.connect(self.edit_wanted)
        self.disputes = DisputesOnCard(workspace)
        self.disputes.settled.connect(self.take_focus)
        self.decision = DecisionNotice()
        self.decision.followed.connect(self.decision_followed)
        self.decision.kept.connect(self.decision_kept)
        self.next_step = NextStepNotice(workspace)
        self.next_step.opened.connect(self._bring_step_into_view)
        self.path = StatusPath(workspace)
        self.documents = Documents(workspace)
        self.meetings = QWidget()
        self._meetings = Flow(self.meetings)
        self.details = Details()
        self.details.edit.clicked.connect(self.edit_wanted)
        self.details.remove.clicked.connect(self.remove_wanted)
        self.history = HistoryList()
        follow_up = QWidget()
        column = QVBoxLayout(follow_up)
        column.setContentsMargins(0, 8, 0, 8)
        column.setSpacing(16)
        column.addWidget(self.path)
        column.addWidget(self.documents)
        column.addWidget(self.meetings)
        self.tabs = Tabs(_("Parts of the card"))
        self.tabs.add(follow_up, _("Follow-up"))
        self.tabs.add(self.details, _("Details"))
        self.tabs.add(self.history, _("History"))
        self.tabs.changed.connect(self._load_history)
        self._lay_out()

    @property
    def request(self) -> RequestCard | None:
        """The request shown."""
        return self._shown.card if self._shown else None

    def show_request(self, shown: Shown, today: date) -> None:
        """Show this request; for the same one the tab and what is being typed stay."""
        if self.request is None or self.request.id != shown.card.id:
            self.tabs.go_to(self.tabs.pages[0])
            self.area.verticalScrollBar().setValue(0)
        self._shown = shown
        self.area.show()
        card, draft = shown.card, shown.card.draft
        last, tone = words.last_useful(draft, today)
        self.lapses.say(last, tone)
        self.subject.setText(words.title(draft))
        self.setAccessibleName(self.subject.text())
        self.person.setText(people.shown_name(card.member))
        self.person.setAccessibleName(_("Open the card of {name}").format(name=self.person.text()))
        self.kind.setText(words.about(draft, today))
        self.confidential.say(_("confidential") if draft.is_sensitive else "")
        self._show_disagreements(card)
        self._marks.setVisible(draft.is_sensitive or bool(card.open_disagreements))
        self.disputes.show_disputes(shown.disputes)
        self.decision.show_decisions(card, shown.decisions)
        self.next_step.show_card(card, today)
        self.path.show_card(card, today)
        self.documents.show_card(card, today)
        self._show_meetings(shown, today)
        self.details.show_card(card)
        begun = self._workspace.drafts.load(edit_key(card.id)) is not None
        self.resume.setVisible(begun)
        self._load_history()

    def forget(self) -> None:
        """Show nothing: the request is gone."""
        self._shown = None
        self.area.hide()

    def step_back(self) -> bool:
        """Close what is open on the card; False where nothing is."""
        is_closed = self.next_step.step_back() or self.path.step_back()
        if is_closed:
            self.take_focus()
        return is_closed

    def keep_typing(self) -> None:
        """Keep what is being typed."""
        self.disputes.keep()
        self.next_step.keeper.keep_now()
        self.path.keeper.keep_now()
        self.documents.keep_typing()

    def take_focus(self) -> None:
        """The next step; where none is to come any more, what can be done all the same."""
        if self.next_step.isHidden():
            self.area.verticalScrollBar().setValue(0)
            self.meet.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.area.ensureWidgetVisible(self.next_step, 0, 8)
            self.next_step.take_focus()

    @Slot()
    def _bring_step_into_view(self) -> None:
        self._column.activate()  # else the form has no place yet
        self.area.ensureWidgetVisible(self.next_step, 0, 8)

    def _lay_out(self) -> None:
        inside = QWidget()
        column = self._column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 12, 0)
        column.setSpacing(8)
        column.addWidget(self.lapses)
        column.addWidget(Ends(self.subject, self.person.let_wrap()))
        column.addWidget(self._marks)
        column.addWidget(self.kind)
        column.addWidget(self.disputes)
        column.addWidget(self.decision)
        column.addWidget(self.next_step)
        column.addWidget(flow_of(self.meet, self.log))
        column.addWidget(self.resume.let_wrap(), 0, Qt.AlignmentFlag.AlignLeft)
        column.addWidget(self.tabs)
        column.addStretch(1)
        self.area = Scroll(inside).let_focus(_("Card"))
        self.body.addWidget(self.area, 1)
        self.area.hide()  # until a request is shown

    def _show_disagreements(self, card: RequestCard) -> None:
        named = ", ".join(field_name(Kind.REQUEST, name) for name in card.open_disagreements)
        said = (
            _("Two desks wrote different things here: {fields}").format(fields=named)
            if named
            else ""
        )
        self.disagreements.say(said, Tone.SOON)

    def _show_meetings(self, shown: Shown, today: date) -> None:
        empty(self._meetings)
        for row in shown.meetings:
            if row.draft.starts_at is None:
                continue
            when = dates.day(row.draft.starts_at.date(), today)
            said = _("Meeting {when}: {status}").format(
                when=when, status=labels.meeting_status(row.status)
            )
            lead = edge_button(said, "calendar")
            lead.clicked.connect(lambda _on, id_=row.id: self.planned_wanted.emit(id_))
            self._meetings.addWidget(lead)
        self.meetings.setVisible(bool(shown.meetings))

    @Slot()
    def _load_history(self) -> None:
        if self._history:
            self._history.forget()
        if self._shown is None or self.tabs.current() is not self.history:
            return
        id_ = self._shown.card.id
        self._history = self._workspace.read(
            lambda s: read_past(s, pasts.of_request(s, id_)), self._show_history
        )

    def _show_history(self, past: Past) -> None:
        self._history = None
        self.history.show_past(past, self._workspace.today())


class Details(QWidget):
    """The facts of a request that say something."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edit = button(_("&Edit the request"), "pencil")
        self.remove = danger_button(_("Remove the request"), "trash-2")
        self.remove.setToolTip(_("For a request that was entered by mistake. It can be undone."))
        self._facts = QVBoxLayout()
        self._facts.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 8)
        column.setSpacing(16)
        column.addWidget(flow_of(self.edit))
        column.addLayout(self._facts)
        column.addStretch(1)
        column.addWidget(flow_of(self.remove))

    def show_card(self, card: RequestCard) -> None:
        """Show these facts, with a mark where two desks disagree."""
        empty(self._facts)
        draft = card.draft
        number = Words(number_of(bytes.fromhex(card.uid))).let_select()
        self._facts.addWidget(Fact(_("request number"), number))
        told = {
            "situation": draft.situation,
            "benefit": labels.benefit(draft.benefit),
            "opened_on": values.day(draft.opened_on),
            "event_on": values.day(draft.event_on),
            "last_useful_on": values.day(draft.last_useful_on),
            "amount_asked": values.amount(draft.amount_asked),
            "amount_granted": values.amount(draft.amount_granted),
        }
        for name, text in told.items():
            if not text:
                continue
            self._facts.addWidget(Fact(field_name(Kind.REQUEST, name), Words(text).let_select()))
            if name in card.open_disagreements:
                self._facts.addWidget(flow_of(Tag(_("two desks disagree"), Tone.SOON)))


def edit_key(request: int) -> str:
    """Under which key a change to this request is kept."""
    return f"request.{request}"
