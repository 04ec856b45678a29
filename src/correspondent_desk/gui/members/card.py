"""The card of one member: head, the form to note a contact, and the tabs."""

from datetime import datetime
from functools import partial
from typing import NamedTuple

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.contacts import ContactDraft, ContactId
from correspondent_desk.domain.fields import Kind
from correspondent_desk.domain.members import EntryKind, MemberCard
from correspondent_desk.domain.requests import RequestId
from correspondent_desk.gui.exchange.on_card import DisputesOnCard
from correspondent_desk.gui.members import begun_contacts
from correspondent_desk.gui.members.details_tab import DetailsTab
from correspondent_desk.gui.members.head import Head
from correspondent_desk.gui.members.household_tab import HouseholdTab
from correspondent_desk.gui.members.log_form import LogForm
from correspondent_desk.gui.members.member_form import edit_key
from correspondent_desk.gui.members.plans_notice import PlansNotice
from correspondent_desk.gui.members.reading import Shown
from correspondent_desk.gui.members.requests_tab import RequestsTab
from correspondent_desk.gui.members.timeline_tab import TimelineTab
from correspondent_desk.gui.tasks import Job
from correspondent_desk.gui.widgets.card import Card
from correspondent_desk.gui.widgets.history_list import HistoryList, Past, read_past
from correspondent_desk.gui.widgets.scroll import Scroll, lead_to
from correspondent_desk.gui.widgets.tabs import Tabs
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _, pgettext
from correspondent_desk.messages import cards
from correspondent_desk.records import erasures, pasts
from correspondent_desk.store.database import Session
from correspondent_desk.sync import link


class OpenForm(NamedTuple):
    """A form that is open on the card, to open it again; id None: of something new."""

    kind: Kind
    id: int | None
    request: RequestId | None = None  # what a contact is about


class CardView(Card):
    """Shows what it is given; asks the page for what is to be done."""

    edit_wanted = Signal()
    said = Signal(str)

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._workspace = workspace
        self._shown: Shown | None = None
        self._history: Job[Past] | None = None
        self.head = Head()
        self.disputes = DisputesOnCard(workspace)
        self.plans = PlansNotice(workspace.today, stands_alone=True)
        self.log = LogForm(workspace)
        self.timeline = TimelineTab()
        self.requests = RequestsTab()
        self.household = HouseholdTab(workspace)
        self.details = DetailsTab()
        self.history = HistoryList(_("The history of a request stands on the card of the request."))
        self.tabs = Tabs(_("Parts of the card"))
        for tab, name in (
            (self.timeline, _("Timeline")),
            (self.requests, _("Requests")),
            (self.household, _("Household")),
            (self.details, pgettext("member", "Details")),
            (self.history, _("History")),
        ):
            self.tabs.add(tab, name)
        self.tabs.changed.connect(self._fill_tab)
        inside = QWidget()
        column = self._column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 12, 0)
        column.setSpacing(12)
        column.addWidget(self.head)
        column.addWidget(self.disputes)
        column.addWidget(self.plans)
        column.addWidget(self.log)
        column.addWidget(self.tabs)
        column.addStretch(1)
        self.area = Scroll(inside).let_focus(_("Card"))
        self.body.addWidget(self.area, 1)
        self.area.hide()  # until somebody is shown: a card of nobody offers nothing
        self.head.contact_wanted.connect(partial(self.begin_contact, None))
        self.head.draft_wanted.connect(partial(self.begin_contact, None))
        self.head.correction_wanted.connect(self._go_on_correcting)
        self.head.edit_wanted.connect(self.edit_wanted)
        self.timeline.contact_wanted.connect(partial(self.begin_contact, None))
        self.disputes.settled.connect(self.take_focus)
        self.log.put_away.connect(self._put_log_aside)
        self.details.edit_wanted.connect(self.edit_wanted)
        self.details.erase_wanted.connect(self._ask_to_erase)

    @property
    def member(self) -> MemberCard | None:
        """The person shown."""
        return self._shown.card if self._shown else None

    def show_person(self, shown: Shown, now: datetime) -> None:
        """Show this person; for the same one the tab and what is being typed stay."""
        is_other = self.member is None or self.member.id != shown.card.id
        if is_other:
            self.put_log_away()
            self.household.form.put_away()
            self.tabs.go_to(self.timeline)
            self.area.verticalScrollBar().setValue(0)
        self._shown = shown
        self.area.show()
        confidential = {row.subject for row in shown.requests if row.is_sensitive}
        self.head.show_card(shown.card, shown.timeline, now)
        self.disputes.show_disputes(shown.disputes)
        self.plans.show_plans(shown.plans)
        self.log.follow(cards.caution(shown.card.draft))
        self.timeline.show_entries(shown.timeline, now.date(), confidential)
        self.setAccessibleName(cards.title(shown.card))
        self._fill_tab()
        self._offer_draft()

    def shows(self, member: int) -> bool:
        """Whether this person is the one shown."""
        return self.member is not None and self.member.id == member

    def forget(self) -> None:
        """Show nobody: the person is gone."""
        self._shown = None
        self.area.hide()

    def begin_contact(self, request: int | None = None) -> None:
        """Open the form for a phone call that just took place, about one of their requests."""
        if self._shown is None:
            return
        card = self._shown.card
        self.head.resume.hide()
        self.head.resume_correction.hide()
        about = RequestId(request) if request is not None else None
        caution = cards.caution(card.draft)
        self.log.begin(card.id, cards.title(card), self._shown.requests, about, caution)
        self._bring_log_into_view()

    def correct_contact(self, contact_id: int, draft: ContactDraft) -> None:
        """Open the form with a contact that was noted."""
        if self._shown is not None:
            name = cards.title(self._shown.card)
            self.head.resume.hide()
            self.head.resume_correction.hide()
            self.log.correct(ContactId(contact_id), draft, name, self._shown.requests)
            self._bring_log_into_view()
            self.log.lead_to_problem()

    def put_log_away(self) -> None:
        """Close the form; what was typed is kept."""
        self.log.keeper.keep_now()
        self.log.hide()
        self._offer_draft()

    @Slot()
    def _put_log_aside(self) -> None:
        """The focus goes to the way back, so that it is seen."""
        self.put_log_away()
        for way_back in (self.head.resume, self.head.resume_correction, self.head.first_action):
            if way_back.isVisible():
                way_back.setFocus(Qt.FocusReason.OtherFocusReason)
                break

    @Slot()
    def _go_on_correcting(self) -> None:
        contact = self._begun_correction()
        if contact is not None:
            self.timeline.correct_wanted.emit(contact)

    def _begun_correction(self) -> ContactId | None:
        entries = self._shown.timeline if self._shown else ()
        begun = begun_contacts.corrected(self._workspace.drafts)
        noted = (ContactId(one.id) for one in entries if one.kind is EntryKind.CONTACT)
        return next((contact for contact in noted if contact in begun), None)

    def open_form(self) -> OpenForm | None:
        """What is open on the card, if anything is."""
        if not self.log.isHidden():
            return OpenForm(Kind.CONTACT, self.log.corrects, self.log.fields.about.value())
        if not self.household.form.isHidden():
            return OpenForm(Kind.DEPENDANT, self.household.form.changes)
        return None

    def lead_into_form(self) -> bool:
        """Put the focus where one types in what is open; whether anything is."""
        if not self.log.isHidden():
            lead_to(self.log.fields.note)
            self.log.lead_to_problem()
            return True
        if self.household.form.isVisible():
            self.household.form.take_focus()
            return True
        return False

    def open_household(self, dependant: int | None) -> None:
        """Open the form for this person of the household, if they are there; None: for a new one."""
        self.tabs.go_to(self.household)
        self.household.open_form(dependant)

    def is_typed_in(self) -> bool:
        """Whether a form is open on it in which something was typed."""
        self.keep_typing()
        forms = (self.log, self.household.form)
        return any(not form.isHidden() and form.keeper.has_typed for form in forms)

    def forget_typing(self) -> None:
        """Close its forms, with what was typed in them."""
        for form in (self.log, self.household.form):
            if not form.isHidden():
                form.done()

    def step_back(self) -> bool:
        """Close what is open over the tabs; False where nothing is."""
        if self.log.isVisible():
            self.put_log_away()
            self.take_focus()
            return True
        if self.household.form.isVisible():
            self.household.form.put_away()
            self.take_focus()
            return True
        return False

    def keep_typing(self) -> None:
        """Keep what is being typed."""
        self.disputes.keep()
        self.log.keeper.keep_now()
        self.household.form.keeper.keep_now()

    def take_focus(self) -> None:
        """The main action, with all that stands above it."""
        self.area.verticalScrollBar().setValue(0)
        self.head.first_action.setFocus(Qt.FocusReason.OtherFocusReason)

    def _bring_log_into_view(self) -> None:
        """Now, and once more when all of it has been styled and has its height."""
        self._scroll_to_log()
        QTimer.singleShot(0, self, self._scroll_to_log)

    @Slot()
    def _scroll_to_log(self) -> None:
        self._column.activate()  # else the form has no place yet
        for part in (self.log.save, self.log.fields.note, self.log.title):
            self.area.ensureWidgetVisible(part, 0, 12)

    def _offer_draft(self) -> None:
        has_draft = self._shown is not None and self.log.has_draft(self._shown.card.id)
        is_closed = self.log.isHidden()
        self.head.resume.setVisible(has_draft and is_closed)
        self.head.resume_correction.setVisible(is_closed and self._begun_correction() is not None)
        key = edit_key(self._shown.card.id) if self._shown is not None else None
        is_changed = key is not None and self._workspace.drafts.load(key) is not None
        self.head.resume_edit.setVisible(is_changed)

    @Slot()
    def _ask_to_erase(self) -> None:
        if self.member is None:
            return
        id_ = self.member.id
        self.put_log_away()  # who removes somebody works no more on them

        def ask(session: Session) -> str:
            link.load(session)  # who exchanges with nobody has nobody to ask
            return erasures.ask(session, id_)

        self._workspace.do(Action.MEMBER_REMOVED, ask, self._asked_to_erase)

    def _asked_to_erase(self, _reference: str) -> None:
        self.said.emit(
            _("Out of all lists. With the next exchange the committee is asked to erase them.")
        )

    @Slot()
    def _fill_tab(self) -> None:
        """The one in view: nobody waits for the others while going down a list of people."""
        if self._history:
            self._history.forget()
        if self._shown is None:
            return
        card, tab, today = self._shown.card, self.tabs.current(), self._workspace.today()
        if tab is self.requests:
            self.requests.show_requests(self._shown.requests, today)
        elif tab is self.household:
            self.household.show_card(card)
        elif tab is self.details:
            self.details.show_card(card, today)
        elif tab is self.history:
            self._read_history(card)

    def _read_history(self, card: MemberCard) -> None:
        self._history = self._workspace.read(
            lambda s: read_past(s, pasts.of_member(s, card.id)), self._show_history
        )

    def _show_history(self, past: Past) -> None:
        self._history = None
        self.history.show_past(past, self._workspace.today())
