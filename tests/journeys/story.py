"""Two desks and a hub, from the first invitation to somebody who was erased and does not come back.

The test tells the story to see that it holds, the manual to take its pictures.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Page
from PySide6.QtWidgets import QWidget

from correspondent_desk import language
from correspondent_desk.gui.lock.bring_back import BringBackPage
from correspondent_desk.gui.lock.joining import JoinPage
from correspondent_desk.gui.lock.page import LockPage
from correspondent_desk.language import _, ngettext, pgettext
from correspondent_desk.records.founding import found_office
from correspondent_desk.store.backup import Why, copies
from correspondent_desk.store.vault import DeskFolder
from tests.journeys import acts
from tests.journeys.committee import OFFICE, Committee
from tests.journeys.someone import Someone

PASSPHRASE = "quatre petits bateaux bleus"
LE_GOFF, O_BRIEN, NGUYEN, DIALLO = "000417", "000911", "000582", "000640"
CAMILLE, DRISS = "Camille Morvan", "Driss Benali"
PEOPLE = 400  # what they have does not go in one part
QUICK = (0.05,)  # seconds: nobody watches a desk try again

Arrives = Callable[[Path], Someone]
Keeps = Callable[[str, Someone | Page, QWidget | None], None]


def no_picture(_name: str, _seen: Someone | Page, _part: QWidget | None = None) -> None:
    """For a story that is only told."""


@dataclass(repr=False)
class Story:
    """Camille's desk has 400 people; Driss has a laptop, and later another one.

    front, laptop: how they arrive at their windows. keep: takes a picture of a window, of a part of
    one, or of the operator's page.
    """

    place: Path
    committee: Committee
    front: Arrives
    laptop: Arrives
    keep: Keeps = no_picture
    stick: Path = field(init=False)
    camille: Someone = field(init=False)
    driss: Someone = field(init=False)
    old_file: Path = field(init=False)

    def __post_init__(self) -> None:
        self.stick = self.place / "stick"
        self.stick.mkdir()

    def tell(self) -> None:
        """All of it."""
        first, second = self.the_committee_invites_two_desks()
        self.the_cable_is_pulled_while_the_first_desk_sends(first)
        self.the_second_desk_goes_on_by_stick(second)
        self.the_stick_goes_from_desk_to_desk()
        self.they_disagree_and_one_settles()
        self.the_laptop_is_lost_and_revoked()
        self.a_new_computer_takes_its_place()
        self.somebody_is_erased()
        self.nothing_brings_her_back()

    def the_committee_invites_two_desks(self) -> tuple[Path, Path]:
        committee = self.committee
        committee.signs_in()
        self.keep("1-offices", committee.page, None)
        committee.adds_the_office()
        invitations = committee.invites(self.place / "1"), committee.invites(self.place / "2")
        committee.goes_to_the_office()
        told = ("{n} invitation was not used yet:", "{n} invitations were not used yet:")
        assert committee.counts(*told, n=2) in committee.reads()
        self.keep("1-invite", committee.page, None)
        return invitations

    def the_cable_is_pulled_while_the_first_desk_sends(self, invitation: Path) -> None:
        camille = self.camille = self.front(self.place / "front")
        camille.waits_for_the_desk()
        camille.waits_for_the_pages()
        page = camille.exchange()
        self._joins(
            camille, invitation, "PC accueil" if language.code() == "fr" else "Front desk", "2-join"
        )
        self.committee.cable.is_pulled_while_sending(150_000)

        told = acts.exchanges(camille)

        assert _("The connection to the hub was cut.") in told
        assert _("Nothing is lost: the next exchange goes on from there.") in told
        self.keep("2-cut", camille, page.online)
        sent = self.committee.cable.line.sent
        self.committee.cable.is_plugged_in()
        told = acts.exchanges(camille)
        many = ngettext("The hub has taken in {n} change.", "The hub has taken in {n} changes.", 2)
        assert many.partition("{")[0] in told
        assert self.committee.cable.line.sent - sent < sent, "what had come was not sent again"
        self.keep("2-sent", camille, page.online)
        camille.waits_until(lambda: acts.has_everything(page))

    def the_second_desk_goes_on_by_stick(self, invitation: Path) -> None:
        driss = self.driss = self._opens(self.place / "laptop")
        page = driss.exchange()
        self._joins(driss, invitation, _laptop(), "")
        self.committee.cable.is_pulled_while_receiving(60_000)
        told = acts.exchanges(driss)
        assert _("The connection to the hub was cut.") in told
        assert not acts.found(driss, O_BRIEN)

        file = self.committee.makes_the_file_for(2, self.stick)
        self.keep("3-make-file", self.committee.page, None)
        self._reads(driss, file, "3-look", "3-taken")

        file.unlink()
        assert len(acts.found(driss, O_BRIEN)) == 1
        acts.notes(driss, O_BRIEN, "Vu au marché, tout va bien.")
        acts.writes_a_file(driss, self.stick)
        [answer] = acts.files_on(self.stick)
        told = self.committee.takes_in(answer)
        assert "✓" in told
        self.keep("3-take-in", self.committee.page, None)
        answer.unlink()
        assert page.hub.isVisibleTo(page)

    def the_stick_goes_from_desk_to_desk(self) -> None:
        driss, camille = self.driss, self.camille
        acts.notes(driss, NGUYEN, "Rappeler après les vacances.")
        page = driss.exchange()
        driss.waits_until(page.colleagues.give.isVisible)
        page.colleagues.give_at(self.stick)
        driss.waits_until(lambda: not page.colleagues.waiting.is_waiting)
        assert acts.files_on(self.stick), (
            page.colleagues.problem.text() or page.colleagues.result.text()
        )
        self.keep("4-give", driss, page.colleagues)
        [file] = acts.files_on(self.stick)

        camille.sits_down()
        self._reads(camille, file, "", "4-read")

        assert "Rappeler après les vacances." in acts.contacts(camille, NGUYEN)
        self.old_file = file.rename(self.place / file.name)

    def they_disagree_and_one_settles(self) -> None:
        camille, driss = self.camille, self.driss
        camille.sits_down()
        acts.changes_the_employer(camille, LE_GOFF, "Mairie de Valbrune-sur-Ill")
        driss.sits_down()
        acts.changes_the_employer(driss, LE_GOFF, "Ville de Valbrune")
        self.committee.cable.is_plugged_in()
        for someone in (driss, camille, driss):
            someone.sits_down()
            someone.exchange()
            acts.exchanges(someone)
        for someone in (camille, driss):
            assert "employer" in acts.card_of(someone, LE_GOFF).open_disagreements

        camille.sits_down()
        page = camille.exchange()
        camille.waits_until(page.disputes.isVisible)
        self.keep("5-check", camille, page.disputes)
        camille.clicks(acts.plain(_("Keep &here")))
        camille.waits_until(lambda: not acts.card_of(camille, LE_GOFF).open_disagreements)
        for someone in (camille, driss):
            someone.sits_down()
            someone.exchange()
            acts.exchanges(someone)

        for someone in (camille, driss):
            card = acts.card_of(someone, LE_GOFF)
            assert card.draft.employer == "Mairie de Valbrune-sur-Ill"
            assert not card.open_disagreements

    def the_laptop_is_lost_and_revoked(self) -> None:
        """With two notes that it never sent."""
        driss = self.driss
        driss.sits_down()
        acts.notes(driss, O_BRIEN, "Demande un rendez-vous.")
        acts.notes(driss, DIALLO, "A rappelé.")
        self.committee.asks_to_revoke(2)
        self.keep("6-revoke", self.committee.page, None)
        self.committee.presses("Revoke this desk")
        assert self.committee.page.locator(".mark.late").count() == 1
        self.keep("6-revoked", self.committee.page, None)

        page = driss.exchange()
        told = acts.exchanges(driss)

        assert _("The committee no longer accepts this desk.") in told
        self.keep("6-refused", driss, page.online)
        driss.leaves()

    def a_new_computer_takes_its_place(self) -> None:
        invitation = self.committee.invites(self.place / "3")
        driss = self.driss = self._opens(self.place / "new")
        page = driss.exchange()
        self._joins(driss, invitation, f"{_laptop()} 2", "")

        acts.exchanges(driss)

        self.keep("7-new", driss, page.online)
        assert acts.card_of(driss, LE_GOFF).draft.employer == "Mairie de Valbrune-sur-Ill"
        assert "Vu au marché, tout va bien." in acts.contacts(driss, O_BRIEN)
        assert acts.found(driss, DIALLO)
        settings = acts.settings_of(driss)
        driss.clicks(acts.plain(_("Make a cop&y now")))
        driss.waits_until(settings.copies.make.isEnabled)

    def somebody_is_erased(self) -> None:
        camille, driss, committee = self.camille, self.driss, self.committee
        camille.sits_down()
        card = acts.opens_the_card(camille, DIALLO).card
        camille.clicks(pgettext("member", "Details"))
        camille.waits_until(card.details.erase.isVisible)
        card.area.ensureWidgetVisible(card.details.erase)
        self.keep("8-ask", camille, None)
        camille.clicks(_("Ask to erase everywhere"))
        camille.waits_until(lambda: not acts.found(camille, DIALLO))
        camille.exchange()
        acts.exchanges(camille)
        committee.decides_on_the_erasure()
        self.keep("8-decide", committee.page, None)
        committee.presses("Erase for good")
        for someone in (driss, camille):
            someone.sits_down()
            someone.exchange()
            acts.exchanges(someone)
        committee.page.goto("/erasures")
        told = ("erased on {done} of {n} desk", "erased on {done} of {n} desks")
        assert committee.counts(*told, done=2, n=2) in committee.reads()
        self.keep("8-erased", committee.page, None)
        self._is_nowhere(DIALLO)

    def nothing_brings_her_back(self) -> None:
        """Not what lay on the stick, nor the laptop that is found and has her, nor an old copy."""
        camille, committee = self.camille, self.committee
        camille.sits_down()
        page = camille.exchange()
        page.take_file(self.old_file)
        camille.waits_until(lambda: not page.bundle.waiting.is_waiting)
        assert not page.bundle.apply.isVisible(), "its writer is trusted no more"
        known = _("This file was already imported. There is nothing to do.")
        assert known in page.bundle.told.text(), "it was taken in before that"
        camille.clicks(_("Back to the exchanges"))
        self._is_nowhere(DIALLO)

        found = self._opens(self.place / "laptop")
        assert acts.found(found, DIALLO)
        acts.writes_a_file(found, self.stick)
        [file] = acts.files_on(self.stick)
        assert "✗" in committee.takes_in(file)
        committee.decides_on_the_work_of(_laptop())
        self.keep("9-decide", committee.page, None)
        committee.presses("Take in")
        told = ("{n} change was taken in.", "{n} changes were taken in.")
        assert committee.counts(*told, n=2) in committee.reads()
        self._joins_anew(found)
        found.leaves()
        for someone in (camille, self.driss):
            someone.sits_down()
            page = someone.exchange()
            acts.exchanges(someone)
            assert "Demande un rendez-vous." in acts.contacts(someone, O_BRIEN)
        self._is_nowhere(DIALLO)

        driss = self.driss
        acts.settings_of(driss)
        driss.clicks(acts.plain(_("B&ring a copy back…")))
        chosen = driss.program.window.presented
        assert isinstance(chosen, BringBackPage)
        [old] = [one.path for one in copies(driss.program.folder) if one.why is Why.ASKED]
        chosen.step.copy.set_value(old)
        driss.writes(chosen.step.passphrase, PASSPHRASE)
        driss.clicks(acts.plain(_("Bring t&his copy back")))
        driss.waits_for_the_desk()
        self._is_nowhere(DIALLO)
        driss.exchange()
        acts.exchanges(driss)
        assert "Demande un rendez-vous." in acts.contacts(driss, O_BRIEN)
        self._is_nowhere(DIALLO)

    # --- what several of them do

    def _opens(self, folder: Path) -> Someone:
        """Driss types his passphrase; the first time, he has just set the desk up."""
        if not folder.exists():
            found_office(DeskFolder(folder), PASSPHRASE, OFFICE, [], DRISS).store.close()
        driss = self.laptop(folder)
        driss.sits_down()
        lock = driss.program.window.presented
        assert isinstance(lock, LockPage)
        driss.writes(lock.field, PASSPHRASE)
        driss.clicks(acts.plain(_("&Unlock")))
        driss.waits_for_the_desk()
        driss.waits_for_the_pages()
        return driss

    def _joins(self, someone: Someone, invitation: Path, name: str, picture: str) -> None:
        page = someone.exchange()
        someone.waits_until(page.hub.name.isVisible)
        someone.writes(page.hub.name, name)
        self._keep(picture, someone, page.hub)
        page.take_file(invitation)
        someone.waits_until(lambda: page.online.isVisible() and not page.hub.is_busy)
        page.online.online.pauses_s = QUICK

    def _joins_anew(self, found: Someone) -> None:
        """The laptop begins empty, and has neither lost its work nor kept who was erased."""
        invitation = self.committee.invites(self.place / "4")
        settings = acts.settings_of(found)
        settings.copies.join.click()
        page = found.program.window.presented
        assert isinstance(page, JoinPage)
        page.step.invitation.setText(str(invitation))
        found.writes(page.step.passphrase, PASSPHRASE)
        found.clicks(acts.plain(_("&Join anew")))
        found.waits_for_the_desk()
        assert not acts.found(found, O_BRIEN)
        found.exchange().online.online.pauses_s = QUICK
        acts.exchanges(found)
        assert "Demande un rendez-vous." in acts.contacts(found, O_BRIEN)
        assert acts.rows(found, DIALLO) == 0

    def _reads(self, someone: Someone, file: Path, before: str, after: str) -> None:
        """Look at the file, then take it in."""
        page = someone.exchange()
        page.take_file(file)
        someone.waits_until(page.bundle.apply.isVisible)
        self._keep(before, someone, None)
        someone.clicks(acts.plain(_("&Apply")))
        someone.waits_until(page.bundle.after.isVisible)
        self._keep(after, someone, None)
        someone.clicks(_("Back to the exchanges"))

    def _keep(self, name: str, seen: Someone, part: QWidget | None) -> None:
        if name:
            self.keep(name, seen, part)

    def _is_nowhere(self, words: str) -> None:
        for someone in (self.camille, self.driss):
            assert not acts.found(someone, words)
            assert acts.rows(someone, words) == 0


def _laptop() -> str:
    """What Driss calls it."""
    return "Portable" if language.code() == "fr" else "Laptop"
