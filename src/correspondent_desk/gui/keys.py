"""The keyboard map: one list for the shortcuts, the help page and the search field."""

from dataclasses import dataclass
from enum import Enum, auto

from correspondent_desk.domain.meetings import MeetingStatus
from correspondent_desk.domain.requests import DocumentState
from correspondent_desk.language import _, code, pgettext
from correspondent_desk.messages import labels


class Command(Enum):
    """What a key does from anywhere in the window."""

    SEARCH = auto()
    NEW = auto()
    LOG_CONTACT = auto()
    NEW_REQUEST = auto()
    NEW_MEETING = auto()
    PRINT = auto()
    UNDO = auto()
    REDO = auto()
    LOCK = auto()
    HELP = auto()
    BACK = auto()
    NEXT_PART = auto()
    PART_BEFORE = auto()


KEYS: dict[Command, tuple[str, ...]] = {
    Command.SEARCH: ("Ctrl+K",),
    Command.NEW: ("Ctrl+N",),
    Command.LOG_CONTACT: ("Ctrl+E",),
    Command.NEW_REQUEST: ("Ctrl+R",),
    Command.NEW_MEETING: ("Ctrl+M",),
    Command.PRINT: ("Ctrl+P",),
    Command.UNDO: ("Ctrl+Z",),
    Command.REDO: ("Ctrl+Y", "Ctrl+Shift+Z"),
    Command.LOCK: ("Ctrl+L",),
    Command.HELP: ("F1",),
    Command.BACK: ("Esc",),
    Command.NEXT_PART: ("F6",),
    Command.PART_BEFORE: ("Shift+F6",),
}

# On a French keyboard the digits need Shift; Ctrl with the bare key must do as well.
_AZERTY = "&é\"'(-è_ç"


def page_keys(place: int) -> tuple[str, ...]:
    """The keys of the page at place, from 0; none beyond the ninth."""
    if place >= len(_AZERTY):
        return ()
    return (f"Ctrl+{place + 1}", f"Ctrl+{_AZERTY[place].upper()}")


def words(command: Command) -> str:  # noqa: C901, PLR0912 - one case for each
    """What command does."""
    match command:
        case Command.SEARCH:
            return _("Search from anywhere")
        case Command.NEW:
            return _("New on this page")
        case Command.LOG_CONTACT:
            return _("Note a contact with the person in view")
        case Command.NEW_REQUEST:
            return _("New request for the person in view")
        case Command.NEW_MEETING:
            return _("Plan a meeting with the person in view")
        case Command.PRINT:
            return _("Print what is shown")
        case Command.UNDO:
            return _("Take back the last step")
        case Command.REDO:
            return _("Do again what was taken back")
        case Command.LOCK:
            return _("Lock the desk")
        case Command.HELP:
            return _("Help and keyboard map")
        case Command.BACK:
            return _("Back one step; nothing typed is lost")
        case Command.NEXT_PART:
            return _("To the next part of the window: navigation, search, list, card")
        case Command.PART_BEFORE:
            return _("To the part before")


def outcome_key(status: MeetingStatus) -> str:
    """The letter of an outcome in the language in use: vue, excusée, absente; seen, excused, no-show."""
    places = (MeetingStatus.SEEN, MeetingStatus.EXCUSED, MeetingStatus.NO_SHOW)
    return ("VEA" if code() == "fr" else "SEN")[places.index(status)]


def document_keys() -> dict[str, DocumentState]:
    """The letter of each answer about a document, in the language in use."""
    return {
        pgettext("key of an answer: seen", "S"): DocumentState.SEEN,
        pgettext("key of an answer: received", "R"): DocumentState.RECEIVED,
        pgettext("key of an answer: missing", "M"): DocumentState.MISSING,
        pgettext("key of an answer: refused", "F"): DocumentState.REFUSED,
    }


def shown(key: str) -> str:
    """key as it stands on the keyboards of the language in use."""
    if code() == "fr":
        key = key.replace("Shift", "Maj").replace("Esc", "Échap").replace("Enter", "Entrée")
        key = key.replace("Space", "Espace").replace("Insert", "Inser")
        key = (
            key.replace("Home", "Début")
            .replace("End", "Fin")
            .replace("PgUp", "Page préc.")
            .replace("PgDn", "Page suiv.")
        )
    return key


@dataclass(frozen=True, slots=True)
class KeyLine:
    """One line of the keyboard map."""

    keys: str
    words: str


@dataclass(frozen=True, slots=True)
class KeyGroup:
    """Lines that belong together."""

    title: str
    lines: tuple[KeyLine, ...]


def keyboard_map(pages: list[str]) -> list[KeyGroup]:
    """Everything the keyboard can do, in the order of the help page; pages are titles."""
    places = tuple(
        KeyLine(page_keys(place)[0], title) for place, title in enumerate(pages) if page_keys(place)
    )
    commands = tuple(KeyLine(shown(KEYS[c][0]), words(c)) for c in Command)
    lists = (
        KeyLine("↑ ↓", _("From line to line")),
        KeyLine(shown("Home End"), _("To the first line, to the last")),
        KeyLine("↓", _("From the filter into the list under it")),
        KeyLine(shown("Enter"), _("Open the chosen line, press the chosen button")),
        KeyLine(shown("Space"), _("Tick or untick")),
        KeyLine("Tab", _("To the next field or list; with Shift, to the one before")),
        KeyLine(shown("Shift+Enter"), _("A new line in a note; Enter alone saves a contact")),
        KeyLine(shown("Ctrl+Enter"), _("Save what is typed in a form")),
        KeyLine("Alt", _("With an underlined letter: straight to that field or button")),
    )
    outcomes = (
        KeyLine(outcome_key(MeetingStatus.SEEN), _("The person was seen")),
        KeyLine(outcome_key(MeetingStatus.EXCUSED), _("The person excused themselves")),
        KeyLine(outcome_key(MeetingStatus.NO_SHOW), _("The person did not come")),
    )
    calendar = (
        KeyLine("← → ↑ ↓", _("From slot to slot, beyond the edge to the next week")),
        KeyLine(shown("Enter"), _("Open the meeting of the slot, or plan one there")),
        KeyLine(shown("Insert"), _("Plan one more meeting in the slot")),
        KeyLine(shown("PgUp PgDn"), _("The week before, the week after")),
        KeyLine(shown("Home End"), _("To the first day, to the last")),
    )
    documents = tuple(
        KeyLine(key, labels.document_state(state)) for key, state in document_keys().items()
    )
    return [
        KeyGroup(_("Pages"), places),
        KeyGroup(_("Everywhere"), commands),
        KeyGroup(_("Lists and forms"), lists),
        KeyGroup(_("Documents of a request"), documents),
        KeyGroup(_("Calendar"), calendar),
        KeyGroup(_("Outcome of a meeting"), outcomes),
    ]
