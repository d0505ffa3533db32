"""Conversations and people: who sees which, pages, windows of time, joining."""

from __future__ import annotations

import asyncio

from slack_sdk.web.async_client import AsyncWebClient

from standins.slack import Channel, Pace, SlackStandin
from tests.standins.slack.opened import MANIFEST, client_of, refusal


async def told(client: AsyncWebClient, room: Channel, *texts: str, **more: str) -> list[str]:
    return [(await client.chat_postMessage(channel=room.id, text=text, **more))["ts"] for text in texts]


def texts(answer: object) -> list[str]:
    return [message["text"] for message in answer["messages"]]  # type: ignore[index]


def test_the_bot_joins_a_public_channel_by_itself_and_only_that() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            client, room = client_of(slack), slack.channel("room")
            assert (await client.conversations_join(channel=room.id))["channel"]["is_member"]
            again = await client.conversations_join(channel=room.id)
            assert again["warning"] == "already_in_channel"
            closed = slack.channel("closed", private=True)
            assert await refusal(client.conversations_join(channel=closed.id)) == "channel_not_found"
            old = slack.channel("old")
            old.archived = True
            assert await refusal(client.conversations_join(channel=old.id)) == "is_archived"
            inside = slack.channel("inside", private=True, bot_member=True)
            joining = client.conversations_join(channel=inside.id)
            assert await refusal(joining) == "method_not_supported_for_channel_type"

    asyncio.run(main())


def test_describes_a_conversation_and_counts_its_members_when_asked() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            room = slack.channel("room", members=[slack.person("alice")], bot_member=True)
            client = client_of(slack)
            assert "num_members" not in (await client.conversations_info(channel=room.id))["channel"]
            asked = await client.conversations_info(channel=room.id, include_num_members=True)
            assert (asked["channel"]["name"], asked["channel"]["num_members"]) == ("room", 2)

    asyncio.run(main())


def test_history_is_read_the_newest_first_page_after_page() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST, pace=Pace.OFF) as slack:
            room, client = slack.channel("room", bot_member=True), client_of(slack)
            await told(client, room, "1", "2", "3", "4", "5")
            first = await client.conversations_history(channel=room.id, limit=2)
            assert (texts(first), first["has_more"]) == (["5", "4"], True)
            cursor = first["response_metadata"]["next_cursor"]
            second = await client.conversations_history(channel=room.id, limit=2, cursor=cursor)
            assert texts(second) == ["3", "2"]
            cursor = second["response_metadata"]["next_cursor"]
            last = await client.conversations_history(channel=room.id, limit=2, cursor=cursor)
            assert (texts(last), last["has_more"]) == (["1"], False)

    asyncio.run(main())


def test_a_window_of_history_leaves_its_edges_out_unless_inclusive() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST, pace=Pace.OFF) as slack:
            room, client = slack.channel("room", bot_member=True), client_of(slack)
            ts = await told(client, room, "1", "2", "3", "4")
            window = {"channel": room.id, "oldest": ts[0], "latest": ts[2]}
            assert texts(await client.conversations_history(**window)) == ["2"]
            assert texts(await client.conversations_history(**window, inclusive=True)) == ["3", "2", "1"]
            one = await client.conversations_history(channel=room.id, latest=ts[1], inclusive=True, limit=1)
            assert texts(one) == ["2"]

    asyncio.run(main())


def test_replies_are_read_the_parent_first_then_the_oldest() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST, pace=Pace.OFF) as slack:
            room, client = slack.channel("room", bot_member=True), client_of(slack)
            (parent,) = await told(client, room, "parent")
            ts = await told(client, room, "a", "b", "c", thread_ts=parent)
            assert texts(await client.conversations_history(channel=room.id)) == ["parent"]
            thread = {"channel": room.id, "ts": parent}
            assert texts(await client.conversations_replies(**thread)) == ["parent", "a", "b", "c"]
            assert texts(await client.conversations_replies(**thread, oldest=ts[0])) == ["parent", "b", "c"]
            page = await client.conversations_replies(**thread, limit=2)
            assert (texts(page), page["has_more"]) == (["parent", "a", "b"], True)
            lost = client.conversations_replies(channel=room.id, ts="1.000001")
            assert await refusal(lost) == "thread_not_found"

    asyncio.run(main())


def test_history_is_for_members() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            client = client_of(slack)
            public, private = slack.channel("open"), slack.channel("closed", private=True)
            assert await refusal(client.conversations_history(channel=public.id)) == "not_in_channel"
            assert await refusal(client.conversations_history(channel=private.id)) == "channel_not_found"

    asyncio.run(main())


def test_history_of_a_kind_of_channel_needs_the_scope_of_that_kind() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST, declined_scopes=["groups:history"]) as slack:
            slack.forgive("missing_scope")
            room = slack.channel("closed", private=True, bot_member=True)
            assert await refusal(client_of(slack).conversations_history(channel=room.id)) == "missing_scope"

    asyncio.run(main())


def test_an_unreadable_cursor_or_limit_is_refused() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            slack.forgive("invalid_arguments")
            room, client = slack.channel("room", bot_member=True), client_of(slack)
            assert await refusal(client.conversations_history(channel=room.id, cursor="x")) == "invalid_cursor"
            assert await refusal(client.conversations_history(channel=room.id, limit=1001)) == "invalid_limit"

    asyncio.run(main())


def test_lists_members_page_after_page() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            people = [slack.person(name) for name in ("alice", "bruno", "chloe")]
            room, client = slack.channel("room", members=people), client_of(slack)
            first = await client.conversations_members(channel=room.id, limit=2)
            cursor = first["response_metadata"]["next_cursor"]
            last = await client.conversations_members(channel=room.id, limit=2, cursor=cursor)
            assert [*first["members"], *last["members"]] == [person.id for person in people]
            assert last["response_metadata"]["next_cursor"] == ""

    asyncio.run(main())


def test_lists_what_the_bot_may_know_of() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            client = client_of(slack)
            slack.channel("open")
            slack.channel("closed", private=True)
            slack.channel("inside", private=True, bot_member=True)
            old = slack.channel("old")
            old.archived = True
            both = await client.conversations_list(types="public_channel,private_channel")
            assert [channel["name"] for channel in both["channels"]] == ["open", "inside", "old"]
            living = await client.conversations_list(exclude_archived=True)
            assert [channel["name"] for channel in living["channels"]] == ["open"]
            mine = await client.users_conversations(types="public_channel,private_channel")
            assert [channel["name"] for channel in mine["channels"]] == ["inside"]
            slack.forgive("invalid_arguments")
            assert await refusal(client.conversations_list(types="secret")) == "invalid_types"

    asyncio.run(main())


def test_opening_direct_messages_needs_its_own_scope() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            slack.forgive("missing_scope")
            alice = slack.person("alice")
            assert await refusal(client_of(slack).conversations_open(users=alice.id)) == "missing_scope"

    asyncio.run(main())


def test_opens_direct_messages_with_one_living_person() -> None:
    scopes = {"bot": ["im:write", "chat:write"]}

    async def main() -> None:
        async with SlackStandin(MANIFEST | {"oauth_config": {"scopes": scopes}}) as slack:
            client, alice = client_of(slack), slack.person("alice")
            opened = await client.conversations_open(users=[alice.id])
            assert opened["channel"]["id"] == alice.inbox_channel.id
            gone = slack.person("gone", deactivated=True)
            assert await refusal(client.conversations_open(users=gone.id)) == "user_disabled"
            assert await refusal(client.conversations_open(users=slack.bot_user_id)) == "cannot_dm_bot"
            assert await refusal(client.conversations_open(users="U0NOBODY")) == "user_not_found"

    asyncio.run(main())


def test_tells_a_persons_zone_and_her_language_when_asked() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            client = client_of(slack)
            alice = slack.person("alice", name="Alice A.", locale="fr-FR", tz="Europe/Paris", guest=True)
            user = (await client.users_info(user=alice.id, include_locale=True))["user"]
            assert (user["locale"], user["tz"], user["real_name"]) == ("fr-FR", "Europe/Paris", "Alice A.")
            assert user["is_restricted"]
            assert "locale" not in (await client.users_info(user=alice.id))["user"]
            assert await refusal(client.users_info(user="U0NOBODY")) == "user_not_found"

    asyncio.run(main())


def test_lists_people_page_after_page() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            client, names = client_of(slack), ["alice", "bruno", "chloe"]
            for name in names:
                slack.person(name)
            seen = [user["name"] async for page in await client.users_list(limit=2) for user in page["members"]]
            assert seen == ["standbot", *names]

    asyncio.run(main())
