"""The floor for whatever speaks HTTP: bare Bolt behind its ASGI adapter, which acknowledges and does nothing else."""

from __future__ import annotations

import re
import sys
from typing import Any

import uvicorn
from slack_bolt.adapter.asgi.async_handler import AsyncSlackRequestHandler
from slack_bolt.app.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck

SECRET = "bench-signing-secret"
TOKEN, APP_TOKEN = "xoxb-bench", "xapp-bench"


async def authorize(**_: Any) -> AuthorizeResult:  # noqa: ANN401 - Bolt passes whatever it knows
    """The same answer for everybody: looking up installations is not what is measured."""
    return AuthorizeResult(enterprise_id=None, team_id="T0BENCH", bot_user_id="U0BOT", bot_id="B0BOT", bot_token=TOKEN)


def bare_app(url: str | None = None) -> AsyncApp:
    """Three listeners that acknowledge, before the response as Bolt's own serverless adapters do."""
    app = AsyncApp(signing_secret=SECRET, process_before_response=True, authorize=authorize)
    if url:
        app.client.base_url = url

    @app.event(re.compile(".*"))
    async def _heard() -> None: ...

    @app.action(re.compile(".*"))
    async def _pressed(ack: AsyncAck) -> None:
        await ack()

    @app.command("/ideahunt")
    async def _said(ack: AsyncAck) -> None:
        await ack()

    return app


def main() -> None:
    """Serves on the port of the first argument until stopped."""
    app = AsyncSlackRequestHandler(bare_app(), "/slack/events")
    uvicorn.run(
        app, host="127.0.0.1", port=int(sys.argv[1]), loop="uvloop", http="httptools", log_level="warning",
        access_log=False, lifespan="off",
    )  # fmt: skip


if __name__ == "__main__":
    main()
