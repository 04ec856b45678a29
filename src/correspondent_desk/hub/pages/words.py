"""What the pages say of times, states and acts."""

import re
from datetime import date, datetime

from correspondent_desk.domain.decisions import Verdict
from correspondent_desk.formats.decision_list import LeftOut
from correspondent_desk.hub import recovering
from correspondent_desk.hub.audit import AuditRow, What
from correspondent_desk.hub.catalogue import Published
from correspondent_desk.hub.decisions import TAKEN_IN, Report, Taken
from correspondent_desk.hub.held import HeldRow
from correspondent_desk.hub.ingest import Arrival, Fate
from correspondent_desk.hub.pages.accounts import Did, Role
from correspondent_desk.hub.pages.overview import Show
from correspondent_desk.hub.pages.reasons import WHY_REVOKED
from correspondent_desk.language import _, grouped, ngettext
from correspondent_desk.messages import dates, decision_list, decisions, hub_files
from correspondent_desk.records.catalogue import Benefit

_UPLOADED = re.compile(r"[0-9a-f]{32}-[0-9a-f]{8}\.cdb")


def since(when: datetime | None, today: date) -> str:
    """How long ago a desk was heard of."""
    if when is None:
        return _("never")
    return dates.since(when.astimezone().date(), today)


def moment(when: datetime, today: date) -> str:
    """Day and time, for what happened."""
    return dates.moment_plain(when.astimezone(), today)


def until(when: datetime, today: date) -> str:
    """The day on which something ends."""
    return dates.day(when.astimezone().date(), today)


def role(of: Role) -> str:
    """What an account may do."""
    match of:
        case Role.OPERATOR:
            return _("operator")
        case Role.AUDITOR:
            return _("auditor")


def show(choice: Show) -> str:
    """Which offices a list shows."""
    match choice:
        case Show.ALL:
            return _("All")
        case Show.WAITING:
            return _("A file waits")
        case Show.QUIET:
            return _("Quiet for a month")
        case Show.EMPTY:
            return _("No desk yet")


def arrival(one: Arrival) -> str:
    """What became of a file."""
    match one.fate:
        case Fate.DUPLICATE:
            return _("Taken in before, nothing to do.")
        case Fate.WAITING:
            return _("Well received from {desk} of {office}; it waits for an earlier file.").format(
                desk=one.desk_name, office=one.office
            )
        case Fate.NOTHING_NEW:
            return _("Nothing new; {desk} of {office} was heard of.").format(
                desk=one.desk_name, office=one.office
            )
        case Fate.NEW if one.enrolled:
            return ngettext(
                "{desk} has joined {office}, with {n} change.",
                "{desk} has joined {office}, with {n} changes.",
                one.operations,
            ).format(desk=one.desk_name, office=one.office, n=one.operations)
        case Fate.NEW:
            return ngettext(
                "{n} change from {desk} of {office}.",
                "{n} changes from {desk} of {office}.",
                one.operations,
            ).format(desk=one.desk_name, office=one.office, n=one.operations)


def file_name(name: str) -> str:
    """What a file was called; over the network it has no name."""
    return _("over the network") if not name or _UPLOADED.fullmatch(name) else name


def why_revoked(code: str) -> str:
    """Why a desk was revoked."""
    match code:
        case "lost":
            return _("The computer is lost")
        case "stolen":
            return _("The computer was stolen")
        case "replaced":
            return _("The computer was replaced")
        case "left":
            return _("The person has left")
        case "other":
            return _("Another reason")
        case _:
            return ""


def reasons() -> list[tuple[str, str]]:
    """What may be answered to why."""
    return [(code, why_revoked(code)) for code in WHY_REVOKED]


def held(one: HeldRow, today: date) -> str:
    """What a file that waits to be approved carries, and since when it waits."""
    changes = ngettext("{n} change", "{n} changes", one.operations).format(
        n=grouped(one.operations)
    )
    return _("{changes}, received {when}").format(
        changes=changes, when=dates.since(one.received_at.astimezone().date(), today)
    )


def approved(count: int) -> str:
    """What came of approving."""
    told = ngettext("{n} change was taken in.", "{n} changes were taken in.", count)
    return told.format(n=grouped(count))


def declined(others: int) -> str:
    """What came of declining; others: files that were let go with it."""
    told = _("Nothing of it was taken in.")
    return f"{told} {_let_go_with_it(others)}." if others else told


def _let_go_with_it(others: int) -> str:
    told = ngettext(
        "{n} file that goes on from it was let go with it",
        "{n} files that go on from it were let go with it",
        others,
    )
    return told.format(n=grouped(others))


def published(one: Published, today: date) -> str:
    """Who published a catalogue, and when."""
    when = dates.since(one.at.astimezone().date(), today)
    if not one.by:
        return _("Published {when}.").format(when=when)
    return _("Published {when} by {person}.").format(when=when, person=one.by)


def documents(one: Benefit, language: str) -> str:
    """The documents that a request for this benefit asks for."""
    return ", ".join(kind.fr if language == "fr" else kind.en for kind in one.documents) or "–"


def act(what: str) -> str:
    """What somebody did, as the audit lists it; a newer version may know more."""
    known = {
        What.OFFICE_ADDED: _("Office added"),
        What.OFFICE_REMOVED: _("Office taken away"),
        What.DESK_INVITED: _("Desk invited"),
        What.INVITATION_TAKEN: _("Invitation downloaded"),
        What.INVITATION_WITHDRAWN: _("Invitation withdrawn"),
        What.DESK_JOINED: _("Desk joined"),
        What.DESK_REVOKED: _("Desk revoked"),
        What.HUB_RESTORED: _("Hub put back from a copy"),
        What.ERASED: _("Erasure confirmed"),
        What.ERASURE_DECLINED: _("Erasure declined"),
        What.DIRECTORY_SIGNED: _("Directory signed"),
        What.CATALOGUE_PUBLISHED: _("Catalogue published"),
        What.RESCUE_DECLINED: _("Work that waited declined"),
        What.HUB_KEY_CHANGED: _("Hub given a new signing key"),
        Did.ADDED: _("Account added"),
        Did.BLOCKED: _("Account blocked"),
        Did.LET_IN: _("Account given a new password"),
        Did.PASSWORD_CHANGED: _("Password changed"),
        Did.SIGNED_IN: _("Signed in"),
        Did.SIGNED_OUT: _("Signed out"),
        Did.KEPT_OUT: _("Sign-in refused"),
        "files-taken-in": _("Files taken in by hand"),
        "rescue-approved": _("Work that waited approved"),
        recovering.ANSWERED: _("Lost passphrase: answer given"),
        TAKEN_IN: _("Decisions taken in"),
        "file-handed-over": _("File handed over by hand"),
    }
    return {str(key): text for key, text in known.items()}.get(what, what)


def details(entry: AuditRow) -> str:
    """What else the audit knows of an act, in words."""
    known = entry.details
    said = []
    if entry.what in set(Did) and known.get("account") not in (None, entry.by):
        said.append(_("account {name}").format(name=known["account"]))
    if "role" in known:
        said.append(role(Role(str(known["role"]))))
    if "reference" in known:
        said.append(str(known["reference"]))
    if "why" in known:
        said.append(why_revoked(str(known["why"])))
    if known.get("taken"):
        taken = int(str(known["taken"]))
        said.append(ngettext("{n} file taken in", "{n} files taken in", taken).format(n=taken))
    if known.get("refused"):
        count = int(str(known["refused"]))
        said.append(ngettext("{n} file refused", "{n} files refused", count).format(n=count))
    if known.get("decisions"):
        count = int(str(known["decisions"]))
        said.append(ngettext("{n} decision", "{n} decisions", count).format(n=count))
    if known.get("others"):
        said.append(_let_go_with_it(int(str(known["others"]))))
    numbered = {"number": _("file no. {number}"), "invitation": _("invitation no. {number}")}
    said += [told.format(number=known[key]) for key, told in numbered.items() if key in known]
    return " · ".join(filter(None, said))


def passed_on(n: int) -> str:
    """What was done with a list of decisions."""
    return ngettext(
        "{n} decision goes to its desk with the next file.",
        "{n} decisions go to their desks with the next files.",
        n,
    ).format(n=n)


def pass_on(n: int) -> str:
    """What the button of a list does."""
    return ngettext("Pass {n} decision on", "Pass {n} decisions on", n).format(n=n)


def counted(report: Report) -> str:
    """How many rows a list has, and what becomes of them: 3 rows: 1 new, 1 known already, 1 left out."""
    known, left = len(report.taken) - report.new, len(report.left_out)
    rows = known + report.new + left
    parts = [
        ngettext("{n} new", "{n} new", report.new).format(n=report.new),
        ngettext("{n} replaces another", "{n} replace others", report.replacing).format(
            n=report.replacing
        )
        if report.replacing
        else "",
        ngettext("{n} known already", "{n} known already", known).format(n=known) if known else "",
        ngettext("{n} left out", "{n} left out", left).format(n=left) if left else "",
    ]
    told = ngettext("{n} row: {parts}", "{n} rows: {parts}", rows)
    return told.format(n=rows, parts=", ".join(filter(None, parts)))


def taken(one: Taken) -> str:
    """What becomes of a decision: granted, €320.00."""
    row = one.row
    said = decisions.in_short(row.verdict, row.amount)
    if row.verdict is Verdict.DOCUMENTS:
        documents = "; ".join(row.documents.splitlines())
        said = _("{verdict}: {documents}").format(verdict=said, documents=documents)
    if one.is_known:
        return _("{decision}, known already").format(decision=said)
    if one.replaces is None:
        return said
    return _("{decision}; {replaces}").format(
        decision=said, replaces=decision_list.replaces(one.replaces)
    )


def left_out(one: LeftOut) -> str:
    """Why a row is not taken in."""
    return _("left out: {reason}").format(reason=decision_list.why(one))


def place(entry: AuditRow) -> str:
    """Which office and desk an act was about."""
    if not entry.office:
        return ""
    if not entry.desk:
        return entry.office
    return _("{office}, desk {number}").format(office=entry.office, number=entry.desk)


def given(count: int) -> str:
    """How many of these are in a file that the desk has not answered."""
    return hub_files.given(count, grouped(count))


def to_receive(count: int) -> str:
    """How many changes wait for a desk."""
    told = ngettext("{n} change to receive", "{n} changes to receive", count)
    return told.format(n=grouped(count))
