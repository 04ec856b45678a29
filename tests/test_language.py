"""Which language is spoken, and that French is there."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier

import pytest

from correspondent_desk import language
from tools import translations

FRAGMENT = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=2; plural=(n > 1);\\n"

msgid "Town"
msgstr "Ville"

msgid "{n} page"
msgid_plural "{n} pages"
msgstr[0] "{n} feuille"
msgstr[1] "{n} feuilles"

msgctxt "of a meeting"
msgid "Open"
msgstr "Prévu"

msgctxt "of a request"
msgid "Open"
msgstr "Ouverte"
"""
VARIABLES = ("LC_ALL", "LC_MESSAGES", "LANG", "LANGUAGE")


@pytest.mark.parametrize(
    ("environment", "expected"),
    [
        ({"LANG": "fr_FR.UTF-8"}, "fr"),
        ({"LANG": "en_GB.UTF-8"}, "en"),
        ({"LANG": "fr_FR.UTF-8", "LC_ALL": "en_US"}, "en"),
        ({"LANG": "fr_FR.UTF-8", "LC_MESSAGES": "en_US.UTF-8"}, "en"),
        ({"LANG": "en_GB.UTF-8", "LC_ALL": "C.UTF-8"}, "en"),
        ({"LANG": "de_DE.UTF-8"}, "fr"),
        ({"LANG": "C"}, "fr"),
        ({}, "fr"),
    ],
)
def test_the_language_follows_the_system_and_is_french_when_unsure(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], expected: str
) -> None:
    monkeypatch.setattr("sys.platform", "linux")
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)

    assert language.of_the_system() == expected


def test_english_is_what_the_sources_say() -> None:
    language.use("en")

    assert language.code() == "en"
    assert language.ngettext("{n} page", "{n} pages", 0) == "{n} pages"
    assert language.ngettext("{n} page", "{n} pages", 1) == "{n} page"


def test_french_has_its_own_plural_and_contexts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "fr").mkdir()
    (tmp_path / "fr" / "some.po").write_text(FRAGMENT, "utf-8")
    translations.compile_french(tmp_path)
    monkeypatch.setattr(language, "I18N", tmp_path)
    language.use("fr")

    assert language.code() == "fr"
    assert language._("Town") == "Ville"
    assert [language.ngettext("{n} page", "{n} pages", n) for n in (0, 1, 2)] == [
        "{n} feuille",
        "{n} feuille",
        "{n} feuilles",
    ]
    assert language.pgettext("of a meeting", "Open") == "Prévu"
    assert language.pgettext("of a request", "Open") == "Ouverte"
    assert language._("Not translated") == "Not translated"


def test_a_language_that_is_not_spoken_is_refused() -> None:
    with pytest.raises(ValueError, match="de"):
        language.use("de")

    assert language.code() == "en"


def test_two_people_are_answered_at_once_in_their_own_languages() -> None:
    both = Barrier(2)

    def answer(spoken: str) -> tuple[str, str]:
        with language.speaking(spoken):
            both.wait(timeout=60)
            heard = language.code(), language._("today")
            both.wait(timeout=60)
        return heard

    with ThreadPoolExecutor(2) as threads:
        heard = list(threads.map(answer, ("fr", "en")))

    assert heard == [("fr", "aujourd’hui"), ("en", "today")]
    assert language.code() == "en"
