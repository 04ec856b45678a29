"""When something went wrong: what happened, what is safe, what to do, and the technical text folded."""

from itertools import pairwise
from pathlib import Path

from PySide6.QtCore import Slot, qVersion
from PySide6.QtWidgets import QFileDialog, QFrame, QHBoxLayout, QPlainTextEdit, QVBoxLayout, QWidget

from correspondent_desk import __version__
from correspondent_desk.gui.theme import characters
from correspondent_desk.gui.widgets.buttons import button, edge_button
from correspondent_desk.gui.widgets.flow import Flow
from correspondent_desk.gui.widgets.stand_alone import stand_alone
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.language import _


class Trouble(QWidget):
    """Three sentences, then Details, then a report to save. Put actions with add_action."""

    def __init__(
        self, happened: str, safe: str, to_do: str, report: str = "", parent: QWidget | None = None
    ) -> None:
        """report holds no personal data (see report_of); without it there are no details."""
        super().__init__(parent)
        self._report = report
        self.happened, self.safe, self.to_do = Words(happened, "title"), Words(safe), Words(to_do)
        self.details = QPlainTextEdit(report)
        self.details.setReadOnly(True)
        self.details.setTabChangesFocus(True)
        self.details.setAccessibleName(_("Technical details"))
        self.details.hide()
        self.fold = edge_button(_("Details"), "chevron-right")
        self.fold.setCheckable(True)
        self.fold.toggled.connect(self._show_details)
        self.save = button(_("Save a report…"), "file-down")
        self.save.clicked.connect(self._ask_where)
        self.said = Words("", "muted")
        note = Words(_("The report holds no names and nothing that was typed."), "small")
        self._actions = Flow()
        if not report:  # shown they are with the card; before, each would be a window of its own
            for widget in (self.fold, self.save, note):
                widget.hide()
        card = QFrame()
        card.setProperty("role", "card")
        card.setAccessibleDescription(f"{happened} {safe} {to_do}")
        card.setMaximumWidth(characters(self.font(), 100))
        column = QVBoxLayout(card)
        column.setContentsMargins(32, 32, 32, 32)
        column.setSpacing(12)
        for words in (self.happened, self.safe, self.to_do):
            words.let_select()
            column.addWidget(words)
        column.addLayout(self._actions)
        line = QHBoxLayout()
        line.addWidget(self.fold)
        line.addStretch(1)
        line.addWidget(self.save)
        column.addLayout(line)
        column.addWidget(self.details, 1)
        column.addWidget(note)
        column.addWidget(self.said)
        stand_alone(self, card)

    def add_action(self, widget: QWidget) -> None:
        """A way out, in words; the first one has the focus."""
        if self.focusProxy() is None:
            self.setFocusProxy(widget)
        self._actions.addWidget(widget)
        for before, after in pairwise((widget, self.fold, self.save, self.details)):
            QWidget.setTabOrder(before, after)

    def save_to(self, path: Path) -> None:
        """Write the report and say where, once it can be read back."""
        try:
            path.write_text(self._report, encoding="utf-8")
            is_there = path.read_text(encoding="utf-8") == self._report
        except OSError:
            is_there = False
        if is_there:
            self.said.tell(_("The report is saved in {path}.").format(path=path))
        else:
            self.said.tell(_("The report could not be saved there. Choose another folder."))

    @Slot(bool)
    def _show_details(self, shown: bool) -> None:
        self.fold.show_picture("chevron-down" if shown else "chevron-right")
        self.details.setVisible(shown)

    @Slot()
    def _ask_where(self) -> None:
        name = Path.home() / "correspondent-desk-report.txt"
        path, _kind = QFileDialog.getSaveFileName(self, _("Save a report"), str(name))
        if path:
            self.save_to(Path(path))


def report_of(error: BaseException) -> str:
    """Where error came from: files, lines and kinds, without its words, which may name people."""
    import platform
    import traceback

    lines = [
        f"Correspondent Desk {__version__}",
        f"Python {platform.python_version()}, Qt {qVersion()}, {platform.platform()}",
        "",
    ]
    cause: BaseException | None = error
    while cause:
        lines.append(f"{type(cause).__module__}.{type(cause).__qualname__}")
        lines += [
            f"  {Path(frame.filename).name}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(cause.__traceback__)
        ]
        cause = cause.__cause__ or cause.__context__
    return "\n".join(lines) + "\n"
