"""Help: the keyboard map, and the few habits that make the rest easy."""

from PySide6.QtWidgets import QVBoxLayout

from correspondent_desk.gui.keys import KeyGroup, keyboard_map
from correspondent_desk.gui.page import Page
from correspondent_desk.gui.widgets.card import Card
from correspondent_desk.gui.widgets.card_column import CardColumn
from correspondent_desk.gui.widgets.scroll import Scroll
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.widgets.turning import Fact
from correspondent_desk.language import _


class HelpPage(Page):
    """Shown with F1; Esc goes back."""

    def __init__(self, pages: list[str]) -> None:
        """pages: the titles of the navigation, in order."""
        super().__init__()
        cards = CardColumn(_("Help"))
        cards.add(_habits())
        for group in keyboard_map(pages):
            cards.add(_group(group))
        self.area = Scroll(cards).let_focus(_("Help and keyboard map"))
        whole = QVBoxLayout(self)
        whole.setContentsMargins(0, 0, 0, 0)
        whole.addWidget(self.area)


def _habits() -> Card:
    card = Card(_("Good to know"))
    for sentence in (
        _("What you type is kept at once, encrypted. Save makes it a step that can be undone."),
        _("Everything you do can be taken back, step by step, also tomorrow."),
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
