"""What must be the same on every platform: flows, refusals and languages, asked of each through a small driver."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import Any, Protocol

import pytest

from tests.handlers.slack import town as slack
from tests.handlers.teams import town as teams

GATE = "Open the school gate ten minutes earlier"
BREAD = "Share warm bread at the bus stop"


class Driver(Protocol):
    """One platform as Alice, who leads and reads English, and Bruno, who reads French, live it."""

    async def launch(self) -> None: ...
    async def type(self, who: str, words: str) -> str:
        """The words after the bot's name in the room; everything the answer says."""
        ...

    async def idea(self, who: str, text: str) -> str:
        """The form of the board; the receipt, or what it says instead."""
        ...

    async def lead(self, who: str, do: str) -> str:
        """A button of the hub, and yes where it asks."""
        ...

    async def open_vote(self, dots: int) -> None: ...
    async def direct(self, who: str, text: str) -> str: ...
    async def ideas(self) -> int: ...
    async def board(self) -> str: ...


class InSlack:
    """Slack."""

    def __init__(self, town: slack.Town) -> None:
        self.town = town

    def hands(self, who: str) -> Any:
        return {"alice": self.town.alice, "bruno": self.town.bruno}[who]

    async def launch(self) -> None:
        await self.town.launch()

    async def type(self, who: str, words: str) -> str:
        reply = await self.hands(who).command("/ideahunt", words, channel=self.town.room)
        return reply.view.visible_text if reply.view else "\n".join(one.visible_text for one in reply.ephemerals)

    async def idea(self, who: str, text: str) -> str:
        reply = await self.hands(who).click(await self.town.board(), action_id="deed:add_idea")
        await self.hands(who).fill(reply.view, "field:text", text)
        done = await self.hands(who).submit(reply.view)
        return "\n".join([*done.errors.values(), done.view.visible_text if done.view else ""])

    async def lead(self, who: str, do: str) -> str:
        hub = (await self.hands(who).command("/ideahunt", "", channel=self.town.room)).view
        button = next(b for b in buttons(hub.blocks) if b["action_id"].startswith(do))
        reply = await self.hands(who).click(hub, action_id=button["action_id"])
        return reply.view.visible_text if reply.view else "\n".join(one.visible_text for one in reply.ephemerals)

    async def open_vote(self, dots: int) -> None:
        await self.lead("alice", "deed:open_vote")
        view = self.town.alice.view
        assert view is not None
        await self.town.alice.fill(view, "field:dots", str(dots))
        await self.town.alice.submit(view)

    async def direct(self, who: str, text: str) -> str:
        before = len(self.hands(who).inbox())
        await self.hands(who).direct(text)
        await self.town.slack.until(lambda: len(self.hands(who).inbox()) > before + 1)
        return str(self.hands(who).inbox()[-1].visible_text)

    async def ideas(self) -> int:
        return await self.town.ideas()

    async def board(self) -> str:
        return str((await self.town.board()).visible_text)


def buttons(blocks: Any) -> list[dict[str, Any]]:
    if isinstance(blocks, dict):
        return [blocks] if blocks.get("type") == "button" else buttons(list(blocks.values()))
    return [one for each in blocks for one in buttons(each)] if isinstance(blocks, list) else []


class InTeams:
    """Teams."""

    def __init__(self, town: teams.Town) -> None:
        self.town = town

    def hands(self, who: str) -> Any:
        return {"alice": self.town.alice, "bruno": self.town.bruno}[who]

    async def launch(self) -> None:
        await self.town.launch()

    async def type(self, who: str, words: str) -> str:
        hands, room = self.hands(who), self.town.room
        before = len(hands.seen(room))
        await hands.mention(room, words)
        post = hands.seen(room)[before:][-1]
        opens = [one for one in post.buttons if "form of its own" in post.said or "formulaire" in post.said]
        return teams.shown(await hands.press(room, post, opens[0]["title"])).said if opens else str(post.said)

    async def idea(self, who: str, text: str) -> str:
        form = teams.shown(await self.town.open(self.hands(who), "deed:add_idea"))
        form.fill("field:text", text)
        return (await teams.step(self.hands(who), self.town.room, form, "submit")).said

    async def lead(self, who: str, do: str) -> str:
        answer = await self.town.facilitate(do, who=self.hands(who))
        return answer.said

    async def open_vote(self, dots: int) -> None:
        await self.town.open_vote(dots)

    async def direct(self, who: str, text: str) -> str:
        hands = self.hands(who)
        if not hands.chat.installed:
            await self.town.teams.install(hands.chat, hands)
        before = len(hands.seen(hands.chat))
        await hands.direct(text)
        await self.town.teams.until(lambda: len(hands.seen(hands.chat)) > before)
        return str(hands.seen(hands.chat)[-1].said)

    async def ideas(self) -> int:
        return await self.town.ideas()

    async def board(self) -> str:
        return (await self.town.board()).said


@asynccontextmanager
async def driver(platform: str, url: str) -> AsyncIterator[Driver]:
    if platform == "slack":
        async with slack.town(url) as there:
            yield InSlack(there)
    else:
        async with teams.town(url) as here:
            yield InTeams(here)


Play = Callable[[Callable[[Driver], Awaitable[None]]], None]


@pytest.fixture(params=["slack", "teams"])
def play(
    request: pytest.FixtureRequest, migrated_sqlite_url: str
) -> Callable[[Callable[[Driver], Awaitable[None]]], None]:
    def played(story: Callable[[Driver], Awaitable[None]]) -> None:
        async def day() -> None:
            async with driver(request.param, migrated_sqlite_url) as opened:
                await story(opened)

        asyncio.run(day())

    return played


def test_a_receipt_is_in_the_persons_language_and_the_board_in_the_rooms(play: Play) -> None:
    async def story(one: Driver) -> None:
        await one.launch()
        assert "Votre idée" in (await one.idea("bruno", GATE))
        assert "Ideas" in (await one.board()) or "ideas" in (await one.board())
        assert GATE not in await one.board()

    play(story)


def test_too_few_words_are_refused_and_not_kept(play: Play) -> None:
    async def story(one: Driver) -> None:
        await one.launch()
        assert "words" in await one.idea("alice", "yes")
        assert await one.ideas() == 0

    play(story)


def test_where_no_hunt_is_every_word_is_answered_with_what_to_do(play: Play) -> None:
    async def story(one: Driver) -> None:
        for words in ("vote", "results", "board", "reveal", "idea Some words for nothing", "join ZZZZ"):
            assert len(await one.type("alice", words)) > 20

    play(story)


def test_words_with_a_slip_are_answered_with_the_nearest(play: Play) -> None:
    async def story(one: Driver) -> None:
        assert "ideahunt vote" in await one.type("alice", "voet")
        assert "ideahunt" in await one.type("bruno", "tablau")

    play(story)


def test_a_vote_before_the_reveal_is_told_what_comes_first(play: Play) -> None:
    async def story(one: Driver) -> None:
        await one.launch()
        assert "not open yet" in await one.type("alice", "vote")
        assert "pas encore" in await one.type("bruno", "voter")

    play(story)


def test_only_a_facilitator_reveals(play: Play) -> None:
    async def story(one: Driver) -> None:
        await one.launch()
        await one.idea("bruno", GATE)
        await one.type("bruno", "dévoiler")
        assert GATE not in await one.board()
        await one.lead("alice", "deed:reveal")
        assert "revealed" in await one.type("alice", "")

    play(story)


def test_a_second_hunt_in_the_room_is_told_before_it_is_typed(play: Play) -> None:
    async def story(one: Driver) -> None:
        await one.launch()
        assert "open" in await one.type("alice", "new")

    play(story)


def test_a_direct_message_is_kept_without_a_name_and_says_so(play: Play) -> None:
    async def story(one: Driver) -> None:
        await one.launch()
        assert GATE in await one.direct("bruno", GATE)
        assert await one.ideas() == 1

    play(story)


def test_help_tells_every_word(play: Play) -> None:
    async def story(one: Driver) -> None:
        told = await one.type("bruno", "aide")
        for word in ("nouvelle", "idée", "vote", "résultats", "réglages", "rejoindre", "lier"):
            assert f"ideahunt {word}" in told

    play(story)


def test_an_unknown_file_format_is_told_the_known_ones(play: Play) -> None:
    async def story(one: Driver) -> None:
        await one.launch()
        assert "csv" in await one.type("alice", "export docx")

    play(story)
