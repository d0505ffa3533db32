"""The board: drawing it, and adding to its hunt, must cost the same however many ideas are there."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator

from benchmarks.bench import Bench, Measured, Scenario, cpu_seconds
from benchmarks.figures import Row, Spread, at_most
from benchmarks.town import BOARD, ROOM, TENANT, Town
from bot.domain.names import HuntId, MessageId, RoomId
from bot.usecases.post import board, table
from handlers.slack import draw

NAME = "board"
FEW, MANY = 50, 500
DRAWINGS = 40
SLICE = 250
OTHER_ROOM, OTHER_BOARD = RoomId("C0OTHER"), MessageId("1700000000.000200")


def measured(bench: Bench) -> Measured:
    """Drawing at 500 ideas beside 50; then ideas arriving in a large hunt beside an empty one."""
    yield from _drawing(bench)
    yield _arriving(bench)


def _drawing(bench: Bench) -> Iterator[Row]:
    towns = []
    for ideas in (FEW, MANY):
        town = Town.built(bench.ground.folder, f"board-{ideas}")
        hunt = town.hunt(private=False)
        town.hear(range(ideas))
        towns.append((town, hunt))
    drawings: dict[str, Callable[[Town, HuntId], Callable[[], None]]] = {"board": _board, "table": _table}
    for what, drawing in drawings.items():
        few, many = [], []
        for _ in bench.turns():
            few.append(1e3 * cpu_seconds(drawing(*towns[0]), DRAWINGS))
            many.append(1e3 * cpu_seconds(drawing(*towns[1]), DRAWINGS))
        aim = at_most(1.2) if what == "board" else None
        note = "content read and drawn" if what == "board" else "at most 200 rows, whatever the hunt"
        yield Row(NAME, f"{what} of {MANY} ideas v {FEW}", Spread.of(many), "ms CPU", Spread.of(few), aim, note)
    for town, _ in towns:
        town.close()


def _board(town: Town, hunt: HuntId) -> Callable[[], None]:
    def work() -> None:
        with town.storage.look() as unit:
            screen = board(unit, unit.hunts.get(TENANT, hunt))
        draw.message(screen, "fr", "Europe/Paris", mentions=True)

    return work


def _table(town: Town, hunt: HuntId) -> Callable[[], None]:
    def work() -> None:
        with town.storage.look() as unit:
            screen = table(unit, unit.hunts.get(TENANT, hunt))
        draw.message(screen, "fr", "Europe/Paris", mentions=True)

    return work


def _arriving(bench: Bench) -> Row:
    """Slices of the first 1,000 of one hunt and of the last 1,000 of a large one, in turn, in one database."""
    total, last = bench.size(20_000, 2_000), 1_000
    town = Town.built(bench.ground.folder, "board-large")
    town.hunt()
    town.hunt(OTHER_ROOM, OTHER_BOARD)
    bench.tell(f"  filling a hunt with {total - last:,} ideas")
    start = time.perf_counter()
    town.hear(range(total - last))
    town.deliver()
    bench.tell(f"  took {time.perf_counter() - start:.1f} s")
    first_ones, last_ones = [], []
    for turn in range(last // SLICE):
        low = turn * SLICE
        first_ones.append(_per_idea(town, low, OTHER_ROOM, OTHER_BOARD))
        last_ones.append(_per_idea(town, total - last + low))
        town.deliver()
    town.close()
    return Row(
        NAME,
        f"an idea among {total:,}, the last {last:,} v the first",
        Spread.of(last_ones),
        "us CPU",
        Spread.of(first_ones),
        at_most(1.15),
        "whole use case: idea, trace, counters, letters; commits grouped",
    )


def _per_idea(town: Town, low: int, room: RoomId = ROOM, board: MessageId = BOARD) -> float:
    return 1e6 * cpu_seconds(lambda: town.hear(range(low, low + SLICE), room, board)) / SLICE


SCENARIO = Scenario(NAME, "does the board, or adding to it, grow with the hunt?", measured)
