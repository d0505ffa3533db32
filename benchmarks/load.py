"""Signed requests over connections that stay open, in a closed loop or at a rate; latency from when each was due."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import time
from collections import Counter, deque
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass, field
from typing import cast

import httptools

from benchmarks.bare import SECRET

JSON, FORM = "application/json", "application/x-www-form-urlencoded"
LATE = 3.0
"""Seconds after which Slack shows an error, or sends again."""


def signed(body: bytes, kind: str) -> bytes:
    """A whole HTTP request as Slack would send it now."""
    stamp = str(int(time.time()))
    signature = hmac.digest(SECRET.encode(), b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hex()
    head = (
        f"POST /slack/events HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\n"
        f"X-Slack-Request-Timestamp: {stamp}\r\nX-Slack-Signature: v0={signature}\r\nAccept: */*\r\n\r\n"
    )
    return head.encode() + body


@dataclass(eq=False)
class Outcome:
    """What became of a load: seconds it took, latencies in milliseconds, statuses."""

    wall: float = 0.0
    latencies: list[float] = field(default_factory=list)
    statuses: Counter[int] = field(default_factory=Counter)

    @property
    def good(self) -> int:
        """Requests answered 200."""
        return self.statuses[200]

    @property
    def late(self) -> int:
        """Requests that took longer than Slack waits."""
        return sum(1 for each in self.latencies if each > 1e3 * LATE)

    def at(self, share: float) -> float:
        """The latency that this share of requests did not exceed, in milliseconds."""
        ordered = sorted(self.latencies)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else float("nan")


class _Connection(asyncio.Protocol):
    """One connection, one request at a time."""

    def __init__(self, outcome: Outcome, idle: Callable[[_Connection], None]) -> None:
        self._outcome = outcome
        self._idle = idle
        self._due = 0.0
        self._transport: asyncio.Transport | None = None
        self._parser = httptools.HttpResponseParser(self)
        self.lost = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's own is none of asyncio's classes

    def data_received(self, data: bytes) -> None:
        self._parser.feed_data(data)

    def connection_lost(self, error: Exception | None) -> None:
        self.lost = True
        if self._due:
            self._count(0)
            self._idle(self)

    def ask(self, request: bytes, due: float) -> None:
        """Sends a request; `due` is when it ought to have left."""
        assert self._transport is not None
        self._due = due
        self._transport.write(request)

    def on_message_complete(self) -> None:
        """Called by the parser."""
        self._count(self._parser.get_status_code())
        self._parser = httptools.HttpResponseParser(self)
        self._idle(self)

    def _count(self, status: int) -> None:
        self._outcome.latencies.append(1e3 * (time.perf_counter() - self._due))
        self._outcome.statuses[status] += 1
        self._due = 0.0

    def close(self) -> None:
        """Ends the connection."""
        self._due = 0.0
        if self._transport is not None:
            self._transport.close()


async def closed_loop(port: int, requests: Sequence[bytes], at_once: int) -> Outcome:
    """Sends every request, so many always under way."""
    waiting, outcome, done = deque(requests), Outcome(), asyncio.Event()

    def idle(connection: _Connection) -> None:
        if waiting and not connection.lost:
            connection.ask(waiting.popleft(), time.perf_counter())
        elif len(outcome.latencies) == len(requests) or connection.lost:
            done.set()

    connections = await _connected(port, at_once, outcome, idle)
    start = time.perf_counter()
    for each in connections:
        idle(each)
    await asyncio.wait_for(done.wait(), 120)
    outcome.wall = time.perf_counter() - start
    for each in connections:
        each.close()
    return outcome


async def at_rate(port: int, requests: Sequence[bytes], rate: float, at_once: int = 200) -> Outcome:
    """Sends every request when it is due, whatever became of those before; waits for a free connection if it must."""
    outcome, done = Outcome(), asyncio.Event()
    free: deque[_Connection] = deque()
    late: deque[tuple[bytes, float]] = deque()

    def idle(connection: _Connection) -> None:
        if late and not connection.lost:
            connection.ask(*late.popleft())
        elif not connection.lost:
            free.append(connection)
        if len(outcome.latencies) == len(requests) or connection.lost:
            done.set()

    connections = await _connected(port, at_once, outcome, idle)
    free.extend(connections)
    start = time.perf_counter()
    async for request, due in _as_due(requests, start, rate):
        if free:
            free.popleft().ask(request, due)
        else:
            late.append((request, due))
    await asyncio.wait_for(done.wait(), 60)
    outcome.wall = time.perf_counter() - start
    for each in connections:
        each.close()
    return outcome


async def _as_due(requests: Sequence[bytes], start: float, rate: float) -> AsyncIterator[tuple[bytes, float]]:
    for number, request in enumerate(requests):
        due = start + number / rate
        if (ahead := due - time.perf_counter()) > 0.001:
            await asyncio.sleep(ahead)
        yield request, due


async def _connected(
    port: int, number: int, outcome: Outcome, idle: Callable[[_Connection], None]
) -> list[_Connection]:
    loop = asyncio.get_running_loop()
    made = []
    for _ in range(number):
        _, connection = await loop.create_connection(lambda: _Connection(outcome, idle), "127.0.0.1", port)
        made.append(connection)
    return made
