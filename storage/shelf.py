"""The options of open rounds, kept beside the database: many, read with every choice, and never changed."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable
from typing import TypeAlias

from bot.domain.ballot import Option, Round

SHELF = "options_shelf"
"""The execution option under which a connection knows the shelf of its database."""
MOST_ROUNDS = 16

Options: TypeAlias = tuple[Option, ...]


class Shelf:
    """The options of the open rounds asked for last; a round's seed, drawn at its opening, is part of its name.

    So an opening that was rolled back leaves nothing behind that the next one could take for its own.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._held: OrderedDict[tuple[object, ...], Options] = OrderedDict()

    def options(self, round: Round, read: Callable[[], Options]) -> Options:
        """The round's options: those held, or what `read` gives, held from now on while the round is open."""
        if not (round.open and round.seed):
            return read()
        name = (round.tenant, round.hunt, round.number, round.seed)
        with self._lock:
            if held := self._held.get(name):
                self._held.move_to_end(name)
                return held
        found = read()
        with self._lock:
            self._held[name] = found
            while len(self._held) > MOST_ROUNDS:
                self._held.popitem(last=False)
        return found
