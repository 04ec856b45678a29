"""The pages in a real Chromium: accessible, by keyboard alone, without JavaScript, narrow and large."""

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]
from playwright.sync_api import Browser, ConsoleMessage, Page, Request

from correspondent_desk.gui.colours import DARK, LIGHT, STRONG_DARK, STRONG_LIGHT
from correspondent_desk.hub.database import HubFolder, create
from tests.builders import Clock
from tests.hub.pages.browsing import number_in
from tests.hub.pages.filling import AUDITOR, HELD, OPERATOR, PASSWORD, PUT_BACK, fill
from tests.hub.service.serving import served

CODE = "MAIRIE-DE-VALBRU"
PAGES = (
    "/sign-in",
    "/offices",
    "/offices?q=zzz",
    "/offices?show=waiting",
    f"/offices/{CODE}",
    "/offices/ECOLE-MATERNELLE",
    f"/offices/{CODE}/desks/2/revoke",
    "/files",
    "/decisions",
    "/erasures",
    "/catalogue",
    f"/held/{HELD.hex()[:8]}",
    f"/held/{PUT_BACK.hex()[:8]}",
    "/audit",
    "/audit?who=nobody",
    "/accounts",
    "/password",
    "/nowhere",
)


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A filled hub, served for all tests of this module, which look and change little."""
    folder = HubFolder(tmp_path_factory.mktemp("pages") / "hub")
    hub = create(folder, "Comité Ouest", wall=Clock())
    fill(hub)
    with served(hub, None) as found:
        yield found.url
    hub.close()


Opened = Callable[..., Page]


@pytest.fixture
def opened(chromium: Browser, url: str) -> Iterator[Opened]:
    """One more window; what it loads from elsewhere, and what it complains of, fails the test."""
    complaints: list[str] = []
    contexts = []

    def complain(message: ConsoleMessage) -> None:
        if message.type == "error" and "status of 4" not in message.text:
            complaints.append(message.text)

    def look(request: Request) -> None:
        if not request.url.startswith(url):
            complaints.append(f"loads {request.url}")

    def make(*, locale: str = "en", **more: Any) -> Page:
        context = chromium.new_context(base_url=url, locale=locale, **more)
        contexts.append(context)
        page = context.new_page()
        page.on("console", complain)
        page.on("request", look)
        return page

    yield make
    for context in contexts:
        context.close()
    assert not complaints


def sign_in(page: Page, name: str = OPERATOR) -> None:
    page.goto("/sign-in")
    page.fill("#name", name)
    page.fill("#password", PASSWORD)
    page.click("button.main")
    page.wait_for_url("**/offices")


def violations(page: Page, *rules: str) -> list[str]:
    """What axe finds wrong by these rules, or by all."""
    only = {"runOnly": {"type": "rule", "values": rules}} if rules else {}
    told = page.evaluate(_VIOLATIONS, {"resultTypes": ["violations"], **only})
    return [f"{page.url}: {one}" for one in told]


_VIOLATIONS = """
async told => (await axe.run(told)).violations.map(one => `${one.id} ${one.nodes[0].html}`)
"""


def scenes(page: Page) -> Iterator[None]:
    """Show every page and what is said of mistakes, one after the other."""
    page.goto("/sign-in")
    yield
    page.fill("#name", "Nobody")
    page.fill("#password", "wrong")
    page.click("button.main")
    yield
    sign_in(page)
    for path in PAGES[1:]:
        page.goto(path)
        yield
    page.goto("/files")
    page.set_input_files("#files", {"name": "a.cdb", "mimeType": "", "buffer": b"?"})
    page.click("main button.main")
    yield


def test_axe_finds_nothing_wrong(opened: Opened) -> None:
    """All rules in one look and one language; in the other looks what differs: the colours."""
    page = opened(locale="fr", forced_colors="none")
    page.add_init_script(Axe().axe_script)
    found = []
    for _ in scenes(page):
        assert page.locator("html").get_attribute("lang") == "fr"
        for (scheme, contrast), ground in GROUNDS.items():
            page.emulate_media(color_scheme=scheme, contrast=contrast)
            assert page.evaluate(_GROUND) == ground, (page.url, scheme, contrast)
            found += violations(page, *([] if ground == LIGHT.bg else COLOUR_RULES))

    assert found == []


COLOUR_RULES = ("color-contrast", "link-in-text-block")
GROUNDS: dict[tuple[Any, Any], str] = {
    ("light", "no-preference"): LIGHT.bg,
    ("dark", "no-preference"): DARK.bg,
    ("light", "more"): STRONG_LIGHT.bg,
    ("dark", "more"): STRONG_DARK.bg,
}
_GROUND = """
"#" + getComputedStyle(document.documentElement).backgroundColor.match(/[0-9]+/g)
  .map(one => Number(one).toString(16).padStart(2, "0")).join("")
"""


def test_a_keeper_of_passwords_knows_whose_new_one_it_is(opened: Opened) -> None:
    """Chromium says so of a form whose account it cannot find; a field of type hidden is none to it."""
    page = opened()
    told: list[str] = []
    page.on("console", lambda message: told.append(message.text))
    sign_in(page)
    page.goto("/password")
    page.click("#former")

    page.goto("/offices")

    assert [one for one in told if "username" in one] == []


def test_nothing_is_cut(opened: Opened) -> None:
    """At 200 %, text is twice as large in a window as wide as before."""
    page = opened(locale="fr")
    sign_in(page)

    for path in PAGES[1:]:
        page.goto(path)
        for width, text in ((400, 100), (320, 100), (1280, 200), (640, 200)):
            page.set_viewport_size({"width": width, "height": 800})
            page.evaluate(f"document.documentElement.style.fontSize = '{text}%'")
            wide = page.evaluate("document.documentElement.scrollWidth")
            assert wide <= width, f"{path} is {wide} wide"
            assert page.evaluate(_CUT) == [], (path, width, text)
            assert page.evaluate(_OFF_CENTRE) == [], (path, width, text)


_OFF_CENTRE = """
Array.from(document.querySelectorAll("main button, main .button"))
  .filter(one => {
    const [whole, words] = [one.getBoundingClientRect(), document.createRange()];
    words.selectNodeContents(one);
    const said = words.getBoundingClientRect();
    return Math.abs(whole.top + whole.bottom - said.top - said.bottom) > 6;
  })
  .map(one => one.outerHTML.slice(0, 120))
"""
_CUT = """
Array.from(document.querySelectorAll("a, button, .mark, h1, h2, label, td, th"))
  .filter(one => getComputedStyle(one).clipPath === "none" && !one.closest(".heard, .skip"))
  .filter(one => !one.closest("thead"))
  .filter(one => one.scrollWidth > one.clientWidth + 1 && getComputedStyle(one).display !== "inline")
  .map(one => one.outerHTML.slice(0, 120))
"""


@contextmanager
def tabbed(page: Page) -> Iterator[Callable[[str], None]]:
    """Press Tab until what has focus is called so."""

    def to(name: str) -> None:
        seen = []
        for _ in range(60):
            page.keyboard.press("Tab")
            focus = page.locator(":focus")
            if focus.count() == 0:
                continue
            said = focus.get_attribute("aria-label") or (
                focus.inner_text() or focus.get_attribute("id") or ""
            )
            seen.append(said)
            if said == name:
                return
        pytest.fail(f"Tab never came to {name}: {seen}")

    yield to


def is_beside(page: Page, words: str, lead: str) -> bool:
    """Whether lead stands in the line of words."""
    first, second = page.locator(words).bounding_box(), page.locator(lead).bounding_box()
    assert first is not None
    assert second is not None
    return second["y"] < first["y"] + first["height"] / 2 < second["y"] + second["height"]


def test_by_keyboard_alone_and_without_javascript(opened: Opened, tmp_path: Path) -> None:
    page = opened(java_script_enabled=False)
    keys = page.keyboard
    page.goto("/sign-in")
    with tabbed(page) as tab_to:
        page.locator("#name").focus()  # where autofocus puts it, with scripts or without
        keys.type(OPERATOR)
        tab_to("password")
        keys.type(PASSWORD)
        keys.press("Enter")
        page.wait_for_url("**/offices")

        tab_to("To the content")
        keys.press("Enter")
        tab_to("q")
        keys.type("herouville")
        keys.press("Enter")
        page.wait_for_url("**/offices?q=herouville")
        tab_to("Communauté de communes du Pays d’Hérouville-Saint-Clair et de la Haute Vallée")
        keys.press("Enter")
        page.wait_for_url("**/offices/COMMUNAUTE-DE-CO")

        tab_to("Make an invitation")
        keys.press("Enter")
        page.wait_for_url("**/offices/COMMUNAUTE-DE-CO?done=invited*")
        tab_to(f"Download the file of invitation {number_in(page.url)}")
        with page.expect_download() as waiting:
            keys.press("Enter")
        waiting.value.save_as(tmp_path / "one.cdinvite")
        assert "INVITATION" in (tmp_path / "one.cdinvite").read_text()

        page.goto("/offices/COMMUNAUTE-DE-CO")
        assert is_beside(page, ".open span", ".open form:first-of-type button")

        page.goto("/offices/PORT-DE-KERLANN")
        tab_to("Revoke desk 1…")
        keys.press("Enter")
        page.wait_for_url("**/revoke")
        tab_to("why-lost")
        keys.press("ArrowDown")
        keys.press("ArrowDown")
        tab_to("Revoke this desk")
        keys.press("Enter")
        page.wait_for_url("**/offices/PORT-DE-KERLANN?done=revoked")
        assert page.locator(".mark.late").inner_text() == "revoked"

        page.goto("/audit")
        assert "The computer was replaced" in page.locator("tbody").inner_text()

        tab_to("Français")
        keys.press("Enter")
        page.locator("h1", has_text="Journal").wait_for()
        tab_to("Se déconnecter")
        keys.press("Enter")
        page.wait_for_url("**/sign-in")
        page.goto("/audit")
        assert re.search("/sign-in", page.url)


def test_focus_can_always_be_seen(opened: Opened) -> None:
    page = opened()
    sign_in(page)
    page.goto(f"/offices/{CODE}")

    for _ in range(12):
        page.keyboard.press("Tab")
        outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
        assert outline == "solid"


def test_an_auditor_is_offered_nothing_to_change(opened: Opened) -> None:
    page = opened()
    sign_in(page, AUDITOR)

    for path in ("/offices", f"/offices/{CODE}", "/files", "/audit", "/accounts"):
        page.goto(path)
        assert page.locator("html").get_attribute("lang") == "en"
        buttons = page.locator("main button").all_inner_texts()
        assert set(buttons) <= {"Search", "Filter"}, path


def test_pages_print_without_their_frame(opened: Opened) -> None:
    page = opened(color_scheme="dark")
    sign_in(page)
    page.goto(f"/offices/{CODE}")
    page.emulate_media(media="print")

    assert not page.locator("nav[aria-label='Pages']").is_visible()
    assert not page.locator("main form").first.is_visible()
    assert page.locator("table").first.is_visible()
    assert page.evaluate("getComputedStyle(document.body).color") == "rgb(0, 0, 0)"
