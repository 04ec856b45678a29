"""What somebody chose for the window survives, and damage to it stops nothing."""

from pathlib import Path

import pytest

from correspondent_desk.gui.preferences import NAME, Preferences, load, save
from correspondent_desk.gui.theme import Appearance, Contrast, Look

CHOSEN = Preferences(
    language="fr",
    appearance=Appearance(look=Look.DARK, contrast=Contrast.STRONG, text_percent=160),
    geometry="AdnQywAD",
)


def test_a_choice_is_there_again(tmp_path: Path) -> None:
    save(tmp_path / "new", CHOSEN)

    assert load(tmp_path / "new") == CHOSEN


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "{}",
        '{"appearance": 1}',
        '{"language": "fr", "appearance": {"look": "pink"}}',
    ],
)
def test_what_cannot_be_read_counts_as_not_chosen(tmp_path: Path, text: str) -> None:
    (tmp_path / NAME).write_text(text, encoding="utf-8")

    assert load(tmp_path) == Preferences()


def test_values_out_of_bounds_are_left_out(tmp_path: Path) -> None:
    save(tmp_path, CHOSEN)
    path = tmp_path / NAME
    text = path.read_text(encoding="utf-8").replace("160", "1600").replace('"fr"', '"de"')
    path.write_text(text, encoding="utf-8")

    found = load(tmp_path)

    assert (found.language, found.appearance.text_percent) == ("", 100)
    assert found.appearance.look is Look.DARK
