"""The office, and who works at this desk."""

from dataclasses import replace

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout

from correspondent_desk.domain.actions import Action
from correspondent_desk.gui.widgets.buttons import button
from correspondent_desk.gui.widgets.card import Card
from correspondent_desk.gui.widgets.choice_field import ChoiceField
from correspondent_desk.gui.widgets.draft_keeper import DraftKeeper
from correspondent_desk.gui.widgets.form import Form
from correspondent_desk.gui.widgets.line_edit import LineEdit
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _, ngettext
from correspondent_desk.messages.problems import of_line
from correspondent_desk.records import office
from correspondent_desk.records.office import OfficeRow

RHYTHMS = (6, 12, 18, 24)


class OfficeCard(Card):
    """Name, code, usual rhythm of meetings, and the name written beside what is done here."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(_("The office"))
        self._workspace = workspace
        self.name, self.code, self.person = LineEdit(), LineEdit(), LineEdit()
        self.rhythm: ChoiceField[int | None] = ChoiceField(
            [
                (None, _("No usual rhythm")),
                *(
                    (n, ngettext("Once in {n} month", "Once in {n} months", n).format(n=n))
                    for n in RHYTHMS
                ),
            ]
        )
        self.form = Form(forgets=True)
        self.form.add("name", _("Name of the &office"), self.name)
        self.form.add(
            "code", _("Co&de"), self.code, _("Short, without spaces: stands in the names of files.")
        )
        self.form.add("person", _("&Who works at this desk"), self.person)
        self.form.add(
            "rhythm",
            _("To meet &everyone"),
            self.rhythm,
            _("For those who wished for no rhythm of their own."),
        )
        self.save = button(_("&Save the office"), "check")
        self.save.clicked.connect(self._save)
        actions = QHBoxLayout()
        actions.addStretch(1)
        actions.addWidget(self.save)
        self.body.addWidget(self.form)
        self.body.addLayout(actions)
        self.show_saved()
        fields = {"name": self.name, "code": self.code, "person": self.person}
        self._keeper = DraftKeeper(workspace.drafts, "settings.office", fields, self)
        self._keeper.restore()
        workspace.closing.connect(self._keeper.keep_now)

    def keep(self) -> None:
        """Keep what is typed and not saved."""
        self._keeper.keep_now()

    def show_saved(self) -> None:
        """Show what stands in the store."""
        found = self._workspace.now(office.office)
        self.name.setText(found.name)
        self.code.setText(found.code)
        self.person.setText(self._workspace.person())
        if found.rhythm_months not in self.rhythm.values:
            n = found.rhythm_months or 0
            words = ngettext("Once in {n} month", "Once in {n} months", n).format(n=n)
            every = zip(self.rhythm.values, map(self.rhythm.itemText, range(99)), strict=False)
            self.rhythm.set_choices([*every, (found.rhythm_months, words)])
        self.rhythm.set_value(found.rhythm_months)

    @Slot()
    def _save(self) -> None:
        wrong = {
            "name": of_line(self.name.text(), is_needed=True),
            "code": of_line(self.code.text()),
            "person": of_line(self.person.text()),
        }
        self.form.show_problems(wrong)
        if any(wrong.values()):
            self.form.go_to_first_problem()
            return
        before = self._workspace.now(office.office)
        draft: OfficeRow = replace(
            before,
            name=self.name.text().strip(),
            code=self.code.text().strip(),
            rhythm_months=self.rhythm.value(),
        )
        person = self.person.text().strip()
        if person != self._workspace.person():
            self._workspace.set_person(person)
        self._keeper.forget()
        if draft != before:
            self._workspace.do(Action.OFFICE_EDITED, lambda s: office.save_office(s, draft))
