"""Memory of the service over a large hunt, after it has taken thousands of ideas."""

from __future__ import annotations

import time
from pathlib import Path

from benchmarks.bench import Bench, Measured, Scenario
from benchmarks.figures import Row, Skipped, Spread, at_most
from benchmarks.ingest import ideas, served
from benchmarks.servers import NotReady, ideahunt
from benchmarks.stubbed import stubbed
from benchmarks.town import Town

NAME = "memory"
FRESH = 100_000
"""The first number of ideas that are new to any hunt filled before."""


def measured(bench: Bench) -> Measured:
    """At rest over the filled hunt, then after taking more."""
    held, taken = bench.size(20_000, 2_000), bench.size(3_000, 500)
    url = _filled(bench, held)
    try:
        with stubbed() as stub, ideahunt(bench.ground.folder, url, stub.url) as server:
            time.sleep(1)
            before = server.memory
            served(server, ideas(FRESH, taken))
            time.sleep(1)
            after = server.memory
    except NotReady as dead:
        yield Skipped(NAME, f"the bot ended: {dead}"[-300:])
        return
    yield Row(NAME, f"at rest over {held:,} ideas", Spread.of([before]), "MB", None, at_most(75, "figure"))
    grown = Spread.of([after - before])
    yield Row(NAME, f"grown by taking {taken:,} ideas more", grown, "MB", None, at_most(15, "figure"))


def _filled(bench: Bench, ideas_held: int) -> str:
    """The large hunt of the board's scenario, where it was measured before; else one of our own."""
    path: Path = bench.ground.folder / "board-large.db"
    if path.exists():
        return f"sqlite:///{path}"
    town = Town.built(bench.ground.folder, "memory")
    town.hunt()
    town.hear(range(ideas_held))
    town.deliver()
    town.close()
    return town.url


SCENARIO = Scenario(NAME, "does memory grow with the hunt?", measured)
