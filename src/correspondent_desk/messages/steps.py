"""The names of steps of history: what was done, and what undo would take back."""

from collections.abc import Collection
from typing import assert_never

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.fields import Kind
from correspondent_desk.domain.requests import RequestStatus
from correspondent_desk.language import _
from correspondent_desk.messages import labels, people
from correspondent_desk.messages.fields import field_name


def action(code: Action) -> str:  # noqa: C901, PLR0912, PLR0915 - one case for each
    """What kind of action this is: New contact, Import of a list."""
    match code:
        case Action.OFFICE_SET_UP:
            return _("First set-up")
        case Action.OFFICE_EDITED:
            return _("Change of the office")
        case Action.SITE_ADDED:
            return _("New site")
        case Action.SITE_EDITED:
            return _("Change of a site")
        case Action.SITE_REMOVED:
            return _("Removal of a site")
        case Action.SITES_UNITED:
            return _("Sites of one name made one")
        case Action.MEMBER_CREATED:
            return _("New member")
        case Action.MEMBER_EDITED:
            return _("Change of a member’s card")
        case Action.MEMBER_REMOVED:
            return _("Removal of a member")
        case Action.DEPENDANT_ADDED:
            return _("New person in a household")
        case Action.DEPENDANT_EDITED:
            return _("Change in a household")
        case Action.DEPENDANT_REMOVED:
            return _("Removal of a person from a household")
        case Action.MEMBERS_IMPORTED:
            return _("Import of a list")
        case Action.REQUEST_CREATED:
            return _("New request")
        case Action.REQUEST_EDITED:
            return _("Change of a request")
        case Action.REQUEST_MOVED:
            return _("New status of a request")
        case Action.REQUEST_REMOVED:
            return _("Removal of a request")
        case Action.DOCUMENT_ADDED:
            return _("New document of a request")
        case Action.DOCUMENT_REMOVED:
            return _("Removal of a document")
        case Action.DOCUMENT_MARKED:
            return _("Document marked")
        case Action.STEP_FINISHED:
            return _("Step done")
        case Action.STEP_CHANGED:
            return _("Change of the next step")
        case Action.CONTACT_LOGGED:
            return _("New contact")
        case Action.CONTACT_EDITED:
            return _("Change of a contact")
        case Action.CONTACT_PASSED_ON:
            return _("Contact moved to the right person")
        case Action.CONTACT_REMOVED:
            return _("Removal of a contact")
        case Action.MEETING_PLANNED:
            return _("New meeting")
        case Action.MEETING_EDITED:
            return _("Change of a meeting")
        case Action.MEETING_MOVED:
            return _("Move of a meeting")
        case Action.MEETING_CANCELLED:
            return _("Cancelled meeting")
        case Action.MEETING_REMOVED:
            return _("Removal of a meeting")
        case Action.MEETING_OUTCOME:
            return _("Outcome of a meeting")
        case Action.PLANS_TAKEN_BACK:
            return _("What was planned cancelled")
        case Action.ABSENCE_ADDED:
            return _("New absence")
        case Action.ABSENCE_REMOVED:
            return _("Removal of an absence")
        case Action.SESSION_ADDED:
            return _("New drop-in session")
        case Action.SESSION_CHANGED:
            return _("Change of a drop-in session")
        case Action.SESSION_REMOVED:
            return _("Removal of a drop-in session")
        case Action.LINE_SNOOZED:
            return _("Line put off")
        case Action.LINE_DECLINED:
            return _("Proposal declined")
        case Action.LINE_DONE:
            return _("Line done")
        case Action.DECISION_CAME:
            return _("Decision of the committee")
        case Action.DECISION_FOLLOWED:
            return _("Decision noted")
        case Action.DECISION_KEPT:
            return _("Decision read, request left as it was")
        case Action.DISAGREEMENT_SETTLED:
            return _("Disagreement settled")
        case Action.BUNDLE_APPLIED:
            return _("Exchange file applied")
        case Action.UNDONE:
            return _("Step taken back")
        case Action.REDONE:
            return _("Step done again")
        case Action.DEMO_FILLED:
            return _("Invented people added")
        case _:
            assert_never(code)


def step_name(
    code: str, subject: str = "", fields: Collection[str] = (), status: RequestStatus | None = None
) -> str:
    """The name of one step: New address of Mrs Anne LE GOFF.

    code: an Action's value, also one of a newer version. subject: the name of whom or what it is
    about, or nothing. fields: names of the member's fields that were changed, where that is known.
    status: where a request was moved to, likewise.
    """
    try:
        known = Action(code)
    except ValueError:
        return _("Step of a newer version")
    if known is Action.MEMBER_EDITED and len(fields) == 1:
        what = _edit_of(next(iter(fields)))
        named = _("{what} {of_name}").format(what=what, of_name=people.of(subject))
    else:
        what = action(known)
        if known is Action.REQUEST_MOVED and status is not None:
            what = _("Request {status}").format(status=labels.request_status(status))
        named = _("{what}: {name}").format(what=what, name=subject)
    return named if subject else what


def _edit_of(field: str) -> str:
    match field:
        case "address":
            return _("New address")
        case "phones":
            return _("New phones")
        case "mails":
            return _("New e-mail addresses")
        case "usage_name":
            return _("New name in use")
        case "note":
            return _("New note")
        case _:
            return _("Change: {field}").format(field=field_name(Kind.MEMBER, field))
