"""Where everything is put together: settings, storage, core, door, Slack and the web, started and ended in order."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime

import uvicorn

from bot.cli.database import prepare
from bot.cli.greeting import greet
from bot.cli.problems import Problem, Stopped
from bot.cli.settings import Settings, SlackKeys
from bot.cli.storage_words import words
from bot.cli.themes import read_words
from bot.domain.people import LANGUAGES
from bot.theming.aside import AsideThemer
from bot.theming.choice import Choice
from bot.usecases import Core, build_core
from bot.words import translator
from handlers.clock import utc_now
from handlers.door import Door
from handlers.platform import BadPayload, TenantDead
from handlers.slack.app import SlackAccess, SlackSide, build_slack
from storage.problems import StorageProblem
from storage.sql import SqlStorage

THREADS = 4
"""Connections to the database: readers beside SQLite's one writer, or all of them on PostgreSQL."""
STOP_WITHIN = 7.0
"""Seconds for what is under way; the web and the storage need a little more after it."""
READ_BY_BOLT = ("SLACK_BOT_TOKEN", "SLACK_SIGNING_SECRET", "SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET")
"""Slack's library would take these from the environment by itself, and go its own way with them."""

Now = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Running:
    """A bot that runs. `address` is where health is asked, "" without the web."""

    core: Core
    storage: SqlStorage
    side: SlackSide
    address: str = ""

    async def tick(self) -> int:
        """Makes the clock strike now, and brings every letter that is due; returns how many things the clock did."""
        done = await self.side.ticker.tick()
        await self.side.courier.flush()
        return done


@asynccontextmanager
async def running(
    settings: Settings, now: Now = utc_now, *, second: float = 1.0, web: bool = True, check: bool = True
) -> AsyncIterator[Running]:
    """The bot of these settings, from ready to ended. Raises Stopped when it cannot start.

    `second` is how many real seconds one second of Slack's limits lasts: less only for a stand-in. `check` asks Slack
    first whether tokens and permissions are good.
    """
    keys = settings.slack_keys()
    for name in READ_BY_BOLT:
        os.environ.pop(name, None)
    with _listening(settings, wanted=web) as listener:
        prepare(settings, now())
        themer = AsideThemer(_choice(settings))
        with words():
            storage = SqlStorage(settings.database, THREADS, secret=settings.vote_key)
        try:
            core = build_core(storage, themer)
            access = _access(settings, keys, second)
            side = build_slack(core, door_of(storage), access, now)
            async with _serving(side, listener):
                if check:
                    await greet(settings, keys)
                async with _started(side):
                    await asyncio.to_thread(_read_words)
                    yield Running(core, storage, side, _address(listener))
        finally:
            themer.close()
            storage.close()


def _choice(settings: Settings) -> Choice:
    """What groups ideas here. Raises Stopped for a word list that cannot be used."""
    key = settings.embeddings_key
    return Choice(
        words=read_words(settings.words_file),
        model=settings.themes_model or "",
        url=settings.embeddings_url or "",
        url_model=settings.embeddings_model or "",
        key=key.get_secret_value() if key else "",
    )


def door_of(storage: SqlStorage) -> Door:
    """The door to a storage: what the database cannot do shuts it, and whoever stands outside tries again."""
    return Door(storage.submit, storage.submit_look, problems=(StorageProblem,))


def _access(settings: Settings, keys: SlackKeys, second: float) -> SlackAccess:
    over_socket = settings.slack_transport == "socket"
    return SlackAccess(
        bot_token=keys.bot_token,
        app_token=keys.app_token if over_socket else None,
        signing_secret=None if over_socket else keys.signing_secret,
        api_url=settings.slack_api_url,
        language=settings.language,
        zone=settings.time_zone,
        second=second,
    )


def _read_words() -> None:
    """Reads the catalogues aside: read by the first answer of all, they would hold the others up."""
    for language in LANGUAGES:
        translator(language)


@asynccontextmanager
async def _started(side: SlackSide) -> AsyncIterator[None]:
    try:
        await side.start()
        yield
    except (TenantDead, BadPayload) as refused:
        raise Stopped(Problem(f"Slack refuses the bot ({refused}).", "Run ideahunt doctor.")) from refused
    finally:
        await side.stop(STOP_WITHIN)


# --- the web


@contextmanager
def _listening(settings: Settings, *, wanted: bool) -> Iterator[socket.socket | None]:
    """The port, taken before anything else is begun. Raises Stopped."""
    if not wanted:
        yield None
        return
    place = (settings.http_host, settings.http_port)
    try:
        listener = socket.create_server(place, backlog=2048)
    except OSError as error:
        what = f"{place[0]}:{place[1]} cannot be listened on ({error.strerror})."
        fix = "Is ideahunt running already? Else set IDEAHUNT_HTTP_PORT to a free port."
        raise Stopped(Problem(what, fix)) from None
    with listener:
        yield listener


def _address(listener: socket.socket | None) -> str:
    if listener is None:
        return ""
    host, port = listener.getsockname()[:2]
    return f"http://{host}:{port}"


class Server(uvicorn.Server):
    """Uvicorn, leaving signals to whoever runs the bot."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def _serving(side: SlackSide, listener: socket.socket | None) -> AsyncIterator[None]:
    if listener is None:
        yield
        return
    config = uvicorn.Config(
        side.web_app(),
        lifespan="off",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=1,
    )
    server = Server(config)
    serving = asyncio.create_task(server.serve([listener]))
    try:
        yield
    finally:
        server.should_exit = True
        await serving
