"""The window. Before any Qt call, two defects of PySide6 6.12.0 are made harmless.

On Python 3.11 that wheel is built as if None, True and False were immortal, which they are from
Python 3.12 on: every call that returns one of them drops a reference that was never taken (measured:
100 emits, 100 references to True), and after some thousand calls Python aborts in bool_dealloc. So on
older Pythons they are given more references than a program can ever drop.

On every Python it reads the source of each module that is loaded, SQLAlchemy's and all others, to
find out whether the word PySide6 stands in it, and keeps the text in memory. The answer decides
about the names of methods only, which nobody here changes; so it is told by the name of the module.

And Python looks for garbage in circles after 20 000 new objects instead of 700: loading modules and
building pages makes many that stay, and looking at them again and again took a tenth of the time.
"""

import gc
import sys
from types import ModuleType

import PySide6  # noqa: F401 - the next one is inside it
from shibokensupport import feature  # type: ignore[import-not-found, unused-ignore]

gc.set_threshold(20_000, 20, 20)


def _uses_pyside(module: ModuleType) -> bool:
    return module.__name__.startswith("correspondent_desk.")


feature._mod_uses_pyside = _uses_pyside  # noqa: SLF001 - there is no switch for it

if sys.version_info < (3, 12):
    import ctypes

    for _shared in (None, True, False, NotImplemented, Ellipsis):
        ctypes.c_ssize_t.from_address(id(_shared)).value += 1 << 40
