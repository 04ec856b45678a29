"""Whole commands: a cold search, and the import of a list, with their memory."""

import csv
import os
import random
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from correspondent_desk.records.demo.making import DEMO_PASSPHRASE
from correspondent_desk.store.connection import Role, connect
from correspondent_desk.store.vault import DeskFolder, create_vault

from benchmarks import desks
from benchmarks.measuring import Row, percentile, seconds

SEARCHES = 7
HEADINGS = (
    "Civilité", "Nom", "Nom d'usage", "Prénom", "Date de naissance", "Matricule", "Tél", "Mél",
    "Adresse 1", "CP", "Ville", "Service", "Statut", "Entrée", "N° bénéficiaire",
)  # fmt: skip


def command(*words: str, cwd: Path | None = None) -> tuple[float, float, int]:
    """Seconds, peak memory in MB and exit status of one command of the program."""
    environment = {**os.environ, "PYTHONPATH": str(desks.ROOT / "src")}
    begun = time.perf_counter()
    process = subprocess.Popen(
        [sys.executable, "-m", "correspondent_desk", *words],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        env=environment,
        cwd=cwd,
    )
    assert process.stderr is not None
    said = process.stderr.read()
    _pid, status, used = os.wait4(process.pid, 0)
    took = time.perf_counter() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    process.stderr.close()
    if process.returncode not in (0, 1, 4):
        raise RuntimeError(said.decode(errors="replace"))
    return took, used.ru_maxrss / 1024, process.returncode


def cold_rows() -> list[Row]:
    """A search from a fresh process, at 2 000 and at 100 000 members."""
    took: dict[int, list[float]] = {}
    memory = 0.0
    for size in (desks.SMALL, desks.LARGE):
        folder = desks.folder(size)
        command("--desk", str(folder.path), "search", "legoff")
        runs = [
            command("--desk", str(folder.path), "search", words)
            for words in ("le gof", "anne leg", "martin", "dupon", "000417", "petit b", "celik")
        ]
        took[size] = [one[0] for one in runs]
        memory = max(memory, *(one[1] for one in runs))
    large, small = percentile(took[desks.LARGE], 50), percentile(took[desks.SMALL], 50)
    return [
        Row("search from a cold command", large, "s", 0.25),
        Row("the same, 100 000 to 2 000 members", large, "s", 1.2, small),
        Row("memory of a cold search", memory, "MB", 80),
    ]


def write_list(path: Path, rows: int) -> None:
    """A staff list of invented people, as an office writes it."""
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
                    member["matricule"],
                    "0" + member["phones"][0]["number"].removeprefix("+33"),
                    mails[0]["address"] if mails else "",
                    member["address_lines"][0],
                    member["postcode"],
                    member["town"],
                    member["service"],
                    rng.choice(("Titulaire", "Contractuel")),
                    member["entered_on"].strftime("%d/%m/%Y"),
                    member["beneficiary_number"],
                )
            )


def import_rows(rows: int = desks.LARGE) -> list[Row]:
    """A staff list into an empty desk, against a raw executemany of the member rows it makes."""
    with tempfile.TemporaryDirectory() as place:
        here = Path(place)
        write_list(here / "list.csv", rows)
        secret = here / "phrase"
        secret.write_text(DEMO_PASSPHRASE, encoding="utf-8")
        start = ("--desk", str(here / "desk"), "--passphrase-file", str(secret))
        command(*start, "new", "--office", "Bench")
        took, memory, _status = command(*start, "import", str(here / "list.csv"))
        bare, bare_memory, _status = command(*start, "search", "zzzz")
        floor = _raw_insert(DeskFolder(here / "desk"), here)
        again, _memory, status = command(*start, "import", str(here / "list.csv"))
    assert status == 1, status  # the same file again changes nothing
    del bare_memory
    return [
        Row(f"import of {rows} rows, whole command", took - bare, "s", 5, floor),
        Row("memory of the import", memory, "MB", 250),
        Row("the same file again, nothing changes", again - bare, "s", 5, floor),
    ]


def _raw_insert(desk: DeskFolder, here: Path) -> float:
    """The member rows of desk written again by one executemany into a table as the desk has it."""
    from correspondent_desk.store.vault import unlock

    source = connect(desk.store, unlock(desk, DEMO_PASSPHRASE), Role.READER)
    columns = [row[1] for row in source.execute("PRAGMA table_info(member)")]
    rows = source.execute(f"SELECT {', '.join(columns)} FROM member").fetchall()
    made = [
        sql
        for (sql,) in source.execute(
            "SELECT sql FROM sqlite_master WHERE tbl_name='member' AND type IN ('table', 'index')"
            " AND sql IS NOT NULL ORDER BY type DESC"
        )
    ]
    source.close()
    other = DeskFolder(here / "raw")
    key, _code = create_vault(other, DEMO_PASSPHRASE)
    target = connect(other.store, key, Role.WRITER, create=True)
    for sql in made:
        target.execute(sql)
    insert = f"INSERT INTO member({', '.join(columns)}) VALUES({', '.join('?' * len(columns))})"

    def write() -> None:
        target.execute("BEGIN IMMEDIATE")
        target.executemany(insert, rows)
        target.execute("COMMIT")

    took = seconds(write)[0]
    target.close()
    return took


