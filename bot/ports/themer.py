"""What the core asks of whoever suggests themes."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.domain.ideas import IdeaText, Likeness, Pile, Standing, ThemeSeed


class Unanswered(Exception):
    """The engine cannot answer now; it may be asked again later."""


class Themer(Protocol):
    """Suggests; people decide. Pure and deterministic: same input, same answer."""

    @property
    def outside(self) -> str:
        """The host that ideas' words are sent to so that they can be grouped; "" when they stay here."""
        ...

    def wake(self) -> None:
        """Something will be asked soon: reads what takes a while to read, aside."""
        ...

    def foresee(self, text: str, seeds: Sequence[ThemeSeed]) -> None:
        """An idea is about to come: what takes a moment is found out here, outside any transaction, for `place`."""
        ...

    def place(self, text: str, seeds: Sequence[ThemeSeed]) -> int | None:
        """The likely theme of one idea among those given, or None when unsure; at once, inside a transaction."""
        ...

    def group(self, ideas: Sequence[IdeaText]) -> tuple[Pile, ...]:
        """Piles for ideas; a last pile with an empty label holds what is not grouped yet. Raises Unanswered."""
        ...

    def regroup(self, ideas: Sequence[IdeaText], standing: Standing) -> tuple[Pile, ...]:
        """Piles for ideas that stand somewhere already: what people decided is kept, what is shown moves little.

        Empty when there is nothing better to say than what stands. Raises Unanswered.
        """
        ...

    def alike(self, ideas: Sequence[IdeaText], *, patient: bool = False) -> tuple[Likeness, ...]:
        """Pairs that may be the same idea, most alike first.

        `patient`: nobody waits for the answer, it may take as long as it needs; else it comes within a second or so.
        Raises Unanswered when it does not come, or when the engine is being closed.
        """
        ...

    def alike_in_words(self, ideas: Sequence[IdeaText]) -> tuple[Likeness, ...]:
        """Pairs by shared words alone, at once."""
        ...
