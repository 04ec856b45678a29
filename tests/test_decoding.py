"""Threads that meet a class for the first time at once, as readers of an open desk and of a hub do."""

import re
import time
from pathlib import Path
from threading import Barrier, Thread
from typing import Annotated, Any

import msgspec
import pytest

import correspondent_desk
from correspondent_desk import decoding
from tests.killing import DONE, forks, in_child

PACKAGE = Path(correspondent_desk.__file__).parent
THREADS = 4


class Slow(str):
    """Whoever looks at what this stands beside lets the other threads go on meanwhile."""

    __slots__ = ()

    def __hash__(self) -> int:
        time.sleep(0.02)
        return super().__hash__()


def of_threads(decode: Any, told: Any) -> None:
    """All of them decode this at once."""
    barrier = Barrier(THREADS)
    found: list[object] = []

    def work() -> None:
        barrier.wait()
        found.append(decode(told))

    threads = [Thread(target=work) for _ in range(THREADS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == THREADS


@forks
@pytest.mark.parametrize("how", ["msgpack", "json", "convert"])
def test_threads_may_meet_a_class_at_once(how: str) -> None:
    numbers = {f"number_{at}": [at] for at in range(8)}

    def work() -> None:
        told = {name: Annotated[list[int], Slow(name)] for name in numbers}
        made = msgspec.defstruct("Made", list(told.items()))
        if how == "convert":
            of_threads(lambda value: decoding.convert(value, made), numbers)
        else:
            content = getattr(msgspec, how).encode(numbers)
            of_threads(lambda value: getattr(decoding, how)(made).decode(value), content)

    assert in_child(work, lambda: None) == DONE


def test_nothing_else_looks_at_classes() -> None:
    elsewhere = re.compile(
        r"msgspec\.convert|msgspec\.\w+\.Decoder\(\w|msgspec\.\w+\.decode\(.*type="
    )
    found = [
        f"{path.relative_to(PACKAGE)}: {line.strip()}"
        for path in sorted(PACKAGE.rglob("*.py"))
        if path.name != "decoding.py"
        for line in path.read_text("utf-8").splitlines()
        if elsewhere.search(line)
    ]

    assert found == []
