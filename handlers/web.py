"""The web side: health for whoever runs the service, and Slack's requests behind a guard of our own."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import orjson
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from yarl import URL

from handlers.health import Health

MOST_BYTES = 1024 * 1024
WINDOW = 300
"""Seconds a signature stays good, in the past or in the future."""
STAMP = re.compile(r"[0-9]{1,12}", re.ASCII)
SIGNATURE = re.compile(r"v0=[0-9a-f]{64}", re.ASCII)
DEEPEST = 100
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
Take = Callable[[dict[str, Any], Mapping[str, str]], Awaitable[tuple[int, str, str]]]
"""Gets a body and its retry headers; gives status, content type and body of the answer."""


@dataclass(eq=False)
class Refused(Exception):
    """A request that is not answered; the reason is a status, never the body."""

    status: int


class Guard:
    """Checks size, kind and signature of a request on its raw bytes, before anything is parsed."""

    def __init__(self, secret: SecretStr, now: Callable[[], datetime]) -> None:
        self._secret = secret
        self._now = now

    async def read(self, request: Request) -> bytes:
        """The raw body. Raises Refused 400, 413 or 415."""
        if request.headers.get("content-encoding", "identity") != "identity":
            raise Refused(415)
        if _kind(request) not in {JSON, FORM}:
            raise Refused(415)
        return await _bounded(request)

    def verify(self, headers: Mapping[str, str], body: bytes) -> None:
        """Raises Refused 401 unless Slack signed these bytes within the last five minutes."""
        stamp, signature = headers.get("x-slack-request-timestamp", ""), headers.get("x-slack-signature", "")
        if not STAMP.fullmatch(stamp) or not SIGNATURE.fullmatch(signature):
            raise Refused(401)
        if abs(self._now().timestamp() - int(stamp)) > WINDOW:
            raise Refused(401)
        secret = self._secret.get_secret_value().encode()
        signed = hmac.new(secret, b"v0:" + stamp.encode() + b":" + body, hashlib.sha256).hexdigest()
        if not hmac.compare_digest(f"v0={signed}", signature):
            raise Refused(401)


def parse(kind: str, body: bytes) -> dict[str, Any]:
    """The payload of a request: JSON, a form with `payload`, or a command's plain form. Raises Refused 400."""
    if kind == JSON:
        return _object(body)
    try:
        form = URL("?" + body.decode("ascii"), encoded=True).query
    except (UnicodeDecodeError, ValueError):
        raise Refused(400) from None
    if (payload := form.get("payload")) is not None:
        return _object(payload.encode("utf-8", "replace"))
    return dict(form.items())


async def read_json(request: Request) -> dict[str, Any]:
    """The JSON object of a request, small and shallow enough to be looked at. Raises Refused 400, 413 or 415."""
    if request.headers.get("content-encoding", "identity") != "identity" or _kind(request) != JSON:
        raise Refused(415)
    return _object(await _bounded(request))


async def _bounded(request: Request) -> bytes:
    read = bytearray()
    async for chunk in request.stream():
        read += chunk
        if len(read) > MOST_BYTES:
            raise Refused(413)
    return bytes(read)


def _object(body: bytes) -> dict[str, Any]:
    try:
        found = orjson.loads(body)  # refuses to nest deeper than its own limit, without recursion of ours
    except orjson.JSONDecodeError:
        raise Refused(400) from None
    if not isinstance(found, dict) or _too_deep(found):
        raise Refused(400)
    return found


def _too_deep(found: object) -> bool:
    """Whether objects and lists nest deeper than any payload of Slack does."""
    level = [found]
    for _ in range(DEEPEST):
        below = (one for each in level for one in (each.values() if type(each) is dict else each))  # type: ignore[attr-defined]
        level = [one for one in below if type(one) is dict or type(one) is list]  # a parser's own types: no isinstance
        if not level:
            return False
    return True


def _kind(request: Request) -> str:
    return request.headers.get("content-type", "").partition(";")[0].strip().lower()


class Web:
    """The routes. `take` is None where Slack is reached by Socket Mode: health only."""

    def __init__(self, health: Health, guard: Guard | None = None, take: Take | None = None) -> None:
        self._health = health
        self._guard = guard
        self._take = take

    def app(self, *more: Route) -> Starlette:
        """The ASGI application; `more` are routes of other platforms."""
        routes = [Route("/healthz", self.alive), Route("/readyz", self.ready), *more]
        if self._guard is not None and self._take is not None:
            routes.append(Route("/slack/events", self.slack, methods=["POST"]))
        return Starlette(routes=routes)

    async def alive(self, _: Request) -> Response:
        """The loop turns."""
        return JSONResponse({"alive": True})

    async def ready(self, _: Request) -> Response:
        """200 when people are served now, 503 otherwise."""
        readiness = await self._health.readiness()
        return JSONResponse({"ready": readiness.ready, **readiness.figures}, 200 if readiness.ready else 503)

    async def slack(self, request: Request) -> Response:
        """One of Slack's requests; a refusal says nothing but its status."""
        assert self._guard is not None
        assert self._take is not None
        try:
            body = await self._guard.read(request)
            self._guard.verify(request.headers, body)
            payload = parse(_kind(request), body)
        except Refused as refused:
            return Response(status_code=refused.status)
        except ClientDisconnect:
            return Response(status_code=400)
        if payload.get("type") == "url_verification":
            return JSONResponse({"challenge": str(payload.get("challenge", ""))[:1_000]})
        if "ssl_check" in payload:
            return Response()
        status, kind, answer = await self._take(payload, _retries(request))
        return Response(answer, status, media_type=kind or None)


def _retries(request: Request) -> dict[str, str]:
    """What Slack tells of an earlier try."""
    return {name: value for name, value in request.headers.items() if name.startswith("x-slack-retry-")}
