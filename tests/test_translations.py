"""Each check of the translations finds what it is for, and lets good ones pass."""

import subprocess
import sys
from pathlib import Path

import pytest

from tools import translations

HEADER = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\n'
GOOD = """
from correspondent_desk.language import _, ngettext, pgettext


def sentence(name: str, n: int) -> list[str]:
    return [
        _("Delete {name}?").format(name=name),
        ngettext("{n} page", "{n} pages", n).format(n=n),
        pgettext("of a request", "Open"),
    ]
"""
FRENCH = """
msgid "Delete {name}?"
msgstr "Supprimer {name}\u00a0?"

msgid "{n} page"
msgid_plural "{n} pages"
msgstr[0] "{n} page"
msgstr[1] "{n} pages"

msgctxt "of a request"
msgid "Open"
msgstr "Ouverte"
"""


def found(folder: Path, source: str, *fragments: str) -> list[str]:
    """What the check says about a package of this source and these French fragments."""
    (folder / "resources" / "i18n" / "fr").mkdir(parents=True)
    (folder / "module.py").write_text(source, "utf-8")
    for number, text in enumerate(fragments):
        path = folder / "resources" / "i18n" / "fr" / f"{number}.po"
        path.write_text(HEADER + text, "utf-8")
    return [str(finding) for finding in translations.check(folder)]


def test_complete_translations_pass(tmp_path: Path) -> None:
    assert found(tmp_path, GOOD, FRENCH) == []


def entry(english: str, french: str, comment: str = "") -> str:
    return f'{comment}\nmsgid "{english}"\nmsgstr "{french}"\n\n'


def asks(*english: str) -> str:
    return "def f():\n" + "".join(f"    _({text!r})\n" for text in english)


@pytest.mark.parametrize(
    ("source", "fragments", "expected"),
    [
        (GOOD, [FRENCH.replace('"Ouverte"', '""')], ["module.py:9: not in French: 'Open'"]),
        (
            GOOD,
            [FRENCH.replace('"{n} pages"\n\nmsgctxt', '""\n\nmsgctxt')],
            ["module.py:8: not in French: '{n} page'"],
        ),
        (asks("A", "B"), [entry("A", "a")], ["module.py:3: not in French: 'B'"]),
        (asks("A"), [entry("A", "a"), entry("B", "b")], ["1.po: no longer asked for: 'B'"]),
        (asks("A"), [entry("A", "a"), entry("A", "a")], ["1.po: also in 0.po: 'A'"]),
        (asks("A"), [entry("A", "a") + entry("A", "a")], ["0.po: given twice: 'A'"]),
        (asks("A"), [entry("A", "a", "#, fuzzy")], ["0.po:5: marked fuzzy: 'A'"]),
        (
            asks("{a}"),
            [entry("{a}", "{b}")],
            ["0.po:5: its {fields} are not those of the English: '{a}'"],
        ),
        (
            asks("{a}"),
            [entry("{a}", "{a")],
            ["0.po:5: its {fields} are not those of the English: '{a}'"],
        ),
        (
            asks("Really?"),
            [entry("Really?", "Vraiment ?")],
            ["0.po:5: a plain space before : ; ? ! or »: 'Really?'"],
        ),
        (
            asks("The end"),
            [entry("The end", "L'issue")],
            ["0.po:5: a straight apostrophe: 'The end'"],
        ),
        (
            asks("By {sender}"),
            [entry("By {sender}", "De {sender}")],
            ["0.po:5: “le comité” cannot stand after de, à or que: 'By {sender}'"],
        ),
    ],
)
def test_a_fault_in_the_french_is_found(
    tmp_path: Path, source: str, fragments: list[str], expected: list[str]
) -> None:
    assert found(tmp_path, source, *fragments) == expected


def test_a_file_that_is_no_catalogue_is_found(tmp_path: Path) -> None:
    [finding] = found(tmp_path, GOOD, "Delete = Supprimer")

    assert finding.startswith("resources/i18n: ")


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def f(x):\n    _(x)\n", "_() wants string literals"),
        ("def f(x):\n    _(f'{x}')\n", "_() wants string literals"),
        ("def f():\n    _()\n", "_() wants string literals"),
        ("def f(x):\n    ngettext('{n} page', x, 2)\n", "ngettext() wants string literals"),
        ("def f(x):\n    pgettext(x, 'Open')\n", "pgettext() wants string literals"),
        ("A = _('A')\n", "_() runs at import"),
        ("class A:\n    a = _('A')\n", "_() runs at import"),
        ("def f(x=_('A')): ...\n", "_() runs at import"),
        ("@option(help=_('A'))\ndef f(): ...\n", "_() runs at import"),
        ("A = language._('A')\n", "_() runs at import"),
        ("def f():\n    _('{a}').format(b=1)\n", "format() is given ['b'], not {'a'}"),
        ("def f():\n    _('{a}').format(1)\n", "format() fills named fields only"),
    ],
)
def test_asking_for_a_translation_in_the_wrong_way_is_found(
    tmp_path: Path, source: str, expected: str
) -> None:
    (tmp_path / "module.py").write_text(source, "utf-8")

    [finding] = translations.check_calls(tmp_path)

    assert finding.text.startswith(expected)


def test_commands_ask_when_they_are_loaded(tmp_path: Path) -> None:
    (tmp_path / "cli").mkdir()
    (tmp_path / "cli" / "work.py").write_text("@option(help=_('A'))\ndef f(): ...\n", "utf-8")

    assert list(translations.check_calls(tmp_path)) == []


def test_a_lambda_asks_when_it_is_called(tmp_path: Path) -> None:
    (tmp_path / "module.py").write_text("TITLES = {1: lambda: _('A')}\n", "utf-8")

    assert list(translations.check_calls(tmp_path)) == []


def test_a_changed_fragment_is_compiled_anew(tmp_path: Path) -> None:
    found(tmp_path, GOOD, FRENCH)
    i18n = tmp_path / "resources" / "i18n"
    assert translations.is_stale(i18n)

    assert translations.compile_french(i18n) == 3
    assert not translations.is_stale(i18n)
    first = [(i18n / path).read_bytes() for path in translations.COMPILED]
    translations.compile_french(i18n)
    assert [(i18n / path).read_bytes() for path in translations.COMPILED] == first
    assert {path.name for path in (i18n / translations.MESSAGES).iterdir()} == {
        "correspondent_desk.mo",
        "lock.mo",
    }
    for path in translations.COMPILED:
        (i18n / path).unlink()
        assert translations.is_stale(i18n)
        translations.compile_french(i18n)


def test_the_command_fails_while_something_is_to_be_mended(tmp_path: Path) -> None:
    script = Path(translations.__file__)
    (tmp_path / "tools").mkdir()
    copy = tmp_path / "tools" / script.name
    copy.write_bytes(script.read_bytes())
    found(tmp_path / "src" / "correspondent_desk", asks("A"))

    done = subprocess.run(
        [sys.executable, copy, "check"], capture_output=True, encoding="utf-8", check=False
    )

    assert done.returncode == 1
    assert done.stdout.splitlines() == [
        "module.py:2: not in French: 'A'",
        "1 messages, 1 things to mend",
    ]


def test_the_hub_is_called_by_one_word() -> None:
    asked = [
        part
        for message in translations.in_sources(translations.PACKAGE)
        for part in ([message.id] if isinstance(message.id, str) else message.id)
    ]
    databases = ("postgresql://", "PostgreSQL", "Check the server and the network")

    assert not [
        one
        for one in asked
        if "server" in one.lower().split() and not any(word in one for word in databases)
    ]
