"""click speaks our catalogue: every word that users of our commands may read is in it."""

import ast
import gettext
import os
from pathlib import Path

import click
import pytest
from babel.messages.extract import extract_from_dir

from correspondent_desk import language
from correspondent_desk.cli import click_words

# What is said to programmers, or of what our commands do not use: editors, pagers, completion,
# files that click opens, booleans, dates and UUIDs as values.
UNUSED = {
    "d", "{editor}: Editing failed", "{editor}: Editing failed: {e}", "Windows error: {error}",
    "deprecated", "DeprecationWarning: The command {name!r} is deprecated.{extra_message}",
    "DeprecationWarning: The {param_type} {name!r} is deprecated.{extra_message}",
    "Value must be an iterable.", "Takes {nargs} values but 1 was given.",
    "Name '{name}' defined twice", "env var: {var}", "(dynamic)", "unknown error", "Choice({choices})",
    "Boolean option {decl!r} cannot use the same flag for true/false.",
    "Could not determine name for option with declarations {decls!r}",
    ("No options defined but a name was passed ({name}). Did you mean to declare an argument instead?"
    " Did you mean to pass '--{name}'?"),
    "Arguments take exactly one parameter declaration, got {length}: {decls}.",
    "Do you want to continue?", "Confirm the action without prompting.", "Show the version and exit.",
    "Invalid start character for option ({option})", "Error: invalid input", "file", "directory", "path",
    "Shell completion is not supported for Bash versions older than 4.4.",
    "Couldn't detect Bash version, shell completion is not supported.",
    "Unknown color {colour!r}", "Press any key to continue...", "{value!r} is not a valid UUID.",
    "{value!r} does not match the format {format}.",
    "{value!r} is not a valid boolean. Recognized values: {states}",
    "{name} {filename!r} does not exist.", "{name} {filename!r} is a file.",
    "{name} {filename!r} is a directory.", "{name} {filename!r} is not readable.",
    "{name} {filename!r} is not writable.", "{name} {filename!r} is not executable.",
    "{len_type} values are required, but {len_value} was given.", "Unknown standard stream '{name}'",
}  # fmt: skip


def asked_by_click() -> set[str]:
    """The messages in click's own sources; of those with a plural, the singular."""
    found = extract_from_dir(
        Path(click.__file__).parent,
        method_map=[("**.py", "python")],
        keywords={"_": None, "ngettext": (1, 2)},
    )
    return {message if isinstance(message, str) else message[0] for _, _, message, _, _ in found}


def listed() -> set[str]:
    """The messages that our list names; of those with a plural, the singular."""
    tree = ast.parse(Path(click_words.__file__).read_text("utf-8"))
    return {
        str(node.args[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Name)
        and node.func.id in ("_", "ngettext")
        and isinstance(node.args[0], ast.Constant)
    }


def test_each_word_of_click_is_listed_or_unused() -> None:
    assert asked_by_click() == listed() | UNUSED
    assert not listed() & UNUSED


def test_click_speaks_french_only_while_we_do(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "de")
    language.use("fr")
    with click_words.spoken():
        assert gettext.gettext("Usage:") == "Utilisation\u00a0:"
        assert len(click_words.words()) == len(listed())

    assert gettext.gettext("Usage:") == "Usage:"
    assert os.environ["LANGUAGE"] == "de"
    language.use("en")
    with click_words.spoken():
        assert gettext.gettext("Usage:") == "Usage:"
