"""One driver for both platforms: type, press, fill, send, and read what is there then."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from bot.domain.names import PersonId, RoomId
from bot.screens import Deed
from handlers.desk import wire
from handlers.desk.wire import Pick
from standins.slack import Message, View
from standins.teams import Post, TaskShown
from tests.handlers.slack import town as slack
from tests.handlers.teams import town as teams

SPEAKERS = {"en": "en-US", "fr": "fr-FR"}


@dataclass(frozen=True)
class Page:
    """What one person has in front of them: everything one reads on it, what it offers, and the thing itself."""

    said: str
    deeds: frozenset[str]
    fields: frozenset[str]
    thing: Any


class Driver(ABC):
    """A platform as three people live it: one who reads English, one who reads French, and Zoe, who reads English."""

    def __init__(self) -> None:
        self.people: dict[str, Any] = {}
        self.room: Any = None

    @abstractmethod
    async def new_room(self, name: str) -> RoomId:
        """Another room with everybody and the bot in it; what follows is done there."""

    @abstractmethod
    def id(self, who: str) -> PersonId:
        """How the core knows them."""

    @abstractmethod
    async def type(self, who: str, words: str) -> Page:
        """Words to the bot in the room; what it answers."""

    @abstractmethod
    async def direct(self, who: str, words: str) -> Page:
        """Words to the bot alone; what it answers."""

    @abstractmethod
    async def press(self, who: str, page: Page, action: str) -> Page:
        """A button by what it does, and yes where it asks; what is there then."""

    @abstractmethod
    async def fill(self, who: str, page: Page, field: str, value: object) -> None:
        """Types or chooses."""

    @abstractmethod
    async def tick(self, who: str, page: Page, field: str) -> None:
        """Ticks the box of a field."""

    @abstractmethod
    async def untick(self, who: str, page: Page, box: str) -> None:
        """Takes the tick out of a box, by its id."""

    @abstractmethod
    async def choose(self, who: str, page: Page, pick: Pick, value: str) -> Page:
        """A choice that acts, by the value of its option; what is there then."""

    @abstractmethod
    async def place(self, who: str, page: Page, number: int, dots: int) -> Page:
        """Dots on one option of a ballot."""

    @abstractmethod
    async def select(self, who: str, page: Page, field: str, *people: str) -> None:
        """People chosen in a field."""

    @abstractmethod
    async def send(self, who: str, page: Page) -> Page:
        """Sends the form; what is there then."""

    @abstractmethod
    def in_room(self) -> list[str]:
        """Everything the bot shows everybody in the room, a text a message."""

    @abstractmethod
    def to(self, who: str) -> list[str]:
        """Everything the bot wrote to somebody alone, in their own conversation."""

    @abstractmethod
    async def answer_board(self, who: str, text: str) -> Any:
        """A reply under the board; the message it became."""

    @abstractmethod
    def marked(self, message: Any) -> bool:
        """Whether the bot put its sign under a message."""

    @abstractmethod
    async def until(self, wanted: Callable[[], Any]) -> Any:
        """What is wanted, once it is there."""

    @abstractmethod
    def faults(self) -> list[Any]:
        """What the platform would not have borne."""

    async def deed(self, who: str, page: Page, deed: Deed) -> Page:
        """A button of a deed."""
        return await self.press(who, page, wire.deed_action(deed))


# --- Slack -----------------------------------------------------------------------------------------------------------


def walked(node: Any) -> list[dict[str, Any]]:
    if isinstance(node, dict):
        return [node, *(one for inside in node.values() for one in walked(inside))]
    return [one for inside in node for one in walked(inside)] if isinstance(node, list) else []


def alike(found: str, wanted: str) -> bool:
    """Whether an action is the wanted one, whichever of several it is."""
    return found == wanted or re.fullmatch(rf"{re.escape(wanted)}:\d+", found) is not None


class InSlack(Driver):
    """Slack."""

    def __init__(self, town: slack.Town) -> None:
        super().__init__()
        self.town = town
        self.people = {who: town.slack.person(f"{who}speaker", locale=tag) for who, tag in SPEAKERS.items()}
        self.people["zoe"] = town.slack.person("zoe")

    async def new_room(self, name: str) -> RoomId:
        self.room = self.town.slack.channel(name, list(self.people.values()))
        self.room.members.setdefault(self.town.slack.bot_user_id)
        for one in self.people.values():
            while one.view is not None:
                await one.close(one.view, everything=True)
        return RoomId(self.room.id)

    def id(self, who: str) -> PersonId:
        return PersonId(self.people[who].id)

    async def type(self, who: str, words: str) -> Page:
        reply = await self.people[who].command("/ideahunt", words, channel=self.room)
        return self._there(who, reply, None)

    async def direct(self, who: str, words: str) -> Page:
        hands = self.people[who]
        reply = await hands.command("/ideahunt", words, channel=hands.inbox_channel)
        return self._there(who, reply, None)

    async def press(self, who: str, page: Page, action: str) -> Page:
        blocks = page.thing.blocks
        found = next(one["action_id"] for one in walked(blocks) if alike(str(one.get("action_id", "")), action))
        reply = await self.people[who].click(page.thing, action_id=found)
        return self._there(who, reply, page.thing)

    def _there(self, who: str, reply: Any, before: Any) -> Page:
        """The new modal or message; else the modal in front of the person, as it is now."""
        thing = reply.view or next(reversed(reply.ephemerals), None)
        if thing is None and isinstance(before, View):
            thing = self.people[who].view
        if thing is None and isinstance(before, Message):
            thing = before
        return self._page(thing)

    async def fill(self, who: str, page: Page, field: str, value: object) -> None:
        await self.people[who].fill(page.thing, wire.block(field), value)

    async def tick(self, who: str, page: Page, field: str) -> None:
        await self.fill(who, page, field, ["yes"])

    async def untick(self, who: str, page: Page, box: str) -> None:
        await self.people[who].choose(page.thing, wire.VALUE, [], block=box)

    async def choose(self, who: str, page: Page, pick: Pick, value: str) -> Page:
        action = wire.pick_action(pick)
        block = next(
            one["block_id"]
            for one in page.thing.blocks
            if any(alike(str(part.get("action_id", "")), action) for part in walked(one))
            and any(part.get("value") == value for part in walked(one))
        )
        found = next(
            str(part["action_id"])
            for part in walked(page.thing.blocks)
            if alike(str(part.get("action_id", "")), action)
        )
        reply = await self.people[who].choose(page.thing, found, value, block=block)
        return self._there(who, reply, page.thing)

    async def place(self, who: str, page: Page, number: int, dots: int) -> Page:
        if f"option:{number}" in page.fields:
            await self.fill(who, page, f"option:{number}", str(dots))
            return page
        return await self.choose(who, page, Pick.DOTS, f"1|{number}|{dots}")

    async def select(self, who: str, page: Page, field: str, *people: str) -> None:
        await self.fill(who, page, field, [self.id(one) for one in people])

    async def send(self, who: str, page: Page) -> Page:
        before = len(self.people[who].ephemerals())
        done = await self.people[who].submit(page.thing)
        if done.errors:
            shown = self._page(page.thing)
            return Page("\n".join([shown.said, *done.errors.values()]), shown.deeds, shown.fields, shown.thing)
        told = self.people[who].ephemerals()[before:]
        return self._page(done.view or (told[-1] if told else self.people[who].view))

    def _page(self, thing: Any) -> Page:
        if thing is None:
            return Page("", frozenset(), frozenset(), None)
        title = thing.definition["title"]["text"] if isinstance(thing, View) else ""
        actions = [str(one.get("action_id", "")) for one in walked(thing.blocks)]
        deeds = {found.value for one in actions if (found := wire.deed_of(one))}
        inputs = {name for one in walked(thing.blocks) if (name := wire.field_of(str(one.get("block_id", ""))))}
        return Page(f"{title}\n{thing.visible_text}", frozenset(deeds), frozenset(inputs), thing)

    def in_room(self) -> list[str]:
        everything = [one for message in self.room.messages for one in (message, *message.replies)]
        return [one.visible_text for one in everything if one.user == self.town.slack.bot_user_id]

    def to(self, who: str) -> list[str]:
        return [one.visible_text for one in self.people[who].inbox() if one.user == self.town.slack.bot_user_id]

    async def answer_board(self, who: str, text: str) -> Any:
        mine = self.town.slack.bot_user_id
        board = await self.until(lambda: [m for m in self.room.messages if m.user == mine and m.blocks])
        return await self.people[who].post(self.room, text, thread_ts=board[0])

    def marked(self, message: Any) -> bool:
        return bool(message.reactions)

    async def until(self, wanted: Callable[[], Any]) -> Any:
        await self.town.slack.until(wanted, timeout=15)
        return wanted()

    def faults(self) -> list[Any]:
        return list(self.town.slack.violations)


# --- Teams -----------------------------------------------------------------------------------------------------------


class InTeams(Driver):
    """Teams."""

    def __init__(self, town: teams.Town) -> None:
        super().__init__()
        self.town = town
        self.people = {who: town.teams.person(who, locale=tag) for who, tag in SPEAKERS.items()}
        self.people["zoe"] = town.teams.person("zoe")

    async def new_room(self, name: str) -> RoomId:
        self.room = self.town.teams.channel(name, list(self.people.values()))
        await self.town.teams.install(self.room, self.people["zoe"])
        return RoomId(self.room.id)

    def id(self, who: str) -> PersonId:
        return PersonId(self.people[who].person.object_id)

    async def type(self, who: str, words: str) -> Page:
        return await self._opened(who, await self._answered(who, self.room, self.people[who].mention(self.room, words)))

    async def direct(self, who: str, words: str) -> Page:
        hands = self.people[who]
        if not hands.chat.installed:
            await self.town.teams.install(hands.chat, hands)
        return await self._opened(who, await self._answered(who, hands.chat, hands.direct(words)), hands.chat)

    async def _answered(self, who: str, room: Any, said: Any) -> Post:
        hands = self.people[who]
        before = {one.id for one in hands.seen(room)}
        await said
        fresh = lambda: [one for one in hands.seen(room) if one.id not in before and (one.to or room is hands.chat)]  # noqa: E731
        found: list[Post] = await self.town.teams.until(fresh)
        return found[-1]

    async def _opened(self, who: str, post: Post, room: Any = None) -> Page:
        """The dialog behind a message that is only its door."""
        doors = [one["title"] for one in post.buttons] if DOOR.search(post.said) else []
        if not doors:
            return self._page(post)
        answer = await self.people[who].press(room or self.room, post, doors[0])
        return self._page(answer.task or post)

    async def press(self, who: str, page: Page, action: str) -> Page:
        title = self._titled(page.thing, action)
        hands = self.people[who]
        before = {one.id for one in hands.seen(self.room)}
        if isinstance(page.thing, TaskShown):
            answer = await hands.submit(self.room, page.thing, title)
        else:
            answer = await hands.press(self.room, page.thing, title)
        if answer.task is not None and any(one["data"].get("do") == "close" for one in answer.task.buttons):
            answer = await hands.submit(self.room, answer.task, self._titled(answer.task, action))
        told = [one for one in hands.seen(self.room) if one.id not in before and one.to]
        return self._page(answer.task or (told[-1] if told else page.thing))

    def _titled(self, thing: Any, action: str) -> str:
        return next(str(one["title"]) for one in thing.buttons if alike(str(one["data"].get("do", "")), action))

    async def fill(self, who: str, page: Page, field: str, value: object) -> None:
        page.thing.fill(wire.block(field), value)

    async def tick(self, who: str, page: Page, field: str) -> None:
        page.thing.fill(wire.block(field), "yes")

    async def untick(self, who: str, page: Page, box: str) -> None:
        page.thing.fill(box, "")

    async def choose(self, who: str, page: Page, pick: Pick, value: str) -> Page:
        for id, one in page.thing.inputs.items():
            if not id.startswith("field:") and value in {str(each["value"]) for each in one.get("choices", ())}:
                page.thing.fill(id, value)
                return await self.press(who, page, wire.pick_action(pick))
        raise LookupError(value)

    async def place(self, who: str, page: Page, number: int, dots: int) -> Page:
        await self.fill(who, page, f"option:{number}", str(dots))
        return page

    async def select(self, who: str, page: Page, field: str, *people: str) -> None:
        await self.fill(who, page, field, ",".join(self.id(one) for one in people))

    async def send(self, who: str, page: Page) -> Page:
        return await self.press(who, page, "submit")

    def _page(self, thing: Any) -> Page:
        deeds = {found.value for one in thing.buttons if (found := wire.deed_of(str(one["data"].get("do", ""))))}
        inputs = thing.inputs if isinstance(thing, TaskShown) else {}
        fields = {name for one in inputs if (name := wire.field_of(one))}
        return Page(thing.said, frozenset(deeds), frozenset(fields), thing)

    def in_room(self) -> list[str]:
        mine = self.town.teams.desk.tenant.bot_id
        return [one.said for one in self.room.posts if one.author == mine and not one.to and not one.gone]

    def to(self, who: str) -> list[str]:
        return [f"{one.said}\n{one.summary}" for one in self.people[who].seen(self.people[who].chat)]

    async def answer_board(self, who: str, text: str) -> Any:
        return await self.people[who].mention(self.room, text, under=await self.town.board(self.room))

    def marked(self, message: Any) -> bool:
        return bool(message.reactions)

    async def until(self, wanted: Callable[[], Any]) -> Any:
        return await self.town.teams.until(wanted)

    def faults(self) -> list[Any]:
        return list(self.town.teams.violations)


DOOR = re.compile(r"opens in a form of its own|s’ouvre dans une fenêtre")
