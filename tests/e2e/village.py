"""A room of people, a bot that may die at any moment, and gestures that people repeat until they are heard."""

from __future__ import annotations

import asyncio
import signal
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import TypeVar

from bot.failpoint import DIED
from handlers.slack.manifest import manifest
from standins.play.stage import buttons, letters
from standins.play.voting import offers
from standins.slack import Channel, Hands, Message, NotAcknowledged, NothingThere, SlackStandin, Timing, View
from tests.e2e.process import Bot
from tests.e2e.records import Records

T = TypeVar("T")

QUESTION = "How might we make the workshop quieter?"
QUICK = Timing(retries=(0.3,) * 60, patience=45.0)
"""Slack's deadlines, with retries that follow each other closely."""
BOT, APP, SIGNING = "xoxb-canary-b0t", "xapp-canary-4pp", "canary-s1gning"
PATIENCE = 60.0
"""Seconds somebody tries the same gesture."""


@dataclass
class Village:
    """Odile leads; Karim, Salomé and Jonas take part. `planned` deaths happen one after the other."""

    slack: SlackStandin
    bot: Bot
    records: Records
    odile: Hands
    karim: Hands
    salome: Hands
    jonas: Hands
    room: Channel
    planned: list[str] = field(default_factory=list)
    died: list[str] = field(default_factory=list)
    awake: asyncio.Event = field(default_factory=asyncio.Event)
    resting: bool = False
    tending: asyncio.Task[None] | None = None

    # --- the bot's lives

    async def tend(self) -> None:
        """Starts the bot, and again whenever it died where it was meant to, until it ends otherwise."""
        while True:
            failpoint = self.planned.pop(0) if self.planned else ""
            await self.bot.start(failpoint)
            if await self.bot.ready():
                self.awake.set()
            code = await self.bot.ended(300)  # nobody lives longer in a test
            self.awake.clear()
            if self.resting:
                return
            assert code in {DIED, -signal.SIGKILL}, self.bot.here[-5_000:]
            self.died.append(failpoint)
            self.records.a_minute_passes()

    async def rest(self) -> None:
        """The bot is stopped in order, and stays so."""
        self.resting = True
        await self.bot.stop()

    async def rise(self, *deaths: str) -> None:
        """The bot is started again, to die as planned."""
        assert self.tending is not None
        await self.tending
        self.planned += deaths
        self.resting = False
        self.tending = asyncio.create_task(self.tend())
        await self.until(self.awake.is_set, 120)

    async def until(self, condition: Callable[[], object], within: float = 40) -> None:
        """Waits for something to be so; a bot that ended in another way than planned is told at once."""

        def so() -> object:
            if self.tending is not None and self.tending.done():
                self.tending.result()
            return condition()

        await self.slack.until(so, within)

    async def patiently(self, gesture: Callable[[], Awaitable[T]]) -> T:
        """A gesture that Slack says was not heard is made again by its person, once the bot is back."""
        end = asyncio.get_running_loop().time() + PATIENCE
        while asyncio.get_running_loop().time() < end:
            await self.until(self.awake.is_set)
            try:
                return await gesture()
            except (NotAcknowledged, NothingThere, TimeoutError):
                await asyncio.sleep(0.4)
        raise AssertionError(self.bot.here[-5_000:])

    # --- what people see

    @property
    def said(self) -> list[Message]:
        """The bot's messages in the room itself."""
        return [message for message in self.room.messages if message.bot_id]

    @property
    def board(self) -> Message:
        return self.said[0]

    @property
    def results(self) -> list[Message]:
        return [message for message in self.said if offered(message, "deed:export")]

    @property
    def tables(self) -> list[Message]:
        """The bot's messages under the board."""
        return [message for message in self.room.thread(self.board)[1:] if message.bot_id]

    @property
    def files(self) -> list[str]:
        """The files that arrived, whole."""
        return [file["name"] for file in self.slack.desk.files.values() if file.get("content") is not None]

    # --- what people do

    async def launch(self) -> None:
        """Odile fills the form in once; the same form is sent until Slack says it was taken."""

        async def fill_in() -> None:
            view = self.odile.view
            if view is None:
                view = await opened(self, self.odile, f"new {QUESTION}")
                await self.odile.fill(view, "field:room", self.room.id)
            if view.callback_id == "form:launch":
                done = await self.odile.submit(view)
                assert not done.errors, done.errors

        await self.patiently(fill_in)
        await self.leave(self.odile)
        await self.until(lambda: self.said)

    async def leave(self, who: Hands) -> None:
        """Closes every window."""

        async def close() -> None:
            if who.view is not None:
                await who.close(who.view, everything=True)

        await self.patiently(close)

    async def reply(self, who: Hands, text: str) -> Message:
        """An idea in the thread of the board: Slack brings it until it is taken."""
        return await who.post(self.room, text, thread_ts=self.board)

    async def type_idea(self, who: Hands, text: str) -> None:
        """An idea after the command; who is not sure it was taken looks among their ideas first."""

        async def type_once() -> None:
            mine = await opened(self, who, "ideas")
            if letters(text) not in letters(mine.visible_text):
                await who.command("/ideahunt", f"idea {text}", channel=self.room)

        await self.patiently(type_once)
        await self.leave(who)

    async def reveal(self) -> None:
        async def ask() -> None:
            if not self.tables:
                await self.odile.command("/ideahunt", "reveal", channel=self.room)
                await self.until(lambda: self.tables, 8)

        await self.patiently(ask)

    async def open_vote(self, dots: int = 3) -> None:
        async def ask() -> None:
            if offered(self.board, "deed:vote"):
                return
            await self.leave(self.odile)
            hub = await opened(self, self.odile, "")
            await self.odile.click(hub, action_id="deed:open_vote")
            await self.until(lambda: self.odile.view and self.odile.view.callback_id == "form:vote", 5)
            form = self.odile.view
            assert form is not None
            await self.odile.fill(form, "field:dots", str(dots))
            await self.odile.submit(form)
            await self.until(lambda: offered(self.board, "deed:vote"), 8)

        await self.patiently(ask)
        await self.leave(self.odile)

    async def vote(self, who: Hands, wishes: Mapping[str, int]) -> None:
        """Dots by the words of ideas, each choice an absolute wish."""

        async def place() -> None:
            await self.leave(who)
            reply = await who.click(self.board, action_id="deed:vote")
            await self.until(lambda: reply.view, 5)
            assert reply.view is not None
            for text, dots in wishes.items():
                await choose(self, who, reply.view, number_of(reply.view, text), dots)

        await self.patiently(place)
        await self.leave(who)

    async def close(self) -> None:
        async def ask() -> None:
            if not self.results:
                await self.odile.command("/ideahunt", "close", channel=self.room)
                await self.until(lambda: self.results, 8)

        await self.patiently(ask)

    async def export(self) -> None:
        """Odile asks for the file once it is not there."""

        async def ask() -> None:
            if not self.files:
                await self.odile.command("/ideahunt", "export csv", channel=self.room)
                await self.until(lambda: self.files, 8)

        await self.patiently(ask)

    async def calm(self) -> None:
        """Until every event is acknowledged, and every letter that is due is settled."""
        await self.until(self._calm, 60)

    def _calm(self) -> bool:
        return self.awake.is_set() and not self.slack.desk.postbox.in_flight and not self.records.under_way()


async def opened(village: Village, who: Hands, words: str) -> View:
    """The window that the command opens."""
    reply = await who.command("/ideahunt", words, channel=village.room)
    await village.until(lambda: reply.view, 5)
    assert reply.view is not None
    return reply.view


def offered(message: Message, deed: str) -> bool:
    """Whether a message offers a deed."""
    return any(str(button["action_id"]).split(":")[:2] == deed.split(":") for button in buttons(message.blocks))


def number_of(view: View, text: str) -> int:
    """The number of an idea on the ballot in front of somebody. Raises NothingThere."""
    for block in view.blocks:
        if block.get("accessory", {}).get("action_id") == "pick:dots" and letters(text) in letters(str(block["text"])):
            return int(block["accessory"]["initial_option"]["value"].split("|")[1])
    raise NothingThere(text)


async def choose(village: Village, who: Hands, view: View, number: int, dots: int) -> None:
    """So many dots for one option, seen placed."""

    def placed() -> int:
        return next(offer.dots for offer in offers(view) if offer.number == number)

    values = next(offer.values for offer in offers(view) if offer.number == number)
    if placed() != dots:
        await who.choose(view, "pick:dots", values[dots])
        await village.until(lambda: placed() == dots, 4)


@asynccontextmanager
async def village(
    folder: Path, url: str, deaths: Sequence[str] = (), settings: Mapping[str, str] = MappingProxyType({})
) -> AsyncIterator[Village]:
    """Opens it, the bot running (and dying as planned); the stand-in stays strict about everything else."""
    async with SlackStandin(manifest(), timing=QUICK, bot_token=BOT, app_token=APP, signing_secret=SIGNING) as slack:
        slack.forgive("not_acknowledged")  # a dead bot answers nobody; events are looked at one by one
        bot = Bot(slack, folder, url, settings)
        if bot.over_http:
            slack.deliver_to(bot.door)
        odile = slack.person("odile", locale="fr-FR", tz="Europe/Paris")
        karim, salome = slack.person("karim", tz="America/Montreal"), slack.person("salome", name="Salomé")
        jonas = slack.person("jonas", locale="de-DE", tz="Europe/Berlin")
        room = slack.channel("workshop", [odile, karim, salome, jonas])
        here = Village(slack, bot, Records(url), odile, karim, salome, jonas, room, list(deaths))
        here.tending = asyncio.create_task(here.tend())
        try:
            await here.until(here.awake.is_set, 120)
            yield here
            lost = [str(each) for each in slack.envelopes if each.kind == "events_api" and each.given_up]
            assert not lost, lost
        finally:
            here.resting = True
            here.tending.cancel()
            await asyncio.gather(here.tending, return_exceptions=True)
            await bot.kill()
