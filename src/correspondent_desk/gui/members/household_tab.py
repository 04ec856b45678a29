"""The people of a member's household, with the dates between which they belong to it."""

from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from correspondent_desk.domain.fields import Kind
from correspondent_desk.domain.members import (
    DependantDraft,
    DependantId,
    DependantRow,
    MemberCard,
    Relation,
    dependant_problems,
)
from correspondent_desk.domain.problems import Problem
from correspondent_desk.gui.widgets.buttons import button, icon_button, main_button, quiet_button
from correspondent_desk.gui.widgets.choice_field import ChoiceField
from correspondent_desk.gui.widgets.conflict import overtaken
from correspondent_desk.gui.widgets.ctrl_enter import ctrl_enter_presses
from correspondent_desk.gui.widgets.date_field import DateField
from correspondent_desk.gui.widgets.dates import Lean
from correspondent_desk.gui.widgets.draft_keeper import DraftKeeper, is_kept
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.form import Form
from correspondent_desk.gui.widgets.layouts import empty
from correspondent_desk.gui.widgets.line_edit import LineEdit
from correspondent_desk.gui.widgets.save_once import SaveOnce
from correspondent_desk.gui.widgets.scroll import lead_to
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _, pgettext
from correspondent_desk.messages import dates, labels
from correspondent_desk.records import households


class HouseholdTab(QWidget):
    """Who belongs to it, who did, and the form for one of them."""

    added = Signal(object)  # DependantDraft
    edited = Signal(object, object)  # DependantRow as it was opened, DependantDraft
    removed = Signal(int)

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today, self._drafts = workspace.today, workspace.drafts
        self._member = 0
        self._household: Sequence[DependantRow] = ()
        self.form = DependantForm(workspace)
        self.form.saved.connect(self._saved)
        self.form.remove_wanted.connect(self.removed)
        self.form.left.connect(self._offer)
        self.form.close_it.clicked.connect(self._lead_back)
        self.add = button(_("Add a person"), "user-plus")
        self.add.clicked.connect(self._begin)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(4)
        self.nobody = Words(_("Nobody is noted in this household."), "muted")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 8)
        column.setSpacing(12)
        column.addWidget(flow_of(self.add))
        column.addWidget(self.form)
        column.addWidget(self.nobody)
        column.addLayout(self._lines)
        column.addStretch(1)

    def show_card(self, card: MemberCard) -> None:
        """Show this person's household; a form that is open stays."""
        self._member, self._household = card.id, card.household
        self._offer()
        empty(self._lines)
        self.nobody.setVisible(not card.household)
        for row in card.household:
            self._lines.addWidget(self._line(row))

    def open_form(self, dependant: int | None) -> None:
        """Of this person, if they are there; None: of a new one."""
        row = next((one for one in self._household if one.id == dependant), None)
        if row is not None:
            self.form.change(row)
        elif dependant is None:
            self._begin()

    @Slot()
    def _begin(self) -> None:
        self.form.begin(self._member)
        self._offer()

    @Slot()
    def _offer(self) -> None:
        """Somebody new, or who was begun before: nothing that is kept is out of sight."""
        is_begun = self.form.isHidden() and is_kept(self._drafts, _new_key(self._member))
        begun = _("A person is begun and not added yet: go on")
        self.add.setText(begun if is_begun else _("Add a person"))

    @Slot()
    def _lead_back(self) -> None:
        """The focus goes to the way back to what was typed, so that it is seen."""
        self.add.setFocus(Qt.FocusReason.OtherFocusReason)

    def _line(self, row: DependantRow) -> QWidget:
        line = QFrame()
        column = QVBoxLayout(line)
        column.setContentsMargins(0, 4, 0, 4)
        column.setSpacing(0)
        name, about = person_in_words(row.draft, self._today())
        edit = icon_button("pencil", _("Change: {name}").format(name=name))
        edit.clicked.connect(lambda: self.form.change(row))
        head = QHBoxLayout()
        head.addWidget(Words(name, "strong"), 1)
        head.addWidget(edit)
        column.addLayout(head)
        column.addWidget(Words(about, "muted" if row.draft.until else ""))
        return line

    @Slot(object, object)
    def _saved(self, opened: DependantRow | None, draft: DependantDraft) -> None:
        if opened is None:
            self.added.emit(draft)
        else:
            self.edited.emit(opened, draft)


def person_in_words(draft: DependantDraft, today: date) -> tuple[str, str]:
    """The name, and what is known: child · 8 years old (12/03/2018) · since 01/09/2020."""
    name = " ".join(part for part in (draft.first_name, draft.family_name.upper()) if part)
    about = [labels.relation(draft.relation)]
    if draft.birth_date:
        age = dates.age_in_words(draft.birth_date, today)
        born = dates.numeric(draft.birth_date)
        about.append(_("{age} ({date})").format(age=age, date=born))
    if draft.since:
        about.append(_("in the household since {date}").format(date=dates.numeric(draft.since)))
    if draft.until:
        about.append(_("until {date}").format(date=dates.numeric(draft.until)))
    return name, " · ".join(about)


class DependantForm(QFrame):
    """One person of the household. Who leaves it gets an end date; history stays apart."""

    saved = Signal(object, object)  # DependantRow or None for a new one, DependantDraft
    remove_wanted = Signal(int)
    left = Signal()

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "notice")
        self._workspace = workspace
        self._opened: DependantRow | None = None
        self.relation = ChoiceField([(one, labels.relation(one)) for one in Relation])
        self.first_name, self.family_name = LineEdit(), LineEdit()
        self.birth_date = self._date_field()
        self.since, self.until = self._date_field(), self._date_field()
        self.form = Form()
        self.form.add_beside(
            ("first_name", _("F&irst name"), self.first_name),
            ("family_name", _("&Family name"), self.family_name),
        )
        self.form.add("relation", _("&Who this is to the member"), self.relation)
        self.form.add("birth_date", pgettext("household", "&Birth date"), self.birth_date)
        self.form.add("since", _("In the household &since"), self.since)
        self.form.add("until", _("&Until, if they left it"), self.until)
        self.save = main_button(_("Sa&ve"), "check")
        self.save.clicked.connect(self._save)
        ctrl_enter_presses(self.save, self)
        self.close_it = quiet_button(_("Close, keep the text"))
        self.close_it.clicked.connect(self.put_away)
        self.remove = quiet_button(_("Entered by mistake: remove"))
        self.remove.clicked.connect(self._remove)
        self.once = SaveOnce(workspace, self, self.save, self.remove)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(12)
        column.addWidget(self.form)
        column.addWidget(flow_of(self.save, self.close_it, self.remove))
        fields = {
            "relation": self.relation,
            "first_name": self.first_name,
            "family_name": self.family_name,
            "birth_date": self.birth_date,
            "since": self.since,
            "until": self.until,
        }
        self.keeper = DraftKeeper(workspace.drafts, "dependant", fields, self)
        self.once.asking.connect(self.keeper.hand_over)
        workspace.closing.connect(self.keeper.keep_now)
        self.hide()

    @property
    def changes(self) -> DependantId | None:
        """Whom it changes; None: it is for a new person."""
        return self._opened.id if self._opened is not None else None

    def begin(self, member: int) -> None:
        """A new person in the household of member."""
        self._fill(None, DependantDraft(), _new_key(member))

    def change(self, row: DependantRow) -> None:
        """A person who is there."""
        self._fill(row, row.draft, change_key(row.id))

    def show_conflict(self, now: DependantRow, names: Sequence[str]) -> None:
        """Somebody else changed the same of this person: what is typed stays, with theirs beside it."""
        self.change(now)
        said = overtaken(Kind.DEPENDANT, names, households.columns(now.draft))
        self.form.point_out(said, {"membership": "since"})

    def go_on_as_new(self, member: int) -> None:
        """The person is gone from member's household: what was typed adds them again, if it is saved."""
        self.keeper.keep_now()
        self._opened = None
        self.keeper.move_to(_new_key(member))
        self.remove.hide()
        told = _(
            "This person was taken out of the household meanwhile. What you typed is not saved:"
            " saving it adds them again."
        )
        self.form.point_out({"first_name": told})

    def put_away(self) -> None:
        """Close; what was typed is kept."""
        self.keeper.keep_now()
        self._leave()

    def done(self) -> None:
        """Nothing more is to be kept of it."""
        self.keeper.forget()
        self._leave()

    def _leave(self) -> None:
        self.hide()
        self.left.emit()

    def _date_field(self) -> DateField:
        today = self._workspace.today
        return DateField(today, lambda day: dates.day(day, today()), Lean.PAST)

    def _fill(self, opened: DependantRow | None, draft: DependantDraft, key: str) -> None:
        self.keeper.keep_now()
        self._opened = opened
        self.relation.set_value(draft.relation)
        self.first_name.setText(draft.first_name)
        self.family_name.setText(draft.family_name)
        for field, day in (
            (self.birth_date, draft.birth_date),
            (self.since, draft.since),
            (self.until, draft.until),
        ):
            field.set_date(day)
        self.form.show_problems({})
        self.remove.setVisible(opened is not None)
        self.keeper.begin(key, is_change=opened is not None)
        self.keeper.restore()
        self.show()
        self.take_focus()

    def take_focus(self) -> None:
        """Where one types, with all of the form that there is room for; or what is wrong."""
        lead_to(self.first_name, self.save, self.form.rows["first_name"])
        self.form.lead_to_first_problem()

    def draft(self) -> tuple[DependantDraft, list[Problem]]:
        """What stands in the form, and what is wrong with it."""
        draft = DependantDraft(
            relation=self.relation.value(),
            first_name=self.first_name.text().strip(),
            family_name=self.family_name.text().strip(),
            birth_date=self.birth_date.value(),
            since=self.since.value(),
            until=self.until.value(),
        )
        found = [
            *self.birth_date.problems("birth_date"),
            *self.since.problems("since"),
            *self.until.problems("until"),
        ]
        return draft, [*found, *dependant_problems(draft, self._workspace.today())]

    @Slot()
    def _save(self) -> None:
        draft, found = self.draft()
        if not self.form.refuse(found):
            self.once.ask(self.saved.emit, self._opened, draft)

    @Slot()
    def _remove(self) -> None:
        if self._opened is not None:
            self.once.ask(self.remove_wanted.emit, self._opened.id)


def change_key(dependant: int) -> str:
    """Under which key a change to this person is kept."""
    return f"dependant.{dependant}"


def _new_key(member: int) -> str:
    return f"dependant.of.{member}"
