"""Socket Mode: a mix of events over one connection, the real service beside bare Bolt that only acknowledges."""

from __future__ import annotations

from benchmarks import payloads
from benchmarks.bench import Bench, Measured, Scenario
from benchmarks.figures import Row, Skipped, Spread, at_least, at_most
from benchmarks.ingest import AT_ONCE, WARM, Served, hunting
from benchmarks.servers import NotReady, Server, bare_socket, ideahunt
from benchmarks.stub import Stub
from benchmarks.stubbed import pumped, stubbed

NAME = "socket"


def measured(bench: Bench) -> Measured:
    """In turn, each with a Slack of its own."""
    events, folder = bench.size(3_000, 500), bench.ground.folder
    ours: list[Served] = []
    floor: list[Served] = []
    try:
        for turn in bench.turns():
            with stubbed() as stub, bare_socket(folder, stub.url) as bare:
                floor.append(_pumped(stub, bare, events))
            url = hunting(bench, f"socket-{turn}")
            with stubbed() as stub, ideahunt(folder, url, stub.url, socket_mode=True) as server:
                ours.append(_pumped(stub, server, events))
    except (NotReady, TimeoutError) as dead:
        yield Skipped(NAME, f"a server ended or fell silent: {dead}"[-300:])
        return
    note = (
        f"{events:,} events, {AT_ONCE} under way; of twenty: ten ideas, five other messages, two edits, three reactions"
    )
    rate, bare_rate = (Spread.of([one.rate for one in side]) for side in (ours, floor))
    yield Row(NAME, "events a second v bare acks", rate, "/s", bare_rate, at_least(0.75), note)
    cpu, bare_cpu = (Spread.of([one.cpu for one in side]) for side in (ours, floor))
    yield Row(NAME, "CPU an event v a bare ack", cpu, "us", bare_cpu, at_most(1.35))
    waits, bare_waits = (Spread.of([one.outcome.at(0.99) for one in side]) for side in (ours, floor))
    yield Row(NAME, "wait for the ack, slowest in 100, v bare", waits, "ms", bare_waits)


def _pumped(stub: Stub, server: Server, events: int) -> Served:
    pumped(stub, payloads.mix(0, WARM), AT_ONCE)
    before = server.cpu
    outcome = pumped(stub, payloads.mix(WARM, events), AT_ONCE)
    server.expect_alive()
    return Served(outcome, 1e6 * (server.cpu - before) / events)


SCENARIO = Scenario(NAME, "what does an event over Socket Mode cost?", measured)
