"""Accounts on the command line."""

import json
from pathlib import Path

import pytest

from correspondent_desk.cli.main import main
from correspondent_desk.hub.database import HubFolder, open_hub
from correspondent_desk.hub.pages import accounts

DONE, NOTHING, REFUSED = range(3)


class Shell:
    """Types commands of a hub; keeps what they said."""

    def __init__(self, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.path, self.capsys = path, capsys
        self.out = self.err = ""

    def __call__(self, *words: str) -> int:
        status = main(["--lang", "en", "hub", *words, "--hub", str(self.path)])
        self.out, self.err = self.capsys.readouterr()
        return status


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    typed = Shell(tmp_path / "hub", capsys)
    assert typed("init", "--name", "Comité Ouest") == DONE
    return typed


def test_the_first_operator_is_made_by_command(shell: Shell) -> None:
    assert shell("accounts") == NOTHING
    assert "hub account add" in shell.out

    assert shell("account", "add", "Claire Moreau") == DONE
    made = shell.out.split("shown only now: ")[1].split()[0]

    hub = open_hub(HubFolder(shell.path))
    found = accounts.check(hub, "claire moreau", made, "192.0.2.1")
    hub.close()
    assert (found.name, found.role, found.must_change) == ("Claire Moreau", "operator", True)
    assert shell("accounts", "--json") == DONE
    [told] = [json.loads(line) for line in shell.out.splitlines()]
    assert (told["name"], told["role"], told["blocked_at"]) == ("Claire Moreau", "operator", None)
    assert made not in shell.out


def test_an_account_is_blocked_and_let_in_again(shell: Shell) -> None:
    shell("account", "add", "Claire Moreau")
    shell("account", "add", "Karim", "--role", "auditor")

    assert shell("account", "block", "karim") == DONE
    shell("accounts")
    assert shell.out.splitlines() == ["Claire Moreau · operator", "Karim · blocked"]
    assert shell("account", "let-in", "Karim") == DONE
    shell("accounts")
    assert shell.out.splitlines()[1] == "Karim · auditor"

    assert shell("account", "block", "Claire Moreau") == REFUSED
    assert "[last-operator]" in shell.err
    assert shell("account", "block", "Nobody") == REFUSED
    assert "[no-such-account]" in shell.err
    assert shell("account", "add", "KARIM") == REFUSED
    assert "[account-exists]" in shell.err
    assert shell("audit") == DONE
    assert "Account blocked · account Karim" in shell.out
