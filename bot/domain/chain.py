"""A chain of rounds: one vote, and the run-offs that part its ties."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, TypeVar

from bot.domain.names import RoundNumber


class Linked(Protocol):
    """A round as far as its place in a chain matters."""

    @property
    def number(self) -> RoundNumber:
        """Its number within the hunt."""

    @property
    def runoff(self) -> bool:
        """Whether it only parts a tie of the round before."""


R = TypeVar("R", bound=Linked)


def latest_chain(rounds: Sequence[R], until: Linked | None = None) -> tuple[R, ...]:
    """The newest round that is no run-off, then its run-offs (up to `until`); rounds come in order."""
    upto = [round for round in rounds if until is None or round.number <= until.number]
    heads = [place for place, round in enumerate(upto) if not round.runoff]
    return tuple(upto[heads[-1] :]) if heads else ()
