"""Our own pace: turns a second apart, a number a minute, and nobody waits for ever."""

from __future__ import annotations

import asyncio

import pytest

from handlers.platform import Wait
from handlers.slack.pace import Pace


class Hands:
    """A clock that moves when told."""

    def __init__(self) -> None:
        self.at = 100.0

    def time(self) -> float:
        return self.at


def test_turns_of_one_gate_are_apart_and_others_go_on() -> None:
    async def queue() -> None:
        clock = Hands()
        pace = Pace(1.0, clock.time)
        await pace.turn("C1", 1.0)
        await pace.turn("C2", 1.0)
        with pytest.raises(Wait) as waited:
            await pace.turn("C1", 1.0, patience=0.5)
        assert (waited.value.seconds, waited.value.gate) == (1.0, "C1")
        clock.at += 1.0
        await pace.turn("C1", 1.0, patience=0.5)

    asyncio.run(queue())


def test_a_window_takes_a_burst_and_then_waits_for_its_oldest_call() -> None:
    async def queue() -> None:
        clock = Hands()
        pace = Pace(1.0, clock.time)
        for _ in range(3):
            await pace.window("chat.update", 3)
        with pytest.raises(Wait) as waited:
            await pace.window("chat.update", 3)
        assert waited.value.seconds == 60.0
        clock.at += 60.0
        await pace.window("chat.update", 3)

    asyncio.run(queue())


def test_a_pause_slack_asked_for_is_kept_by_later_callers() -> None:
    async def queue() -> None:
        clock = Hands()
        pace = Pace(1.0, clock.time)
        pace.rest("users.info", 30)
        with pytest.raises(Wait):
            await pace.window("users.info", 90)
        clock.at += 30
        await pace.window("users.info", 90)

    asyncio.run(queue())


def test_no_limit_where_a_second_lasts_nothing() -> None:
    async def queue() -> None:
        pace = Pace(0.0, Hands().time)
        for _ in range(500):
            await pace.turn("C1", 1.0)
            await pace.window("chat.update", 3)

    asyncio.run(asyncio.wait_for(queue(), 1))
