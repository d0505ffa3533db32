"""The installation's secret, which wraps the keys of open rounds: given as a setting, or kept beside a SQLite file."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from storage.problems import ReadOnlyDisk

SIZE = 32


def beside(database: Path, *, make: bool) -> bytes:
    """The secret in the file beside a SQLite file; made where it is missing, unless `make` is False.

    Readable by its owner only, and not part of a backup of the database. Raises ReadOnlyDisk.
    """
    path = database.with_name(f"{database.name}.secret")
    try:
        if make:
            _make(path)
        return bytes.fromhex(path.read_text("ascii").strip()) if path.exists() else b""
    except (OSError, ValueError) as error:
        raise ReadOnlyDisk from error


def _make(path: Path) -> None:
    """Whole or not at all: written aside, then put in place unless another process was first."""
    if path.exists():
        return
    aside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    descriptor = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(secrets.token_hex(SIZE))
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(aside, path)
    except FileExistsError:
        pass
    finally:
        aside.unlink()
