"""The fields of a member's form: laid out, filled from a draft, and read back as one."""

from collections.abc import Callable, Mapping
from datetime import date

from PySide6.QtWidgets import QCheckBox, QSizePolicy, QVBoxLayout, QWidget

from correspondent_desk.domain.meetings import SiteRow
from correspondent_desk.domain.members import (
    Channel,
    Civility,
    Mail,
    MemberDraft,
    MemberStatus,
    Phone,
    PostalAddress,
    SiteId,
    problems,
)
from correspondent_desk.domain.phones import parse
from correspondent_desk.domain.problems import Fault, Problem
from correspondent_desk.gui.members.reach_field import Reached, ReachField
from correspondent_desk.gui.widgets.card import SectionHeader
from correspondent_desk.gui.widgets.choice_field import ChoiceField, let_shrink
from correspondent_desk.gui.widgets.date_field import DateField
from correspondent_desk.gui.widgets.dates import Lean
from correspondent_desk.gui.widgets.form import Form
from correspondent_desk.gui.widgets.line_edit import LineEdit
from correspondent_desk.gui.widgets.note_field import NoteField
from correspondent_desk.language import _, ngettext
from correspondent_desk.messages import civilities, dates, labels, people

RHYTHMS = (3, 6, 12, 24)
COLUMNS = {  # of the fields that bear another name
    "site": "site_id",
    "channel": "preferred_channel",
    "rhythm": "rhythm_months",
    "beneficiary": "beneficiary_number",
}


class MemberFields(Form):
    """Who, where they work, how to reach them, what helps."""

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self._departments: dict[SiteId, str] = {}
        self.civility = ChoiceField([(one, civilities.civility(one) or "—") for one in Civility])
        self.first_name, self.family_name, self.usage_name = LineEdit(), LineEdit(), LineEdit()
        self.birth_date = self._date(Lean.PAST)
        self.phones = ReachField(_("Phone"), "06 12 34 56 07", _("Another phone"))
        self.mails = ReachField(_("E-mail"), _("first.last@example.org"), _("Another e-mail"))
        self.address_lines = NoteField(3)
        self.postcode, self.town, self.country = LineEdit(), LineEdit(), LineEdit()
        self.no_letter_home = QCheckBox(_("No &letter at home"))
        self.channel = ChoiceField([(one, labels.channel(one)) for one in Channel])
        self.access_needs = LineEdit(_("large print, ground floor, help online…"))
        self.rhythm: ChoiceField[int | None] = ChoiceField()
        self.status = ChoiceField([(one, labels.member_status(one)) for one in MemberStatus])
        self.site: ChoiceField[SiteId | None] = ChoiceField()
        self.service, self.employer = LineEdit(), LineEdit()
        self.matricule, self.beneficiary = LineEdit(), LineEdit()
        self.entered_on, self.left_on = self._date(Lean.PAST), self._date(Lean.NEAREST)
        self.bracket, self.bracket_year = LineEdit(), LineEdit()
        self.note = NoteField(4)
        self.sort_name = LineEdit()
        for choice in (self.channel, self.rhythm, self.status, self.site):
            let_shrink(choice)
        self.after_status = QVBoxLayout()
        self._lay_out()

    def kept(self) -> Mapping[str, QWidget]:
        """All fields, for the keeper of drafts."""
        return {
            name: part
            for name, part in vars(self).items()
            if isinstance(part, QWidget) and not name.startswith("_")
        }

    def offer_sites(self, sites: list[SiteRow]) -> None:
        """The sites to choose from; they also say how a phone number is read."""
        self._departments = {site.id: site.draft.department for site in sites}
        named = [(site.id, site.draft.name) for site in sites]
        self.site.set_choices([(None, _("no site")), *named])

    def fill(self, draft: MemberDraft) -> None:
        """Show draft."""
        self.civility.set_value(draft.civility)
        for line, text in (
            (self.first_name, draft.first_name),
            (self.family_name, draft.family_name),
            (self.usage_name, draft.usage_name),
            (self.postcode, draft.address.postcode),
            (self.town, draft.address.town),
            (self.country, draft.address.country),
            (self.access_needs, draft.access_needs),
            (self.service, draft.service),
            (self.employer, draft.employer),
            (self.matricule, draft.matricule),
            (self.beneficiary, draft.beneficiary_number),
            (self.bracket, draft.bracket),
            (self.bracket_year, str(draft.bracket_year or "")),
            (self.sort_name, draft.sort_name),
        ):
            line.setText(text)
        self.birth_date.set_date(draft.birth_date)
        self.entered_on.set_date(draft.entered_on)
        self.left_on.set_date(draft.left_on)
        self.phones.set_lines(
            [Reached(people.phone(one.number), one.label, one.do_not_use) for one in draft.phones]
        )
        self.mails.set_lines(
            [Reached(one.address, one.label, one.do_not_use) for one in draft.mails]
        )
        self.address_lines.setPlainText("\n".join(draft.address.lines))
        self.note.setPlainText(draft.note)
        self.no_letter_home.setChecked(draft.no_letter_home)
        self.channel.set_value(draft.preferred_channel)
        self.status.set_value(draft.status)
        self._offer_rhythms(draft.rhythm_months)
        self.rhythm.set_value(draft.rhythm_months)
        self.site.set_value(draft.site_id if draft.site_id in self.site.values else None)

    def draft(self) -> MemberDraft:
        """What stands in the fields; what cannot be read is left out, see problems."""
        year = self.bracket_year.text().strip()
        return MemberDraft(
            civility=self.civility.value(),
            family_name=self.family_name.text().strip(),
            usage_name=self.usage_name.text().strip(),
            first_name=self.first_name.text().strip(),
            birth_date=self.birth_date.value(),
            matricule=self.matricule.text().strip(),
            beneficiary_number=self.beneficiary.text().strip(),
            employer=self.employer.text().strip(),
            site_id=self.site.value(),
            service=self.service.text().strip(),
            status=self.status.value(),
            entered_on=self.entered_on.value(),
            left_on=self.left_on.value(),
            phones=tuple(self._phone(line) for line in self.phones.lines()),
            mails=tuple(
                Mail(address=line.what, label=line.label, do_not_use=line.do_not_use)
                for line in self.mails.lines()
            ),
            address=self._address(),
            no_letter_home=self.no_letter_home.isChecked(),
            preferred_channel=self.channel.value(),
            access_needs=self.access_needs.text().strip(),
            rhythm_months=self.rhythm.value(),
            bracket=self.bracket.text().strip(),
            bracket_year=int(year) if year.isdecimal() else None,
            note=self.note.toPlainText().strip(),
            sort_name=self.sort_name.text().strip(),
        )

    def problems(self) -> list[Problem]:
        """What must be mended, by the names of the rows."""
        found = [
            *self.birth_date.problems("birth_date"),
            *self.entered_on.problems("entered_on"),
            *self.left_on.problems("left_on"),
        ]
        year = self.bracket_year.text().strip()
        if year and not year.isdecimal():
            found.append(Problem("bracket_year", Fault.NOT_A_NUMBER, year))
        for problem in problems(self.draft(), self._today()):
            if problem.fault is Fault.NOT_A_POSTCODE:
                found.append(Problem("postcode", problem.fault, problem.text))
            else:
                found.append(problem)
        return found

    def _phone(self, line: Reached) -> Phone:
        site = self.site.value()
        read = parse(line.what, self._departments.get(site) if site else None)
        if read is None:
            return Phone(number=line.what, label=line.label, do_not_use=line.do_not_use)
        label = line.label or read.label
        return Phone(number=read.number, label=label, do_not_use=line.do_not_use)

    def _address(self) -> PostalAddress:
        lines = self.address_lines.toPlainText().splitlines()
        return PostalAddress(
            lines=tuple(line.strip() for line in lines if line.strip()),
            postcode=self.postcode.text().strip(),
            town=self.town.text().strip(),
            country=self.country.text().strip(),
        )

    def _offer_rhythms(self, own: int | None) -> None:
        offered = sorted({*RHYTHMS, *([own] if own else [])})
        every = [(n, ngettext("every month", "every {n} months", n).format(n=n)) for n in offered]
        self.rhythm.set_choices([(None, _("as usual at the office")), *every])

    def _date(self, lean: Lean) -> DateField:
        return DateField(self._today, dates.plain, lean)

    def _lay_out(self) -> None:
        self._offer_rhythms(None)
        self.site.set_choices([(None, _("no site"))])
        self.add_beside(
            ("first_name", _("&First name"), self.first_name),
            ("family_name", _("Famil&y name"), self.family_name),
        )
        self.add_beside(
            ("usage_name", _("Name in &use, if another"), self.usage_name),
            ("civility", _("C&ivility"), self.civility),
        )
        self.add("birth_date", _("&Birth date"), self.birth_date)
        self.add_widget(SectionHeader(_("How to reach the person")))
        for row in (
            self.add("phones", _("&Phones"), self.phones),
            self.add("mails", _("&E-mail addresses"), self.mails),
        ):  # as high as their lines need where these go on in a second one
            row.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.add("address", _("Postal &address"), self.address_lines)
        self.add_beside(
            ("postcode", _("Postc&ode"), self.postcode),
            ("town", _("&Town"), self.town),
            last=3,
        )
        self.add("country", _("Country, if abroad"), self.country)
        self.add_widget(self.no_letter_home)
        self.add_beside(
            ("preferred_channel", _("Prefers to be reac&hed"), self.channel),
            ("rhythm_months", _("Wishes to meet"), self.rhythm),
        )
        self.add("access_needs", _("What makes access easier"), self.access_needs)
        self.add_widget(SectionHeader(_("At work")))
        self.add_beside(("site_id", _("&Site"), self.site), ("status", _("Status"), self.status))
        self.after_status.setContentsMargins(0, 0, 0, 0)
        beside_status = QWidget()
        beside_status.setLayout(self.after_status)
        self.add_widget(beside_status)
        self.add_beside(
            ("service", _("&Department of the office"), self.service),
            ("employer", _("Employer, if another"), self.employer),
        )
        self.add_beside(
            ("matricule", _("Staff nu&mber"), self.matricule),
            ("beneficiary_number", _("Beneficiary number"), self.beneficiary),
        )
        self.add("entered_on", _("Rights since"), self.entered_on)
        self.add("left_on", _("Rights until"), self.left_on)
        self.add_beside(
            ("bracket", _("Tax bracket"), self.bracket),
            ("bracket_year", _("of the year"), self.bracket_year),
        )
        self.add_widget(SectionHeader(_("Notes")))
        self.add("note", _("Note"), self.note)
        self.add("sort_name", _("Filed in lists under, if another name"), self.sort_name)
