"""Pictures of every page of the hub: three variants to be kept, or all of those that words name.

    python docs/hub_pictures.py [FOLDER [fr|en|light|dark|1280|400|all …]]

A hub with invented offices really serves on this computer, and a real Chromium looks at it.
"""

import itertools
import sys
import tempfile
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from playwright.sync_api import Browser, Page, sync_playwright
from PySide6.QtGui import QImage

from correspondent_desk.hub.database import HubFolder, create
from docs import pictures
from tests.hub.pages.chromium import OPTIONS, path
from tests.hub.pages.filling import HELD, OPERATOR, PASSWORD, PUT_BACK, fill
from tests.hub.service.serving import served

NOW = datetime(2026, 11, 24, 8, 40, tzinfo=ZoneInfo("Europe/Paris"))
EVERY = (("fr", "en"), ("light", "dark"), ("1280", "400"))
KEPT = (("fr", "light", "1280"), ("en", "dark", "1280"), ("fr", "light", "400"))
Variant = tuple[str, ...]
PAGES = {
    "offices": "/offices",
    "office": "/offices/MAIRIE-DE-VALBRU",
    "revoke": "/offices/MAIRIE-DE-VALBRU/desks/2/revoke",
    "files": "/files",
    "held": f"/held/{HELD.hex()[:8]}",
    "held-put-back": f"/held/{PUT_BACK.hex()[:8]}",
    "decisions": "/decisions",
    "erasures": "/erasures",
    "catalogue": "/catalogue",
    "audit": "/audit",
    "accounts": "/accounts",
    "password": "/password",
    "none": "/nowhere",
}


def take(browser: Browser, url: str, target: Path, variant: Variant) -> int:
    """All pictures of one variant; how many."""
    language, look, width = variant
    context = browser.new_context(
        base_url=url,
        locale=language,
        color_scheme="dark" if look == "dark" else "light",
        viewport={"width": int(width), "height": 800},
        timezone_id="Europe/Paris",
    )
    page = context.new_page()
    page.goto("/sign-in")
    count = [keep(page, target, variant, "sign-in")]
    page.fill("#name", OPERATOR)
    page.fill("#password", "un autre")
    page.click("button.main")
    count.append(keep(page, target, variant, "sign-in-refused"))
    page.fill("#password", PASSWORD)
    page.click("button.main")
    page.wait_for_url("**/offices")
    for name, place in PAGES.items():
        page.goto(place)
        count.append(keep(page, target, variant, name))
    page.goto("/files")
    page.set_input_files(
        "#files",
        {"name": "CD_VALBRUNE_1_15.cdb", "mimeType": "application/octet-stream", "buffer": b"?"},
    )
    page.click("button.main")
    count.append(keep(page, target, variant, "files-refused"))
    context.close()
    return len(count)


def keep(page: Page, target: Path, variant: Variant, name: str) -> Path:
    """The whole page as a picture."""
    found = target / f"{'-'.join(variant)}-{name}.png"
    pictures.keep(QImage.fromData(page.screenshot(full_page=True)), found)
    return found


def of_variant(browser: Browser, target: Path, variant: Variant) -> int:
    """All pictures of one variant, of a hub that nobody has seen before; how many."""
    now = int(NOW.timestamp() * 1000)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        hub = create(HubFolder(Path(place) / "hub"), "Comité Ouest", wall=lambda: now)
        fill(hub)
        with served(hub, None) as found:
            count = take(browser, found.url, target, variant)
        hub.close()
    return count


def main() -> int:
    """Take every variant asked for."""
    words = sys.argv[1:]
    target = Path(words[0]) if words else Path("docs") / "pictures" / "hub"
    chosen = [[one for one in some if one in words] or some for some in EVERY]
    variants = list(itertools.product(*chosen)) if words[1:] else list(KEPT)
    count = 0
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path(), args=OPTIONS)
        for variant in variants:
            count += of_variant(browser, target, variant)
        browser.close()
    print(f"{count} pictures in {target}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
