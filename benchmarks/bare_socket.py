"""The floor for Socket Mode: bare Bolt over its own aiohttp client, which acknowledges and does nothing else."""

from __future__ import annotations

import sys

import uvloop
from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_sdk.web.async_client import AsyncWebClient

from benchmarks.bare import APP_TOKEN, bare_app


async def main() -> None:
    """Connects to the Web API whose address is the first argument, until stopped."""
    handler = AsyncSocketModeHandler(bare_app(sys.argv[1]), APP_TOKEN, web_client=AsyncWebClient(base_url=sys.argv[1]))
    await handler.start_async()  # type: ignore[no-untyped-call]


if __name__ == "__main__":
    uvloop.run(main())
