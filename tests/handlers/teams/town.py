"""The real bot over a real SQLite file against the stand-in for Teams: what every test of this folder starts from."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import uvicorn
from pydantic import SecretStr
from starlette.applications import Starlette

from bot.domain.names import MessageId, RoomId, TenantId
from bot.theming import LexicalThemer
from bot.usecases import Core, build_core
from handlers.clock import utc_now
from handlers.door import Door
from handlers.teams.app import TeamsAccess, TeamsSide, build_teams
from standins.teams import Answer, Chat, Hands, Pace, Post, TaskShown, TeamsStandin
from storage.problems import StorageProblem
from storage.sql import SqlStorage
from tests.handlers.slack.town import Fuse

QUESTION = "How might we make mornings calmer?"


class Server(uvicorn.Server):
    """Uvicorn, leaving signals to the tests."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


@asynccontextmanager
async def listening(app: Starlette) -> AsyncIterator[str]:
    """The bot's web side on the loopback; its address."""
    listener = socket.create_server(("127.0.0.1", 0))
    host, port = listener.getsockname()[:2]
    server = Server(uvicorn.Config(app, lifespan="off", ws="none", log_config=None, access_log=False))
    serving = asyncio.create_task(server.serve([listener]))
    try:
        yield f"http://{host}:{port}"
    finally:
        server.should_exit = True
        await serving


@dataclass
class Town:
    """A tenant with the bot in it, Alice who leads and Bruno who takes part, and a channel."""

    teams: TeamsStandin
    bot: TeamsSide
    core: Core
    storage: SqlStorage
    fuse: Fuse
    alice: Hands
    bruno: Hands
    room: Chat

    @property
    def tenant(self) -> TenantId:
        """As the core knows it."""
        return TenantId(f"teams:{self.teams.tenant_id}")

    def seen(self, who: Hands, text: str, room: Chat | None = None) -> Post | None:
        """The newest message of the bot with this text in it."""
        return next((one for one in reversed(who.seen(room or self.room)) if text in one.said), None)

    async def told(self, who: Hands, text: str, room: Chat | None = None) -> Post:
        """That message, once it is there."""
        return await self.teams.until(lambda: self.seen(who, text, room))

    async def door(self, who: Hands, words: str, do: str, room: Chat | None = None) -> TaskShown:
        """Mentions the bot with these words, and presses a button of the answer; the dialog that opens."""
        here = room or self.room
        before = len(who.seen(here))
        await who.mention(here, words)
        post = await self.teams.until(lambda: who.seen(here)[before:] and who.seen(here)[-1])
        assert post
        return shown(await who.press(here, post, titled(post, do)))

    async def open(self, who: Hands, do: str, room: Chat | None = None) -> Answer:
        """Presses a button of the board."""
        board = await self.board(room)
        return await who.press(room or self.room, board, titled(board, do))

    async def launch(self, question: str = QUESTION, **fields: object) -> Post:
        """Alice launches a hunt by the form; its board."""
        form = await self.door(self.alice, "new", "deed:new_hunt")
        if fields:
            form = await step(self.alice, self.room, form, "pick:more")
        for name, value in {"question": question, **fields}.items():
            form.fill(f"field:{name}", value)
        await step(self.alice, self.room, form, "submit")
        return await self.board()

    async def board(self, room: Chat | None = None) -> Post:
        """The hunt's one message, once it is there and known."""
        here = room or self.room
        post = await self.teams.until(lambda: board_of(self.teams, here))
        known = self.core.hunts.hunt_of
        await self.teams.until(lambda: known(self.tenant, RoomId(here.id), MessageId(post.id)))
        return post

    async def add(self, who: Hands, text: str, room: Chat | None = None, **fields: object) -> TaskShown:
        """An idea by the form of the board; the receipt."""
        form = shown(await self.open(who, "deed:add_idea", room))
        for name, value in {"text": text, **fields}.items():
            form.fill(f"field:{name}", value)
        return await step(who, room or self.room, form, "submit")

    async def open_vote(self, dots: int) -> None:
        """Alice opens the vote; once the board offers the ballot."""
        rules = shown(await self.facilitate("deed:open_vote"))
        rules.fill("field:dots", dots)
        await step(self.alice, self.room, rules, "submit")
        await self.voting()

    async def voting(self) -> None:
        """Waits until the board offers the ballot."""
        board = await self.board()
        await self.teams.until(lambda: [one for one in board.buttons if one["data"].get("do") == "deed:vote"])

    async def facilitate(self, do: str, *, sure: bool = True, who: Hands | None = None) -> Answer:
        """Presses a button of the hub, and says yes where it asks first."""
        lead = who or self.alice
        hub = shown(await self.open(lead, "deed:hub"))
        answer = await lead.submit(self.room, hub, titled(hub, do))
        if sure and answer.task is not None and any(b["data"].get("do") == "close" for b in answer.task.buttons):
            answer = await lead.submit(self.room, answer.task, titled(answer.task, do))
        return answer

    async def ideas(self) -> int:
        """How many ideas stand in the room's hunt."""
        hunt = self.core.hunts.newest_here(self.tenant, RoomId(self.room.id))
        assert hunt is not None
        with self.storage.look() as unit:
            return unit.hunts.get(self.tenant, hunt).ideas


def titled(seen: Post | TaskShown, do: str) -> str:
    """The title of the button that does this, whatever the language."""
    for button in seen.buttons:
        if button["data"].get("do") == do:
            return str(button["title"])
    raise LookupError(f"no {do}; there are {[one['data'].get('do') for one in seen.buttons]}")


async def step(who: Hands, room: Chat, form: TaskShown, do: str) -> TaskShown:
    """Presses a button of a dialog; the dialog that takes its place."""
    return shown(await who.submit(room, form, titled(form, do)))


def board_of(teams: TeamsStandin, room: Chat) -> Post | None:
    """The first message of the bot for everybody that begins a thread."""
    posts = [one for one in room.posts if one.author == teams.desk.tenant.bot_id and not one.to and not one.gone]
    return next((one for one in posts if one.root == one.id and one.cards), None)


def shown(answer: Answer) -> TaskShown:
    """The dialog of an answer."""
    assert answer.task is not None, answer
    return answer.task


@asynccontextmanager
async def town(url: str, *, pace: Pace = Pace.OFF, second: float = 0.0) -> AsyncIterator[Town]:
    """Opens it, and shuts it in order."""
    async with TeamsStandin(pace=pace) as teams:
        alice, bruno = teams.person("alice"), teams.person("bruno", locale="fr-FR", zone="Europe/Paris")
        room = teams.channel("morning", [alice, bruno])
        storage = SqlStorage(url)
        try:
            core = build_core(storage, LexicalThemer())
            fuse = Fuse(storage)
            async with running(core, fuse, teams, second) as bot, listening(bot.web_app()) as address:
                teams.connect(f"{address}/api/messages")
                await teams.install(room, alice)
                yield Town(teams, bot, core, storage, fuse, alice, bruno, room)
        finally:
            storage.close()


@asynccontextmanager
async def running(core: Core, fuse: Fuse, teams: TeamsStandin, second: float = 0.0) -> AsyncIterator[TeamsSide]:
    """The bot, from start to stop."""
    door = Door(fuse.submit, fuse.submit_look, problems=(StorageProblem,))
    secret = SecretStr(teams.desk.secret)
    access = TeamsAccess(teams.app_id, secret, (teams.tenant_id,), standin=teams.url, second=second)
    bot = build_teams(core, door, access, utc_now)
    try:
        await bot.start()
        yield bot
    finally:
        with suppress(asyncio.CancelledError):
            await bot.stop()


def play(url: str, story: Callable[[Town], Awaitable[None]], **weather: Any) -> None:
    """Runs a story in a town of its own."""

    async def day() -> None:
        async with town(url, **weather) as opened:
            await story(opened)

    asyncio.run(day())
