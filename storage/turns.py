"""Turns at the one writing connection, in the order of asking."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Turns:
    """A fair lock: a writer that is always busy cannot keep others waiting for ever, as with a plain one."""

    def __init__(self) -> None:
        self._change = threading.Condition()
        self._asked = 0
        self._served = 0
        self._holder: int | None = None

    @contextmanager
    def one(self) -> Iterator[None]:
        """Waits for its turn and holds it. Raises RuntimeError for a turn within a turn, which would wait for ever."""
        me = threading.get_ident()
        if self._holder == me:
            raise RuntimeError("a transaction inside a transaction")
        with self._change:
            mine, self._asked = self._asked, self._asked + 1
            self._change.wait_for(lambda: self._served == mine)
        self._holder = me
        try:
            yield
        finally:
            self._holder = None
            with self._change:
                self._served += 1
                self._change.notify_all()
