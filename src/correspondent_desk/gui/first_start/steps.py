"""The three steps of the first start, each a form that says when it is complete."""

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from random import SystemRandom

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLineEdit,
    QVBoxLayout,
    QWidget,
)

from correspondent_desk.domain import passphrases
from correspondent_desk.domain.passphrases import Strength
from correspondent_desk.gui.widgets.buttons import button, edge_button, main_button
from correspondent_desk.gui.widgets.ctrl_enter import ctrl_enter_presses
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.form import Form
from correspondent_desk.gui.widgets.line_edit import LineEdit
from correspondent_desk.gui.widgets.note_field import NoteField
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.language import _


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeAnswers:
    """What the first step asks. sites: one name each, at least one.

    invitation: the file of one, by which office and sites come from elsewhere; desk_name: what others
    will call this computer then.
    """

    office: str
    person: str
    sites: tuple[str, ...]
    department: str
    invitation: Path | None = None
    desk_name: str = ""


class Step(QWidget):
    """A step: a title, a sentence on why, what is asked, and the way on and back."""

    done = Signal()
    back = Signal()

    def __init__(self, title: str, why: str, onward: str, *, has_back: bool) -> None:
        super().__init__()
        self.setAccessibleName(title)
        self.setAccessibleDescription(f"{title}. {why}")
        self.start: QWidget  # where the focus goes
        self.onward = main_button(onward)
        self.onward.clicked.connect(self._try)
        self.backward = button(_("&Back"), "arrow-left")
        self.backward.clicked.connect(self.back)
        if not has_back:  # shown without a parent it would be a window of its own for a moment
            self.backward.hide()
        self.form = Form(forgets=True)
        ctrl_enter_presses(self.onward, self.form)
        self.ways = QWidget()  # on and back; a page may show them where they stay in view
        actions = QHBoxLayout(self.ways)
        actions.setContentsMargins(0, 0, 0, 0)
        actions.addWidget(self.backward)
        actions.addStretch(1)
        actions.addWidget(self.onward)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(16)
        column.addWidget(Words(title, "title"))
        column.addWidget(Words(why, "muted"))
        column.addWidget(self.form)
        self.extra = QVBoxLayout()
        column.addLayout(self.extra)
        column.addWidget(self.ways)
        column.addStretch(1)

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:  # noqa: N802
        """Where it begins. A focus proxy would make Tab pass over what stands before that."""
        self.start.setFocus(reason)

    def go_on_after(self, last: QWidget) -> None:
        """Let Tab lead from the last field to the way on, then back."""
        QWidget.setTabOrder(last, self.onward)
        QWidget.setTabOrder(self.onward, self.backward)

    def enter_goes_along(self, *fields: QLineEdit) -> None:
        """Let Enter lead from each line to the next, and from the last one on."""
        for field, following in pairwise(fields):
            field.returnPressed.connect(following.setFocus)
        fields[-1].returnPressed.connect(self.onward.click)

    def problems(self) -> dict[str, str]:
        """What must be mended before going on, by field."""
        return {}

    @Slot()
    def _try(self) -> None:
        if not self.form.point_out(self.problems()):
            self.done.emit()


class OfficeStep(Step):
    """Your office and its sites."""

    demo_wanted = Signal()
    asked = Signal(QWidget)  # what asks something, and has the focus
    copy_wanted = Signal()  # of a desk that was on another computer
    invited = Signal()

    def __init__(self) -> None:
        super().__init__(
            _("Your office"),
            _("This desk works without a network: everything stays on this computer, encrypted."),
            _("&Continue"),
            has_back=False,
        )
        self.office = LineEdit(_("For example: Mairie de Valbrune"))
        self.person = LineEdit()
        self.department = LineEdit()
        self.sites = NoteField(4)
        self.form.add("office", _("Name of the &office"), self.office)
        self.form.add(
            "person",
            _("Your &name"),
            self.person,
            _("Stands beside what you write in the history."),
        )
        self.form.add(
            "department",
            _("&Department"),
            self.department,
            _("Its number, such as 67, 2A or 971: public holidays depend on it."),
        )
        self.form.add(
            "sites", _("&Sites, one a line"), self.sites, _("Places where people work or are met.")
        )
        self.demo = edge_button(_("Explore with &invented people instead"), "users")
        self.demo.clicked.connect(self._try_demo)
        self.copy = edge_button(_("I have a co&py of my desk on a stick"), "usb")
        self.copy.clicked.connect(self._try_copy)
        self.invitation = edge_button(_("I have an in&vitation from the committee"), "link")
        self.invitation.clicked.connect(self.invited)
        self.extra.addWidget(flow_of(self.invitation, self.copy, self.demo))
        self.asking = self._question()
        self.extra.addWidget(self.asking)
        self.go_on_after(self.sites)
        self.office.returnPressed.connect(self.person.setFocus)
        self.person.returnPressed.connect(self.department.setFocus)
        self.department.returnPressed.connect(self.sites.setFocus)
        self.start = self.office

    def _question(self) -> QFrame:
        """Asked only when something was typed; the safe answer has the focus."""
        asking = QFrame()
        asking.setProperty("role", "notice")
        question = _("What you typed here will not be kept: it belongs to no desk yet.")
        asking.setAccessibleName(question)
        self.stay = button(_("Stay &here"))
        self.stay.setAccessibleDescription(question)
        self.stay.clicked.connect(self._stay)
        self.leave = button(_("&Explore all the same"), "users")
        self.leave.clicked.connect(self._leave_for_demo)
        self.leave_for_copy = button(_("Bring the copy back all the sa&me"), "usb")
        self.leave_for_copy.clicked.connect(self.copy_wanted)
        column = QVBoxLayout(asking)
        column.setContentsMargins(12, 12, 12, 12)
        column.setSpacing(8)
        column.addWidget(Words(question, "strong"))
        column.addWidget(flow_of(self.stay, self.leave, self.leave_for_copy, gap=24))
        asking.hide()
        return asking

    @Slot()
    def _try_demo(self) -> None:
        if self._was_typed():
            self._ask(self.leave)
        else:
            self._leave_for_demo()

    @Slot()
    def _try_copy(self) -> None:
        if self._was_typed():
            self._ask(self.leave_for_copy)
        else:
            self.copy_wanted.emit()

    def _was_typed(self) -> bool:
        lines = (self.office, self.person, self.department)
        return any(line.text().strip() for line in lines) or bool(self.sites.toPlainText().strip())

    def _ask(self, away: QWidget) -> None:
        for one in (self.leave, self.leave_for_copy):
            one.setVisible(one is away)
        self.asking.show()
        self.stay.setFocus(Qt.FocusReason.OtherFocusReason)
        self.asked.emit(self.asking)

    @Slot()
    def _stay(self) -> None:
        lead = self.copy if self.leave.isHidden() else self.demo
        lead.setFocus(Qt.FocusReason.OtherFocusReason)
        self.asking.hide()

    @Slot()
    def _leave_for_demo(self) -> None:
        self._wait_for_demo()
        self.demo_wanted.emit()

    def _wait_for_demo(self) -> None:
        """The invented people are being made; asking twice would make them twice."""
        self.asking.hide()
        self.demo.setText(_("One moment…"))
        for part in (self, self.ways):
            part.setEnabled(False)

    def answers(self) -> OfficeAnswers:
        """What was typed, without stray spaces."""
        lines = self.sites.toPlainText().splitlines()
        sites = tuple(line.strip() for line in lines if line.strip())
        return OfficeAnswers(
            office=self.office.text().strip(),
            person=self.person.text().strip(),
            sites=sites or (self.office.text().strip(),),
            department=self.department.text().strip().upper(),
        )

    def problems(self) -> dict[str, str]:
        """An office needs a name; the rest can follow."""
        # The first window needs them not.
        from correspondent_desk.domain.departments import DEPARTMENTS
        from correspondent_desk.domain.problems import Fault, Problem
        from correspondent_desk.messages.problems import of_line, sentence

        answers = self.answers()
        wrong_sites = (of_line(site) for site in answers.sites if site != answers.office)
        told = {
            "office": of_line(answers.office, is_needed=True),
            "person": of_line(answers.person),
            "sites": next(filter(None, wrong_sites), ""),
        }
        if answers.department and answers.department not in DEPARTMENTS:
            wrong = Problem("department", Fault.NOT_A_DEPARTMENT, answers.department)
            told["department"] = sentence(wrong)
        return {name: words for name, words in told.items() if words}


class PassphraseStep(Step):
    """A passphrase, typed twice, with its strength in words."""

    def __init__(self, title: str = "", why: str = "", onward: str = "") -> None:
        """The words of the first start, or those of another page that asks for a passphrase."""
        super().__init__(
            title or _("A passphrase"),
            why
            or _(
                "It opens the desk and nobody else knows it. Four or five words that are easy for"
                " you to remember are better than one complicated word."
            ),
            onward or _("&Continue"),
            has_back=True,
        )
        self.first = LineEdit()
        self.again = LineEdit()
        for field in (self.first, self.again):
            field.setEchoMode(LineEdit.EchoMode.Password)
        self.first.textChanged.connect(self._say_strength)
        self.add_fields()
        self.show_text = edge_button(_("Show what is typed"), "eye")
        self.show_text.setCheckable(True)
        self.show_text.toggled.connect(self._show)
        self.extra.addWidget(flow_of(self.show_text))
        self.go_on_after(self.show_text)

    def add_fields(self, label: str = "") -> None:
        """Put the fields into the form; label: what the passphrase is."""
        self.form.add("first", label or _("&Passphrase"), self.first, " ")
        self.form.add("again", _("The same passphrase a&gain"), self.again, " ")
        # Which of the two is mended does not matter: they may be the same now.
        self.first.textChanged.connect(self.form.rows["again"].forget_problem)
        self.enter_goes_along(self.first, self.again)
        self.start = self.first

    def passphrase(self) -> str:
        """What was typed."""
        return self.first.text()

    def problems(self) -> dict[str, str]:
        """Long enough, and twice the same."""
        return passphrase_problems(self.first.text(), self.again.text())

    @Slot(str)
    def _say_strength(self, typed: str) -> None:
        self.form.rows["first"].say_beside(strength(typed))

    @Slot(bool)
    def _show(self, shown: bool) -> None:
        mode = LineEdit.EchoMode.Normal if shown else LineEdit.EchoMode.Password
        self.first.setEchoMode(mode)
        self.again.setEchoMode(mode)
        self.show_text.setText(_("Hide what is typed") if shown else _("Show what is typed"))
        self.show_text.show_picture("eye-off" if shown else "eye")


def passphrase_problems(first: str, again: str) -> dict[str, str]:
    """What must be mended in a new passphrase, typed twice, by field."""
    if passphrases.strength(first) is Strength.TOO_SHORT:
        if len(first) >= passphrases.SHORTEST:
            return {"first": _("Too few different characters.")}
        return {
            "first": _("At least {n} characters are needed, spaces included.").format(
                n=passphrases.SHORTEST
            )
        }
    if first != again:
        return {"again": _("This is not the same passphrase.")}
    return {}


def strength(passphrase: str) -> str:
    """How well passphrase protects, in words; nothing before anything is typed."""
    if not passphrase:
        return ""
    match passphrases.strength(passphrase):
        case Strength.TOO_SHORT:
            if len(passphrase) >= passphrases.SHORTEST:
                return _("Too few different characters.")
            return _("At least {n} characters.").format(n=passphrases.SHORTEST)
        case Strength.ACCEPTABLE:
            return _("Acceptable. One more word would make it good.")
        case Strength.GOOD:
            return _("Good.")
        case Strength.VERY_GOOD:
            return _("Very good.")


class RecoveryStep(Step):
    """The recovery sheet: printed or saved, then two of its groups typed back."""

    save_wanted = Signal()
    print_wanted = Signal()

    def __init__(self, code: str) -> None:
        """code: groups between hyphens or spaces, as store.vault gives it."""
        super().__init__(
            _("The recovery sheet"),
            _(
                "Without the passphrase, this sheet opens the desk. If both are lost, only the"
                " committee could help, and only if this desk has joined a hub of the committee that"
                " keeps a recovery key. Keep the sheet on paper in a safe place, away from this"
                " computer."
            ),
            _("&Finish"),
            has_back=False,
        )
        self._groups = code.replace("-", " ").split()
        self.asked = sorted(SystemRandom().sample(range(len(self._groups)), 2))
        self.code = Words(code, "code")  # to be copied by hand: large
        # Not by the keyboard: the cursor stood after the last letter as one more.
        self.code.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self.code.setFocusPolicy(Qt.FocusPolicy.StrongFocus)  # to be heard
        self.code.setAccessibleName(_("Recovery code: {code}").format(code=code))
        self.save = button(_("&Save the sheet as PDF…"), "file-text")
        self.save.clicked.connect(self.save_wanted)
        self.print = button(_("&Print the sheet…"), "printer")
        self.print.clicked.connect(self.print_wanted)
        self.said = Words("", "small")
        self.form.add_widget(self.code)
        self.form.add_widget(flow_of(self.save, self.print))
        self.form.add_widget(self.said)
        self.fields: list[LineEdit] = []
        for place in self.asked:
            field = LineEdit()
            self.fields.append(field)
            self.form.add(
                f"group{place}",
                _("Group {n} of the sheet, to be sure that it can be read").format(n=place + 1),
                field,
            )
        self.go_on_after(self.fields[-1])
        self.enter_goes_along(*self.fields)
        self.start = self.code

    def problems(self) -> dict[str, str]:
        """The two groups must be those of the sheet; O and 0, I and 1 are taken for each other."""
        return {
            f"group{place}": _("This is not group {n} of the sheet.").format(n=place + 1)
            if field.text().strip()
            else _("Type group {n} as it stands on the sheet.").format(n=place + 1)
            for place, field in zip(self.asked, self.fields, strict=True)
            if _plain(field.text()) != _plain(self._groups[place])
        }


def _plain(group: str) -> str:
    return group.strip().upper().translate(str.maketrans("OIL", "011"))
