"""Socket Mode under Bolt's own adapter: deadlines, redelivery, several connections, refreshes, weather."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import aiohttp
import pytest

from standins.slack import NotAcknowledged, Pace, SlackStandin, StandinViolation, Timing
from tests.standins.slack.opened import HURRIED, MANIFEST, app_of, client_of, over_sockets, refusal


@asynccontextmanager
async def dialled(slack: SlackStandin, lines: int = 1) -> AsyncIterator[list[aiohttp.ClientWebSocketResponse]]:
    """Open connections by hand, and hear the hello of each."""
    async with aiohttp.ClientSession() as session, AsyncExitStack() as stack:
        sockets = []
        for _ in range(lines):
            opened = await client_of(slack).apps_connections_open(app_token="xapp-standin")
            sockets.append(await stack.enter_async_context(session.ws_connect(opened["url"])))
            assert (await sockets[-1].receive_json())["type"] == "hello"
        yield sockets


async def answer(socket: aiohttp.ClientWebSocketResponse) -> Any:
    """Take one envelope and acknowledge it."""
    frame = await socket.receive_json()
    await socket.send_json({"envelope_id": frame["envelope_id"]})
    return frame


def test_an_address_serves_one_connection() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack, aiohttp.ClientSession() as session:
            url = (await client_of(slack).apps_connections_open(app_token="xapp-standin"))["url"]
            async with session.ws_connect(url):
                with pytest.raises(aiohttp.WSServerHandshakeError):
                    await session.ws_connect(url)

    asyncio.run(main())


def test_each_envelope_goes_to_one_of_the_connections() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack, dialled(slack, 2) as sockets:
            alice = slack.person("alice")
            for text in "1234":
                await alice.direct(text, wait=False)
            frames = [await answer(socket) for socket in sockets * 2]
            texts = [frame["payload"]["event"]["text"] for frame in frames]
            assert sorted(texts) == ["1", "2", "3", "4"]
            await slack.settle()

    asyncio.run(main())


def test_an_eleventh_connection_is_turned_away() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack, dialled(slack, 10), aiohttp.ClientSession() as session:
            opened = await client_of(slack).apps_connections_open(app_token="xapp-standin")
            async with session.ws_connect(opened["url"]) as socket:
                assert (await socket.receive_json())["reason"] == "too_many_websockets"

    asyncio.run(main())


def test_an_event_nobody_acknowledged_comes_three_times_more_under_the_same_id() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST, timing=HURRIED) as slack, dialled(slack) as (socket,):
            await slack.person("alice").direct("hello", wait=False)
            frames = [await socket.receive_json() for _ in range(4)]
            assert [frame["retry_attempt"] for frame in frames] == [0, 1, 2, 3]
            assert [frame["retry_reason"] for frame in frames] == ["", "timeout", "timeout", "timeout"]
            assert len({frame["payload"]["event_id"] for frame in frames}) == 1
            await slack.until(lambda: slack.violations)

    with pytest.raises(StandinViolation, match="not_acknowledged: events_api message, sent 4 times"):
        asyncio.run(main())


def test_an_event_acknowledged_at_its_second_coming_is_forgiven() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST, timing=HURRIED) as slack, dialled(slack) as (socket,):
            await slack.person("alice").direct("hello", wait=False)
            await socket.receive_json()
            assert (await answer(socket))["retry_attempt"] == 1
            await slack.settle()

    asyncio.run(main())


def test_a_click_nobody_acknowledged_fails_the_person_and_the_test() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST, timing=HURRIED) as slack, dialled(slack):
            with pytest.raises(NotAcknowledged):
                await slack.person("alice").global_shortcut("start")

    with pytest.raises(StandinViolation, match="not_acknowledged: interactive shortcut"):
        asyncio.run(main())


def test_an_acknowledgement_that_comes_late_is_none() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST, timing=HURRIED) as slack:
            app = app_of(slack)

            @app.command("/do")
            async def do(ack: Any) -> None:
                await asyncio.sleep(0.5)
                await ack("Late.")

            async with over_sockets(slack, app):
                alice = slack.person("alice")
                with pytest.raises(NotAcknowledged):
                    await alice.command("/do")
                await asyncio.sleep(0.5)
                assert alice.ephemerals() == []

    with pytest.raises(StandinViolation, match="not_acknowledged"):
        asyncio.run(main())


def test_an_event_no_listener_takes_is_held_against_the_app() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST, timing=HURRIED) as slack, over_sockets(slack, app_of(slack)):
            with pytest.raises(NotAcknowledged):
                await slack.person("alice").direct("hello")

    with pytest.raises(StandinViolation, match="not_acknowledged"):
        asyncio.run(main())


def test_an_answer_to_no_envelope_is_held_against_the_app() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack, dialled(slack) as (socket,):
            await socket.send_str(json.dumps({"envelope_id": "other"}))
            await slack.until(lambda: slack.violations)

    with pytest.raises(StandinViolation, match="bad_ack"):
        asyncio.run(main())


def test_what_happens_while_the_app_is_away_reaches_it_when_it_is_back() -> None:
    timing = Timing(ack=0.1, retries=(0.1, 60.0, 300.0))

    async def main() -> None:
        async with SlackStandin(MANIFEST, timing=timing) as slack:
            heard: list[str] = []
            await slack.person("alice").direct("while away", wait=False)
            await asyncio.sleep(0.5)
            app = app_of(slack)

            @app.event("message")
            async def message(event: Any) -> None:
                heard.append(event["text"])

            async with over_sockets(slack, app):
                await slack.until(lambda: heard)
                await slack.settle()
            assert heard == ["while away"]

    asyncio.run(main())


def test_cut_connections_come_back_and_nothing_is_lost() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            app, heard = app_of(slack), list[str]()

            @app.event("message")
            async def message(event: Any) -> None:
                heard.append(event["text"])

            async with over_sockets(slack, app):
                slack.chaos.drop_connections()
                await slack.person("alice").direct("after the cut")
                assert heard == ["after the cut"]

    asyncio.run(main())


def test_the_app_follows_a_refresh_to_a_new_address() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            app, heard = app_of(slack), list[str]()

            @app.event("message")
            async def message(event: Any) -> None:
                heard.append(event["text"])

            async with over_sockets(slack, app):
                before = slack.sockets.connections[0]
                await slack.chaos.refresh_connections()
                await slack.until(lambda: slack.sockets.connections and before not in slack.sockets.connections)
                await slack.person("alice").direct("after the refresh")
                assert heard == ["after the refresh"]

    asyncio.run(main())


def test_a_disabled_link_opens_no_connection() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            slack.sockets.link_disabled = True
            opening = client_of(slack).apps_connections_open(app_token="xapp-standin")
            assert await refusal(opening) == "link_disabled"

    asyncio.run(main())


def keeping(slack: SlackStandin, heard: list[str]) -> Any:
    app = app_of(slack)

    @app.event("message")
    async def message(event: Any) -> None:
        heard.append(event["text"])

    return app


def test_delivers_twice_when_told_to() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            heard: list[str] = []
            async with over_sockets(slack, keeping(slack, heard)):
                alice = slack.person("alice")
                slack.chaos.duplicate("message", times=2)
                await alice.direct("thrice")
                await alice.direct("once")
                await slack.settle()
                assert Counter(heard) == {"thrice": 3, "once": 1}
                ids = [envelope.payload["event_id"] for envelope in slack.envelopes]
                assert len(set(ids)) == 2

    asyncio.run(main())


def test_delivers_out_of_order_when_told_to() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            heard: list[str] = []
            async with over_sockets(slack, keeping(slack, heard)):
                slack.chaos.reorder(3)
                alice = slack.person("alice")
                for text in "123":
                    await alice.direct(text, wait=False)
                await slack.settle()
                assert heard == ["3", "2", "1"]

    asyncio.run(main())


def test_delivers_late_when_told_to() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            heard: list[str] = []
            async with over_sockets(slack, keeping(slack, heard)):
                slack.chaos.delay(0.3)
                sending = asyncio.ensure_future(slack.person("alice").direct("late"))
                await asyncio.sleep(0.15)
                assert heard == []
                await sending
                assert heard == ["late"]

    asyncio.run(main())


def test_a_lost_acknowledgement_brings_the_event_again_and_is_not_the_apps_fault() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST, timing=HURRIED) as slack:
            heard: list[str] = []
            async with over_sockets(slack, keeping(slack, heard)):
                slack.chaos.suppress_acks(1)
                await slack.person("alice").direct("hello")
                assert heard == ["hello", "hello"]

    asyncio.run(main())


def test_a_past_event_can_be_sent_again_under_its_own_id() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            heard: list[str] = []
            async with over_sockets(slack, keeping(slack, heard)):
                await slack.person("alice").direct("hello")
                again = slack.redeliver(slack.envelopes[0])
                await slack.settle()
                assert heard == ["hello", "hello"]
                assert again.payload["event_id"] == slack.envelopes[0].payload["event_id"]

    asyncio.run(main())


def test_settling_says_what_is_still_in_flight() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack, dialled(slack):
            slack.forgive("not_acknowledged")
            await slack.person("alice").direct("hello", wait=False)
            with pytest.raises(TimeoutError, match="events_api message"):
                await slack.settle(0.3)

    asyncio.run(main())


@pytest.mark.parametrize("status", [429, 500])
def test_answers_as_badly_as_told_then_well_again(status: int) -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST, pace=Pace.OFF) as slack:
            room, client = slack.channel("room", bot_member=True), client_of(slack)
            slack.chaos.answer("chat.postMessage", status=status, retry_after=30, times=2)
            for _ in range(2):
                error = "ratelimited" if status == 429 else "internal_error"
                assert await refusal(client.chat_postMessage(channel=room.id, text="x")) == error
            await client.chat_postMessage(channel=room.id, text="x")
            assert len(room.messages) == 1

    asyncio.run(main())


def test_accepts_then_loses_the_answer() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST, pace=Pace.OFF) as slack:
            room, client = slack.channel("room", bot_member=True), client_of(slack)
            slack.chaos.lose_answer("chat.postMessage")
            with pytest.raises(aiohttp.ClientError):
                await client.chat_postMessage(channel=room.id, text="kept")
            assert [message.text for message in room.messages] == ["kept"]

    asyncio.run(main())


def test_does_what_is_asked_then_answers_badly() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            room, client = slack.channel("room", bot_member=True), client_of(slack)
            slack.chaos.answer("chat.postMessage", status=500, after=True)
            assert await refusal(client.chat_postMessage(channel=room.id, text="kept")) == "internal_error"
            assert [message.text for message in room.messages] == ["kept"]

    asyncio.run(main())


def test_answers_slowly_when_told_to() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack:
            client = client_of(slack)
            slack.chaos.slow("api.test", 0.3)
            asking = asyncio.ensure_future(client.api_test())
            await asyncio.sleep(0.1)
            assert not asking.done()
            assert (await asking)["ok"]

    asyncio.run(main())


def test_answers_with_another_body_when_told_to() -> None:
    async def main() -> None:
        async with SlackStandin(MANIFEST) as slack, aiohttp.ClientSession() as session:
            slack.chaos.answer("api.test", body="<html>", content_type="text/html")
            async with session.post(f"{slack.api_url}api.test") as response:
                assert (response.status, await response.text()) == (200, "<html>")

    asyncio.run(main())
