"""Where an invitation of the committee lies: typed, or chosen."""

from pathlib import Path

from PySide6.QtCore import Signal, Slot

from correspondent_desk.gui.choosing import invitation_to_use
from correspondent_desk.gui.widgets.buttons import button
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.form import Form
from correspondent_desk.gui.widgets.line_edit import LineEdit
from correspondent_desk.language import _


class InvitationField(LineEdit):
    """A line for the file, and a button that looks for it."""

    chosen = Signal(object)  # Path, when a person chose it with the button

    def __init__(self) -> None:
        super().__init__()
        self.choose = button(_("C&hoose the invitation…"), "link")
        self.choose.clicked.connect(self._choose)

    def add_to(self, form: Form, hint: str = "") -> None:
        """Its two rows, named invitation."""
        form.add("invitation", _("&Invitation"), self, hint)
        form.add_widget(flow_of(self.choose))

    def path(self) -> Path:
        """The file."""
        return Path(self.text().strip())

    def missing(self) -> str:
        """That there is none yet; nothing where one is named."""
        if self.text().strip():
            return ""
        return _("Choose the invitation that the committee has sent.")

    @Slot()
    def _choose(self) -> None:
        path = invitation_to_use(self, Path.home())
        if path:
            self.setText(str(path))
            self.chosen.emit(path)
