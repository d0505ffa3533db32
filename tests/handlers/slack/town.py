"""The real bot over a real SQLite file against the stand-in: what every test of this folder starts from."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from concurrent.futures import Future
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar

from pydantic import SecretStr

from bot.domain.names import RoomId, TenantId
from bot.theming import LexicalThemer
from bot.usecases import Core, build_core
from handlers.clock import utc_now
from handlers.door import Door
from handlers.slack.app import SlackAccess, SlackSide, build_slack
from handlers.slack.manifest import manifest
from standins.slack import Channel, Hands, Message, Pace, SlackStandin, Timing
from storage.problems import DiskFull, StorageProblem
from storage.sql import SqlStorage

T = TypeVar("T")

SHOWN_AT_ONCE = ("dots", "cap", "places", "closes_at", "extras", "by_theme", "wave")
"""Rules the vote form shows before "More rules"."""
CHOSEN = ("cap", "places", "keep_days")
"""Numbers that are chosen from a list."""
QUESTION = "How might we make mornings calmer?"


class Fuse:
    """Stands before the storage; blown, nothing can be kept or read."""

    def __init__(self, storage: SqlStorage) -> None:
        self.storage = storage
        self.blown = False

    def submit(self, work: Callable[[], T], /) -> Future[T]:
        """Writes, or fails as a full disk does."""
        return self._through(self.storage.submit, work)

    def submit_look(self, work: Callable[[], T], /) -> Future[T]:
        """Reads, or fails the same way."""
        return self._through(self.storage.submit_look, work)

    def _through(self, way: Callable[[Callable[[], T]], Future[T]], work: Callable[[], T]) -> Future[T]:
        if not self.blown:
            return way(work)
        failed: Future[T] = Future()
        failed.set_exception(DiskFull())
        return failed


class Watch:
    """The bot's clock: the machine's, and whatever it was put forward."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def now(self) -> datetime:
        return utc_now() + self.ahead


@dataclass
class Town:
    """A workspace with the bot in it, Alice who leads and Bruno who takes part, and a room."""

    slack: SlackStandin
    bot: SlackSide
    core: Core
    storage: SqlStorage
    fuse: Fuse
    alice: Hands
    bruno: Hands
    room: Channel
    watch: Watch = field(default_factory=Watch)

    def join(self, *names: str) -> list[Hands]:
        """People who are in the room before the bot looks at it."""
        people = [self.slack.person(name) for name in names]
        self.room.members.update(dict.fromkeys(person.id for person in people))
        return people

    async def wait(self, **how_long: float) -> None:
        """Puts the bot's clock forward, and lets it do what is due."""
        self.watch.ahead += timedelta(**how_long)
        await self.bot.ticker.tick()
        self.bot.courier.nudge()

    async def launch(self, question: str = QUESTION, **fields: object) -> Message:
        """Alice launches a hunt by the form, with other fields where they are given; its board."""
        reply = await self.alice.command("/ideahunt", "new", channel=self.room)
        assert reply.view is not None
        for name, value in {"question": question, "room": self.room.id, **fields}.items():
            await self.alice.fill(reply.view, f"field:{name}", value)
        sent = await self.alice.submit(reply.view)
        assert not sent.errors, sent.errors
        return await self.board()

    async def caught_up(self) -> None:
        """Until the bot has read what was said under a new board: what comes later comes as an event alone."""
        await self.slack.until(lambda: [call for call in self.slack.calls if call.method == "conversations.replies"])
        await self.slack.settle()

    async def open_vote(self, **fields: object) -> None:
        """Alice opens the vote by its form, with other rules where they are given; likely duplicates go through."""
        hub = await self.alice.command("/ideahunt", channel=self.room)
        assert hub.view is not None
        reply = await self.alice.click(hub.view, action_id="deed:open_vote")
        assert reply.view is not None
        form = reply.view
        if set(fields) - set(SHOWN_AT_ONCE):
            await self.alice.click(form, action_id="pick:more_rules")
        if any(block["block_id"] == "field:wave" for block in form.blocks):
            fields = {"wave": ["yes"], **fields}
        for name, value in fields.items():
            await self.alice.fill(form, f"field:{name}", str(value) if name in CHOSEN else value)
        sent = await self.alice.submit(form)
        assert not sent.errors, sent.errors
        assert self.alice.view is not None
        await self.alice.close(self.alice.view, everything=True)

    async def figure(self, name: str) -> object:
        """One of the figures of health."""
        return (await self.bot.health.readiness()).figures.get(name)

    async def ideas(self) -> int:
        """How many ideas stand in the room's hunt."""
        hunt = self.core.hunts.newest_here(TenantId(f"slack:{self.slack.team}"), RoomId(self.room.id))
        assert hunt is not None
        with self.storage.look() as unit:
            return unit.hunts.get(TenantId(f"slack:{self.slack.team}"), hunt).ideas

    async def board(self) -> Message:
        """The hunt's one message, once it is there."""
        await self.slack.until(lambda: [m for m in self.room.messages if m.user == self.slack.bot_user_id and m.blocks])
        return next(m for m in self.room.messages if m.user == self.slack.bot_user_id and m.blocks)


def the_core(storage: SqlStorage) -> Core:
    """The core as it is."""
    return build_core(storage, LexicalThemer())


@asynccontextmanager
async def town(
    url: str,
    *,
    pace: Pace = Pace.OFF,
    timing: Timing | None = None,
    second: float = 0.0,
    build: Callable[[SqlStorage], Core] = the_core,
) -> AsyncIterator[Town]:
    """Opens it, and shuts it in order."""
    async with SlackStandin(manifest(), pace=pace, timing=timing) as slack:
        alice, bruno = slack.person("alice"), slack.person("bruno", locale="fr-FR", tz="Europe/Paris")
        room = slack.channel("morning", [alice, bruno])
        storage = SqlStorage(url)
        try:
            core = build(storage)
            fuse = Fuse(storage)
            watch = Watch()
            async with running(core, fuse, slack, second, watch.now) as bot:
                yield Town(slack, bot, core, storage, fuse, alice, bruno, room, watch)
        finally:
            storage.close()


@asynccontextmanager
async def running(
    core: Core, fuse: Fuse, slack: SlackStandin, second: float = 0.0, now: Callable[[], datetime] = utc_now
) -> AsyncIterator[SlackSide]:
    """The bot, from start to stop."""
    door = Door(fuse.submit, fuse.submit_look, problems=(StorageProblem,))
    app = slack.desk.app
    access = SlackAccess(SecretStr(app.bot_token), SecretStr(app.app_token), None, slack.api_url, second=second)
    bot = build_slack(core, door, access, now)
    try:
        await bot.start()
        yield bot
    finally:
        await bot.stop()


def play(url: str, story: Callable[[Town], Awaitable[None]], **weather: Any) -> None:
    """Runs a story in a town of its own."""

    async def day() -> None:
        async with town(url, **weather) as opened:
            await story(opened)

    asyncio.run(day())
