"""The Web API stub in a thread of its own, so that what measures may wait without holding it back."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import uvloop

from benchmarks.stub import Stub


@contextmanager
def stubbed(*, pause: float = 0.0, strict: bool = False) -> Iterator[Stub]:
    """A stub that listens until the block ends."""
    stub, up, down = Stub(pause, strict), threading.Event(), asyncio.Event()
    loop = uvloop.new_event_loop()

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
        loop.close()
