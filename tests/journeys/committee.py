"""The committee: a hub in a process of its own, the cable to it, and an operator at a browser."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, Page

from correspondent_desk import language
from correspondent_desk.cli.main import main
from correspondent_desk.hub.database import HubFolder, open_hub
from correspondent_desk.language import _, ngettext, speaking
from tests.hub.pages.browsing import number_in
from tests.hub.pages.filling import OPERATOR, PASSWORD, people
from tests.hub.service.cutting import CuttingLine
from tests.hub.service.serving import HOST, Certificate, Process, certificate

OFFICE = "Mairie de Valbrune"
_EACH_TIME = [1] * 99  # as long as the cable is out, every connection ends with its first byte


class Cable:
    """Between the desks and the hub; somebody stumbles over it."""

    def __init__(self, line: CuttingLine) -> None:
        self.line = line

    def is_pulled_while_sending(self, octets: int) -> None:
        """After so many bytes of a desk; it stays out."""
        self.line.up[:] = [octets, *_EACH_TIME]

    def is_pulled_while_receiving(self, octets: int) -> None:
        """After so many bytes for a desk; it stays out."""
        self.line.down[:] = [octets, *_EACH_TIME]

    def is_plugged_in(self) -> None:
        """It holds again."""
        self.line.up.clear()
        self.line.down.clear()


class Committee:
    """What people of the committee do; they press what they read, in their language."""

    def __init__(self, folder: Path, page: Page, cable: Cable, speaks: str) -> None:
        self._folder, self.page, self.cable, self._speaks = folder, page, cable, speaks

    def signs_in(self) -> None:
        """Open the hub's address in a browser."""
        self.page.goto("/sign-in")
        self.page.fill("#name", OPERATOR)
        self.page.fill("#password", PASSWORD)
        self.presses("Sign in")
        self.page.wait_for_url("**/offices")

    def adds_the_office(self) -> None:
        """By its name alone."""
        self.page.fill("#name", OFFICE)
        self.presses("Add the office")

    def goes_to_the_office(self) -> None:
        """Its page, from the list."""
        self.page.goto("/offices")
        self.page.get_by_role("link", name=OFFICE).click()

    def invites(self, place: Path) -> Path:
        """A new invitation, saved in place."""
        self.goes_to_the_office()
        self.presses("Make an invitation")
        number = number_in(self.page.url)
        return self._downloads("Download the file of invitation {number}", place, number=number)

    def makes_the_file_for(self, desk: int, place: Path) -> Path:
        """What the hub has for a desk, saved in place."""
        return self._downloads("Make the next file for desk {number}", place, number=desk)

    def takes_in(self, file: Path) -> str:
        """A file that was carried here; what the page says of it."""
        self.page.goto("/files")
        self.page.set_input_files("#files", file)
        self.presses("Take in")
        return self.page.locator(".report").inner_text()

    def asks_to_revoke(self, desk: int) -> None:
        """The question, with the reason chosen."""
        self.goes_to_the_office()
        self.follows("Revoke desk {number}…", number=desk)
        self.page.check("#why-lost")

    def decides_on_the_erasure(self) -> None:
        """The only one that is asked for."""
        self.page.goto("/erasures")
        self.page.locator("td.acts a").click()

    def reads(self) -> str:
        """What stands on the page in view."""
        return self.page.locator("main").inner_text()

    def counts(self, one: str, several: str, **names: int) -> str:
        """A sentence as the page has it; n: what is counted."""
        with speaking(self._speaks):
            return ngettext(one, several, names["n"]).format(**names)

    def presses(self, words: str, **names: object) -> None:
        """The button with these words."""
        self.page.get_by_role("button", name=self._says(words, **names), exact=True).click()

    def follows(self, words: str, **names: object) -> None:
        """The link with these words."""
        self.page.get_by_role("link", name=self._says(words, **names), exact=True).click()

    def decides_on_the_work_of(self, name: str) -> None:
        """What came of a computer that is trusted no more, from the page of files."""
        self.page.goto("/files")
        self.follows("Decide on the work of {name}", name=name)

    def _downloads(self, words: str, place: Path, **names: object) -> Path:
        self.goes_to_the_office()
        with self.page.expect_download() as waiting:
            self.presses(words, **names)
        path = place / waiting.value.suggested_filename
        waiting.value.save_as(path)
        return path

    def _says(self, words: str, **names: object) -> str:
        with speaking(self._speaks):
            return _(words).format(**names)


def runs(*words: str) -> int:
    """One command of the hub; its exit status."""
    return main(["--lang", language.code(), *words])


@contextmanager
def at_work(place: Path, database: str, browser: Browser, speaks: str) -> Iterator[Committee]:
    """A new hub on the PostgreSQL database, which serves over HTTPS, with an operator."""
    folder = place / "hub"
    where = ("--hub", str(folder))
    assert runs("hub", "init", "--name", "Comité Ouest", "--database", database, *where) == 0
    hub = open_hub(HubFolder(folder))
    people(hub)
    hub.close()
    paper = certificate(place / "certificate")
    process = Process(folder, paper)
    try:
        with CuttingLine(process.port) as line:
            _tell_the_address(line, paper, where)
            context = browser.new_context(
                base_url=f"https://{HOST}:{process.port}",
                locale=speaks,
                ignore_https_errors=True,
                viewport={"width": 1000, "height": 640},
                timezone_id="Europe/Paris",
            )
            yield Committee(folder, context.new_page(), Cable(line), speaks)
            context.close()
    finally:
        process.end(signal.SIGTERM)


def _tell_the_address(line: CuttingLine, paper: Certificate, where: tuple[str, str]) -> None:
    told = ("hub", "address", line.url, "--ca", str(paper.certificate))
    assert runs(*told, *where) == 0
