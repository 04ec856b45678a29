"""What comes next for a request, who owes it and by when: the three fields, wherever it is asked."""

from collections.abc import Callable
from datetime import date

from correspondent_desk.domain.problems import Problem
from correspondent_desk.domain.requests import NextStep, Owes, step_problems
from correspondent_desk.gui.widgets.choice_field import ChoiceField
from correspondent_desk.gui.widgets.date_field import DateField
from correspondent_desk.gui.widgets.dates import Lean
from correspondent_desk.gui.widgets.line_edit import LineEdit
from correspondent_desk.language import _
from correspondent_desk.messages import dates, labels


class StepFields:
    """The form lays the fields out, in rows named next_what, next_who and next_due."""

    def __init__(self, today: Callable[[], date], hint: str) -> None:
        self.what = LineEdit(hint)
        self.who = ChoiceField([(owes, labels.owes(owes)) for owes in Owes])
        self.due = DateField(today, lambda day: dates.day(day, today()), Lean.FUTURE)

    def fill(self, step: NextStep) -> None:
        """Show step."""
        self.what.setText(step.what)
        self.who.set_value(step.who)
        self.due.set_date(step.due)

    def value(self) -> NextStep:
        """What stands there; a date that is not understood is left out, see problems."""
        return NextStep(self.what.text().strip(), self.who.value(), self.due.value())

    def problems(self, opened_on: date | None, *, is_needed: bool = False) -> list[Problem]:
        """What must be mended, by the names of the rows. opened_on: when the request was."""
        found = list(self.due.problems("next_due"))
        return found + list(step_problems(self.value(), opened_on, is_needed=is_needed))


def changed_meanwhile() -> str:
    """That what one answered about the next step is about another one by now."""
    return _(
        "Somebody else changed the next step meanwhile. Nothing is saved yet:"
        " look at what stands there now, then save again."
    )
