"""Whole commands: a cold search, and the import of a list, with their memory."""

import csv
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks import desks
from benchmarks.measuring import Cost, Row, cost, percentile
from correspondent_desk.store.connection import Role, connect
from correspondent_desk.store.vault import DeskFolder, create_vault, unlock

PASSPHRASE = "quatre petits bateaux bleus"
HEADINGS = (
    "Civilité", "Nom", "Nom d'usage", "Prénom", "Date de naissance", "Matricule", "Tél", "Mél",
    "Adresse 1", "CP", "Ville", "Service", "Statut", "Entrée", "N° bénéficiaire",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Ran:
    """What one command took; memory at its highest."""

    cost: Cost
    memory_mb: float
    status: int


# A process begins with the memory of the one that starts it, so that one must be small.
_STARTER = """
import os, sys, time
begun = time.perf_counter()
out = os.open(os.devnull, os.O_WRONLY)
pid = os.posix_spawn(sys.argv[1], sys.argv[1:], os.environ,
                     file_actions=[(os.POSIX_SPAWN_DUP2, out, 1)])
_pid, status, used = os.wait4(pid, 0)
print(time.perf_counter() - begun, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024,
      os.waitstatus_to_exitcode(status))
"""


def command(*words: str) -> Ran:
    """One command of the program, in a process of its own."""
    python = sys.executable
    done = subprocess.run(
        [python, "-I", "-S", "-c", _STARTER, python, "-m", "correspondent_desk", *words],
        capture_output=True,
        env={**os.environ, "PYTHONPATH": str(desks.ROOT / "src")},
        check=True,
        text=True,
    )
    clock, worked, memory, status = done.stdout.split()
    if int(status) not in (0, 1, 4):
        raise RuntimeError(done.stderr)
    return Ran(Cost(float(clock), float(worked)), float(memory), int(status))


def cold_rows(large: int = desks.LARGE, small: int = desks.SMALL) -> list[Row]:
    """A search from a fresh process, on a small desk and on a large one."""
    phrases = ("le gof", "anne leg", "martin", "dupon", "000417", "petit b", "celik")
    ran: dict[int, list[Ran]] = {large: [], small: []}
    for words in ("legoff", *phrases):  # the first one brings the files into memory
        for size, runs in ran.items():
            runs.append(command("--desk", str(desks.folder(size).path), "search", words))
    took = {size: _median([one.cost for one in runs[1:]]) for size, runs in ran.items()}
    memory = max(one.memory_mb for runs in ran.values() for one in runs)
    return [
        Row("search from a cold command", took[large].clock, "s", 0.25, worked=took[large].worked),
        Row(
            f"the same, {large} to {small} members",
            took[large].clock,
            "s",
            1.2,
            took[small].clock,
            worked=took[large].worked / took[small].worked,
        ),
        Row("memory of a cold search", memory, "MB", 80),
    ]


def _median(costs: Sequence[Cost]) -> Cost:
    return Cost(
        percentile((one.clock for one in costs), 50), percentile((one.worked for one in costs), 50)
    )


def write_list(path: Path, rows: int, *, numbers: str = "") -> None:
    """A staff list of invented people, as an office writes it.

    numbers: what the numbers begin with, so that they are not those of other invented people.
    """
    from correspondent_desk.records.demo.casework import cases

    rng = random.Random(3)
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        writer.writerow(HEADINGS)
        for case in cases(rows, 9, desks.TODAY, 3):
            member = case.member
            mails = member["mails"]
            writer.writerow(
                (
                    "Mme" if member["civility"] == "mrs" else "M.",
                    member["family_name"],
                    member["usage_name"],
                    member["first_name"],
                    member["birth_date"].strftime("%d/%m/%Y"),
                    numbers + member["matricule"],
                    "0" + member["phones"][0]["number"].removeprefix("+33"),
                    mails[0]["address"] if mails else "",
                    member["address_lines"][0],
                    member["postcode"],
                    member["town"],
                    member["service"],
                    rng.choice(("Titulaire", "Contractuel")),
                    member["entered_on"].strftime("%d/%m/%Y"),
                    numbers + member["beneficiary_number"],
                )
            )


def import_rows(rows: int = desks.LARGE, times: int = 5) -> list[Row]:
    """A staff list into an empty desk, against a raw executemany of the member rows it makes.

    By turns, so that both meet the machine in the same moods; of each its best, since whatever else
    the machine does can only add to it.
    """
    first: list[Ran] = []
    again: list[Ran] = []
    floor: list[Cost] = []
    with tempfile.TemporaryDirectory() as place:
        here = Path(place)
        write_list(here / "list.csv", rows)
        secret = here / "phrase"
        secret.write_text(PASSPHRASE, encoding="utf-8")
        for n in range(times):
            desk = here / f"desk-{n}"

            def run(*words: str, desk: Path = desk) -> Ran:
                return command("--desk", str(desk), "--passphrase-file", str(secret), *words)

            run("new", "--office", "Bench")
            first.append(run("import", str(here / "list.csv")))
            floor.append(_raw_insert(DeskFolder(desk), here / f"raw-{n}"))
            again.append(run("import", str(here / "list.csv")))
            assert again[-1].status == 1, again  # the same file again changes nothing
            shutil.rmtree(desk)
            shutil.rmtree(here / f"raw-{n}")
    return [
        _to_floor(f"import of {rows} rows, the whole command", first, floor),
        Row("memory of the import", max(one.memory_mb for one in first), "MB", 250),
        _to_floor("the same file again, nothing changes", again, floor),
    ]


def _to_floor(name: str, runs: Sequence[Ran], floor: Sequence[Cost]) -> Row:
    ours, other = _best([one.cost for one in runs]), _best(floor)
    return Row(name, ours.clock, "s", 5, other.clock, worked=ours.worked / other.worked)


def _best(costs: Sequence[Cost]) -> Cost:
    return Cost(min(one.clock for one in costs), min(one.worked for one in costs))


def _raw_insert(desk: DeskFolder, place: Path) -> Cost:
    """The member rows of desk written again by one executemany into a table as the desk has it."""
    source = connect(desk.store, unlock(desk, PASSPHRASE), Role.READER)
    columns = [row[1] for row in source.execute("PRAGMA table_info(member)")]
    rows = source.execute(f"SELECT {', '.join(columns)} FROM member").fetchall()
    made = source.execute(
        "SELECT sql FROM sqlite_master WHERE tbl_name='member' AND type IN ('table', 'index')"
        " AND sql IS NOT NULL ORDER BY type DESC"
    ).fetchall()
    source.close()
    other = DeskFolder(place)
    key, _code = create_vault(other, PASSPHRASE)
    target = connect(other.store, key, Role.WRITER, create=True)
    for (sql,) in made:
        target.execute(sql)
    insert = f"INSERT INTO member({', '.join(columns)}) VALUES({', '.join('?' * len(columns))})"

    def write() -> None:
        target.execute("BEGIN IMMEDIATE")
        target.executemany(insert, rows)
        target.execute("COMMIT")

    took = cost(write)
    target.close()
    return took
