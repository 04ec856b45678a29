"""Today: the meetings of the day, what is to be done and why, whom to meet, what to look at."""

from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Slot
from PySide6.QtWidgets import QApplication, QHBoxLayout, QVBoxLayout, QWidget

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.decisions import DecisionLine
from correspondent_desk.domain.meetings import MeetingFilter
from correspondent_desk.domain.requests import NextStep, RequestId, RequestRow
from correspondent_desk.domain.today import PersonToMeet, TodayLine
from correspondent_desk.domain.today import TodayPage as Day
from correspondent_desk.errors import DeskError
from correspondent_desk.gui.page import Page, Target, Task, first_control
from correspondent_desk.gui.tasks import Job
from correspondent_desk.gui.today import entries
from correspondent_desk.gui.today.asking import Later, WhatFollows
from correspondent_desk.gui.today.day_panel import DayPanel
from correspondent_desk.gui.today.entry import Entry
from correspondent_desk.gui.today.sections import Sections
from correspondent_desk.gui.widgets.buttons import button
from correspondent_desk.gui.widgets.card import EmptyState
from correspondent_desk.gui.widgets.scroll import Scroll
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.widgets.turning import Ends
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _
from correspondent_desk.messages import decisions as decision_words
from correspondent_desk.messages import planning, reasons, today_page
from correspondent_desk.records import decisions, meetings, members, office, requests, today
from correspondent_desk.records.trouble import EditConflict
from correspondent_desk.store.changes import Changed

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

    from correspondent_desk.store.places import PlaceRisk

A_MINUTE_MS = 60_000


@dataclass(frozen=True, slots=True)
class _Found:
    """The day, and the absences noted for it."""

    day: Day
    remarks: tuple[str, ...]
    has_people: bool = True
    has_sheet: bool = True


class TodayPage(Page):
    """One line is the current one: it shows its answers, the arrows go to the others."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self._workspace = workspace
        self._found: _Found | None = None
        self._risks: list[PlaceRisk] = []
        self._rests_on: QWidget | None = None  # has the focus until there are lines
        self._people: dict[str, int | None] = {}
        self._requests: dict[str, int | None] = {}
        self._job: Job[_Found] | None = None
        self.title = Words(today_page.heading(workspace.today()), "title")
        self.print_button = button(_("Pr&int the day"), "printer")
        self.print_button.clicked.connect(self.print_page)
        self.remarks = Words("", "muted")
        self.remarks.hide()
        self.print_panel = DayPanel(workspace, self)
        self.print_panel.said.connect(self.said)
        self.print_panel.hide()
        self.sections = Sections()
        self.nothing = EmptyState("", "", "sun")
        self.nothing.acted.connect(
            partial(self.wanted.emit, Target(page="exchange", task=Task.NEW))
        )
        self.nothing.hide()
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 12, 16)
        column.setSpacing(4)
        column.addWidget(self.sections)
        column.addWidget(self.nothing, 1)
        column.addStretch(1)
        self._scroll = Scroll(inside)
        head = Ends(self.title, self.print_button)
        head.setContentsMargins(0, 0, 12, 0)
        whole = QVBoxLayout(self)
        whole.setContentsMargins(24, 16, 12, 0)
        whole.setSpacing(8)
        whole.addWidget(head)
        whole.addWidget(self.remarks)
        panel = QHBoxLayout()
        panel.setContentsMargins(0, 0, 12, 0)  # as the head above it and the lines below
        panel.addWidget(self.print_panel)
        whole.addLayout(panel)
        whole.addWidget(self._scroll, 1)
        self._clock = QTimer(self)
        self._clock.setInterval(A_MINUTE_MS)
        self._clock.timeout.connect(self._follow_the_clock)
        self._clock.start()
        workspace.closing.connect(self._clock.stop)

    def shown(self) -> None:
        """Look again: time has passed."""
        self._load()

    def refresh(self, changed: Changed) -> None:
        """Anything may put a line here or take it away."""
        self._load()

    def take_focus(self) -> None:
        """On the current line, or the first."""
        if self.sections.focus_current():
            return
        rest = self.print_button if self.print_button.isVisibleTo(self) else first_control(self)
        if rest is not None:
            rest.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self._rests_on = rest if self._job else None

    def person_in_view(self) -> int | None:
        """The member of the current line."""
        line = self.sections.current
        return self._people.get(line.entry.key) if line and self._found else None

    def request_in_view(self) -> int | None:
        """The request of the current line."""
        line = self.sections.current
        return self._requests.get(line.entry.key) if line and self._found else None

    def step_back(self) -> bool:
        """Put away what is asked, or the choice of a printer."""
        if self.print_panel.isVisible():
            self.print_panel.hide()
            self.print_button.setFocus(Qt.FocusReason.OtherFocusReason)
            return True
        return self.sections.stop_asking()

    def leave(self) -> bool:
        """Keep the next step that is being typed."""
        self.sections.keep_typing()
        return True

    @Slot()
    def print_page(self) -> bool:
        """Ask whether to print or to save the day sheet."""
        if self._found is None:
            return False
        self.print_panel.ask()
        return True

    # --- reading and showing

    def _load(self) -> None:
        if self._job:
            self._job.forget()
        now = self._workspace.clock()
        has_sheet = self._workspace.has_recovery_sheet
        self._job = self._workspace.read(
            lambda s: replace(_read(s, now), has_sheet=has_sheet()), self._show
        )

    @Slot()
    def _follow_the_clock(self) -> None:
        if self.isVisible():
            self._load()

    def _show(self, found: _Found) -> None:
        self._job = None
        now = self._workspace.clock()
        lines = self._entries(found, now)
        if self._found is None:  # not before the first lines are shown: it looks at drives
            risks = self._workspace.risks
            self._workspace.read(lambda _s: risks(), self._note_risks)
        self._found = found
        self.title.setText(today_page.heading(found.day.today))
        self.remarks.setText(" · ".join(found.remarks))
        self.remarks.setVisible(bool(found.remarks))
        is_sound = found.has_sheet and not self._risks
        is_sorted = found.day.is_sorted and (is_sound or not found.has_people)
        if found.has_people:
            sorted_ = today_page.all_sorted(found.day, found.day.today) if is_sorted else ""
            self.nothing.say(sorted_)
        else:
            self.nothing.say(_("There is nobody on this desk yet."), _("Import a staff list"))
        had_focus = self._had_focus()
        waits_for_lines = self._rests_on is not None and self._rests_on.hasFocus()
        self._rests_on = None
        self.nothing.setVisible(is_sorted)
        self.print_button.setVisible(found.has_people)
        asked = self.sections.asked
        request, words = (asked.request, asked.next.what.text()) if asked else (None, "")
        self.sections.show_all(
            lines,
            order=reasons.order(found.day.lines),
            more=sum(found.day.more.values()),
            go=self.wanted.emit,
        )
        if request and self.sections.asked is None:
            self._ask_again(request, words)
        if waits_for_lines:
            self.take_focus()
        if had_focus and not self.isAncestorOf(QApplication.focusWidget() or self.window()):
            self.take_focus()

    def _note_risks(self, risks: "list[PlaceRisk]") -> None:
        self._risks = risks
        if risks:
            self._load()

    def _had_focus(self) -> bool:
        focused = QApplication.focusWidget()
        return focused is not None and self.sections.isAncestorOf(focused)

    def _entries(self, found: _Found, now: datetime) -> list[tuple[str, list[Entry]]]:
        day, go = found.day, self.wanted.emit
        on = day.today
        self._people = {f"meeting:{row.id}": row.draft.member_id for row in day.meetings}
        self._people |= {f"request:{it.line.request_id}": it.line.member_id for it in day.lines}
        self._people |= {f"person:{it.member.id}": it.member.id for it in day.people}
        self._requests = {f"meeting:{row.id}": row.draft.request_id for row in day.meetings}
        self._requests |= {f"request:{it.line.request_id}": it.line.request_id for it in day.lines}
        self._people |= {f"decision:{it.decision.id}": it.request.member_id for it in day.decisions}
        self._requests |= {f"decision:{it.decision.id}": it.request.id for it in day.decisions}
        return [
            (_("Meetings"), [entries.of_meeting(row, now, go) for row in day.meetings]),
            (
                _("Decisions of the committee"),
                [entries.of_decision(it, go, self._follow, self._keep) for it in day.decisions],
            ),
            (
                _("To do, in this order"),
                [entries.of_line(it, on, go, self._ask_next, self._ask_until) for it in day.lines],
            ),
            (
                _("People to meet"),
                [entries.of_person(p, on, go, self._decline, self._ask_until) for p in day.people],
            ),
            (_("To check"), self._to_check(found)),
        ]

    def _to_check(self, shown: _Found) -> list[Entry]:
        counts, go = shown.day.to_check, self.wanted.emit
        deceased = counts.planned_with_deceased
        to_exchange = partial(go, Target(page="exchange", part="overview"))
        to_settle = partial(go, Target(page="exchange", part="disputes"))
        to_sheet = partial(go, Target(page="settings", part="recovery"))
        to_place = partial(go, Target(page="settings", part="about"))
        to_card = partial(go, Target(page="members", id=next(iter(deceased), None)))
        found = (
            ("deceased", today_page.deceased_to_check(len(deceased)), to_card),
            (
                "meetings",
                today_page.meetings_to_check(counts.meetings_without_outcome),
                self._look_at_meetings,
            ),
            ("desks", today_page.disagreements_to_check(counts.disagreements), to_settle),
            ("bundles", today_page.bundles_to_check(counts.bundles_waiting), to_exchange),
            ("sheet", "" if shown.has_sheet else today_page.no_sheet(), to_sheet),
            ("place", today_page.unsafe_place(self._risks[0]) if self._risks else "", to_place),
        )
        return [
            entries.to_look_at(f"check:{key}", sentence, look)
            for key, sentence, look in found
            if sentence
        ]

    @Slot()
    def _look_at_meetings(self) -> None:
        now = self._workspace.clock()
        which = MeetingFilter.WITHOUT_OUTCOME
        ids = self._workspace.now(lambda s: meetings.find_ids(s, which=which, now=now))
        self.wanted.emit(Target(page="meetings", id=ids[0] if ids else None))

    # --- answers

    def _ask_until(self, line: TodayLine | PersonToMeet) -> None:
        panel = Later(self._workspace.today())
        panel.chosen.connect(partial(self._put_off, line))
        self.sections.ask(panel)

    def _put_off(self, line: TodayLine | PersonToMeet, until: date) -> None:
        self.sections.stop_asking()
        self._workspace.do(Action.LINE_SNOOZED, lambda s: today.snooze(s, line, until))

    def _decline(self, person: PersonToMeet) -> None:
        on = self._workspace.today()
        self._workspace.do(Action.LINE_DECLINED, lambda s: today.decline(s, person, on))

    def _follow(self, shown: DecisionLine) -> None:
        """Of the request as it stands now: a line that reads alike is not built anew."""
        found = self._found.day.decisions if self._found else ()
        line = next((it for it in found if it.decision.id == shown.decision.id), shown)
        now, what = self._workspace.clock(), decision_words.to_tell(line)
        self._workspace.do(
            Action.DECISION_FOLLOWED, lambda s: decisions.follow(s, line, now, next_what=what)
        )

    def _keep(self, line: DecisionLine) -> None:
        id_ = line.decision.id
        self._workspace.do(Action.DECISION_KEPT, lambda s: decisions.keep(s, id_))

    def _ask_next(self, line: TodayLine) -> None:
        """What follows the step of line, as that stands now: a line that reads alike is not built anew."""
        self._ask(self._line_of(line.request.id) or line)

    def _ask(self, line: TodayLine) -> None:
        panel = WhatFollows(self._workspace, line.request)
        panel.answered.connect(partial(self._finish, line))
        self.sections.ask(panel)

    def _ask_again(self, before: RequestRow, words: str) -> None:
        """The lines were built anew under a question: it goes on, or one is told what was typed."""
        line, focused = self._line_of(before.id), QApplication.focusWidget()
        current = self.sections.current
        if line and current and self._requests.get(current.entry.key) == before.id:
            self._ask(line)
            if self.sections.asked and line.request.step != before.step:
                self.sections.asked.say_changed()
            if focused and focused.isVisible() and not self.sections.isAncestorOf(focused):
                focused.setFocus(Qt.FocusReason.OtherFocusReason)
        elif words.strip():
            self.said.emit(
                _("This is not to be done any more. You were typing: “{words}”").format(words=words)
            )

    def _line_of(self, request: RequestId) -> TodayLine | None:
        lines = self._found.day.lines if self._found else ()
        return next((line for line in lines if line.line.request_id == request), None)

    def _finish(self, line: TodayLine, follows: NextStep) -> None:
        now = self._workspace.clock()
        self._workspace.do(
            Action.LINE_DONE,
            lambda s: today.done(s, line, now, follows),
            then=partial(self._finished, line.request.id),
            failed=partial(self._not_finished, line),
        )

    def _not_finished(self, line: TodayLine, error: DeskError) -> None:
        if isinstance(error, EditConflict):
            [request] = self._workspace.now(lambda s: requests.rows(s, [line.request.id]))
            self._ask(replace(line, request=request))
            if self.sections.asked:
                self.sections.asked.say_changed()
        else:
            self._workspace.refused.emit(error)

    def _finished(self, request: RequestId, _nothing: None) -> None:
        """The lines may have been built anew meanwhile, with another panel for the same question.

        What is typed on is told of as soon as the lines are read again.
        """
        asked = self.sections.asked
        if asked and asked.request.id == request and not asked.keeper.saved():
            asked.keeper.forget()
            self.sections.stop_asking()


def _read(s: "Session", now: datetime) -> _Found:
    day = now.date()
    person = office.person(s)
    away = [row for row in meetings.absences(s, day, day) if row.person == person]
    remarks = tuple(planning.absence(row, day) for row in away)
    has_people = members.are_there(s)
    return _Found(today.page(s, now), remarks, has_people)
