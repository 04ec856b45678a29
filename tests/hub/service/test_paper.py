"""The certificate of a hub that serves is renewed under its hands, well or badly: it goes on serving."""

import logging
import os
import ssl
import sys
import threading
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from cryptography.hazmat.primitives import serialization

from correspondent_desk.hub.service.listening import CannotServe
from correspondent_desk.hub.service.paper import Paper
from correspondent_desk.store.files import DiskRefused
from tests.hub.service.serving import Certificate, certificate

_NOBODY = 65_534


def put(found: Certificate, place: Certificate) -> None:
    place.certificate.write_bytes(found.certificate.read_bytes())
    place.key.write_bytes(found.key.read_bytes())


def shown(paper: Paper) -> bytes:
    """The certificate that a connection of now is shown. Raises SSLError."""
    to_server, to_client = ssl.MemoryBIO(), ssl.MemoryBIO()
    trusting = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
    client = trusting.wrap_bio(to_client, to_server)
    server = paper.context.wrap_bio(to_server, to_client, server_side=True)
    for side in (client, server, client, server):
        try:
            side.do_handshake()
        except ssl.SSLWantReadError:
            continue
    return client.getpeercert(binary_form=True) or b""


def encrypt(path: Path) -> None:
    key = serialization.load_pem_private_key(path.read_bytes(), None)
    path.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.BestAvailableEncryption(b"nobody knows"),
        )
    )


def test_nobody_who_connects_during_a_renewal_is_cut_off(tmp_path: Path) -> None:
    here, other = certificate(tmp_path / "here"), certificate(tmp_path / "other")
    first = Certificate(tmp_path / "first.pem", tmp_path / "first-key.pem", here.der)
    put(here, first)
    paper = Paper(here.certificate, here.key)
    over = threading.Event()

    def renew() -> None:
        for turn in range(10_000):
            put((other, first)[turn % 2], here)
            paper.renew()
            if over.is_set():
                return

    thread = threading.Thread(target=renew)
    thread.start()
    try:
        seen = {shown(paper) for _ in range(100)}
    finally:
        over.set()
        thread.join()

    assert seen <= {here.der, other.der}
    put(other, here)
    paper.renew()
    assert shown(paper) == other.der


@pytest.mark.skipif(sys.platform == "win32", reason="there are no pipes with a path there")
def test_a_pipe_in_the_place_of_a_file_is_not_waited_for(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    old = certificate(tmp_path / "old")
    paper = Paper(old.certificate, old.key)
    old.key.unlink()
    os.mkfifo(old.key)
    done = threading.Thread(target=paper.renew, daemon=True)

    with caplog.at_level(logging.WARNING):
        done.start()
        done.join(5)
        assert not done.is_alive(), "it waits for somebody to write"
        paper.renew()

    assert [one.getMessage() for one in caplog.records] == [
        f"the renewed certificate cannot be used: {old.key} is no file"
    ]
    assert shown(paper) == old.der


def test_a_key_under_a_passphrase_is_refused_and_not_asked_about(tmp_path: Path) -> None:
    old, new = certificate(tmp_path / "old"), certificate(tmp_path / "new")
    paper = Paper(old.certificate, old.key)
    put(new, old)
    encrypt(old.key)

    assert not paper.renew()

    assert shown(paper) != new.der
    with pytest.raises(CannotServe):
        Paper(old.certificate, old.key)


@pytest.mark.skipif(
    sys.platform == "win32" or os.geteuid() != 0, reason="only the administrator becomes another"
)
def test_the_file_that_the_account_of_the_service_may_not_read_is_named() -> None:
    with TemporaryDirectory() as place:  # that of the test is closed to others
        Path(place).chmod(0o755)
        found = certificate(Path(place, "hub"))
        found.key.chmod(0o600)
        os.seteuid(_NOBODY)
        try:
            with pytest.raises(DiskRefused) as refused:
                Paper(found.certificate, found.key)
        finally:
            os.seteuid(0)

    assert (refused.value.reason, refused.value.details["path"]) == ("forbidden", str(found.key))
