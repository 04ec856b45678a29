#!/usr/bin/env python3
"""One entry point for people and machines; standard library only, Python 3.11 to 3.14.

  Linux:   python3 dev.py run        python3 dev.py test
  Windows: py dev.py run             py dev.py test

run [WORDS]        set everything up and open the desk of a demo office with invented people;
                   WORDS go to the correspondent-desk command instead. With no display and no
                   WORDS: leave pictures of every page in build/pictures
test [WORDS]       the whole check: format, lint, types, layers, dependencies, translations, tests;
                   WORDS go to pytest instead, and only tests run
strings            what is wrong with the translations, and the missing entries ready to paste
bench [WORDS]      measure, and compare with the targets
pictures [FOLDER]  pictures of every page, in docs/pictures if no FOLDER is given
worlds N           N random worlds of desks and hub against the oracle of the merge rule
fuzz N             N strange inputs for each reader of what strangers send
lock [-U]          write requirements/*.txt anew (-U: with the newest versions)
doctor             say what is missing, change nothing

CORRESPONDENT_DESK_VENV names another folder than .venv for the virtual environment.
"""

from __future__ import annotations  # an older Python shall read far enough to say so

import hashlib
import importlib.util
import io
import os
import platform
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parent
BUILD = ROOT / "build"
PICTURES = ROOT / "docs" / "pictures.py"
WINDOWS = sys.platform == "win32"
VENV = Path(os.environ.get("CORRESPONDENT_DESK_VENV") or ROOT / ".venv").absolute()
OLDEST, NEWEST = (3, 11), (3, 14)  # of Python; for newer ones some libraries have no wheel yet
SETUP_FAILED = 3
IN_MEMORY = Path("/dev/shm")  # noqa: S108 - a folder of one's own is made in it
ENOUGH_MEMORY = 3 << 30  # bytes; the tests hold a third of it at most
MOST_LETTERS = 85  # of the folder of libraries, where Windows takes names of 259 letters at most
LOCKS: dict[str, list[str]] = {
    "run": ["--extra", "hub"],
    "test": ["--extra", "hub", "--group", "test"],
}  # each file and what it holds beyond the program

# Debian 12 and 13, Ubuntu 22.04 and later (those that t64 renamed go by the old name as well): what the wheels load but do not contain.
APT_QT = [
    "libgl1",
    "libegl1",
    "libglib2.0-0",
    "libdbus-1-3",
    "libfontconfig1",
    "libxkbcommon0",
    "libbrotli1",
    "libgssapi-krb5-2",
    "fonts-dejavu-core",
]
APT_WINDOW = [
    "libxcb-cursor0",
    "libxcb-icccm4",
    "libxcb-image0",
    "libxcb-keysyms1",
    "libxcb-randr0",
    "libxcb-render-util0",
    "libxcb-shape0",
    "libxcb-xkb1",
    "libxkbcommon-x11-0",
    "libx11-xcb1",
]
OFFSCREEN = {"QT_QPA_PLATFORM": "offscreen"}
if WINDOWS:  # where that platform finds no fonts by itself
    OFFSCREEN["QT_QPA_FONTDIR"] = str(Path(os.environ["WINDIR"], "Fonts"))
BROWSERS = ["chromium", "chromium-browser", "google-chrome", "chrome", "msedge"]
APT_DRIVER = ["libatomic1"]
DRIVER_PROBE = (
    "import subprocess, sys; from playwright._impl._driver import compute_driver_executable as ours;"
    "sys.exit(subprocess.call([ours()[0], '--version']))"
)
QT_PROBE = "import PySide6.QtWidgets, PySide6.QtPrintSupport, PySide6.QtSvg, PySide6.QtNetwork"
WINDOW_PROBE = (
    "import ctypes, pathlib, PySide6.QtWidgets;"
    "ctypes.CDLL(str(pathlib.Path(PySide6.__file__).parent / 'Qt/plugins/platforms/libqxcb.so'))"
)


def say(*words: object) -> None:
    """One line for whoever is watching."""
    print("dev:", *words, flush=True)


def program(name: str, venv: Path = VENV) -> Path:
    """A program of the virtual environment."""
    return venv / ("Scripts" if WINDOWS else "bin") / (f"{name}.exe" if WINDOWS else name)


def call(*words: object, **variables: str) -> int:
    """Run words in the checkout with these environment variables on top; its exit status."""
    command = [str(word) for word in words]
    with subprocess.Popen(command, cwd=ROOT, env={**os.environ, **variables}) as running:
        while True:
            try:
                return running.wait()
            except KeyboardInterrupt:  # it was told too, and closes what it has open
                continue


def must(*words: object, **variables: str) -> None:
    """Like call, but end here if it fails."""
    if call(*words, **variables):
        say("failed:", *words)
        raise SystemExit(SETUP_FAILED)


def works(*words: object) -> bool:
    """Whether words run and end well; what they print is not shown."""
    try:
        return not subprocess.run(
            list(map(str, words)), capture_output=True, check=False
        ).returncode
    except OSError:
        return False


def has_display() -> bool:
    """Whether a window can be shown, and is wanted."""
    if os.environ.get("QT_QPA_PLATFORM") == "offscreen":
        return False
    return sys.platform != "linux" or bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")
    )


def apt_install(packages: list[str], why: str) -> None:
    """Install Debian packages if this user may, else print the line to type and end."""
    command = ["apt-get", "install", "-y", "--no-install-recommends", *packages]
    if not shutil.which("apt-get"):
        say(f"{why}. Please install what your system calls:", *packages)
        raise SystemExit(SETUP_FAILED)
    before = [] if os.geteuid() == 0 else ["sudo", "-n"]
    if before and not works(*before, "true"):
        say(f"{why}. Please type:\n  sudo apt-get update && sudo", *command)
        raise SystemExit(SETUP_FAILED)
    say(f"{why}: installing", *packages)
    BUILD.mkdir(exist_ok=True)
    log = BUILD / "apt.log"
    with log.open("w", encoding="utf-8") as file:
        for words in (["apt-get", "update"], command):
            if subprocess.call(
                [*before, "env", "DEBIAN_FRONTEND=noninteractive", *words],
                stdout=file,
                stderr=subprocess.STDOUT,
            ):
                say("apt-get failed; it says why in", log)
                raise SystemExit(SETUP_FAILED)


def make_venv(venv: Path, packages: Sequence[str] = ()) -> None:
    """A virtual environment with pip at venv, unless one that works is there.

    packages: what else will be asked of Debian if it is asked for this, so that it is asked once.
    """
    if works(program("python", venv), "-m", "pip", "--version"):
        return
    if importlib.util.find_spec("ensurepip") is None:  # Debian splits it off
        ours = f"python3.{sys.version_info.minor}-venv"
        apt_install([ours, *packages], "Python comes without venv here")
    say("making", venv)
    must(sys.executable, "-m", "venv", "--clear", venv)


def require_short_name(venv: Path) -> None:
    """End here if names below venv were longer than this Windows takes; the longest of Qt has 169 letters."""
    if not WINDOWS or len(str(venv)) <= MOST_LETTERS:
        return
    probe = venv.with_name("long-name-" * 24)
    try:
        probe.mkdir(parents=True)
        probe.rmdir()
    except OSError as error:
        say(f"the name of this folder is too long for Windows: {ROOT}")
        say("Please move it, to your Documents for example, and start again there.")
        raise SystemExit(SETUP_FAILED) from error


def stamp_of(lock: Path) -> tuple[Path, str]:
    """Where the environment remembers what it installed from lock, and what that should be."""
    return VENV / f".{lock.stem}.sha256", hashlib.sha256(lock.read_bytes()).hexdigest()


def is_installed(lock: Path) -> bool:
    """Whether the environment holds what lock names."""
    stamp, wanted = stamp_of(lock)
    return stamp.exists() and stamp.read_text("ascii") == wanted


def install(name: str, packages: Sequence[str] = ()) -> None:
    """Make the environment hold what requirements/<name>.txt names, checked by hash.

    test.txt holds all of run.txt. packages: see make_venv.
    """
    lock = ROOT / "requirements" / f"{name}.txt"
    enough = {lock, lock.with_name("test.txt")}
    if any(map(is_installed, enough)) and works(program("python"), "--version"):
        return
    if platform.machine() not in ("x86_64", "AMD64"):
        say("the libraries are locked for x86-64 processors only, this is", platform.machine())
        raise SystemExit(SETUP_FAILED)
    require_short_name(VENV)
    make_venv(VENV, packages)
    say("installing", lock.relative_to(ROOT), "(once; takes a minute or two)")
    pip = [program("python"), "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    must(*pip, "--require-hashes", "--only-binary", ":all:", "--requirement", lock)
    stamp, wanted = stamp_of(lock)
    stamp.write_text(wanted, "ascii")


def qt_packages(*, window: bool) -> list[str]:
    """Debian's names of what Qt needs."""
    return APT_QT + (APT_WINDOW if window else [])


def ensure_qt(*, window: bool) -> None:
    """Qt's system libraries, with those for a window on screen if window; Linux only."""
    if sys.platform != "linux":
        return
    probes = [QT_PROBE, WINDOW_PROBE] if window else [QT_PROBE]
    if all(works(program("python"), "-c", probe) for probe in probes):
        return
    apt_install(qt_packages(window=window), "Qt lacks libraries of the system")
    for probe in probes:
        must(program("python"), "-c", probe)


def browser() -> str:
    """A browser for the tests of the hub's pages, installed on Debian; empty if there is none."""
    found = next(filter(None, map(shutil.which, BROWSERS)), "")
    if not found and WINDOWS:
        edge = Path(
            os.environ.get("PROGRAMFILES(X86)", ""), "Microsoft/Edge/Application/msedge.exe"
        )
        found = str(edge) if edge.is_file() else ""
    if not found and shutil.which("apt-get") and not is_ubuntu():
        apt_install(["chromium"], "the tests of the hub's pages need a browser")
        found = shutil.which("chromium") or ""
    if not found:
        hint = "" if WINDOWS else " Ubuntu: sudo snap install chromium"
        say(f"no browser found; the hub's pages are not tested.{hint}")
    return found


def ensure_driver() -> None:
    """What the program that drives the browser loads, and chromium brings on some systems only."""
    if sys.platform == "linux" and not works(program("python"), "-c", DRIVER_PROBE):
        apt_install(APT_DRIVER, "the tests of the hub's pages lack a library of the system")


def is_ubuntu() -> bool:
    """Whether the system's package of the browser is an empty one: Ubuntu has it as a snap."""
    release = Path("/etc/os-release")
    return release.is_file() and "ID=ubuntu" in release.read_text("utf-8").splitlines()


def set_up(lock: str, *, qt: bool = True, window: bool = False) -> None:
    """Everything that running from the checkout needs: with Qt, and with a window on a screen."""
    install(lock, qt_packages(window=window) if qt else ())
    if qt:
        ensure_qt(window=window)
    must(program("python"), ROOT / "tools" / "translations.py", "compile")


def python(*words: object, **variables: str) -> int:
    """Run the environment's Python on the sources of the checkout; its exit status."""
    path = os.pathsep.join([str(ROOT / "src"), *filter(None, [os.environ.get("PYTHONPATH")])])
    # Hundreds of the tests' processes load the same modules, so what is compiled is kept, whoever asks
    # in the environment for the contrary.
    kept = {"PYTHONPATH": path, "PYTHONUTF8": "1", "PYTHONDONTWRITEBYTECODE": ""}
    return call(program("python"), *words, **kept, **variables)


def run(words: list[str]) -> int:
    """Open the demo office, or run the command line, or leave pictures."""
    display = has_display()
    set_up("run", qt=display or not words, window=display)  # the command line needs no Qt
    if words or display:
        return python("-m", "correspondent_desk", *(words or ["demo"]))
    folder = Path("build") / "pictures"
    say(f"there is no display; leaving pictures of every page in {folder} instead")
    status = python(PICTURES, folder, **OFFSCREEN)
    for picture in sorted((ROOT / folder).rglob("*.png")):
        say(picture.relative_to(ROOT))
    return status


def steps() -> dict[str, list[object]]:
    """The whole check but the tests themselves: name of each step and its command."""
    module = [program("python"), "-m"]
    return {
        "format": [*module, "ruff", "format", "--check", "."],
        "lint": [*module, "ruff", "check", "."],
        "types": [*module, "mypy"],
        "layers": [program("lint-imports")],
        "dependencies": [*module, "deptry", "--no-ansi", "src"],
        "translations": [program("python"), "tools/translations.py", "check"],
    }


def check_step(name: str, command: list[object]) -> bool:
    """Run one step, show what it said if it failed; whether it went well."""
    begun = time.monotonic()
    variables = {"PYTHONUTF8": "1", "NO_COLOR": "1"}
    if name == "layers":  # mypy, however, takes what it finds this way for a library without types
        variables["PYTHONPATH"] = str(ROOT / "src")
    done = subprocess.run(
        [str(word) for word in command],
        cwd=ROOT,
        env={**os.environ, **variables},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=False,
    )
    good = done.returncode == 0
    say(f"{name:<13}{'ok' if good else 'FAILED':<7}{time.monotonic() - begun:5.1f} s")
    if not good:
        print(done.stdout.rstrip(), flush=True)
    return good


@contextmanager
def quick_folder() -> Iterator[dict[str, str]]:
    """What makes the tests keep their files in memory, where there is enough of it.

    They wait for a disk half of their time otherwise: each saves as for a desk that must survive a
    power cut. Whatever is left is gone at the end, also when tests were killed.
    """
    try:
        free = shutil.disk_usage(IN_MEMORY).free
        told = Path("/proc/meminfo").read_text("ascii").split()
        available = int(told[told.index("MemAvailable:") + 1]) << 10
    except (OSError, ValueError):
        free = available = 0
    if min(free, available) < ENOUGH_MEMORY:
        yield {}
        return
    with tempfile.TemporaryDirectory(
        prefix="desk-tests-", dir=IN_MEMORY, ignore_cleanup_errors=True
    ) as folder:
        Path(folder).chmod(0o711)  # a server of the tests that root starts runs as another user
        yield {"TMPDIR": folder}


def test(words: list[str]) -> int:
    """Every step, also when an earlier one failed; only pytest if it is given words."""
    begun = time.monotonic()
    set_up("test")
    failed = []
    if not words:
        failed = [name for name, command in steps().items() if not check_step(name, command)]
    everywhere = ["--numprocesses", "logical", "--dist", "worksteal"]
    variables = {**OFFSCREEN, "DESK_TEST_CHROMIUM": browser()}
    if variables["DESK_TEST_CHROMIUM"]:
        ensure_driver()
    if WINDOWS:  # knows no TZ=Europe/Paris, and reads the variable when a program starts
        variables["TZ"] = "CET-1CES"
    with quick_folder() as place:
        if python("-m", "pytest", *(words or everywhere), **variables, **place):
            failed.append("tests")
    say(
        f"{'failed: ' + ', '.join(failed) if failed else 'all well'}, "
        f"{time.monotonic() - begun:.0f} s"
    )
    return 1 if failed else 0


def lock_files(words: list[str]) -> int:
    """Resolve the dependencies of pyproject.toml into files that name hashes, but no address."""
    venv = BUILD / "lock-venv"
    make_venv(venv)
    must(program("python", venv), "-m", "pip", "--disable-pip-version-check", "install", "-q", "uv")
    shape = ["--universal", "--python-version", "3.11", "--generate-hashes", "--no-annotate"]
    silent = ["--quiet", "--no-header", "--no-emit-index-url", "--no-emit-find-links"]
    status = 0
    for name, group in LOCKS.items():
        lock = Path("requirements") / f"{name}.txt"
        uv = [program("uv", venv), "pip", "compile", *silent, *shape]
        must(*uv, "pyproject.toml", *group, "--output-file", lock, *words)
        if "://" in (ROOT / lock).read_text("utf-8"):
            say(lock, "names an address; it must not be committed")
            status = 1
    return status


def doctor() -> int:
    """Print what is there and what is missing; 1 if something is."""
    i18n = ROOT / "src" / "correspondent_desk" / "resources" / "i18n"
    mo = i18n / "fr" / "LC_MESSAGES" / "correspondent_desk.mo"
    found = {
        f"Python {sys.version.split()[0]}": sys.version_info >= (3, 11),
        f"virtual environment {VENV}": works(program("python"), "--version"),
        "libraries to run": any(
            is_installed(ROOT / "requirements" / f"{name}.txt") for name in LOCKS
        ),
        "libraries to test": is_installed(ROOT / "requirements" / "test.txt"),
        "Qt": works(program("python"), "-c", QT_PROBE),
        "Qt on a screen": not sys.platform.startswith("linux")
        or works(program("python"), "-c", WINDOW_PROBE),
        "a display": has_display(),
        "French compiled": mo.exists(),
    }
    for name, there in found.items():
        say(f"{'ok' if there else 'missing':<8}{name}")
    return 0 if all(found.values()) else 1


def with_test_tools(*words: object) -> int:
    """Run the environment's Python on words, with what the tests need."""
    set_up("test")
    return python(*words, **OFFSCREEN)


def pictures(words: list[str]) -> int:
    """The desk's pages, and those of the hub and of the manual where there is a browser."""
    folder = Path(words[0] if words else "docs/pictures")
    status = with_test_tools(PICTURES, folder)
    if path := browser():
        status |= python("docs/hub_pictures.py", folder / "hub", DESK_TEST_CHROMIUM=path)
        place = folder / "manual"
        status |= python("docs/manual_pictures.py", place, DESK_TEST_CHROMIUM=path, **OFFSCREEN)
    return status


def strings() -> int:
    """Findings about translations, then the entries that are missing."""
    set_up("test")
    status = python("tools/translations.py", "check")
    return python("tools/translations.py", "missing") or status


def main(words: list[str]) -> int:
    """Run the command in words; its exit status."""
    commands: dict[str, Callable[[list[str]], int]] = {
        "run": run,
        "test": test,
        "strings": lambda _rest: strings(),
        "bench": lambda rest: with_test_tools("-m", "benchmarks", *rest),
        "pictures": pictures,
        "worlds": lambda rest: with_test_tools("-m", "tests.worlds", *rest),
        "fuzz": lambda rest: with_test_tools("-m", "tests.fuzz", *rest),
        "lock": lock_files,
        "doctor": lambda _rest: doctor(),
    }
    name, rest = (words[0], words[1:]) if words else ("", [])
    if name in commands:
        return commands[name](rest)
    print(__doc__)
    return 0 if name in ("help", "-h", "--help") else 2


def another_python() -> list[str]:
    """What starts a Python that will do; empty if there is none."""
    for minor in range(NEWEST[1], OLDEST[1] - 1, -1):
        words = ["py", f"-3.{minor}"] if WINDOWS else [f"python3.{minor}"]
        if works(*words, "-c", ""):
            return words
    return []


def begin(words: list[str]) -> int:
    """main, by another Python if this one is too old or too new; the exit status."""
    speak_anywhere()
    if OLDEST <= sys.version_info[:2] <= NEWEST:
        return main(words)
    other = another_python()
    if other:
        return call(*other, __file__, *words)
    oldest, newest = (".".join(map(str, version)) for version in (OLDEST, NEWEST))
    say(f"Python {oldest} to {newest} is needed, this is {sys.version.split()[0]}.")
    if WINDOWS:
        say(f"Please type:\n  py install {newest}\nor fetch it from python.org.")
    return SETUP_FAILED


def speak_anywhere() -> None:
    """A path with letters that the terminal does not know is no reason to stop.

    Into a file or a pipe of Windows, we write UTF-8 as the programs do that we start.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            utf8 = WINDOWS and not stream.isatty()
            stream.reconfigure(encoding="utf-8" if utf8 else None, errors="backslashreplace")


if __name__ == "__main__":
    raise SystemExit(begin(sys.argv[1:]))
