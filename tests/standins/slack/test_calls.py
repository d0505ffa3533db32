"""The door of the Web API: tokens, methods, arguments, scopes, and the record of it all."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import aiohttp
import pytest

from standins.slack import SlackStandin, StandinViolation
from tests.standins.slack.opened import MANIFEST, app_of, client_of, over_sockets, refusal


def test_says_who_the_bot_is_and_what_it_may_do() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            answer = await client_of(slack).auth_test()
            assert (answer["team_id"], answer["user_id"], answer["bot_id"]) == (
                slack.team, slack.bot_user_id, slack.bot_id,
            )  # fmt: skip
            assert "chat:write" in answer.headers["x-oauth-scopes"].split(",")

    asyncio.run(main())


def test_refuses_a_stranger() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            assert await refusal(client_of(slack, "xoxb-other").auth_test()) == "invalid_auth"

    asyncio.run(main())


def test_refuses_a_call_without_token() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack, aiohttp.ClientSession() as session:
            async with session.post(f"{slack.api_url}auth.test") as answer:
                assert (await answer.json())["error"] == "not_authed"
            slack.forgive("not_authed")

    asyncio.run(main())


def test_refuses_the_two_tokens_swapped() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            slack.forgive("not_authed")
            swapped = client_of(slack, "xapp-standin")
            assert await refusal(swapped.auth_test()) == "not_allowed_token_type"
            opening = client_of(slack).apps_connections_open(app_token="xoxb-standin")
            assert await refusal(opening) == "not_allowed_token_type"

    asyncio.run(main())


@pytest.mark.parametrize("as_json", [True, False], ids=["json", "form"])
def test_accepts_a_token_and_arguments_in_the_body(as_json: bool) -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack, aiohttp.ClientSession() as session:
            alice = slack.person("alice")
            args = {"token": "xoxb-standin", "user": alice.id}
            body = {"json": args} if as_json else {"data": args}
            headers = {"Authorization": "Bearer xoxb-standin"} if as_json else {}
            async with session.post(f"{slack.api_url}users.info", headers=headers, **body) as answer:
                assert (await answer.json())["user"]["id"] == alice.id

    asyncio.run(main())


def test_an_unknown_method_is_refused_and_held_against_the_app() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            assert await refusal(client_of(slack).api_call("chat.shout")) == "unknown_method"

    with pytest.raises(StandinViolation, match=r"unknown_method: chat\.shout"):
        asyncio.run(main())


def test_an_unknown_argument_is_refused_and_held_against_the_app() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            assert await refusal(client_of(slack).users_list(colour="blue")) == "invalid_arguments"

    with pytest.raises(StandinViolation, match="unknown argument colour"):
        asyncio.run(main())


def test_a_missing_argument_is_refused() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            slack.forgive("invalid_arguments")
            assert await refusal(client_of(slack).api_call("users.info")) == "invalid_arguments"

    asyncio.run(main())


def test_a_scope_the_manifest_lacks_is_named() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            assert await refusal(client_of(slack).team_info()) == "missing_scope"
            assert slack.calls[-1].answer is not None
            assert slack.calls[-1].answer["needed"] == "team:read"

    with pytest.raises(StandinViolation, match="missing_scope"):
        asyncio.run(main())


def test_an_optional_scope_that_was_declined_is_missing() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST, declined_scopes=["files:write"]) as slack:
            slack.forgive("missing_scope")
            asking = client_of(slack).files_getUploadURLExternal(filename="a.csv", length=3)
            assert await refusal(asking) == "missing_scope"

    asyncio.run(main())


def test_dates_its_answers_by_the_clock_it_was_given() -> None:
    async def main() -> None:
        noon = datetime(2026, 11, 24, 12, tzinfo=UTC)
        async with SlackStandin(MANIFEST, clock=lambda: noon) as slack:
            answer = await client_of(slack).auth_test()
            assert answer.headers["Date"] == "Tue, 24 Nov 2026 12:00:00 GMT"
            assert slack.calls[0].at == noon

    asyncio.run(main())


def test_revoked_tokens_open_nothing() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            slack.revoke_token()
            assert await refusal(client_of(slack).auth_test()) == "token_revoked"

    asyncio.run(main())


def test_an_app_put_out_is_told_so_and_its_tokens_are_dead() -> None:
    settings = {"event_subscriptions": {"bot_events": ["app_uninstalled", "tokens_revoked"]}}

    async def main() -> None:
        async with SlackStandin(MANIFEST | {"settings": settings}) as slack:
            app, heard = app_of(slack), list[str]()

            async def keep(event: dict[str, str]) -> None:
                heard.append(event["type"])

            app.event("app_uninstalled")(keep)
            app.event("tokens_revoked")(keep)
            async with over_sockets(slack, app):
                await slack.uninstall()
                assert sorted(heard) == ["app_uninstalled", "tokens_revoked"]
                assert await refusal(client_of(slack).auth_test()) == "account_inactive"

    asyncio.run(main())


def test_api_test_answers_anybody_and_fails_when_asked() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            client = client_of(slack, "")
            assert (await client.api_test())["ok"]
            assert await refusal(client.api_test(error="my_error")) == "my_error"

    asyncio.run(main())


def test_keeps_a_record_of_every_call() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            room = slack.channel("room", bot_member=True)
            await client_of(slack).chat_postMessage(channel=room.id, text="hello")
            made = slack.calls[-1]
            assert (made.method, made.args["text"]) == ("chat.postMessage", "hello")
            assert made.answer is not None
            assert made.answer["ts"] == room.messages[-1].ts

    asyncio.run(main())


def test_a_forgiven_fault_is_not_held_against_the_app() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            slack.forgive("unknown_method")
            await refusal(client_of(slack).api_call("chat.shout"))

    asyncio.run(main())


def test_describes_the_bot() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            client = client_of(slack)
            answer = await client.bots_info(bot=slack.bot_id)
            assert answer["bot"]["user_id"] == slack.bot_user_id
            assert await refusal(client.bots_info(bot="B0OTHER")) == "bot_not_found"

    asyncio.run(main())


def test_a_file_is_shared_in_three_steps() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            room = slack.channel("room", bot_member=True)
            await client_of(slack).files_upload_v2(content="a;b\n", filename="ideas.csv", channel=room.id)
            assert [file["name"] for file in room.messages[-1].files] == ["ideas.csv"]

    asyncio.run(main())


def test_a_file_that_never_arrived_cannot_be_shared() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            client = client_of(slack)
            asked = await client.files_getUploadURLExternal(filename="a.csv", length=3)
            completing = client.files_completeUploadExternal(files=[{"id": asked["file_id"], "title": "a"}])
            assert await refusal(completing) == "file_not_found"

    asyncio.run(main())
