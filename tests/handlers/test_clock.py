"""The clock over a real database: one spoilt hunt stops no other, and a long comparison stops nobody's vote."""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import psutil
import pytest
from sqlalchemy import text

from bot.domain.hunt import Phase
from bot.domain.ideas import IdeaText, Likeness, Pile, Standing
from bot.domain.names import HuntId, PersonId, RoomId
from bot.domain.people import Tenant
from bot.theming import LexicalThemer
from bot.theming.aside import AsideThemer
from bot.usecases import build_core
from bot.usecases.regrouping import FEWEST, QUIET
from bot.usecases.requests import IdeaRequest, LaunchRequest
from handlers.clock import Ticker
from handlers.door import Door
from storage.problems import StorageProblem
from storage.sql import SqlStorage
from tests.usecases.town import ROOM, TENANT, Town

OTHER = RoomId("C2")


@dataclass(frozen=True)
class SlowThemer(LexicalThemer):
    """Compares until it is let go."""

    begun: threading.Event = field(default_factory=threading.Event)
    go_on: threading.Event = field(default_factory=threading.Event)

    regrouping: threading.Event = field(default_factory=threading.Event)

    def regroup(self, ideas: Sequence[IdeaText], standing: Standing) -> tuple[Pile, ...]:
        self.regrouping.set()
        assert self.go_on.wait(20)
        numbers = tuple(idea.number for idea in ideas)
        return (Pile(standing.themes[0].name, numbers, numbers[0], theme=standing.themes[0].id),)

    def group(self, ideas: Sequence[IdeaText], language: str = "") -> tuple[Pile, ...]:
        self.begun.set()
        assert self.go_on.wait(20)
        return super().group(ideas)

    def alike(self, ideas: Sequence[IdeaText], *, patient: bool = False) -> tuple[Likeness, ...]:
        self.begun.set()
        assert self.go_on.wait(20)
        return super().alike(ideas, patient=patient)


@pytest.fixture
def themer() -> SlowThemer:
    return SlowThemer()


@pytest.fixture
def town(migrated_url: str, themer: SlowThemer) -> Iterator[Town]:
    storage = SqlStorage(migrated_url)
    yield Town(build_core(storage, themer), storage)
    themer.go_on.set()
    storage.close()


def ticker(town: Town) -> Ticker:
    return Ticker(town.core, door(town), lambda: town.now, lambda: None)


def door(town: Town) -> Door:
    storage = town.storage
    return Door(storage.submit, storage.submit_look, problems=(StorageProblem,), submit_long=storage.submit_long)


def voting(town: Town, room: RoomId) -> HuntId:
    """A hunt of a room whose vote ends in an hour, with one dot placed."""
    wanted = LaunchRequest(room, "How might we share the wood?", vote_until=town.now + timedelta(hours=1))
    town.core.hunts.launch(town.asker("ines"), wanted, f"launch {room}", now=town.now)
    town.deliver()
    hunt = town.core.hunts.open_here(TENANT, room)
    assert hunt is not None
    for words in ("Mark a loop for bikes.", "Fence a field for dogs."):
        town.post(hunt, "paul", words)
    town.core.hunts.reveal(town.asker("ines"), hunt, now=town.now)
    town.open_vote(hunt, dots=3, closes_at=wanted.vote_until)
    town.wish(hunt, "ines", 1, 1)
    return hunt


def phase(town: Town, hunt: HuntId) -> Phase:
    with town.storage.look() as unit:
        return unit.hunts.get(TENANT, hunt).phase


def test_a_hunt_whose_books_differ_does_not_keep_the_others_from_closing(town: Town, themer: SlowThemer) -> None:
    themer.go_on.set()  # opening a vote looks for duplicates, too
    spoilt, sound = voting(town, ROOM), voting(town, OTHER)
    with town.storage.begin() as unit:
        unit.rounds.connection.execute(text("DELETE FROM dot WHERE hunt = :hunt"), {"hunt": spoilt})
    town.wait(hours=1)
    clock = ticker(town)
    assert [asyncio.run(clock.tick()) for _ in range(2)] == [1, 0]
    assert (phase(town, spoilt), phase(town, sound)) == (Phase.VOTING, Phase.CLOSED)
    assert clock.ticking()


def test_people_are_served_while_the_clock_compares_the_ideas_of_a_hunt(town: Town, themer: SlowThemer) -> None:
    hunt = town.launch(collect_until=town.now + timedelta(hours=1))
    for words in ("Mark a loop for bikes.", "Fence a field for dogs."):
        town.post(hunt, "paul", words)
    town.wait(hours=1)

    async def meanwhile() -> int:
        ticking = asyncio.create_task(ticker(town).tick())
        await asyncio.to_thread(themer.begun.wait, 20)
        wanted = IdeaRequest(hunt, "Build a hide to watch birds.")
        saved = await door(town).do(town.core.ideas.post, town.asker("karima"), wanted, "key", town.now)
        assert not ticking.done()
        themer.go_on.set()
        await ticking
        return int(saved.line.number)

    assert asyncio.run(meanwhile()) == 3


def growing(town: Town) -> HuntId:
    """A hunt of the other room whose ideas wait to be grouped."""
    town.core.people.keep_tenant(Tenant(TENANT, PersonId("bot"), "en", "UTC"))
    wanted = LaunchRequest(OTHER, "How might we read more?", themes=("Books", "Rooms"))
    town.core.hunts.launch(town.asker("ines"), wanted, "launch growing", now=town.now)
    town.deliver()
    hunt = town.core.hunts.open_here(TENANT, OTHER)
    assert hunt is not None
    for number in range(FEWEST):
        town.post(hunt, f"person{number // 4}", f"One more idea about the matter number {number}")
    town.core.clock.due(town.now)
    town.wait(seconds=QUIET.total_seconds())
    return hunt


def under_themes(town: Town, hunt: HuntId) -> int:
    with town.storage.look() as unit:
        return sum(theme.ideas for theme in unit.ideas.themes(TENANT, hunt))


def test_votes_close_at_their_time_while_ideas_are_grouped(town: Town, themer: SlowThemer) -> None:
    themer.go_on.set()
    closing, grown = voting(town, ROOM), growing(town)

    async def meanwhile() -> None:
        clock = ticker(town)
        assert await clock.strike() == 0
        await asyncio.to_thread(themer.regrouping.wait, 20)
        town.wait(hours=1)
        assert await clock.strike() == 1
        assert phase(town, closing) is Phase.CLOSED
        assert clock.ticking()
        assert under_themes(town, grown) == 0
        [look] = clock._under_way.values()  # still the first one, not begun again
        themer.go_on.set()
        assert await look == 1
        assert under_themes(town, grown) == FEWEST

    themer.go_on.clear()
    asyncio.run(meanwhile())


def test_whoever_waits_for_a_grouping_holds_up_no_reader(town: Town, themer: SlowThemer) -> None:
    themer.go_on.set()
    hunt = voting(town, ROOM)
    themer.go_on.clear()
    themer.begun.clear()

    async def meanwhile() -> None:
        asked, core = door(town).patient(20), town.core
        waiting = [
            asyncio.create_task(asked.think(core.themes.propose, town.asker("ines"), hunt, town.now)) for _ in range(4)
        ]
        await asyncio.to_thread(themer.begun.wait, 20)
        assert (await asked.look(core.hunts.open_here, TENANT, ROOM)) == hunt
        themer.go_on.set()
        assert len(await asyncio.gather(*waiting)) == 4

    asyncio.run(meanwhile())


@pytest.mark.skipif(sys.platform == "win32", reason="a process is halted")
def test_the_bot_ends_at_once_while_ideas_are_grouped(migrated_sqlite_url: str) -> None:
    themer = AsideThemer()
    storage = SqlStorage(migrated_sqlite_url)
    town = Town(build_core(storage, themer), storage)
    hunt = growing(town)
    assert themer.group([IdeaText(1, "One more idea")])
    assert themer._worker is not None
    psutil.Process(themer._worker.process.pid).suspend()
    asked = storage.submit_long(lambda: town.core.clock.regrouping.regroup(TENANT, hunt, town.now))
    proposed = storage.submit_long(lambda: town.core.themes.propose(town.asker("ines"), hunt, town.now))
    start = time.monotonic()
    while not themer._lock.locked():
        assert time.monotonic() - start < 60
    start = time.monotonic()
    themer.close()
    storage.close()
    assert time.monotonic() - start < 5
    assert asked.done()
    assert proposed.done()
