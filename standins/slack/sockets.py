"""Socket Mode: the app dials in, each envelope goes to one of its connections, the app answers by name."""

from __future__ import annotations

import asyncio
import itertools
import json
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from standins.slack.chaos import Chaos
from standins.slack.delivery import Envelope, Timing
from standins.slack.wire import Json, Refused, Violation, token

MOST_CONNECTIONS = 10
# How long a connection has to say goodbye, in seconds.
GOODBYE = 0.5


@dataclass(slots=True, eq=False)
class Connection:
    """One WebSocket of the app, and the envelopes it was handed."""

    socket: web.WebSocketResponse
    request: web.Request
    waiting: dict[str, asyncio.Future[str | None]] = field(default_factory=dict)
    retiring: bool = False

    def abandon(self) -> None:
        """Fail what was handed to this connection."""
        for future in self.waiting.values():
            if not future.done():
                future.set_result("connection_failed")


class Sockets:
    """Every connection of the app; the Socket Mode way of carrying envelopes."""

    def __init__(self, app_id: str, timing: Timing, chaos: Chaos, violations: list[Violation]) -> None:
        self.app_id = app_id
        self.timing = timing
        self.chaos = chaos
        self.violations = violations
        self.connections: list[Connection] = []
        self.connected = asyncio.Event()
        self.link_disabled = False
        self._tickets: set[str] = set()
        self._carried: dict[str, Envelope] = {}
        self._turn = itertools.count()

    def ticket(self) -> str:
        """Give the query of an address that one connection may use once."""
        if self.link_disabled:
            raise Refused("link_disabled")
        ticket = token(size=12)
        self._tickets.add(ticket)
        return f"ticket={ticket}&app_id={self.app_id}"

    async def ready(self) -> None:
        """Wait until the app is connected."""
        await self.connected.wait()

    async def back(self) -> None:
        """Wait until the app has dialled in again."""
        await self.connected.wait()

    async def serve(self, request: web.Request) -> web.StreamResponse:
        """Hold one connection of the app for as long as it lasts."""
        ticket = request.query.get("ticket", "")
        if ticket not in self._tickets:
            return web.Response(status=408)
        self._tickets.discard(ticket)
        socket = web.WebSocketResponse(timeout=GOODBYE)
        await socket.prepare(request)
        if len(self.connections) >= MOST_CONNECTIONS:
            await _say(socket, {"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        await self._hold(Connection(socket, request))
        return socket

    async def carry(self, envelope: Envelope, attempt: int, reason: str) -> str | None:
        """Hand the envelope to one connection, and wait for its answer."""
        live = [each for each in self.connections if not each.retiring] or self.connections
        if not live:
            return "connection_failed"
        connection = live[next(self._turn) % len(live)]
        name, answered = token(size=16), asyncio.get_running_loop().create_future()
        self._carried[name] = envelope
        connection.waiting[name] = answered
        try:
            await _say(connection.socket, _frame(envelope, name, attempt, reason))
            return await asyncio.wait_for(answered, self.timing.ack)
        except TimeoutError:
            return "timeout"
        except ConnectionError:
            return "connection_failed"
        finally:
            connection.waiting.pop(name, None)

    def drop(self) -> None:
        """Cut every connection without a word."""
        for connection in list(self.connections):
            self._leave(connection)
            if connection.request.transport is not None:
                connection.request.transport.abort()

    async def refresh(self, reason: str = "refresh_requested") -> None:
        """Ask every connection to come back by a new address, as Slack does every few hours."""
        debug = {"host": "standin", "started": "", "build_number": 0, "approximate_connection_time": 0}
        for connection in list(self.connections):
            connection.retiring = reason != "warning"
            await _say(connection.socket, {"type": "disconnect", "reason": reason, "debug_info": debug})

    async def close(self) -> None:
        """Say goodbye to every connection."""
        await asyncio.gather(*(connection.socket.close() for connection in self.connections))

    async def _hold(self, connection: Connection) -> None:
        self.connections.append(connection)
        try:
            await _say(connection.socket, self._hello())
            self.connected.set()
            async for message in connection.socket:
                if message.type == WSMsgType.TEXT:
                    self._hear(connection, message.data)
        except ConnectionError:
            pass
        finally:
            self._leave(connection)

    def _hello(self) -> Json:
        info = {"host": "standin", "started": "", "build_number": 0, "approximate_connection_time": 18060}
        return {
            "type": "hello", "num_connections": len(self.connections), "debug_info": info,
            "connection_info": {"app_id": self.app_id},
        }  # fmt: skip

    def _leave(self, connection: Connection) -> None:
        if connection in self.connections:
            self.connections.remove(connection)
        if not self.connections:
            self.connected.clear()
        connection.abandon()

    def _hear(self, connection: Connection, frame: str) -> None:
        try:
            said = json.loads(frame)
            envelope = self._carried[said["envelope_id"]]
        except (ValueError, KeyError, TypeError):
            self.violations.append(Violation("bad_ack", f"answers no envelope: {frame[:200]}"))
            return
        envelope.answered = True
        if self.chaos.ignored_acks:
            self.chaos.ignored_acks -= 1
            return
        waiting = connection.waiting.get(said["envelope_id"])
        if waiting is None or waiting.done():
            envelope.late = envelope.overdue
            return
        envelope.accept(said.get("payload") or {})
        waiting.set_result(None)


def _frame(envelope: Envelope, name: str, attempt: int, reason: str) -> Json:
    frame: Json = {
        "envelope_id": name, "type": envelope.kind, "payload": envelope.payload,
        "accepts_response_payload": envelope.kind != "events_api",
    }  # fmt: skip
    if envelope.kind == "events_api":
        frame |= {"retry_attempt": attempt, "retry_reason": reason}
    return frame


async def _say(socket: web.WebSocketResponse, frame: Json) -> None:
    await socket.send_str(json.dumps(frame))
