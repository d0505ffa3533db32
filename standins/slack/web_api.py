"""The HTTP side that the app calls: `/api/…`, `/response/…` and `/upload/…`."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from email.utils import format_datetime

from aiohttp import web

from standins.slack import (  # each enters its methods in the catalogue
    methods_app,
    methods_chat,
    methods_conversations,
    methods_files,
    methods_people,
    methods_reactions,
    methods_views,
)
from standins.slack.catalogue import METHODS, Call, Method, method
from standins.slack.chaos import CallMade, Trouble
from standins.slack.desk import Desk
from standins.slack.responses import respond
from standins.slack.sockets import Sockets
from standins.slack.wire import Json, Refused

FAMILIES = (
    methods_app,
    methods_chat,
    methods_conversations,
    methods_files,
    methods_people,
    methods_reactions,
    methods_views,
)
# What arrives as JSON inside a form.
NESTED = frozenset({"blocks", "attachments", "metadata", "view", "files", "message"})


@method("apps.connections.open", tier=0, token="app")  # noqa: S106 - the kind of token
def open_connection(call: Call) -> Json:
    """Never run: `WebApi` answers, as it alone knows its address."""
    raise Refused("internal_error", method=call.args)


class WebApi:
    """Answers the app's calls, after Slack's manner and in Slack's order of refusals."""

    def __init__(self, desk: Desk, sockets: Sockets) -> None:
        self.desk = desk
        self.sockets = sockets

    def routes(self) -> list[web.RouteDef]:
        """List the addresses the app calls."""
        return [
            web.post("/api/{method}", self.call),
            web.get("/api/{method}", self.call),
            web.get("/link/", self.sockets.serve),
            web.post("/response/{team}/{name}", self.respond),
            web.post("/upload/{file}", self.upload),
        ]

    async def call(self, request: web.Request) -> web.StreamResponse:
        """Answer one call of a method."""
        self.desk.calls_open += 1
        try:
            return await self._answer(request, request.match_info["method"])
        finally:
            self.desk.calls_open -= 1
            self.desk.touch()

    async def respond(self, request: web.Request) -> web.Response:
        """Take what the app posts to a `response_url`."""
        self.desk.touch()
        try:
            said = json.loads(await request.text())
        except ValueError:
            return web.Response(status=400, text="invalid_payload")
        status, word = respond(self.desk, request.match_info["name"], said)
        return web.Response(status=status, text=word)

    async def upload(self, request: web.Request) -> web.Response:
        """Take the bytes of a file."""
        file = self.desk.files.get(request.match_info["file"])
        if file is None:
            return web.Response(status=404)
        content = await request.read()
        if request.content_type == "multipart/form-data":
            content = _first_part(content)
        if len(content) != file["size"]:
            self.desk.breach("invalid_arguments", f"{file['name']}: {len(content)} bytes, announced {file['size']}")
        file["content"] = content
        return web.Response(text=f"OK - {len(content)}", content_type="text/plain")

    async def _answer(self, request: web.Request, name: str) -> web.StreamResponse:
        trouble = self.desk.chaos.trouble(name)
        args = await _arguments(request)
        made = CallMade(name, args, self.desk.workspace.now())
        self.desk.calls.append(made)
        if trouble is not None and not trouble.after and not trouble.wait:
            return trouble.response()
        if trouble is not None and trouble.wait:
            await asyncio.sleep(trouble.wait)
        made.answer, headers = await self._run(request, name, args)
        if trouble is not None and trouble.after:
            return _lost(request, trouble)
        status = 429 if made.answer.get("error") == "ratelimited" else 200
        return web.json_response(made.answer, status=status, headers=headers)

    async def _run(self, request: web.Request, name: str, args: Json) -> tuple[Json, dict[str, str]]:
        date = format_datetime(self.desk.workspace.now(), usegmt=True)
        headers = {"X-Slack-Req-Id": str(len(self.desk.calls)), "Date": date}
        try:
            asked = self._known(name)
            self._authorize(asked, _token(request, args))
            if asked.token == "bot":  # noqa: S105 - the kind of token
                headers["X-OAuth-Scopes"] = ",".join(self.desk.app.scopes)
                headers["X-Accepted-OAuth-Scopes"] = ",".join(asked.scopes)
            self.desk.rates.count(name, asked.tier)
            call = Call(self.desk, {k: v for k, v in args.items() if k != "token"})
            asked.check(call)
            return (self._socket() if asked.token == "app" else await asked.answer(call)), headers  # noqa: S105
        except Refused as refused:
            if refused.breach:
                self.desk.breach(refused.breach, f"{name} refused with {refused.error}: {refused.facts}")
            if "retry_after" in refused.facts:
                headers["Retry-After"] = str(refused.facts["retry_after"])
            return refused.answer(), headers

    def _known(self, name: str) -> Method:
        if name not in METHODS:
            raise Refused("unknown_method", breach="unknown_method", req_method=name)
        return METHODS[name]

    def _authorize(self, asked: Method, given: str | None) -> None:
        app = self.desk.app
        if asked.token == "none":  # noqa: S105 - the kind of token
            return
        if not given:
            raise Refused("not_authed", breach="not_authed")
        expected, other = app.bot_token, app.app_token
        if asked.token == "app":  # noqa: S105 - the kind of token
            expected, other = other, expected
        if given == other:
            raise Refused("not_allowed_token_type", breach="not_authed")
        if given != expected:
            raise Refused("invalid_auth")
        if self.desk.revoked:
            raise Refused(self.desk.revoked)

    def _socket(self) -> Json:
        host = self.desk.base_url.removeprefix("http://")
        return {"ok": True, "url": f"ws://{host}/link/?{self.sockets.ticket()}"}


def _token(request: web.Request, args: Mapping[str, object]) -> str | None:
    kind, _, given = request.headers.get("Authorization", "").partition(" ")
    if kind == "Bearer" and given:
        return given
    return str(args["token"]) if args.get("token") else None


async def _arguments(request: web.Request) -> Json:
    args: Json = dict(request.query)
    if request.content_type == "application/json":
        try:
            said = await request.json()
        except ValueError:
            said = {}
        args |= said if isinstance(said, dict) else {}
    else:
        args |= {name: str(value) for name, value in (await request.post()).items()}
    return {name: _nested(name, value) for name, value in args.items()}


def _nested(name: str, value: object) -> object:
    if name not in NESTED or not isinstance(value, str):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _lost(request: web.Request, trouble: Trouble) -> web.Response:
    if trouble.lose and request.transport is not None:
        request.transport.abort()
    return trouble.response()


def _first_part(body: bytes) -> bytes:
    boundary = body.split(b"\r\n", 1)[0]
    return body.split(b"\r\n\r\n", 1)[1].rsplit(b"\r\n" + boundary, 1)[0]
