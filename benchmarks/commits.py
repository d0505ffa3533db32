"""Grouped commits: sixty-four wait, one sync serves them; the floor is plain sqlite3 with a commit for each."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass

from benchmarks.bench import Bench, Measured, Scenario
from benchmarks.figures import Row, Skipped, Spread, at_least, at_most
from benchmarks.town import Town

NAME = "commits"
WAITING = 64


@dataclass(frozen=True, slots=True)
class Told:
    """What a worker process says of itself."""

    per_second: float
    cpu_us: float
    syncs: float
    p50: float
    p99: float


def measured(bench: Bench) -> Measured:
    """Three ways to keep an event, each in a process of its own in which a sync takes one millisecond."""
    if bench.ground.sync_shim is None:
        yield Skipped(NAME, "needs a C compiler for a sync of fixed length")
        return
    told: dict[str, list[Told]] = {"plain": [], "writer": [], "idea": []}
    for turn in bench.turns():
        for kind, events in (
            ("plain", bench.size(500, 300)),
            ("writer", bench.size(8_000, 2_000)),
            ("idea", bench.size(3_000, 700)),
        ):
            told[kind].append(_worked(bench, kind, events, turn))
    floor = Spread.of([each.per_second for each in told["plain"]])
    yield _rate("writer", "two rows an event, 64 waiting, v one commit an event", told["writer"], floor)
    yield _rate("idea", "a whole idea, 64 waiting, v one commit of two rows", told["idea"], floor)
    for kind, what in (("writer", "two rows an event"), ("idea", "a whole idea")):
        syncs = Spread.of([each.syncs for each in told[kind]])
        yield Row(NAME, f"syncs an event, {what}", syncs, "syncs", None, at_most(1 / 16, "figure"))
        slowest = Spread.of([each.p99 for each in told[kind]])
        yield Row(NAME, f"wait of the slowest in 100, {what}", slowest, "ms", None, at_most(5, "figure"))


def _rate(kind: str, what: str, told: list[Told], floor: Spread) -> Row:
    cpu = Spread.of([each.cpu_us for each in told])
    aim = at_least(25) if kind == "writer" else None
    rate = Spread.of([each.per_second for each in told])
    return Row(NAME, what, rate, "/s", floor, aim, f"{cpu.told} us CPU an event")


def _worked(bench: Bench, kind: str, events: int, turn: int) -> Told:
    name = f"commits-{kind}-{turn}"
    town = Town.built(bench.ground.folder, name)
    town.hunt()
    town.close()
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.commits_worker", kind, town.url, str(events), str(WAITING)],
        env=bench.ground.with_sync(), capture_output=True, check=True, text=True,
    )  # fmt: skip
    return Told(**json.loads(done.stdout))


SCENARIO = Scenario(NAME, "how much do grouped commits give where a sync takes a millisecond?", measured)
