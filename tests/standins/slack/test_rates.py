"""How often the app may call before Slack says `ratelimited`."""

from __future__ import annotations

import asyncio

import pytest
from slack_sdk.errors import SlackApiError

from standins.slack import Pace, SlackStandin, StandinViolation
from tests.standins.slack.opened import MANIFEST, client_of, refusal


def test_refuses_a_second_post_within_the_second_in_the_same_channel_only() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            one, other = slack.channel("a", bot_member=True), slack.channel("b", bot_member=True)
            client = client_of(slack)
            await client.chat_postMessage(channel=one.id, text="1")
            with pytest.raises(SlackApiError) as caught:
                await client.chat_postMessage(channel=one.id, text="2")
            assert caught.value.response.status_code == 429
            assert caught.value.response.headers["Retry-After"] == "1"
            await client.chat_postMessage(channel=other.id, text="1")

    with pytest.raises(StandinViolation, match="ratelimited"):
        asyncio.run(main())


def test_accepts_a_post_a_second() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST, pace=Pace(0.1)) as slack:
            room, client = slack.channel("room", bot_member=True), client_of(slack)
            for text in "123":
                await client.chat_postMessage(channel=room.id, text=text)
                await asyncio.sleep(0.1)
            assert len(room.messages) == 3

    asyncio.run(main())


def test_refuses_the_51st_update_of_a_minute() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            slack.forgive("ratelimited")
            room, client = slack.channel("room", bot_member=True), client_of(slack)
            ts = (await client.chat_postMessage(channel=room.id, text="0"))["ts"]
            for number in range(50):
                await client.chat_update(channel=room.id, ts=ts, text=str(number))
            assert await refusal(client.chat_update(channel=room.id, ts=ts, text="51")) == "ratelimited"
            assert room.messages[0].text == "49"

    asyncio.run(main())


def test_a_minute_may_be_made_short() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST, pace=Pace(0.02)) as slack:
            slack.forgive("ratelimited")
            client = client_of(slack)
            for _ in range(20):
                await client.users_list()
            assert await refusal(client.users_list()) == "ratelimited"
            await asyncio.sleep(1.2)
            assert (await client.users_list())["ok"]

    asyncio.run(main())


def test_sets_no_limit_when_told_so() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST, pace=Pace.OFF) as slack:
            room, client = slack.channel("room", bot_member=True), client_of(slack)
            for number in range(60):
                await client.chat_postMessage(channel=room.id, text=str(number))
            assert len(room.messages) == 60

    asyncio.run(main())
