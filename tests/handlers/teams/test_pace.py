"""Our own pace in Teams: never more messages than its limits, whatever the burst; and its refusals sorted."""

from __future__ import annotations

import asyncio

import httpx
import pytest

from handlers import platform
from handlers.platform import Wait
from handlers.teams.pace import WINDOWS, Pace
from handlers.teams.troubles import patience, trouble


class Time:
    """A clock that only moves when somebody waits."""

    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def burst(messages: int) -> list[float]:
    """When so many messages leave that all want to leave at once."""

    async def story() -> list[float]:
        time, left = Time(), []
        pace = Pace(1.0, time)
        for _ in range(messages):
            while True:
                try:
                    await pace.turn("19:a@thread.tacv2", patience=0.0)
                except Wait as wait:
                    time.now += wait.seconds
                else:
                    break
            left.append(time.now)
        return left

    return asyncio.run(story())


def test_no_window_ever_holds_more_than_teams_takes() -> None:
    left = burst(400)
    for span, most in WINDOWS:
        fullest = max(sum(1 for at in left if start <= at < start + span) for start in left)
        assert fullest <= most, span


def test_another_conversation_waits_for_nobody() -> None:
    async def story() -> None:
        pace = Pace(1.0, Time())
        for room in range(50):
            for _ in range(7):
                await pace.turn(f"19:{room}", patience=0.0)

    asyncio.run(story())


def test_a_pause_teams_asked_for_is_kept() -> None:
    async def story() -> None:
        time = Time()
        pace = Pace(1.0, time)
        pace.rest("19:a", 30.0)
        with pytest.raises(Wait) as waited:
            await pace.turn("19:a")
        assert (waited.value.seconds, waited.value.gate) == (30.0, "19:a")
        time.now = 31.0
        await pace.turn("19:a")

    asyncio.run(story())


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


@pytest.mark.parametrize(
    ("asked", "seconds"), [("3", 3.0), ("0", 1.0), ("99999", 600.0), ("soon", 5.0), (None, 5.0), ("nan", 5.0)]
)
def test_what_teams_asks_to_wait_is_kept_within_reason(asked: object, seconds: float) -> None:
    assert patience(asked) == seconds
