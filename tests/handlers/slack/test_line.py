"""Socket Mode switched off: the bot keeps trying, says so in health, and comes back by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from slack_bolt.response import BoltResponse

from tests.handlers.slack.town import Town, play

IDEA = "Open the canteen an hour earlier"


async def health(town: Town) -> bool:
    return (await town.bot.health.readiness()).ready


async def turns_red(town: Town) -> bool:
    """A refused line may look alive for the blink in which it is refused: health is asked until it says so."""
    for _ in range(100):
        if not await health(town):
            return True
        await asyncio.sleep(0.05)
    return False


def test_a_link_that_was_switched_off_turns_health_red_until_it_is_back(
    migrated_sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def story(town: Town) -> None:
        board = await town.launch()
        await town.slack.settle()
        town.slack.sockets.link_disabled = True
        await town.slack.chaos.refresh_connections("link_disabled")
        await town.slack.until(lambda: not town.bot.connected(), 20)
        assert await turns_red(town)
        await town.slack.until(lambda: caplog.text.count("Slack cannot be reached") >= 2, 20)
        town.slack.sockets.link_disabled = False
        await town.slack.until(town.bot.connected, 20)
        assert await health(town)
        await town.bruno.post(town.room, IDEA, thread_ts=board)
        await town.slack.settle()
        assert await town.ideas() == 1

    play(migrated_sqlite_url, story)


def test_an_envelope_whose_line_fell_before_its_acknowledgement_is_kept_once_and_no_fault(
    migrated_sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def story(town: Town) -> None:
        board = await town.launch()
        await town.slack.settle()
        line = town.bot._connection
        assert line is not None
        kept = line._take

        async def take(payload: dict[str, Any], headers: Mapping[str, Any]) -> BoltResponse:
            answer = await kept(payload, headers)
            session = line._line.current_session
            assert session is not None
            line._take = kept
            await session.close()
            return answer

        line._take = take
        await town.bruno.post(town.room, IDEA, thread_ts=board)
        await town.slack.until(lambda: "the line fell before" in caplog.text, 20)
        await town.slack.until(town.bot.connected, 20)
        await town.slack.settle()
        assert await town.ideas() == 1
        assert "Traceback" not in caplog.text

    caplog.set_level("INFO")
    play(migrated_sqlite_url, story)
