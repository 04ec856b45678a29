"""python -m correspondent_desk."""

import gc
import os
import sys
from contextlib import suppress
from typing import NoReturn


def main() -> int:
    """Run the command line; the exit status."""
    return _main()[0]


def run() -> NoReturn:
    """Run the command line and end the process."""
    status, is_quick = _main()
    if is_quick:
        _leave(status)
    sys.exit(status)


def _main() -> tuple[int, bool]:
    """The exit status, and whether the command is one of those that have no time."""
    gc.set_threshold(20_000, 20, 20)  # not after every 700 objects: most that is loaded stays
    words = sys.argv[1:]
    if not words:
        return _window(), False
    # Importing this module does nothing, and a passphrase is stretched while the rest is loaded.
    from correspondent_desk.cli import head_start

    started = head_start.begin(words)
    from correspondent_desk.cli.main import main as command

    return command(words, started), started is not None


def _window() -> int:
    """The window, which is what no words ask for, without loading what reads words."""
    from correspondent_desk.cli.window import open_window
    from correspondent_desk.errors import DeskError
    from correspondent_desk.store.vault import DeskFolder

    try:
        return open_window(DeskFolder.default(), None)
    except (DeskError, OSError) as error:
        from correspondent_desk.cli.main import say_why

        return say_why(error)


def _leave(status: int) -> None:
    """End at once: all files are closed, and to take down what was loaded takes 60 ms.

    Returns where nobody reads what was said; then the interpreter ends as it always does.
    """
    with suppress(OSError, ValueError):
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:
                stream.flush()
        os._exit(status)


if __name__ == "__main__":
    run()
