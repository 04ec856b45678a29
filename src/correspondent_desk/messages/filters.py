"""The filters above the lists, in words, and what each leaves out."""

from typing import assert_never

from correspondent_desk.domain.meetings import MeetingFilter
from correspondent_desk.domain.members import MemberFilter
from correspondent_desk.domain.requests import RequestFilter
from correspondent_desk.language import _, pgettext


def members(choice: MemberFilter) -> str:
    """A filter above the list of members."""
    match choice:
        case MemberFilter.ALL:
            return _("Everyone")
        case MemberFilter.WITHOUT_NEWS:
            return _("Without news")
        case MemberFilter.INCOMPLETE:
            return _("To complete")
        case MemberFilter.GONE:
            return _("No longer here")
        case _:
            assert_never(choice)


def explained_members(choice: MemberFilter) -> str:
    """What a filter shows and what it leaves out."""
    match choice:
        case MemberFilter.ALL:
            return _("Everyone on this desk, those who left included.")
        case MemberFilter.WITHOUT_NEWS:
            return _("No contact for a year. Leaves out those who left, and who wish no contact.")
        case MemberFilter.INCOMPLETE:
            return _(
                "Without first name, birth date, or any phone, e-mail or address."
                " Leaves out those who left."
            )
        case MemberFilter.GONE:
            return _("Only those who left the office, or whose rights have ended.")
        case _:
            assert_never(choice)


def requests(choice: RequestFilter) -> str:
    """A filter above the list of requests."""
    match choice:
        case RequestFilter.OPEN:
            return pgettext("requests", "Open")
        case RequestFilter.MINE:
            return _("My turn")
        case RequestFilter.WAITING:
            return _("Someone else’s turn")
        case RequestFilter.CLOSED:
            return pgettext("requests", "Closed")
        case RequestFilter.ALL:
            return pgettext("requests", "All")
        case _:
            assert_never(choice)


def explained_requests(choice: RequestFilter) -> str:
    """What a filter shows and in which order."""
    match choice:
        case RequestFilter.OPEN:
            return _("Requests that are not over. What lapses first, then what has waited longest.")
        case RequestFilter.MINE:
            return _("Open requests whose next step is mine. What lapses first comes first.")
        case RequestFilter.WAITING:
            return _("Open requests whose next step someone else owes.")
        case RequestFilter.CLOSED:
            return _("Requests that were closed or given up, the newest first.")
        case RequestFilter.ALL:
            return _("All requests, the newest first.")
        case _:
            assert_never(choice)


def meetings(choice: MeetingFilter) -> str:
    """A filter above the list of meetings."""
    match choice:
        case MeetingFilter.UPCOMING:
            return pgettext("meetings", "Coming")
        case MeetingFilter.WITHOUT_OUTCOME:
            return _("Without outcome")
        case MeetingFilter.PAST:
            return pgettext("meetings", "Past")
        case MeetingFilter.ALL:
            return pgettext("meetings", "All")
        case _:
            assert_never(choice)
