"""Serving and exchanging over the network, as people type it."""

import signal
import sys
from pathlib import Path

import pytest

from correspondent_desk.cli.main import main
from tests.builders import PASSPHRASE, new_folder, open_desk
from tests.hub.service.serving import Certificate, Process

DONE, NOTHING, REFUSED, _WAITING, NEEDS_PERSON = range(5)


class Shell:
    """Types commands; keeps what they said."""

    def __init__(self, path: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.path, self.capsys = path, capsys
        self.out = self.err = ""
        (path / "secret.txt").write_text(PASSPHRASE)

    def __call__(self, *words: object) -> int:
        status = main(["--lang", "en", *(str(word) for word in words)])
        self.out, self.err = self.capsys.readouterr()
        return status

    def hub(self, *words: object) -> int:
        return self("hub", *words, "--hub", self.path / "hub")

    def desk(self, *words: object) -> int:
        secret = self.path / "secret.txt"
        return self("--desk", self.path / "desk", "--passphrase-file", secret, *words)


@pytest.fixture
def shell(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Shell:
    shell = Shell(tmp_path, capsys)
    assert shell.hub("init", "--name", "Comité Ouest") == DONE
    assert shell.hub("office", "add", "Mairie de Valbrune") == DONE
    return shell


def test_a_hub_says_its_address_once_it_has_one(shell: Shell) -> None:
    assert shell.hub("address") == NOTHING
    assert shell.hub("address", "http://hub.example.org") == REFUSED
    assert "[bad-address:url]" in shell.err
    assert shell.hub("address", "https://hub.example.org") == DONE
    assert shell.hub("address") == DONE
    assert "https://hub.example.org" in shell.out


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (["--host", "0.0.0.0"], "[cannot-serve:plain-http]"),  # noqa: S104 - it is refused
        (["--cert", "none.pem"], "[cannot-serve:certificate]"),
        (["--host", "192.0.2.1", "--behind-proxy", "192.0.2.2"], "[cannot-serve:no-such-address]"),
        (["--behind-proxy", " ,"], "[usage]"),
        (["--behind-proxy", "192.0.2.2", "--cert", "a.pem"], "[usage]"),
        (["--behind-proxy", "192.0.2.2,foo"], "no address of a proxy: foo."),
        (["--behind-proxy", "10.0.0.5/8"], "no address of a proxy: 10.0.0.5/8."),
        (["--key", "hub-key.pem"], "Give the certificate of this key as well"),
    ],
)
def test_a_hub_that_cannot_serve_says_why(shell: Shell, words: list[str], code: str) -> None:
    assert shell.hub("serve", "--port", "0", *words) == REFUSED
    assert code in shell.err


def test_a_desk_that_knows_no_address_says_so(shell: Shell) -> None:
    open_desk(shell.path / "desk").close()
    assert shell.desk("exchange") == REFUSED
    assert "[not-enrolled]" in shell.err
    shell.hub("invite", "Mairie de Valbrune", shell.path / "a.cdinvite")
    assert shell.desk("enrol", shell.path / "a.cdinvite") == DONE
    assert shell.desk("exchange") == REFUSED
    assert "[no-hub-address]" in shell.err
    assert "exchange --url" in shell.err
    assert shell.desk("exchange", "--url", "https://127.0.0.1:9") == REFUSED
    assert "[hub-unreachable:closed]" in shell.err
    assert "Nothing is lost" in shell.err
    shell.hub(
        "invite", "Mairie de Valbrune", shell.path / "b.cdinvite", "--url", "https://127.0.0.1:9"
    )
    made = ("--desk", shell.path / "made", "--passphrase-file", shell.path / "secret.txt")
    assert shell(*made, "new", "--invitation", shell.path / "b.cdinvite") == NEEDS_PERSON
    assert "[hub-unreachable:closed]" in shell.err
    assert shell(*made, "today") == DONE
    assert shell.desk("exchange", "--url", "https://exa mple") == REFUSED
    assert "[bad-address:url]" in shell.err
    url, paper = ("--url", "https://127.0.0.1:9"), ("--ca", shell.path / "ca.pem")
    for words in (paper, ("--no-ca",), (shell.path, *url), (*url, *paper, "--no-ca")):
        assert shell.desk("exchange", *words) == REFUSED
        assert "[usage]" in shell.err


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_another_address_keeps_the_certificate_that_was_known(
    shell: Shell, paper: Certificate
) -> None:
    hub = Process(shell.path / "hub", paper)
    invitation, url = shell.path / "a.cdinvite", f"https://127.0.0.1:{hub.port}"
    told = ["--url", url, "--ca", paper.certificate]
    assert shell.hub("invite", "Mairie de Valbrune", invitation, *told) == DONE
    new_folder(shell.path / "desk")
    assert shell.desk("enrol", invitation, "--name", "Accueil") == DONE
    elsewhere = ("exchange", "--url", f"{url}/")

    kept = shell.desk(*elsewhere)
    refused = shell.desk(*elsewhere, "--no-ca")
    why = shell.err
    again = shell.desk("exchange")
    given = shell.desk(*elsewhere, "--ca", paper.certificate)
    hub.end(signal.SIGTERM)

    assert (kept, refused, again, given) == (DONE, REFUSED, REFUSED, NOTHING)
    assert "[hub-not-trusted" in why


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such signals")
def test_a_desk_enrols_and_exchanges_by_two_commands(shell: Shell, paper: Certificate) -> None:
    hub = Process(shell.path / "hub", paper)
    invitation = shell.path / "a.cdinvite"
    url = f"https://127.0.0.1:{hub.port}"
    told = ["--url", url, "--ca", paper.certificate]
    assert shell.hub("invite", "Mairie de Valbrune", invitation, *told) == DONE
    new_folder(shell.path / "desk")
    assert shell.desk("enrol", invitation, "--name", "Accueil") == DONE

    first = shell.desk("exchange", "--json")
    objects = shell.out.splitlines()
    again = shell.desk("exchange")
    ended = hub.end(signal.SIGTERM)
    shell.hub("audit")
    acts = shell.out
    stopped = shell.desk("exchange")

    assert "Desk joined" in acts
    assert first == DONE
    assert objects[-1].startswith('{"receipt":"')
    assert (again, ended) == (NOTHING, 0)
    assert stopped == REFUSED
    assert "[hub-unreachable:closed]" in shell.err
