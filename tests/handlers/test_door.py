"""The door: waiting is bounded, refusals pass, what the storage cannot do becomes Shut."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

import pytest

from bot.domain.errors import NoHuntHere
from handlers.door import Busy, Door, Shut

T = TypeVar("T")


@pytest.fixture
def worker() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(1) as pool:
        yield pool


def door(pool: ThreadPoolExecutor, patience: float = 2.0) -> Door:
    def submit(work: Callable[[], T]) -> Future[T]:
        return pool.submit(work)

    return Door(submit, submit, patience, (OSError,))


def test_gives_what_the_use_case_answers(worker: ThreadPoolExecutor) -> None:
    assert asyncio.run(door(worker).do(divmod, 7, 2)) == (3, 1)


def test_lets_refusals_through(worker: ThreadPoolExecutor) -> None:
    def refused() -> None:
        raise NoHuntHere

    with pytest.raises(NoHuntHere):
        asyncio.run(door(worker).do(refused))


def test_what_the_storage_cannot_do_is_shut(worker: ThreadPoolExecutor) -> None:
    def full() -> None:
        raise OSError("no space left")

    with pytest.raises(Shut):
        asyncio.run(door(worker).look(full))


def test_turns_away_after_the_deadline_and_counts_it(worker: ThreadPoolExecutor) -> None:
    held = threading.Event()

    async def queue() -> Door:
        short = door(worker, 0.05)
        with pytest.raises(Busy):
            await short.do(held.wait)
        held.set()
        return short

    outside = asyncio.run(queue())
    assert (outside.turned_away, outside.inside) == (1, 0)


def test_what_had_not_begun_is_not_done_after_all(worker: ThreadPoolExecutor) -> None:
    held, done = threading.Event(), list[str]()

    async def queue() -> None:
        first = asyncio.create_task(door(worker).do(held.wait))
        await asyncio.sleep(0.01)
        with pytest.raises(Busy):
            await door(worker, 0.05).do(done.append, "too late")
        held.set()
        await first
        await door(worker).do(done.append, "in time")

    asyncio.run(queue())
    assert done == ["in time"]
