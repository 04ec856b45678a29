"""What can stand in the way of an action on records."""

from correspondent_desk.errors import DeskError


class NoSuchRecord(DeskError):
    """The record does not exist, or was removed meanwhile. details: kind (its name), id."""

    code = "no-such-record"


class SeveralRecords(DeskError):
    """Several people go by the same staff number. details: matricule, people (MemberRow of each)."""

    code = "several-records"


class AmbiguousNumber(DeskError):
    """A number here is somebody else's staff number. details: number, people (MemberRow of each)."""

    code = "ambiguous-number"


class EditConflict(DeskError):
    """Fields were changed by someone else since the card was opened. details: fields.

    fields are names of `domain.fields`: the form shows both values and lets a person choose.
    """

    code = "edit-conflict"

    def __init__(self, fields: tuple[str, ...]) -> None:
        super().__init__(fields=fields)
        self.fields = fields


class NotPlanned(DeskError):
    """The meeting took place, was moved or cancelled meanwhile. details: status."""

    code = "not-planned"


class NothingToDo(DeskError):
    """The action would change nothing. details: what helps to say why."""

    code = "nothing-to-do"
