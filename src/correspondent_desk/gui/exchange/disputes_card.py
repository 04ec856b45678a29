"""To check: one disagreement at a time, settled by one key; it closes on every desk."""

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtWidgets import QApplication, QFrame, QVBoxLayout, QWidget

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.fields import Kind
from correspondent_desk.errors import DeskError
from correspondent_desk.gui.exchange.disputes import Dispute, Side
from correspondent_desk.gui.page import Target
from correspondent_desk.gui.theme import characters
from correspondent_desk.gui.widgets.aloud import read_out
from correspondent_desk.gui.widgets.buttons import button
from correspondent_desk.gui.widgets.card import Card
from correspondent_desk.gui.widgets.ctrl_enter import ctrl_enter_presses
from correspondent_desk.gui.widgets.draft_keeper import DraftKeeper
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.form import FormRow
from correspondent_desk.gui.widgets.note_field import NoteField
from correspondent_desk.gui.widgets.scroll import lead_to
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.widgets.turning import Turning
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _, ngettext
from correspondent_desk.messages.errors import sentence
from correspondent_desk.sync import exchange
from correspondent_desk.sync.exchange import Choice

_LEAST = 16  # characters of a value
_MANY, _LEAST_OF_MANY = 80, 48  # of a long one: a column of single words is no text
SIDE_PX = 12  # of a value
_PAGES = {Kind.MEMBER: "members", Kind.REQUEST: "requests", Kind.MEETING: "meetings"}


class DisputesCard(Card):
    """Hidden while there is nothing to check. Later puts a disagreement behind the others."""

    wanted = Signal(object)  # Target: the card it is about
    settled = Signal()

    def __init__(self, workspace: Workspace, *, is_on_card: bool = False) -> None:
        """is_on_card: it stands on the card that it is about."""
        super().__init__()
        if is_on_card:
            self.setProperty("role", "notice")
        self._is_on_card = is_on_card
        self._workspace = workspace
        self._disputes: list[Dispute] = []
        self._put_off: list[str] = []
        self._shown: Dispute | None = None
        self._is_settling = False
        self._is_wanted = False  # somebody was led here, before the disagreements were read
        self.about = Words("", "strong")
        self.note = Words("", "small")
        self.before, self.here, self.there = _Value(), _Value(), _Value()
        self.values = _Values()
        for value in (self.before, self.here, self.there):
            self.values.add(value, 1)
        self.problem = Words("", "problem")
        self.keep_here = button(_("Keep &here"), "check")
        self.keep_there = button(_("Keep &there"), "check")
        self.keep_both = button(_("Keep &both, one under the other"))
        self.write = button(_("&Write something else"), "pencil")
        self.write.setCheckable(True)
        self.open_card = button(_("Open the &card"))
        self.later = button(_("&Later"), "clock")
        for made, act in (
            (self.keep_here, self._keep_here),
            (self.keep_there, self._keep_there),
            (self.keep_both, self._keep_both),
            (self.open_card, self._open),
            (self.later, self._later),
        ):
            made.clicked.connect(act)
        self.write.toggled.connect(self._write)
        self.text = NoteField(4)
        self.row = FormRow(_("What is to st&and there"), self.text)
        self.save = button(_("&Keep what is written"), "check")
        self.save.clicked.connect(self._save)
        ctrl_enter_presses(self.save, self.row)
        self.writing = QWidget()
        column = QVBoxLayout(self.writing)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self.row)
        column.addWidget(flow_of(self.save))
        self.writing.hide()
        self._keeper = DraftKeeper(workspace.drafts, "settle", {"text": self.text}, self)
        workspace.closing.connect(self._keeper.keep_now)
        self.answers = flow_of(
            self.keep_both,
            self.keep_here,
            self.keep_there,
            self.write,
            self.open_card,
            self.later,
        )
        for widget in (
            self.about,
            self.values,
            self.note,
            self.problem,
            self.answers,
            self.writing,
        ):
            self.body.addWidget(widget)
        self.problem.hide()
        self.hide()

    def keep(self) -> None:
        """Keep what is typed."""
        self._keeper.keep_now()

    def take_focus(self) -> None:
        """Lead to the answers, once there is something to settle."""
        self._is_wanted = not self._disputes
        if self._disputes:
            lead_to(self.keep_both if self.keep_both.isVisibleTo(self) else self.keep_here, self)

    def show_disputes(self, disputes: Sequence[Dispute]) -> None:
        """These are open now; the one in view stays in view while it is among them."""
        known = {one.id: one for one in disputes}
        self._put_off = [id_ for id_ in self._put_off if id_ in known]
        first = [one for one in disputes if one.id not in self._put_off]
        self._disputes = [*first, *(known[id_] for id_ in self._put_off)]
        self._count()
        kept = known.get(self._shown.id) if self._shown else None
        if kept is None or kept != self._shown:
            self._show(kept or (self._disputes[0] if self._disputes else None))
        if self._is_wanted:
            self.take_focus()
            self._is_wanted = False

    def _count(self) -> None:
        self.setVisible(bool(self._disputes))
        hard = sum(not one.is_soft for one in self._disputes)
        if hard:
            self.set_title(_("To check ({n})").format(n=hard))
        else:
            self.set_title(_("Written on two desks at once"))

    def _show(self, dispute: Dispute | None) -> None:
        self._keeper.keep_now()
        self._shown = dispute
        self.writing.hide()
        self.write.setChecked(False)
        self.problem.hide()
        if dispute is None:
            return
        self.about.setText(dispute.about)
        self.before.tell(_("Before"), Side(value=dispute.before, who=""))
        self.before.setVisible(bool(dispute.before))
        self.here.tell(_("Here"), dispute.here)
        self.there.tell(_("There"), *dispute.there)
        self.keep_here.setAccessibleName(_("Keep here: {value}").format(value=dispute.here.value))
        self.keep_there.setAccessibleName(
            _("Keep there: {value}").format(value=dispute.there[0].value)
        )
        self._say_what_it_is_about()
        self.keep_both.setVisible(dispute.may_keep_both)
        self.write.setVisible(dispute.can_be_written)
        self.open_card.setVisible(bool(dispute.card) and not self._is_on_card)
        self.later.setVisible(len(self._disputes) > 1)
        self.note.setText(self._more(dispute))
        self.text.setPlainText(dispute.text)
        self._keeper.begin(_key(dispute.id))
        if dispute.can_be_written and self._keeper.restore():
            self.write.setChecked(True)

    def _say_what_it_is_about(self) -> None:
        """On each answer; at once where the focus stays on one, which is now about something else."""
        shown = (one for one in (self.before, self.here, self.there) if not one.isHidden())
        said = ". ".join([self.about.text(), *(one.spoken for one in shown)])
        for answer in (self.keep_here, self.keep_there, self.keep_both, self.write):
            answer.setAccessibleDescription(said)
        focused = QApplication.focusWidget()
        if focused is not None and self.isAncestorOf(focused):
            read_out(self, said)

    def _more(self, dispute: Dispute) -> str:
        told = []
        if dispute.is_soft:
            told.append(_("The newest value is shown; nobody need settle this."))
        left = len(self._disputes) - 1
        if left:
            told.append(
                ngettext("{n} other after this one.", "{n} others after this one.", left).format(
                    n=left
                )
            )
        return " ".join(told)

    @Slot()
    def _keep_here(self) -> None:
        self._settle(Choice.HERE)

    @Slot()
    def _keep_there(self) -> None:
        self._settle(Choice.THERE)

    @Slot()
    def _keep_both(self) -> None:
        self._settle(Choice.BOTH)

    @Slot(bool)
    def _write(self, is_open: bool) -> None:
        self.writing.setVisible(is_open)
        if is_open:
            lead_to(self.text, self.writing)

    @Slot()
    def _save(self) -> None:
        self._settle(self.text.toPlainText().strip())

    @Slot()
    def _open(self) -> None:
        if self._shown is not None and self._shown.card is not None:
            kind, record = self._shown.card
            self.wanted.emit(Target(page=_PAGES[kind], id=record))

    @Slot()
    def _later(self) -> None:
        if self._shown is None:
            return
        self._keeper.keep_now()
        shown = self._shown
        self._put_off = [*(id_ for id_ in self._put_off if id_ != shown.id), shown.id]
        self._disputes = [*(one for one in self._disputes if one.id != shown.id), shown]
        self._show(self._disputes[0])
        self.keep_here.setFocus(Qt.FocusReason.OtherFocusReason)

    def _settle(self, choice: Choice | str) -> None:
        if self._shown is None or self._is_settling:
            return
        id_ = self._shown.id
        self._is_settling = True
        self._keeper.keep_now()
        self._workspace.drafts.hand_over(_key(id_))
        self._workspace.do(
            Action.DISAGREEMENT_SETTLED,
            lambda s: exchange.settle(s, id_, choice),
            then=partial(self._settled, id_),
            failed=partial(self._refused, id_),
        )

    def _settled(self, dispute: str, _record: int) -> None:
        """Nothing is to be kept of it, whatever was typed; of the next one it is."""
        self._is_settling = False
        if self._shown is not None and self._shown.id == dispute:
            self._keeper.forget()
        else:
            self._workspace.drafts.forget(_key(dispute))
        self.settled.emit()

    def _refused(self, dispute: str, error: DeskError) -> None:
        self._is_settling = False
        if self._shown is None or self._shown.id != dispute:  # put off meanwhile
            self._workspace.refused.emit(error)
            return
        self.problem.tell(f"! {sentence(error)}")


def _key(dispute: str) -> str:
    return f"settle.{dispute}"


class _Values(Turning):
    """Side by side where none is pressed into a few letters a line, or under one another."""

    def event(self, event: QEvent) -> bool:
        """Other values need other room."""
        if event.type() == QEvent.Type.LayoutRequest:
            self._arrange()
        return super().event(event)

    def needed(self) -> int:
        """Also what cannot be broken, such as a date."""
        shown = [value for value in self.findChildren(_Value) if not value.isHidden()]
        gaps = self._line.spacing() * (len(shown) - 1)
        is_long = any(len(value.value.text()) > _MANY for value in shown)
        least = characters(self.font(), _LEAST_OF_MANY if is_long else _LEAST)
        return gaps + sum(max(least, value.needed()) for value in shown)


class _Value(QFrame):
    """What stood or stands somewhere, and who wrote it."""

    def __init__(self) -> None:
        super().__init__()
        self.setProperty("role", "notice")
        self.where, self.value, self.who = Words("", "section"), Words(), Words("", "small")
        self.value.let_select()
        column = QVBoxLayout(self)
        column.setContentsMargins(SIDE_PX, 8, SIDE_PX, 8)
        column.setSpacing(4)
        for words in (self.where, self.value, self.who):
            column.addWidget(words)
        column.addStretch(1)

    def needed(self) -> int:
        """Pixels for what cannot be broken."""
        return max(self.minimumSizeHint().width(), self.value.longest() + 2 * SIDE_PX)

    def tell(self, where: str, *sides: Side) -> None:
        """The first side, and under it the others."""
        self.where.setText(where)
        self.value.setText(sides[0].value)
        others = [f"{side.value} ({side.who})" for side in sides[1:]]
        self.who.setText("\n".join(filter(None, (sides[0].who, *others))))
        self.who.setVisible(bool(sides[0].who or others))

    @property
    def spoken(self) -> str:
        """All of it in one line."""
        told = ", ".join(filter(None, (self.value.text(), self.who.text().replace("\n", ", "))))
        return _("{where}: {told}").format(where=self.where.text(), told=told)
