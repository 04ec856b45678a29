"""A list of decisions on the command line, up to the page of the day at the desk."""

import json
from pathlib import Path

import pytest

from correspondent_desk.cli.main import main
from correspondent_desk.domain.requests import RequestStatus
from correspondent_desk.formats import table_writer
from correspondent_desk.store.database import open_store
from correspondent_desk.store.vault import unlock
from tests.builders import PASSPHRASE, new_folder
from tests.records.acts import a_member, a_request

DONE, NOTHING, REFUSED, _WAITING, NEEDS_PERSON = range(5)


class Shell:
    """A hub in `hub` and a desk in `desk`, which the hub knows; types commands."""

    def __init__(self, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.path = path
        self._capsys = capsys
        self.out = self.err = ""
        folder, _key = new_folder(path / "desk")
        self.secret = path / "secret.txt"
        self.secret.write_text(PASSPHRASE)
        self.hub("init")
        self.hub("office", "add", "Mairie de Valbrune")
        self.hub("invite", "Mairie de Valbrune", path / "i.cdinvite")
        self.desk("enrol", path / "i.cdinvite", "--name", "Accueil")
        store = open_store(folder, unlock(folder, PASSPHRASE))
        store.person = "Yann"
        a_request(store, a_member(store), status=RequestStatus.SENT)
        store.close()
        self.desk("bundle", "export", path / "up.cdb")
        assert self.hub("import", path / "up.cdb") == DONE
        assert self.desk("export", "requests", path / "requests.csv") == DONE
        lines = (path / "requests.csv").read_text(encoding="utf-8-sig").splitlines()
        names, cells = (line.split(";") for line in lines)
        self.number = dict(zip(names, cells, strict=True))["Request number"]

    def __call__(self, *words: object) -> int:
        status = main([str(word) for word in words])
        self.out, self.err = self._capsys.readouterr()
        return status

    def hub(self, *words: object) -> int:
        return self("hub", *words, "--hub", self.path / "hub")

    def desk(self, *words: object) -> int:
        return self("--desk", self.path / "desk", "--passphrase-file", self.secret, *words)

    def listed(self, *lines: str, encoding: str = "utf-8") -> Path:
        path = self.path / "decisions.csv"
        path.write_text("\n".join(("Request number;Decision;Amount", *lines)), encoding=encoding)
        return path


@pytest.fixture
def shell(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> Shell:
    monkeypatch.setenv("CORRESPONDENT_DESK_LANG", "en")
    return Shell(tmp_path, capsys)


def test_a_decision_goes_from_the_list_to_the_day(shell: Shell) -> None:
    path = shell.listed(f"{shell.number};granted;320")

    assert shell.hub("decisions", "import", path, "--dry-run") == DONE
    assert shell.out == "1 decision would be passed on.\n"
    assert shell.hub("decisions", "import", path) == DONE
    assert shell.out == "1 decision goes to its desk with the next file.\n"
    assert shell.hub("decisions", "import", path) == NOTHING
    shell.hub("export", shell.path)
    [bundle] = [one for one in shell.path.glob("*.cdb") if one.name != "up.cdb"]
    assert shell.desk("bundle", "import", bundle) == DONE
    shell.desk("today", "--json")
    [told] = json.loads(shell.out)["decisions"]

    assert (told["verdict"], told["amount"], told["suggested"]) == ("granted", "320.00", "granted")
    shell.desk("today")
    assert "Decision: granted, €320.00 — School start — Tell Anne LE GOFF" in shell.out


def test_what_a_list_replaces_is_told_before_and_after(shell: Shell) -> None:
    first = shell.listed(f"{shell.number};granted;1320.50")
    shell.hub("decisions", "import", first)
    path = shell.listed(f"{shell.number};granted;320")

    assert shell.hub("decisions", "import", path, "--dry-run") == DONE
    assert "row 2: replaces granted, €1,320.50, taken in on " in shell.out
    assert "1 decision would be passed on. 1 replaces what was taken in before." in shell.out
    shell.hub("decisions", "import", path, "--json")
    row, counts = map(json.loads, shell.out.splitlines())
    assert row["replaces"]["amount"] == "1320.50"
    assert counts["replacing"] == 1
    path = shell.listed(f"{shell.number};granted;1320.50")
    assert shell.hub("decisions", "import", path) == NEEDS_PERSON
    assert "replaced since by: granted, €320.00" in shell.out


def test_rows_left_out_are_told_and_reported(shell: Shell) -> None:
    path = shell.listed(f"{shell.number};granted;320", "nonsense;granted;1", encoding="cp1252")
    report = shell.path / "report.csv"

    assert shell.hub("decisions", "import", path, "--report", report) == NEEDS_PERSON

    assert "row 3, Request number (column A): “nonsense” is not a number" in shell.out
    assert "1 row left out." in shell.out
    lines = report.read_text(encoding="utf-8-sig").splitlines()
    assert [line.split(";")[3] for line in lines[1:]] == ["passed on", "row left out"]


def test_a_spreadsheet_is_read_as_well(shell: Shell) -> None:
    path = shell.path / "decisions.xlsx"
    table_writer.write(
        path, ("Numéro de demande", "Décision", "Motif"), [(shell.number, "Refusé", "hors délai")]
    )

    assert shell.hub("decisions", "import", path, "--json") == DONE
    assert json.loads(shell.out.splitlines()[-1])["new"] == 1


def test_a_list_of_something_else_is_refused(shell: Shell) -> None:
    path = shell.path / "staff.csv"
    path.write_text("Nom;Prénom\nLe Goff;Anne\n", encoding="utf-8")

    assert shell.hub("decisions", "import", path) == REFUSED
    assert "[unreadable-file:no-decision-column]" in shell.err
