"""docs/command-line.md says what commands print, and they do."""

import json
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from correspondent_desk.cli.main import COMMANDS
from tests.cli.conftest import Ended, Run

DOCUMENT = Path(__file__).parents[2] / "docs" / "command-line.md"
TEXT = DOCUMENT.read_text("utf-8")
STAFF = "Nom;Prénom;Né le\nTRÉVIDIC;Soizic;12/03/1988\nQUÉRÉ;Loïc;31/02/1990\n"

# Objects whose keys are columns of a field, or kinds.
OF_MANY_KEYS = (".before", ".after", ".more")

Shape = dict[str, object] | list[object] | str | int | float | bool | None


def examples() -> Iterator[tuple[str, str]]:
    """Each command of the document, and what it prints."""
    for block in re.findall(r"^```console\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL):
        for example in re.split(r"^\$ correspondent-desk ", block, flags=re.MULTILINE)[1:]:
            command, _, printed = example.partition("\n")
            yield command, printed


def shapes() -> Iterator[tuple[str, Shape]]:
    """Each command whose JSON the document shows, and that JSON."""
    found = re.findall(r"<!-- shape: (.*?) -->\n```json\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL)
    for command, example in found:
        yield command, json.loads(example)


def printed_by(ended: Ended) -> str:
    """What a reader of a terminal sees, and the status unless all was well."""
    return ended.out + ended.err + (f"status {ended.status}\n" if ended.status else "")


def as_pattern(expected: str) -> str:
    """… stands for anything, over several lines too."""
    return re.escape(expected).replace("…", ".*?").replace(r"\…", ".*?")


def difference(documented: Shape, real: Shape, place: str = "") -> str:
    """Where real is not of the documented shape; nothing where it is."""
    if place.endswith(OF_MANY_KEYS):
        return ""
    match documented, real:
        case (None, _) | (_, None):
            return ""
        case dict(), dict():
            if documented and set(documented) != set(real):
                return f"{place}: {set(documented) ^ set(real)}"
            found = (difference(documented.get(key), real[key], f"{place}.{key}") for key in real)  # type: ignore[arg-type]
            return next(filter(None, found), "")
        case list(), list():
            if not documented:
                return ""
            found = (difference(documented[0], one, f"{place}[]") for one in real)  # type: ignore[arg-type]
            return next(filter(None, found), "")
        case _:
            return "" if type(documented) is type(real) else f"{place}: {real!r}"


def test_the_examples_print_what_the_document_says(run: Run, on_desk: Run) -> None:
    Path("staff.csv").write_text(STAFF, "utf-8")
    wrong = []
    for command, expected in examples():
        run_ = run if command.startswith("demo") else on_desk
        printed = printed_by(run_(*shlex.split(command)))
        if not re.fullmatch(as_pattern(expected), printed, re.DOTALL):
            wrong.append(f"$ {command}\n{printed}instead of\n{expected}")

    assert not wrong, "\n".join(wrong)


def test_json_has_the_shapes_that_the_document_promises(on_desk: Run) -> None:
    on_desk("edit", "member", "000417", "note=Bonjour")
    found = list(shapes())
    for command, documented in found:
        ended = on_desk(*shlex.split(command))
        for line in ended.lines:
            assert difference(documented, json.loads(line)) == "", command
        assert ended.lines, command

    assert len(found) >= 5


def test_answers_to_lines_have_the_shape_that_the_document_promises(on_desk: Run) -> None:
    [(words, example)] = re.findall(
        r"<!-- shape of lines: (.*?) -->\n```json\n(.*?)^```", TEXT, re.MULTILINE | re.DOTALL
    )
    ended = on_desk("search", "--lines", typed=f"{words}\n".encode())

    [line] = ended.lines
    assert difference(json.loads(example), json.loads(line)) == ""


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_is_documented(command: str) -> None:
    assert re.search(rf"^###? .*\b{command}\b", TEXT, re.MULTILINE | re.IGNORECASE), command


def test_a_shape_that_differs_would_be_noticed() -> None:
    assert difference({"a": [{"b": 1}]}, {"a": [{"b": 1}, {"c": 1}]}) == ".a[]: {'b', 'c'}" or (
        difference({"a": [{"b": 1}]}, {"a": [{"b": 1}, {"c": 1}]}) == ".a[]: {'c', 'b'}"
    )
    assert difference({"a": 1}, {"a": "1"}) == ".a: '1'"
    assert difference({"a": None}, {"a": "x"}) == ""
