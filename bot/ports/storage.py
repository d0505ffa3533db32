"""What the core asks of a database: transactions, and in each every store."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Protocol

from bot.ports.hunts import HuntStore
from bot.ports.ideas import IdeaStore
from bot.ports.letters import Calendar, LetterStore
from bot.ports.links import LinkStore
from bot.ports.people import PeopleStore
from bot.ports.rounds import RoundStore


class Unit(Protocol):
    """Everything kept, inside one transaction."""

    @property
    def people(self) -> PeopleStore: ...
    @property
    def hunts(self) -> HuntStore: ...
    @property
    def ideas(self) -> IdeaStore: ...
    @property
    def rounds(self) -> RoundStore: ...
    @property
    def letters(self) -> LetterStore: ...
    @property
    def calendar(self) -> Calendar: ...
    @property
    def links(self) -> LinkStore: ...


class Storage(Protocol):
    """Opens transactions. A refusal (any exception) rolls back; leaving quietly commits."""

    def begin(self) -> AbstractContextManager[Unit]:
        """A transaction that may write."""
        ...

    def look(self) -> AbstractContextManager[Unit]:
        """A transaction that only reads."""
        ...
