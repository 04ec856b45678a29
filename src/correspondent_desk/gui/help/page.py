"""Help: the keyboard map, and the few habits that make the rest easy."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QVBoxLayout

from correspondent_desk.gui.keys import KeyGroup, keyboard_map
from correspondent_desk.gui.page import Page
from correspondent_desk.gui.widgets.buttons import button
from correspondent_desk.gui.widgets.card import Card
from correspondent_desk.gui.widgets.card_column import CardColumn
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.scroll import Scroll
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.widgets.turning import Fact
from correspondent_desk.language import _


class HelpPage(Page):
    """Shown with F1; Esc goes back."""

    own_desk_wanted = Signal()

    def __init__(self, pages: list[str], own_place: str = "") -> None:
        """pages: the titles of the navigation, in order.

        own_place: among invented people, the folder for a desk of one's own.
        """
        super().__init__()
        cards = CardColumn(_("Help"))
        if own_place:
            cards.add(self._invented(own_place))
        cards.add(_habits())
        for group in keyboard_map(pages):
            cards.add(_group(group))
        self.area = Scroll(cards).let_focus(_("Help and keyboard map"))
        self.area.setProperty("role", "page")  # a frame round all of it would say nothing
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.area)

    def take_focus(self) -> None:
        """On all of it: there is more to read than to press."""
        self.area.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def _invented(self, own_place: str) -> Card:
        card = Card(_("Invented people"))
        card.body.addWidget(
            Words(
                _(
                    "The people, requests and meetings of this desk are invented, and its passphrase"
                    " is no secret: try everything, but write nothing about real people here."
                )
            )
        )
        told = _("A desk of your own gets its own folder: {path}. This one stays as it is.")
        card.body.addWidget(Words(told.format(path=own_place)).let_select())
        self.own_desk = button(_("&Go to a desk of your own"))
        self.own_desk.clicked.connect(self.own_desk_wanted)
        card.body.addWidget(flow_of(self.own_desk))
        return card


def _habits() -> Card:
    card = Card(_("Good to know"))
    for sentence in (
        _("What you type is kept at once, encrypted. Save makes it a step that can be undone."),
        _(
            "What you save about people and the office can be taken back, step by step, also"
            " tomorrow; the look, the passphrase and who works at this desk are simply changed"
            " again."
        ),
        _("The search field finds people by name, phone or number, even with a typing error."),
        _("Nothing leaves this computer unless you hand it over yourself."),
    ):
        card.body.addWidget(Words(sentence))
    return card


def _group(group: KeyGroup) -> Card:
    card = Card(group.title)
    for line in group.lines:
        card.body.addWidget(Fact(line.keys, Words(line.words), "strong"))
    return card
