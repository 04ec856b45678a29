"""Words on the screen: they wrap, and are never cut."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget


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
