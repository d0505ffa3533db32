"""Messages of the bot: where they may go, who may change them, and what is told of it."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from aiohttp import ClientSession

from standins.slack import Pace, SlackStandin, StandinViolation
from tests.standins.slack.opened import MANIFEST, app_of, client_of, over_sockets, refusal, section


def test_posts_and_gives_the_message_back_with_its_names() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            room = slack.channel("room", bot_member=True)
            answer = await client_of(slack).chat_postMessage(channel=room.id, text="hi", blocks=[section()])
            assert answer["message"]["blocks"][0]["block_id"]
            assert (room.messages[0].ts, room.messages[0].bot_id) == (answer["ts"], slack.bot_id)
            assert room.visible_text() == "Words"

    asyncio.run(main())


def test_stamps_are_unique_and_increase_though_the_clock_stands_still() -> None:
    noon = datetime(2026, 11, 24, 12, tzinfo=UTC)

    async def main() -> None:
        async with SlackStandin(MANIFEST, clock=lambda: noon, pace=Pace.OFF) as slack:
            room = slack.channel("room", bot_member=True)
            for _ in range(3):
                await client_of(slack).chat_postMessage(channel=room.id, text="hi")
            stamps = [message.ts for message in room.messages]
            assert stamps == sorted(set(stamps))
            assert stamps[0].startswith(f"{int(noon.timestamp())}.")

    asyncio.run(main())


def test_refuses_to_post_where_the_bot_is_not() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            client = client_of(slack)
            public, private = slack.channel("open"), slack.channel("closed", private=True)
            assert await refusal(client.chat_postMessage(channel=public.id, text="x")) == "not_in_channel"
            assert await refusal(client.chat_postMessage(channel=private.id, text="x")) == "channel_not_found"
            assert await refusal(client.chat_postMessage(channel="C0NOWHERE", text="x")) == "channel_not_found"

    asyncio.run(main())


def test_refuses_to_post_in_an_archived_channel() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            room = slack.channel("room", bot_member=True)
            room.archived = True
            assert await refusal(client_of(slack).chat_postMessage(channel=room.id, text="x")) == "is_archived"

    asyncio.run(main())


def test_posting_to_a_person_opens_her_direct_messages() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            alice = slack.person("alice")
            answer = await client_of(slack).chat_postMessage(channel=alice.id, text="for you")
            assert answer["channel"].startswith("D")
            assert [message.text for message in alice.inbox()] == ["for you"]

    asyncio.run(main())


def test_nobody_writes_to_a_person_who_left_or_to_a_bot() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            client, gone = client_of(slack), slack.person("gone", deactivated=True)
            assert await refusal(client.chat_postMessage(channel=gone.id, text="x")) == "user_disabled"
            assert await refusal(client.chat_postMessage(channel=slack.bot_user_id, text="x")) == "cannot_dm_bot"

    asyncio.run(main())


def test_direct_messages_need_the_messages_tab() -> None:
    features = MANIFEST["features"] | {"app_home": {"home_tab_enabled": True, "messages_tab_enabled": False}}

    async def main() -> None:
        async with SlackStandin(MANIFEST | {"features": features}) as slack:
            posting = client_of(slack).chat_postMessage(channel=slack.person("alice").id, text="x")
            assert await refusal(posting) == "messages_tab_disabled"

    asyncio.run(main())


def test_posting_under_another_name_needs_its_own_scope() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            slack.forgive("missing_scope")
            room = slack.channel("room", bot_member=True)
            posting = client_of(slack).chat_postMessage(channel=room.id, text="x", username="Somebody")
            assert await refusal(posting) == "missing_scope"

    asyncio.run(main())


def test_a_channel_may_be_named() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            room, client = slack.channel("room", bot_member=True), client_of(slack)
            assert (await client.chat_postMessage(channel="#room", text="x"))["channel"] == room.id
            assert await refusal(client.chat_postMessage(channel="#other", text="x")) == "channel_not_found"

    asyncio.run(main())


def test_a_message_without_words_is_refused() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            slack.forgive("empty_text")
            room = slack.channel("room", bot_member=True)
            posting = client_of(slack).api_call("chat.postMessage", json={"channel": room.id})
            assert await refusal(posting) == "no_text"

    asyncio.run(main())


def test_blocks_without_text_pass_but_are_held_against_the_app() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            room = slack.channel("room", bot_member=True)
            args = {"channel": room.id, "blocks": [section()]}
            await client_of(slack).api_call("chat.postMessage", json=args)
            assert len(room.messages) == 1

    with pytest.raises(StandinViolation, match="empty_text"):
        asyncio.run(main())


def test_a_reply_goes_to_its_thread_and_counts_on_the_parent() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST, pace=Pace.OFF) as slack:
            room, client = slack.channel("room", bot_member=True), client_of(slack)
            parent = await client.chat_postMessage(channel=room.id, text="parent")
            reply = await client.chat_postMessage(channel=room.id, text="reply", thread_ts=parent["ts"])
            assert [message.text for message in room.messages] == ["parent"]
            assert [message.text for message in room.thread(parent["ts"])] == ["parent", "reply"]
            drawn = room.messages[0].payload()
            assert (drawn["reply_count"], drawn["latest_reply"]) == (1, reply["ts"])

    asyncio.run(main())


def test_a_broadcast_reply_stands_in_the_channel_too() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST, pace=Pace.OFF) as slack:
            room, client = slack.channel("room", bot_member=True), client_of(slack)
            ts = (await client.chat_postMessage(channel=room.id, text="parent"))["ts"]
            await client.chat_postMessage(channel=room.id, text="all", thread_ts=ts, reply_broadcast=True)
            assert [message.text for message in room.messages] == ["parent", "all"]

    asyncio.run(main())


def test_refuses_a_thread_that_is_none() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST, pace=Pace.OFF) as slack:
            slack.forgive("invalid_arguments")
            room, client = slack.channel("room", bot_member=True), client_of(slack)
            lost = client.chat_postMessage(channel=room.id, text="x", thread_ts="1.000001")
            assert await refusal(lost) == "thread_not_found"
            ts = (await client.chat_postMessage(channel=room.id, text="parent"))["ts"]
            reply = (await client.chat_postMessage(channel=room.id, text="reply", thread_ts=ts))["ts"]
            below = client.chat_postMessage(channel=room.id, text="x", thread_ts=reply)
            assert await refusal(below) == "cannot_reply_to_message"

    asyncio.run(main())


def test_metadata_comes_back_from_history_only_when_asked_for() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            room, client = slack.channel("room", bot_member=True), client_of(slack)
            metadata = {"event_type": "board", "event_payload": {"k": "1"}}
            await client.chat_postMessage(channel=room.id, text="x", metadata=metadata)
            without = await client.conversations_history(channel=room.id)
            assert "metadata" not in without["messages"][0]
            asked = await client.conversations_history(channel=room.id, include_all_metadata=True)
            assert asked["messages"][0]["metadata"] == metadata

    asyncio.run(main())


def test_refuses_metadata_of_another_shape() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            slack.forgive("invalid_arguments")
            room, client = slack.channel("room", bot_member=True), client_of(slack)
            posting = client.chat_postMessage(channel=room.id, text="x", metadata={"k": "1"})
            assert await refusal(posting) == "invalid_metadata_format"
            heavy = {"event_type": "board", "event_payload": {"k": "x" * 9000}}
            too_large = client.chat_postMessage(channel=room.id, text="x", metadata=heavy)
            assert await refusal(too_large) == "metadata_too_large"

    asyncio.run(main())


def test_text_alone_erases_the_blocks_of_an_updated_message() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            room, client = slack.channel("room", bot_member=True), client_of(slack)
            ts = (await client.chat_postMessage(channel=room.id, text="x", blocks=[section("old")]))["ts"]
            await client.chat_update(channel=room.id, ts=ts, text="new")
            assert room.visible_text() == "new"
            assert room.messages[0].edited is not None

    asyncio.run(main())


def test_an_update_with_blocks_carries_no_edited_mark() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            room, client = slack.channel("room", bot_member=True), client_of(slack)
            ts = (await client.chat_postMessage(channel=room.id, text="x", blocks=[section("old")]))["ts"]
            await client.chat_update(channel=room.id, ts=ts, text="new", blocks=[section("new")])
            assert (room.visible_text(), room.messages[0].edited) == ("new", None)

    asyncio.run(main())


def test_only_the_bots_own_messages_are_changed_or_taken_away() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack, over_sockets(slack, app := app_of(slack)):
            app.event("message")(_hear)
            alice, client = slack.person("alice"), client_of(slack)
            room = slack.channel("room", members=[alice], bot_member=True)
            theirs = await alice.post(room, "mine")
            updating = client.chat_update(channel=room.id, ts=theirs.ts, text="yours")
            assert await refusal(updating) == "cant_update_message"
            assert await refusal(client.chat_delete(channel=room.id, ts=theirs.ts)) == "cant_delete_message"
            assert await refusal(client.chat_delete(channel=room.id, ts="1.000001")) == "message_not_found"

    asyncio.run(main())


async def _hear() -> None: ...


def test_refuses_an_update_of_more_than_4000_characters() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            slack.forgive("invalid_blocks")
            room, client = slack.channel("room", bot_member=True), client_of(slack)
            ts = (await client.chat_postMessage(channel=room.id, text="x"))["ts"]
            assert await refusal(client.chat_update(channel=room.id, ts=ts, text="x" * 4001)) == "msg_too_long"

    asyncio.run(main())


def test_a_deleted_message_is_gone() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            room, client = slack.channel("room", bot_member=True), client_of(slack)
            ts = (await client.chat_postMessage(channel=room.id, text="x"))["ts"]
            await client.chat_delete(channel=room.id, ts=ts)
            assert room.messages == []
            assert await refusal(client.chat_update(channel=room.id, ts=ts, text="y")) == "message_not_found"

    asyncio.run(main())


def test_an_ephemeral_message_is_seen_by_one_person_and_is_no_message() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            alice, bruno, client = slack.person("alice"), slack.person("bruno"), client_of(slack)
            room = slack.channel("room", members=[alice], bot_member=True)
            answer = await client.chat_postEphemeral(channel=room.id, user=alice.id, text="psst")
            assert [message.text for message in alice.ephemerals(room)] == ["psst"]
            assert (bruno.ephemerals(), room.messages) == ([], [])
            updating = client.chat_update(channel=room.id, ts=answer["message_ts"], text="x")
            assert await refusal(updating) == "message_not_found"
            outside = client.chat_postEphemeral(channel=room.id, user=bruno.id, text="psst")
            assert await refusal(outside) == "user_not_in_channel"

    asyncio.run(main())


def test_gives_the_permalink_of_a_reply_with_its_thread() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST, pace=Pace.OFF) as slack:
            room, client = slack.channel("room", bot_member=True), client_of(slack)
            ts = (await client.chat_postMessage(channel=room.id, text="parent"))["ts"]
            reply = (await client.chat_postMessage(channel=room.id, text="reply", thread_ts=ts))["ts"]
            link = (await client.chat_getPermalink(channel=room.id, message_ts=reply))["permalink"]
            assert link.endswith(f"/archives/{room.id}/p{reply.replace('.', '')}?thread_ts={ts}&cid={room.id}")
            lost = client.chat_getPermalink(channel=room.id, message_ts="1.000001")
            assert await refusal(lost) == "message_not_found"

    asyncio.run(main())


def test_reactions_are_put_once_and_taken_once() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            room, client = slack.channel("room", bot_member=True), client_of(slack)
            ts = (await client.chat_postMessage(channel=room.id, text="x"))["ts"]
            item = {"channel": room.id, "timestamp": ts}
            await client.reactions_add(name="bulb", **item)
            assert await refusal(client.reactions_add(name="bulb", **item)) == "already_reacted"
            got = await client.reactions_get(**item)
            assert got["message"]["reactions"] == [{"name": "bulb", "users": [slack.bot_user_id], "count": 1}]
            await client.reactions_remove(name="bulb", **item)
            assert await refusal(client.reactions_remove(name="bulb", **item)) == "no_reaction"
            slack.forgive("invalid_arguments")
            assert await refusal(client.reactions_add(name="Two Words", **item)) == "invalid_name"

    asyncio.run(main())


def test_pins_are_put_once_and_taken_once() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            room, client = slack.channel("room", bot_member=True), client_of(slack)
            ts = (await client.chat_postMessage(channel=room.id, text="x"))["ts"]
            await client.pins_add(channel=room.id, timestamp=ts)
            assert await refusal(client.pins_add(channel=room.id, timestamp=ts)) == "already_pinned"
            await client.pins_remove(channel=room.id, timestamp=ts)
            assert await refusal(client.pins_remove(channel=room.id, timestamp=ts)) == "no_pin"

    asyncio.run(main())


def test_tells_who_would_be_pinged_by_text_and_by_blocks() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            room = slack.channel("room", bot_member=True)
            blocks = [section("Hello <@U123ABC>"), {"type": "divider"}]
            await client_of(slack).chat_postMessage(channel=room.id, text="<!channel> &lt;!here&gt;", blocks=blocks)
            assert room.messages[0].pings == ["<!channel>", "<@U123ABC>"]

    asyncio.run(main())


def test_a_response_url_speaks_five_times_within_half_an_hour() -> None:
    times = [datetime(2026, 11, 24, 12, tzinfo=UTC)]

    async def main() -> None:
        async with SlackStandin(MANIFEST, clock=lambda: times[-1]) as slack, ClientSession() as session:
            alice = slack.person("alice")
            room = slack.channel("room", members=[alice])

            async def say(url: str) -> tuple[int, str]:
                async with session.post(url, json={"text": "psst"}) as answer:
                    return answer.status, await answer.text()

            url = slack.desk.response_url(alice.id, room)
            assert [await say(url) for _ in range(6)] == [*[(200, "ok")] * 5, (404, "used_url")]
            assert len(alice.ephemerals(room)) == 5
            assert await say(f"{url}X") == (404, "no_such_url")
            late = slack.desk.response_url(alice.id, room)
            times.append(datetime(2026, 11, 24, 12, 31, tzinfo=UTC))
            assert await say(late) == (404, "expired_url")

    asyncio.run(main())
