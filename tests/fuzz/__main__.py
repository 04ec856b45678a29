"""Fuzz whatever reads strangers' bytes: python -m tests.fuzz RUNS [FILE].

Coverage decides what is tried next. A finding ends it with its traceback, and the input is left in
build/fuzz; with FILE, only that input is tried. Needs Linux and atheris.
"""

import importlib
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

atheris: Any = importlib.import_module("atheris")  # without types, and not on every system

with atheris.instrument_imports(include=["correspondent_desk.sync"]):
    from tests.fuzz.targets import Target, targets

FOUND = Path(__file__).parents[2] / "build" / "fuzz"
_LIMITS = ["-rss_limit_mb=1500", "-malloc_limit_mb=1024", "-timeout=20", "-max_len=65536"]


def main(words: list[str]) -> int:
    """Does not return from fuzzing: the fuzzer ends the process, with status 0 if all is well."""
    if not 1 <= len(words) <= 2 or not words[0].isdecimal():
        sys.stdout.write(f"{__doc__}\n")
        return 2
    FOUND.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        known = targets(Path(folder))
        take = _chooser(known)
        corpus = _seeded(Path(folder) / "seeds", known)
        for seed in sorted(corpus.iterdir()):
            assert take(seed.read_bytes()), f"{seed.name} is refused, so nothing begins from it"
        told = [f"-runs={words[0]}", f"-artifact_prefix={FOUND}/", "-seed=1", *_LIMITS]
        atheris.Setup([sys.argv[0], *told, words[1] if words[1:] else str(corpus)], take)
        atheris.Fuzz()
    return 0


def _chooser(known: list[Target]) -> Callable[[bytes], bool]:
    """The first byte says who takes the rest."""

    def take(data: bytes) -> bool:
        return bool(data) and known[data[0] % len(known)].take(data[1:])

    return take


def _seeded(folder: Path, known: list[Target]) -> Path:
    folder.mkdir()
    for number, target in enumerate(known):
        for which, seed in enumerate(target.seeds):
            (folder / f"{number}-{which}").write_bytes(bytes([number]) + seed)
    return folder


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
