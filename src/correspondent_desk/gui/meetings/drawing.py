"""Where things stand in the calendar, and drawing them: every meaning has a word or a pattern."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from PySide6.QtCore import QPoint, QRect, QSize, Qt
from PySide6.QtGui import QBrush, QColor, QFont, QFontMetrics, QPainter, QPalette, QPen

from correspondent_desk.domain.meetings import MeetingRow, MeetingStatus
from correspondent_desk.gui.colours import Colours, colours_of
from correspondent_desk.gui.meetings import narrow_names
from correspondent_desk.gui.meetings.days import SLOT, Block, Days, minute_of
from correspondent_desk.gui.meetings.narrow_names import cap_height, fitted
from correspondent_desk.gui.theme import characters
from correspondent_desk.gui.widgets import squeezed
from correspondent_desk.language import _, ngettext
from correspondent_desk.messages import dates, labels, people, planning

GAP = 3
Align = Qt.AlignmentFlag


class Places:
    """Pixels of a viewport: head with the names of the days, gutter with the hours, slots."""

    def __init__(self, days: Days, size: QSize, scrolled: int, font: QFont, today: date) -> None:
        metrics = QFontMetrics(font)
        self.days, self._size, self._scrolled = days, size, scrolled
        self.today = today
        self.line = metrics.height()
        self.notes = [notes_of(days, day, today) for day in days.days]
        lines = 1 + max((len(notes) for notes in self.notes), default=0)
        self.head = lines * self.line + 10
        self.gutter = characters(font, 7)
        self.slot = max(24, round(self.line * 1.55))
        self.body = (days.last_minute - days.first_minute) * self.slot // SLOT + 8
        self.least = -(-(self.line + 4) * SLOT // self.slot)  # minutes that one line of text takes

    def column(self, place: int) -> tuple[int, int]:
        """Left edge and width of a day."""
        room = self._size.width() - self.gutter
        count = len(self.days.days)
        left = self.gutter + room * place // count
        return left, self.gutter + room * (place + 1) // count - left

    def y(self, minute: int) -> int:
        """Where a minute of the day stands."""
        return self.head + (minute - self.days.first_minute) * self.slot // SLOT - self._scrolled

    def slot_box(self, moment: datetime) -> QRect:
        """The slot that begins at moment."""
        left, width = self.column(self._place(moment.date()))
        top = self.y(minute_of(moment))
        return QRect(left, top, width, self.slot)

    def span_box(self, day: date, start: int, end: int) -> QRect:
        """From one minute of a day to another."""
        left, width = self.column(self._place(day))
        return QRect(left, self.y(start), width, self.y(end) - self.y(start))

    def blocks(self, day: date) -> list[tuple[Block, QRect]]:
        """The meetings of a day and where they stand."""
        left, width = self.column(self._place(day))
        found = []
        for block in self.days.blocks(day, self.least):
            part = (width - 2 * GAP) // block.lanes
            top, bottom = self.y(block.start), self.y(block.end)
            height = max(bottom - top, self.line + 4) - 2
            box = QRect(left + GAP + part * block.lane, top + 1, part - 2, height)
            found.append((block, box))
        return found

    def moment_at(self, at: QPoint) -> datetime | None:
        """The slot under a point; None beside the slots."""
        if at.x() < self.gutter or at.y() < self.head:
            return None
        count = len(self.days.days)
        place = min(count - 1, (at.x() - self.gutter) * count // (self._size.width() - self.gutter))
        minute = self.days.first_minute + (at.y() - self.head + self._scrolled) * SLOT // self.slot
        minute = minute // SLOT * SLOT
        if minute >= self.days.last_minute:
            return None
        return datetime.combine(self.days.days[place], time(*divmod(minute, 60)))

    def notes_at(self, at: QPoint) -> str:
        """All words above a day."""
        for place, day in enumerate(self.days.days):
            left, width = self.column(place)
            if left <= at.x() < left + width:
                return "\n".join([dates.plain(day), *self.notes[place]])
        return ""

    def _place(self, day: date) -> int:
        return self.days.days.index(day) if day in self.days.days else 0


def notes_of(days: Days, day: date, today: date) -> list[str]:
    """What is said above a day: holiday, absence, drop-in sessions with their free slots."""
    notes = list(days.holiday(day))
    away = days.absence(day)
    if away:
        notes.append(away.label or _("Absence"))
    for session in days.sessions_on(day):
        n = len(days.free_slots(session))
        free = ngettext("{n} free slot", "{n} free slots", n).format(n=n)
        name = session.label or _("Drop-in session")
        notes.append(f"{name} · {free}" if day >= today else name)
    return notes


class Drawing:
    """One picture of the calendar."""

    def __init__(
        self, painter: QPainter, places: Places, days: Days, font: QFont, palette: QPalette
    ) -> None:
        self._painter, self._places, self._days = painter, places, days
        self._colours: Colours = colours_of(palette)
        self._font, self._small = font, QFont(font)
        self._small.setPointSizeF(font.pointSizeF() * 0.92)
        self._bold = QFont(font)
        self._bold.setBold(True)
        self._metrics = {False: QFontMetrics(self._small), True: QFontMetrics(self._bold)}
        self._least = self._metrics[True].horizontalAdvance("…")

    def draw(self, *, now: datetime, cursor: datetime, has_focus: bool, chosen: int | None) -> None:
        """All of it."""
        self._painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._painter.save()
        body = self._painter.viewport().adjusted(0, self._places.head, 0, 0)
        self._painter.setClipRect(body)
        for place, day in enumerate(self._days.days):
            self._draw_day(place, day)
        self._draw_hours()
        for day in self._days.days:
            for block, box in self._places.blocks(day):
                if box.intersects(body):
                    self._draw_meeting(block.row, box, now, is_chosen=block.row.id == chosen)
        self._draw_now(now)
        self._draw_cursor(cursor, has_focus=has_focus)
        self._painter.restore()
        self._draw_head(now.date())

    @staticmethod
    def words(days: Days, moment: datetime) -> str:
        """A slot as one sentence."""
        parts = [dates.moment_plain(moment)]
        parts += [
            f"{people.shown_name(row)}, {planning.reason(row)}" for row in days.at(moment)
        ] or [_("free")]
        session = days.session_at(moment)
        if session:
            parts.append(planning.session(session))
        parts += days.holiday(moment.date())
        away = days.absence(moment.date())
        if away:
            parts.append(away.label or _("Absence"))
        return ". ".join(parts)

    def _draw_day(self, place: int, day: date) -> None:
        left, width = self._places.column(place)
        top = self._places.y(self._days.first_minute)
        whole = QRect(left, top, width, self._places.body)
        self._painter.fillRect(whole, QColor(self._colours.surface))
        if self._days.holiday(day) or self._days.absence(day):
            hatch = QBrush(QColor(self._colours.line), Qt.BrushStyle.BDiagPattern)
            self._painter.fillRect(whole, hatch)
        for session in self._days.sessions_on(day):
            start = minute_of(session.starts_at)
            box = self._places.span_box(day, start, start + session.minutes)
            self._painter.fillRect(box, QColor(self._colours.soft))
            self._painter.setFont(self._small)
            self._painter.setPen(QColor(self._colours.muted))
            for moment in self._days.free_slots(session) if day >= self._places.today else ():
                slot = self._places.slot_box(moment).adjusted(6, 2, -4, 0)
                self._painter.drawText(slot, Align.AlignTop | Align.AlignRight, _("free"))

    def _draw_hours(self) -> None:
        right = self._painter.viewport().width()
        self._painter.setFont(self._small)
        for minute in range(self._days.first_minute, self._days.last_minute + 1, SLOT):
            y, on_hour = self._places.y(minute), minute % 60 == 0
            style = Qt.PenStyle.SolidLine if on_hour else Qt.PenStyle.DotLine
            self._painter.setPen(QPen(QColor(self._colours.line), 1, style))
            self._painter.drawLine(self._places.gutter, y, right, y)
            if on_hour and minute < self._days.last_minute:
                box = QRect(0, y + 1, self._places.gutter - 8, self._places.line)
                self._painter.setPen(QColor(self._colours.muted))
                text = dates.clock(time(minute // 60))
                self._painter.drawText(box, Align.AlignRight | Align.AlignTop, text)
        self._painter.setPen(QColor(self._colours.line))
        for place in range(len(self._days.days)):
            left, _width = self._places.column(place)
            self._painter.drawLine(left, self._places.head, left, self._places.y(24 * 60))

    def _draw_meeting(self, row: MeetingRow, box: QRect, now: datetime, *, is_chosen: bool) -> None:
        ground, bar = self._tones(row, now)
        painter = self._painter
        inside = box.adjusted(7, 1, -5, -1)
        has_words = inside.width() >= self._least
        if not has_words and not is_chosen:  # of so many at once, none has room: hundreds of them
            painter.fillRect(box, QColor(ground))
            painter.fillRect(box.left(), box.top(), 4, box.height(), QColor(bar))
            return
        painter.setPen(QPen(QColor(bar), 2 if is_chosen else 1))
        painter.setBrush(QColor(ground))
        painter.drawRoundedRect(box.adjusted(0, 0, -1, -1), 4, 4)
        painter.fillRect(box.left(), box.top() + 1, 4, box.height() - 2, QColor(bar))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if not has_words:
            return
        painter.setPen(QColor(self._colours.text))
        name, *others = self._words(row, now, inside)
        lines = fitted(name, inside.width(), inside.height(), self._bold)
        pitch = self._places.line if len(lines) == 1 else cap_height(lines[0][1])
        top = inside.top()
        if len(lines) > 1:
            top += min(4, inside.height() - len(lines) * pitch) // 2
        for words, font in lines:
            where = QRect(inside.left(), top, inside.width(), pitch)
            squeezed.draw(painter, words, where, font, narrow_names.LEAST)
            top += pitch
        painter.setFont(self._small)
        for words in others:
            where = QRect(inside.left(), top, inside.width(), self._places.line)
            if where.bottom() > inside.bottom():
                return
            cut = painter.fontMetrics().elidedText(
                words, Qt.TextElideMode.ElideRight, where.width()
            )
            painter.drawText(where, Align.AlignVCenter | Align.AlignLeft, cut)
            top += self._places.line

    def _words(self, row: MeetingRow, now: datetime, inside: QRect) -> list[str]:
        """What stands in the box, the most needed first."""
        first, *others = lines_of(row, now)
        if self._metrics[True].horizontalAdvance(first) > inside.width():
            # Where the meeting stands says the time too, and hovering over it all of the name.
            first = sign_of(row, now) + people.surname(row)
        return [first, *others]

    def _tones(self, row: MeetingRow, now: datetime) -> tuple[str, str]:
        colours = self._colours
        match row.status:
            case MeetingStatus.SEEN:
                return colours.done_soft, colours.done
            case MeetingStatus.NO_SHOW:
                return colours.late_soft, colours.late
            case MeetingStatus.PLANNED if is_past(row, now):
                return colours.soon_soft, colours.soon
            case MeetingStatus.PLANNED:
                return colours.bg, colours.accent
            case _:
                return colours.bg, colours.field

    def _draw_now(self, now: datetime) -> None:
        if now.date() in self._days.days:
            y = self._places.y(minute_of(now))
            left, width = self._places.column(self._days.days.index(now.date()))
            self._painter.setPen(QPen(QColor(self._colours.late), 2))
            self._painter.drawLine(left, y, left + width, y)

    def _draw_cursor(self, cursor: datetime, *, has_focus: bool) -> None:
        if cursor.date() in self._days.days:
            style = Qt.PenStyle.SolidLine if has_focus else Qt.PenStyle.DashLine
            colour = self._colours.accent if has_focus else self._colours.field
            width = (3 if self._colours.is_strong else 2) if has_focus else 1
            self._painter.setPen(QPen(QColor(colour), width, style))
            self._painter.setBrush(Qt.BrushStyle.NoBrush)
            self._painter.drawRect(self._places.slot_box(cursor).adjusted(1, 1, -1, -1))

    def _draw_head(self, today: date) -> None:
        painter, places = self._painter, self._places
        for place, day in enumerate(self._days.days):
            left, width = places.column(place)
            painter.setFont(self._bold if day == today else self._font)
            painter.setPen(QColor(self._colours.accent if day == today else self._colours.text))
            box = QRect(left + 6, 2, width - 8, places.line)
            self._head_line(self._day_name(day, today, box.width()), box)
            painter.setFont(self._small)
            painter.setPen(QColor(self._colours.muted))
            for number, note in enumerate(places.notes[place], 1):
                self._head_line(
                    note, QRect(left + 6, 2 + number * places.line, width - 8, places.line)
                )
            if day == today:
                line = QRect(left + 2, places.head - 4, width - 4, 3)
                painter.fillRect(line, QColor(self._colours.accent))

    def _day_name(self, day: date, today: date, room: int) -> str:
        """The longest name of the day that there is room for."""
        short = dates.short_day(day)
        names = [short, str(day.day)]
        if day == today:
            names.insert(0, _("{day}, today").format(day=short))
        return first_fitting(names, self._painter.fontMetrics(), room)

    def _head_line(self, text: str, box: QRect) -> None:
        metrics = self._painter.fontMetrics()
        what, _dot, free = text.rpartition(" · ")
        if what and metrics.horizontalAdvance(text) > box.width():
            text = free  # the band below shows what it is about
        squeezed.draw(self._painter, text, box, self._painter.font())


def first_fitting(names: Sequence[str], metrics: QFontMetrics, room: int) -> str:
    """The first that is drawn whole in room pixels, or the last."""
    # Not by its width in whole pixels: drawing counts parts of them, and put dots to "today".
    dots = Qt.TextElideMode.ElideRight
    return next((it for it in names if metrics.elidedText(it, dots, room) == it), names[-1])


def is_past(row: MeetingRow, now: datetime) -> bool:
    """Whether the meeting's time is over, by the wall clock."""
    starts = row.draft.starts_at
    return starts is not None and starts + timedelta(minutes=row.draft.minutes) <= now.replace(
        tzinfo=None
    )


def lines_of(row: MeetingRow, now: datetime) -> list[str]:
    """The words in a meeting's box, the most needed first."""
    at = dates.clock(row.draft.starts_at) if row.draft.starts_at else ""
    first = f"{sign_of(row, now)}{at}  {people.short_name(row)}"
    parts = (first, state_of(row, now), planning.reason(row), planning.where(row))
    return [part for part in parts if part]


def sign_of(row: MeetingRow, now: datetime) -> str:
    """What stands before a name where there is no room for a word, and in no line of its own."""
    match row.status:
        case MeetingStatus.SEEN:
            return "✓\N{NO-BREAK SPACE}"
        case MeetingStatus.PLANNED:
            return "?\N{NO-BREAK SPACE}" if is_past(row, now) else ""
        case _:
            return "✗\N{NO-BREAK SPACE}" if row.status.is_known else ""


def state_of(row: MeetingRow, now: datetime) -> str:
    """How the meeting ended; nothing while it lies ahead."""
    if row.status is not MeetingStatus.PLANNED:
        return labels.meeting_status(row.status)
    return _("no outcome yet") if is_past(row, now) else ""
