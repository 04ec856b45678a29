"""The calendar with its hours: one widget, one cursor that arrows move from slot to slot."""

from collections.abc import Callable
from datetime import datetime, time, timedelta

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetrics,
    QHelpEvent,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QFrame, QToolTip, QWidget

from correspondent_desk.domain.meetings import MeetingRow
from correspondent_desk.gui.meetings.days import SLOT, Days, minute_of
from correspondent_desk.gui.meetings.drawing import Drawing, Places
from correspondent_desk.gui.meetings.spoken import SpokenMeetings
from correspondent_desk.gui.theme import characters
from correspondent_desk.gui.widgets.aloud import read_out
from correspondent_desk.gui.widgets.areas import AbstractScrollArea
from correspondent_desk.language import _
from correspondent_desk.messages import today_page

AHEAD = 4  # slots after the cursor


class Grid(AbstractScrollArea):
    """Arrows move, Enter opens the meeting there or begins one, Insert begins one in any case."""

    slot_wanted = Signal(object)  # datetime: plan a meeting there
    meeting_wanted = Signal(int)
    days_wanted = Signal(int)  # weeks or days to go, backward or forward
    cursor_moved = Signal(object)  # datetime

    def __init__(self, now: Callable[[], datetime], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._now = now
        self._days = Days(days=(now().date(),))
        self._cursor = datetime.combine(now().date(), time(9))
        self._chosen: int | None = None
        self._turn = 0
        self._looks_ahead = False  # the cursor was put where it is, and nobody has scrolled since
        self._pressed: tuple[MeetingRow | None, datetime | None] = (None, None)
        self._pressed_at = QPointF(-1, -1)  # on the screen
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName(_("Calendar"))
        self.setAccessibleDescription(
            _(
                "Arrows go from slot to slot, Enter opens or plans a meeting, Page Up and Page Down change the week. The button List, before the calendar, shows the same meetings line by line."
            )
        )
        self.viewport().setMouseTracking(True)
        self.spoken = SpokenMeetings(self.viewport())
        self.verticalScrollBar().valueChanged.connect(self._name_meetings)
        self.verticalScrollBar().actionTriggered.connect(self._scrolled_by_hand)

    @property
    def cursor_at(self) -> datetime:
        """Where the cursor is: wall-clock time."""
        return self._cursor

    @property
    def days(self) -> Days:
        """What is shown."""
        return self._days

    def show_days(self, days: Days) -> None:
        """Show these; the cursor stays at its time, in the nearest day."""
        self._days = days
        if self._cursor.date() not in days.days:
            nearest = min(days.days, key=lambda day: abs(day - self._cursor.date()))
            self._cursor = datetime.combine(nearest, self._cursor.time())
        self._fit()
        self.viewport().update()

    def go_to(self, moment: datetime, *, ahead: bool = True) -> None:
        """Put the cursor there without telling anybody; ahead: with what comes after it in view."""
        minute = minute_of(moment) // SLOT * SLOT
        self._cursor = datetime.combine(moment.date(), time(*divmod(minute, 60)))
        self._looks_ahead = ahead
        self._bring_into_view()
        self.viewport().update()

    def mark(self, meeting_id: int | None) -> None:
        """Show this meeting as the chosen one."""
        self._chosen = meeting_id
        self.viewport().update()

    def words_at(self, moment: datetime) -> str:
        """A slot as one sentence: when, what takes place, whether it is free."""
        return Drawing.words(self._days, moment)

    # --- keys and mouse

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The cursor's ways."""
        key, days = event.key(), self._days.days
        if key in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            self._go_sideways(1 if key == Qt.Key.Key_Right else -1)
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._go_slots(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_PageUp, Qt.Key.Key_PageDown):
            self.days_wanted.emit(1 if key == Qt.Key.Key_PageDown else -1)
        elif key in (Qt.Key.Key_Home, Qt.Key.Key_End):
            edge = days[0 if key == Qt.Key.Key_Home else -1]
            self._move(datetime.combine(edge, self._cursor.time()))
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._open()
        elif key == Qt.Key.Key_Insert:
            self.slot_wanted.emit(self._cursor)
        else:
            super().keyPressEvent(event)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """A click opens a meeting, or plans one in the slot."""
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._pressed_at = event.globalPosition()
        self._pressed = self._hit(event.position().toPoint())
        self._go_on_with_pressed()

    def _go_on_with_pressed(self) -> None:
        row, moment = self._pressed
        if moment is not None:
            self._move(moment)
        if row is not None:
            self.meeting_wanted.emit(row.id)
        elif moment is not None:
            self.slot_wanted.emit(moment)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Its second press gave the focus to the calendar: it goes on with what the first one meant.

        Beside the form that opened the calendar is narrower, and another day stands there by now.
        """
        way = event.globalPosition() - self._pressed_at
        if way.manhattanLength() > QApplication.startDragDistance():  # the first was elsewhere
            self.mousePressEvent(event)
        elif event.button() == Qt.MouseButton.LeftButton:
            self._go_on_with_pressed()

    def viewportEvent(self, event: QEvent) -> bool:
        """All words of what is under the mouse."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            row, moment = self._hit(event.pos())
            words = today_page.spoken_meeting(row) if row else ""
            if row is None and moment is not None:
                words = self.words_at(moment)
            elif row is None:
                words = self.places().notes_at(event.pos())
            QToolTip.showText(event.globalPos(), words, self)
            return True
        return super().viewportEvent(event)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """Say where the cursor is."""
        super().focusInEvent(event)
        # Once its name was said, which would cut it short.
        QTimer.singleShot(0, self, self._announce)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """The ring goes."""
        super().focusOutEvent(event)
        self.viewport().update()

    # --- size and drawing

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Follow the room there is."""
        super().resizeEvent(event)
        self._fit()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the font."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def minimumSizeHint(self) -> QSize:
        """Some hours at least."""
        metrics = QFontMetrics(self.font())
        return QSize(characters(self.font(), 30), metrics.height() * 7)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Hours, days, bands, meetings, the line of now and the cursor."""
        painter = QPainter(self.viewport())
        drawing = Drawing(painter, self.places(), self._days, self.font(), self.palette())
        drawing.draw(
            now=self._now(), cursor=self._cursor, has_focus=self.hasFocus(), chosen=self._chosen
        )
        painter.end()

    def places(self) -> Places:
        """Where everything stands at this moment."""
        return Places(
            self._days,
            self.viewport().size(),
            self.verticalScrollBar().value(),
            self.font(),
            self._now().date(),
        )

    def _fit(self) -> None:
        places = self.places()
        room = self.viewport().height() - places.head
        self.verticalScrollBar().setPageStep(max(1, room))
        self.verticalScrollBar().setSingleStep(places.slot)
        self.verticalScrollBar().setRange(0, max(0, places.body - room))
        if self._looks_ahead:
            self._bring_into_view()
        self._name_meetings()

    @Slot()
    def _name_meetings(self) -> None:
        self.spoken.follow(self.places(), self._now().date())

    @Slot()
    def _scrolled_by_hand(self) -> None:
        self._looks_ahead = False

    def _bring_into_view(self) -> None:
        """The slot of the cursor; looking ahead, near the top where the hours after it do not fit."""
        places, bar, room = self.places(), self.verticalScrollBar(), self.viewport().height()
        box, end = places.slot_box(self._cursor), places.y(self._days.last_minute)
        ahead = min(box.bottom() + AHEAD * places.slot, end)
        if self._looks_ahead and (box.top() < places.head or ahead > room):
            bar.setValue(bar.value() + box.top() - places.head - places.slot)
        elif box.top() < places.head:
            bar.setValue(bar.value() - (places.head - box.top()))
        elif box.bottom() > room:
            bar.setValue(bar.value() + box.bottom() - room + 2)

    def _hit(self, at: QPoint) -> tuple[MeetingRow | None, datetime | None]:
        places = self.places()
        moment = places.moment_at(at)
        if moment is None:
            return None, None
        for block, box in places.blocks(moment.date()):
            if QRect(box).contains(at):
                return block.row, moment
        return None, moment

    # --- the cursor

    def _go_sideways(self, by: int) -> None:
        place = self._days.days.index(self._cursor.date()) + by
        if 0 <= place < len(self._days.days):
            self._move(datetime.combine(self._days.days[place], self._cursor.time()))
        else:
            edge = self._days.days[0 if by < 0 else -1]
            self._cursor = datetime.combine(edge + timedelta(days=by), self._cursor.time())
            self.days_wanted.emit(by)

    def _go_slots(self, by: int) -> None:
        minute = minute_of(self._cursor) + by * SLOT
        if self._days.first_minute <= minute < self._days.last_minute:
            self._move(datetime.combine(self._cursor.date(), time(*divmod(minute, 60))))

    def _move(self, moment: datetime) -> None:
        self._turn = 0
        self.go_to(moment, ahead=False)
        self._announce()
        self.cursor_moved.emit(self._cursor)

    def _open(self) -> None:
        here = self._days.at(self._cursor)
        if not here:
            self.slot_wanted.emit(self._cursor)
            return
        self.meeting_wanted.emit(here[self._turn % len(here)].id)
        self._turn += 1  # Enter again: the next of those side by side

    @Slot()
    def _announce(self) -> None:
        read_out(self, self.words_at(self._cursor))
