"""The bot as a service: started with its settings, stopped by a signal, within ten seconds."""

from __future__ import annotations

import asyncio
import gc
import logging
import os
import signal
import sys
from collections.abc import Callable

from bot.cli.logs import start_logging
from bot.cli.settings import Settings, mistyped_names
from handlers.slack.manifest import EVENTS_PATH

log = logging.getLogger("ideahunt")

PATIENCE = 9.5
"""Seconds for everything to end by itself; what has not by then is safe in the database."""


def serve(settings: Settings) -> None:
    """Runs the bot until SIGINT or SIGTERM. Raises Stopped when it cannot start."""
    start_logging(settings.log_level, settings.log_format, settings.secrets)
    if settings.serves_slack:
        settings.slack_keys()
    if settings.serves_teams:
        settings.teams_keys()
    for problem in mistyped_names():
        log.warning("%s %s", problem.what, problem.fix)
    with asyncio.Runner(loop_factory=_loop()) as runner:
        runner.run(_until_told(settings))


def _loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """The faster event loop where there is one."""
    if sys.platform == "win32" or sys.implementation.name != "cpython":
        return None
    import uvloop

    return uvloop.new_event_loop


async def _until_told(settings: Settings) -> None:
    told, ready = asyncio.Event(), asyncio.Event()
    _listen(told)
    serving = asyncio.create_task(_serve(settings, told, ready))
    asking = asyncio.create_task(told.wait())
    await asyncio.wait((serving, asking), return_when=asyncio.FIRST_COMPLETED)
    asking.cancel()
    if told.is_set():
        # Slack redelivers what was not acknowledged and letters return from the outbox: leaving late gains nothing.
        asyncio.get_running_loop().call_later(PATIENCE, _leave_now)
        if not ready.is_set():
            serving.cancel()
    try:
        await serving
    except asyncio.CancelledError:
        log.info("stopped before it was ready")


async def _serve(settings: Settings, told: asyncio.Event, ready: asyncio.Event) -> None:
    from bot.cli.compose import running

    async with running(settings) as bot:
        ready.set()
        _spare_the_collector()
        log.info("ready: %s, health is at %s/readyz", _ways(settings, bot.address), bot.address)
        log.info("ideas are kept in %s; Ctrl-C stops", settings.database_shown)
        await told.wait()
        log.info("stopping: what is under way ends first")
    log.info("stopped")


def _ways(settings: Settings, address: str) -> str:
    """How each platform reaches us."""
    over = "a socket" if settings.slack_transport == "socket" else f"{address}{EVENTS_PATH}"
    ways = [f"Slack comes over {over}"] if settings.serves_slack else []
    return ", ".join([*ways, f"Teams comes over {address}/api/messages"] if settings.serves_teams else ways)


def _spare_the_collector() -> None:
    """Takes what was built at the start out of the garbage collector's rounds: it lives as long as the process.

    A payload is thousands of small objects, so the rounds come often: they were a quarter of the CPU of a choice on a
    ballot (benchmarks/ballots.py).
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 20, 20)


def _listen(told: asyncio.Event) -> None:
    """The first signal asks to stop, the second does not wait."""
    loop = asyncio.get_running_loop()

    def heard() -> None:
        if told.is_set():
            _leave_now()
        told.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        try:
            loop.add_signal_handler(number, heard)
        except NotImplementedError:  # Windows: Ctrl-C arrives as KeyboardInterrupt
            signal.signal(number, lambda *_: loop.call_soon_threadsafe(heard))


def _leave_now() -> None:
    log.warning("left before everything had ended; nothing acknowledged is lost")
    logging.shutdown()
    os._exit(0)
