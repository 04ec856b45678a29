"""The fields of a meeting, and the draft they make."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from correspondent_desk.domain import meetings as rules
from correspondent_desk.domain.fields import Kind
from correspondent_desk.domain.meetings import (
    MeetingDraft,
    MeetingRow,
    Mode,
    SiteRow,
    may_take_place,
)
from correspondent_desk.domain.members import MemberId, SiteId
from correspondent_desk.domain.problems import Fault, Problem
from correspondent_desk.domain.requests import RequestId, RequestRow
from correspondent_desk.gui.meetings.time_field import TimeField
from correspondent_desk.gui.widgets.choice_field import ChoiceField
from correspondent_desk.gui.widgets.conflict import overtaken
from correspondent_desk.gui.widgets.date_field import DateField, no_date_yet
from correspondent_desk.gui.widgets.dates import Lean
from correspondent_desk.gui.widgets.form import Form
from correspondent_desk.gui.widgets.line_edit import LineEdit
from correspondent_desk.gui.widgets.note_field import NoteField
from correspondent_desk.gui.widgets.person_field import PersonField
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _
from correspondent_desk.messages import dates, labels, planning, problems
from correspondent_desk.records import catalogue, documents, meetings, members, requests

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

LENGTHS = (10, 15, 20, 30, 45, 60, 90, 120)


class PlanFields(QWidget):
    """Person, reason, place and time; what the reason and the site bring is filled in."""

    person_changed = Signal()
    time_changed = Signal()  # anything that decides whether the time is free

    def __init__(self, workspace: Workspace, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._workspace = workspace
        self.sites: Sequence[SiteRow] = ()
        self._opened = MeetingDraft()
        self._proposes_site = False  # the person's own, until somebody chooses one
        self._offered = ""  # to bring, until somebody types something else
        self._offered_room = ""  # with a time
        today = workspace.today
        self.person = PersonField(workspace, _("Person to meet"))
        self.request = ChoiceField[RequestId | None]()
        self.reason = ChoiceField(_reasons())
        self.other_reason = LineEdit(_("In your own words"))
        self.mode = ChoiceField([(mode, labels.mode(mode)) for mode in Mode])
        self.minutes = ChoiceField([(it, dates.minutes(it)) for it in LENGTHS])
        self.site = ChoiceField[SiteId | None]()
        self.room = LineEdit()
        self.date = DateField(today, lambda day: dates.day(day, today()), Lean.NEAREST)
        self.time = TimeField()
        self.when = Words("", "small")
        self.bring = NoteField(3)
        self.form = Form()
        self.after_time = QVBoxLayout()
        self._lay_out()
        self._connect()

    @property
    def kept(self) -> dict[str, QWidget]:
        """All that is typed, by name, for the keeper of drafts."""
        return {
            "person": self.person,
            "request": self.request,
            "reason": self.reason,
            "other_reason": self.other_reason,
            "mode": self.mode,
            "minutes": self.minutes,
            "site": self.site,
            "room": self.room,
            "date": self.date,
            "time": self.time,
            "bring": self.bring,
        }

    def say_overtaken(self, row: MeetingRow, names: Sequence[str]) -> None:
        """Somebody else changed these fields of the meeting meanwhile, which is row by now."""
        theirs = self._workspace.now(lambda s: meetings.columns(s, row.draft))
        words = {int(site.id): site.draft.name for site in self.sites}
        if row.draft.request_id:
            words[row.draft.request_id] = planning.subject(row)
        said = overtaken(Kind.MEETING, names, theirs, lambda id_: words.get(id_, ""))
        self.form.point_out(said, {"slot": "starts_at"})

    def offer_sites(self, sites: Sequence[SiteRow]) -> None:
        """The sites there are to choose from."""
        self.sites = sites
        self.site.set_choices([*((row.id, row.draft.name) for row in sites), (None, _("no site"))])

    def with_likely_reason(self, draft: MeetingDraft) -> MeetingDraft:
        """draft about the catalogue's first reason, a first meeting; its second for who was seen.

        With the length and what to bring that go with it, and for the request.
        """
        first, next_ones = self.reason.values[:2]
        code = next_ones if self._was_seen(draft.member_id) else first
        known = catalogue.reason(code)
        minutes = known.minutes if known else draft.minutes
        open_ones = self._open_ones(draft.member_id)
        only = open_ones[0].id if len(open_ones) == 1 else None
        self._offered = self._to_bring(code, draft.request_id or only)
        return replace(draft, reason=code, minutes=minutes, bring=self._offered)

    def with_likely_site(self, draft: MeetingDraft, sites: Sequence[SiteRow]) -> MeetingDraft:
        """draft at its person's own of these sites, or at the first of them."""
        member = draft.member_id
        own = self._workspace.now(lambda s: members.site_of(s, member)) if member else None
        row = next((row for row in sites if row.id == own), next(iter(sites), None))
        return replace(draft, site_id=row.id if row else None, room=row.draft.room if row else "")

    def show_draft(self, draft: MeetingDraft, *, proposes_site: bool = False) -> None:
        """Show draft. proposes_site: another site may be proposed for another person."""
        self._opened, self._proposes_site = draft, proposes_site
        self.person.set_member(draft.member_id)
        self._offer_requests(draft.request_id)
        known = draft.reason in self.reason.values
        self.reason.set_value(draft.reason if known else "")
        self.other_reason.setText("" if known else draft.reason)
        self.mode.set_value(draft.mode)
        self._set_minutes(draft.minutes)
        site_id = draft.site_id if draft.site_id in self.site.values else None
        self.site.set_value(site_id)
        self.room.setText(draft.room)
        self.date.set_date(draft.starts_at.date() if draft.starts_at else None)
        self.time.set_time(draft.starts_at.time() if draft.starts_at else None)
        self.bring.setPlainText(draft.bring)
        self.follow()

    def follow(self) -> None:
        """Show only the fields that matter, after fields were filled by a program."""
        self._say_when()
        self.form.rows["other_reason"].setVisible(self.reason.value() == "")
        is_on_site = self.mode.value() is Mode.ON_SITE
        self.form.rows["site_id"].setVisible(is_on_site)
        self.form.rows["room"].setVisible(is_on_site)
        self.form.rows["request_id"].setVisible(len(self.request.values) > 1)

    def restored(self) -> None:
        """Somebody else was put back from a draft: offer their requests."""
        if self.person.value() != self._opened.member_id:
            self._offer_requests(None)

    def choose_site(self, site: SiteId, room: str) -> None:
        """Somebody chose to meet there; without a room, in the site's own, unless one was typed."""
        offered = {row.draft.room for row in self.sites if row.id == site}
        offered |= {"", self._opened.room, self._offered_room}
        is_typed = site == self.site.value() and self.room.text() not in offered
        if site in self.site.values and not is_typed:
            self.site.set_value(site)
            self._fill_from_site(site)
            self.room.setText(room or self.room.text())
            self._offered_room = self.room.text()

    def set_time(self, starts_at: datetime) -> None:
        """Another time."""
        self.date.set_date(starts_at.date())
        self.time.set_time(starts_at.time())

    def draft(self) -> MeetingDraft:
        """What the fields say."""
        day, at = self.date.value(), self.time.value()
        on_site = self.mode.value() is Mode.ON_SITE
        return replace(
            self._opened,
            member_id=self.person.value(),
            request_id=self.request.value(),
            reason=self.reason.value() or self.other_reason.text().strip(),
            mode=self.mode.value(),
            minutes=self.minutes.value(),
            site_id=self.site.value() if on_site else None,
            room=self.room.text().strip() if on_site else "",
            starts_at=datetime.combine(day, at) if day and at else None,
            bring=self.bring.toPlainText().strip(),
        )

    def problems(self, draft: MeetingDraft) -> list[Problem]:
        """What must be mended, by the names of the rows: first what was typed and is no date or time."""
        found = rules.problems(draft, self._workspace.today())
        if self.date.value():  # then it is the time that is missing
            found = [
                replace(one, field="time") if one == Problem("starts_at", Fault.MISSING) else one
                for one in found
            ]
        typed = (
            *self.person.problems("member_id"),
            *self.date.problems("starts_at"),
            *self.time.problems("time"),
        )
        return [*typed, *found]

    # --- building

    def _lay_out(self) -> None:
        form = self.form
        form.add("member_id", _("&Who"), self.person)
        form.add("request_id", _("About which &request"), self.request)
        form.add("reason", _("Wh&y"), self.reason)
        form.add("other_reason", _("Oth&er reason"), self.other_reason)
        form.add_beside(("starts_at", _("&Day"), self.date), ("time", _("&Time"), self.time))
        row = form.rows["starts_at"]
        self.date.words_changed.disconnect(row.say_beside)
        row.beside.hide()
        form.add_widget(self.when)
        advice = QWidget()
        self.after_time.setContentsMargins(0, 0, 0, 0)
        advice.setLayout(self.after_time)
        form.add_widget(advice)
        form.add_beside(("mode", _("H&ow"), self.mode), ("minutes", _("Len&gth"), self.minutes))
        form.add_beside(("site_id", _("&Site"), self.site), ("room", _("Roo&m"), self.room))
        form.add("bring", _("What to &bring or prepare"), self.bring)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(form)

    def _connect(self) -> None:
        self.person.chosen.connect(self._person_chosen)
        self.person.edited.connect(self._person_edited)
        self.request.chosen.connect(self._fill_from_request)
        self.reason.chosen.connect(self._fill_from_reason)
        self.mode.chosen.connect(self._followed)
        self.site.chosen.connect(self._fill_from_site)
        for changed in (
            self.date.date_changed,
            self.time.time_changed,
            self.room.textChanged,
            self.minutes.currentIndexChanged,
            self.site.currentIndexChanged,
            self.mode.currentIndexChanged,
            self.date.textChanged,
        ):
            changed.connect(self._time_changed)

    @Slot(int)
    def _person_chosen(self, _member: int) -> None:
        self._offer_requests(None)
        self._follow_person()
        self._follow_site()
        self.follow()
        self.person_changed.emit()
        self.reason.setFocus()

    def _follow_person(self) -> None:
        """Another reason may be the likely one; what was chosen or typed stays."""
        opened = self._opened
        now = (self.reason.value(), self.minutes.value(), self.bring.toPlainText())
        if opened.member_id or now != (opened.reason, opened.minutes, opened.bring):
            return
        likely = self.with_likely_reason(replace(opened, member_id=self.person.value()))
        self._opened = replace(likely, member_id=None)
        self.reason.set_value(likely.reason)
        self._set_minutes(likely.minutes)
        self.bring.setPlainText(likely.bring)

    def _follow_site(self) -> None:
        before = (self._opened.site_id, self._opened.room)
        if self._proposes_site and (self.site.value(), self.room.text()) == before:
            member = self.person.value()
            likely = self.with_likely_site(replace(self._opened, member_id=member), self.sites)
            self._opened = replace(self._opened, site_id=likely.site_id, room=likely.room)
            self.site.set_value(likely.site_id)
            self.room.setText(likely.room)

    def _was_seen(self, member: MemberId | None) -> bool:
        rows = self._workspace.now(lambda s: members.rows(s, [member])) if member else []
        return any(row.last_seen_on for row in rows)

    @Slot()
    def _person_edited(self) -> None:
        if self.person.value() is None and len(self.request.values) > 1:
            self._offer_requests(None)
            self.follow()
        self.time_changed.emit()

    def _offer_requests(self, chosen: RequestId | None) -> None:
        member = self.person.value()
        rows = self._open_ones(member)
        choices: list[tuple[RequestId | None, str]] = [
            (row.id, labels.subject(row.subject, is_sensitive=row.is_sensitive)) for row in rows
        ]
        if chosen is not None and chosen not in [row.id for row in rows]:
            choices.append((chosen, _("the request it was planned for")))
        self.request.set_choices([(None, _("none")), *choices])
        if chosen is not None:
            self.request.set_value(chosen)
        elif len(rows) == 1:
            self.request.set_value(rows[0].id)
        else:
            self.request.set_value(None)

    def _open_ones(self, member: MemberId | None) -> list[RequestRow]:
        return self._workspace.now(lambda s: _open_requests(s, member)) if member else []

    def _to_bring(self, reason: str, request: RequestId | None) -> str:
        """What the request lacks, then what goes with the reason."""
        lacking = self._workspace.now(lambda s: _lacking(s, request)) if request else []
        usual = labels.bring(reason).splitlines()
        return "\n".join([*lacking, *(line for line in usual if line not in lacking)])

    @Slot(object)
    def _fill_from_request(self, request: RequestId | None) -> None:
        if self._offered and self.bring.toPlainText() == self._offered:
            self._offered = self._to_bring(self.reason.value(), request)
            self.bring.setPlainText(self._offered)

    @Slot(object)
    def _fill_from_reason(self, code: str) -> None:
        known = catalogue.reason(code)
        if known:
            self._set_minutes(known.minutes)
            usual = {self._to_bring(one, self.request.value()) for one in self.reason.values}
            if self.bring.toPlainText().strip() in {"", self._offered, *usual}:  # nothing was typed
                self._offered = self._to_bring(code, self.request.value())
                self.bring.setPlainText(self._offered)
        self.follow()
        if not code:
            self.other_reason.setFocus()

    @Slot(object)
    def _fill_from_site(self, site_id: SiteId | None) -> None:
        self._proposes_site = False
        for row in self.sites:
            if row.id == site_id:
                self.room.setText(row.draft.room)

    @Slot()
    def _followed(self) -> None:
        self.follow()

    @Slot()
    def _time_changed(self) -> None:
        self._say_when()
        self.time_changed.emit()

    @Slot()
    def _say_when(self) -> None:
        """The day and the time as understood: tomorrow, 14:00 to 14:30."""
        day, at, today = self.date.value(), self.time.value(), self._workspace.today()
        if day and not may_take_place(day, today):
            words = problems.sentence(Problem("starts_at", Fault.UNLIKELY_DATE))
        elif day and at:
            starts = datetime.combine(day, at)
            ends = starts + timedelta(minutes=self.minutes.value())
            words = _("{moment} to {end}").format(
                moment=dates.moment(starts, today), end=dates.clock(ends)
            )
        elif day:
            words = dates.day(day, today)
        elif self.date.text().strip():
            words = no_date_yet(today)
        else:
            words = ""
        self.when.setText(words)
        self.when.setVisible(bool(words))

    def _set_minutes(self, count: int) -> None:
        if count not in self.minutes.values:
            values = sorted({*LENGTHS, count})
            self.minutes.set_choices([(it, dates.minutes(it)) for it in values])
        self.minutes.set_value(count)


def _reasons() -> list[tuple[str, str]]:
    known = [(one.code, labels.reason(one.code)) for one in catalogue.reasons()]
    return [*known, ("", _("another reason"))]


def _open_requests(session: "Session", member: MemberId) -> list[RequestRow]:
    return [row for row in requests.of_member(session, member) if row.status.is_open]


def _lacking(session: "Session", request: RequestId) -> list[str]:
    """The documents it lacks; of a sensitive one none, since what to bring is read and printed."""
    if any(row.is_sensitive for row in requests.rows(session, [request])):
        return []
    return [labels.document(it.draft) for it in documents.lacking(session, request)]
