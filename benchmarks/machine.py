"""The machine under the figures: a folder without a slow disk, a sync of fixed length, the CPU of a process tree."""

from __future__ import annotations

import os
import platform
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import psutil  # type: ignore[import-untyped]

MEMORY_DISK = Path("/dev/shm")
SYNC_SOURCE = Path(__file__).with_name("sync.c")


@dataclass(frozen=True, slots=True)
class Ground:
    """Where files go, and what is known of the place."""

    folder: Path
    in_memory: bool
    sync_shim: Path | None
    """A library that makes every sync take exactly one millisecond; None where nothing could compile it."""

    @property
    def told(self) -> str:
        """In words, for the head of the table; no path."""
        disk = "files in memory" if self.in_memory else "files on a real disk, whose syncs swing"
        return f"{disk}; {'a sync of 1 ms where said' if self.sync_shim else 'no compiler, so no sync of fixed length'}"

    def with_sync(self) -> dict[str, str]:
        """An environment in which every sync takes a millisecond."""
        return {**os.environ, "LD_PRELOAD": str(self.sync_shim)} if self.sync_shim else dict(os.environ)


@contextmanager
def ground() -> Iterator[Ground]:
    """A folder for one run, in memory where the machine has such a disk, emptied afterwards."""
    in_memory = MEMORY_DISK.is_dir() and os.access(MEMORY_DISK, os.W_OK)
    folder = Path(tempfile.mkdtemp(prefix="ideahunt-bench-", dir=MEMORY_DISK if in_memory else None))
    try:
        yield Ground(folder, in_memory, _compiled(folder))
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _compiled(folder: Path) -> Path | None:
    compiler = shutil.which("cc") or shutil.which("gcc") or shutil.which("clang")
    if compiler is None or not sys.platform.startswith("linux"):
        return None
    library = folder / "sync.so"
    made = subprocess.run(
        [compiler, "-O2", "-shared", "-fPIC", "-o", str(library), str(SYNC_SOURCE)], capture_output=True, check=False
    )
    return library if made.returncode == 0 else None


def described() -> str:
    """Size and kind of the machine."""
    memory = psutil.virtual_memory().total / 2**30
    return (
        f"{os.cpu_count()} CPUs, {memory:.0f} GB, {platform.system()} {platform.machine()}, "
        f"Python {platform.python_version()}, load {os.getloadavg()[0]:.1f}"
    )


def tree(pid: int) -> list[psutil.Process]:
    """A process and everything it started."""
    root = psutil.Process(pid)
    return [root, *root.children(recursive=True)]


def cpu_of(pid: int) -> float:
    """Seconds of CPU used so far by a process tree, in user and system mode."""
    used = 0.0
    for each in tree(pid):
        times = each.cpu_times()
        used += times.user + times.system + times.children_user + times.children_system
    return used


def memory_of(pid: int) -> float:
    """Resident megabytes of a process tree."""
    return float(sum(each.memory_info().rss for each in tree(pid))) / 1e6
