"""Words on the screen: they wrap, and are not cut, but for one that is longer than any name."""

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from correspondent_desk.gui.theme import characters
from correspondent_desk.gui.widgets.aloud import read_out

LONGEST = 36  # characters of a word for which room is made at the cost of all around it
SURELY_PX = 200  # no word so wide is longer; most are asked about hundreds of times


class Words(QLabel):
    """Plain text in one of the roles of the style sheet, wrapped where it does not fit.

    role: "" for text, or title, heading, section, small, muted, strong, problem.
    """

    def __init__(self, text: str = "", role: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.setTextFormat(Qt.TextFormat.PlainText)  # people's names are no markup
        self.setWordWrap(True)
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        if role == "title":
            self.setIndent(2)  # a J reaches out to the left
        if role:
            self.setProperty("role", role)

    def tell(self, sentence: str) -> None:
        """Show sentence and read it out; without one, it takes no room."""
        self.setText(sentence)
        self.setVisible(bool(sentence))
        read_out(self, sentence)

    def minimumSizeHint(self) -> QSize:
        """A pasted address of 200 letters makes no card wider than its place."""
        hint = super().minimumSizeHint()
        if hint.width() > SURELY_PX:
            hint.setWidth(min(hint.width(), characters(self.font(), LONGEST)))
        return hint

    def longest(self) -> int:
        """Pixels of what cannot be broken, however long it is."""
        return super().minimumSizeHint().width()

    def let_select(self) -> "Words":
        """Let the text be selected and copied, with the mouse and the keyboard."""
        self.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        return self


def restyle(widget: QWidget) -> None:
    """Look the style sheet up again, after a property it asks for was changed."""
    widget.style().unpolish(widget)
    widget.style().polish(widget)
    widget.update()
