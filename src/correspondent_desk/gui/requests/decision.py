"""What the committee decided of a request: to be followed with one key, or read and left."""

from collections.abc import Sequence

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QFrame, QVBoxLayout, QWidget

from correspondent_desk.domain.decisions import Answer, Decision, DecisionLine, suggested
from correspondent_desk.domain.requests import RequestCard
from correspondent_desk.gui.widgets.buttons import button, quiet_button
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.language import _
from correspondent_desk.messages import decisions, labels


class DecisionNotice(QFrame):
    """The newest decision, with its answers as long as nobody has given one; hidden without any."""

    followed = Signal(object)  # DecisionLine
    kept = Signal(object)  # DecisionLine

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "notice")
        self._line: DecisionLine | None = None
        self.who = Words("", "small")
        self.said = Words("", "strong").let_select()
        self.details = Words().let_select()
        self.follow = button("", "check")
        self.follow.clicked.connect(self._follow)
        self.keep = quiet_button(_("Leave the request as it is"))
        self.keep.clicked.connect(self._keep)
        self.answers = flow_of(self.follow, self.keep)
        column = QVBoxLayout(self)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(4)
        for part in (self.who, self.said, self.details, self.answers):
            column.addWidget(part)
        self.hide()

    def show_decisions(self, card: RequestCard, found: Sequence[Decision]) -> None:
        """Show the last of the decisions about this request."""
        self.setVisible(bool(found))
        if not found:
            self._line = None
            return
        newest = found[-1]
        reached = suggested(newest.verdict, card.draft.status)
        self._line = DecisionLine(decision=newest, request=card.member, suggested=reached)
        waits = newest.answer is Answer.NONE
        answer = "" if waits else labels.decision_answer(newest.answer)
        title = _("Decision of the committee")
        self.who.setText(" · ".join(filter(None, (title, newest.person, answer))))
        self.said.setText(decisions.short(newest))
        self.details.setText("\n".join(decisions.details(newest)))
        self.details.setVisible(bool(self.details.text()))
        self.follow.setText(decisions.following(reached))
        self.answers.setVisible(waits)

    @Slot()
    def _follow(self) -> None:
        self.followed.emit(self._line)

    @Slot()
    def _keep(self) -> None:
        self.kept.emit(self._line)
