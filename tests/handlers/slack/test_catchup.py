"""What was said, edited and deleted while the bot was away reaches the hunt when it is back, once."""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

import pytest

from handlers.slack.web_api import MOST_PAGES
from standins.slack import Timing
from standins.slack.wire import NotAcknowledged
from tests.handlers.slack.town import Town, play, running

IDEA = "Open the canteen an hour earlier"
DEAF = Timing(ack=0.2, retries=())


async def idea_texts(town: Town) -> str:
    reply = await town.bruno.command("/ideahunt", "ideas", channel=town.room)
    assert reply.view is not None
    return reply.view.visible_text


def test_replies_edits_and_deletions_of_a_night_are_caught_up(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        board = await town.launch()
        edited = await town.bruno.post(town.room, "A bench in the garden", thread_ts=board)
        deleted = await town.bruno.post(town.room, "A fountain in the hall", thread_ts=board)
        await town.slack.settle()
        town.slack.forgive("not_acknowledged")
        await town.bot.stop()
        await town.bruno.post(town.room, IDEA, thread_ts=board, wait=False)
        await town.bruno.edit(edited, "Two benches in the garden", wait=False)
        await town.bruno.delete(deleted, wait=False)
        await asyncio.sleep(0.5)
        async with running(town.core, town.fuse, town.slack) as bot:
            await town.slack.until(lambda: bot.catch_up and bot.catch_up.recovered, 10)
            await town.slack.settle()
            told = await idea_texts(town)
            assert IDEA in told
            assert "Two benches" in told
            assert await town.ideas() == 2

    play(migrated_sqlite_url, story, timing=DEAF)


def test_reading_history_again_changes_nothing(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        board = await town.launch()
        await town.slack.settle()
        for number in range(3):
            await town.bruno.post(town.room, f"{IDEA} ({number})", thread_ts=board)
        await town.slack.settle()
        assert town.bot.catch_up is not None
        first = await town.bot.catch_up.run()
        assert (first, await town.bot.catch_up.run()) == (3, 0)
        assert await town.ideas() == 3

    play(migrated_sqlite_url, story)


def test_a_withdrawn_idea_does_not_come_back_from_history(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        board = await town.launch()
        said = await town.bruno.post(town.room, IDEA, thread_ts=board)
        await town.bruno.delete(said)
        assert town.bot.catch_up is not None
        await town.bot.catch_up.run()
        assert await town.ideas() == 0

    play(migrated_sqlite_url, story)


def test_history_longer_than_a_page_is_read_whole(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        board = await town.launch()
        town.slack.forgive("not_acknowledged")
        people = [town.slack.person(f"guest{number}") for number in range(45)]
        for guest in people:
            with suppress(NotAcknowledged):  # a busy machine may take longer than this Slack waits; they joined
                await guest.join(town.room)
        await town.bot.stop()
        for number, guest in enumerate(people * 5):
            await guest.post(town.room, f"{IDEA} ({number})", thread_ts=board, wait=False)
        async with running(town.core, town.fuse, town.slack) as bot:
            await town.slack.until(lambda: bot.catch_up and bot.catch_up.recovered >= 225, 30)
            await asyncio.sleep(1)
            assert await town.ideas() == 225

    play(migrated_sqlite_url, story, timing=DEAF)


def test_a_room_that_cannot_be_read_does_not_stop_the_others(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        board = await town.launch()
        await town.slack.settle()
        await town.bruno.post(town.room, IDEA, thread_ts=board)
        await town.slack.settle()
        assert town.bot.catch_up is not None
        town.slack.chaos.answer("conversations.replies", error="internal_error")
        assert await town.bot.catch_up.run() == 0
        town.slack.chaos.answer("conversations.replies", status=429, retry_after=1)
        assert await town.bot.catch_up.run() == 1

    play(migrated_sqlite_url, story)


NOTHING_THERE = '{"ok": true, "messages": []}'


def test_what_was_not_read_is_not_taken_for_deleted(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        board = await town.launch()
        await town.bruno.post(town.room, IDEA, thread_ts=board)
        await town.slack.settle()
        assert town.bot.catch_up is not None
        town.slack.chaos.answer("conversations.replies", body=NOTHING_THERE)
        await town.bot.catch_up.run()
        assert await town.ideas() == 1

    play(migrated_sqlite_url, story)


def test_a_history_longer_than_is_read_changes_nothing_and_is_told(
    migrated_sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def story(town: Town) -> None:
        board = await town.launch()
        await town.bruno.post(town.room, IDEA, thread_ts=board)
        await town.slack.settle()
        assert town.bot.catch_up is not None
        endless = '{"ok": true, "messages": [], "response_metadata": {"next_cursor": "more"}}'
        town.slack.chaos.answer("conversations.replies", body=endless, times=MOST_PAGES)
        await town.bot.catch_up.run()
        assert await town.ideas() == 1

    with caplog.at_level(logging.WARNING):
        play(migrated_sqlite_url, story)
    assert f"more than {MOST_PAGES} pages" in caplog.text


def test_what_is_older_than_anything_slack_still_shows_is_not_taken_for_deleted(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        board = await town.launch()
        await town.bruno.post(town.room, IDEA, thread_ts=board)
        await town.slack.settle()
        assert town.bot.catch_up is not None
        town.slack.chaos.answer("conversations.history", body=NOTHING_THERE, times=9)
        town.slack.chaos.answer("conversations.replies", body=NOTHING_THERE)
        town.slack.chaos.answer("conversations.replies", error="thread_not_found", times=9)
        await town.bot.catch_up.run()
        assert await town.ideas() == 1

    play(migrated_sqlite_url, story)


def test_the_only_reply_deleted_while_nobody_listened_is_withdrawn(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        board = await town.launch()
        said = await town.bruno.post(town.room, IDEA, thread_ts=board)
        await town.slack.settle()
        town.slack.forgive("not_acknowledged")
        await town.bot.stop()
        await town.bruno.delete(said, wait=False)
        await asyncio.sleep(0.5)
        async with running(town.core, town.fuse, town.slack) as bot:
            assert bot.catch_up is not None
            await bot.catch_up.run()
            assert await town.ideas() == 0

    play(migrated_sqlite_url, story, timing=DEAF)
