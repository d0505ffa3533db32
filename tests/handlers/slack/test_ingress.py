"""What arrives twice, late, out of order, in bits, or while something is broken (reliability.md §6, 1 to 23)."""

from __future__ import annotations

import asyncio
import logging

import pytest

from standins.slack import Timing
from tests.handlers.slack.town import Town, play, running

IDEA = "Open the canteen an hour earlier"
QUICK = Timing(ack=0.4, retries=(0.1, 0.1, 0.1))


def test_the_same_event_three_times_is_one_idea(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        board = await town.launch()
        town.slack.chaos.duplicate("message", 2)
        await town.bruno.post(town.room, IDEA, thread_ts=board)
        await town.slack.settle()
        town.slack.redeliver(next(e for e in town.slack.envelopes if e.name == "message" and IDEA in str(e.payload)))
        await town.slack.settle()
        assert await town.ideas() == 1

    play(migrated_sqlite_url, story)


def test_one_gesture_told_as_two_messages_is_one_idea(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        board = await town.launch()
        for _ in range(2):
            await town.bruno.post(town.room, IDEA, thread_ts=board, client_msg_id="0f3a-one-gesture")
        await town.slack.settle()
        assert await town.ideas() == 1

    play(migrated_sqlite_url, story)


def test_a_lost_acknowledgement_brings_the_event_again_and_changes_nothing(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        board = await town.launch()
        town.slack.chaos.suppress_acks(1)
        await town.bruno.post(town.room, IDEA, thread_ts=board)
        await town.slack.settle(10)
        assert await town.ideas() == 1

    play(migrated_sqlite_url, story, timing=Timing(ack=0.5, retries=(0.1, 0.1)))


def test_a_form_sent_twice_keeps_one_idea(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await town.launch()
        reply = await town.bruno.command("/ideahunt", "idea", channel=town.room)
        assert reply.view is not None
        await town.bruno.fill(reply.view, "field:text", IDEA)
        town.slack.chaos.duplicate("view_submission", 1)
        await town.bruno.submit(reply.view)
        await town.slack.settle()
        assert await town.ideas() == 1

    play(migrated_sqlite_url, story)


def test_a_preview_that_unfolds_changes_nothing(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        board = await town.launch()
        said = await town.bruno.post(town.room, "See the plan at https://example.org/plan", thread_ts=board)
        town.slack.unfurl(said)
        await town.slack.settle()
        reply = await town.bruno.command("/ideahunt", "ideas", channel=town.room)
        assert reply.view is not None
        assert "https://example.org/plan" in reply.view.visible_text

    play(migrated_sqlite_url, story)


def test_an_edit_before_its_original_gives_the_newest_words(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        board = await town.launch()
        town.slack.chaos.reorder(2)
        said = await town.bruno.post(town.room, IDEA, thread_ts=board, wait=False)
        await town.bruno.edit(said, f"{IDEA}, on Mondays", wait=False)
        await town.slack.settle()
        reply = await town.bruno.command("/ideahunt", "ideas", channel=town.room)
        assert reply.view is not None
        assert "on Mondays" in reply.view.visible_text

    play(migrated_sqlite_url, story)


def test_a_deletion_before_its_original_leaves_no_idea(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        board = await town.launch()
        town.slack.chaos.reorder(2)
        said = await town.bruno.post(town.room, IDEA, thread_ts=board, wait=False)
        await town.bruno.delete(said, wait=False)
        await town.slack.settle()
        original = next(e for e in town.slack.envelopes if e.name == "message" and IDEA in str(e.payload))
        town.slack.redeliver(original)
        await town.slack.settle()
        assert await town.ideas() == 0

    play(migrated_sqlite_url, story)


def test_other_bots_and_workflows_are_not_heard(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        board = await town.launch()
        await town.bruno.post(
            town.room, "Rain again all day today", thread_ts=board, bot_id="B0OTHER", app_id="A0OTHER"
        )
        await town.bruno.post(
            town.room, "Rain again all day today", thread_ts=board, bot_id="B0OTHER", subtype="bot_message"
        )
        await town.slack.settle()
        assert await town.ideas() == 0

    play(migrated_sqlite_url, story)


def test_every_kind_of_payload_is_acknowledged(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        board = await town.launch()
        await town.bruno.leave(town.room)
        await town.bruno.join(town.room)
        await town.bruno.post(town.room, "has set the topic of today", subtype="channel_topic")
        await town.bruno.react(board, "tada")
        await town.bruno.unreact(board, "tada")
        await town.bruno.open_home("messages")
        send, say = town.slack.desk.postbox.send, town.slack.desk.postbox.wait
        for body in (
            {"type": "block_actions", "actions": [{"type": "button", "action_id": "an_old_button", "value": "x"}]},
            {"type": "block_suggestion", "action_id": "old", "block_id": "b", "value": ""},
            {"type": "view_submission", "view": {"id": "V1", "type": "modal", "callback_id": "an_old_form"}},
            {"type": "view_closed", "view": {"id": "V1", "type": "modal", "callback_id": "an_old_form"}},
            {"type": "something_of_next_year"},
        ):
            who = {"user": {"id": town.bruno.id, "team_id": town.slack.team}, "team": {"id": town.slack.team}}
            await say(send("interactive", body["type"], {**body, **who}))  # type: ignore[arg-type]
        await say(
            send("events_api", "message", {"type": "event_callback", "event_id": "Ev1", "event": {"type": "message"}})
        )

    play(migrated_sqlite_url, story)


def test_while_the_database_is_away_events_come_again_and_people_are_told(
    migrated_sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def story(town: Town) -> None:
        board = await town.launch()
        await town.bruno.command("/ideahunt", "aide", channel=town.room)
        town.fuse.blown = True
        await town.bruno.post(town.room, IDEA, thread_ts=board, wait=False)
        reply = await town.bruno.command("/ideahunt", "idée Un banc au soleil du midi", channel=town.room)
        assert "Redites-le" in reply.ephemerals[-1].visible_text or "instant" in reply.ephemerals[-1].visible_text
        town.fuse.blown = False
        await town.slack.settle(10)
        assert await town.ideas() == 1

    with caplog.at_level(logging.CRITICAL):
        play(migrated_sqlite_url, story, timing=Timing(retries=(0.5, 0.5, 1.0)))


def test_an_event_that_keeps_failing_is_put_aside_and_the_next_ones_flow(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        board = await town.launch()
        said = await town.bruno.post(town.room, "A message to mark with a bulb")
        town.slack.chaos.answer("conversations.history", error="missing_scope", times=50)
        await town.alice.react(said, "bulb", wait=False)
        await town.bruno.post(town.room, IDEA, thread_ts=board)
        await asyncio.sleep(3)
        assert await town.figure("dead_events") == 1
        assert await town.ideas() == 1

    play(migrated_sqlite_url, story, timing=QUICK)


def test_an_event_slack_itself_cannot_serve_now_comes_again_and_is_never_put_aside(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await town.launch()
        said = await town.bruno.post(town.room, "A message to mark with a bulb")
        town.slack.chaos.answer("conversations.history", error="internal_error", times=3)
        await town.alice.react(said, "bulb", wait=False)
        await town.slack.settle(10)
        assert await town.figure("dead_events") == 0
        assert await town.ideas() == 1

    play(migrated_sqlite_url, story, timing=QUICK)


def test_slow_answers_do_not_hold_the_acknowledgement_of_fifty_clicks(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        board = await town.launch()
        await town.bruno.command("/ideahunt", "aide", channel=town.room)
        town.slack.chaos.slow("views.open", 2.4, times=50)
        clicks = [town.bruno.click(board, action_id="deed:add_idea") for _ in range(50)]
        replies = await asyncio.gather(*clicks)
        assert all(reply.acked for reply in replies)

    play(migrated_sqlite_url, story)


def test_a_trigger_that_came_too_late_is_answered_with_a_button(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        board = await town.launch()
        town.slack.chaos.answer("views.open", error="expired_trigger_id")
        reply = await town.bruno.click(board, action_id="deed:add_idea")
        assert reply.view is None
        again = await town.bruno.click(reply.ephemerals[-1], action_id="deed:hub")
        assert again.view is not None

    play(migrated_sqlite_url, story)


def test_without_a_response_address_the_answer_finds_another_way(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        await town.launch()
        reply = await town.bruno.command("/ideahunt", "aide", channel=town.room)
        assert reply.ephemerals
        assert any(call.method == "chat.postEphemeral" for call in town.slack.calls)

    play(migrated_sqlite_url, story, timing=Timing(response_url=0.0))


def test_a_cut_or_refreshed_connection_loses_nothing(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        board = await town.launch()
        for number in range(3):
            await town.slack.chaos.refresh_connections("warning" if number else "refresh_requested")
            await town.bruno.post(town.room, f"{IDEA} ({number})", thread_ts=board, wait=False)
        town.slack.chaos.drop_connections()
        await town.bruno.post(town.room, f"{IDEA} (last)", thread_ts=board, wait=False)
        await town.slack.until(town.bot.connected, 15)
        await asyncio.sleep(0.5)
        await town.slack.settle(15)
        assert await town.ideas() == 4

    play(migrated_sqlite_url, story)


def test_two_instances_on_one_token_keep_each_event_once(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        board = await town.launch()
        async with running(town.core, town.fuse, town.slack):
            for number in range(8):
                await town.bruno.post(town.room, f"{IDEA} ({number})", thread_ts=board)
            await town.slack.settle()
            assert await town.ideas() == 8

    play(migrated_sqlite_url, story)


def test_stops_within_seconds_under_load_and_takes_nothing_more(migrated_sqlite_url: str) -> None:
    async def story(town: Town) -> None:
        board = await town.launch()
        town.slack.forgive("not_acknowledged")
        for number in range(30):
            await town.bruno.post(town.room, f"{IDEA} ({number})", thread_ts=board, wait=False)
        start = asyncio.get_running_loop().time()
        await town.bot.stop(within=5)
        assert asyncio.get_running_loop().time() - start < 6
        assert not town.bot.connected()

    play(migrated_sqlite_url, story)


def test_secrets_and_words_are_in_no_log(migrated_sqlite_url: str, caplog: pytest.LogCaptureFixture) -> None:
    async def story(town: Town) -> None:
        board = await town.launch()
        await town.bruno.post(town.room, "A canary sings in the canteen", thread_ts=board)
        await town.bruno.command("/ideahunt", "idea A canary sings in the hall", channel=town.room)
        town.slack.chaos.answer("views.open", error="internal_error")
        await town.bruno.command("/ideahunt", "vote", channel=town.room)
        await town.slack.settle()

    with caplog.at_level(logging.INFO):
        play(migrated_sqlite_url, story)
    assert "canary" not in caplog.text
    assert "xoxb-standin" not in caplog.text
    assert "xapp-standin" not in caplog.text
