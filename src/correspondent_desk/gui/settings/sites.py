"""The sites: where people work and where meetings are held."""

from dataclasses import replace
from datetime import time
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QTime, Slot
from PySide6.QtWidgets import QApplication, QCheckBox, QHBoxLayout, QTimeEdit, QVBoxLayout, QWidget

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.fields import Kind
from correspondent_desk.domain.meetings import SiteDraft, SiteRow, site_problems
from correspondent_desk.domain.members import SiteId
from correspondent_desk.errors import DeskError
from correspondent_desk.gui.widgets.buttons import button, danger_button, quiet_button
from correspondent_desk.gui.widgets.card import Card
from correspondent_desk.gui.widgets.conflict import overtaken
from correspondent_desk.gui.widgets.ctrl_enter import ctrl_enter_presses
from correspondent_desk.gui.widgets.draft_keeper import DraftKeeper
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.form import Form
from correspondent_desk.gui.widgets.layouts import empty
from correspondent_desk.gui.widgets.line_edit import LineEdit
from correspondent_desk.gui.widgets.save_once import SaveOnce
from correspondent_desk.gui.widgets.scroll import focus_stays
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.widgets.turning import Ends, Turning
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _
from correspondent_desk.messages import dates
from correspondent_desk.records import office
from correspondent_desk.records.trouble import EditConflict

if TYPE_CHECKING:
    from sqlalchemy.orm import Session

NEW = "settings.site.new"
LEAST_SITE = 56  # characters of a site's name with its facts beside it


class SitesCard(Card):
    """The sites in words, and a form for one of them or a new one."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(_("Sites"))
        self._workspace = workspace
        self._rows: list[SiteRow] = []
        self._list = QVBoxLayout()
        self._list.setSpacing(12)  # more than between the lines of one site
        self.add = button(_("&Add a site"), "plus")
        self.add.clicked.connect(self._begin_new)
        self.add_action(self.add)
        self.editor = SiteForm(workspace)
        self.editor.hide()
        self.editor.save.clicked.connect(self._save)
        self.editor.leave.clicked.connect(self._close)
        self.editor.remove.clicked.connect(self._remove)
        self.once = SaveOnce(workspace, self, self.editor.save)
        self.once.asking.connect(self.editor.keeper.hand_over)
        self.twice = Words("", "muted")
        self.unite = button(_("Make one of them"), "check")
        self.unite.clicked.connect(self._unite)
        self._doubles = Ends(self.twice, self.unite)
        self.body.addLayout(self._list)
        self.body.addWidget(self._doubles)
        self.body.addWidget(self.editor)
        self.show_sites()

    def keep(self) -> None:
        """Keep what is typed and not saved."""
        self.editor.keeper.keep_now()

    def show_sites(self) -> None:
        """List the sites again."""
        empty(self._list)
        self._rows = self._workspace.now(office.sites)
        for row in self._rows:
            self._list.addWidget(_SiteLine(row, self))
        if not self._rows:
            self._list.addWidget(Words(_("No site yet."), "muted"))
        doubles = self._workspace.now(office.sites_of_one_name)
        names = ", ".join(first.draft.name for first, *_others in doubles)
        self.twice.setText(
            _("Several sites have one name, as two desks may have made them: {names}.").format(
                names=names
            )
        )
        self.unite.setAccessibleDescription(self.twice.text())
        self._doubles.setVisible(bool(doubles))

    def edit(self, row: SiteRow) -> None:
        """Open the form on a site."""
        self.editor.begin(row, row.draft)
        self.editor.show()
        self.editor.name.setFocus()

    @Slot()
    def _begin_new(self) -> None:
        department = self._rows[0].draft.department if self._rows else ""
        self.editor.begin(None, SiteDraft(department=department))
        self.editor.show()
        self.editor.name.setFocus()

    @Slot()
    def _save(self) -> None:
        draft, opened = self.editor.draft(), self.editor.opened
        if self.editor.form.refuse(site_problems(draft)):
            return
        if opened is None:
            self.once.ask(
                self._workspace.do,
                Action.SITE_ADDED,
                lambda s: office.add_site(s, draft),
                self._written,
            )
        else:
            self.once.ask(
                self._workspace.do,
                Action.SITE_EDITED,
                partial(_save_site, opened=opened, draft=draft),
                self._written,
                partial(self._not_written, opened),
            )

    @Slot()
    def _unite(self) -> None:
        if self._doubles.isAncestorOf(QApplication.focusWidget() or self):
            self.add.setFocus()  # the button is going
        self._workspace.do(Action.SITES_UNITED, office.unite_sites)

    @Slot()
    def _remove(self) -> None:
        opened = self.editor.opened
        if opened is not None:
            self._workspace.do(Action.SITE_REMOVED, lambda s: office.remove_site(s, opened.id))
        self.editor.keeper.forget()
        self._close()

    def _not_written(self, opened: SiteRow, error: DeskError) -> None:
        """Somebody else changed the same of this site: what is typed stays, with theirs beside it."""
        now = next((row for row in self._workspace.now(office.sites) if row.id == opened.id), None)
        is_in_form = self.editor.opened is not None and self.editor.opened.id == opened.id
        if now is None or not (is_in_form and isinstance(error, EditConflict)):
            self._workspace.refused.emit(error)
            return
        self.edit(now)
        said = overtaken(Kind.SITE, error.fields, office.columns(now.draft))
        self.editor.form.point_out(said, {"address": "address_lines", "hours": "opens_at"})

    def _written(self, site: SiteId) -> None:
        """The form closes, unless it shows another site, or one typed on: into the site that is saved."""
        since = self.editor.keeper.saved(_key(site))
        if since is None or self.editor.isHidden():
            return
        now = next((row for row in self._workspace.now(office.sites) if row.id == site), None)
        if since and now:
            with focus_stays():
                self.edit(now)
        else:
            self._close()

    @Slot()
    def _close(self) -> None:
        """The focus stays where one has gone on to meanwhile."""
        focused = QApplication.focusWidget()
        was_here = focused is None or self.editor.isAncestorOf(focused)
        self.editor.keeper.keep_now()
        self.editor.hide()
        if was_here:
            self.add.setFocus()


def _key(site: SiteId) -> str:
    return f"settings.site.{site}"


def _save_site(session: "Session", opened: SiteRow, draft: SiteDraft) -> SiteId:
    office.save_site(session, opened, draft)
    return opened.id


class _SiteLine(QWidget):
    """One site in a line, with the way into its form."""

    def __init__(self, row: SiteRow, card: SitesCard) -> None:
        super().__init__()
        draft = row.draft
        parts = [
            f"{draft.postcode} {draft.town}".strip(),
            draft.room,
            f"{dates.clock(draft.opens_at)} – {dates.clock(draft.closes_at)}",
            _("Good Friday off") if draft.good_friday else "",
        ]
        change = quiet_button(_("Change"))
        change.setAccessibleName(_("Change the site {name}").format(name=draft.name))
        change.clicked.connect(lambda: card.edit(row))
        told = Turning(LEAST_SITE)
        told.add(Words(draft.name, "strong"), 2)
        told.add(Words(" · ".join(filter(None, parts)), "muted"), 4)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(told, 1)
        line.addWidget(change)


class SiteForm(QWidget):
    """The form of one site; opened None: of a new one."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__()
        self.opened: SiteRow | None = None
        self._was = SiteDraft()
        self.name, self.lines, self.postcode = LineEdit(), LineEdit(), LineEdit()
        self.town, self.department, self.room = LineEdit(), LineEdit(), LineEdit()
        self.good_friday = QCheckBox(_("Good Friday is a holiday here"))
        self.opens_at, self.closes_at = QTimeEdit(), QTimeEdit()
        for clock in (self.opens_at, self.closes_at):
            clock.setDisplayFormat("HH:mm")
            clock.lineEdit().setTextMargins(8, 0, 0, 0)  # as in the other fields
        self.form = Form(forgets=True)
        self.form.add("name", _("Na&me of the site"), self.name)
        self.form.add("address_lines", _("Street"), self.lines)
        self.form.add_beside(
            ("postcode", _("Postcode"), self.postcode), ("town", _("Town"), self.town)
        )
        self.form.add_beside(
            ("department", _("Department"), self.department), ("room", _("Room"), self.room)
        )
        self.form.add_beside(
            ("opens_at", _("Opens at"), self.opens_at),
            ("closes_at", _("Closes at"), self.closes_at),
        )
        self.form.add_widget(self.good_friday)
        self.form.add_widget(
            Words(
                _(
                    "In Alsace and Moselle, it is one only in towns with a Protestant church or a"
                    " shared one."
                ),
                "small",
            )
        )
        self.save = button(_("Sa&ve the site"), "check")
        ctrl_enter_presses(self.save, self)
        self.leave = quiet_button(_("Close"))
        self.remove = danger_button(_("Remove this site"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 12, 0, 0)
        column.setSpacing(12)
        column.addWidget(self.form)
        column.addWidget(Ends(flow_of(self.remove), flow_of(self.leave, self.save)))
        fields = {
            "name": self.name,
            "address_lines": self.lines,
            "postcode": self.postcode,
            "town": self.town,
            "department": self.department,
            "room": self.room,
            "good_friday": self.good_friday,
            "opens_at": self.opens_at,
            "closes_at": self.closes_at,
        }
        self.keeper = DraftKeeper(workspace.drafts, NEW, fields, self)
        workspace.closing.connect(self.keeper.keep_now)

    def begin(self, opened: SiteRow | None, draft: SiteDraft) -> None:
        """Show draft, or what was typed into its form and not saved."""
        self.keeper.keep_now()
        self.opened, self._was = opened, draft
        self.name.setText(draft.name)
        self.lines.setText(", ".join(draft.address_lines))
        self.postcode.setText(draft.postcode)
        self.town.setText(draft.town)
        self.department.setText(draft.department)
        self.room.setText(draft.room)
        self.good_friday.setChecked(draft.good_friday)
        self.opens_at.setTime(QTime(draft.opens_at.hour, draft.opens_at.minute))
        self.closes_at.setTime(QTime(draft.closes_at.hour, draft.closes_at.minute))
        self.remove.setVisible(opened is not None)
        self.form.show_problems({})
        self.keeper.begin(_key(opened.id) if opened else NEW, is_change=opened is not None)
        self.keeper.restore()

    def draft(self) -> SiteDraft:
        """What stands in the form."""
        lines = tuple(part.strip() for part in self.lines.text().split(",") if part.strip())
        return replace(
            self._was,
            name=self.name.text().strip(),
            address_lines=lines,
            postcode=self.postcode.text().strip(),
            town=self.town.text().strip(),
            department=self.department.text().strip().upper(),
            room=self.room.text().strip(),
            good_friday=self.good_friday.isChecked(),
            opens_at=time(self.opens_at.time().hour(), self.opens_at.time().minute()),
            closes_at=time(self.closes_at.time().hour(), self.closes_at.time().minute()),
        )
