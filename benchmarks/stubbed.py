"""The stub in a thread of its own, so that what measures may wait without holding it back."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import uvloop

from benchmarks.load import Outcome
from benchmarks.stub import Stub

_LOOPS: dict[int, asyncio.AbstractEventLoop] = {}


@contextmanager
def stubbed(*, pause: float = 0.0, strict: bool = False) -> Iterator[Stub]:
    """A stub that listens until the block ends."""
    stub, up, down = Stub(pause, strict), threading.Event(), asyncio.Event()
    loop = _LOOPS[id(stub)] = uvloop.new_event_loop()

    async def serve() -> None:
        async with stub:
            up.set()
            await down.wait()

    thread = threading.Thread(target=lambda: loop.run_until_complete(serve()), name="stub", daemon=True)
    thread.start()
    up.wait(10)
    try:
        yield stub
    finally:
        loop.call_soon_threadsafe(down.set)
        thread.join(10)
        _LOOPS.pop(id(stub)).close()


def pumped(stub: Stub, payloads: Sequence[dict[str, Any]], at_once: int) -> Outcome:
    """Sends payloads over the app's socket, from the stub's own thread."""
    return asyncio.run_coroutine_threadsafe(stub.link.pump(payloads, at_once), _LOOPS[id(stub)]).result(180)
