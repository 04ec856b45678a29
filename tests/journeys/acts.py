"""What somebody does at their desk in a few strokes, and what then stands there."""

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from correspondent_desk.domain.members import MemberCard, MemberId
from correspondent_desk.gui.exchange.page import ExchangePage
from correspondent_desk.gui.members.contact_fields import Note
from correspondent_desk.gui.members.page import MembersPage
from correspondent_desk.gui.page import Target
from correspondent_desk.gui.settings.page import SettingsPage
from correspondent_desk.language import _, pgettext
from correspondent_desk.records import members
from correspondent_desk.store.tables import Contact, Member
from tests.journeys.someone import CTRL, Someone


def plain(label: str) -> str:
    return label.replace("&", "")


def exchanges(someone: Someone) -> str:
    """Over the network, from the page of exchanges; what it says in the end."""
    page = someone.frame.page
    assert isinstance(page, ExchangePage)
    card = page.online
    someone.waits_until(card.now.isVisible)
    someone.clicks(plain(_("E&xchange now")))
    someone.waits_until(lambda: not card.online.is_under_way)
    said = (card.problem, card.result)
    return "\n".join(one.text() for one in said if one.isVisible())


def has_everything(page: ExchangePage) -> bool:
    return _("The hub has everything: nothing to send.") in page.hub.standing.text()


def settings_of(someone: Someone) -> SettingsPage:
    someone.frame.go(Target(page="settings"))
    page = someone.frame.page
    assert isinstance(page, SettingsPage)
    return page


def writes_a_file(someone: Someone, stick: Path) -> None:
    """For the hub, onto the stick."""
    page = someone.exchange()
    someone.waits_until(lambda: page.hub.prepare.isVisible() and not page.hub.is_busy)
    page.hub.prepare_wanted.emit(stick)
    someone.waits_until(lambda: files_on(stick) and not page.hub.is_busy)


def files_on(stick: Path) -> list[Path]:
    """The files that lie on the stick."""
    return sorted(stick.rglob("*.cdb"))


def opens_the_card(someone: Someone, words: str) -> MembersPage:
    [person] = found(someone, words)
    someone.looks_for(words)
    someone.presses(Qt.Key.Key_Return)
    someone.waits_until(lambda: someone.frame.page.person_in_view() == person)
    page = someone.frame.page
    assert isinstance(page, MembersPage)
    return page


def notes(someone: Someone, words: str, text: str) -> None:
    """A contact with somebody, by the keys."""
    opens_the_card(someone, words)
    someone.presses(Qt.Key.Key_E, CTRL)
    someone.waits_until(lambda: isinstance(QApplication.focusWidget(), Note))
    someone.types(text)
    someone.presses(Qt.Key.Key_Return, CTRL)
    someone.waits_until(lambda: text in contacts(someone, words))


def changes_the_employer(someone: Someone, words: str, employer: str) -> None:
    page = opens_the_card(someone, words)
    someone.clicks(pgettext("member", "Details"))
    someone.clicks(plain(_("&Edit the card")))
    someone.waits_until(page.form.isVisible)
    someone.writes(page.form.fields.employer, employer)
    someone.clicks(plain(_("Sa&ve")))
    someone.waits_until(lambda: card_of(someone, words).draft.employer == employer)


def found(someone: Someone, words: str) -> list[MemberId]:
    workspace = someone.program.workspace
    assert workspace is not None
    find = partial(members.find_ids, words=words, today=workspace.today())
    return [MemberId(one) for one in workspace.now(find)]


def card_of(someone: Someone, words: str) -> MemberCard:
    workspace = someone.program.workspace
    assert workspace is not None
    [person] = found(someone, words)
    return workspace.now(lambda s: members.card(s, person, workspace.today()))


def contacts(someone: Someone, words: str) -> str:
    """What was noted with somebody."""
    workspace = someone.program.workspace
    assert workspace is not None
    [person] = found(someone, words)
    notes = workspace.now(lambda s: s.query(Contact.note).filter_by(member_id=person).all())
    return "\n".join(note for (note,) in notes)


def rows(someone: Someone, matricule: str) -> int:
    """How often somebody stands in the store, removed or not."""
    workspace = someone.program.workspace
    assert workspace is not None
    return workspace.now(lambda s: s.query(Member).filter_by(matricule=matricule).count())
