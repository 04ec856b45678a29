"""When somebody else changed a field since the form was opened: both values, and a choice."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QButtonGroup, QFrame, QVBoxLayout, QWidget

from correspondent_desk.domain.fields import FIELDS, Kind, field
from correspondent_desk.domain.problems import Problem
from correspondent_desk.gui.widgets.buttons import Button, button
from correspondent_desk.gui.widgets.draft_keeper import QUOTED, DraftKeeper
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.scroll import lead_to
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.language import _
from correspondent_desk.messages import values
from correspondent_desk.messages.fields import field_name
from correspondent_desk.messages.problems import shortened
from correspondent_desk.messages.values import NameOf

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    D = TypeVar("D", bound=DataclassInstance)
else:
    D = TypeVar("D")

APART_PX = 8  # one question from the next: its answers belong to it
# Where a field of `domain.fields` is more than one attribute of a draft.
_ATTRIBUTES = {
    "rights": ("entered_on", "left_on"),
    "bracket": ("bracket", "bracket_year"),
    "next_step": ("next_what", "next_who", "next_due"),
}


def with_field(draft: D, source: D, name: str) -> D:
    """draft with the field called name as in source."""
    return replace(
        draft, **{attribute: getattr(source, attribute) for attribute in attributes(name)}
    )


def rebased(mine: D, opened: D, now: D, conflicts: Collection[str]) -> D:
    """now with what mine changed since opened; in conflicts, too, mine."""
    changed = {
        one.name: getattr(mine, one.name)
        for one in fields(mine)
        if getattr(mine, one.name) != getattr(opened, one.name)
    }
    for name in conflicts:
        changed |= {attribute: getattr(mine, attribute) for attribute in attributes(name)}
    return replace(now, **changed)


def attributes(name: str) -> tuple[str, ...]:
    """The attributes of a draft that make a field."""
    return _ATTRIBUTES.get(name, (name,))


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """One field with two values, in words."""

    field: str
    label: str
    mine: str
    theirs: str


def choices(
    kind: Kind,
    names: Sequence[str],
    mine: Mapping[str, Any],
    theirs: Mapping[str, Any],
    name_of: NameOf,
) -> list[Choice]:
    """The conflicts called names, given the stored columns of both sides."""
    return [
        Choice(
            field=name,
            label=field_name(kind, name),
            mine=_told(kind, name, mine, name_of),
            theirs=_told(kind, name, theirs, name_of),
        )
        for name in names
    ]


def to_ask(
    kind: Kind, keeper: DraftKeeper, columns: Mapping[str, str], wrong: Iterable[Problem]
) -> list[str]:
    """What was typed over something that somebody else changed since, by the names of the record's fields.

    columns: of the keeper's fields that bear another name. What is wrong can be nobody's choice,
    and stands in no other form: of that, its row tells.
    """
    asked: list[str] = []
    cannot = _fields_of(kind, [problem.field for problem in wrong])
    for name in keeper.overtaken():
        found = _fields_of(kind, [columns.get(name, name)])
        if cannot.isdisjoint(found) and found:
            asked += found - {*asked}
        else:
            keeper.tell([name])
    return asked


def _fields_of(kind: Kind, columns: Sequence[str]) -> frozenset[str]:
    return frozenset(
        one.name for one in FIELDS[kind] if not {one.name, *one.columns}.isdisjoint(columns)
    )


def overtaken(
    kind: Kind, names: Sequence[str], theirs: Mapping[str, Any], name_of: NameOf = values.nobody
) -> dict[str, str]:
    """As choices, in a short form whose fields hold what is typed: what to say beside each of them."""
    said = _(
        "Somebody else changed this meanwhile: “{theirs}”. Nothing is saved yet: saving once more"
        " writes what stands in this field."
    )
    return {name: said.format(theirs=_told(kind, name, theirs, name_of)) for name in names}


def _told(kind: Kind, name: str, columns: Mapping[str, Any], name_of: NameOf) -> str:
    own = {column: columns[column] for column in field(kind, name).columns}
    text = values.in_words(kind, name, own, name_of) or _("(empty)")
    return shortened(text, QUOTED)


class ConflictPanel(QFrame):
    """Above a form. Every field must be answered before it can be saved."""

    chosen = Signal(str, bool)  # field, whether mine is kept

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setProperty("role", "notice")
        self.answers: dict[str, bool | None] = {}
        self.buttons: dict[str, tuple[Button, Button]] = {}
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(12, 12, 12, 12)
        self._column.setSpacing(8)
        self._inside: QWidget | None = None
        self.hide()

    def ask(self, asked: Sequence[Choice]) -> None:
        """Show these; none takes the panel away."""
        if self._inside:
            self._inside.hide()
            self._inside.deleteLater()
        self.answers = {choice.field: None for choice in asked}
        self.buttons = {}
        self._inside = QWidget()
        self._head = Words(
            _("Somebody else changed this meanwhile. Nothing is lost: choose, then save again."),
            "strong",
        )
        column = QVBoxLayout(self._inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(4)
        column.addWidget(self._head)
        for choice in asked:
            self._add(choice, column)
        self._column.addWidget(self._inside)
        self.setVisible(bool(asked))

    def is_answered(self) -> bool:
        """Whether nothing is left to choose."""
        return None not in self.answers.values()

    def go_to_first(self) -> None:
        """Put the focus on the first choice that is not made."""
        for name, answer in self.answers.items():
            if answer is None:
                lead_to(self.buttons[name][0], self, self._head)
                return

    def _add(self, choice: Choice, column: QVBoxLayout) -> None:
        name = choice.label[:1].upper() + choice.label[1:]
        said = {"field": name, "mine": choice.mine, "theirs": choice.theirs}
        column.addSpacing(APART_PX)
        column.addWidget(
            Words(_("{field}: you wrote “{mine}”; saved meanwhile: “{theirs}”").format(**said))
        )
        mine, theirs = button(_("Keep mine")), button(_("Take the other"))
        mine.setAccessibleName(_("{field}: keep “{mine}”").format(**said))
        theirs.setAccessibleName(_("{field}: take “{theirs}”").format(**said))
        group = QButtonGroup(self._inside)
        for made in (mine, theirs):
            made.setCheckable(True)
            group.addButton(made)
        mine.clicked.connect(lambda: self._answer(choice.field, is_mine=True))
        theirs.clicked.connect(lambda: self._answer(choice.field, is_mine=False))
        self.buttons[choice.field] = (mine, theirs)
        column.addWidget(flow_of(mine, theirs))

    def _answer(self, name: str, *, is_mine: bool) -> None:
        self.answers[name] = is_mine
        for made in self.buttons[name]:  # the panel has the colour of what is chosen elsewhere
            made.show_picture("check" if made.isChecked() else "")
        self.chosen.emit(name, is_mine)
