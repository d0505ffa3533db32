"""Where everything is put together: settings, storage, core, platforms and the web, started and ended in order."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

import uvicorn
from starlette.applications import Starlette

from bot.cli.database import prepare
from bot.cli.greeting import greet
from bot.cli.problems import Problem, Stopped
from bot.cli.settings import Settings, SlackKeys, TeamsKeys
from bot.cli.starting import Start, start_all
from bot.cli.storage_words import words
from bot.cli.themes_settings import choice_of
from bot.domain.people import LANGUAGES
from bot.theming.aside import AsideThemer
from bot.usecases import Core, build_core
from bot.words import translator
from handlers.clock import utc_now
from handlers.door import Door
from handlers.office import Office
from handlers.slack.app import SlackAccess, SlackSide, build_slack
from storage.problems import StorageProblem
from storage.sql import SqlStorage

if TYPE_CHECKING:  # its library is an extra
    from handlers.teams.app import TeamsSide

THREADS = 4
"""Connections to the database: readers beside SQLite's one writer, or all of them on PostgreSQL."""
WEB_WITHIN = 1
"""Seconds for requests that are still answered when all else has stopped."""
READ_BY_LIBRARIES = (
    "SLACK_BOT_TOKEN",
    "SLACK_SIGNING_SECRET",
    "SLACK_CLIENT_ID",
    "SLACK_CLIENT_SECRET",
    "DANGEROUSLY_ALLOW_UNAUTHENTICATED_REQUESTS",
)
"""The platforms' libraries would take these from the environment by themselves, and go their own way with them."""

Now = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Running:
    """A bot that runs. `address` is where health is asked, "" without the web."""

    core: Core
    storage: SqlStorage
    office: Office
    address: str = ""
    slack: SlackSide | None = None
    teams: TeamsSide | None = None

    async def tick(self) -> int:
        """Makes the clock strike now, and brings every letter that is due; returns how many things the clock did."""
        done = await self.office.ticker.tick()
        await self.office.courier.flush()
        return done


@asynccontextmanager
async def running(
    settings: Settings, now: Now = utc_now, *, second: float = 1.0, web: bool = True, check: bool = True
) -> AsyncIterator[Running]:
    """The bot of these settings, from ready to ended. Raises Stopped when it cannot start.

    `second` is how many real seconds one second of the platforms' limits lasts: less only for a stand-in. `check` asks
    Slack first whether tokens and permissions are good.
    """
    slack_keys = settings.slack_keys() if settings.serves_slack else None
    teams_keys = settings.teams_keys() if settings.serves_teams else None
    for name in READ_BY_LIBRARIES:
        os.environ.pop(name, None)
    with _listening(settings, wanted=web) as listener:
        prepare(settings, now())
        with closing(AsideThemer(choice_of(settings))) as themer, closing(_storage(settings)) as storage:
            core, door = build_core(storage, themer), door_of(storage)
            office = Office(core, door, now)
            slack = _slack(office, core, door, now, _access(settings, slack_keys, second)) if slack_keys else None
            teams = _teams(office, core, door, now, settings, teams_keys, second) if teams_keys else None
            async with _serving(_web(slack, teams), listener):
                try:
                    await start_all(office, _starts(settings, slack, teams, slack_keys if check else None))
                    await asyncio.to_thread(_read_words)
                    with _grouping(themer):
                        yield Running(core, storage, office, _address(listener), slack, teams)
                finally:
                    await office.close()


def _storage(settings: Settings) -> SqlStorage:
    with words():
        return SqlStorage(settings.database, THREADS, secret=settings.vote_key)


@contextmanager
def _grouping(themer: AsideThemer) -> Iterator[None]:
    """Tells now when a model of the owner's own cannot be read; lets whoever waits for a grouping go at the end."""
    if themer.choice.model:
        themer.wake()
    try:
        yield
    finally:
        themer.close()


def _slack(office: Office, core: Core, door: Door, now: Now, access: SlackAccess) -> SlackSide:
    return build_slack(core, door, access, now, office)


def _teams(  # noqa: PLR0913, PLR0917 - what it is made of
    office: Office, core: Core, door: Door, now: Now, settings: Settings, keys: TeamsKeys, second: float
) -> TeamsSide:
    """Imported here: its library takes most of a second, and whoever serves Slack alone needs none of it."""
    from handlers.teams.app import TeamsAccess, build_teams

    access = TeamsAccess(
        keys.app_id,
        keys.app_secret,
        keys.tenant_ids,
        settings.language,
        settings.time_zone,
        settings.teams_standin_url or "",
        second,
    )
    return build_teams(core, door, access, now, office)


def _web(slack: SlackSide | None, teams: TeamsSide | None) -> Starlette:
    """One application for both platforms and for health."""
    if slack is not None:
        return slack.web_app(*([teams.route()] if teams is not None else []))
    assert teams is not None
    return teams.web_app()


def door_of(storage: SqlStorage) -> Door:
    """The door to a storage: what the database cannot do shuts it, and whoever stands outside tries again."""
    return Door(storage.submit, storage.submit_look, problems=(StorageProblem,), submit_long=storage.submit_long)


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


def _starts(
    settings: Settings, slack: SlackSide | None, teams: TeamsSide | None, greeting: SlackKeys | None
) -> list[Start]:
    """Slack first: where both are new, Teams becomes part of its workspace. `greeting`: the keys to try first."""

    async def begin_slack() -> None:
        assert slack is not None
        if greeting is not None:
            await greet(settings, greeting)
        await slack.start()

    starts = [Start(slack.name, "Slack", begin_slack)] if slack is not None else []
    return [*starts, Start(teams.name, "Microsoft", teams.start)] if teams is not None else starts


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
async def _serving(app: Starlette, listener: socket.socket | None) -> AsyncIterator[None]:
    if listener is None:
        yield
        return
    config = uvicorn.Config(
        app,
        lifespan="off",
        ws="none",
        log_config=None,
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=WEB_WITHIN,
    )
    server = Server(config)
    serving = asyncio.create_task(server.serve([listener]))
    try:
        yield
    finally:
        server.should_exit = True
        await serving
