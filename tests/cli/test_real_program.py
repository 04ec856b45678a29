"""A few whole stories with the real program, in processes of its own and without a screen."""

import json
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from tests.cli.conftest import SOURCES, Run
from tests.programs import bare

PATIENCE_S = 20  # a busy computer is no failure
LOADER = """
import sys
from correspondent_desk.cli.main import COMMANDS, main
for command in [*COMMANDS, ""]:
    main([command, "--help"] if command else ["--help"])
main(["--desk", sys.argv[1], "today"])
main(["--desk", sys.argv[1], "search", "le goff"])
print("loads", [name for name in sys.modules if name.startswith(("PySide6", "shiboken6"))])
"""
COLD = """
import sys
from correspondent_desk.__main__ import main
sys.argv[1:] = ["--desk", sys.argv[1], "search", "le golf"]
main()
print("loads", [name for name in ("sqlalchemy", "alembic", "PySide6") if name in sys.modules])
"""


def test_a_day_without_a_window_in_french(program: Run, tmp_path: Path) -> None:
    fr = ("--lang", "fr", "--desk", tmp_path / "desk")
    made = program(*fr, "demo", "--members", "60", "--no-window")
    found = program(*fr, "search", "legoff")
    edited = program(*fr, "edit", "member", "000417", "note=à rappeler")
    undone = program(*fr, "undo")
    refused = program(*fr, "serach")
    no_number = program(*fr, "search", "x", "--limit", "x")
    helped = program(*fr, "import", "--help")

    assert made.out.startswith("Un bureau de démonstration avec 60 personnes inventées")
    assert "Mme Anne LE GOFF · née KERVÉLEC" in found.out
    assert edited.out == "Enregistré\u00a0: Mme Anne LE GOFF.\n"
    assert undone.out == "Annulé\u00a0: «\u00a0Nouvelle note de Mme Anne LE GOFF\u00a0»\n"
    assert "La commande 'serach' n’existe pas." in refused.err
    assert refused.status == 2
    assert "'x' n’est pas un nombre qui convient (nombre entier)." in no_number.err
    assert helped.out.startswith("Utilisation\u00a0: correspondent-desk import [OPTIONS] FICHIER")
    assert "Afficher cette aide." in helped.out


@pytest.mark.parametrize("code", [LOADER, COLD], ids=["all commands", "a cold search"])
def test_commands_load_neither_qt_nor_what_a_cold_search_need_not(desk: Path, code: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", code, str(desk)],
        capture_output=True,
        encoding="utf-8",
        env=bare(PYTHONPATH=str(SOURCES), PYTHONIOENCODING="utf-8"),
        check=False,
    )

    assert done.stdout.splitlines()[-1] == "loads []", done.stdout + done.stderr
    assert done.stderr == ""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows always has a screen")
@pytest.mark.parametrize("words", [[], ["--lang", "en"]])
def test_without_a_screen_the_window_says_so(program: Run, words: list[str]) -> None:
    ended = program(*words)

    assert ended.status == 2
    assert ended.err.splitlines()[-1] == "[no-window:no-display]"


def test_each_line_is_answered_before_the_next_is_typed(desk: Path) -> None:
    words = [sys.executable, "-m", "correspondent_desk", "--desk", str(desk), "search", "--lines"]
    with subprocess.Popen(
        words,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env=bare(PYTHONPATH=str(SOURCES)),
    ) as search:
        assert search.stdin
        assert search.stdout
        answers = []
        for typed in ("le gof", "zzzz"):
            search.stdin.write(f"{typed}\n")
            search.stdin.flush()
            answers.append(json.loads(search.stdout.readline()))
        search.stdin.close()

        assert search.wait(PATIENCE_S) == 0
    assert [len(one["found"]) for one in answers] == [1, 0]


@pytest.mark.usefixtures("hears_ctrl_c")
@pytest.mark.skipif(sys.platform == "win32", reason="no process is sent Ctrl+C alone")
def test_ctrl_c_is_said_and_has_a_status_of_its_own(desk: Path) -> None:
    with subprocess.Popen(
        [
            sys.executable,
            "-m",
            "correspondent_desk",
            "--lang",
            "en",
            "--desk",
            desk,
            "search",
            "--lines",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=bare(PYTHONPATH=str(SOURCES)),
        text=True,
        encoding="utf-8",
    ) as search:
        assert search.stdin
        assert search.stdout
        assert search.stderr
        search.stdin.write("le gof\n")
        search.stdin.flush()
        search.stdout.readline()
        for _ in range(5):  # one that comes before Python waits for words is not heard
            search.send_signal(signal.SIGINT)
            with suppress(subprocess.TimeoutExpired):
                search.wait(PATIENCE_S)  # another one while it ends would end it otherwise
                break

        assert search.poll() == 130
        said = search.stderr.read().strip()
    assert said.startswith("Stopped. ")


@pytest.mark.parametrize("words", [["search", "a"], ["search", "a", "--json"], ["--help"]])
def test_a_pipe_that_nobody_reads_is_no_trouble(desk: Path, words: list[str]) -> None:
    reader = subprocess.Popen([sys.executable, "-c", ""], stdin=subprocess.PIPE)
    reader.wait(PATIENCE_S)
    assert reader.stdin
    done = subprocess.run(
        [sys.executable, "-m", "correspondent_desk", "--desk", desk, *words],
        stdout=reader.stdin,
        stderr=subprocess.PIPE,
        env=bare(PYTHONPATH=str(SOURCES)),
        check=False,
    )
    reader.stdin.close()

    assert done.stderr == b""
    assert done.returncode == 141


def test_a_terminal_that_lacks_letters_shows_the_others(program: Run, desk: Path) -> None:
    old = {"PYTHONIOENCODING": "ascii"}
    shown = program("--desk", desk, "show", "member", "000417", environment=old)
    found = program("--desk", desk, "search", "legoff", "--json", environment=old)

    assert shown.status == 0
    assert "LE GOFF" in shown.out
    assert json.loads(found.out)["family_name"] == "KERVÉLEC"


@pytest.mark.skipif(sys.platform == "win32", reason="streams are closed by a shell")
@pytest.mark.parametrize(
    ("closed", "command"),
    [
        ("<&-", "search --lines"),
        (">&-", "search legoff"),
        ("2>&-", "search"),
        ("<&- >&- 2>&-", "new --office A"),
    ],
)
def test_closed_streams_are_no_trouble(desk: Path, closed: str, command: str) -> None:
    words = f"'{sys.executable}' -m correspondent_desk --desk '{desk}' {command} {closed}"
    done = subprocess.run(
        ["/bin/sh", "-c", words],
        capture_output=True,
        encoding="utf-8",
        env=bare(PYTHONPATH=str(SOURCES), LANG="C.UTF-8"),
        stdin=subprocess.DEVNULL,
        check=False,
    )

    assert "Traceback" not in done.stderr
    assert done.returncode in (0, 1, 2)
