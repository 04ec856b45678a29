"""How the window speaks and looks, shown at once."""

from typing import Protocol

from PySide6.QtCore import QTimer, Slot
from PySide6.QtWidgets import QApplication

from correspondent_desk.gui.preferences import Preferences
from correspondent_desk.gui.theme import TEXT_PERCENTS, Contrast, Look
from correspondent_desk.gui.widgets.card import Card
from correspondent_desk.gui.widgets.choice_field import ChoiceField
from correspondent_desk.gui.widgets.form import Form
from correspondent_desk.gui.widgets.scroll import bring_into_view
from correspondent_desk.language import _

SETTLED_MS = 60  # longer than the page takes to be laid out anew


class Chooser(Protocol):
    """Where the choice is kept."""

    @property
    def preferences(self) -> Preferences: ...
    def choose(self, preferences: Preferences) -> None: ...


class LookCard(Card):
    """Language, light or dark, contrast, size of the text."""

    def __init__(self, chooser: Chooser) -> None:
        super().__init__(_("Language and look"))
        self._chooser = chooser
        self.language: ChoiceField[str] = ChoiceField(
            [("", _("As the computer")), ("fr", "Français"), ("en", "English")]
        )
        self.look: ChoiceField[Look] = ChoiceField(
            [
                (Look.SYSTEM, _("As the computer")),
                (Look.LIGHT, _("Light")),
                (Look.DARK, _("Dark")),
            ]
        )
        self.contrast: ChoiceField[Contrast] = ChoiceField(
            [
                (Contrast.SYSTEM, _("As the computer")),
                (Contrast.ORDINARY, _("Ordinary")),
                (Contrast.STRONG, _("Strong")),
            ]
        )
        self.percent: ChoiceField[int] = ChoiceField(
            [(n, _("{n} %").format(n=n)) for n in TEXT_PERCENTS]
        )
        form = Form()
        form.add_beside(
            ("language", _("&Language"), self.language),
            ("percent", _("Size of the te&xt"), self.percent),
        )
        form.add_beside(
            ("look", _("Light or dar&k"), self.look), ("contrast", _("Contras&t"), self.contrast)
        )
        self.body.addWidget(form)
        self._show()
        self.language.chosen.connect(self._choose)
        self.look.chosen.connect(self._choose)
        self.contrast.chosen.connect(self._choose)
        self.percent.chosen.connect(self._choose)

    def _show(self) -> None:
        now = self._chooser.preferences
        self.language.set_value(now.language)
        self.look.set_value(now.appearance.look)
        self.contrast.set_value(now.appearance.contrast)
        nearest = min(TEXT_PERCENTS, key=lambda n: abs(n - now.appearance.text_percent))
        self.percent.set_value(nearest)

    @Slot(object)
    def _choose(self, _value: object) -> None:
        now = self._chooser.preferences
        appearance = now.appearance._replace(
            look=self.look.value(),
            contrast=self.contrast.value(),
            text_percent=self.percent.value(),
        )
        chosen = now._replace(language=self.language.value(), appearance=appearance)
        # Another language builds the pages anew, this one too: not while its signal is under way.
        QTimer.singleShot(0, self, lambda: self._take(chosen))

    def _take(self, chosen: Preferences) -> None:
        self._chooser.choose(chosen)
        QTimer.singleShot(SETTLED_MS, self, self._stay_in_view)

    @Slot()
    def _stay_in_view(self) -> None:
        """All is higher or lower by now; who chooses by key goes on from where they were."""
        focused = QApplication.focusWidget()
        if focused is not None and self.isAncestorOf(focused):
            bring_into_view(focused, self.window())
