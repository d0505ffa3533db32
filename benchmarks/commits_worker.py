"""Keeps events one way, in a process whose syncs take a millisecond, and prints what it cost as JSON."""

from __future__ import annotations

import asyncio
import ctypes
import json
import sqlite3
import sys
import time
from collections.abc import Callable
from datetime import timedelta

import uvloop

from benchmarks.town import ROOM, START, TENANT, heard
from bot.theming import LexicalThemer
from bot.usecases import build_core
from storage.sql import SqlStorage

_IDEA = (
    "INSERT INTO idea (tenant, hunt, number, text, created_at, way, author, title, suggested, state, version, voices, "
    "shuffled) VALUES (?, ?, ?, ?, 0, 'thread', ?, '', 0, 'standing', 1, 1, 0)"
)


def syncs() -> int:
    """Syncs of this process so far."""
    return int(ctypes.CDLL(None).syncs_so_far())


def plain(url: str, events: int) -> list[float]:
    """A commit for each event: one row to know it again, one of content."""
    file = sqlite3.connect(url.removeprefix("sqlite:///"), isolation_level=None)
    file.execute("PRAGMA journal_mode = WAL")
    file.execute("PRAGMA synchronous = FULL")
    hunt = file.execute("SELECT id FROM hunt").fetchone()[0]
    took = []
    for number in range(events):
        start = time.perf_counter()
        file.execute("BEGIN IMMEDIATE")
        file.execute("INSERT INTO client_gesture VALUES (?, ?, ?)", (TENANT, hunt, f"event-{number}"))
        file.execute(_IDEA, (TENANT, hunt, number, f"idea {number}", f"U{number}"))
        file.execute("COMMIT")
        took.append(1e3 * (time.perf_counter() - start))
    return took


async def grouped(storage: SqlStorage, deed: Callable[[int], object], events: int, waiting: int) -> list[float]:
    """So many always wait, as many wishes of people would."""
    took: list[float] = []
    numbers = iter(range(events))

    async def one_person() -> None:
        for number in numbers:
            start = time.perf_counter()
            await asyncio.wrap_future(storage.submit(lambda number=number: deed(number)))  # type: ignore[misc]
            took.append(1e3 * (time.perf_counter() - start))

    await asyncio.gather(*(one_person() for _ in range(waiting)))
    return took


def two_rows(storage: SqlStorage) -> Callable[[int], object]:
    """The same two rows, through the writer."""
    with storage.look() as unit:
        found = unit.hunts.open_in(TENANT, ROOM)
    assert found is not None
    hunt = found.id

    def deed(number: int) -> None:
        with storage.begin() as unit:
            run = unit._connection.exec_driver_sql  # noqa: SLF001 - beneath the stores, where the floor is too
            run("INSERT INTO client_gesture VALUES (?, ?, ?)", (TENANT, hunt, f"event-{number}"))
            run(_IDEA, (TENANT, hunt, number, f"idea {number}", f"U{number}"))

    return deed


def whole_idea(storage: SqlStorage) -> Callable[[int], object]:
    """Everything an idea in the thread does."""
    listen = build_core(storage, LexicalThemer()).incoming.heard
    return lambda number: listen(heard(number), START + timedelta(seconds=number))


def main() -> None:
    """`kind url events waiting`."""
    kind, url, events, waiting = sys.argv[1], sys.argv[2], int(sys.argv[3]), int(sys.argv[4])
    storage = None if kind == "plain" else SqlStorage(url)
    before, cpu, start = syncs(), time.process_time(), time.perf_counter()
    if storage is None:
        took = plain(url, events)
    else:
        took = uvloop.run(grouped(storage, (two_rows if kind == "writer" else whole_idea)(storage), events, waiting))
    wall, used = time.perf_counter() - start, time.process_time() - cpu
    took.sort()
    told = {
        "per_second": events / wall, "cpu_us": 1e6 * used / events, "syncs": (syncs() - before) / events,
        "p50": took[len(took) // 2], "p99": took[int(0.99 * len(took))],
    }  # fmt: skip
    print(json.dumps(told))


if __name__ == "__main__":
    main()
