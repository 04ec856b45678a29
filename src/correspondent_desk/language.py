"""The language the program speaks: French or English, for window, command line and paper alike.

Sources are written in English; `resources/i18n/fr/` holds every French sentence. One catalogue
serves screens and the command line, which may not import Qt (ADR 0004).
"""

import gettext as _gettext
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, cached_property
from pathlib import Path

LANGUAGES = ("fr", "en")
DOMAIN = "correspondent_desk"
LOCK = "lock"  # the few sentences that the locked window says
I18N = Path(__file__).parent / "resources" / "i18n"

_Spoken = tuple[str, _gettext.NullTranslations]

_spoken: _Spoken = ("en", _gettext.NullTranslations())
# A hub answers two people at once, each in their own language.
_spoken_here: ContextVar[_Spoken | None] = ContextVar("spoken_here", default=None)


def _(message: str) -> str:
    """message, an English literal, in the language in use."""
    return (_spoken_here.get() or _spoken)[1].gettext(message)


def pgettext(context: str, message: str) -> str:
    """Like _, for an English word that needs two French ones."""
    return (_spoken_here.get() or _spoken)[1].pgettext(context, message)


def ngettext(singular: str, plural: str, n: int) -> str:
    """The form for n in the language in use, with {n} still to be filled in by format(n=n)."""
    return (_spoken_here.get() or _spoken)[1].ngettext(singular, plural, n)


def code() -> str:
    """The language in use: "fr" or "en"."""
    return (_spoken_here.get() or _spoken)[0]


def grouped(n: int) -> str:
    """A number with its thousands apart, as the language writes it."""
    return f"{n:,}".replace(",", "\N{NARROW NO-BREAK SPACE}" if code() == "fr" else ",")


def use(language: str) -> None:
    """Speak language ("fr" or "en") from now on. Raises ValueError for another one."""
    global _spoken  # noqa: PLW0603 - a window and a command speak one language
    _spoken = _loaded(language)


@contextmanager
def speaking(language: str) -> Iterator[None]:
    """Speak language within, in this thread or task and those it starts. Raises ValueError."""
    before = _spoken_here.set(_loaded(language))
    try:
        yield
    finally:
        _spoken_here.reset(before)


def _loaded(language: str) -> _Spoken:
    if language not in LANGUAGES:
        raise ValueError(language)
    return language, _catalogue(I18N / language / "LC_MESSAGES")


class _AtNeed(_gettext.NullTranslations):
    """The sentences of a file that is read when somebody asks for the first of them."""

    def __init__(self, file: Path) -> None:
        super().__init__()
        self._file = file

    @cached_property
    def _all(self) -> _gettext.NullTranslations:
        return _read(self._file)

    def gettext(self, message: str) -> str:
        return self._all.gettext(message)

    def pgettext(self, context: str, message: str) -> str:
        return self._all.pgettext(context, message)

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self._all.ngettext(msgid1, msgid2, n)


@cache
def _catalogue(folder: Path) -> _gettext.NullTranslations:
    """The lock's sentences, and behind them all others: to read those takes as long as to show it."""
    catalogue = _read(folder / f"{LOCK}.mo")
    catalogue.add_fallback(_AtNeed(folder / f"{DOMAIN}.mo"))
    return catalogue


def _read(file: Path) -> _gettext.NullTranslations:
    """English has none. By hand: gettext.translation loads locale first, to expand names."""
    try:
        with file.open("rb") as compiled:
            return _gettext.GNUTranslations(compiled)
    except FileNotFoundError:
        return _gettext.NullTranslations()


def of_the_system() -> str:
    """The language of this user's session; French when unsure."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE"):
        value = os.environ.get(name, "")
        if value and value.split(".")[0] not in ("C", "POSIX"):
            return "en" if value.startswith("en") else "fr"
    if sys.platform == "win32":
        import ctypes
        import locale

        shown = ctypes.windll.kernel32.GetUserDefaultUILanguage()
        return "en" if locale.windows_locale.get(shown, "").startswith("en") else "fr"
    return "fr"
