"""Our own pace in Teams: never more messages than its limits, whatever the burst; and its refusals sorted."""

from __future__ import annotations

import asyncio
import random
from collections.abc import Coroutine
from typing import Any

import httpx
import pytest

from handlers import platform
from handlers.platform import MessageGone, Wait
from handlers.teams.pace import MARGIN, MEMBERS, REACTIONS, WINDOWS, Pace, Windows
from handlers.teams.troubles import patience, trouble

ROOM = "19:a@thread.tacv2"


class Jumping(asyncio.SelectorEventLoop):
    """A loop whose clock jumps to the next thing that waits."""

    def __init__(self) -> None:
        super().__init__()
        self._now = 0.0

    def time(self) -> float:
        return self._now

    def _run_once(self) -> None:
        if not self._ready and self._scheduled:  # type: ignore[attr-defined]
            self._now = max(self._now, self._scheduled[0].when())  # type: ignore[attr-defined]
        super()._run_once()  # type: ignore[misc]


def run(story: Coroutine[Any, Any, None]) -> None:
    with asyncio.Runner(loop_factory=Jumping) as runner:
        runner.run(story)


def now() -> float:
    return asyncio.get_running_loop().time()


async def burst(calls: int, chance: random.Random, windows: Windows = WINDOWS) -> list[float]:
    """When so many calls arrive that all want to leave at once, over a line that is now slow and now fast."""
    pace, arrived = Pace(1.0), []

    async def call() -> None:
        async with pace.turn(ROOM, 1e9, windows):
            await asyncio.sleep(chance.uniform(0.0, 0.5))
            arrived.append(now())
            await asyncio.sleep(chance.choice((0.01, 0.3, 3.0)))

    await asyncio.gather(*(call() for _ in range(calls)))
    return sorted(arrived)


@pytest.mark.parametrize("windows", [WINDOWS, MEMBERS, REACTIONS], ids=["messages", "members", "reactions"])
def test_no_window_ever_holds_more_than_teams_takes(windows: Windows) -> None:
    async def story() -> None:
        for seed in range(5):
            arrived = await burst(150, random.Random(seed), windows)
            for span, most in windows:
                fullest = max(sum(1 for at in arrived if start <= at < start + span) for start in arrived)
                assert fullest <= most, span

    run(story())


def test_an_hour_holds_no_more_than_teams_takes_and_not_much_less() -> None:
    async def story() -> None:
        pace, left = Pace(1.0), []
        for _ in range(2_000):
            async with pace.turn(ROOM, 1e9):
                left.append(now())
        assert sum(1 for at in left if at < 3600) == 1_800

    run(story())


def test_what_is_under_way_counts_as_now_and_its_answer_opens_the_window_later() -> None:
    async def story() -> None:
        pace, answer = Pace(1.0), asyncio.Event()

        async def slow() -> None:
            async with pace.turn(ROOM):
                await answer.wait()

        tasks = [asyncio.create_task(slow()) for _ in range(7)]
        await asyncio.sleep(10)
        with pytest.raises(Wait):
            async with pace.turn(ROOM, patience=0.5):
                pass
        answer.set()
        await asyncio.gather(*tasks)
        at = now()
        async with pace.turn(ROOM):
            assert now() == pytest.approx(at + 1.0 + MARGIN)

    run(story())


def test_turns_are_taken_in_order() -> None:
    async def story() -> None:
        pace, left = Pace(1.0), []

        async def call(number: int) -> None:
            async with pace.turn(ROOM, 60.0):
                left.append(number)
                await asyncio.sleep(0.1)

        await asyncio.gather(*(call(number) for number in range(30)))
        assert left == list(range(30))

    run(story())


def test_nobody_waits_longer_than_their_patience() -> None:
    async def story() -> None:
        pace, waited = Pace(1.0), []

        async def call() -> None:
            try:
                async with pace.turn(ROOM, 3.0):
                    pass
            except Wait:
                pass
            waited.append(now())

        await asyncio.gather(*(call() for _ in range(200)))
        assert max(waited) <= 3.0

    run(story())


def test_another_conversation_waits_for_nobody() -> None:
    async def story() -> None:
        pace = Pace(1.0)
        for room in range(50):
            for _ in range(7):
                async with pace.turn(f"19:{room}", patience=0.0):
                    pass

    run(story())


def test_a_pause_teams_asked_for_is_kept() -> None:
    async def story() -> None:
        pace = Pace(1.0)
        pace.rest(ROOM, 30.0)
        with pytest.raises(Wait) as waited:
            async with pace.turn(ROOM):
                pass
        assert (waited.value.seconds, waited.value.gate) == (30.0, ROOM)
        await asyncio.sleep(31)
        async with pace.turn(ROOM, patience=0.0):
            pass

    run(story())


def refusal(status: int, code: str = "", **headers: str) -> httpx.HTTPStatusError:
    asked = httpx.Request("POST", "https://smba.trafficmanager.net/")
    body = {"error": {"code": code}} if code else None
    return httpx.HTTPStatusError("", request=asked, response=httpx.Response(status, json=body, headers=headers))


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (refusal(429, "TooManyRequests"), platform.Wait),
        (refusal(412), platform.Ambiguous),
        (refusal(502), platform.Ambiguous),
        (refusal(504, "GatewayTimeout"), platform.Ambiguous),
        (httpx.ReadTimeout("slow"), platform.Ambiguous),
        (refusal(401), platform.TenantDead),
        (refusal(403, "BotNotInConversationRoster"), platform.NotInvited),
        (refusal(403, "MessageWritesBlocked"), platform.PersonUnreachable),
        (refusal(403, "BotDisabledByAdmin"), platform.RoomGone),
        (refusal(404, "ConversationNotFound"), platform.RoomGone),
        (refusal(404, "ActivityNotFoundInConversation"), platform.MessageGone),
        (refusal(413), platform.BadPayload),
        (refusal(400, "BadSyntax"), platform.BadPayload),
    ],
)
def test_each_refusal_is_the_trouble_it_is(error: httpx.HTTPError, kind: type[platform.Trouble]) -> None:
    assert type(trouble(error, "19:a")) is kind


def test_a_message_to_change_that_is_not_found_is_gone_and_not_its_room() -> None:
    assert type(trouble(refusal(404), ROOM, MessageGone)) is platform.MessageGone
    assert type(trouble(refusal(404, "SomethingNew"), ROOM, MessageGone)) is platform.MessageGone
    assert type(trouble(refusal(404, "ConversationNotFound"), ROOM, MessageGone)) is platform.RoomGone
    assert type(trouble(refusal(404), ROOM)) is platform.RoomGone


@pytest.mark.parametrize(
    ("asked", "seconds"), [("3", 3.0), ("0", 1.0), ("99999", 600.0), ("soon", 5.0), (None, 5.0), ("nan", 5.0)]
)
def test_what_teams_asks_to_wait_is_kept_within_reason(asked: object, seconds: float) -> None:
    assert patience(asked) == seconds
