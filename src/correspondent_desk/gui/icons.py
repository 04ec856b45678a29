"""Lucide's pictures in the colours of the moment, drawn sharp at the size they are shown."""

from functools import lru_cache

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QGuiApplication, QIcon, QIconEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from correspondent_desk.gui.colours import Colours, colours_of
from correspondent_desk.gui.resources import ICONS


def icon(name: str, tone: str = "text") -> QIcon:
    """The picture called name (a file of resources/icons) in the colour tone of the theme in use.

    It follows a change of theme by itself. Raises KeyError where there is no such picture or tone.
    """
    if name not in _names() or tone not in Colours._fields:
        raise KeyError(name, tone)
    return QIcon(_Engine(name, tone))


def svg(name: str, colour: str) -> bytes:
    """The picture called name, drawn in colour."""
    text = (ICONS / f"{name}.svg").read_text(encoding="utf-8")
    return text.replace("currentColor", colour).encode()


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    return frozenset(path.stem for path in ICONS.glob("*.svg"))


@lru_cache(maxsize=512)
def _pixmap(name: str, colour: str, width: int, height: int) -> QPixmap:
    pixmap = QPixmap(width, height)
    if pixmap.isNull():  # something is being shown that has no room yet
        return pixmap
    pixmap.fill(Qt.GlobalColor.transparent)
    side = min(width, height)
    painter = QPainter(pixmap)
    box = QRectF(0, (height - side) / 2, side, side)  # what is over at the right is a gap
    QSvgRenderer(QByteArray(svg(name, colour))).render(painter, box)
    painter.end()
    return pixmap


class _Engine(QIconEngine):
    """Looks the colour up each time it draws, so that no icon need be made again for a new theme."""

    def __init__(self, name: str, tone: str) -> None:
        super().__init__()
        self._name, self._tone = name, tone

    def clone(self) -> QIconEngine:
        """Another of the same."""
        return _Engine(self._name, self._tone)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        """Draw at the painter's own resolution."""
        ratio = painter.device().devicePixelRatio()
        painter.drawPixmap(rect, self._drawn(rect.size() * ratio, mode, state))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        """The picture of size device pixels."""
        return self._drawn(size, mode, state)

    def scaledPixmap(  # noqa: N802 - Qt's name
        self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float
    ) -> QPixmap:
        """As pixmap; size is in pixels of a plain screen, scale of which make one on this screen."""
        return self._drawn(size * scale, mode, state)

    def _drawn(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        colours = colours_of(QGuiApplication.palette())
        tone = self._tone
        if mode == QIcon.Mode.Disabled:
            tone = "muted"
        elif state == QIcon.State.On and tone == "text":
            tone = "accent"
        return _pixmap(self._name, getattr(colours, tone), size.width(), size.height())
