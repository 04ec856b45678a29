"""What a user can do that becomes one step of history: the names behind undo and the journal.

Stored in the store and in bundles as their values: never renamed, only added to.
"""

from enum import StrEnum


class Action(StrEnum):
    """One user action: one transaction, one undo step. `messages.labels` has the words."""

    OFFICE_SET_UP = "office.set-up"
    OFFICE_EDITED = "office.edited"
    SITE_ADDED = "site.added"
    SITE_EDITED = "site.edited"
    SITE_REMOVED = "site.removed"
    SITES_UNITED = "sites.united"
    MEMBER_CREATED = "member.created"
    MEMBER_EDITED = "member.edited"
    MEMBER_REMOVED = "member.removed"
    DEPENDANT_ADDED = "dependant.added"
    DEPENDANT_EDITED = "dependant.edited"
    DEPENDANT_REMOVED = "dependant.removed"
    MEMBERS_IMPORTED = "members.imported"
    REQUEST_CREATED = "request.created"
    REQUEST_EDITED = "request.edited"
    REQUEST_MOVED = "request.moved"  # along its path
    REQUEST_REMOVED = "request.removed"
    DOCUMENT_ADDED = "document.added"
    DOCUMENT_REMOVED = "document.removed"
    DOCUMENT_MARKED = "document.marked"
    STEP_FINISHED = "step.finished"
    STEP_CHANGED = "step.changed"
    CONTACT_LOGGED = "contact.logged"
    CONTACT_EDITED = "contact.edited"
    CONTACT_PASSED_ON = "contact.passed-on"
    CONTACT_REMOVED = "contact.removed"
    MEETING_PLANNED = "meeting.planned"
    MEETING_EDITED = "meeting.edited"
    MEETING_MOVED = "meeting.moved"
    MEETING_CANCELLED = "meeting.cancelled"
    MEETING_REMOVED = "meeting.removed"
    MEETING_OUTCOME = "meeting.outcome"
    PLANS_TAKEN_BACK = "plans.taken-back"  # with somebody who has died
    ABSENCE_ADDED = "absence.added"
    ABSENCE_REMOVED = "absence.removed"
    SESSION_ADDED = "session.added"
    SESSION_CHANGED = "session.changed"
    SESSION_REMOVED = "session.removed"
    LINE_SNOOZED = "line.snoozed"
    LINE_DECLINED = "line.declined"
    LINE_DONE = "line.done"
    DECISION_CAME = "decision.came"  # from the hub
    DECISION_FOLLOWED = "decision.followed"
    DECISION_KEPT = "decision.kept"  # read, and the request left as it stands
    DISAGREEMENT_SETTLED = "disagreement.settled"
    BUNDLE_APPLIED = "bundle.applied"
    UNDONE = "undone"
    REDONE = "redone"
    DEMO_FILLED = "demo.filled"
