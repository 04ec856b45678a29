"""The form of a request: new, or a change to one."""

from collections.abc import Sequence
from dataclasses import asdict
from decimal import Decimal

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QCheckBox, QVBoxLayout, QWidget

from correspondent_desk.domain.amounts import read_amount
from correspondent_desk.domain.fields import Kind
from correspondent_desk.domain.members import MemberId
from correspondent_desk.domain.problems import Fault, Problem
from correspondent_desk.domain.requests import (
    DocumentDraft,
    Owes,
    RequestCard,
    RequestDraft,
    RequestType,
    document_problems,
    problems,
)
from correspondent_desk.gui.requests import words
from correspondent_desk.gui.requests.card import edit_key
from correspondent_desk.gui.requests.documents_field import DocumentsField
from correspondent_desk.gui.widgets.buttons import edge_button, main_button, quiet_button
from correspondent_desk.gui.widgets.card import Card, SectionHeader
from correspondent_desk.gui.widgets.choice_field import ChoiceField, let_shrink
from correspondent_desk.gui.widgets.conflict import (
    ConflictPanel,
    attributes,
    choices,
    rebased,
    to_ask,
    with_field,
)
from correspondent_desk.gui.widgets.ctrl_enter import ctrl_enter_presses
from correspondent_desk.gui.widgets.date_field import DateField
from correspondent_desk.gui.widgets.dates import Lean
from correspondent_desk.gui.widgets.draft_keeper import DraftKeeper
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.form import Form
from correspondent_desk.gui.widgets.line_edit import LineEdit
from correspondent_desk.gui.widgets.note_field import NoteField
from correspondent_desk.gui.widgets.person_field import PersonField
from correspondent_desk.gui.widgets.save_once import SaveOnce
from correspondent_desk.gui.widgets.scroll import Scroll
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _
from correspondent_desk.messages import dates, labels
from correspondent_desk.records import catalogue

NO_PERSON = "request.new"


class RequestForm(Card):
    """Typing is kept as a draft; saving is asked of the page."""

    created = Signal(object, object)  # RequestDraft, list of DocumentDraft
    edited = Signal(object, object, object)  # RequestCard as opened, RequestDraft, documents
    put_away = Signal()

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(_("New request"), parent)
        self._workspace = workspace
        self._opened: RequestCard | None = None
        self._base = RequestDraft()  # what the form does not show stays as it was
        self._mine: RequestDraft | None = None
        self._theirs: RequestDraft | None = None
        self.member = PersonField(workspace, _("Surname, first name or phone"))
        self.type = ChoiceField([(one, labels.request_type(one)) for one in RequestType])
        benefits = [(one.code, labels.benefit(one.code)) for one in catalogue.benefits()]
        self.benefit = ChoiceField([("", _("none of the catalogue")), *benefits])
        self.benefit.chosen.connect(self._take_benefit)
        self.subject = LineEdit(_("in a few words, if the benefit does not say it"))
        self.event_on, self.last_useful_on = self._date(Lean.NEAREST), self._date(Lean.FUTURE)
        self.next_what = LineEdit(_("call back, send the file, wait for the answer…"))
        self.next_who = ChoiceField([(one, labels.owes(one)) for one in Owes])
        self.next_due = self._date(Lean.FUTURE)
        self.documents = DocumentsField(workspace.today, self.next_due)
        self.situation = NoteField(4)
        self.amount_asked, self.amount_granted = LineEdit(), LineEdit()
        self.is_sensitive = QCheckBox(_("&Confidential"))
        neutral = _(
            "In place of its subject, lists, the calendar, printed sheets and exports say"
            " “Confidential request”."
        )
        self.is_sensitive.setAccessibleDescription(neutral)
        self._neutral = Words(neutral, "small")
        let_shrink(self.benefit)
        self.conflict = ConflictPanel()
        self.conflict.chosen.connect(self._take_side)
        self.form = Form()
        self._lay_out()
        kept = {
            name: part
            for name, part in vars(self).items()
            if isinstance(part, QWidget) and name in _KEPT
        }
        self.keeper = DraftKeeper(workspace.drafts, NO_PERSON, kept, self, tells=False)
        self.once.asking.connect(self.keeper.hand_over)
        workspace.closing.connect(self.keeper.keep_now)

    @property
    def opened(self) -> RequestCard | None:
        """The request being changed; None for a new one."""
        return self._opened

    @property
    def about(self) -> MemberId | None:
        """Whom it is about."""
        return self._opened.draft.member_id if self._opened else self.member.value()

    def left_behind(self) -> str | None:
        """The key of the new request that was typed in last and not saved."""
        return next(iter(self._workspace.drafts.keys(NO_PERSON)), None)

    def begin_new(self, person: int | None, draft: str = "") -> None:
        """A new request of person; what was typed about them before comes back.

        draft: under which key that is kept, where it is not the first one.
        """
        key = draft or _new_key(person)
        self._show_for(None, RequestDraft(), (), key)
        if person is not None:
            self.member.set_member(person)
            self.keeper.begin(key)
            self.keeper.restore()
        self.set_title(_("New request"))

    def begin_edit(self, card: RequestCard) -> None:
        """Change this request; what was typed before and not saved comes back."""
        documents = [row.draft for row in card.documents]
        self._show_for(card, card.draft, documents, edit_key(card.id))
        self.set_title(_("Change: {subject}").format(subject=words.title(card.draft)))

    def go_on_as_new(self) -> None:
        """The request is gone: what was typed makes a new one, if it is saved."""
        self.keeper.keep_now()
        about, self._opened = self.about, None
        self.keeper.move_to(_new_key(about))
        self.set_title(_("New request"))
        self.form.rows["member_id"].show()
        told = _(
            "This request was removed meanwhile. What you typed is not saved: saving makes a new one."
        )
        self.form.point_out({"subject": told})

    def show_conflict(self, now: RequestCard, names: tuple[str, ...]) -> None:
        """Somebody else changed these fields since: both values stand above the form."""
        if self._opened is None:
            return
        mine, documents = self.draft(), self.documents.kept_text()
        over = self.keeper.typed_over()
        self._fill(now.draft)
        self.documents.show_documents([row.draft for row in now.documents])
        self.keeper.begin(edit_key(now.id), is_change=True, over=over)
        self._fill(rebased(mine, self._opened.draft, now.draft, names))
        self.documents.put_back(documents)
        self._opened = now
        self._ask(mine, now.draft, names)
        self.conflict.go_to_first()

    def _ask(self, mine: RequestDraft, theirs: RequestDraft, names: Sequence[str]) -> None:
        self._mine, self._theirs = mine, theirs
        known = [name for name in names if name in _IN_FORM]
        self.conflict.ask(
            choices(Kind.REQUEST, known, asdict(mine), asdict(theirs), lambda _id: "")
        )

    def done(self) -> None:
        """What was typed is not kept: nobody is there any more whom it is about."""
        self.keeper.forget()

    def keep_typing(self) -> None:
        """Keep what is being typed."""
        self.keeper.keep_now()

    def take_focus(self) -> None:
        """What is to be chosen; else the person, or what is asked if the person is known."""
        first = self.type if self.member.value() is not None else self.member.line
        if self.conflict.is_answered():
            first.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.conflict.go_to_first()

    def draft(self) -> RequestDraft:
        """What stands in the form; what cannot be read is left out, see problems."""
        base = self._base
        return RequestDraft(
            member_id=self.member.value(),
            type=self.type.value(),
            benefit=self.benefit.value(),
            subject=self.subject.text().strip(),
            status=base.status,
            opened_on=base.opened_on,
            event_on=self.event_on.value(),
            last_useful_on=self.last_useful_on.value(),
            next_what=self.next_what.text().strip(),
            next_who=self.next_who.value(),
            next_due=self.next_due.value(),
            situation=self.situation.toPlainText().strip(),
            amount_asked=read_amount(self.amount_asked.text()),
            amount_granted=read_amount(self.amount_granted.text()),
            is_sensitive=self.is_sensitive.isChecked(),
        )

    def problems(self) -> list[Problem]:
        """What must be mended, by the names of the rows.

        What the form does not show and stood there before, as a clock that was wrong wrote it, can
        be mended here by nobody.
        """
        today = self._workspace.today()
        found = [
            *self.member.problems("member_id"),
            *self.event_on.problems("event_on"),
            *self.last_useful_on.problems("last_useful_on"),
            *self.next_due.problems("next_due"),
        ]
        for name, line in (
            ("amount_asked", self.amount_asked),
            ("amount_granted", self.amount_granted),
        ):
            if line.text().strip() and read_amount(line.text()) is None:
                found.append(Problem(name, Fault.NOT_AN_AMOUNT, line.text()))
        found += problems(self.draft(), today)
        found = [one for one in found if one.field in self.form.rows]
        stood = {row.draft for row in self._opened.documents} if self._opened else set()
        for document in (one for one in self.documents.documents() if one not in stood):
            wrong = document_problems(document, today)
            found += [Problem("documents", one.fault, one.text) for one in wrong]
        return found

    @Slot()
    def try_to_save(self) -> None:
        """Ask for the draft to be saved, or go to what must be mended first."""
        if not self.conflict.is_answered():
            self.conflict.go_to_first()
            return
        if self.form.refuse(self.problems()):
            return
        if self._opened is None:
            self.once.ask(self.created.emit, self.draft(), self.documents.documents())
        else:
            documents = self.documents.documents()
            self.once.ask(self.edited.emit, self._opened, self.draft(), documents)

    def _show_for(
        self,
        card: RequestCard | None,
        draft: RequestDraft,
        documents: "tuple[DocumentDraft, ...] | list[DocumentDraft]",
        key: str,
    ) -> None:
        self.keeper.keep_now()
        self._opened = card
        self.form.rows["member_id"].setVisible(card is None)  # it is theirs for good
        self.conflict.ask(())
        self._fill(draft)
        self.documents.may_mark = card is None
        self.documents.show_documents(documents)
        self.form.show_problems({})
        self.keeper.begin(key, is_change=card is not None)
        self.keeper.restore()
        if names := to_ask(Kind.REQUEST, self.keeper, {}, self.problems()):
            self._ask(self.draft(), draft, names)
        self.area.verticalScrollBar().setValue(0)

    def _fill(self, draft: RequestDraft) -> None:
        self._base = draft
        self.member.set_member(draft.member_id)
        self.type.set_value(draft.type)
        if draft.benefit not in self.benefit.values:  # of a newer catalogue
            offered = [(one, labels.benefit(one)) for one in self.benefit.values if one]
            own = (draft.benefit, labels.benefit(draft.benefit))
            self.benefit.set_choices([("", _("none of the catalogue")), *offered, own])
        self.benefit.set_value(draft.benefit)
        self.subject.setText(draft.subject)
        self.event_on.set_date(draft.event_on)
        self.last_useful_on.set_date(draft.last_useful_on)
        self.next_what.setText(draft.next_what)
        self.next_who.set_value(draft.next_who)
        self.next_due.set_date(draft.next_due)
        self.situation.setPlainText(draft.situation)
        self.amount_asked.setText(_written(draft.amount_asked))
        self.amount_granted.setText(_written(draft.amount_granted))
        self.is_sensitive.setChecked(draft.is_sensitive)

    @Slot(object)
    def _take_benefit(self, code: str) -> None:
        self.documents.propose(catalogue.documents_for(code))
        known = catalogue.benefit(code)
        if known is not None and known.sensitive:
            self.is_sensitive.setChecked(True)

    @Slot(str, bool)
    def _take_side(self, name: str, is_mine: bool) -> None:
        side = self._mine if is_mine else self._theirs
        if side is not None:
            unread = {one.field for one in self.problems()} - {*attributes(name)}
            with self.keeper.keeping(unread):
                self._fill(with_field(self.draft(), side, name))
        if self.conflict.is_answered():
            self.keeper.settle()

    @Slot()
    def _discard(self) -> None:
        self._fill(self._opened.draft if self._opened else RequestDraft())
        self.keeper.forget()
        self.put_away.emit()

    def _date(self, lean: Lean) -> DateField:
        today = self._workspace.today
        return DateField(today, lambda day: dates.day(day, today()), lean)

    def _lay_out(self) -> None:
        form = self.form
        form.add("member_id", _("&Person"), self.member)
        form.add("type", _("&What is asked for"), self.type)
        form.add("benefit", _("&Benefit"), self.benefit)
        form.add("subject", _("S&ubject"), self.subject)
        form.add("event_on", _("&Date of the event"), self.event_on)
        form.add("last_useful_on", _("&Last useful date"), self.last_useful_on)
        form.add_widget(SectionHeader(_("Next step")))
        form.add("next_what", _("What is &to be done"), self.next_what)
        form.add("next_who", _("&Owed by"), self.next_who)
        form.add("next_due", _("B&y when"), self.next_due)
        form.add_widget(SectionHeader(_("Documents")))
        form.add("documents", _("What the request needs"), self.documents)
        form.add_widget(SectionHeader(_("Situation")))
        form.add("situation", _("In a few word&s"), self.situation)
        form.add_beside(
            ("amount_asked", _("Amount &asked (€)"), self.amount_asked),
            ("amount_granted", _("Amount &granted (€)"), self.amount_granted),
        )
        form.add_widget(self.is_sensitive)
        form.add_widget(self._neutral)
        self.save = main_button(_("Sa&ve"), "check")
        self.save.clicked.connect(self.try_to_save)
        ctrl_enter_presses(self.save, self)
        self.once = SaveOnce(self._workspace, self, self.save)
        close_it = quiet_button(_("Close, keep the text"))
        close_it.clicked.connect(self.put_away)
        self.discard = edge_button(_("Throw away what was typed"))
        self.discard.clicked.connect(self._discard)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 12, 8)
        column.setSpacing(12)
        column.addWidget(self.conflict)
        column.addWidget(form)
        column.addWidget(flow_of(self.discard))
        column.addStretch(1)
        self.area = Scroll(inside)
        self.body.addWidget(self.area, 1)
        self.pin(flow_of(self.save, close_it))


def _new_key(person: int | None) -> str:
    return NO_PERSON if person is None else f"{NO_PERSON}.{person}"


_KEPT = frozenset(
    {
        "member", "type", "benefit", "subject", "event_on", "last_useful_on", "next_what",
        "next_who", "next_due", "documents", "situation", "amount_asked", "amount_granted",
        "is_sensitive",
    }
)  # fmt: skip
_IN_FORM = frozenset(
    {
        "member_id", "type", "benefit", "subject", "event_on", "last_useful_on", "next_step",
        "situation", "amount_asked", "amount_granted", "is_sensitive",
    }
)  # fmt: skip


def _written(amount: Decimal | None) -> str:
    return "" if amount is None else str(amount).replace(".", ",")
