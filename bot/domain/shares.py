"""The method of equal shares: a second reading of the same ballots, in which every voter weighs the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from bot.domain.names import IdeaNumber

Paper = Mapping[IdeaNumber, int]


STEP = Fraction(1, 100)
"""By how much of the first share everybody's share grows at a time, until the places are filled."""
MOST_STEPS = 2_000


@dataclass(frozen=True, slots=True)
class Balanced:
    """The balanced list. `chosen` in the order of purchase.

    `raised` is how many hundredths everybody's share had to grow to fill the places; `completed` counts the last ones
    of `chosen`, which no share could buy and which were added by their dots; `tied` holds options that were equally
    good at some purchase.
    """

    chosen: tuple[IdeaNumber, ...]
    raised: int = 0
    completed: int = 0
    tied: tuple[IdeaNumber, ...] = ()


def equal_shares(papers: Sequence[Paper], places: int) -> Balanced:
    """The method of equal shares for places of equal cost, with dots as utilities.

    Every voter gets the same share of the places and spends it only on options they gave dots. At each step the
    option that costs its supporters the least per dot is bought: the smallest rho for which the sum over supporters of
    min(share, rho x dots) is one place. While places stay empty, everybody's share grows by a hundredth and all is
    bought anew, as long as that does not buy too many ("Add1"); what is still empty is filled by dots. Arithmetic is
    exact. Equal options are told in `tied` and parted by dots, then supporters, then the lower number, so that the
    list is stable.

    Source: Peters and Skowron, "Proportionality and the Limits of Welfarism" (EC 2020); with utilities and completion
    Peters, Pierczynski and Skowron, "Proportional Participatory Budgeting with Additive Utilities" (NeurIPS 2021).
    """
    supporters = _supporters(papers)
    wanted = min(places, len(supporters))
    if not wanted:
        return Balanced(())
    first, raised = Fraction(places, len(papers)), 0
    best = _bought(supporters, len(papers), first)
    for step in range(1, MOST_STEPS):
        if len(best.chosen) >= wanted:
            break
        richer = _bought(supporters, len(papers), first * (1 + step * STEP))
        if len(richer.chosen) > wanted:
            break
        best, raised = richer, step
    rest = sorted((o for o in supporters if o not in best.chosen), key=lambda o: _weight(supporters[o], o))
    added = rest[: wanted - len(best.chosen)]
    return Balanced((*best.chosen, *added), raised, len(added), best.tied)


def _bought(supporters: Mapping[IdeaNumber, Mapping[int, int]], voters: int, share: Fraction) -> Balanced:
    """What equal shares buy, until nobody can pay any more."""
    purse, chosen, tied = [share] * voters, list[IdeaNumber](), set[IdeaNumber]()
    while True:
        open_ones = {option: who for option, who in supporters.items() if option not in chosen}
        prices = {o: price for o, who in open_ones.items() if (price := _price(who, purse)) is not None}
        if not prices:
            return Balanced(tuple(chosen), tied=tuple(sorted(tied)))
        cheapest = min(prices.values())
        equal = [option for option, price in prices.items() if price == cheapest]
        tied.update(equal if len(equal) > 1 else ())
        best = min(equal, key=lambda option: _weight(supporters[option], option))
        for voter, dots in supporters[best].items():
            purse[voter] -= min(purse[voter], cheapest * dots)
        chosen.append(best)


def _supporters(papers: Sequence[Paper]) -> dict[IdeaNumber, dict[int, int]]:
    """Option -> voter's place in `papers` -> dots."""
    found: dict[IdeaNumber, dict[int, int]] = {}
    for voter, paper in enumerate(papers):
        for option, dots in paper.items():
            if dots > 0:
                found.setdefault(option, {})[voter] = dots
    return found


def _price(who: Mapping[int, int], purse: Sequence[Fraction]) -> Fraction | None:
    """The smallest price a dot at which these supporters can pay one place together; None when they cannot."""
    left, dots = Fraction(1), sum(who.values())
    if sum(purse[voter] for voter in who) < 1:
        return None
    for voter in sorted(who, key=lambda voter: purse[voter] / who[voter]):
        if purse[voter] * dots >= left * who[voter]:  # nobody from here on runs dry at this price
            return left / dots
        left -= purse[voter]
        dots -= who[voter]
    raise AssertionError("supporters who hold a place together can pay it")


def _weight(who: Mapping[int, int], option: IdeaNumber) -> tuple[int, int, IdeaNumber]:
    return (-sum(who.values()), -len(who), option)
