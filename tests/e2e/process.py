"""The real bot as a process of its own: started, heard, killed, started again."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
from collections.abc import Mapping
from pathlib import Path

from bot.failpoint import SETTING
from handlers.slack.manifest import EVENTS_PATH
from standins.slack import SlackStandin

ROOT = Path(__file__).parents[2]
HTTP = {"IDEAHUNT_SLACK_TRANSPORT": "http", "SLACK_APP_TOKEN": ""}
READY = "ready: Slack comes over"


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


class Bot:
    """`python -m bot run`. `said` is everything it ever wrote, over all its lives."""

    def __init__(self, slack: SlackStandin, folder: Path, url: str, settings: Mapping[str, str]) -> None:
        app = slack.desk.app
        self._folder = folder
        self._environment = {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": str(ROOT),
            "SLACK_BOT_TOKEN": app.bot_token,
            "SLACK_APP_TOKEN": app.app_token,
            "SLACK_SIGNING_SECRET": app.signing_secret,
            "IDEAHUNT_SLACK_API_URL": slack.api_url,
            "IDEAHUNT_DATABASE_URL": url,
            "IDEAHUNT_HTTP_PORT": str(free_port()),
            "IDEAHUNT_THEMES_MODEL": "words",  # reading models takes as long as all the rest of a life
            **settings,
        }
        self.address = f"http://127.0.0.1:{self._environment['IDEAHUNT_HTTP_PORT']}"
        """Where health is asked, in every life."""
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._life = 0
        self.said = ""

    async def start(self, failpoint: str = "") -> None:
        """Begins a life; with a failpoint, one that ends there."""
        self._life = len(self.said)
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            "run",
            cwd=self._folder,
            env={**self._environment, **({SETTING: failpoint} if failpoint else {})},
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        self._reading = asyncio.create_task(self._read(self._process))

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None
        while line := await process.stdout.readline():
            self.said += line.decode()

    @property
    def here(self) -> str:
        """What it said in this life."""
        return self.said[self._life :]

    @property
    def alive(self) -> bool:
        return self._process is not None and self._process.returncode is None

    @property
    def over_http(self) -> bool:
        return self._environment.get("IDEAHUNT_SLACK_TRANSPORT") == "http"

    @property
    def door(self) -> str:
        """Where Slack posts to."""
        return f"{self.address}{EVENTS_PATH}"

    async def ready(self, within: float = 40) -> bool:
        """Whether it serves; False when it ended before."""
        return await self.says(READY, within)

    async def says(self, words: str, within: float = 40) -> bool:
        """Waits for words; False when it ended without them."""
        assert self._reading is not None
        async with asyncio.timeout(within):
            while words not in self.here and not self._reading.done():  # noqa: ASYNC110 - nobody signals a line
                await asyncio.sleep(0.02)
        return words in self.here

    async def ended(self, within: float = 60) -> int:
        """Its exit status, once all it said is read."""
        assert self._process is not None
        assert self._reading is not None
        code = await asyncio.wait_for(self._process.wait(), within)
        await self._reading
        return code

    def signal(self, number: signal.Signals) -> None:
        assert self._process is not None
        self._process.send_signal(number)

    async def stop(self) -> None:
        """As an administrator does: asked, then gone within ten seconds."""
        self.signal(signal.SIGTERM)
        assert await self.ended(10) == 0, self.here[-3_000:]

    async def kill(self) -> None:
        """As the power does."""
        if self.alive:
            self.signal(signal.SIGKILL)
            await self.ended()
