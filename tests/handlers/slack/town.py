"""The real bot over a real SQLite file against the stand-in: what every test of this folder starts from."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr

from bot.theming import LexicalThemer
from bot.usecases import Core, build_core
from handlers.clock import utc_now
from handlers.door import Door
from handlers.slack.app import SlackAccess, SlackSide, build_slack
from handlers.slack.manifest import manifest
from standins.slack import Channel, Hands, Message, Pace, SlackStandin, Timing
from storage.problems import StorageProblem
from storage.sql import SqlStorage

QUESTION = "How might we make mornings calmer?"


@dataclass
class Town:
    """A workspace with the bot in it, Alice who leads and Bruno who takes part, and a room."""

    slack: SlackStandin
    bot: SlackSide
    core: Core
    storage: SqlStorage
    alice: Hands
    bruno: Hands
    room: Channel

    async def launch(self, question: str = QUESTION, **fields: object) -> Message:
        """Alice launches a hunt by the form, with other fields where they are given; its board."""
        reply = await self.alice.command("/ideahunt", "new", channel=self.room)
        assert reply.view is not None
        for name, value in {"question": question, "room": self.room.id, **fields}.items():
            await self.alice.fill(reply.view, f"field:{name}", value)
        sent = await self.alice.submit(reply.view)
        assert not sent.errors, sent.errors
        return await self.board()

    async def board(self) -> Message:
        """The hunt's one message, once it is there."""
        await self.slack.until(lambda: [m for m in self.room.messages if m.user == self.slack.bot_user_id and m.blocks])
        return next(m for m in self.room.messages if m.user == self.slack.bot_user_id and m.blocks)


@asynccontextmanager
async def town(url: str, *, pace: Pace = Pace.OFF, timing: Timing | None = None) -> AsyncIterator[Town]:
    """Opens it, and shuts it in order."""
    async with SlackStandin(manifest(), pace=pace, timing=timing) as slack:
        alice, bruno = slack.person("alice"), slack.person("bruno", locale="fr-FR", tz="Europe/Paris")
        room = slack.channel("morning", [alice, bruno])
        storage = SqlStorage(url)
        try:
            core = build_core(storage, LexicalThemer())
            async with running(core, storage, slack) as bot:
                yield Town(slack, bot, core, storage, alice, bruno, room)
        finally:
            storage.close()


@asynccontextmanager
async def running(core: Core, storage: SqlStorage, slack: SlackStandin) -> AsyncIterator[SlackSide]:
    """The bot, from start to stop."""
    door = Door(storage.submit, storage.submit_look, problems=(StorageProblem,))
    app = slack.desk.app
    access = SlackAccess(SecretStr(app.bot_token), SecretStr(app.app_token), None, slack.api_url, second=0.0)
    bot = build_slack(core, door, access, utc_now)
    await bot.start()
    try:
        yield bot
    finally:
        await bot.stop()


def play(url: str, story: Callable[[Town], Awaitable[None]], **weather: Any) -> None:
    """Runs a story in a town of its own."""

    async def day() -> None:
        async with town(url, **weather) as opened:
            await story(opened)

    asyncio.run(day())
