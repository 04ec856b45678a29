"""Keeps what is typed into a form, encrypted, as it is typed: it survives lock, crash and power cut."""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Protocol

from PySide6.QtCore import QObject, QTime, QTimer, Signal, Slot
from PySide6.QtWidgets import QAbstractButton, QLineEdit, QPlainTextEdit, QTimeEdit, QWidget

from correspondent_desk.gui.widgets.choice_field import ChoiceField
from correspondent_desk.gui.widgets.form import FormRow
from correspondent_desk.gui.widgets.line_edit import LineEdit
from correspondent_desk.language import _
from correspondent_desk.messages.problems import shortened

QUIET_MS = 400
QUOTED = 300  # characters of what others wrote; all of it stands in the history
_CLOCK = "HH:mm"
_BEFORE = "was shown"  # no field's name: what the fields of a change showed
_AGAIN = ".again"  # ends the key of what was begun while something else was kept under it
_PARTS = re.compile("[.:]")


class KeepsDrafts(Protocol):
    """Where drafts are kept: gui.workspace.Drafts."""

    def save(self, key: str, body: str) -> None:
        """Keep body under key."""

    def load(self, key: str) -> str | None:
        """What is kept under key."""

    def forget(self, key: str) -> None:
        """Keep nothing under key."""

    def hand_over(self, key: str) -> None:
        """What is kept under key is asked to be saved, and kept no more once it is."""

    def keys(self, beginning: str) -> list[str]:
        """The keys that begin so and under which something is kept."""


class KeptField(QWidget):
    """A field of several parts that can say all of what was typed as one text, and take it back."""

    edited = Signal()

    def kept_text(self) -> str:
        """What was typed, in a form of the field's own."""
        raise NotImplementedError

    def put_back(self, text: str) -> None:
        """Show what kept_text gave."""
        raise NotImplementedError


class DraftKeeper(QObject):
    """Watches fields by name and keeps their text under key, at most half a second later.

    Connect workspace.closing to keep_now, so that the last word is kept too.
    """

    kept = Signal()

    def __init__(
        self,
        drafts: KeepsDrafts,
        key: str,
        fields: Mapping[str, QWidget],
        parent: QWidget,
        *,
        tells: bool = True,
    ) -> None:
        """tells: of a field that was overtaken, in its row, when it is put back; else the form asks.

        Raises TypeError for a field of which it cannot tell what was typed.
        """
        super().__init__(parent)
        self._tells = tells
        self._drafts, self._key, self._fields = drafts, key, dict(fields)
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(QUIET_MS)
        self._timer.timeout.connect(self.keep_now)
        for field in self._fields.values():
            _on_edit(field, self)
        self._shown: Mapping[str, str] = {}  # of a change, what is stored
        self._before: Mapping[str, str] = {}  # and what was when it was typed over
        self._resting: Mapping[str, str] | None = self._typed()
        self._handed_over: tuple[str, Mapping[str, str]] | None = None
        self._is_filled_anew = False  # since it was handed over

    def begin(
        self, key: str, *, is_change: bool = False, over: Mapping[str, str] | None = None
    ) -> None:
        """The form was filled anew, after keep_now: that is not typing, and is not kept.

        Where nothing is kept under key, it is gone on with what waited for that, see move_to.
        is_change: with what is stored. Then only those fields are kept that differ from it: what
        somebody else writes into the others meanwhile stands there when this is put back. over: what
        is typed over, see typed_over, of a change that is shown on what is stored by now.
        """
        waiting = [] if is_change else _waiting(self._drafts, key)
        self._rest_on(next(iter(waiting), key), is_change=is_change, over=over)

    def _rest_on(self, key: str, *, is_change: bool, over: Mapping[str, str] | None = None) -> None:
        self._timer.stop()
        self._key, self._is_filled_anew = key, True
        self._shown = self._texts() if is_change else {}
        self._before = {**self._shown, **(over or {})}
        self._resting = self._typed()

    def typed_over(self) -> Mapping[str, str]:
        """Of a change, what stood in the fields that are typed in."""
        return {name: self._before[name] for name in self._typed() if name in self._before}

    def overtaken(self) -> list[str]:
        """The fields typed in that show something else by now than when one typed."""
        now, typed = self._shown, self._texts()
        return [
            name
            for name, before in self.typed_over().items()
            if now[name] not in (before, typed[name].strip())
        ]

    def settle(self) -> None:
        """What others wrote has been seen: what stands in the form is typed over that."""
        self._before, self._resting = self._shown, None
        self.touch()

    @contextmanager
    def keeping(self, names: Iterable[str]) -> Iterator[None]:
        """Leave what is typed in these fields as it is, whatever the form is filled with."""
        texts = {name: _text(self._fields[name]) for name in names if name in self._fields}
        yield
        for name, text in texts.items():
            _set_text(self._fields[name], text)

    def restore(self) -> bool:
        """Put back what was typed; False when nothing was."""
        body = self._drafts.load(self._key)
        if body is None:
            return False
        texts = json.loads(body)
        before = texts.pop(_BEFORE, {})
        self._before = {name: before.get(name, now) for name, now in self._shown.items()}
        for name in (one for one in self._fields if one in texts):  # one may follow another
            _set_text(self._fields[name], texts[name])
        if self._tells:
            self.tell(self.overtaken())
        self._resting = self._typed()
        self._timer.stop()
        return True

    def tell(self, names: Iterable[str]) -> None:
        """Say in the rows of these fields that they were overtaken."""
        for name in names:
            _say_overtaken(self._fields[name], self._shown[name])

    @property
    def key(self) -> str:
        """Under which it is kept."""
        return self._key

    @property
    def has_typed(self) -> bool:
        """Whether something is kept of the form as it stands, after keep_now."""
        return self._drafts.load(self._key) is not None

    def touch(self) -> None:
        """Something was typed."""
        if not self._timer.isActive():  # a steady typist is kept too, not only one who pauses
            self._timer.start()

    def keep_now(self) -> None:
        """Keep what is typed and not kept yet."""
        self._timer.stop()
        typed = self._typed()
        if typed == self._resting:
            return
        self._resting = typed
        if typed:
            before = self.typed_over()
            body = {**typed, _BEFORE: before} if before else typed
            self._drafts.save(self._key, json.dumps(body))
        else:
            self._drafts.forget(self._key)
        self.kept.emit()

    def move_to(self, key: str) -> None:
        """Keep all that the form holds under key, after keep_now: it is something new by now.

        Where something else is kept there, it waits beside it until that is saved or not wanted.
        """
        has_typed, self._shown, self._before = self.has_typed, {}, {}
        key = _end_of_line(self._drafts, key)
        self._resting = self._typed()
        if has_typed:
            self._drafts.forget(self._key)
            self._drafts.save(key, json.dumps(self._resting))
        self._key = key

    def keep_all(self) -> None:
        """Keep the form as it stands, also where nothing was typed since it was begun.

        At the lock it must not fail: what is kept is not looked at, its disk may be gone.
        """
        if self._handed_over != (self._key, self._texts()):  # else it is kept until it is saved
            self._resting = None
        self.keep_now()

    def forget(self) -> None:
        """It was saved, or is not wanted: what the form shows now is not kept."""
        self._rest_on(self._key, is_change=bool(self._shown))
        self._drafts.forget(self._key)
        self._handed_over = None

    @Slot()
    def hand_over(self) -> None:
        """What stands in the form is asked to be saved, for saved."""
        self.keep_all()
        self._drafts.hand_over(self._key)
        self._handed_over, self._is_filled_anew = (self._key, self._texts()), False

    def saved(self, change: str = "") -> list[str] | None:
        """What was handed over is saved and kept no more; the fields typed in since, which stay kept.

        change: under which key a change to what is saved is kept. Then what was typed since is one:
        the form has it as soon as it is opened on that. None where the form holds something else by
        now, or what it held is not wanted: that is left alone.
        """
        if self._handed_over is None:
            return None
        key, asked = self._handed_over
        typed: Mapping[str, str] = self._texts()
        if self._is_filled_anew:
            self.keep_now()
            typed = json.loads(self._drafts.load(key) or "{}")
        since = {name: typed[name] for name in asked if typed.get(name, asked[name]) != asked[name]}
        is_here = key == self._key
        if is_here and not since:
            self.forget()
        elif not since or change:
            self._drafts.forget(key)
        if since and change:
            self._drafts.save(change, json.dumps(since))
            if is_here:
                self._timer.stop()
                self._key, self._resting = change, self._typed()
        return list(since) if is_here else None

    def _texts(self) -> dict[str, str]:
        return {name: _text(field) for name, field in self._fields.items()}

    def _typed(self) -> dict[str, str]:
        """What is kept: of a change what differs, of something new all."""
        return {name: text for name, text in self._texts().items() if self._shown.get(name) != text}


def is_kept(drafts: KeepsDrafts, key: str) -> bool:
    """Whether something new is kept that begin would go on with."""
    return bool(_waiting(drafts, key))


def number_in(key: str) -> int | None:
    """The number of the person or record that what is kept under key is about, if of any."""
    return next((int(part) for part in _PARTS.split(key) if part.isdecimal()), None)


def _waiting(drafts: KeepsDrafts, key: str) -> list[str]:
    """The keys under which something waits for another, the first of them first."""
    kept = (one for one in drafts.keys(key) if not one.removeprefix(key).replace(_AGAIN, ""))
    return sorted(kept, key=len)


def _end_of_line(drafts: KeepsDrafts, key: str) -> str:
    taken = _waiting(drafts, key)
    return taken[-1] + _AGAIN if taken else key


def _text(field: QWidget) -> str:
    match field:
        case LineEdit():  # what the field writes by itself when it is left was typed before
            return field.in_full()
        case QLineEdit():
            return field.text()
        case QPlainTextEdit():
            return field.toPlainText()
        case ChoiceField():
            return str(field.value()) if field.values else ""
        case QAbstractButton():
            return "yes" if field.isChecked() else ""
        case QTimeEdit():
            return field.time().toString(_CLOCK)
        case KeptField():
            return field.kept_text()
        case _:
            raise TypeError(field)


def _set_text(field: QWidget, text: str) -> None:
    match field:
        case QLineEdit():
            field.setText(text)
        case QPlainTextEdit():
            field.setPlainText(text)
        case ChoiceField():
            choices: ChoiceField[Any] = field
            for value in choices.values:
                if str(value) == text:
                    choices.set_value(value)
        case QAbstractButton():
            field.setChecked(bool(text))
        case QTimeEdit():
            field.setTime(QTime.fromString(text, _CLOCK))
        case KeptField():
            field.put_back(text)
        case _:
            raise TypeError(field)


def _say_overtaken(field: QWidget, theirs: str) -> None:
    """In the row of the field, if it has one; theirs: what is stored by now, as _text gives it."""
    part: QWidget | None = field
    while part is not None and not isinstance(part, FormRow):
        part = part.parentWidget()
    if part is None:
        return
    if theirs and isinstance(field, QLineEdit | QPlainTextEdit):  # of others it is no text to read
        said = _(
            "Somebody else changed this meanwhile: “{theirs}”. What you typed stands here:"
            " saving writes it."
        ).format(theirs=shortened(theirs, QUOTED))
    else:
        said = _(
            "Somebody else changed this meanwhile. What you typed stands here: saving writes it."
        )
    part.show_problem(said)


def _on_edit(field: QWidget, keeper: DraftKeeper) -> None:
    match field:
        case QLineEdit() | QPlainTextEdit():
            field.textChanged.connect(keeper.touch)
        case ChoiceField():
            field.currentIndexChanged.connect(keeper.touch)
        case QAbstractButton():
            field.toggled.connect(keeper.touch)
        case QTimeEdit():
            field.timeChanged.connect(keeper.touch)
        case KeptField():
            field.edited.connect(keeper.touch)
        case _:
            raise TypeError(field)
