"""What people do, and what the app is told of it, over the real Socket Mode."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp

from standins.slack import Hands, NothingThere, Pace, SlackStandin, StandinViolation
from tests.standins.slack.opened import MANIFEST, actions, app_of, button, client_of, menu, over_sockets, section

Story = Callable[[SlackStandin, AsyncApp, Hands, list[Any]], Awaitable[None]]


def play(story: Story, manifest: dict[str, Any] = MANIFEST) -> None:
    """Open a workspace with Alice and an app that keeps every event it hears."""

    async def main() -> None:
        async with SlackStandin(manifest, pace=Pace.OFF) as slack:
            app, heard = app_of(slack), list[Any]()
            for name in ("message", "reaction_added", "reaction_removed", "member_joined_channel"):
                app.event(name)(_keeper(heard))
            async with over_sockets(slack, app):
                await story(slack, app, slack.person("alice"), heard)

    asyncio.run(main())


def _keeper(heard: list[Any]) -> Callable[..., Awaitable[None]]:
    async def keep(body: Any) -> None:
        heard.append(body)

    return keep


def test_what_a_person_types_arrives_escaped_with_rich_text_beside() -> None:
    async def story(slack: SlackStandin, _app: AsyncApp, alice: Hands, heard: list[Any]) -> None:
        bruno = slack.person("bruno")
        room = slack.channel("room", members=[alice, bruno], bot_member=True)
        await alice.post(room, "<b> & @bruno @here #room https://mairie.example/x me@example.org")
        event = heard[0]["event"]
        assert event["text"] == (
            f"&lt;b&gt; &amp; <@{bruno.id}> <!here> <#{room.id}|room> <https://mairie.example/x> me@example.org"
        )
        inside = event["blocks"][0]["elements"][0]["elements"]
        assert inside[0] == {"type": "text", "text": "<b> & "}
        assert {"type": "user", "user_id": bruno.id} in inside
        assert (event["channel_type"], event["user"]) == ("channel", alice.id)
        assert event["client_msg_id"]

    play(story)


def test_emoji_arrive_as_codes_with_their_code_points_beside() -> None:
    async def story(slack: SlackStandin, _app: AsyncApp, alice: Hands, heard: list[Any]) -> None:
        room = slack.channel("room", members=[alice], bot_member=True)
        await alice.post(room, "Solar roof 💡 :tada:")
        event = heard[0]["event"]
        assert event["text"] == "Solar roof :bulb: :tada:"
        assert event["blocks"][0]["elements"][0]["elements"] == [
            {"type": "text", "text": "Solar roof "},
            {"type": "emoji", "name": "bulb", "unicode": "1f4a1"},
            {"type": "text", "text": " "},
            {"type": "emoji", "name": "tada", "unicode": "1f389"},
        ]

    play(story)


def test_people_change_their_own_messages_only_and_write_in_no_archived_channel() -> None:
    async def story(slack: SlackStandin, _app: AsyncApp, alice: Hands, _heard: list[Any]) -> None:
        bruno = slack.person("bruno")
        room = slack.channel("room", members=[alice, bruno])
        message = await alice.post(room, "mine")
        with pytest.raises(NothingThere):
            await bruno.edit(message, "ours")
        with pytest.raises(NothingThere):
            await bruno.delete(message)
        await alice.archive(room)
        with pytest.raises(NothingThere):
            await alice.post(room, "too late")

    play(story)


def test_an_event_comes_in_slacks_envelope() -> None:
    async def story(slack: SlackStandin, _app: AsyncApp, alice: Hands, heard: list[Any]) -> None:
        await alice.direct("hello")
        body = heard[0]
        assert (body["type"], body["team_id"], body["api_app_id"]) == ("event_callback", slack.team, slack.app_id)
        assert body["event_id"].startswith("Ev")
        assert isinstance(body["event_time"], int)
        assert body["authorizations"][0]["user_id"] == slack.bot_user_id
        assert body["event"]["channel_type"] == "im"

    play(story)


def test_the_app_hears_nothing_where_it_is_not() -> None:
    async def story(slack: SlackStandin, _app: AsyncApp, alice: Hands, heard: list[Any]) -> None:
        message = await alice.post(slack.channel("room", members=[alice]), "among us")
        await alice.react(message, "bulb")
        assert heard == []

    play(story)


def test_the_app_hears_nothing_it_did_not_subscribe_to_or_has_no_scope_for() -> None:
    settings = {"event_subscriptions": {"bot_events": ["message.channels", "reaction_added"]}}
    scopes = {"bot": [name for name in MANIFEST["oauth_config"]["scopes"]["bot"] if name != "channels:history"]}

    async def story(slack: SlackStandin, _app: AsyncApp, alice: Hands, heard: list[Any]) -> None:
        room = slack.channel("room", members=[alice], bot_member=True)
        message = await alice.post(room, "no scope for this")
        await alice.react(message, "bulb")
        await alice.unreact(message, "bulb")
        assert [body["event"]["type"] for body in heard] == ["reaction_added"]

    play(story, MANIFEST | {"settings": settings, "oauth_config": {"scopes": scopes}})


def test_a_mention_of_the_bot_comes_as_two_events_of_one_message() -> None:
    settings = {"event_subscriptions": {"bot_events": ["message.channels", "app_mention"]}}
    scopes = {"bot": ["channels:history", "app_mentions:read"]}

    async def story(slack: SlackStandin, app: AsyncApp, alice: Hands, heard: list[Any]) -> None:
        app.event("app_mention")(_keeper(heard))
        room = slack.channel("room", members=[alice], bot_member=True)
        await alice.post(room, "look @standbot")
        assert [body["event"]["type"] for body in heard] == ["message", "app_mention"]
        assert len({body["event"]["ts"] for body in heard}) == 1
        assert room.visible_text() == "look @standbot"

    play(story, MANIFEST | {"settings": settings, "oauth_config": {"scopes": scopes}})


def test_an_edit_tells_what_was_and_what_is() -> None:
    async def story(slack: SlackStandin, _app: AsyncApp, alice: Hands, heard: list[Any]) -> None:
        room = slack.channel("room", members=[alice], bot_member=True)
        message = await alice.post(room, "one")
        await alice.edit(message, "two")
        event = heard[1]["event"]
        assert (event["subtype"], event["hidden"]) == ("message_changed", True)
        assert (event["previous_message"]["text"], event["message"]["text"]) == ("one", "two")
        assert event["message"]["ts"] == message.ts
        assert float(event["message"]["edited"]["ts"]) > float(message.ts)

    play(story)


def test_a_preview_of_a_link_changes_a_message_without_editing_it() -> None:
    async def story(slack: SlackStandin, _app: AsyncApp, alice: Hands, heard: list[Any]) -> None:
        room = slack.channel("room", members=[alice], bot_member=True)
        message = await alice.post(room, "https://mairie.example/x")
        slack.unfurl(message)
        await slack.settle()
        event = heard[1]["event"]
        assert event["subtype"] == "message_changed"
        assert event["message"]["text"] == event["previous_message"]["text"]
        assert "edited" not in event["message"]

    play(story)


def test_a_deleted_message_is_told_and_leaves_a_tombstone_over_its_replies() -> None:
    async def story(slack: SlackStandin, _app: AsyncApp, alice: Hands, heard: list[Any]) -> None:
        room = slack.channel("room", members=[alice], bot_member=True)
        alone, parent = await alice.post(room, "alone"), await alice.post(room, "parent")
        await alice.post(room, "reply", thread_ts=parent)
        await alice.delete(alone)
        assert heard[-1]["event"]["subtype"] == "message_deleted"
        assert heard[-1]["event"]["deleted_ts"] == alone.ts
        await alice.delete(parent)
        assert heard[-1]["event"]["message"]["subtype"] == "tombstone"
        history = await client_of(slack).conversations_history(channel=room.id)
        assert [message["text"] for message in history["messages"]] == ["This message was deleted."]
        assert room.messages == []

    play(story)


def test_replies_and_broadcasts_tell_their_parent() -> None:
    async def story(slack: SlackStandin, _app: AsyncApp, alice: Hands, heard: list[Any]) -> None:
        room = slack.channel("room", members=[alice], bot_member=True)
        parent = await alice.post(room, "parent")
        await alice.post(room, "reply", thread_ts=parent.ts)
        await alice.post(room, "to all", thread_ts=parent.ts, broadcast=True)
        reply, broadcast = heard[1]["event"], heard[2]["event"]
        assert (reply["thread_ts"], reply["parent_user_id"]) == (parent.ts, alice.id)
        assert "subtype" not in reply
        assert (broadcast["subtype"], broadcast["root"]["ts"]) == ("thread_broadcast", parent.ts)

    play(story)


def test_reactions_name_the_message_and_its_author() -> None:
    async def story(slack: SlackStandin, _app: AsyncApp, alice: Hands, heard: list[Any]) -> None:
        bruno = slack.person("bruno")
        room = slack.channel("room", members=[alice, bruno], bot_member=True)
        message = await bruno.post(room, "an idea")
        await alice.react(message, "bulb")
        event = heard[1]["event"]
        assert (event["type"], event["reaction"]) == ("reaction_added", "bulb")
        assert (event["user"], event["item_user"]) == (alice.id, bruno.id)
        assert event["item"] == {"type": "message", "channel": room.id, "ts": message.ts}
        await alice.unreact(message, "bulb")
        assert heard[2]["event"]["type"] == "reaction_removed"

    play(story)


def test_an_invited_bot_hears_of_its_own_arrival_and_then_of_the_rest() -> None:
    async def story(slack: SlackStandin, _app: AsyncApp, alice: Hands, heard: list[Any]) -> None:
        room = slack.channel("closed", members=[alice], private=True)
        await alice.invite_bot(room)
        joined = [body["event"] for body in heard if body["event"]["type"] == "member_joined_channel"]
        assert [(event["user"], event["inviter"]) for event in joined] == [(slack.bot_user_id, alice.id)]
        await alice.post(room, "hello")
        assert heard[-1]["event"]["channel_type"] == "group"
        await alice.remove_bot(room)
        count = len(heard)
        await alice.post(room, "without you")
        assert len(heard) == count

    play(story)


def test_messages_of_other_bots_arrive_with_their_bot_id() -> None:
    async def story(slack: SlackStandin, _app: AsyncApp, alice: Hands, heard: list[Any]) -> None:
        room = slack.channel("room", members=[alice], bot_member=True)
        await alice.post(room, "from a robot", subtype="bot_message", bot_id="B0OTHER", client_msg_id=None)
        event = heard[0]["event"]
        assert (event["subtype"], event["bot_id"]) == ("bot_message", "B0OTHER")
        assert "client_msg_id" not in event

    play(story)


def test_the_bots_own_messages_are_sent_back_to_it() -> None:
    async def story(slack: SlackStandin, _app: AsyncApp, _alice: Hands, _heard: list[Any]) -> None:
        room = slack.channel("room", bot_member=True)
        await client_of(slack).chat_postMessage(channel=room.id, text="mine")
        await slack.settle()
        sent = slack.envelopes[-1].payload["event"]
        assert (sent["user"], sent["bot_id"]) == (slack.bot_user_id, slack.bot_id)

    play(story)


def test_a_command_carries_its_place_and_shows_what_the_acknowledgement_says() -> None:
    async def story(slack: SlackStandin, app: AsyncApp, alice: Hands, _heard: list[Any]) -> None:
        room, seen = slack.channel("room", members=[alice]), list[Any]()

        @app.command("/do")
        async def do(ack: Any, body: Any) -> None:
            seen.append(body)
            await ack(text="Done.", response_type="ephemeral")

        reply = await alice.command("/do", "a & b for @alice", channel=room)
        assert (reply.acked, reply.text) == (True, "Done.")
        assert [message.text for message in reply.ephemerals] == ["Done."]
        assert seen[0]["text"] == f"a &amp; b for <@{alice.id}|alice>"
        assert (seen[0]["channel_id"], seen[0]["user_id"]) == (room.id, alice.id)
        assert room.messages == []

    play(story)


def test_a_command_or_shortcut_the_manifest_does_not_declare_cannot_be_used() -> None:
    async def story(_slack: SlackStandin, _app: AsyncApp, alice: Hands, _heard: list[Any]) -> None:
        with pytest.raises(NothingThere):
            await alice.command("/other")
        with pytest.raises(NothingThere):
            await alice.global_shortcut("keep")

    play(story)


def test_shortcuts_carry_their_name_and_the_message() -> None:
    async def story(slack: SlackStandin, app: AsyncApp, alice: Hands, _heard: list[Any]) -> None:
        room, seen = slack.channel("room", members=[alice]), list[Any]()

        @app.shortcut("keep")
        async def keep(ack: Any, shortcut: Any) -> None:
            seen.append(shortcut)
            await ack()

        @app.shortcut("start")
        async def start(ack: Any, shortcut: Any) -> None:
            seen.append(shortcut)
            await ack()

        message = await alice.post(room, "worth it")
        await alice.message_shortcut("keep", message)
        await alice.global_shortcut("start")
        assert (seen[0]["type"], seen[0]["message"]["text"]) == ("message_action", "worth it")
        assert seen[0]["channel"]["id"] == room.id
        assert (seen[1]["type"], "channel" in seen[1]) == ("shortcut", False)

    play(story)


def test_a_click_carries_the_whole_message_and_may_be_answered() -> None:
    async def story(slack: SlackStandin, app: AsyncApp, alice: Hands, _heard: list[Any]) -> None:
        room, seen = slack.channel("room", members=[alice], bot_member=True), list[Any]()
        blocks = [section("Vote"), actions(button(value="7"))]
        await client_of(slack).chat_postMessage(channel=room.id, text="Vote", blocks=blocks)

        @app.action("press")
        async def press(ack: Any, body: Any, respond: Any) -> None:
            seen.append(body)
            await respond(text="Voted.", response_type="ephemeral")
            await ack()

        reply = await alice.click(room.messages[0], "Press")
        assert [message.text for message in reply.ephemerals] == ["Voted."]
        body = seen[0]
        assert body["message"]["ts"] == room.messages[0].ts
        assert body["container"]["message_ts"] == room.messages[0].ts
        taken = body["actions"][0]
        assert (taken["value"], taken["block_id"], taken["type"]) == ("7", "row", "button")
        assert taken["action_ts"]

    play(story)


def test_an_ephemeral_message_is_replaced_and_removed_through_its_own_address() -> None:
    async def story(slack: SlackStandin, app: AsyncApp, alice: Hands, _heard: list[Any]) -> None:
        room, bodies = slack.channel("room", members=[alice], bot_member=True), list[Any]()
        blocks = [actions(button("Change"), button("Remove", action_id="remove"))]
        await client_of(slack).chat_postEphemeral(channel=room.id, user=alice.id, text="x", blocks=blocks)

        @app.action("press")
        async def press(ack: Any, body: Any, respond: Any) -> None:
            bodies.append(body)
            await respond(text="y", blocks=[actions(button("Remove", action_id="remove"))], replace_original=True)
            await ack()

        @app.action("remove")
        async def remove(ack: Any, respond: Any) -> None:
            await respond(delete_original=True)
            await ack()

        message = alice.ephemerals(room)[0]
        await alice.click(message, "Change")
        assert alice.ephemerals(room)[0].text == "y"
        assert "message" not in bodies[0]
        assert bodies[0]["container"]["is_ephemeral"] is True
        await alice.click(message, "Remove")
        assert alice.ephemerals(room) == []

    play(story)


def test_a_choice_in_a_message_carries_what_was_chosen() -> None:
    async def story(slack: SlackStandin, app: AsyncApp, alice: Hands, _heard: list[Any]) -> None:
        room, seen = slack.channel("room", members=[alice], bot_member=True), list[Any]()
        overflow = menu("edit", "drop") | {"type": "overflow", "action_id": "more"}
        blocks = [section() | {"block_id": "a", "accessory": menu("x", "y")}, actions(overflow)]
        await client_of(slack).chat_postMessage(channel=room.id, text="x", blocks=blocks)

        for name in ("menu", "more"):

            @app.action(name)
            async def chosen(ack: Any, body: Any) -> None:
                seen.append(body)
                await ack()

        await alice.choose(room.messages[0], action_id="menu", option="y")
        await alice.choose(room.messages[0], action_id="more", option="Drop")
        assert seen[0]["actions"][0]["selected_option"]["value"] == "y"
        assert seen[0]["state"]["values"]["a"]["menu"]["selected_option"]["value"] == "y"
        assert (seen[1]["actions"][0]["type"], seen[1]["actions"][0]["selected_option"]["value"]) == (
            "overflow", "drop",
        )  # fmt: skip

    play(story)


def test_a_button_for_others_is_not_seen_and_a_missing_one_is_named() -> None:
    async def story(slack: SlackStandin, _app: AsyncApp, alice: Hands, _heard: list[Any]) -> None:
        room, bruno = slack.channel("room", members=[alice], bot_member=True), slack.person("bruno")
        blocks = [actions(button("Close", visible_to_user_ids=[bruno.id]), button("Vote", action_id="vote"))]
        await client_of(slack).chat_postMessage(channel=room.id, text="x", blocks=blocks)
        with pytest.raises(NothingThere, match="no button Close; there is Vote"):
            await alice.click(room.messages[0], "Close")

    play(story)


def test_a_message_through_a_response_url_cannot_be_updated() -> None:
    async def story(slack: SlackStandin, app: AsyncApp, alice: Hands, _heard: list[Any]) -> None:
        room = slack.channel("room", members=[alice], bot_member=True)

        @app.command("/do")
        async def do(ack: Any, respond: Any) -> None:
            await ack()
            await respond(text="for all", response_type="in_channel")

        await alice.command("/do", channel=room)
        await slack.settle()
        (message,) = room.messages
        answer = await client_of(slack).api_call("api.test")
        assert answer["ok"]
        with pytest.raises(Exception, match="cant_update_message"):
            await client_of(slack).chat_update(channel=room.id, ts=message.ts, text="changed")

    play(story)


def test_a_refused_answer_to_a_command_is_held_against_the_app() -> None:
    async def story(_slack: SlackStandin, app: AsyncApp, alice: Hands, _heard: list[Any]) -> None:
        @app.command("/do")
        async def do(ack: Any) -> None:
            await ack(text="x", blocks=[section("")])

        await alice.command("/do")

    with pytest.raises(StandinViolation, match="bad_ack"):
        play(story)


def test_people_come_and_go() -> None:
    async def story(slack: SlackStandin, _app: AsyncApp, alice: Hands, heard: list[Any]) -> None:
        room = slack.channel("room", bot_member=True)
        await alice.join(room)
        assert "member_joined_channel" in [body["event"]["type"] for body in heard]
        await alice.leave(room)
        with pytest.raises(NothingThere):
            await alice.post(room, "from outside")

    play(story)
