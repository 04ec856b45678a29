"""The pages wear the colours of the desk."""

import re

from correspondent_desk.gui import colours
from correspondent_desk.hub.pages.static import STYLE

_SETS = re.compile(r":root \{(.*?)\}", re.DOTALL)
_COLOUR = re.compile(r"--([a-z-]+): (#[0-9a-f]{6});")


def test_the_four_sets_are_those_of_the_desk() -> None:
    found = [dict(_COLOUR.findall(one)) for one in _SETS.findall(STYLE.content.decode())]
    names = set(colours.Colours._fields)

    for of_pages, of_desk in zip(
        found,
        (colours.LIGHT, colours.DARK, colours.STRONG_LIGHT, colours.STRONG_DARK),
        strict=True,
    ):
        assert len(of_pages) > 14
        for name, colour in of_pages.items():
            key = name.replace("-", "_")
            assert key in names
            assert getattr(of_desk, key) == colour, name
