"""Cold start: from nothing to people being served, and a mere `--help`; then memory at rest."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence

from benchmarks.bench import Bench, Measured, Scenario, seconds
from benchmarks.figures import Row, Skipped, Spread, at_most
from benchmarks.servers import NotReady, bare_http, ideahunt
from benchmarks.stub import Stub
from benchmarks.stubbed import stubbed
from benchmarks.town import Town

NAME = "start"
SETTLE = 1.0
"""Seconds after which a server that is ready is at rest."""


def measured(bench: Bench) -> Measured:
    """`--help` beside an empty Python; then the service beside bare Bolt, in turn."""
    yield _help(bench)
    Town.built(bench.ground.folder, "start").close()
    url = f"sqlite:///{bench.ground.folder / 'start.db'}"
    try:
        with stubbed() as stub:
            yield from _served(bench, url, stub)
    except NotReady as dead:
        yield Skipped(NAME, f"the bot did not start: {dead}"[:300])


def _help(bench: Bench) -> Row:
    ours, floor = [], []
    for _ in bench.turns():
        floor.append(1e3 * seconds(lambda: _run([sys.executable, "-c", "pass"]), 5))
        ours.append(1e3 * seconds(lambda: _run([sys.executable, "-m", "bot", "--help"]), 5))
    return Row(NAME, "--help v python -c pass", Spread.of(ours), "ms", Spread.of(floor), at_most(8))


def _run(command: Sequence[str]) -> None:
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)


def _served(bench: Bench, url: str, stub: Stub) -> Measured:
    folder = bench.ground.folder
    ours, floor, our_memory, bare_memory = [], [], [], []
    for _ in bench.turns():
        with bare_http(folder) as bare:
            time.sleep(SETTLE)
            floor.append(1e3 * bare.ready_after)
            bare_memory.append(bare.memory)
        with ideahunt(folder, url, stub.url) as server:
            time.sleep(SETTLE)
            ours.append(1e3 * server.ready_after)
            our_memory.append(server.memory)
    note = "to a good answer of /readyz, tables current, clock ticked; bare Bolt to any answer"
    yield Row(NAME, "process start to ready v bare Bolt", Spread.of(ours), "ms", Spread.of(floor), at_most(1.5), note)
    rest = Spread.of(our_memory)
    yield Row(NAME, "memory at rest v bare Bolt", rest, "MB", Spread.of(bare_memory), at_most(75, "figure"))


SCENARIO = Scenario(NAME, "how long until people are served, and how much memory does it hold?", measured)
