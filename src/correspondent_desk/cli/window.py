"""Opening the window from the command line, or saying why there can be none."""

import os
import signal
import sys

from correspondent_desk.errors import DeskError
from correspondent_desk.store.vault import DeskFolder

_SCREENS = ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")


class NoWindow(DeskError):
    """A window cannot be shown. Reasons: no-display, no-library (details: what)."""

    code = "no-window"


def open_window(folder: DeskFolder, language: str | None) -> int:
    """Show the window and stay until it is closed; the exit status. Raises NoWindow."""
    # Qt would not raise but abort the process.
    if sys.platform.startswith("linux") and not any(map(os.environ.get, _SCREENS)):
        raise NoWindow("no-display")
    if signal.getsignal(signal.SIGINT) == signal.default_int_handler:
        # Ends it at once until there is a window to close: raised where Qt is loaded, it was lost.
        signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        from correspondent_desk.app.program import run
    except ImportError as error:
        if not (error.name or "").startswith("PySide6") and ".so" not in str(error):
            raise
        raise NoWindow("no-library", what=str(error)) from error
    return run(folder, chosen_language=language)
