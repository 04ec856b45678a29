"""What is left of the name of a file that somebody sends."""

import pytest

from correspondent_desk.hub.pages import bodies


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\x\\a.cdb", "a.cdb"),
        ("a\r\nb.cdb", "a_b.cdb"),
        ("..", "file"),
        ("CD_É_1 (2).cdb", "CD_É_1 (2).cdb"),
        ("x" * 500 + ".cdb", "x" * 116 + ".cdb"),
        ("漢" * 120 + ".cdb", "漢" * 38 + ".cdb"),
        ("x." * 200, "x." * 59 + "x"),
        ("<b>\u202ebdc.exe", "_b_bdc.exe"),
    ],
)
def test_a_file_keeps_only_the_harmless_part_of_its_name(given: str, kept: str) -> None:
    assert bodies.plain_name(given) == kept
