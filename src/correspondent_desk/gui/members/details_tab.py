"""How to reach a person and what the office knows of them, field by field."""

from datetime import date

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from correspondent_desk.domain.fields import Kind
from correspondent_desk.domain.members import MemberCard, MemberDraft, MemberStatus
from correspondent_desk.gui.widgets.buttons import button, danger_button
from correspondent_desk.gui.widgets.flow import flow_of
from correspondent_desk.gui.widgets.layouts import empty
from correspondent_desk.gui.widgets.tag import Tag, Tone
from correspondent_desk.gui.widgets.text import Words
from correspondent_desk.gui.widgets.turning import Fact
from correspondent_desk.language import _, ngettext
from correspondent_desk.messages import dates, labels, values
from correspondent_desk.messages.fields import field_name


class DetailsTab(QWidget):
    """Every field that says something, with a mark where two desks disagree."""

    edit_wanted = Signal()
    remove_wanted = Signal()
    erase_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.edit = button(_("&Edit the card"), "pencil")
        self.edit.clicked.connect(self.edit_wanted)
        self.remove = danger_button(_("Remove from the desk"), "trash-2")
        self.remove.setToolTip(_("With all that belongs to this person. It can be undone."))
        self.remove.clicked.connect(self.remove_wanted)
        self.erase = danger_button(_("Ask to erase everywhere"), "trash-2")
        self.erase.setToolTip(
            _(
                "Out of sight now; the committee then erases this person for good, on every desk."
                " It can be undone until the next exchange."
            )
        )
        self.erase.clicked.connect(self.erase_wanted)
        self._facts = QVBoxLayout()
        self._facts.setSpacing(8)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 8, 0, 8)
        column.setSpacing(16)
        column.addWidget(flow_of(self.edit))
        column.addLayout(self._facts)
        column.addStretch(1)
        column.addWidget(flow_of(self.remove, self.erase))

    def show_card(self, card: MemberCard, today: date) -> None:
        """Show this person's fields."""
        empty(self._facts)
        told = told_fields(card.draft, card.site, today)
        for name, text in told.items():
            value = _value(text, name in card.open_disagreements)
            self._facts.addWidget(Fact(field_name(Kind.MEMBER, name), value))


def _value(text: str, is_disputed: bool) -> QWidget:
    words = Words(text).let_select()
    if not is_disputed:
        return words
    holder = QWidget()
    row = QHBoxLayout(holder)
    row.setContentsMargins(0, 0, 0, 0)
    row.addWidget(words, 1)
    mark = Tag(_("two desks disagree"), Tone.SOON)
    mark.setToolTip(_("Two desks wrote this at the same time. Settle it above, on this card."))
    row.addWidget(mark, 0, Qt.AlignmentFlag.AlignTop)
    return holder


def told_fields(draft: MemberDraft, site: str, today: date) -> dict[str, str]:
    """The fields that say something, by the names of `domain.fields`, in words."""
    phones = [
        values.phone_line(one.number, one.label, do_not_use=one.do_not_use) for one in draft.phones
    ]
    mails = [
        values.mail_line(one.address, one.label, do_not_use=one.do_not_use) for one in draft.mails
    ]
    town = " ".join(part for part in (draft.address.postcode, draft.address.town) if part)
    rights = {"entered_on": draft.entered_on, "left_on": draft.left_on}
    told = {
        "phones": "\n".join(phones),
        "mails": "\n".join(mails),
        "address": "\n".join(
            part for part in (*draft.address.lines, town, draft.address.country) if part
        ),
        "no_letter_home": _("yes") if draft.no_letter_home else "",
        "preferred_channel": labels.channel(draft.preferred_channel),
        "access_needs": draft.access_needs,
        "rhythm_months": _rhythm(draft.rhythm_months),
        "family_name": draft.family_name,
        "usage_name": draft.usage_name,
        "first_name": draft.first_name,
        "birth_date": _birth(draft, today),
        "status": labels.member_status(draft.status),
        "site_id": site,
        "service": draft.service,
        "matricule": draft.matricule,
        "beneficiary_number": draft.beneficiary_number,
        "employer": draft.employer,
        "rights": values.in_words(Kind.MEMBER, "rights", rights),
        "bracket": ", ".join(str(p) for p in (draft.bracket, draft.bracket_year) if p),
        "note": draft.note,
        "sort_name": draft.sort_name,
    }
    return {name: text for name, text in told.items() if text}


def _birth(draft: MemberDraft, today: date) -> str:
    born = draft.birth_date
    if born is None:
        return ""
    if draft.status is MemberStatus.DECEASED:
        return dates.numeric(born)
    age = dates.age_in_words(born, today)
    return _("{date} ({age})").format(date=dates.numeric(born), age=age)


def _rhythm(months: int | None) -> str:
    if months is None:
        return ""
    return ngettext("every month", "every {n} months", months).format(n=months)
