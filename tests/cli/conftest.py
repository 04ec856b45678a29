"""A desk of invented people, and commands run on it as the program runs them."""

import io
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from correspondent_desk import language
from correspondent_desk.cli.main import main
from correspondent_desk.records.demo.fill import fill
from correspondent_desk.records.demo.making import DEMO_PASSPHRASE
from correspondent_desk.store.database import open_store
from correspondent_desk.store.vault import DeskFolder, create_vault, mark_as_demo
from tests import programs
from tests.builders import CHEAP

SOURCES = Path(language.__file__).parent.parent
MEMBERS = 119


@dataclass(frozen=True)
class Ended:
    """How a command ended, and what it printed."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        """What was printed on standard output."""
        return self.out.splitlines()


@pytest.fixture(scope="session")
def invented(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A desk with MEMBERS people that no test changes; cheap to open."""
    folder = DeskFolder(tmp_path_factory.mktemp("invented") / "desk")
    key, _ = create_vault(folder, DEMO_PASSPHRASE, CHEAP)
    mark_as_demo(folder, DEMO_PASSPHRASE)
    store = open_store(folder, key)
    fill(store, MEMBERS, 1, datetime.now().astimezone().date())
    store.close()
    return folder.path


@pytest.fixture
def desk(invented: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A desk of invented people of one's own; relative paths are beside it."""
    monkeypatch.chdir(tmp_path)
    return Path(shutil.copytree(invented, tmp_path / "desk"))


Run = Callable[..., Ended]


@pytest.fixture
def run(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Iterator[Run]:
    """Runs words as a command in this process; typed: what stands on standard input."""

    def run(*words: object, typed: bytes = b"") -> Ended:
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(typed)))
        capsys.readouterr()
        status = main(["--lang", "en", *map(str, words)])
        said = capsys.readouterr()
        return Ended(status, said.out, said.err)

    yield run
    language.use("en")


@pytest.fixture
def on_desk(run: Run, desk: Path) -> Run:
    """As run, on the desk of invented people."""
    return lambda *words, typed=b"": run("--desk", desk, *words, typed=typed)


@pytest.fixture
def program(tmp_path: Path) -> Run:
    """Runs words with the real program, in a process without a screen.

    The interpreter begins anew only for an environment that it looks at itself.
    """

    def program(
        *words: object, typed: bytes = b"", environment: dict[str, str] | None = None
    ) -> Ended:
        bare = {name: os.environ[name] for name in os.environ if "DISPLAY" not in name}
        bare.pop("QT_QPA_PLATFORM", None)
        if environment is None and sys.platform != "win32":
            status, printed, said = programs.ended(words, typed=typed, environment=bare)
            return Ended(status, printed.decode(errors="replace"), said.decode(errors="replace"))
        done = subprocess.run(
            [sys.executable, "-m", "correspondent_desk", *map(str, words)],
            input=typed,
            capture_output=True,
            cwd=tmp_path,
            env=bare | {"PYTHONPATH": str(SOURCES)} | (environment or {}),
            check=False,
        )
        out, err = (
            said.decode(errors="replace").replace(os.linesep, "\n")
            for said in (done.stdout, done.stderr)
        )
        return Ended(done.returncode, out, err)

    return program
