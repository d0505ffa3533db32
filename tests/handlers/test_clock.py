"""The clock over a real database: one spoilt hunt stops no other, and a long comparison stops nobody's vote."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.domain.hunt import Phase
from bot.domain.ideas import IdeaText, Likeness
from bot.domain.names import HuntId, RoomId
from bot.theming import LexicalThemer
from bot.usecases import build_core
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

    def alike(self, ideas: Sequence[IdeaText]) -> tuple[Likeness, ...]:
        self.begun.set()
        assert self.go_on.wait(20)
        return super().alike(ideas)


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
    return Door(town.storage.submit, town.storage.submit_look, problems=(StorageProblem,))


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
