"""A Web API that answers everything at once or after a pause, counts, and holds the app to Slack's limits if asked."""

from __future__ import annotations

import asyncio
import math
import time
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any, Self
from urllib.parse import parse_qs

import orjson
from aiohttp import web

from benchmarks.link import Link
from benchmarks.town import BOT, ROOM, TEAM

A_MINUTE = {"chat.update": 50, "reactions.add": 50, "views.update": 100, "chat.postEphemeral": 100}
"""Slack's tiers of the methods that load reaches."""


@dataclass(eq=False)
class Stub:
    """The Web API; `pause` is how many seconds an answer takes, `strict` switches the limits on."""

    pause: float = 0.0
    strict: bool = False
    calls: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    boards: list[tuple[float, str]] = field(default_factory=list)
    """When a board was updated, and what it says."""
    url: str = ""
    socket_url: str = ""
    link: Link = field(default_factory=Link)
    _windows: dict[str, deque[float]] = field(default_factory=dict)
    _stamp: int = 1_700_000_100
    _runner: web.AppRunner | None = None

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=4 * 1024 * 1024)
        app.router.add_post("/api/{method}", self._answer)
        app.router.add_get("/api/{method}", self._answer)
        app.router.add_get("/link", self.link.meet)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        host, port = self._runner.addresses[0][:2]
        self.url, self.socket_url = f"http://{host}:{port}/api/", f"ws://{host}:{port}/link"
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    def forget(self) -> None:
        """Counts from nothing."""
        self.calls.clear()
        self.refused.clear()
        self.boards.clear()

    async def _answer(self, request: web.Request) -> web.Response:
        method = request.match_info["method"]
        self.calls[method] += 1
        if self.strict and (wait := self._too_fast(method)):
            self.refused[method] += 1
            return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers={"Retry-After": wait})
        body = await request.read()
        if method == "chat.update":
            self.boards.append((time.perf_counter(), body.decode("utf-8", "replace")))
        if self.pause:
            await asyncio.sleep(self.pause)
        return web.Response(body=orjson.dumps(self._said(method, request, body)), content_type="application/json")

    def _too_fast(self, method: str) -> str:
        """Seconds to wait, as Slack says them; nothing when the call may pass."""
        most = A_MINUTE.get(method)
        if most is None:
            return ""
        now, calls = time.monotonic(), self._windows.setdefault(method, deque())
        while calls and calls[0] <= now - 60:
            calls.popleft()
        if len(calls) >= most:
            return str(max(1, math.ceil(calls[0] + 60 - now)))
        calls.append(now)
        return ""

    def _said(self, method: str, request: web.Request, body: bytes) -> dict[str, Any]:
        self._stamp += 1
        if method == "auth.test":
            return {"ok": True, "team_id": TEAM, "team": "bench", "user_id": BOT, "bot_id": "B0BOT", "user": "ideahunt",
                    "url": "https://bench.slack.com/"}  # fmt: skip
        if method == "apps.connections.open":
            return {"ok": True, "url": self.socket_url}
        if method == "chat.update":  # the same message: a new stamp would be another
            return {"ok": True, "ts": _asked(request, body, "ts"), "channel": ROOM}
        if method == "users.info":
            person = _asked(request, body, "user")
            return {"ok": True, "user": {"id": person, "team_id": TEAM, "name": person, "locale": "fr-FR", "tz": "UTC"}}
        if method == "conversations.info":
            return {"ok": True, "channel": {"id": ROOM, "name": "bench", "is_member": True, "is_private": False}}
        return {"ok": True, "ts": f"{self._stamp}.000100", "channel": ROOM, "messages": [], "members": [],
                "view": {"id": "V0BENCH", "hash": "h"}, "response_metadata": {"next_cursor": ""}}  # fmt: skip


def _asked(request: web.Request, body: bytes, name: str) -> str:
    if request.content_type == "application/json":
        return str(orjson.loads(body).get(name, ""))
    found = request.query.get(name) or parse_qs(body.decode("utf-8", "replace")).get(name, [""])[0]
    return str(found)
