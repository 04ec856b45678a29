"""The way back to contacts that were begun with somebody else than who is in view."""

from collections.abc import Callable

from PySide6.QtCore import QObject, Signal, Slot

from correspondent_desk.domain.fields import Kind
from correspondent_desk.gui.members import begun_contacts
from correspondent_desk.gui.members.begun_contacts import Begun
from correspondent_desk.gui.members.card import OpenForm
from correspondent_desk.gui.widgets.buttons import edge_button
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import ngettext


class BegunWay(QObject):
    """A button for as long as there are some; it leads to the one that was begun last."""

    chosen = Signal(int, object)  # the member, OpenForm

    def __init__(
        self, workspace: Workspace, person_in_view: Callable[[], int | None], parent: QObject
    ) -> None:
        super().__init__(parent)
        self._workspace, self._person_in_view = workspace, person_in_view
        self.button = edge_button("", "pencil")
        self.button.clicked.connect(self._go_on)
        self.button.hide()

    @Slot()
    def offer(self) -> None:
        """As things stand now."""
        begun = self._elsewhere()
        if begun:
            sentence = ngettext(
                "A contact with {name} was begun and is not saved: go on",
                "{n} contacts were begun and are not saved, the last one with {name}: go on",
                len(begun),
            )
            self.button.setText(sentence.format(name=begun[0].name, n=len(begun)))
        self.button.setVisible(bool(begun))

    def _elsewhere(self) -> list[Begun]:
        drafts, here = self._workspace.drafts, self._person_in_view()
        found = self._workspace.now(lambda s: begun_contacts.begun(s, drafts))
        return [one for one in found if one.member != here]

    @Slot()
    def _go_on(self) -> None:
        for one in self._elsewhere()[:1]:
            self.chosen.emit(one.member, OpenForm(Kind.CONTACT, one.contact))
        self.offer()
