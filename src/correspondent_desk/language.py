"""The language the program speaks: French or English, for window, command line and paper alike.

Sources are written in English; `resources/i18n/fr/` holds every French sentence. One catalogue
serves screens and the command line, which may not import Qt (ADR 0004).
"""

import gettext as _gettext
import os
import sys
from pathlib import Path

LANGUAGES = ("fr", "en")
DOMAIN = "correspondent_desk"
I18N = Path(__file__).parent / "resources" / "i18n"

_catalogue: _gettext.NullTranslations = _gettext.NullTranslations()
_code = "en"


def _(message: str) -> str:
    """message, an English literal, in the language in use."""
    return _catalogue.gettext(message)


def pgettext(context: str, message: str) -> str:
    """Like _, for an English word that needs two French ones."""
    return _catalogue.pgettext(context, message)


def ngettext(singular: str, plural: str, n: int) -> str:
    """The form for n in the language in use, with {n} still to be filled in by format(n=n)."""
    return _catalogue.ngettext(singular, plural, n)


def code() -> str:
    """The language in use: "fr" or "en"."""
    return _code


def use(language: str) -> None:
    """Speak language ("fr" or "en") from now on. Raises ValueError for another one."""
    global _catalogue, _code  # noqa: PLW0603 - one process speaks one language
    if language not in LANGUAGES:
        raise ValueError(language)
    _catalogue = _gettext.translation(DOMAIN, I18N, [language], fallback=True)
    _code = language


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
