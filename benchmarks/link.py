"""Slack's end of a Socket Mode connection: envelopes out, acknowledgements in, so many always under way."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from typing import Any

import orjson
from aiohttp import WSMsgType, web

from benchmarks.load import Outcome


class Link:
    """One connection of one app."""

    def __init__(self) -> None:
        self._socket: web.WebSocketResponse | None = None
        self._met = asyncio.Event()
        self._waiting: dict[str, tuple[float, asyncio.Semaphore, Outcome]] = {}

    async def meet(self, request: web.Request) -> web.WebSocketResponse:
        """The app connects; hears its acknowledgements until it leaves."""
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await socket.send_str('{"type": "hello", "num_connections": 1, "connection_info": {"app_id": "A0BENCH"}}')
        self._socket = socket
        self._met.set()
        async for said in socket:
            if said.type is WSMsgType.TEXT:
                self._acknowledged(orjson.loads(said.data))
        self._met.clear()
        return socket

    def _acknowledged(self, said: dict[str, Any]) -> None:
        found = self._waiting.pop(str(said.get("envelope_id", "")), None)
        if found is not None:
            sent, room, outcome = found
            outcome.latencies.append(1e3 * (time.perf_counter() - sent))
            outcome.statuses[200] += 1
            room.release()

    async def pump(self, payloads: Sequence[dict[str, Any]], at_once: int) -> Outcome:
        """Sends every payload as an envelope and waits for the acknowledgement of each."""
        await asyncio.wait_for(self._met.wait(), 20)
        assert self._socket is not None
        outcome, room = Outcome(), asyncio.Semaphore(at_once)
        start = time.perf_counter()
        for number, payload in enumerate(payloads):
            await room.acquire()
            envelope = {"envelope_id": f"{start}-{number}", "type": "events_api", "payload": payload,
                        "accepts_response_payload": False, "retry_attempt": 0, "retry_reason": ""}  # fmt: skip
            self._waiting[str(envelope["envelope_id"])] = (time.perf_counter(), room, outcome)
            await self._socket.send_str(orjson.dumps(envelope).decode())
        async with asyncio.timeout(60):
            for _ in range(at_once):
                await room.acquire()
        outcome.wall = time.perf_counter() - start
        return outcome
