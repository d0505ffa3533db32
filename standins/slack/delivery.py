"""Envelopes on their way to the app: sent, acknowledged within 3 seconds, or sent again."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from standins.slack.chaos import Chaos
from standins.slack.wire import Json, NotAcknowledged

EnvelopeKind = Literal["events_api", "interactive", "slash_commands"]
# How long `reorder` waits for the envelopes it was promised.
HOLD = 2.0


@dataclass(frozen=True, slots=True)
class Timing:
    """Slack's deadlines, in real seconds but for `response_url`, which is on the workspace's clock."""

    ack: float = 3.0
    trigger: float = 3.0
    retries: tuple[float, ...] = (0.1, 60.0, 300.0)
    response_url: float = 1800.0
    patience: float = 15.0


@dataclass(slots=True, eq=False, repr=False)
class Envelope:
    """One thing Slack tells the app, with everything that became of it."""

    kind: EnvelopeKind
    name: str
    payload: Json
    task: asyncio.Task[None] | None = None
    acked: asyncio.Event = field(default_factory=asyncio.Event)
    done: asyncio.Event = field(default_factory=asyncio.Event)
    answer: Json = field(default_factory=dict)
    attempts: int = 0
    answered: bool = False
    overdue: bool = False
    late: bool = False
    given_up: bool = False

    @property
    def in_flight(self) -> bool:
        """Say whether it may still be acknowledged."""
        return not self.done.is_set()

    def accept(self, answer: Json) -> None:
        """Take the acknowledgement of the app, and what it says."""
        self.answer = answer
        self.acked.set()
        self.done.set()

    def give_up(self) -> None:
        """Send no more."""
        self.given_up = True
        self.done.set()

    @property
    def lost(self) -> bool:
        """Say whether the app let a deadline pass and never answered; an event may be answered late."""
        if self.answered:
            return self.late and self.kind != "events_api"
        return self.overdue or self.given_up

    def __repr__(self) -> str:
        return f"<{self}>"

    def __str__(self) -> str:
        return f"{self.kind} {self.name}, sent {self.attempts} times"


class Transport(Protocol):
    """The way to the app: sockets, or signed HTTP."""

    async def carry(self, envelope: Envelope, attempt: int, reason: str) -> str | None:
        """Try once; return None when acknowledged, Slack's word for the failure otherwise."""

    async def ready(self) -> None:
        """Wait until there is somebody to carry to."""

    async def back(self) -> None:
        """Wait until somebody who was away is seen again."""


class Postbox:
    """What Slack has to tell the app, and the record of it."""

    def __init__(self, timing: Timing, chaos: Chaos, touch: Callable[[], None]) -> None:
        self.timing = timing
        self.chaos = chaos
        self.transport: Transport | None = None
        self.sent: list[Envelope] = []
        self._held: list[Envelope] = []
        self._flying: list[Envelope] = []
        self._tasks: set[asyncio.Task[None]] = set()
        self._touch = touch

    def send(self, kind: EnvelopeKind, name: str, payload: Json) -> Envelope:
        """Put an envelope in the box; it leaves at once, or when the weather lets it."""
        envelope = Envelope(kind, name, payload)
        names = (kind, name)
        copies = [Envelope(kind, name, payload) for _ in range(self.chaos.copies(names))]
        for each in (envelope, *copies):
            self.sent.append(each)
            self._flying.append(each)
            self._leave(each)
        self._touch()
        return envelope

    async def wait(self, *envelopes: Envelope) -> None:
        """Wait until the app acknowledged all of these; `NotAcknowledged` after the deadline."""
        for envelope in envelopes:
            patience = self.timing.ack + 1 if envelope.kind != "events_api" else self.timing.patience
            try:
                await asyncio.wait_for(envelope.done.wait(), patience + self.chaos.late)
            except TimeoutError:
                raise NotAcknowledged(f"nobody acknowledged {envelope}") from None
            if not envelope.acked.is_set():
                raise NotAcknowledged(f"nobody acknowledged {envelope}")

    @property
    def in_flight(self) -> list[Envelope]:
        """List what is not acknowledged yet and may still be."""
        self._flying = [envelope for envelope in self._flying if envelope.in_flight]
        return self._flying

    def start(self, coroutine: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run something beside, kept until it ends."""
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task

    async def close(self) -> None:
        """Stop every delivery."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _leave(self, envelope: Envelope) -> None:
        if self.chaos.held:
            self.chaos.held -= 1
            self._held.append(envelope)
            if self.chaos.held:
                if len(self._held) == 1:
                    self.start(self._release_later())
                return
            self._release()
        else:
            envelope.task = self.start(self._carry(envelope))

    async def _release_later(self) -> None:
        await asyncio.sleep(HOLD)
        self.chaos.held = 0
        self._release()

    def _release(self) -> None:
        held, self._held = self._held, []
        for envelope in reversed(held):
            envelope.task = self.start(self._carry(envelope))

    async def _carry(self, envelope: Envelope) -> None:
        retries = self.timing.retries if envelope.kind == "events_api" else ()
        reason = ""
        for attempt in range(1 + len(retries)):
            if attempt:
                await self._pause(envelope, retries[attempt - 1], reason)
            if not envelope.in_flight:
                return
            if self.chaos.late:
                await asyncio.sleep(self.chaos.late)
            failure = await self._try(envelope, attempt, reason)
            if failure is None or envelope.acked.is_set():
                return
            reason = failure
            if failure == "no_retry":
                break
        envelope.give_up()
        self._touch()

    async def _pause(self, envelope: Envelope, seconds: float, reason: str) -> None:
        """Wait before sending again; an app that comes back is not kept waiting."""
        awaited = [asyncio.sleep(seconds), envelope.done.wait()]
        if reason == "connection_failed" and self.transport is not None:
            awaited.append(self.transport.back())
        await _either(*awaited)

    async def _try(self, envelope: Envelope, attempt: int, reason: str) -> str | None:
        transport = self.transport
        assert transport is not None
        try:
            await asyncio.wait_for(transport.ready(), self.timing.ack)
        except TimeoutError:
            return "connection_failed"
        envelope.attempts += 1
        started = time.monotonic()
        failure = await transport.carry(envelope, attempt, reason)
        if failure and time.monotonic() - started >= self.timing.ack:
            envelope.overdue = True
        self._touch()
        return failure


async def _either(*awaitables: Awaitable[object]) -> None:
    tasks = [asyncio.ensure_future(each) for each in awaitables]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()
