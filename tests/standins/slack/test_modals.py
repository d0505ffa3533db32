"""Modals and home pages: triggers, stack, hash, and what a person filled in."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from slack_bolt.app.async_app import AsyncApp

from standins.slack import Hands, NothingThere, SlackStandin, StandinViolation
from tests.standins.slack.opened import (
    HURRIED,
    MANIFEST,
    actions,
    app_of,
    button,
    client_of,
    menu,
    modal,
    over_sockets,
    question,
    refusal,
    section,
)

Story = Callable[[SlackStandin, AsyncApp, Hands], Awaitable[None]]


def play(story: Story, **settings: Any) -> None:
    """Open a workspace with Alice and an app that acknowledges commands and keeps the last trigger."""

    async def main() -> None:
        async with SlackStandin(MANIFEST, **settings) as slack:
            app = app_of(slack)
            async with over_sockets(slack, app):
                await story(slack, app, slack.person("alice"))

    asyncio.run(main())


def opens(app: AsyncApp, view: dict[str, Any]) -> None:
    @app.command("/do")
    async def do(ack: Any, body: Any, client: Any) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=view)
        await ack()


def notes_triggers(app: AsyncApp) -> list[str]:
    seen: list[str] = []

    @app.command("/do")
    async def do(ack: Any, body: Any) -> None:
        seen.append(body["trigger_id"])
        await ack()

    return seen


def answers_form(app: AsyncApp, **answer: Any) -> None:
    @app.view("form")
    async def form(ack: Any) -> None:
        await ack(**answer)


def test_a_modal_opened_for_a_person_is_in_front_of_her() -> None:
    async def story(_slack: SlackStandin, app: AsyncApp, alice: Hands) -> None:
        opens(app, modal())
        reply = await alice.command("/do")
        assert reply.acked
        assert reply.view is alice.view
        assert alice.view is not None
        assert alice.view.visible_text == "A form\nQuestion\n[Send]"

    play(story)


def test_a_trigger_lives_a_moment() -> None:
    async def story(slack: SlackStandin, app: AsyncApp, alice: Hands) -> None:
        seen = notes_triggers(app)
        await alice.command("/do")
        await asyncio.sleep(0.35)
        opening = client_of(slack).views_open(trigger_id=seen[0], view=modal())
        assert await refusal(opening) == "expired_trigger_id"
        assert alice.view is None

    play(story, timing=HURRIED)


def test_a_trigger_serves_once() -> None:
    async def story(slack: SlackStandin, app: AsyncApp, alice: Hands) -> None:
        seen = notes_triggers(app)
        await alice.command("/do")
        client = client_of(slack)
        await client.views_open(trigger_id=seen[0], view=modal())
        assert await refusal(client.views_open(trigger_id=seen[0], view=modal())) == "exchanged_trigger_id"

    play(story)


def test_a_made_up_trigger_is_refused() -> None:
    async def story(slack: SlackStandin, _app: AsyncApp, _alice: Hands) -> None:
        slack.forgive("invalid_arguments")
        opening = client_of(slack).views_open(trigger_id="1.2", view=modal())
        assert await refusal(opening) == "invalid_trigger_id"

    play(story)


def test_a_refused_view_leaves_the_trigger_for_another_try() -> None:
    async def story(slack: SlackStandin, app: AsyncApp, alice: Hands) -> None:
        slack.forgive("invalid_blocks")
        seen = notes_triggers(app)
        await alice.command("/do")
        client = client_of(slack)
        assert await refusal(client.views_open(trigger_id=seen[0], view=modal(title=None))) == "invalid_arguments"
        heavy = modal(*[section("x" * 3000)] * 90)
        assert await refusal(client.views_open(trigger_id=seen[0], view=heavy)) == "view_too_large"
        assert (await client.views_open(trigger_id=seen[0], view=modal()))["ok"]

    play(story)


def test_a_submitted_form_closes_and_carries_what_was_filled_in() -> None:
    async def story(_slack: SlackStandin, app: AsyncApp, alice: Hands) -> None:
        opens(app, modal(question(), private_metadata="kept"))
        sent: list[Any] = []

        @app.view("form")
        async def form(ack: Any, view: Any) -> None:
            sent.append(view)
            await ack()

        view = (await alice.command("/do")).view
        assert view is not None
        await alice.fill(view, "q", "a <b> & c")
        outcome = await alice.submit(view)
        assert (outcome.closed, outcome.errors, alice.view) == (True, {}, None)
        assert sent[0]["state"]["values"]["q"]["words"]["value"] == "a <b> & c"
        assert sent[0]["private_metadata"] == "kept"

    play(story)


def test_the_client_itself_refuses_an_incomplete_form() -> None:
    async def story(slack: SlackStandin, app: AsyncApp, alice: Hands) -> None:
        number = {
            "type": "number_input", "action_id": "n", "is_decimal_allowed": False, "min_value": "0", "max_value": "5"
        }  # fmt: skip
        opens(app, modal(question(), question(block_id="n", element=number, optional=True)))
        view = (await alice.command("/do")).view
        assert view is not None
        assert (await alice.submit(view)).errors == {"q": "Please complete this required field."}
        await alice.fill(view, "q", "words")
        await alice.fill(view, "n", 6)
        assert "n" in (await alice.submit(view)).errors
        assert [envelope.name for envelope in slack.envelopes] == ["/do"]

    play(story)


def test_errors_keep_the_form_open() -> None:
    async def story(_slack: SlackStandin, app: AsyncApp, alice: Hands) -> None:
        opens(app, modal(question(optional=True)))
        answers_form(app, response_action="errors", errors={"q": "Too short."})
        view = (await alice.command("/do")).view
        assert view is not None
        outcome = await alice.submit(view)
        assert (outcome.closed, outcome.errors) == (False, {"q": "Too short."})
        assert alice.view is view

    play(story)


def test_words_in_answer_to_a_form_are_held_against_the_app() -> None:
    async def story(_slack: SlackStandin, app: AsyncApp, alice: Hands) -> None:
        opens(app, modal(question(optional=True)))

        @app.view("form")
        async def form(ack: Any) -> None:
            await ack("Thank you.")

        view = (await alice.command("/do")).view
        assert view is not None
        assert not (await alice.submit(view)).closed

    with pytest.raises(StandinViolation, match="bad_ack"):
        play(story)


def test_errors_on_a_block_that_is_none_are_held_against_the_app() -> None:
    async def story(_slack: SlackStandin, app: AsyncApp, alice: Hands) -> None:
        opens(app, modal(question(optional=True)))
        answers_form(app, response_action="errors", errors={"other": "Too short."})
        view = (await alice.command("/do")).view
        assert view is not None
        await alice.submit(view)

    with pytest.raises(StandinViolation, match="bad_ack"):
        play(story)


def test_a_form_is_redrawn_pushed_and_cleared_by_the_acknowledgement() -> None:
    async def story(_slack: SlackStandin, app: AsyncApp, alice: Hands) -> None:
        opens(app, modal(question(optional=True)))
        answers = [
            {"response_action": "update", "view": modal(section("two"))},
            {"response_action": "push", "view": modal(section("three"))},
            {"response_action": "clear"},
        ]

        @app.view("form")
        async def form(ack: Any) -> None:
            await ack(**answers.pop(0))

        first = (await alice.command("/do")).view
        assert first is not None
        updated = await alice.submit(first)
        assert updated.view is first
        assert "two" in first.visible_text
        pushed = await alice.submit(first)
        assert pushed.view is alice.view
        assert pushed.view is not first
        assert pushed.view is not None
        cleared = await alice.submit(pushed.view)
        assert (cleared.closed, alice.view) == (True, None)

    play(story)


def test_three_modals_stand_on_each_other_and_no_more() -> None:
    async def story(slack: SlackStandin, app: AsyncApp, alice: Hands) -> None:
        opens(app, modal(section("1"), actions(button())))
        refusals: list[str] = []

        @app.action("press")
        async def press(ack: Any, body: Any) -> None:
            pushing = client_of(slack).views_push(
                trigger_id=body["trigger_id"], view=modal(section("next"), actions(button()))
            )
            if len(slack.desk.views.stack(alice.id)) == 3:
                refusals.append(await refusal(pushing))
            else:
                await pushing
            await ack()

        await alice.command("/do")
        for _ in range(3):
            assert alice.view is not None
            await alice.click(alice.view, "Press")
        assert refusals == ["push_limit_reached"]
        assert alice.view is not None
        await alice.close(alice.view)
        assert len(slack.desk.views.stack(alice.id)) == 2
        await alice.close(alice.view, everything=True)
        assert alice.view is None

    play(story)


def test_an_update_with_an_old_hash_is_a_conflict() -> None:
    async def story(slack: SlackStandin, app: AsyncApp, alice: Hands) -> None:
        opens(app, modal())
        view, client = (await alice.command("/do")).view, client_of(slack)
        assert view is not None
        old = view.hash
        await client.views_update(view_id=view.id, hash=old, view=modal(section("new")))
        again = client.views_update(view_id=view.id, hash=old, view=modal(section("newer")))
        assert await refusal(again) == "hash_conflict"
        await client.views_update(view_id=view.id, view=modal(section("newest")))
        assert "newest" in view.visible_text

    play(story)


def test_a_closed_modal_cannot_be_redrawn() -> None:
    async def story(slack: SlackStandin, app: AsyncApp, alice: Hands) -> None:
        opens(app, modal())
        view = (await alice.command("/do")).view
        assert view is not None
        await alice.close(view)
        assert await refusal(client_of(slack).views_update(view_id=view.id, view=modal())) == "not_found"
        with pytest.raises(NothingThere):
            await alice.submit(view)

    play(story)


def test_an_external_id_names_one_open_view() -> None:
    async def story(slack: SlackStandin, app: AsyncApp, alice: Hands) -> None:
        seen, client = notes_triggers(app), client_of(slack)
        await alice.command("/do")
        await client.views_open(trigger_id=seen[-1], view=modal(external_id="ballot-1"))
        await client.views_update(external_id="ballot-1", view=modal(section("found"), external_id="ballot-1"))
        assert alice.view is not None
        assert "found" in alice.view.visible_text
        bruno = slack.person("bruno")
        await bruno.command("/do")
        twin = client.views_open(trigger_id=seen[-1], view=modal(external_id="ballot-1"))
        assert await refusal(twin) == "duplicate_external_id"
        assert await refusal(client.views_update(external_id="other", view=modal())) == "not_found"

    play(story)


def test_a_choice_is_kept_only_while_its_two_names_stay() -> None:
    async def story(slack: SlackStandin, app: AsyncApp, alice: Hands) -> None:
        dots = section() | {"block_id": "dots:1", "accessory": menu("0", "1", "2")}
        renamed = section() | {"block_id": "dots:2", "accessory": menu("0", "1", "2")}
        opens(app, modal(dots))
        seen: list[Any] = []

        @app.action("menu")
        async def chosen(ack: Any, body: Any) -> None:
            seen.append(body)
            await ack()

        view, client = (await alice.command("/do")).view, client_of(slack)
        assert view is not None
        await alice.choose(view, action_id="menu", option="2")
        assert seen[0]["actions"][0]["selected_option"]["value"] == "2"
        assert seen[0]["view"]["state"]["values"]["dots:1"]["menu"]["selected_option"]["value"] == "2"
        kept = await client.views_update(view_id=view.id, view=modal(dots))
        assert kept["view"]["state"]["values"]["dots:1"]["menu"]["selected_option"]["value"] == "2"
        lost = await client.views_update(view_id=view.id, view=modal(renamed))
        assert lost["view"]["state"]["values"]["dots:2"]["menu"]["selected_option"] is None

    play(story)


def test_no_more_is_chosen_than_a_menu_allows() -> None:
    async def story(_slack: SlackStandin, app: AsyncApp, alice: Hands) -> None:
        many = menu("x", "y", "z") | {"type": "multi_static_select", "max_selected_items": 2}
        opens(app, modal(question(element=many)))
        view = (await alice.command("/do")).view
        assert view is not None
        await alice.fill(view, "q", ["x", "y"])
        with pytest.raises(NothingThere, match="no more than 2"):
            await alice.fill(view, "q", ["x", "y", "z"])

    play(story)


def test_a_button_of_the_home_page_opens_a_modal() -> None:
    async def story(slack: SlackStandin, app: AsyncApp, alice: Hands) -> None:
        home = {"type": "home", "blocks": [actions(button())]}
        await client_of(slack).views_publish(user_id=alice.id, view=home)

        @app.action("press")
        async def press(ack: Any, body: Any, client: Any) -> None:
            await client.views_open(trigger_id=body["trigger_id"], view=modal())
            await ack()

        assert alice.home is not None
        reply = await alice.click(alice.home, "Press")
        assert reply.view is alice.view
        assert reply.envelope.payload["container"] == {"type": "view", "view_id": alice.home.id}

    play(story)


def test_the_home_page_needs_its_tab_and_a_person() -> None:
    home = {"type": "home", "blocks": [section()]}

    async def main() -> None:
        features = MANIFEST["features"] | {"app_home": {"home_tab_enabled": False}}
        async with SlackStandin(MANIFEST | {"features": features}) as slack:
            slack.forgive("missing_scope")
            publishing = client_of(slack).views_publish(user_id=slack.person("alice").id, view=home)
            assert await refusal(publishing) == "not_enabled"
        async with SlackStandin(MANIFEST) as slack:
            publishing = client_of(slack).views_publish(user_id=slack.bot_user_id, view=home)
            assert await refusal(publishing) == "not_supported"

    asyncio.run(main())


def test_nothing_is_pushed_where_no_modal_is_open() -> None:
    async def story(slack: SlackStandin, app: AsyncApp, alice: Hands) -> None:
        seen = notes_triggers(app)
        await alice.command("/do")
        assert await refusal(client_of(slack).views_push(trigger_id=seen[0], view=modal())) == "not_found"

    play(story)


def test_closing_is_told_to_an_app_that_asked_for_it() -> None:
    async def story(slack: SlackStandin, app: AsyncApp, alice: Hands) -> None:
        opens(app, modal(notify_on_close=True))
        closed: list[bool] = []

        @app.view_closed("form")
        async def gone(ack: Any, body: Any) -> None:
            closed.append(body["is_cleared"])
            await ack()

        view = (await alice.command("/do")).view
        assert view is not None
        await alice.close(view)
        await slack.settle()
        assert closed == [False]

    play(story)


def test_the_home_page_is_published_when_opened() -> None:
    home = {"type": "home", "blocks": [section("Welcome")]}

    async def story(slack: SlackStandin, app: AsyncApp, alice: Hands) -> None:
        @app.event("app_home_opened")
        async def opened(event: Any, client: Any) -> None:
            await client.views_publish(user_id=event["user"], view=home)

        view = await alice.open_home()
        assert view is not None
        assert view.visible_text == "Welcome"
        client = client_of(slack)
        old = view.hash
        await client.views_publish(user_id=alice.id, view=home, hash=old)
        assert await refusal(client.views_publish(user_id=alice.id, view=home, hash=old)) == "hash_conflict"
        assert await refusal(client.views_publish(user_id="U0NOBODY", view=home)) == "invalid_user_id"

    play(story)


def test_a_field_is_found_by_its_label_and_every_kind_is_filled_as_slack_would() -> None:
    async def story(slack: SlackStandin, app: AsyncApp, alice: Hands) -> None:
        bruno, room = slack.person("bruno"), slack.channel("room")
        fields = {
            "who": {"type": "users_select", "action_id": "a"},
            "where": {"type": "conversations_select", "action_id": "a"},
            "when": {"type": "datepicker", "action_id": "a"},
            "many": menu("x", "y") | {"type": "multi_static_select", "action_id": "a"},
            "helpers": {"type": "multi_users_select", "action_id": "a"},
            "number": {"type": "number_input", "action_id": "a", "is_decimal_allowed": False},
        }
        asked = [
            question(block_id=name, label={"type": "plain_text", "text": name.title()}, element=element)
            for name, element in fields.items()
        ]
        opens(app, modal(*asked))
        sent: list[Any] = []

        @app.view("form")
        async def form(ack: Any, view: Any) -> None:
            sent.append({name: value["a"] for name, value in view["state"]["values"].items()})
            await ack()

        view = (await alice.command("/do")).view
        assert view is not None
        filled = {
            "Who": bruno, "Where": room, "When": "2026-12-24", "Many": ["x", "Y"],
            "Helpers": [bruno, alice], "Number": 3,
        }  # fmt: skip
        for label, value in filled.items():
            await alice.fill(view, label=label, value=value)
        await alice.submit(view)
        values = sent[0]
        assert values["who"]["selected_user"] == bruno.id
        assert values["where"]["selected_conversation"] == room.id
        assert values["when"]["selected_date"] == "2026-12-24"
        assert [option["value"] for option in values["many"]["selected_options"]] == ["x", "y"]
        assert values["helpers"]["selected_users"] == [bruno.id, alice.id]
        assert values["number"]["value"] == "3"

    play(story)
