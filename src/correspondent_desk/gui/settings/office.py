"""The office, and who works at this desk."""

from dataclasses import asdict, replace
from functools import partial

from PySide6.QtCore import Signal, Slot

from correspondent_desk.domain.actions import Action
from correspondent_desk.domain.fields import Kind
from correspondent_desk.errors import DeskError
from correspondent_desk.gui.widgets.buttons import button, edge_button
from correspondent_desk.gui.widgets.card import Card
from correspondent_desk.gui.widgets.choice_field import ChoiceField
from correspondent_desk.gui.widgets.conflict import overtaken
from correspondent_desk.gui.widgets.ctrl_enter import ctrl_enter_presses
from correspondent_desk.gui.widgets.draft_keeper import DraftKeeper
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.form import Form
from correspondent_desk.gui.widgets.line_edit import LineEdit
from correspondent_desk.gui.widgets.tag import Tag, Tone
from correspondent_desk.gui.widgets.turning import Ends
from correspondent_desk.gui.workspace import Workspace
from correspondent_desk.language import _, ngettext
from correspondent_desk.messages.problems import of_line
from correspondent_desk.records import office
from correspondent_desk.records.office import OfficeRow
from correspondent_desk.records.trouble import EditConflict

RHYTHMS = (6, 12, 18, 24)
_KEY = "settings.office"


class OfficeCard(Card):
    """Name, code, usual rhythm of meetings, and the name written beside what is done here."""

    said = Signal(str)

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(_("The office"))
        self._workspace = workspace
        self._stored = workspace.now(office.office)
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
        ctrl_enter_presses(self.save, self)
        self.unsaved = Tag(_("Not saved yet"), Tone.SOON)
        self.discard = edge_button(_("Throw away what was typed"))
        self.discard.clicked.connect(self._discard)
        self.body.addWidget(self.form)
        self.body.addWidget(Ends(flow_of(self.unsaved, self.discard), flow_of(self.save)))
        for line in (self.name, self.code, self.person):
            line.textChanged.connect(self._say_whether_saved)
        self.rhythm.currentIndexChanged.connect(self._say_whether_saved)
        self._show_saved()
        fields = {
            "name": self.name,
            "code": self.code,
            "person": self.person,
            "rhythm": self.rhythm,
        }
        self._keeper = DraftKeeper(workspace.drafts, _KEY, fields, self)
        self._put_back()
        workspace.closing.connect(self._keeper.keep_now)

    @property
    def is_unsaved(self) -> bool:
        """Whether something else stands in the fields than in the store."""
        person = self._workspace.person()
        return self._draft(self._stored) != self._stored or self._who() != person

    def keep(self) -> None:
        """Keep what is typed and not saved."""
        self._keeper.keep_now()

    def show_again(self) -> None:
        """The office was changed: show it, but for what is being typed."""
        self._keeper.keep_now()
        self._show_saved()
        self._put_back()

    def _put_back(self) -> None:
        self._keeper.begin(_KEY, is_change=True)
        self._keeper.restore()

    def _show_saved(self) -> None:
        """Show what stands in the store."""
        found = self._stored = self._workspace.now(office.office)
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
        if self.form.point_out(wrong):
            return
        if self._who() == self._workspace.person():
            self._save_office(None, is_other=False)
        else:
            self._workspace.set_person(self._who(), partial(self._save_office, is_other=True))

    def _save_office(self, _nothing: None, *, is_other: bool) -> None:
        """is_other: somebody else works here, which is written."""
        before = self._stored
        draft = self._draft(before)
        if draft != before:
            self._keeper.hand_over()
            self._workspace.do(
                Action.OFFICE_EDITED,
                lambda s: office.save_office(s, before, draft),
                partial(self._saved, is_other),
                self._not_saved,
            )
        elif is_other:
            self._saved(is_other, None)
        else:
            self._keeper.forget()
            self.said.emit(_("Nothing to change."))

    def _saved(self, is_other: bool, _nothing: None) -> None:
        """Say what no step of history says; is_other: somebody else works here."""
        if self._keeper.saved(_KEY):  # one typed on after asking to save
            self.show_again()
        else:
            self._keeper.forget()
            self._stored = self._workspace.now(office.office)
        self._say_whether_saved()
        person = self._workspace.person()
        if is_other and person:
            sentence = _(
                "Saved: what is done at this desk bears the name {person} from now on."
                " Undo does not change the name back."
            )
            self.said.emit(sentence.format(person=person))
        elif is_other:
            self.said.emit(_("Saved: what is done at this desk bears no name from now on."))

    def _not_saved(self, error: DeskError) -> None:
        """Somebody else changed the same of the office: what is typed stays, with theirs beside it."""
        if not isinstance(error, EditConflict):
            self._workspace.refused.emit(error)
            return
        self.show_again()
        said = overtaken(Kind.OFFICE, error.fields, asdict(self._stored))
        self.form.point_out(said, {"rhythm_months": "rhythm"})

    @Slot()
    def _discard(self) -> None:
        self.name.setFocus()  # the button is going
        self._show_saved()
        self._keeper.forget()

    @Slot()
    def _say_whether_saved(self) -> None:
        is_unsaved = self.is_unsaved
        self.unsaved.setVisible(is_unsaved)
        self.discard.setVisible(is_unsaved)

    def _who(self) -> str:
        return self.person.text().strip()

    def _draft(self, before: OfficeRow) -> OfficeRow:
        return replace(
            before,
            name=self.name.text().strip(),
            code=self.code.text().strip(),
            rhythm_months=self.rhythm.value(),
        )
