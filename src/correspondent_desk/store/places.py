"""Folders in which a desk is not safe: those that another program copies while it is open."""

import os
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from pathlib import Path


class Risk(StrEnum):
    """What is wrong with a place."""

    SYNCHRONISED = "synchronised"
    NETWORK = "network"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class PlaceRisk:
    """Why a desk should not be kept where it is. service: OneDrive, nfs4…

    noticed_on: when it was found that the disk had lost what was saved.
    """

    risk: Risk
    service: str
    path: Path
    noticed_on: date | None = None


# Folders or files that a synchronising program leaves in the root of what it copies.
_MARKS = {
    ".dropbox": "Dropbox",
    ".dropbox.cache": "Dropbox",
    ".sync_journal.db": "Nextcloud",
    "._sync_journal.db": "Nextcloud",
    ".nextcloudsync.log": "Nextcloud",
    ".owncloudsync.log": "ownCloud",
    ".stfolder": "Syncthing",
    ".tmp.drivedownload": "Google Drive",
    ".tmp.driveupload": "Google Drive",
    ".seafile-data": "Seafile",
}
_NAMES = {
    "dropbox": "Dropbox",
    "nextcloud": "Nextcloud",
    "owncloud": "ownCloud",
    "google drive": "Google Drive",
    "googledrive": "Google Drive",
    "mon drive": "Google Drive",
    "my drive": "Google Drive",
    "icloud drive": "iCloud",
    "iclouddrive": "iCloud",
    "mobile documents": "iCloud",
    "kdrive": "kDrive",
    "megasync": "MEGA",
}
_REMOTE = 4  # DRIVE_REMOTE of Windows
_NETWORK = frozenset(
    {
        "nfs",
        "nfs4",
        "cifs",
        "smb",
        "smb2",
        "smb3",
        "smbfs",
        "afpfs",
        "davfs",
        "webdav",
        "9p",
        "ncpfs",
    }
    | {"fuse.sshfs", "fuse.davfs2", "fuse.rclone", "fuse.gvfsd-fuse", "glusterfs", "ceph"}
)


def risks(folder: Path, environment: Mapping[str, str] = os.environ) -> list[PlaceRisk]:
    """What may harm a desk kept in folder, each once; usually nothing."""
    place = folder.absolute()
    return list(dict.fromkeys((*_synchronised(place, environment), *_network(place))))


def _synchronised(place: Path, environment: Mapping[str, str]) -> Iterator[PlaceRisk]:
    found = None
    for name, value in environment.items():
        if name.upper().startswith("ONEDRIVE") and value and place.is_relative_to(value):
            found = "OneDrive", Path(value)
    for parent in (place, *place.parents):
        name = parent.name.casefold()
        service = _NAMES.get(name) or ("OneDrive" if name.startswith("onedrive") else None)
        service = service or next((_MARKS[m] for m in _MARKS if _exists(parent / m)), None)
        if found is None and service:
            found = service, parent
    if found:
        yield PlaceRisk(Risk.SYNCHRONISED, *found)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # a folder above that may not be looked into
        return False


def _network(place: Path) -> Iterator[PlaceRisk]:
    if str(place).startswith("\\\\"):
        yield PlaceRisk(Risk.NETWORK, "UNC", Path(place.anchor))
        return
    if sys.platform == "win32":  # its table of mounts would ask a share that is out of reach
        import ctypes

        if ctypes.windll.kernel32.GetDriveTypeW(place.anchor) == _REMOTE:
            yield PlaceRisk(Risk.NETWORK, "remote", Path(place.anchor))
        return
    import psutil

    mounts = [
        (Path(mount.mountpoint), mount.fstype.lower())
        for mount in psutil.disk_partitions(all=True)  # type: ignore[no-untyped-call]
    ]
    above = [mount for mount in mounts if place.is_relative_to(mount[0])]
    if above:
        where, kind = max(above, key=lambda mount: len(mount[0].parts))
        if kind in _NETWORK:
            yield PlaceRisk(Risk.NETWORK, kind, where)
