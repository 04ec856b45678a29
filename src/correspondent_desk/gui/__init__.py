"""The window. Before any Qt call, a defect of PySide6 6.12.0 on Python 3.11 is made harmless.

That wheel is built as if None, True and False were immortal, which they are from Python 3.12 on:
every call that returns one of them drops a reference that was never taken (measured: 100 emits,
100 references to True), and after some thousand calls Python aborts in bool_dealloc. So on older
Pythons they are given more references than a program can ever drop.

And Python looks for garbage in circles after 20 000 new objects instead of 700: loading modules and
building pages makes many that stay, and looking at them again and again took a tenth of the time.
"""

import gc
import sys

gc.set_threshold(20_000, 20, 20)

if sys.version_info < (3, 12):
    import ctypes

    for _shared in (None, True, False, NotImplemented, Ellipsis):
        ctypes.c_ssize_t.from_address(id(_shared)).value += 1 << 40
