"""Something long is under way, and one goes on working."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager

from correspondent_desk.gui.workspace import Workspace

LONG_S = 20


@contextmanager
def busy(workspace: Workspace) -> Iterator[None]:
    """Something long is being written, as an import is: what is asked inside is written afterwards."""
    over = threading.Event()
    workspace.keep(lambda _s: over.wait(LONG_S))
    try:
        yield
    finally:
        over.set()
