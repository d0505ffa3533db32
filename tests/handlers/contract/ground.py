"""A room at every stage of a hunt, brought there by the core itself, so that a case begins where it is interesting."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from inspect import isawaitable
from typing import Any

from bot.domain.names import HuntId, IdeaNumber, PersonId, RoomId, RoundNumber, TenantId
from bot.domain.people import Asker, Room
from bot.screens import Button, Deed, Note
from bot.usecases import Core
from bot.usecases.requests import BallotView, IdeaRequest, LaunchRequest, VoteRequest
from handlers.clock import utc_now
from storage.sql import SqlStorage
from tests.handlers.contract.drivers import Driver, Page
from tests.handlers.contract.prompted import Prompt

GATE = "Open the school gate ten minutes earlier"
BREAD = "Share warm bread at the bus stop"
BIKES = "Lend bikes to whoever misses the bus"
NOWHERE, NONE = RoomId(""), HuntId("")
FACTS = {"n": 3, "format": "CSV", "batch": 1, "room": "Kviz"}
"""What the words on some buttons need."""
_COUNT = itertools.count(1)


@dataclass
class Ground:
    """One platform with the bot running; `lead` is who speaks the language of the case."""

    driver: Driver
    core: Core
    storage: SqlStorage
    tenant: TenantId
    prompt: Prompt
    lead: str = "en"
    room: RoomId = NOWHERE
    hunt: HuntId = NONE
    own_before: int = 0
    """Messages the leader had from the bot before the case."""

    @property
    def other(self) -> str:
        """Somebody else, who takes part."""
        return "zoe"

    def asker(self, who: str) -> Asker:
        return Asker(self.tenant, self.driver.id(who))

    def person(self, who: str) -> PersonId:
        return self.driver.id(who)

    @property
    def me(self) -> Asker:
        return self.asker(self.lead)

    async def begin(self, language: str) -> None:
        """A fresh room, nothing prompted."""
        self.prompt.opened = self.prompt.told = self.prompt.refusal = None
        self.lead = language
        self.room = await self.driver.new_room(f"room-{next(_COUNT)}")
        self.hunt = NONE

    async def at(self, stage: Callable[[Ground], object]) -> None:
        """Brings the room to a stage."""
        reached = stage(self)
        if isawaitable(reached):
            await reached

    # --- stages

    def empty(self) -> None:
        """No hunt."""
        known = Room(self.tenant, self.room, name="room", present=True, private=True)
        self.core.people.keep_room(known, [self.person(who) for who in self.driver.people])

    def collecting(self, **wanted: Any) -> None:
        """A hunt with three ideas: two of the leader's, one of Zoe's."""
        self.empty()
        key = f"launch:{self.room}"
        request = LaunchRequest(self.room, "How might we make mornings calmer?", language=self.lead, **wanted)
        self.core.hunts.launch(self.me, request, key, utc_now())
        found = self.core.hunts.newest_here(self.tenant, self.room)
        assert found is not None
        self.hunt = found
        for who, text in ((self.lead, GATE), (self.lead, BREAD), (self.other, BIKES)):
            self.add(who, text)

    def add(self, who: str, text: str, **wanted: Any) -> Any:
        key = f"idea:{self.hunt}:{next(_COUNT)}"
        return self.core.ideas.post(self.asker(who), IdeaRequest(self.hunt, text, **wanted), key, utc_now())

    def revealed(self) -> None:
        """Ideas are shown."""
        self.collecting()
        self.core.hunts.reveal(self.me, self.hunt, utc_now())

    def voting(self, **rules: Any) -> None:
        """Three dots each."""
        self.revealed()
        self.core.votes.open(self.me, self.asked_to_vote(**rules), utc_now())

    def asked_to_vote(self, **rules: Any) -> VoteRequest:
        """Three dots each, whatever looks alike."""
        return VoteRequest(self.hunt, **{"dots": 3, "wave": True, **rules})

    def ideas(self) -> tuple[IdeaNumber, ...]:
        """The numbers of a hunt's first ideas."""
        return tuple(map(IdeaNumber, (1, 2, 3)))

    def place(self, who: str, *dots: tuple[int, int]) -> None:
        for number, many in dots:
            at = utc_now()
            self.core.ballots.wish(
                self.asker(who), self.hunt, RoundNumber(1), IdeaNumber(number), many,
                f"{who}:{next(_COUNT)}", BallotView(), at,
            )  # fmt: skip

    async def in_two_rooms(self) -> None:
        """Shown in another room too."""
        here = self.driver.room
        self.collecting()
        told = self.core.rooms.invite(self.me, self.hunt, utc_now())
        other = await self.driver.new_room(f"room-{next(_COUNT)}")
        self.core.rooms.join(self.me, other, told.facts["code"].text, utc_now())  # type: ignore[attr-defined]
        self.driver.room = here

    def closed(self, **rules: Any) -> None:
        """The first idea won."""
        self.voting(**rules)
        self.place(self.lead, (1, 2), (2, 1))
        self.place(self.other, (1, 1))
        self.core.votes.close(self.me, self.hunt, utc_now())

    def tied(self, **rules: Any) -> None:
        """Two ideas tie for one place."""
        self.voting(places=1, **rules)
        self.place(self.lead, (1, 1), (2, 1))
        self.core.votes.close(self.me, self.hunt, utc_now() + timedelta(milliseconds=1))

    # --- steps

    async def do(self, deed: Deed, target: str) -> Page:
        """The deed offered as a button in the room, and pressed."""
        self.prompt.told = Note("settings.muted", buttons=(Button(deed, target, facts=FACTS),))
        offered = await self.driver.type(self.lead, "help")
        self.prompt.told = None
        return await self.driver.deed(self.lead, offered, deed)
