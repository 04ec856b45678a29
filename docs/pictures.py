"""Pictures of every page, in both languages, light and dark, at 100 % and 160 %.

    python docs/pictures.py FOLDER [fr|en] [light|dark] [100|160]

The demo office is opened at a fixed date, so that two runs give the same pictures. Needs no
display: without one, run it with QT_QPA_PLATFORM=offscreen.
"""

import itertools
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QLabel, QWidget

from correspondent_desk.app.committee import Committee
from correspondent_desk.app.program import Program
from correspondent_desk.gui.page import Target, Task
from correspondent_desk.gui.theme import Appearance, Contrast, Look, application
from correspondent_desk.records.demo.making import make_demo
from correspondent_desk.store.vault import DeskFolder

NOW = datetime(2026, 11, 24, 8, 40, tzinfo=ZoneInfo("Europe/Paris"))
SIZE = (1240, 800)
LANGUAGES = ("fr", "en")
LOOKS = ("light", "dark")
PERCENTS = ("100", "160")
OWN = "/home/camille"
HOME = f"{OWN}/.local/share/correspondent-desk"
COLOURS, COMMON = 256, 192  # of a picture; of these, the commonest
SEEN, UNLIKE = 3, 40  # pixels of a colour that counts; how far from the others
QUIET_S = 0.6  # nothing moved for so long: the page has its answers
PATIENCE_S = 10.0


def seen_at_home(window: QWidget, places: Mapping[Path, str]) -> None:
    """Let the window name folders where a person would have them, not where the pictures are made."""
    for label in window.findChildren(QLabel):
        text = label.text()
        for place, home in places.items():
            text = text.replace(str(place), home)
        if text != label.text():
            label.setText(text)


def settle(
    app: QApplication, window_picture: Callable[[], QImage], is_busy: Callable[[], bool] = bool
) -> QImage:
    """The picture once it stays the same and no answer is awaited."""
    ends = time.monotonic() + PATIENCE_S
    before, since = window_picture(), time.monotonic()
    while time.monotonic() < ends:
        app.processEvents()
        app.sendPostedEvents(None, QEvent.Type.DeferredDelete)
        time.sleep(0.02)
        now = window_picture()
        if now != before or is_busy():
            before, since = now, time.monotonic()
        elif time.monotonic() - since > QUIET_S:
            break
    return before


def scenes(program: Program) -> Iterator[str]:
    """Show one page after the other; the name of each, for its file."""
    frame = program.frame
    assert frame is not None
    for key in ("today", "members", "requests", "meetings", "exchange", "settings", "help"):
        frame.go(Target(page=key))
        yield key
    frame.go(Target(page="members", id=first_id(program, "legoff")))
    yield "member-card"
    frame.go(Target(page="members", task=Task.NEW))
    yield "member-new"
    frame.go(Target(page="requests", id=first_request(program)))
    yield "request-card"
    frame.go(Target(page="requests", task=Task.NEW, person=first_id(program, "legoff")))
    yield "request-new"
    frame.go(Target(page="meetings", task=Task.NEW, person=first_id(program, "legoff")))
    yield "meeting-new"
    program.committee.turn_to(hub_beside(program.folder.path))
    frame.go(Target(page="committee"))
    yield "committee"


def seen(program: Program) -> QImage:
    """The window as it is."""
    places = {program.folder.path: HOME, DeskFolder.default().path: HOME}
    seen_at_home(program.window, {**places, program.folder.path.parent: OWN})
    return program.window.grab().toImage()


def is_busy(program: Program) -> bool:
    """Whether the page in view still waits for answers."""
    return program.workspace is not None and program.workspace.is_busy


def first_id(program: Program, words: str) -> int:
    """The first member found by words."""
    from correspondent_desk.records import members

    assert program.workspace is not None
    return program.workspace.now(lambda s: members.find_ids(s, words, today=NOW.date()))[0]


def first_request(program: Program) -> int:
    """A request with documents: the school start of the cast."""
    from correspondent_desk.records import requests

    assert program.workspace is not None
    return program.workspace.now(lambda s: requests.find_ids(s, "rentree malo", today=NOW.date()))[
        0
    ]


def keep(picture: QImage, path: Path) -> None:
    """Write picture with 256 of its colours: a window has few, and pictures add up."""
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = picture.convertToFormat(QImage.Format.Format_RGB32)
    flags = Qt.ImageConversionFlag.AvoidDither | Qt.ImageConversionFlag.ThresholdDither
    colours = chosen_colours(Counter(memoryview(whole.constBits()).cast("I")))
    whole.convertToFormat(QImage.Format.Format_Indexed8, colours, flags).save(str(path))


def chosen_colours(counts: Counter[int]) -> list[int]:
    """The commonest, and of the others those unlike them: a word in colour has few pixels."""
    ordered = [colour for colour, count in counts.most_common() if count >= SEEN]
    found, others = ordered[:COMMON], ordered[COMMON:]
    for colour in others:
        if len(found) == COLOURS:
            break
        if all(unlike(colour, other) for other in found):
            found.append(colour)
    return found


def unlike(colour: int, other: int) -> bool:
    """Whether two colours, each 0xAARRGGBB, differ by more than letters do at their edges."""
    return sum(abs((colour >> part & 255) - (other >> part & 255)) for part in (0, 8, 16)) > UNLIKE


def take(app: QApplication, folder: Path, target: Path, variant: tuple[str, str, str]) -> int:
    """All pictures of one variant; how many."""
    language, look, percent = variant
    stem = "-".join(variant)
    font = app.font()
    count = 0
    chosen = Appearance(look=Look(look), contrast=Contrast.ORDINARY, text_percent=int(percent))
    program = Program(app, folder_of_first_start(folder), language, clock=lambda: NOW)
    program.window.resize(*SIZE)
    program.start()
    program.theme.choose(chosen)  # not before: with earlier windows about, Qt keeps the old sheet
    keep(settle(app, lambda: seen(program)), target / f"{stem}-first-start.png")
    program.window.close()
    app.setFont(font)  # the theme enlarges the font it finds
    program = Program(app, DeskFolder(folder / "demo"), language, clock=lambda: NOW)
    program.preferences = program.preferences._replace(appearance=chosen)
    program.window.resize(*SIZE)
    program.entrance.show_lock()
    program.window.show()
    program.theme.choose(chosen)
    keep(settle(app, lambda: seen(program)), target / f"{stem}-lock.png")
    program.start()
    while program.frame is None:
        app.processEvents()
        time.sleep(0.01)
    for name in scenes(program):
        picture = settle(app, lambda: seen(program), lambda: is_busy(program))
        keep(picture, target / f"{stem}-{name}.png")
        count += 1
    program.window.close()
    app.setFont(font)
    return count + 2


def hub_beside(desk: Path) -> Path:
    """The folder of a hub that is kept on the same computer."""
    return desk.parent / "hub"


def folder_of_first_start(folder: Path) -> DeskFolder:
    """A folder with no desk in it."""
    return DeskFolder(folder / "new")


def main() -> int:
    """Make the demo office once, then every variant asked for."""
    words = sys.argv[1:]
    target = Path(words[0]) if words else Path("docs") / "pictures"
    chosen = [
        [one for one in every if one in words] or every for every in (LANGUAGES, LOOKS, PERCENTS)
    ]
    app = application()
    app.setCursorFlashTime(0)  # what blinks never settles
    count = 0
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as place:
        folder = Path(place)
        make_demo(DeskFolder(folder / "demo"), today=date(2026, 11, 24))
        hub, acts = hub_beside(folder / "demo"), Committee()
        acts.begin(hub, "Comité d’action sociale")
        for office in ("Mairie de Valbrune", "Communauté de communes du Val-d’Ill"):
            acts.add_office(hub, office)
        for variant in itertools.product(*chosen):
            count += take(app, folder, target, variant)  # type: ignore[arg-type]
    print(f"{count} pictures in {target}")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
