"""The door between the asynchronous world and the core: a use case is one piece of work handed to the storage."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import Future
from functools import partial
from typing import ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
T = TypeVar("T")

PATIENCE = 2.0
"""Seconds a person's wish may wait: Slack shows an error after 3."""


class Submit(Protocol):
    """Runs a callable where transactions are made; the future resolves after the commit."""

    def __call__(self, work: Callable[[], T], /) -> Future[T]: ...


class Shut(Exception):
    """Nothing can be kept or read now; nothing of the wish was kept."""


class Busy(Shut):
    """The wish waited too long; it may be wished again, because every wish carries its own key."""


class Door:
    """Asks the core. Waiting is bounded: whoever stands outside longer than `patience` seconds is told to come back."""

    def __init__(
        self,
        submit: Submit,
        submit_look: Submit,
        patience: float = PATIENCE,
        problems: tuple[type[Exception], ...] = (),
        submit_long: Submit | None = None,
    ) -> None:
        """`problems`: what the storage raises when it cannot serve; here they become Shut."""
        self._submit = submit
        self._submit_look = submit_look
        self._submit_long = submit_long or submit_look
        self._patience = patience
        self._problems = problems
        self.inside = 0
        """Wishes being served now."""
        self.turned_away = 0
        """Wishes that met Busy since the start."""

    def patient(self, seconds: float) -> Door:
        """The same door for work nobody is waiting for."""
        return Door(self._submit, self._submit_look, seconds, self._problems, self._submit_long)

    async def do(self, use_case: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """What a writing use case answers, once it is committed. Raises its refusal, or Shut."""
        return await self._ask(self._submit, partial(use_case, *args, **kwargs))

    async def look(self, use_case: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """What a reading use case answers. Raises its refusal, or Shut."""
        return await self._ask(self._submit_look, partial(use_case, *args, **kwargs))

    async def think(self, use_case: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T:
        """What a use case answers that computes for long: between its short transactions it stands in nobody's way."""
        return await self._ask(self._submit_long, partial(use_case, *args, **kwargs))

    async def _ask(self, submit: Submit, work: Callable[[], T]) -> T:
        self.inside += 1
        try:
            # A timeout also cancels what has not begun; what has begun ends, and its key makes a repetition harmless.
            return await asyncio.wait_for(asyncio.wrap_future(submit(work)), self._patience)
        except TimeoutError:
            self.turned_away += 1
            raise Busy from None
        except self._problems as problem:
            raise Shut(type(problem).__name__) from problem
        finally:
            self.inside -= 1
