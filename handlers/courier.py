"""The courier: takes letters out of the outbox and brings them, once each, in order within a room."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import groupby

from bot.domain.letters import Claimed, LetterKind
from bot.domain.names import MessageId, TenantId
from bot.failpoint import failpoint
from bot.screens import Board
from bot.usecases import Core
from bot.usecases.post import Outgoing
from handlers.door import Door, Shut
from handlers.platform import (
    Ambiguous,
    BadPayload,
    MessageGone,
    NotInvited,
    PersonUnreachable,
    Platform,
    Resting,
    RoomGone,
    TenantDead,
    Trouble,
    Wait,
)

log = logging.getLogger(__name__)

POLL = 1.0
BREATH = 0.1
"""Seconds between two looks into the outbox: a flood nudges hundreds of times a second, and each look is a write."""
BATCH = 20
MOST_LANES = 16
"""Rooms and people served at the same time."""
DEADLINE = 25.0
"""Seconds for one letter, looking and joining included; its lease is 60."""
MOST_TRIES = 10
LONGEST_TRY = timedelta(hours=24)
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 900.0
PATIENCE = 20.0
REST = 5.0
REACTIONS = "reactions"
"""The gate of all reactions: a room takes many at once, the workspace does not."""
ASLEEP = timedelta(minutes=5)
"""Until a letter for a platform that refuses us, or is not served, is tried again."""


class Courier:
    """One loop that claims, and one lane for each destination with letters under way."""

    def __init__(
        self,
        core: Core,
        door: Door,
        platforms: Mapping[TenantId, Platform],
        clock: Callable[[], datetime],
        chance: random.Random | None = None,
    ) -> None:
        self._core = core
        self._door = door.patient(PATIENCE)
        self._platforms = platforms
        self._clock = clock
        self._chance = chance or random.Random()  # noqa: S311 - spreads retries, keeps no secret
        self._lanes: dict[str, asyncio.Task[None]] = {}
        self._nudged = asyncio.Event()
        self._stopping = False
        self.entered: Callable[[frozenset[str]], None] = lambda _: None
        """Told who is in a room that was just entered."""
        self.shown: Callable[[], None] = lambda: None
        """Told that a board is there for the first time."""

    def nudge(self) -> None:
        """Something may be due: look now instead of at the next second."""
        self._nudged.set()

    def stop(self) -> None:
        """Claims nothing more; `drained` waits for what is under way."""
        self._stopping = True
        self.nudge()

    async def run(self) -> None:
        """Until stopped. A database that does not answer is asked again a few seconds later."""
        while not self._stopping:
            try:
                busy = await self.round()
            except Shut as shut:
                log.warning("the outbox cannot be read now: %s", shut)
                busy = False
                await asyncio.sleep(REST)
            if not busy:
                await self._pause()

    async def round(self) -> bool:
        """Claims what is due and starts bringing it; whether there may be more."""
        room = MOST_LANES - len(self._lanes)
        if room <= 0:
            await asyncio.wait(self._lanes.values(), return_when=asyncio.FIRST_COMPLETED)
            return True
        claimed = await self._door.do(self._core.post.claim, self._clock(), BATCH)
        failpoint("courier.after_claim")
        for place, letters in groupby(sorted(claimed, key=_destination), key=_destination):
            self._start(place, tuple(letters))
        return len(claimed) == BATCH

    async def drained(self) -> None:
        """When nothing is under way."""
        while self._lanes:
            await asyncio.wait(tuple(self._lanes.values()))

    async def flush(self) -> int:
        """Brings everything that is due now; returns how many rounds it took. For the end, and for tests."""
        rounds = 0
        while await self.round() or self._lanes:
            rounds += 1
            await self.drained()
        return rounds

    async def _pause(self) -> None:
        await asyncio.sleep(BREATH)
        try:
            await asyncio.wait_for(self._nudged.wait(), POLL)
        except TimeoutError:
            return
        finally:
            self._nudged.clear()

    def _start(self, place: str, letters: Sequence[Claimed]) -> None:
        task = asyncio.create_task(self._lane(self._lanes.get(place), letters))
        self._lanes[place] = task
        task.add_done_callback(lambda done: self._end(place, done))

    def _end(self, place: str, done: asyncio.Task[None]) -> None:
        if self._lanes.get(place) is done:
            del self._lanes[place]
        if not done.cancelled() and (error := done.exception()):
            log.error("a letter was left to its lease", exc_info=error)

    async def _lane(self, before: asyncio.Task[None] | None, letters: Sequence[Claimed]) -> None:
        """One destination's letters, one after the other, after those already under way there."""
        if before is not None:
            await asyncio.wait((before,))
        rest: datetime | None = None
        for claimed in letters:
            if rest is None:
                rest = await self._deliver(claimed)
            else:  # order is kept: what stands behind a letter that could not leave goes back untried
                await self._put_back(claimed, rest, "behind another")

    async def _deliver(self, claimed: Claimed) -> datetime | None:
        """Brings one letter; until when its destination must rest. A fault of ours in it does not hold the next."""
        try:
            return await self._brought(claimed)
        except Shut:
            raise
        except Exception as fault:
            log.exception("letter %s (%s) cannot be brought as it is", claimed.id, claimed.letter.kind)
            await self._again(claimed, type(fault).__name__, self._clock())
            return None

    async def _brought(self, claimed: Claimed) -> datetime | None:
        """Draws one letter, sends it and settles it; until when its destination must rest, if it must."""
        platform = self._platforms.get(claimed.letter.tenant)
        if platform is None:
            return await self._put_back(claimed, self._clock() + ASLEEP, "workspace not served")
        outgoing = await self._door.look(self._core.post.draw, claimed, self._clock())
        if outgoing is None:
            await self._door.do(self._core.post.delivered, claimed, None, self._clock())
            return None
        try:
            message = await asyncio.wait_for(self._bring(platform, claimed, outgoing), DEADLINE)
        except TimeoutError:
            return await self._failed(claimed, Ambiguous("timeout"))
        except Trouble as trouble:
            return await self._failed(claimed, trouble)
        failpoint("courier.after_http")
        await self._door.do(self._core.post.delivered, claimed, message, self._clock())
        failpoint("courier.after_settle")
        if isinstance(outgoing.screen, Board) and not outgoing.update:
            self.shown()
        return None

    async def _bring(self, platform: Platform, claimed: Claimed, outgoing: Outgoing) -> MessageId | None:
        """Sends a letter; looks first where it may be there already, and enters the room where that is needed."""
        if claimed.maybe_sent and not outgoing.update:
            found = await self._found(platform, outgoing, claimed.first_try)
            if found is not None:
                return found
        if outgoing.room and not outgoing.update and isinstance(outgoing.screen, Board):
            with suppress(BadPayload, NotInvited):  # who is in the room stays unknown; the post tells if we are
                await self._enter(platform, outgoing)
        try:
            return await platform.send(outgoing)
        except NotInvited:
            if not outgoing.room:
                raise
            with suppress(BadPayload):
                await self._enter(platform, outgoing)
            return await platform.send(outgoing)
        except MessageGone:
            if not outgoing.update:
                raise
            return await platform.send(replace(outgoing, update=None))  # somebody deleted it: said again, once

    async def _found(self, platform: Platform, outgoing: Outgoing, since: datetime) -> MessageId | None:
        """The letter, where it is there already. A process may die before it entered the room it claimed for."""
        try:
            return await platform.find(outgoing, since)
        except NotInvited:
            if not outgoing.room:
                raise
            with suppress(BadPayload):
                await self._enter(platform, outgoing)
            return await platform.find(outgoing, since)

    async def _enter(self, platform: Platform, outgoing: Outgoing) -> None:
        """Joins the room and keeps who is in it: they are the voters."""
        assert outgoing.room is not None
        facts = await platform.enter(outgoing.room)
        await self._door.do(self._core.people.keep_room, facts.room, facts.members)
        failpoint("courier.entered")
        if facts.members is not None:
            self.entered(frozenset(str(member) for member in facts.members))

    async def _failed(self, claimed: Claimed, trouble: Trouble) -> datetime | None:
        """Settles a letter that could not be brought, by the kind of trouble; until when its destination rests."""
        now, post, word = self._clock(), self._core.post, str(trouble)
        # Waiting for one's turn is how a flood is meant to go: hundreds of such lines would hide a fault.
        level = logging.DEBUG if isinstance(trouble, Wait) else logging.WARNING
        log.log(level, "letter %s (%s): %s %s", claimed.id, claimed.letter.kind, type(trouble).__name__, word)
        match trouble:
            case Resting(seconds=seconds):  # closes no gate: the one of reactions is every platform's
                await self._put_back(claimed, now + timedelta(seconds=seconds), word)
            case TenantDead():
                return await self._put_back(claimed, now + ASLEEP, word)
            case Wait(seconds=seconds):
                until = now + timedelta(seconds=seconds)
                await self._door.do(post.wait_gate, claimed, _gate(claimed), until)
                return until
            case NotInvited() if claimed.letter.room:
                await self._door.do(post.not_invited, claimed, now)
            case RoomGone():
                await self._door.do(post.room_gone, claimed, now)
            case NotInvited() | PersonUnreachable() | BadPayload() | MessageGone():
                await self._door.do(post.give_up, claimed, word, now)
            case _:
                return await self._again(claimed, word, now)
        return None

    async def _again(self, claimed: Claimed, word: str, now: datetime) -> datetime | None:
        """An answer that says nothing: later, a little later each time, and not for ever."""
        if claimed.attempts >= MOST_TRIES or now - claimed.first_try > LONGEST_TRY:
            await self._door.do(self._core.post.give_up, claimed, word, now)
            return None
        pause = min(FIRST_PAUSE * 2 ** min(claimed.attempts, 20), LONGEST_PAUSE) * self._chance.uniform(0.5, 1.0)
        until = now + timedelta(seconds=pause)
        await self._door.do(self._core.post.later, claimed, until, word, counted=True, ambiguous=True)
        return until

    async def _put_back(self, claimed: Claimed, until: datetime, why: str) -> datetime:
        """Untried: the attempt is not counted."""
        again = self._core.post.later
        await self._door.do(again, claimed, until, why, counted=False, ambiguous=claimed.maybe_sent)
        return until


def _gate(claimed: Claimed) -> str:
    """What must rest: one room or person; reactions together, because they are no messages."""
    letter = claimed.letter
    if letter.kind in {LetterKind.RECEIPT, LetterKind.UNRECEIPT}:
        return REACTIONS
    return str(letter.room or letter.person)


def _destination(claimed: Claimed) -> str:
    return f"{claimed.letter.tenant}|{_gate(claimed)}"
