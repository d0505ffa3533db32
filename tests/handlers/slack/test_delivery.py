"""What leaves: once each, in order, whatever Slack answers (reliability.md §6, 24 to 37)."""

from __future__ import annotations

import asyncio

import pytest

from standins.slack import Hands, Message, Pace
from tests.handlers.slack.town import QUESTION, Town, play

IDEA = "Open the canteen an hour earlier"


def boards(town: Town) -> list[Message]:
    return [m for m in town.room.messages if m.user == town.slack.bot_user_id and m.blocks]


def called(town: Town, method: str) -> int:
    return sum(1 for call in town.slack.calls if call.method == method)


async def start(town: Town) -> None:
    """Alice launches; nothing is awaited but the acknowledgement."""
    reply = await town.alice.command("/ideahunt", f"new {QUESTION}", channel=town.room)
    assert reply.view is not None
    await town.alice.fill(reply.view, "field:room", town.room.id)
    await town.alice.submit(reply.view)


def test_a_post_whose_answer_was_lost_is_found_and_not_repeated(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        town.slack.chaos.lose_answer("chat.postMessage")
        await start(town)
        await town.slack.until(lambda: any(call.method == "conversations.history" for call in town.slack.calls), 10)
        await town.slack.settle()
        assert len(boards(town)) == 1
        await town.bruno.post(town.room, IDEA, thread_ts=boards(town)[0])
        await town.slack.until(lambda: "1 idea ·" in boards(town)[0].visible_text)

    play(migrated_sqlite_url, story)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ('{"ok":true}', "application/json"),
        ("<html>moved</html>", "text/html"),
        ("", "application/json"),
        ("null", "application/json"),
        ("[]", "application/json"),
        ("plain", "text/plain"),
    ],
)
def test_an_answer_that_says_nothing_is_looked_after(migrated_sqlite_url: str, body: str, kind: str) -> None:
    async def story(town: Town) -> None:
        town.slack.chaos.answer("chat.postMessage", body=body, content_type=kind, after=True)
        await start(town)
        await town.slack.until(lambda: any(call.method == "conversations.history" for call in town.slack.calls), 10)
        await town.slack.settle()
        assert len(boards(town)) == 1

    play(migrated_sqlite_url, story)


def test_a_server_error_before_anything_was_done_is_tried_again(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        town.slack.chaos.answer("chat.postMessage", status=503, body="upstream", content_type="text/html")
        await start(town)
        await town.slack.until(lambda: boards(town) != [], 10)
        await town.slack.settle()
        assert len(boards(town)) == 1

    play(migrated_sqlite_url, story)


@pytest.mark.parametrize("header", ["1", "0", "abc", None])
def test_too_fast_waits_and_does_not_count_as_a_failure(migrated_sqlite_url: str, header: str | None) -> None:
    async def story(town: Town) -> None:
        town.slack.chaos.answer("chat.postMessage", status=429, retry_after=header)
        await start(town)
        await town.slack.until(lambda: boards(town) != [], 15)
        reply = await town.bruno.command("/ideahunt", "aide", channel=town.room)
        assert reply.acked
        assert not await town.figure("letters_dead")

    play(migrated_sqlite_url, story)


def test_blocks_that_slack_refuses_are_sent_plainer(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        town.slack.chaos.answer("chat.postMessage", error="invalid_blocks")
        await start(town)
        await town.slack.until(lambda: boards(town) != [], 10)
        assert called(town, "chat.postMessage") == 2

    play(migrated_sqlite_url, story)


def test_what_slack_never_accepts_is_given_up_and_shows_in_health(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        town.slack.chaos.answer("chat.postMessage", error="invalid_blocks", times=2)
        await start(town)
        await asyncio.sleep(2)
        assert await town.figure("letters_dead") == 1

    play(migrated_sqlite_url, story)


def test_an_archived_room_is_told_to_the_facilitator_once(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await town.launch()
        await town.alice.archive(town.room)
        await town.bruno.command("/ideahunt", f"idea {IDEA}", channel=town.room)
        await town.slack.until(town.alice.inbox, 10)
        await asyncio.sleep(1.5)
        assert len(town.alice.inbox()) == 1

    play(migrated_sqlite_url, story)


def test_a_dead_token_stops_every_call_and_turns_health_red(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await town.launch()
        town.slack.chaos.answer("chat.update", error="token_revoked", times=99)
        await town.bruno.command("/ideahunt", f"idea {IDEA}", channel=town.room)
        await town.slack.until(lambda: called(town, "chat.update"), 10)
        await asyncio.sleep(2.5)
        assert called(town, "chat.update") == 1
        assert not (await town.bot.health.readiness()).ready

    play(migrated_sqlite_url, story)


def test_a_board_that_somebody_deleted_is_posted_again_once(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await town.launch()
        town.slack.chaos.answer("chat.update", error="message_not_found", times=2)
        await town.bruno.command("/ideahunt", f"idea {IDEA}", channel=town.room)
        await town.slack.until(lambda: len(boards(town)) == 2, 10)
        await town.bruno.post(town.room, "A clock in the entrance hall", thread_ts=boards(town)[1])
        await town.slack.until(lambda: "2 ideas" in boards(town)[1].visible_text, 10)

    play(migrated_sqlite_url, story)


def test_a_person_who_takes_no_messages_stops_nothing(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        attic = town.slack.channel("attic", [town.alice], private=True)
        town.slack.chaos.answer("chat.postMessage", error="messages_tab_disabled")
        reply = await town.alice.command("/ideahunt", "new What about the attic?", channel=town.room)
        assert reply.view is not None
        await town.alice.fill(reply.view, "field:room", attic.id)
        await town.alice.submit(reply.view)
        await asyncio.sleep(2.5)
        await town.launch()

    play(migrated_sqlite_url, story)


def test_keeps_slacks_own_pace_in_a_busy_room(migrated_sqlite_url: str) -> None:
    """The stand-in's limits are Slack's own here; breaking one fails the test."""

    async def story(town: Town) -> None:
        board = await town.launch()
        for number in range(8):
            await town.bruno.post(town.room, f"{IDEA} ({number})", thread_ts=board)
        await town.alice.command("/ideahunt", "reveal", channel=town.room)
        await town.slack.until(lambda: len(town.room.thread(board)) == 10, 15)

    play(migrated_sqlite_url, story, pace=Pace.STRICT, second=1.0)


def test_nobody_is_notified_by_what_people_typed(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        board = await town.launch("Who calls <!channel> and <@U1> & <!here>?")
        await town.bruno.post(town.room, "Ask @alice or @here about #morning & <b>", thread_ts=board)
        await town.bruno.command("/ideahunt", "idea Ask @alice or @channel about it", channel=town.room)
        await town.alice.command("/ideahunt", "reveal", channel=town.room)
        await town.slack.until(lambda: len(town.room.thread(board)) == 3, 10)
        assert [ping for message in town.room.thread(board) if message.bot_id for ping in message.pings] == []
        assert "&amp;" not in board.visible_text

    play(migrated_sqlite_url, story)


async def spend(hands: Hands) -> None:
    """Puts one dot on each of the first three options, as fast as the screen allows."""
    for place in range(3):
        assert hands.view is not None
        line = [block for block in hands.view.blocks if block["block_id"].startswith("ballot:")][place]
        await hands.choose(hands.view, "pick:dots", line["accessory"]["options"][1]["value"], block=line["block_id"])


def test_forty_people_vote_at_once_within_slacks_own_limits(migrated_sqlite_url: str) -> None:
    """More drawings than Slack takes in a minute: every dot counts, what cannot be drawn now is drawn later."""

    async def story(town: Town) -> None:
        people = [town.slack.person(f"voter{number}") for number in range(40)]
        for person in people:
            town.room.members[person.id] = None
        board = await town.launch()
        for number, person in enumerate(people[:9]):
            await person.post(town.room, f"{IDEA} ({number})", thread_ts=board)
        await town.alice.command("/ideahunt", "reveal", channel=town.room)
        await town.open_vote()
        await asyncio.gather(*(person.command("/ideahunt", "vote", channel=town.room) for person in people))
        await asyncio.gather(*(spend(person) for person in people))
        await town.alice.command("/ideahunt", "close", channel=town.room)
        await town.slack.until(lambda: any("120" in m.visible_text for m in town.room.messages), 15)

    play(migrated_sqlite_url, story, pace=Pace.STRICT, second=1.0)


def test_a_lost_answer_to_the_first_letter_to_a_person_sends_no_second(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        board = await town.launch()
        for number in range(2):
            await town.bruno.post(town.room, f"{IDEA} ({number})", thread_ts=board)
        await town.alice.command("/ideahunt", "reveal", channel=town.room)
        await town.slack.until(lambda: len(town.room.thread(board)) == 4)  # board, two ideas, table
        await town.slack.settle()
        before = called(town, "chat.postMessage")
        town.slack.chaos.lose_answer("chat.postMessage")
        await town.alice.command("/ideahunt", "export csv", channel=town.room)
        await town.slack.until(lambda: any(m.files for m in town.alice.inbox()), 15)
        assert called(town, "chat.postMessage") == before + 1

    play(migrated_sqlite_url, story)
