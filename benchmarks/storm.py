"""A storm in one room: four hundred ideas a second, and a board that stays calm and ends right."""

from __future__ import annotations

import re
import time

from benchmarks.bench import Bench, Measured, Scenario
from benchmarks.figures import Row, Skipped, Spread, at_most
from benchmarks.ingest import RATE, WARM, hunting, ideas, served
from benchmarks.servers import NotReady, ideahunt
from benchmarks.stub import Stub
from benchmarks.stubbed import stubbed

NAME = "storm"
PATIENCE = 12.0
_BETWEEN_DIGITS = re.compile(r"\\u202f|\\u00a0|%E2%80%AF|%C2%A0|[\s\u00a0\u202f]")


def measured(bench: Bench) -> Measured:
    """The Web API keeps Slack's limits; after the last acknowledgement the board must soon say how many there are."""
    events = int(RATE * bench.size(10, 2))
    url = hunting(bench, "storm")
    try:
        with stubbed(strict=True) as stub, ideahunt(bench.ground.folder, url, stub.url) as server:
            served(server, ideas(0, WARM))
            time.sleep(3)
            stub.forget()
            done = served(server, ideas(WARM, events), rate=RATE)
            after = _shown(stub, WARM + events)
    except NotReady as dead:
        yield Skipped(NAME, f"the bot ended: {dead}"[-300:])
        return
    updates, reactions = len(stub.boards), stub.calls["reactions.add"]
    note = f"{events:,} ideas in {done.outcome.wall:.1f} s; {updates} chat.update, {reactions} reactions.add"
    a_second = updates / (done.outcome.wall + min(after, PATIENCE))
    yield Row(NAME, "chat.update a second for the board", Spread.of([a_second]), "/s", None, at_most(1, "figure"), note)
    each = Spread.of([updates / events])
    yield Row(NAME, "chat.update an idea", each, "calls", None, at_most(0.01, "figure"))
    refused = Spread.of([sum(stub.refused.values())])
    yield Row(NAME, "answers 429 from a Slack that keeps its limits", refused, "calls", None, at_most(0, "figure"))
    yield Row(NAME, "last state on the board after the last ack", Spread.of([after]), "s", None, at_most(2, "figure"))


def _shown(stub: Stub, total: int) -> float:
    """Seconds until a board was written that says so many ideas; the patience where none was."""
    start = time.perf_counter()
    while time.perf_counter() - start < PATIENCE:
        for when, body in reversed(stub.boards):
            if f"{total}id" in _BETWEEN_DIGITS.sub("", body):  # "1 800 idées"
                return max(0.0, when - start)
        time.sleep(0.02)
    return PATIENCE


SCENARIO = Scenario(NAME, "does the board stay within Slack's limits while ideas pour in?", measured)
