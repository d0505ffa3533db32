"""Why a suggested idea is where it is: no move is left without a word or an idea to look at."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.domain.ideas import Idea, Pile, Standing, StandingTheme
from bot.domain.names import HuntId, IdeaNumber, TenantId
from bot.theming.lexicon import EMPTY
from bot.usecases.reasons import reasons_of

TEXTS = ("Un garage couvert", "Des arceaux au parc", "Prêter des casques")
"""No word in common."""


def nearest(pinned: frozenset[int]) -> dict[int, int | None]:
    """The idea that each suggested one is said to be near to; the second is its pile's example."""
    now = datetime(2026, 3, 2, 9, tzinfo=UTC)
    ideas = {
        IdeaNumber(number): Idea(TenantId("t"), HuntId("h"), IdeaNumber(number), text, created_at=now)
        for number, text in enumerate(TEXTS, start=1)
    }
    pile = Pile("Deux roues", (1, 2, 3), 2, theme=7)
    standing = Standing((StandingTheme(7, "Deux roues"),), {}, pinned)
    return {int(one.number): one.near for one in reasons_of([pile], ideas, standing, EMPTY)}


def test_an_idea_without_a_word_in_common_is_near_to_the_most_central_one() -> None:
    assert nearest(frozenset()) == {1: 2, 2: 1, 3: 2}


def test_the_most_central_idea_itself_is_near_to_one_that_a_person_put_there() -> None:
    assert nearest(frozenset({3})) == {1: 2, 2: 3}
