"""The order in which one voter sees the options: drawn from a seed, so that anybody can draw their own again."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from hashlib import sha256
from typing import TypeVar

from bot.domain.names import IdeaNumber, PersonId, TenantId

T = TypeVar("T")


def order_of(seed: str, tenant: TenantId, person: PersonId) -> str:
    """A voter's own seed: SHA-256 of `seed|tenant|person`, in hexadecimal.

    The round's seed is recorded at the opening, told to nobody while the round is open, and published at the close.
    It has nothing to do with the key of the ballots, which is never published.
    """
    return sha256(f"{seed}|{tenant}|{person}".encode()).hexdigest()


def shuffled(options: Iterable[T], order: str, number: Callable[[T], IdeaNumber]) -> list[T]:
    """The options by SHA-256 of `order:number`: stable for one voter, and no place favours an option."""
    return sorted(options, key=lambda option: sha256(f"{order}:{number(option)}".encode()).digest())
