"""An app of a few lines on the real Bolt, and the real client, for the tests of the stand-in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from standins.slack import SlackStandin, Timing

MANIFEST: dict[str, Any] = {
    "features": {
        "app_home": {"home_tab_enabled": True, "messages_tab_enabled": True},
        "bot_user": {"display_name": "standbot"},
        "slash_commands": [{"command": "/do", "description": "Do it", "should_escape": True}],
        "shortcuts": [
            {"type": "global", "name": "Start", "callback_id": "start", "description": "Start"},
            {"type": "message", "name": "Keep", "callback_id": "keep", "description": "Keep"},
        ],
    },
    "oauth_config": {
        "scopes": {
            "bot": [
                "commands", "chat:write", "channels:history", "channels:join", "channels:read", "groups:history",
                "groups:read", "im:history", "reactions:read", "reactions:write", "users:read",
            ],
            "bot_optional": ["files:write", "pins:write"],
        }
    },
    "settings": {
        "event_subscriptions": {
            "bot_events": [
                "app_home_opened", "member_joined_channel", "message.channels", "message.groups", "message.im",
                "reaction_added", "reaction_removed",
            ]
        }
    },
}  # fmt: skip
# Deadlines a hundred times shorter than Slack's, where a test has to see one pass.
HURRIED = Timing(ack=0.3, trigger=0.3, retries=(0.05, 0.1, 0.1), patience=3.0)


def section(text: str = "Words") -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def button(text: str = "Press", **more: Any) -> dict[str, Any]:
    return {"type": "button", "text": {"type": "plain_text", "text": text}, "action_id": "press", **more}


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "block_id": "row", "elements": list(elements)}


def question(**more: Any) -> dict[str, Any]:
    return {
        "type": "input", "block_id": "q", "label": {"type": "plain_text", "text": "Question"},
        "element": {"type": "plain_text_input", "action_id": "words"}, **more,
    }  # fmt: skip


def menu(*values: str, **more: Any) -> dict[str, Any]:
    options = [{"text": {"type": "plain_text", "text": v.title()}, "value": v} for v in values]
    return {"type": "static_select", "action_id": "menu", "options": options, **more}


def modal(*blocks: dict[str, Any], **more: Any) -> dict[str, Any]:
    words = {"title": {"type": "plain_text", "text": "A form"}, "submit": {"type": "plain_text", "text": "Send"}}
    return {"type": "modal", "callback_id": "form", **words, "blocks": list(blocks) or [question()], **more}


def client_of(slack: SlackStandin, token: str = "xoxb-standin") -> AsyncWebClient:
    return AsyncWebClient(token=token, base_url=slack.api_url, retry_handlers=[])


def app_of(slack: SlackStandin) -> AsyncApp:
    return AsyncApp(client=client_of(slack), signing_secret="standin-signing-secret", process_before_response=True)


async def refusal(call: Awaitable[Any]) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


@asynccontextmanager
async def over_sockets(slack: SlackStandin, app: AsyncApp) -> AsyncIterator[AsyncSocketModeHandler]:
    own = client_of(slack, "xapp-standin")
    handler = AsyncSocketModeHandler(app, "xapp-standin", web_client=own, ping_interval=0.2)
    await handler.connect_async()
    try:
        await slack.connected()
        yield handler
    finally:
        await handler.close_async()


@asynccontextmanager
async def over_http(slack: SlackStandin, app: AsyncApp) -> AsyncIterator[str]:
    runner = web.AppRunner(app.web_app(path="/slack/events"))
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    slack.deliver_to(url)
    try:
        await slack.connected()
        yield url
    finally:
        await runner.cleanup()
