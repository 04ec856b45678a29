"""Behind a real nginx that is set up as docs/hub.md says: desks exchange through it, operators sign in."""

import re
import shutil
import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from correspondent_desk.hub import desks
from correspondent_desk.sync.online.exchange import exchange_online
from correspondent_desk.sync.online.wire import Fate
from tests.hub.pages.browsing import Visitor, words
from tests.hub.pages.filling import OPERATOR, people
from tests.hub.service.serving import HOST, Certificate, reaches, served, until
from tests.hub.service.test_resuming import write_much
from tests.sync.desks import Town

_GUIDE = Path(__file__).parents[3] / "docs" / "hub.md"
_NGINX = shutil.which("nginx") or ""
_KINDS = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")

pytestmark = pytest.mark.skipif(not _NGINX, reason="no nginx on this computer")


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    """On SQLite alone: nothing here depends on the database."""
    town = Town(tmp_path)
    yield town
    town.close()


def told(port: int, hub_port: int, paper: Certificate) -> str:
    """What the guide says, with the addresses and files of here."""
    found = re.search(r"^```nginx\n(.+?)^```$", _GUIDE.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    assert found is not None
    text = found[1]
    for theirs, ours in {
        "443 ssl": f"{HOST}:{port} ssl",
        "/etc/desk/hub.pem": str(paper.certificate),
        "/etc/desk/hub-key.pem": str(paper.key),
        "10.0.0.5:8080": f"{HOST}:{hub_port}",
    }.items():
        assert theirs in text
        text = text.replace(theirs, ours)
    return text


@contextmanager
def nginx(folder: Path, hub_port: int, paper: Certificate) -> Iterator[str]:
    """The address at which it serves."""
    with socket.create_server((HOST, 0)) as free:
        port = free.getsockname()[1]
    kept = "".join(f"{kind}_temp_path {folder};" for kind in _KINDS)
    settings = folder / "nginx.conf"
    settings.write_text(
        f"pid {folder}/pid; daemon off; master_process off; events {{}}"
        f" http {{ access_log off; {kept} {told(port, hub_port, paper)} }}"
    )
    running = subprocess.Popen([_NGINX, "-e", folder / "log", "-c", settings])
    try:
        until(lambda: (folder / "pid").is_file() or running.poll() is not None)
        assert running.poll() is None, (folder / "log").read_text()
        yield f"https://{HOST}:{port}"
    finally:
        running.terminate()
        running.wait(10)


def test_desks_and_operators_get_through(town: Town, paper: Certificate, tmp_path: Path) -> None:
    people(town.hub)
    desk = town.desk("Yann")
    write_much(desk)
    folder = tmp_path / "nginx"
    folder.mkdir()
    with (
        served(town.hub, None, proxies=()) as hub,
        nginx(folder, hub.server.port, paper) as url,
    ):
        reaches(desk, url, paper.der)
        report = exchange_online(desk, pauses_s=())
        operator = Visitor(url, verify=ssl.create_default_context(cadata=paper.der))
        operator.client.headers["Origin"] = url
        operator.sign_in(OPERATOR)
        long = {"files": ("long.cdb", b"?" * (12 << 20))}
        answer = operator.send("/files", {"token": operator.token}, files=long)
        operator.close()

    assert report.receipt is not None
    assert report.receipt.fate is Fate.NEW
    assert [one.to_receive for one in desks.listed(town.hub)] == [0]
    assert "bundle:not-a-bundle" in words(answer)
