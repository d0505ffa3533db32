"""Signed HTTP to a real Bolt app: the challenge, signatures, retries, and what people do."""

from __future__ import annotations

import asyncio
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from slack_bolt.app.async_app import AsyncApp

from standins.slack import NotAcknowledged, SlackStandin, StandinViolation
from tests.standins.slack.opened import (
    HURRIED,
    MANIFEST,
    actions,
    app_of,
    button,
    client_of,
    modal,
    over_http,
    section,
)


def fill_app(app: AsyncApp, heard: list[str]) -> None:
    @app.event("message")
    async def message(event: Any) -> None:
        heard.append(event["text"])

    @app.command("/do")
    async def do(ack: Any, body: Any, client: Any) -> None:
        await client.views_open(trigger_id=body["trigger_id"], view=modal())
        await ack("Opened.")

    @app.view("form")
    async def form(ack: Any) -> None:
        await ack(response_action="errors", errors={"q": "No."})

    @app.action("press")
    async def press(ack: Any) -> None:
        await ack()


def test_a_person_is_served_over_signed_http_as_over_sockets() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            alice, app, heard = slack.person("alice"), app_of(slack), list[str]()
            room = slack.channel("room", members=[alice], bot_member=True)
            fill_app(app, heard)
            async with over_http(slack, app):
                await alice.post(room, "héhé & co")
                reply = await alice.command("/do", "été", channel=room)
                assert reply.text == "Opened."
                assert alice.view is not None
                await alice.fill(alice.view, "q", "words")
                assert (await alice.submit(alice.view)).errors == {"q": "No."}
                blocks = [section(), actions(button())]
                await client_of(slack).chat_postMessage(channel=room.id, text="x", blocks=blocks)
                assert (await alice.click(room.messages[-1], "Press")).acked
                await slack.settle()
            assert heard == ["héhé &amp; co"]

    asyncio.run(main())


def test_a_forged_or_old_signature_is_refused_by_the_app() -> None:
    async def main() -> None:
        async with (
            SlackStandin(MANIFEST) as slack,
            over_http(slack, app_of(slack)) as url,
            aiohttp.ClientSession() as session,
        ):
            body = b'{"type":"event_callback"}'
            good = slack.signed_headers(body)
            old = slack.signed_headers(body, at=int(good["X-Slack-Request-Timestamp"]) - 301)
            forged = good | {"X-Slack-Signature": "v0=" + "0" * 64}
            for headers in (old, forged):
                async with session.post(url, data=body, headers=headers) as response:
                    assert response.status == 401

    asyncio.run(main())


async def failing(slack: SlackStandin, answers: list[web.Response], seen: list[dict[str, str]]) -> web.AppRunner:
    """Serve an app that answers events so, one after the other, and keeps the headers it saw."""

    async def take(request: web.Request) -> web.Response:
        body = await request.json()
        if body["type"] == "url_verification":
            return web.Response(text=body["challenge"])
        seen.append({name.lower(): value for name, value in request.headers.items()})
        return answers.pop(0)

    app = web.Application()
    app.router.add_post("/", take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    slack.deliver_to(f"http://127.0.0.1:{runner.addresses[0][1]}/")
    await slack.connected()
    return runner


def test_a_failed_delivery_comes_again_with_its_number_and_reason() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST, timing=HURRIED) as slack:
            seen: list[dict[str, str]] = []
            runner = await failing(slack, [web.Response(status=500), web.Response()], seen)
            await slack.person("alice").direct("hello")
            assert "x-slack-retry-num" not in seen[0]
            assert (seen[1]["x-slack-retry-num"], seen[1]["x-slack-retry-reason"]) == ("1", "http_error")
            await runner.cleanup()

    asyncio.run(main())


def test_an_app_may_ask_for_no_retry() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST, timing=HURRIED) as slack:
            seen: list[dict[str, str]] = []
            refusing = web.Response(status=500, headers={"X-Slack-No-Retry": "1"})
            runner = await failing(slack, [refusing], seen)
            with pytest.raises(NotAcknowledged):
                await slack.person("alice").direct("hello")
            assert len(seen) == 1
            await runner.cleanup()

    with pytest.raises(StandinViolation, match="not_acknowledged"):
        asyncio.run(main())


def test_an_address_nobody_answers_at_is_not_connected() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            slack.deliver_to("http://127.0.0.1:9/")
            with pytest.raises(TimeoutError):
                await slack.connected(timeout=0.2)

    asyncio.run(main())
