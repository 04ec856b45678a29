"""How the window looks: which colours, how large the text, how wide the spaces."""

from contextlib import suppress
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, QStandardPaths, Qt, QTemporaryDir, Signal, Slot
from PySide6.QtGui import QFont, QFontInfo, QFontMetrics
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from correspondent_desk.gui.colours import (
    DARK,
    LIGHT,
    STRONG_DARK,
    STRONG_LIGHT,
    Colours,
    palette_of,
)
from correspondent_desk.gui.icons import svg
from correspondent_desk.gui.resources import STYLE_SHEET

TEXT_PERCENTS = (80, 90, 100, 110, 125, 140, 160, 180, 200)
SMALLEST_BASE_PT = 10.5  # what the system gives is at times 9 pt, too small for many
SMALL = 0.92  # of the ordinary text
TIGHT_PX = 450  # at 100 %: below this the navigation has no words
NARROW_PX = 900  # at 100 %: below this the card covers the list


class Look(StrEnum):
    """Light or dark."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


class Contrast(StrEnum):
    """Ordinary or strong."""

    SYSTEM = "system"
    ORDINARY = "ordinary"
    STRONG = "strong"


class Appearance(NamedTuple):
    """What a person chose; by default what the system says."""

    look: Look = Look.SYSTEM
    contrast: Contrast = Contrast.SYSTEM
    text_percent: int = 100


AS_THE_SYSTEM = Appearance()


def application(name: str = "") -> QApplication:
    """The application, in the style that the theme dresses; the one there is, if there is one."""
    made = QApplication.instance()
    if not isinstance(made, QApplication):
        # app.setStyle gives a QStyle, whose thousand names PySide would need 7 ms to make.
        made = QApplication([name, "-style", "Fusion"])
    return made


class Theme(QObject):
    """Dresses the application, again whenever the choice or the system's changes.

    The style sheet is given to windows, not to the application: with one on the application Qt
    styles a widget, and all in it, anew each time it is put into another, which made the page of
    members take 230 ms to build instead of 35.
    """

    changed = Signal()

    def __init__(self, app: QApplication, appearance: Appearance = AS_THE_SYSTEM) -> None:
        super().__init__(app)
        self._app = app
        self._system_font = QFont(app.font())
        self._pictures = QTemporaryDir()
        app.aboutToQuit.connect(self._remove_pictures)
        self.appearance = appearance
        self._is_dressing = False
        self._windows: list[QWidget] = []
        self._sheet = ""
        self._dress()
        hints = app.styleHints()
        hints.colorSchemeChanged.connect(self._system_changed)
        hints.accessibility().contrastPreferenceChanged.connect(self._system_changed)

    @property
    def colours(self) -> Colours:
        """The set in use."""
        hints = self._app.styleHints()
        dark = hints.colorScheme() == Qt.ColorScheme.Dark
        if self.appearance.look is not Look.SYSTEM:
            dark = self.appearance.look is Look.DARK
        strong = hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast
        if self.appearance.contrast is not Contrast.SYSTEM:
            strong = self.appearance.contrast is Contrast.STRONG
        if strong:
            return STRONG_DARK if dark else STRONG_LIGHT
        return DARK if dark else LIGHT

    def dress(self, window: QWidget) -> None:
        """Give window the style sheet, from now on."""
        self._windows.append(window)
        self._clothe(window)

    def choose(self, appearance: Appearance) -> None:
        """Look like this from now on. Raises ValueError for a text size outside 80 to 200 %."""
        if not TEXT_PERCENTS[0] <= appearance.text_percent <= TEXT_PERCENTS[-1]:
            raise ValueError(appearance.text_percent)
        if appearance != self.appearance:
            self.appearance = appearance
            self._dress()

    def _dress(self) -> None:
        hints = self._app.styleHints()
        self._is_dressing = True  # the title bar follows; we need not be told of it
        match self.appearance.look:
            case Look.SYSTEM:
                hints.unsetColorScheme()
            case Look.LIGHT:
                hints.setColorScheme(Qt.ColorScheme.Light)
            case Look.DARK:
                hints.setColorScheme(Qt.ColorScheme.Dark)
        self._is_dressing = False
        self._windows = [window for window in self._windows if isValid(window)]
        font = QFont(self._system_font)
        base_pt = max(QFontInfo(self._system_font).pointSizeF(), SMALLEST_BASE_PT)
        font.setPointSizeF(base_pt * self.appearance.text_percent / 100)
        self._app.setFont(font)
        self._app.setPalette(palette_of(self.colours))
        self._sheet = self._sheet_with_pictures(font)
        for window in self._windows:
            self._clothe(window)
        self.changed.emit()

    def _sheet_with_pictures(self, font: QFont) -> str:
        """Where temporary files find no room the pictures lie with the caches, or there are none."""
        for _place in range(2):
            with suppress(OSError):
                if self._pictures.isValid():
                    return style_sheet(self.colours, font, Path(self._pictures.path()))
            self._pictures.remove()
            caches = QStandardPaths.StandardLocation.GenericCacheLocation
            self._pictures = QTemporaryDir(f"{QStandardPaths.writableLocation(caches)}/desk")
        return style_sheet(self.colours, font, None)

    @Slot()
    def _remove_pictures(self) -> None:
        self._pictures.remove()

    def _clothe(self, window: QWidget) -> None:
        window.setFont(self._app.font())  # the application's own reaches it later, by an event
        window.setStyleSheet(self._sheet)

    @Slot()
    def _system_changed(self) -> None:
        if not self._is_dressing:
            self._dress()


def style_sheet(colours: Colours, font: QFont, pictures: Path | None) -> str:
    """The short style sheet for these colours and this text, its pictures written to pictures.

    None: without pictures. Raises OSError.
    """
    values = colours._asdict()
    for picture, tone in (
        ("check", "on_accent"),
        ("minus", "on_accent"),
        ("dot", "on_accent"),
        ("chevron-down", "text"),
        ("chevron-up", "text"),
        ("chevron-left", "text"),
        ("chevron-right", "text"),
    ):
        colour = values[tone]
        if pictures is None:
            values[picture.replace("-", "_")] = ""
            continue
        path = pictures / f"{picture}-{colour[1:]}.svg"
        if not path.exists():
            path.write_bytes(svg(picture, colour))
        values[picture.replace("-", "_")] = path.as_posix()
    size = font.pointSizeF()
    values |= {"title": f"{size * 1.5:.1f}pt", "heading": f"{size * 1.2:.1f}pt"}
    values |= {"base": f"{size:.1f}pt", "small": f"{size * SMALL:.1f}pt"}
    em = QFontMetrics(font).height()
    values |= {f"s{n}": f"{max(n, round(n * em / 19))}px" for n in (2, 4, 6, 8, 10, 12, 16, 24)}
    mark = max(18, em)
    values |= {"least": f"{mark}px", "mark": f"{mark}px", "round": f"{mark // 2 + 1}px"}
    values |= {"bar": f"{max(12, round(em * 0.6))}px"}
    ring = 3 if colours.is_strong else 2
    values |= {"ring": f"{ring}px", "slack": f"{ring - 1}px"}
    return STYLE_SHEET.read_text(encoding="utf-8").format(**values)


def row_height(font: QFont) -> int:
    """The height of a line in a list: room for a finger, and for the font."""
    return max(36, QFontMetrics(font).height() + 16)


def characters(font: QFont, count: float) -> int:
    """Pixels that count ordinary characters take."""
    return round(QFontMetrics(font).averageCharWidth() * count * 1.1)


def is_narrow(widget: QWidget) -> bool:
    """Whether widget's window has too little room for things side by side, given its text size."""
    return widget.window().width() < NARROW_PX * _text_size()


def is_tight(widget: QWidget) -> bool:
    """Whether widget's window has too little room for words at the side, given its text size."""
    return widget.window().width() < TIGHT_PX * _text_size()


def _text_size() -> float:
    """1 at 100 % or less, 2 at 200 %."""
    return max(1.0, QFontInfo(QApplication.font()).pointSizeF() / SMALLEST_BASE_PT)
