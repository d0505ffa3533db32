"""Ideas over signed HTTP: the real service beside bare Bolt that only acknowledges, under the same load."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

import uvloop

from benchmarks import payloads
from benchmarks.bench import Bench, Measured, Scenario
from benchmarks.figures import Row, Skipped, Spread, at_least, at_most
from benchmarks.load import Outcome, at_rate, closed_loop
from benchmarks.servers import NotReady, Server, bare_http, ideahunt
from benchmarks.stubbed import stubbed
from benchmarks.town import Town

NAME = "ingest"
AT_ONCE = 32
RATE, API_PAUSE = 400.0, 0.08
WARM = 200
"""Requests before counting: caches fill, code is compiled."""


@dataclass(frozen=True, slots=True)
class Served:
    """A load with the CPU it cost its server."""

    outcome: Outcome
    cpu: float
    """Microseconds an event."""

    @property
    def rate(self) -> float:
        """Good answers a second."""
        return self.outcome.good / self.outcome.wall


def served(server: Server, requests: Sequence[bytes], at_once: int = AT_ONCE, rate: float | None = None) -> Served:
    """Sends a load in a closed loop, or at a rate, and reads the server's CPU before and after."""
    before = server.cpu
    if rate is None:
        outcome = uvloop.run(closed_loop(server.port, requests, at_once))
    else:
        outcome = uvloop.run(at_rate(server.port, requests, rate))
    server.expect_alive()
    return Served(outcome, 1e6 * (server.cpu - before) / len(requests))


def ideas(low: int, number: int) -> list[bytes]:
    """So many new messages in the hunt's thread, signed now."""
    return [payloads.event_request(payloads.message(each)) for each in range(low, low + number)]


def hunting(bench: Bench, name: str) -> str:
    """The address of a database with a hunt that collects."""
    town = Town.built(bench.ground.folder, name)
    town.hunt()
    town.close()
    return town.url


def kept(url: str) -> int:
    """Ideas in a database."""
    file = sqlite3.connect(url.removeprefix("sqlite:///"))
    try:
        return int(file.execute("SELECT count(*) FROM idea").fetchone()[0])
    finally:
        file.close()


def measured(bench: Bench) -> Measured:
    """A closed loop in turn with bare Bolt; then a steady rate while Slack's Web API is slow."""
    try:
        yield from _closed(bench)
        yield from _open(bench)
    except NotReady as dead:
        yield Skipped(NAME, f"a server ended: {dead}"[-300:])


def _closed(bench: Bench) -> Measured:
    events, folder = bench.size(4_000, 600), bench.ground.folder
    ours: list[Served] = []
    floor: list[Served] = []
    lost = 0
    for turn in bench.turns():
        with bare_http(folder) as bare:
            served(bare, ideas(0, WARM))
            floor.append(served(bare, ideas(WARM, events)))
        url = hunting(bench, f"ingest-{turn}")
        with stubbed() as stub, ideahunt(folder, url, stub.url) as server:
            served(server, ideas(0, WARM))
            ours.append(served(server, ideas(WARM, events)))
        lost += ours[-1].outcome.good + WARM - kept(url)
    note = f"{events:,} ideas, {AT_ONCE} under way; acknowledged and not kept: {lost}; not answered 200: {_bad(ours)}"
    rate, bare_rate = (Spread.of([each.rate for each in side]) for side in (ours, floor))
    yield Row(NAME, "ideas a second v bare acks", rate, "/s", bare_rate, at_least(0.95), note)
    cpu, bare_cpu = (Spread.of([each.cpu for each in side]) for side in (ours, floor))
    yield Row(NAME, "CPU an idea v a bare ack", cpu, "us", bare_cpu, at_most(0.95))
    for share, what in ((0.5, "middle"), (0.99, "slowest in 100")):
        waits, bare_waits = ([each.outcome.at(share) for each in side] for side in (ours, floor))
        yield Row(NAME, f"wait for the ack, {what}, v bare", Spread.of(waits), "ms", Spread.of(bare_waits))


def _bad(ours: list[Served]) -> int:
    return sum(len(each.outcome.latencies) - each.outcome.good for each in ours)


def _open(bench: Bench) -> Measured:
    """Ideas come at a rate; the Web API takes 80 ms, so whoever waits for it inside a handler falls behind."""
    events = int(RATE * bench.size(12, 2))
    url = hunting(bench, "ingest-open")
    with stubbed(pause=API_PAUSE) as stub, ideahunt(bench.ground.folder, url, stub.url) as server:
        served(server, ideas(0, WARM))
        done = served(server, ideas(WARM, events), rate=RATE)
    outcome = done.outcome
    what = f"{RATE:.0f} ideas a second, Web API takes {1e3 * API_PAUSE:.0f} ms"
    note = f"{events:,} ideas, middle {outcome.at(0.5):.1f} ms, CPU {done.cpu:.0f} us an idea"
    yield Row(NAME, f"{what}: slowest in 100", Spread.of([outcome.at(0.99)]), "ms", None, at_most(20, "figure"), note)
    late = outcome.late + len(outcome.latencies) - outcome.good
    yield Row(NAME, f"{what}: over 3 s or refused", Spread.of([late]), "acks", None, at_most(0, "figure"))


SCENARIO = Scenario(NAME, "what does an idea cost beside an acknowledgement that keeps nothing?", measured)
