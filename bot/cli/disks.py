"""What kind of disk a folder is on: SQLite's locks and shared memory do not work across a network."""

from __future__ import annotations

import re
from pathlib import Path

MOUNTS = Path("/proc/mounts")
NETWORK = frozenset({
    "9p", "afs", "ceph", "cifs", "fuse.ceph", "fuse.glusterfs", "fuse.rclone", "fuse.s3fs", "fuse.sshfs", "gfs2",
    "glusterfs", "lustre", "ncpfs", "nfs", "nfs4", "smb3", "smbfs",
})  # fmt: skip
"""File systems that several machines write to, by the name Linux gives them."""


def network_disk(folder: Path) -> str:
    """The kind of network disk the folder is on; nothing for a disk of this machine, or where it cannot be known."""
    try:
        mounts = MOUNTS.read_text("utf-8", "replace")
    except OSError:
        return ""
    kind = kind_of(folder.resolve(), mounts)
    return kind if kind in NETWORK else ""


def kind_of(folder: Path, mounts: str) -> str:
    """The file system a folder is on, by the longest mount above it; of two on one place, the later one."""
    best, kind = -1, ""
    for line in mounts.splitlines():
        fields = line.split(" ")
        if len(fields) < 3:  # noqa: PLR2004 - device, place, kind
            continue
        place = Path(_plain(fields[1]))
        if folder.is_relative_to(place) and len(place.parts) >= best:
            best, kind = len(place.parts), fields[2]
    return kind


def _plain(field: str) -> str:
    r"""A mount's place without its escapes: `\040` is a space."""
    return re.sub(r"\\([0-7]{3})", lambda found: chr(int(found[1], 8)), field)
