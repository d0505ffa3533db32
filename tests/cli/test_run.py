"""`ideahunt run` as a process of its own: ready, healthy, refused with words, stopped in time, silent about secrets."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.cli.findings import State
from bot.cli.port_checks import check_port
from bot.cli.settings import Settings
from handlers.slack.manifest import manifest
from standins.slack import Channel, Hands, SlackStandin
from storage.schema import upgrade

ROOT = Path(__file__).parents[2]
BOT, APP, SECRET = "xoxb-canary-bot", "xapp-canary-app", "canary-signing-secret"
IDEA = "Un verger canari derrière la mairie"


class Service:
    """A bot in a process of its own; `said` is everything it wrote so far."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.said = ""
        self._reading = asyncio.create_task(self._read())

    async def _read(self) -> None:
        assert self._process.stdout is not None
        while line := await self._process.stdout.readline():
            self.said += line.decode()

    async def says(self, words: str, within: float = 30) -> None:
        async with asyncio.timeout(within):
            while words not in self.said:
                assert not self._reading.done() or words in self.said, self.said
                await asyncio.sleep(0.02)

    @property
    def address(self) -> str:
        return self.said.partition("health is at ")[2].partition("/readyz")[0]

    def signal(self, number: signal.Signals) -> None:
        self._process.send_signal(number)

    async def ended(self, within: float = 30) -> int:
        code = await asyncio.wait_for(self._process.wait(), within)
        await self._reading
        return code

    async def kill(self) -> None:
        if self._process.returncode is None:
            self._process.kill()
        await self.ended()


@asynccontextmanager
async def service(folder: Path, slack: SlackStandin, **changes: str) -> AsyncIterator[Service]:
    environment = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": str(ROOT),
        "SLACK_BOT_TOKEN": BOT,
        "SLACK_APP_TOKEN": APP,
        "IDEAHUNT_SLACK_API_URL": slack.api_url,
        "IDEAHUNT_HTTP_PORT": "0",
        "IDEAHUNT_THEMES_MODEL": "words",
        **changes,
    }
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "run",
        cwd=folder,
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    bot = Service(process)
    try:
        yield bot
    finally:
        await bot.kill()


def with_slack(
    story: Callable[[SlackStandin], Coroutine[Any, Any, None]],
    *,
    forgive: Iterable[str] = (),
    declined: Iterable[str] = (),
    http: str | None = None,
) -> None:
    async def told() -> None:
        tokens = {"bot_token": BOT, "app_token": APP, "signing_secret": SECRET}
        async with SlackStandin(manifest(http), declined_scopes=declined, **tokens) as slack:
            for kind in forgive:
                slack.forgive(kind)
            await story(slack)

    asyncio.run(told())


def team(slack: SlackStandin) -> tuple[Hands, Channel]:
    ines = slack.person("ines", locale="fr-FR", tz="Europe/Paris")
    return ines, slack.channel("transfo", [ines], bot_member=True)


async def asked(address: str) -> tuple[int, dict[str, Any]]:
    async with aiohttp.ClientSession() as session, session.get(address) as answer:
        return answer.status, await answer.json()


# --- ready and stopped


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_says_when_it_is_ready_answers_and_stops_cleanly(number: signal.Signals, tmp_path: Path) -> None:
    async def story(slack: SlackStandin) -> None:
        ines, room = team(slack)
        async with service(tmp_path, slack) as bot:
            await bot.says("ready")
            assert (await asked(f"{bot.address}/healthz"))[0] == 200
            status, figures = await asked(f"{bot.address}/readyz")
            assert (status, figures["ready"], figures["database"], figures["connected"]) == (200, True, True, True)
            await ines.command("/ideahunt", "aide", channel=room)
            await slack.settle()
            assert "/ideahunt" in ines.ephemerals()[-1].text
            began = time.monotonic()
            bot.signal(number)
            assert await bot.ended() == 0
            assert time.monotonic() - began < 10
            assert "stopped" in bot.said
            assert "Traceback" not in bot.said

    with_slack(story)


def test_it_starts_again_after_a_kill_and_knows_what_it_knew(tmp_path: Path) -> None:
    async def story(slack: SlackStandin) -> None:
        ines, room = team(slack)
        async with service(tmp_path, slack) as bot:
            await bot.says("ready")
            await ines.command("/ideahunt", "aide", channel=room)
            bot.signal(signal.SIGKILL)
            assert await bot.ended() == -signal.SIGKILL
        async with service(tmp_path, slack) as bot:
            await bot.says("ready")
            await ines.command("/ideahunt", "aide", channel=room)
            await slack.settle()

    with_slack(story, forgive=["not_acknowledged"])


def test_a_stop_before_it_is_ready_is_a_clean_stop_too(tmp_path: Path) -> None:
    async def story(slack: SlackStandin) -> None:
        slack.chaos.answer("auth.test", error="internal_error", times=50)
        async with service(tmp_path, slack) as bot:
            await bot.says("does not answer (internal_error)")
            bot.signal(signal.SIGTERM)
            assert await bot.ended(10) == 0

    with_slack(story)


def test_over_http_slack_is_answered_when_it_signs(tmp_path: Path) -> None:
    http = {"IDEAHUNT_SLACK_TRANSPORT": "http", "SLACK_SIGNING_SECRET": SECRET, "SLACK_APP_TOKEN": ""}

    async def story(slack: SlackStandin) -> None:
        ines, room = team(slack)
        async with service(tmp_path, slack, **http) as bot:
            await bot.says("health is at")
            slack.deliver_to(f"{bot.address}/slack/events")
            await slack.connected()
            await ines.command("/ideahunt", "aide", channel=room)
            await slack.settle()
            assert "/ideahunt" in ines.ephemerals()[-1].text
            async with aiohttp.ClientSession() as session:
                unsigned = await session.post(f"{bot.address}/slack/events", json={"type": "event_callback"})
            assert unsigned.status == 401
            bot.signal(signal.SIGTERM)
            assert await bot.ended() == 0

    with_slack(story, http="https://ideas.example.org")


@pytest.mark.postgres
def test_on_postgres_it_waits_for_whoever_upgrades_the_tables(postgres_url: str, tmp_path: Path) -> None:
    async def story(slack: SlackStandin) -> None:
        async with service(tmp_path, slack, IDEAHUNT_DATABASE_URL=postgres_url) as early:
            assert await early.ended() == 2
            assert "Run ideahunt db upgrade" in early.said
        await asyncio.to_thread(upgrade, postgres_url, datetime.now(UTC))
        async with service(tmp_path, slack, IDEAHUNT_DATABASE_URL=postgres_url) as bot:
            await bot.says("ready")
            assert (await asked(f"{bot.address}/readyz"))[0] == 200
            bot.signal(signal.SIGTERM)
            assert await bot.ended() == 0

    with_slack(story)


def test_the_doctor_recognises_a_bot_that_runs_and_says_how_it_is(tmp_path: Path) -> None:
    async def story(slack: SlackStandin) -> None:
        async with service(tmp_path, slack) as bot:
            await bot.says("ready")
            port = int(bot.address.rpartition(":")[2])
            settings = Settings(_env_file=None, http_port=port)
            assert (await check_port(settings)).what == f"A bot runs at 127.0.0.1:{port}, and it is ready."
        with socket.create_server(("127.0.0.1", port)):
            stranger = await check_port(settings)
        assert (stranger.state, "no ideahunt answers" in stranger.what) == (State.WARNING, True)
        assert (await check_port(settings)).state is State.FINE

    with_slack(story, forgive=["not_acknowledged"])


# --- refused with words


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"SLACK_BOT_TOKEN": "xoxb-canary-other"}, "IDEAHUNT_SLACK_BOT_TOKEN is not a token Slack knows"),
        ({"SLACK_APP_TOKEN": "xapp-canary-other"}, "IDEAHUNT_SLACK_APP_TOKEN is not a token Slack knows"),
        ({"SLACK_APP_TOKEN": ""}, "IDEAHUNT_SLACK_APP_TOKEN is missing"),
        ({"SLACK_BOT_TOKEN": APP, "SLACK_APP_TOKEN": BOT}, "each other's token"),
        ({"IDEAHUNT_SLACK_TRANSPORT": "http"}, "IDEAHUNT_SLACK_SIGNING_SECRET is missing"),
        ({"IDEAHUNT_HTTP_PORT": "canary"}, "IDEAHUNT_HTTP_PORT has a value that cannot be used"),
        ({"IDEAHUNT_DATABASE_URL": "oracle://canary"}, "IDEAHUNT_DATABASE_URL has a value that cannot be used"),
    ],
)
def test_what_is_wrong_at_the_start_is_named_with_what_to_do(
    changes: dict[str, str], words: str, tmp_path: Path
) -> None:
    async def story(slack: SlackStandin) -> None:
        async with service(tmp_path, slack, **changes) as bot:
            assert await bot.ended() == 2
            assert words in bot.said
            assert "→" in bot.said
            assert "Traceback" not in bot.said
            assert "canary" not in bot.said

    with_slack(story, forgive=["invalid_auth"])


def test_a_missing_vital_permission_refuses_to_start(tmp_path: Path) -> None:
    async def story(slack: SlackStandin) -> None:
        async with service(tmp_path, slack) as bot:
            assert await bot.ended() == 2
            assert "chat:write" in bot.said

    with_slack(story, declined=["chat:write"], forgive=["missing_scope"])


def test_another_missing_permission_is_told_and_the_bot_runs(tmp_path: Path) -> None:
    async def story(slack: SlackStandin) -> None:
        async with service(tmp_path, slack) as bot:
            await bot.says("ready")
            assert "reactions:write: an idea taken from a message gets no receipt" in bot.said

    with_slack(story, declined=["reactions:write"], forgive=["missing_scope"])


def test_a_second_bot_on_the_same_file_is_refused(tmp_path: Path) -> None:
    async def story(slack: SlackStandin) -> None:
        async with service(tmp_path, slack) as first:
            await first.says("ready")
            async with service(tmp_path, slack) as second:
                assert await second.ended() == 2
                assert "Another process works on this database" in second.said

    with_slack(story)


def test_a_port_that_is_taken_is_told(tmp_path: Path) -> None:
    async def story(slack: SlackStandin) -> None:
        port = slack.api_url.rpartition(":")[2].partition("/")[0]
        async with service(tmp_path, slack, IDEAHUNT_HTTP_PORT=port) as bot:
            assert await bot.ended() == 2
            assert "cannot be listened on" in bot.said

    with_slack(story)


# --- silent about secrets


@pytest.mark.parametrize("shape", ["console", "json"])
def test_no_secret_is_ever_written_even_at_debug(shape: str, tmp_path: Path) -> None:
    async def story(slack: SlackStandin) -> None:
        ines, room = team(slack)
        log = {"IDEAHUNT_LOG_LEVEL": "DEBUG", "IDEAHUNT_LOG_FORMAT": shape, "SLACK_SIGNING_SECRET": SECRET}
        async with service(tmp_path, slack, **log) as bot:
            await bot.says("ready")
            await ines.command("/ideahunt", "aide", channel=room)
            await ines.post(room, "hello")
            slack.chaos.drop_connections()
            await slack.connected()
            slack.chaos.answer("views.open", error="fatal_error", times=2)
            await ines.command("/ideahunt", "nouvelle", channel=room)
            await slack.settle()
            bot.signal(signal.SIGTERM)
            assert await bot.ended() == 0
            for secret in (BOT, APP, SECRET, "canary", "ticket="):
                assert secret not in bot.said
            if shape == "json":
                assert all(json.loads(line)["level"] for line in bot.said.splitlines())

    with_slack(story, forgive=["not_acknowledged"])


def test_an_idea_is_not_written_above_debug(tmp_path: Path) -> None:
    async def story(slack: SlackStandin) -> None:
        ines, room = team(slack)
        async with service(tmp_path, slack) as bot:
            await bot.says("ready")
            await ines.command("/ideahunt", f"idée {IDEA}", channel=room)
            await ines.post(room, IDEA)
            await slack.settle()
            bot.signal(signal.SIGTERM)
            await bot.ended()
            assert "canari" not in bot.said

    with_slack(story)


# --- in time


def test_it_leaves_within_ten_seconds_even_when_slack_keeps_it_waiting(tmp_path: Path) -> None:
    async def story(slack: SlackStandin) -> None:
        ines, _ = team(slack)
        async with service(tmp_path, slack) as bot:
            await bot.says("ready")
            slack.chaos.slow("chat.postMessage", 60, times=9)
            slack.chaos.slow("users.info", 60, times=9)
            await ines.direct("What is this for, please?", wait=False)
            await asyncio.sleep(1)
            began = time.monotonic()
            bot.signal(signal.SIGTERM)
            assert await bot.ended(12) == 0
            assert time.monotonic() - began < 10

    with_slack(story, forgive=["not_acknowledged"])


def test_a_second_signal_does_not_wait(tmp_path: Path) -> None:
    async def story(slack: SlackStandin) -> None:
        ines, _ = team(slack)
        async with service(tmp_path, slack) as bot:
            await bot.says("ready")
            slack.chaos.slow("chat.postMessage", 60, times=9)
            await ines.direct("What is this for, please?", wait=False)
            await asyncio.sleep(1)
            bot.signal(signal.SIGINT)
            await bot.says("stopping")
            bot.signal(signal.SIGINT)
            assert await bot.ended(2) == 0

    with_slack(story, forgive=["not_acknowledged"])
