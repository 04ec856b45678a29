"""Folders that other programs copy are recognised, and ordinary ones are not suspected."""

import sys
from pathlib import Path
from types import SimpleNamespace

import psutil
import pytest

from correspondent_desk.store.places import PlaceRisk, Risk, risks


def services(folder: Path, environment: dict[str, str] | None = None) -> list[tuple[Risk, str]]:
    """What is said of folder."""
    return [(one.risk, one.service) for one in risks(folder, environment or {})]


def test_an_ordinary_folder_is_fine(tmp_path: Path) -> None:
    assert services(tmp_path / "Documents" / "desk") == []


@pytest.mark.parametrize(
    ("name", "service"),
    [
        ("Dropbox", "Dropbox"),
        ("Nextcloud", "Nextcloud"),
        ("OneDrive - Ministère", "OneDrive"),
        ("Mon Drive", "Google Drive"),
        ("iCloudDrive", "iCloud"),
    ],
)
def test_well_known_names_are_recognised(tmp_path: Path, name: str, service: str) -> None:
    assert services(tmp_path / name / "a" / "desk") == [(Risk.SYNCHRONISED, service)]


@pytest.mark.parametrize(
    ("mark", "service"), [(".dropbox.cache", "Dropbox"), (".sync_journal.db", "Nextcloud")]
)
def test_what_a_synchronising_program_leaves_is_recognised(
    tmp_path: Path, mark: str, service: str
) -> None:
    (tmp_path / mark).touch()

    assert risks(tmp_path / "work" / "desk", {}) == [
        PlaceRisk(Risk.SYNCHRONISED, service, tmp_path)
    ]


def test_onedrive_says_where_it_is(tmp_path: Path) -> None:
    environment = {"OneDriveCommercial": str(tmp_path / "cloud"), "OneDrive": ""}

    assert services(tmp_path / "cloud" / "desk", environment) == [(Risk.SYNCHRONISED, "OneDrive")]
    assert services(tmp_path / "local" / "desk", environment) == []


@pytest.mark.skipif(sys.platform == "win32", reason="mounts")
def test_network_drives_are_recognised(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounts = [
        SimpleNamespace(mountpoint="/", fstype="ext4", opts="rw"),
        SimpleNamespace(mountpoint=str(tmp_path / "share"), fstype="cifs", opts="rw"),
    ]
    monkeypatch.setattr(psutil, "disk_partitions", lambda **_all: mounts)

    assert services(tmp_path / "share" / "desk") == [(Risk.NETWORK, "cifs")]
    assert services(tmp_path / "shared") == []
    assert services(Path("\\\\server\\share\\desk").absolute()) == []


def test_a_share_named_without_a_letter_is_recognised(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Path, "absolute", lambda self: self)

    assert services(Path("\\\\server\\share\\desk")) == [(Risk.NETWORK, "UNC")]
