"""Buttons in words: one main action a page, the others beside it, dangerous ones apart."""

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QEnterEvent, QFont, QFontMetrics, QIcon, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QAbstractButton, QPushButton, QSizePolicy, QToolButton, QWidget

from correspondent_desk.gui.icons import icon
from correspondent_desk.gui.widgets.text import restyle

LEAST_LETTERS = 12
ENTER = (Qt.Key.Key_Return, Qt.Key.Key_Enter)
_MAIN, _ON_MAIN, _ON_ANY = "main", "on_accent", "text"  # a role, and tones of pictures
MNEMONIC = Qt.TextFlag.TextShowMnemonic
GAP_PX = 6  # Qt leaves too little between picture and word, so pictures are drawn wider


class Button(QPushButton):
    """Its picture is as high as its text. Enter presses it as Space does."""

    def __init__(self, text: str, picture: str, tone: str) -> None:
        super().__init__(text)
        self.setAutoDefault(False)
        self._tone = tone
        self._tells_all = False
        self.show_picture(picture)

    def set_main(self, *, is_main: bool) -> None:
        """Become the one main action of a page, or any other action again."""
        role = _MAIN if is_main else None
        if self.property("role") == role:
            return
        self.setProperty("role", role)
        self._tone = _ON_MAIN if is_main else _ON_ANY
        self.show_picture(self._picture)
        restyle(self)

    @property
    def is_main(self) -> bool:
        """Whether it is the main action of its page."""
        return bool(self.property("role") == _MAIN)

    def show_picture(self, picture: str) -> None:
        """Another picture; none for an empty name."""
        self._picture = picture
        if picture:
            self.setIcon(icon(picture, self._tone))
        elif not self.icon().isNull():
            self.setIcon(QIcon())
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter too: outside of dialogs Qt leaves it without effect."""
        if not _pressed_by(self, event):
            super().keyPressEvent(event)

    def sizeHint(self) -> QSize:
        """With room for the bold letters of what is chosen, which Qt does not count."""
        hint = super().sizeHint()
        if self.isCheckable():
            plain, bold = QFontMetrics(self.font()), QFont(self.font())
            bold.setWeight(QFont.Weight.DemiBold)
            lines = self.text().replace("&", "").splitlines()
            wider = QFontMetrics(bold)
            hint += QSize(
                max((wider.horizontalAdvance(t) for t in lines), default=0)
                - max((plain.horizontalAdvance(t) for t in lines), default=0),
                0,
            )
        return hint

    def let_wrap(self) -> "Button":
        """Let a layout give it a second line where its words do not fit, as a Flow always does."""
        policy = QSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        return self

    def heightForWidth(self, width: int) -> int:
        """As height_at; asked only where it may wrap."""
        return self.height_at(width)

    def height_at(self, width: int) -> int:
        """How high it must be at width, to show all its words, in two lines if need be."""
        hint = self.sizeHint()
        if width >= hint.width() or "\n" in self.text() or " " not in self.text():
            return hint.height()
        return hint.height() + QFontMetrics(self.font()).lineSpacing()

    def minimumSizeHint(self) -> QSize:
        """Room for its picture and some letters: in a row that wraps, long words may end in …"""
        least = QFontMetrics(self.font()).averageCharWidth() * LEAST_LETTERS
        return super().minimumSizeHint().boundedTo(QSize(least + self.iconSize().width(), 9999))

    def paintEvent(self, event: QPaintEvent) -> None:
        """As any button, with as much of its words as there is room for."""
        over = self.sizeHint().width() - self.width()
        if over <= 0:
            super().paintEvent(event)
            return
        # Not before it is needed: PySide takes 7 ms to make all the names of a style.
        from PySide6.QtWidgets import QStyle, QStyleOptionButton

        shown = QStyleOptionButton()
        self.initStyleOption(shown)
        shown.text = self._fitting()
        painter = QPainter(self)
        self.style().drawControl(QStyle.ControlElement.CE_PushButton, shown, painter, self)
        painter.end()

    def enterEvent(self, event: QEnterEvent) -> None:
        """Where the words are cut, all of them on hover. event() would be called for every event."""
        super().enterEvent(event)
        if not self.toolTip() and self._is_cut():
            self.setToolTip(self.text().replace("&", ""))
            self._tells_all = True

    def leaveEvent(self, event: QEvent) -> None:
        """They may fit next time."""
        super().leaveEvent(event)
        if self._tells_all:
            self.setToolTip("")
            self._tells_all = False

    def _fitting(self) -> str:
        """Its words within its width: in two lines where it is high enough, else with an end."""
        metrics, elide = QFontMetrics(self.font()), Qt.TextElideMode.ElideRight
        over = self.sizeHint().width() - self.width()
        room = metrics.size(MNEMONIC, self.text()).width() - over
        first, rest = self.text(), ""
        while self._has_two_lines() and metrics.size(MNEMONIC, first).width() > room:
            first, space, last = first.rpartition(" ")
            if not space:
                break
            rest = f"{last} {rest}".strip()
        lines = (first, rest) if first and rest else (self.text(),)
        return "\n".join(metrics.elidedText(line, elide, room, MNEMONIC) for line in lines)

    def _has_two_lines(self) -> bool:
        return self.height() >= self.sizeHint().height() + QFontMetrics(self.font()).height() - 2

    def _is_cut(self) -> bool:
        return self.sizeHint().width() > self.width() and "…" in self._fitting()

    def _fit(self) -> None:
        side = QFontMetrics(self.font()).height()
        self.setIconSize(QSize(side + GAP_PX, side))


class ToolButton(QToolButton):
    """Enter presses it as Space does."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Enter too."""
        if not _pressed_by(self, event):
            super().keyPressEvent(event)


class IconButton(ToolButton):
    """A picture alone, a little higher than the text."""

    def __init__(self, picture: str, name: str, parent: QWidget | None) -> None:
        super().__init__(parent)
        self.setIcon(icon(picture))
        self.setToolTip(name)
        self.setAccessibleName(name)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        side = max(20, round(QFontMetrics(self.font()).height() * 1.1))
        self.setIconSize(QSize(side, side))


def main_button(text: str, picture: str = "") -> Button:
    """The one main action of a page."""
    return _button(text, picture, _MAIN, _ON_MAIN)


def button(text: str, picture: str = "") -> Button:
    """Any other action."""
    return _button(text, picture, "")


def quiet_button(text: str, picture: str = "") -> Button:
    """An action within text or a line, drawn like a link."""
    return _button(text, picture, "quiet", "accent")


def edge_button(text: str, picture: str = "") -> Button:
    """As quiet_button, where a line begins: it stands flush with the words above and below."""
    made = quiet_button(text, picture)
    made.setProperty("edge", True)
    return made


def danger_button(text: str, picture: str = "") -> Button:
    """An action that takes something away; never beside the main one."""
    return _button(text, picture, "danger", "late")


def filter_button(text: str) -> Button:
    """One word of a row of filters; the caller puts the row in a QButtonGroup."""
    made = Button(text, "", "text")
    made.setProperty("role", "filter")
    made.setCheckable(True)
    return made


def icon_button(picture: str, name: str, parent: QWidget | None = None) -> IconButton:
    """A picture alone, where everybody knows it; name is read out and shown on hover."""
    return IconButton(picture, name, parent)


def _pressed_by(pressed: QAbstractButton, event: QKeyEvent) -> bool:
    """Press a button if event is Enter alone, once: a key held down must not act again."""
    alone = event.modifiers() & ~Qt.KeyboardModifier.KeypadModifier
    if event.key() not in ENTER or alone:
        return False
    if not event.isAutoRepeat():
        pressed.click()
    return True


def _button(text: str, picture: str, role: str, tone: str = _ON_ANY) -> Button:
    made = Button(text, picture, tone)
    if role:
        made.setProperty("role", role)
    return made
