"""The same bot reached by signed HTTP instead of a socket; and health, over either."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import replace

import aiohttp
import uvicorn
from pydantic import SecretStr

from bot.theming import LexicalThemer
from bot.usecases import build_core
from handlers.clock import utc_now
from handlers.door import Door
from handlers.slack.app import SlackAccess, SlackSide, build_slack
from handlers.slack.manifest import manifest
from standins.slack import Pace, SlackStandin
from storage.problems import StorageProblem
from storage.sql import SqlStorage
from tests.handlers.slack.town import Fuse, Town, play

IDEA = "Open the canteen an hour earlier"


@asynccontextmanager
async def served(side: SlackSide) -> AsyncIterator[str]:
    """The web side on a free port of the loopback; its address."""
    config = uvicorn.Config(side.web_app(), host="127.0.0.1", port=0, log_level="critical", lifespan="off")
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn offers no event
        await asyncio.sleep(0.01)
    host, port = server.servers[0].sockets[0].getsockname()[:2]
    try:
        yield f"http://{host}:{port}"
    finally:
        server.should_exit = True
        await task


def over_http(url: str, story: Callable[[Town, str], Awaitable[None]]) -> None:
    """Runs a story whose workspace speaks to the bot by signed requests."""

    async def day() -> None:
        async with SlackStandin(manifest("https://bot.example"), pace=Pace.OFF) as slack:
            alice, bruno = slack.person("alice"), slack.person("bruno", locale="fr-FR")
            room = slack.channel("morning", [alice, bruno])
            storage = SqlStorage(url)
            fuse = Fuse(storage)
            core = build_core(storage, LexicalThemer())
            door = Door(fuse.submit, fuse.submit_look, problems=(StorageProblem,))
            app = slack.desk.app
            access = SlackAccess(
                SecretStr(app.bot_token), None, SecretStr(app.signing_secret), slack.api_url, second=0.0
            )
            side = build_slack(core, door, access, utc_now)
            try:
                await side.start()
                async with served(side) as address:
                    slack.deliver_to(f"{address}/slack/events")
                    await slack.connected()
                    await story(Town(slack, side, core, storage, fuse, alice, bruno, room), address)
            finally:
                await side.stop()
                storage.close()

    asyncio.run(day())


def test_a_hunt_over_signed_http(migrated_sqlite_url: str) -> None:
    async def story(town: Town, _: str) -> None:
        board = await town.launch()
        await town.bruno.post(town.room, IDEA, thread_ts=board)
        reply = await town.bruno.click(board, action_id="deed:add_idea")
        assert reply.view is not None
        await town.bruno.fill(reply.view, "field:text", "oui")
        sent = await town.bruno.submit(reply.view)
        assert "mots" in sent.errors["field:text"]
        await town.slack.until(lambda: "1 idea ·" in board.visible_text)

    over_http(migrated_sqlite_url, story)


def test_a_request_replayed_within_five_minutes_changes_nothing(migrated_sqlite_url: str) -> None:
    async def story(town: Town, address: str) -> None:
        board = await town.launch()
        await town.bruno.post(town.room, IDEA, thread_ts=board)
        told = next(e for e in town.slack.envelopes if e.name == "message" and IDEA in str(e.payload))
        body = json.dumps(told.payload).encode()
        headers = town.slack.signed_headers(body) | {"Content-Type": "application/json"}
        async with aiohttp.ClientSession() as session:
            for _ in range(3):
                async with session.post(f"{address}/slack/events", data=body, headers=headers) as answer:
                    assert answer.status == 200
        assert await town.ideas() == 1

    over_http(migrated_sqlite_url, story)


def test_a_forged_request_is_401_and_leaves_no_row(migrated_sqlite_url: str) -> None:
    async def story(town: Town, address: str) -> None:
        await town.launch()
        body = b'{"type":"event_callback","event":{"type":"message"}}'
        headers = town.slack.signed_headers(b"another") | {"Content-Type": "application/json"}
        async with aiohttp.ClientSession() as session:
            async with session.post(f"{address}/slack/events", data=body, headers=headers) as answer:
                assert answer.status == 401
            async with session.get(f"{address}/slack/events") as answer:
                assert answer.status == 405
        assert await town.ideas() == 0

    over_http(migrated_sqlite_url, story)


def test_while_the_database_is_away_slack_is_told_to_come_again(migrated_sqlite_url: str) -> None:
    async def story(town: Town, address: str) -> None:
        board = await town.launch()
        await town.bruno.post(town.room, IDEA, thread_ts=board)
        told = next(e for e in town.slack.envelopes if e.name == "message" and IDEA in str(e.payload))
        body = json.dumps(told.payload).encode()
        headers = town.slack.signed_headers(body) | {"Content-Type": "application/json"}
        town.fuse.blown = True
        async with aiohttp.ClientSession() as session:
            async with session.post(f"{address}/slack/events", data=body, headers=headers) as answer:
                assert answer.status == 500
            async with session.get(f"{address}/readyz") as answer:
                assert answer.status == 503
                assert (await answer.json())["database"] is False
            async with session.get(f"{address}/healthz") as answer:
                assert answer.status == 200

    over_http(migrated_sqlite_url, story)


def test_health_tells_figures_and_no_names(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        board = await town.launch()
        await town.bruno.post(town.room, IDEA, thread_ts=board)
        async with served(town.bot) as address, aiohttp.ClientSession() as session:
            async with session.get(f"{address}/readyz") as answer:
                told = await answer.json()
                assert (answer.status, told["ready"], told["connected"]) == (200, True, True)
                assert told["letters_dead"] == 0
                assert "canteen" not in json.dumps(told)
            async with session.post(f"{address}/slack/events", data=b"{}") as answer:
                assert answer.status == 404  # a socket is used here: nobody is expected at this door

    play(migrated_sqlite_url, story)


def test_access_shows_no_secret() -> None:
    access = SlackAccess(SecretStr("xoxb-canary"), SecretStr("xapp-canary"), SecretStr("canary"))
    assert "canary" not in repr(replace(access, language="fr"))
