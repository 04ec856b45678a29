"""The manual says what the screen says, and shows what there is."""

import re
from pathlib import Path

import pytest

from correspondent_desk import language
from tools import translations

ROOT = Path(__file__).parent.parent
PAGES = {"en": ROOT / "docs/manual/two-desks.md", "fr": ROOT / "docs/manual/deux-postes.md"}
PICTURES = ROOT / "docs" / "pictures" / "manual"
MOST_BYTES = 60_000


def labels(code: str) -> set[str]:
    """All that the program says in a language, without the marks of its keys."""
    said = (
        text
        for fragment in translations.fragments(language.I18N)
        for message in translations.entries(fragment)
        for text in translations.forms(message.id if code == "en" else message.string)
    )
    return {one.replace("&", "").replace("({n})", "(1)") for one in said}


@pytest.mark.parametrize("code", PAGES)
def test_what_is_to_be_pressed_is_called_as_on_the_screen(code: str) -> None:
    named = set(re.findall(r"\*\*(.+?)\*\*", PAGES[code].read_text(encoding="utf-8")))

    assert named - labels(code) == set()


@pytest.mark.parametrize("code", PAGES)
def test_each_picture_is_there_small_and_used(code: str) -> None:
    page = PAGES[code]
    shown = re.findall(r"!\[[^\]]{8,}\]\((.+?)\)", page.read_text(encoding="utf-8"))

    assert {(page.parent / one).resolve() for one in shown} == set(PICTURES.glob(f"*.{code}.png"))
    assert all((page.parent / one).stat().st_size <= MOST_BYTES for one in shown)


def test_both_languages_tell_the_same() -> None:
    told = {
        code: re.findall(r"manual/([\w-]+)\.", page.read_text(encoding="utf-8"))
        for code, page in PAGES.items()
    }

    assert told["en"] == told["fr"]
