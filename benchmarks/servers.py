"""Server processes: started on a port of the kernel's choice, known to live, stopped by their own number."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from benchmarks.bare import APP_TOKEN, SECRET, TOKEN
from benchmarks.machine import cpu_of, memory_of

READY_WITHIN = 20.0
STOP_WITHIN = 12.0
IDEAHUNT = (sys.executable, "-m", "bot", "run")


class NotReady(Exception):
    """The server died or did not answer; holds what it said."""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server."""

    process: subprocess.Popen[bytes]
    port: int
    ready_after: float
    """Seconds from its start to its first good answer."""
    log: Path

    @property
    def cpu(self) -> float:
        """Seconds of CPU of its process tree so far."""
        return cpu_of(self.process.pid)

    @property
    def memory(self) -> float:
        """Resident megabytes of its process tree."""
        return memory_of(self.process.pid)

    def expect_alive(self) -> None:
        """Raises NotReady when it has ended."""
        if self.process.poll() is not None:
            raise NotReady(self.log.read_text("utf-8", "replace")[-2_000:])


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


@contextmanager
def bare_http(folder: Path) -> Iterator[Server]:
    """Bare Bolt; ready when it answers anything at all."""
    port = free_port()
    with _running([sys.executable, "-m", "benchmarks.bare", str(port)], port, "/", folder, os.environ) as server:
        yield server


@contextmanager
def bare_socket(folder: Path, api: str) -> Iterator[Server]:
    """Bare Bolt over Socket Mode; the caller waits for its connection."""
    with (folder / "bare-socket.log").open("wb") as out:
        command = [sys.executable, "-m", "benchmarks.bare_socket", api]
        process = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
    try:
        yield Server(process, 0, 0.0, folder / "bare-socket.log")
    finally:
        stop(process)


@contextmanager
def ideahunt(folder: Path, url: str, api: str, *, socket_mode: bool = False) -> Iterator[Server]:
    """The real bot, `ideahunt run`, over a database and a Web API of ours; ready when it says so itself."""
    port = free_port()
    env = {**os.environ, **settings(folder, url, api, port, socket_mode=socket_mode)}
    with _running(IDEAHUNT, port, "/readyz", folder, env) as server:
        yield server


def settings(folder: Path, url: str, api: str, port: int, *, socket_mode: bool) -> dict[str, str]:
    """What an administrator would set."""
    return {
        "IDEAHUNT_SLACK_TRANSPORT": "socket" if socket_mode else "http",
        "IDEAHUNT_SLACK_BOT_TOKEN": TOKEN,
        "IDEAHUNT_SLACK_APP_TOKEN": APP_TOKEN,
        "IDEAHUNT_SLACK_SIGNING_SECRET": SECRET,
        "IDEAHUNT_SLACK_API_URL": api,
        "IDEAHUNT_DATABASE_URL": url,
        "IDEAHUNT_DATA_DIR": str(folder),
        "IDEAHUNT_HTTP_PORT": str(port),
        "IDEAHUNT_LOG_LEVEL": "WARNING",
    }


@contextmanager
def _running(command: Sequence[str], port: int, path: str, folder: Path, env: Mapping[str, str]) -> Iterator[Server]:
    log = folder / f"server-{port}.log"
    start = time.perf_counter()
    with log.open("wb") as out:
        process = subprocess.Popen(command, env=dict(env), stdout=out, stderr=subprocess.STDOUT)
    try:
        _wait(process, f"http://127.0.0.1:{port}{path}", log)
        yield Server(process, port, time.perf_counter() - start, log)
    finally:
        stop(process)


def _wait(process: subprocess.Popen[bytes], address: str, log: Path) -> None:
    until = time.perf_counter() + READY_WITHIN
    while time.perf_counter() < until:
        if process.poll() is not None:
            break
        try:
            with urllib.request.urlopen(address, timeout=2):
                return
        except urllib.error.HTTPError as answered:
            if answered.code != 503:
                return
        except OSError:
            pass
        time.sleep(0.005)
    raise NotReady(log.read_text("utf-8", "replace")[-2_000:])


def stop(process: subprocess.Popen[bytes]) -> None:
    """Asks it to end, then makes it."""
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(STOP_WITHIN)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
