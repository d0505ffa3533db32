"""The Socket Mode connection: Slack's own client, with a fresh address for each try and a hand on what is under way."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Awaitable, Callable, Mapping
from time import time
from typing import Any

import aiohttp
from pydantic import SecretStr
from slack_bolt.adapter.socket_mode.async_internals import send_async_response
from slack_bolt.adapter.socket_mode.internals import build_headers
from slack_bolt.response import BoltResponse
from slack_sdk.errors import SlackApiError
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest
from slack_sdk.socket_mode.response import SocketModeResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.failpoint import failpoint

log = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
PING = 10.0
OK, BAD = 200, 400
Take = Callable[[dict[str, Any], Mapping[str, Any]], Awaitable[BoltResponse]]


class Line(SocketModeClient):
    """Slack's client. Its own loop keeps dialling one address that may have expired; ours asks for a new one."""

    def __init__(self, app_token: SecretStr, web: AsyncWebClient, connected: Callable[[], None]) -> None:
        super().__init__(app_token.get_secret_value(), web_client=web, ping_interval=PING)
        self._connected = connected
        self.tries = 0
        """Failed attempts since the last connection."""

    async def connect(self) -> None:
        """Until connected or closed, a little later each time."""
        pause = FIRST_PAUSE
        while not self.closed:
            try:
                await self._once()
            except (SlackApiError, aiohttp.ClientError, OSError, TimeoutError) as cut:
                self.tries += 1
                log.warning("Slack cannot be reached (%s), try %d", type(cut).__name__, self.tries)
                await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 - spreads tries
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                self.tries = 0
                return

    async def connect_to_new_endpoint(self, force: bool = False) -> None:
        """Slack is about to close this connection, or it is dead already."""
        async with self.connect_operation_lock:
            if force or not await self.is_connected():
                await self.connect()

    async def run_message_listeners(self, message: dict[str, Any], raw_message: str) -> None:
        """An envelope without a payload is acknowledged here: Slack's own client trips over it."""
        envelope = message.get("envelope_id")
        if isinstance(envelope, str) and not isinstance(message.get("payload"), dict):
            log.warning("an envelope without its payload")
            await self.send_socket_mode_response(SocketModeResponse(envelope))
            return
        await super().run_message_listeners(message, raw_message)

    async def _once(self) -> None:
        self.auto_reconnect_enabled = False
        if self.current_session is not None:
            await self.current_session.close()
        address = await self.issue_new_wss_url()
        self.current_session = await self.aiohttp_client_session.ws_connect(
            address, autoping=False, heartbeat=PING, proxy=self.proxy
        )
        self.stale, self.last_ping_pong_time = False, None
        self.auto_reconnect_enabled = self.default_auto_reconnect_enabled
        self._connected()
        # The last step: the task that runs this may be one of the two.
        old, self.current_session_monitor = (
            self.current_session_monitor,
            asyncio.ensure_future(self.monitor_current_session()),
        )
        older, self.message_receiver = self.message_receiver, asyncio.ensure_future(self.receive_messages())
        for task in (old, older):
            if task is not None:
                task.cancel()


class Connection:
    """Gives envelopes to `take` and acknowledges what it answers with 200."""

    def __init__(self, app_token: SecretStr, web: AsyncWebClient, take: Take, connected: Callable[[], None]) -> None:
        self._line = Line(app_token, web, connected)
        self._line.socket_mode_request_listeners.append(self._envelope)
        self._take = take
        self._dialling: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begins to connect."""
        self._dialling = asyncio.create_task(self._line.connect())

    async def connected(self) -> None:
        """When the first connection stands."""
        assert self._dialling is not None
        await asyncio.shield(self._dialling)

    def alive(self) -> bool:
        """Whether envelopes can arrive now."""
        session = self._line.current_session
        return not self._line.closed and not self._line.stale and session is not None and not session.closed

    async def close(self) -> None:
        """Hangs up."""
        if self._dialling is not None and not self._dialling.done():
            self._dialling.cancel()
        await self._line.close()  # type: ignore[no-untyped-call]  # the SDK's own

    async def _envelope(self, _: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        answer = await self._take(dict(request.payload), build_headers(request) or {})
        if answer.status == BAD:  # it will not read better the next time
            answer = BoltResponse(status=OK, body="")
        try:
            await send_async_response(self._line, request, answer, time())
        except aiohttp.ClientConnectionError:
            log.info("the line fell before an envelope was acknowledged; Slack sends it again")
        failpoint("line.after_ack")
