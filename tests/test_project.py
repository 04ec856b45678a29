"""What holds for the project as a whole: its locks, its modules, its wheel, its README."""

import importlib.util
import pkgutil
import re
import shlex
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path
from typing import Any

import click
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

import correspondent_desk
import dev
from correspondent_desk.cli.main import program

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "correspondent_desk"
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCKS = sorted((ROOT / "requirements").glob("*.txt"))
RUNTIME = [
    Requirement(text)
    for text in [
        *PROJECT["project"]["dependencies"],
        *PROJECT["project"]["optional-dependencies"]["hub"],
    ]
]

# Loads the modules named on standard input one after the other and says what each did.
LOADER = """
import importlib, os, sys, threading
forbidden = sys.argv[1].split(",")
for name in sys.stdin.read().split():
    try:
        importlib.import_module(name)
    except Exception as error:
        print(name, "does not load:", repr(error))
    for found in [it for it in forbidden if it in sys.modules]:
        print(name, "loads", found)
        forbidden.remove(found)
    if threading.active_count() > 1 or os.listdir("."):
        print(name, "starts a thread or writes a file")
        break
if "PySide6.QtCore" in sys.modules and sys.modules["PySide6.QtCore"].QCoreApplication.instance():
    print("something makes an application")
"""


def module_names() -> list[str]:
    """Every module of the package that exists now."""
    found = pkgutil.walk_packages(correspondent_desk.__path__, "correspondent_desk.")
    return sorted(module.name for module in found)


def shows_windows(name: str) -> bool:
    """Whether a module may load Qt."""
    return name.split(".")[1] in ("app", "gui")


def loaded(names: list[str], folder: Path, forbidden: str = "") -> str:
    """What happens in a fresh interpreter, started in an empty folder, that imports names."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", LOADER, forbidden],
        input="\n".join(names),
        capture_output=True,
        encoding="utf-8",
        cwd=folder,
        check=False,
    )
    return done.stdout + done.stderr


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder for an interpreter that finds the package."""
    monkeypatch.setenv("PYTHONPATH", str(ROOT / "src"))
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    folder = tmp_path / "empty"
    folder.mkdir()
    return folder


def test_importing_a_module_does_nothing(empty: Path) -> None:
    assert loaded(module_names(), empty) == ""


def test_only_screens_load_qt(empty: Path) -> None:
    names = [name for name in module_names() if not shows_windows(name)]

    assert loaded(names, empty, "PySide6,shiboken6") == ""


@pytest.mark.parametrize("name", ["search", "vault"])
def test_a_cold_search_loads_neither_sqlalchemy_nor_qt(empty: Path, name: str) -> None:
    module = f"correspondent_desk.store.{name}"
    assert module in module_names()

    assert loaded([module], empty, "sqlalchemy,alembic,PySide6") == ""


def test_the_rules_load_slow_libraries_only_when_asked(empty: Path) -> None:
    names = [name for name in module_names() if name.startswith("correspondent_desk.domain")]

    assert loaded(names, empty, "holidays,phonenumbers,sqlalchemy") == ""


def test_the_loader_of_these_tests_sees_what_it_looks_for(empty: Path) -> None:
    assert loaded(["sqlite3", "json"], empty, "json,zipfile") == "json loads json\n"
    assert loaded(["not_there"], empty).startswith("not_there does not load: ")
    assert "Beautiful is better than ugly." in loaded(["this"], empty)


def test_the_rules_are_kept_from_every_library() -> None:
    contracts = PROJECT["tool"]["importlinter"]["contracts"]
    [contract] = [
        it for it in contracts if it.get("source_modules") == ["correspondent_desk.domain"]
    ]
    modules = {
        module
        for module, names in metadata.packages_distributions().items()
        for requirement in RUNTIME
        if canonicalize_name(requirement.name) in map(canonicalize_name, names)
        and not module.startswith("_")
        and importlib.util.find_spec(module)
    }

    assert modules - set(contract["forbidden_modules"]) == {"holidays", "phonenumbers"}


def test_only_the_essential_part_of_qt_is_installed() -> None:
    names = {canonicalize_name(it.name) for it in metadata.distributions()}

    assert {name for name in names if "pyside" in name} == {"pyside6-essentials"}


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_a_lock_names_no_address(lock: Path) -> None:
    text = lock.read_text("utf-8")

    assert not re.search(r"://|--\S*(index|links|host)| @ ", text)


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)
def test_a_lock_holds_every_dependency_with_hashes(lock: Path) -> None:
    entries = re.split(r"\n(?=\w)", lock.read_text("utf-8").strip())
    pinned: dict[str, list[str]] = {}
    for entry in entries:
        requirement = Requirement(entry.split("\\")[0])
        assert "--hash=sha256:" in entry, entry
        version = next(iter(requirement.specifier)).version
        pinned.setdefault(canonicalize_name(requirement.name), []).append(version)
    group = PROJECT["dependency-groups"]["test"] if lock.stem == "test" else []

    for wanted in [*RUNTIME, *map(Requirement, group)]:
        assert any(map(wanted.specifier.contains, pinned[canonicalize_name(wanted.name)])), wanted


def test_the_lock_for_tests_holds_all_that_running_needs() -> None:
    run, test = (
        set(
            re.split(
                r"\n(?=\w)", (ROOT / "requirements" / f"{name}.txt").read_text("utf-8").strip()
            )
        )
        for name in ("run", "test")
    )

    assert run
    assert run <= test


def test_the_wheel_holds_the_whole_package_and_the_french_sentences(tmp_path: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)],
        cwd=ROOT,
        check=True,
        capture_output=True,
    )
    [wheel] = tmp_path.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        held = set(archive.namelist())

    wanted = {
        f"correspondent_desk/{path.relative_to(PACKAGE).as_posix()}"
        for path in PACKAGE.rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }
    assert "correspondent_desk/resources/i18n/fr/LC_MESSAGES/correspondent_desk.mo" in wanted
    assert wanted <= held
    assert not [name for name in held - wanted if ".dist-info/" not in name]


def documents() -> list[Path]:
    """What people read: the files at the top and the documentation."""
    return [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").rglob("*.md"))]


def commands_in(document: Path) -> list[list[str]]:
    """The lines of document that are commands of ours, each as its words."""
    lines = re.findall(
        r"^\s*(?:(?:python3|py) dev\.py|correspondent-desk) .+$",
        document.read_text("utf-8"),
        re.MULTILINE,
    )
    return [shlex.split(line, comments=True) for line in lines]


def unknown_word(command: click.Command, words: list[str]) -> str | None:
    """The first of words that is neither a command nor an option; None if all are known."""
    options = {
        name: option
        for option in command.params
        if isinstance(option, click.Option)
        for name in [*option.opts, *option.secondary_opts]
    }
    left = list(words)
    while left:
        word = left.pop(0)
        name, equals, _value = word.partition("=")
        if name in ("-h", "--help"):
            continue
        if name.startswith("-"):
            if name not in options:
                return word
            if not options[name].is_flag and not equals:
                left.pop(0)
        elif isinstance(command, click.Group):
            inner = command.get_command(click.Context(command), word)
            return unknown_word(inner, left) if inner else word
    return None


def test_every_command_of_the_desk_in_the_documents_exists() -> None:
    unknown = []
    for document in documents():
        for words in commands_in(document):
            if words[0] == "correspondent-desk" or words[1:3] == ["dev.py", "run"]:
                mine = words[1:] if words[0] == "correspondent-desk" else words[3:]
                if found := unknown_word(program(), mine):
                    unknown.append((document.name, " ".join(words), found))

    assert unknown == []


def test_an_unknown_command_or_option_would_be_noticed() -> None:
    assert unknown_word(program(), ["--lang", "fr", "serach", "le gof"]) == "serach"
    assert unknown_word(program(), ["demo", "--memberz", "5"]) == "--memberz"
    assert unknown_word(program(), ["demo", "--members", "5"]) is None


def every_command(group: click.Group) -> Iterator[click.Command]:
    context = click.Context(group)
    for name in group.list_commands(context):
        command = group.get_command(context, name)
        assert command is not None
        yield command
        if isinstance(command, click.Group):
            yield from every_command(command)


def test_the_help_names_what_is_to_be_typed_in_the_language_in_use() -> None:
    unnamed = [
        f"{command.name} {param.name}"
        for command in every_command(program())
        for param in command.params
        if isinstance(param.type, click.types.StringParamType) and not param.metavar
    ]
    literal = [
        f"{path.name}: {name}"
        for path in (ROOT / "src" / "correspondent_desk" / "cli").glob("*.py")
        for name in re.findall(r'metavar="(.*?)"', path.read_text("utf-8"))
        if name not in ("ID", "URL")  # the same in French
    ]

    assert unnamed + literal == []


def test_the_readme_shows_both_ways_to_start() -> None:
    shown = commands_in(ROOT / "README.md")

    assert ["python3", "dev.py", "run"] in shown
    assert ["py", "dev.py", "run"] in shown
    assert ["python3", "dev.py", "test"] in shown


def test_the_french_readme_says_the_same_commands() -> None:
    assert commands_in(ROOT / "LISEZMOI.md") == commands_in(ROOT / "README.md")


def test_every_dev_command_in_the_documents_exists() -> None:
    described = set(re.findall(r"^([a-z]+)\b", dev.__doc__ or "", re.MULTILINE))

    for document in documents():
        for words in commands_in(document):
            if "dev.py" in words:
                assert words[2] in described, words


def test_dev_knows_each_command_that_it_describes(monkeypatch: pytest.MonkeyPatch) -> None:
    described = set(
        re.findall(r"^([a-z]+)(?: \[?[A-Z-]+\]?)? {2,}", dev.__doc__ or "", re.MULTILINE)
    )
    assert {"run", "test", "lock", "doctor", "strings"} <= described
    reached = []

    def reach(*words: object) -> int:
        reached.append(words)
        return 0

    commands = ("run", "test", "strings", "pictures", "lock_files", "doctor", "with_test_tools")
    for name in commands:
        monkeypatch.setattr(dev, name, reach)

    for command in described:
        assert dev.main([command]) == 0

    assert len(reached) == len(described)
    assert dev.main(["no-such-command"]) == 2


def test_the_ci_script_runs_the_check_and_the_program() -> None:
    lines = (ROOT / ".ci" / "run").read_text("utf-8").splitlines()

    assert [line.split(" ||")[0] for line in lines if "dev.py" in line] == [
        "python3 dev.py test",
        "python3 dev.py run",
    ]


def test_every_module_of_the_layers_is_found() -> None:
    """A folder without __init__.py would be seen neither by the layers nor by these tests."""
    without = {
        folder.relative_to(PACKAGE).as_posix()
        for folder in {path.parent for path in PACKAGE.rglob("*.py")}
        if not (folder / "__init__.py").exists() and "migrations" not in folder.parts
    }

    assert without == set()
    assert importlib.util.find_spec("correspondent_desk") is not None


def test_every_test_that_the_proofs_name_is_there() -> None:
    named = re.findall(r"(tests/[\w/]+\.py)::(\w+)", (ROOT / "docs/proofs.md").read_text("utf-8"))
    assert named
    for file, name in named:
        assert f"\ndef {name}(" in (ROOT / file).read_text("utf-8"), f"{file}::{name}"
