"""Starting every platform: one that refuses us is tried again beside the other; where none is left, we do not start."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from bot.cli.problems import Problem, Stopped
from handlers.door import Shut
from handlers.office import NotFirst, Office
from handlers.platform import BadPayload, TenantDead

log = logging.getLogger("ideahunt")

AGAIN = 60.0
"""Seconds until a platform that could not be started is tried again."""
WITHIN = 25.0
"""Seconds a platform may take where another one is to be started too; then it goes on beside it."""
DOCTOR = "Run ideahunt doctor."
FIRST = "Let the other platform work first, or unset its settings."


@dataclass(frozen=True, slots=True)
class Start:
    """A platform to start: its name in health, the one its owner has, and what starts it."""

    name: str
    owner: str
    begin: Callable[[], Awaitable[None]]

    async def done(self) -> None:
        """Starts it. Raises Stopped, and may be called again then."""
        try:
            await self.begin()
        except (TenantDead, BadPayload) as refused:
            raise Stopped(Problem(f"{self.owner} refuses the bot ({refused}).", DOCTOR)) from refused
        except Shut as shut:
            raise Stopped(Problem(f"The database does not answer ({shut}).", "Run ideahunt db check.")) from shut
        except NotFirst:
            raise Stopped(Problem(f"{self.owner} is not started alone the very first time.", FIRST)) from None


async def start_all(office: Office, starts: Sequence[Start]) -> None:
    """Every platform that can be started, one after the other. Raises Stopped with every problem when none can."""
    trying: list[tuple[Start, asyncio.Task[None]]] = []
    try:
        for start in starts:
            trying.append((start, asyncio.create_task(start.done())))
            await asyncio.wait((trying[-1][1],), timeout=WITHIN if len(starts) > 1 else None)
        await _one_started([task for _, task in trying])
    except BaseException:
        for _, task in trying:
            task.cancel()
        raise
    for start, task in trying:
        problems = _problems(task) if task.done() else [Problem("It does not answer yet.", DOCTOR)]
        if problems:
            office.refused(start.name, " ".join(problem.what for problem in problems))
            office.spawn(_tried_again(office, start, task))


async def _one_started(tasks: Sequence[asyncio.Task[None]]) -> None:
    """When one of them is well. Raises Stopped when none can be any more."""
    while not any(task.done() and not _problems(task) for task in tasks):
        if all(task.done() for task in tasks):
            raise Stopped(*(problem for task in tasks for problem in _problems(task)))
        await asyncio.wait([task for task in tasks if not task.done()], return_when=asyncio.FIRST_COMPLETED)


def _problems(task: asyncio.Task[None]) -> Sequence[Problem]:
    """Why it could not be started. Raises what is no refusal."""
    if isinstance(error := task.exception(), Stopped):
        return error.problems
    task.result()
    return ()


async def _tried_again(office: Office, start: Start, trying: asyncio.Task[None]) -> None:
    """Until it is served. Why it is not stands in health, and in the log once for each change of it."""
    told = ""
    while True:
        try:
            await trying
        except Stopped as stopped:
            if str(stopped) != told:
                told = str(stopped)
                office.refused(start.name, told)
                fix = " ".join(problem.fix for problem in stopped.problems)
                log.error("%s is not served: %s %s", start.name, told, fix)  # noqa: TRY400 - its words say all
            await asyncio.sleep(AGAIN)
            trying = asyncio.create_task(start.done())
        else:
            office.started(start.name)
            log.info("%s is served", start.name)
            return
