"""The form of a member: new, or a change to one who is there."""

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from correspondent_desk.domain.fields import Kind
from correspondent_desk.domain.members import MemberCard, MemberDraft, MemberRow, MemberStatus
from correspondent_desk.gui.members import new_cards
from correspondent_desk.gui.members.member_fields import COLUMNS, MemberFields
from correspondent_desk.gui.members.plans_notice import PlansNotice
from correspondent_desk.gui.tasks import Job
from correspondent_desk.gui.widgets.buttons import edge_button, main_button, quiet_button
from correspondent_desk.gui.widgets.card import Card
from correspondent_desk.gui.widgets.conflict import (
    ConflictPanel,
    attributes,
    choices,
    rebased,
    to_ask,
    with_field,
)
from correspondent_desk.gui.widgets.ctrl_enter import ctrl_enter_presses
from correspondent_desk.gui.widgets.draft_keeper import DraftKeeper
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.save_once import SaveOnce
from correspondent_desk.gui.widgets.scroll import Scroll
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _
from correspondent_desk.messages import cards, people
from correspondent_desk.records import members, office, plans
from correspondent_desk.records.plans import Plans

PAUSE_MS = 300
SIMILAR_SHOWN = 3


class MemberForm(Card):
    """Typing is kept as a draft; saving is asked of the page."""

    created = Signal(object)  # MemberDraft
    edited = Signal(object, object, object)  # MemberCard as opened, MemberDraft, TakenBack
    put_away = Signal()
    person_wanted = Signal(int)  # somebody who is there already

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(_("New member"), parent)
        self._workspace = workspace
        self._opened: MemberCard | None = None
        self._theirs: MemberDraft | None = None
        self._mine: MemberDraft | None = None
        self._job: Job[list[MemberRow]] | None = None
        self.fields = MemberFields(workspace.today)
        self.plans = PlansNotice(workspace.today, stands_alone=False)
        self.fields.after_status.addWidget(self.plans)
        self.fields.status.currentIndexChanged.connect(self._ask_about_plans)
        self.conflict = ConflictPanel()
        self.conflict.chosen.connect(self._take_side)
        self.similar = SimilarNotice()
        self.similar.wanted.connect(self.person_wanted)
        self.save = main_button(_("Sa&ve"), "check")
        self.save.clicked.connect(self.try_to_save)
        ctrl_enter_presses(self.save, self)
        self.once = SaveOnce(workspace, self, self.save)
        self.close_it = quiet_button(_("Close, keep the text"))
        self.close_it.clicked.connect(self.put_away)
        self.discard = edge_button(_("Throw away what was typed"))
        self.discard.clicked.connect(self._discard)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 12, 8)
        column.setSpacing(12)
        column.addWidget(self.conflict)
        column.addWidget(self.similar)
        column.addWidget(self.fields)
        column.addWidget(flow_of(self.discard))
        column.addStretch(1)
        self.area = Scroll(inside)
        self.body.addWidget(self.area, 1)
        self.pin(flow_of(self.save, self.close_it))
        key, kept = new_cards.FIRST, self.fields.kept()
        self.keeper = DraftKeeper(workspace.drafts, key, kept, self, tells=False)
        self.once.asking.connect(self.keeper.hand_over)
        workspace.closing.connect(self.keeper.keep_now)
        self._pause = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._pause.timeout.connect(self._look_for_similar)
        for field in (
            self.fields.first_name,
            self.fields.family_name,
            self.fields.usage_name,
            self.fields.birth_date,
            self.fields.matricule,
        ):
            field.textEdited.connect(self._pause.start)
        self.fields.phones.edited.connect(self._pause.start)

    @property
    def opened(self) -> MemberCard | None:
        """The person being changed; None for a new one."""
        return self._opened

    def begin_new(self, key: str, draft: MemberDraft) -> None:
        """A new person, with what is known so far; what was typed under key comes back instead."""
        self._show_for(None, draft, key)
        self.set_title(_("New member"))
        self._look_for_similar()

    def begin_edit(self, card: MemberCard) -> None:
        """Change this person; what was typed before and not saved comes back."""
        self._show_for(card, card.draft, edit_key(card.id))
        self.set_title(_("Change: {name}").format(name=cards.title(card)))

    def changes(self, member: int) -> bool:
        """Whether it holds a change to this person."""
        return self._opened is not None and self._opened.id == member

    def show_conflict(self, now: MemberCard, names: tuple[str, ...]) -> None:
        """Somebody else changed these fields since: both values stand above the form."""
        if self._opened is None:
            return
        mine, over = self.fields.draft(), self.keeper.typed_over()
        self.fields.fill(now.draft)
        self.keeper.begin(edit_key(now.id), is_change=True, over=over)
        self.fields.fill(rebased(mine, self._opened.draft, now.draft, names))
        self._opened = now
        self._ask(mine, now.draft, names)
        self.conflict.go_to_first()

    def _ask(self, mine: MemberDraft, theirs: MemberDraft, names: Sequence[str]) -> None:
        self._mine, self._theirs = mine, theirs
        sites = {int(site.id): site.draft.name for site in self._workspace.now(office.sites)}
        asked = choices(
            Kind.MEMBER,
            names,
            members.columns(mine),
            members.columns(theirs),
            lambda id_: sites.get(id_, ""),
        )
        self.conflict.ask(asked)

    def done(self) -> None:
        """What was typed is not kept: nobody is there any more whom it is about."""
        self.keeper.forget()

    def keep_typing(self) -> None:
        """Keep what is being typed."""
        self.keeper.keep_now()

    def kept_for_later(self) -> str:
        """Under which key it is kept, with the name that a new card was begun with."""
        if self.fields.draft() != MemberDraft():
            self.keeper.keep_all()
        return self.keeper.key

    def take_focus(self) -> None:
        """What is to be chosen, else the first field."""
        if self.conflict.is_answered():
            self.fields.first_name.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self.conflict.go_to_first()

    @Slot()
    def try_to_save(self) -> None:
        """Ask for the draft to be saved, or go to what must be mended first."""
        if not self.conflict.is_answered():
            self.conflict.go_to_first()
            return
        if self.fields.refuse(self.fields.problems()):
            return
        if self._opened is None:
            self.once.ask(self.created.emit, self.fields.draft())
        else:
            self._save_edit(self._opened)

    def _save_edit(self, opened: MemberCard) -> None:
        self._ask_about_plans()  # they may be others than when the form was opened
        if not self.plans.is_answered:
            self.plans.ask()
        else:
            self.once.ask(self.edited.emit, opened, self.fields.draft(), self.plans.chosen())

    def _show_for(self, card: MemberCard | None, draft: MemberDraft, key: str) -> None:
        self.keeper.keep_now()
        self._opened = card
        self.conflict.ask(())
        self.similar.show_people([])
        self.fields.offer_sites(self._workspace.now(office.sites))
        self.fields.fill(draft)
        self.fields.show_problems({})
        self.keeper.begin(key, is_change=card is not None)
        self.keeper.restore()
        if names := to_ask(Kind.MEMBER, self.keeper, COLUMNS, self.fields.problems()):
            self._ask(self.fields.draft(), draft, names)
        self._ask_about_plans()
        self.area.verticalScrollBar().setValue(0)

    @Slot()
    def _ask_about_plans(self) -> None:
        """Who is said to have died may have been expected somewhere."""
        opened, told = self._opened, self.fields.status.value()
        deceased = MemberStatus.DECEASED
        if opened is None or told is not deceased or opened.draft.status is deceased:
            self.plans.show_plans(Plans())
            return
        today = self._workspace.today()
        found = self._workspace.now(lambda s: plans.of_member(s, opened.id, today))
        self.plans.show_plans(found)

    @Slot(str, bool)
    def _take_side(self, name: str, is_mine: bool) -> None:
        side = self._mine if is_mine else self._theirs
        if side is not None:
            unread = {one.field for one in self.fields.problems()} - {*attributes(name)}
            with self.keeper.keeping(unread):
                self.fields.fill(with_field(self.fields.draft(), side, name))
        if self.conflict.is_answered():
            self.keeper.settle()

    @Slot()
    def _discard(self) -> None:
        self.fields.fill(self._opened.draft if self._opened else MemberDraft())
        self.keeper.forget()
        self.put_away.emit()

    @Slot()
    def _look_for_similar(self) -> None:
        if self._job:
            self._job.forget()
        if self._opened is not None:
            return
        draft = self.fields.draft()
        self._job = self._workspace.read(
            lambda s: members.similar(s, draft, SIMILAR_SHOWN), self.similar.show_people
        )


class SimilarNotice(QFrame):
    """Who may be meant, above the form for a new person."""

    wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "notice")
        self.people: list[MemberRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 8, 12, 8)
        self._column.setSpacing(4)
        self._column.addWidget(Words(_("Is this person here already?"), "strong"))
        self.hide()

    def show_people(self, found: list[MemberRow]) -> None:
        """Show these; nobody takes the notice away."""
        self.people = found
        while (item := self._column.takeAt(1)) is not None:
            if widget := item.widget():
                widget.hide()
                widget.deleteLater()
        for row in found:
            lead = edge_button(people.shown_name(row), "user")
            lead.setAccessibleName(_("Open the card of {name}").format(name=lead.text()))
            lead.setAccessibleDescription(people.told_apart(row))
            lead.clicked.connect(lambda _on, id_=row.id: self.wanted.emit(id_))
            self._column.addWidget(lead.let_wrap(), 0, Qt.AlignmentFlag.AlignLeft)
            self._column.addWidget(Words(people.told_apart(row), "small"))
        self.setVisible(bool(found))


def edit_key(member: int) -> str:
    """Under which key a change to this person is kept."""
    return f"member.{member}"
