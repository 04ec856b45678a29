"""Text of several lines."""

from PySide6.QtCore import QMimeData, Signal, Slot
from PySide6.QtWidgets import QPlainTextEdit, QWidget

from correspondent_desk.domain.problems import TEXT_LENGTH
from correspondent_desk.language import _, grouped

AROUND_PX = 24  # the lines: frame and padding


class NoteField(QPlainTextEdit):
    """Tab leaves it. What is too long to be kept is not pasted: Qt would lay out 5 MB for seconds."""

    refused = Signal(str)  # why nothing was pasted; nothing, once something is typed

    def __init__(self, lines: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._has_refused = False
        self.setTabChangesFocus(True)
        self.setFixedHeight(self.fontMetrics().lineSpacing() * lines + AROUND_PX)
        self.textChanged.connect(self._forget)

    def insertFromMimeData(self, source: QMimeData) -> None:  # noqa: N802 - Qt's name
        """Pasted, or dropped here."""
        stays = self.document().characterCount() - 1 - len(self.textCursor().selectedText())
        if stays + len(source.text()) <= TEXT_LENGTH:
            super().insertFromMimeData(source)
            return
        self._has_refused = True
        told = _("Nothing was pasted: it is too long for this field, which holds {n} characters.")
        self.refused.emit(told.format(n=grouped(TEXT_LENGTH)))

    @Slot()
    def _forget(self) -> None:
        if self._has_refused:
            self._has_refused = False
            self.refused.emit("")
