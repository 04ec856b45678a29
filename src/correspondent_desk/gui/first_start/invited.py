"""The other first step of the first start: the invitation of the committee in the place of an office."""

from datetime import UTC, datetime
from pathlib import Path

from PySide6.QtCore import Slot

from correspondent_desk.errors import DeskError
from correspondent_desk.gui.first_start.steps import OfficeAnswers, Step
from correspondent_desk.gui.widgets.invitation_field import InvitationField
from correspondent_desk.gui.widgets.line_edit import LineEdit
from correspondent_desk.language import _
from correspondent_desk.messages.errors import sentence
from correspondent_desk.messages.problems import of_line
from correspondent_desk.sync import invitation


class InvitationStep(Step):
    """The invitation, instead of the office: both come from the committee."""

    def __init__(self) -> None:
        super().__init__(
            _("Join with an invitation"),
            _(
                "The office, its sites and its people come with the first exchange, from what the other"
                " desks wrote. If this is the first desk of the office, write them in the settings"
                " afterwards."
            ),
            _("&Continue"),
            has_back=True,
        )
        self.invitation = InvitationField()
        self.invitation.chosen.connect(self.use)
        self.person = LineEdit()
        self.desk_name = LineEdit()
        self.office = ""
        self.invitation.add_to(self.form, " ")
        self.form.add(
            "person",
            _("Your &name"),
            self.person,
            _("Stands beside what you write in the history."),
        )
        self.form.add(
            "desk_name",
            _("Name of this comp&uter"),
            self.desk_name,
            _("As the other desks of the office will know it, like: front desk, laptop."),
        )
        self.invitation.textChanged.connect(self._forget)
        self.enter_goes_along(self.invitation, self.person, self.desk_name)
        self.go_on_after(self.desk_name)
        self.start = self.invitation.choose

    @Slot(object)
    def use(self, path: Path) -> None:
        """Take this file, and say whose it is."""
        self.invitation.setText(str(path))
        problem = self._read()
        self.form.show_problems({"invitation": problem} if problem else {})
        self.person.setFocus()

    @Slot()
    def _forget(self) -> None:
        self.form.rows["invitation"].say_beside("")

    def _read(self) -> str:
        """Look into the file; why it cannot be used, nothing if it can."""
        if missing := self.invitation.missing():
            return missing
        try:
            found = invitation.read(self.invitation.path(), datetime.now(UTC))
        except DeskError as error:
            return sentence(error)
        self.office = found.office_name
        self.form.rows["invitation"].say_beside(
            _("For {office}, by {hub}.").format(office=found.office_name, hub=found.hub_name)
        )
        return ""

    def answers(self) -> OfficeAnswers:
        """What was typed, and the office that the invitation names."""
        return OfficeAnswers(
            office=self.office,
            person=self.person.text().strip(),
            sites=(),
            department="",
            invitation=self.invitation.path(),
            desk_name=self.desk_name.text().strip(),
        )

    def problems(self) -> dict[str, str]:
        """An invitation that is good today; the rest can follow."""
        told = {
            "invitation": self._read(),
            "person": of_line(self.person.text().strip()),
            "desk_name": of_line(self.desk_name.text().strip()),
        }
        return {name: problem for name, problem in told.items() if problem}
