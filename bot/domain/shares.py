"""The method of equal shares: a second reading of the same ballots, in which every voter weighs the same."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from heapq import heappop, heappush
from math import ceil, gcd

from bot.domain.names import IdeaNumber

Paper = Mapping[IdeaNumber, int]

STEPS = 100
"""Everybody's share grows by one part in so many of the first share at a time, until the places are filled."""
NEARLY = 1 + 1e-12
"""Prices are told apart by floats where they differ by more than this, by fractions where they do not."""


@dataclass(frozen=True, slots=True)
class Balanced:
    """The balanced list. `chosen` in the order of purchase.

    `raised` is how many hundredths of the first share were added to everybody's before these were bought; `completed`
    counts the last ones of `chosen`, which no share could buy and which were added by their dots; `tied` holds options
    that were equally good at some purchase.
    """

    chosen: tuple[IdeaNumber, ...]
    raised: int = 0
    completed: int = 0
    tied: tuple[IdeaNumber, ...] = ()


def equal_shares(papers: Iterable[Paper], places: int) -> Balanced:
    """The method of equal shares for places of equal cost, with dots as utilities.

    `papers` holds one ballot a voter, option to dots; a ballot without dots weighs like any other. Every voter gets
    the same share of the places and spends it only on options they gave dots. At each step the option that costs its
    supporters the least per dot is bought: the smallest rho for which the sum over supporters of min(share, rho x
    dots) is one place. While places stay empty, everybody's share grows by a hundredth of the first share and all is
    bought anew ("Add1"); the first purchase that fills the places counts or, where one step leads past them, the last
    one before it. What is still empty then is filled by dots. Arithmetic is exact. Options without a dot are never
    chosen.

    Ties: options of exactly the same rho are told in `tied`. They are parted by more dots, then more supporters, then
    the lower number; what is filled by dots, in the same way. So the list is stable, whatever the order of the ballots.

    Source: Peters and Skowron, "Proportionality and the Limits of Welfarism" (EC 2020); with utilities and completion
    Peters, Pierczynski and Skowron, "Proportional Participatory Budgeting with Additive Utilities" (NeurIPS 2021).
    docs/decisions/0009-equal-shares.md tells what it was compared with.
    """
    market = _Market.of(papers)
    wanted = min(places, len(market.stalls))
    if wanted <= 0:
        return Balanced(())
    best, raised = _filled(market, places, wanted)
    rest = [stall.option for stall in market.stalls if stall.option not in best.chosen][: wanted - len(best.chosen)]
    return Balanced((*best.chosen, *rest), raised, len(rest), tuple(sorted(best.tied)))


@dataclass(frozen=True, slots=True)
class _Bundle:
    """Supporters of one option who gave it equal `dots`: their purses, by place, each shared by `weight` voters."""

    dots: int
    weight: int
    purses: tuple[int, ...]

    @property
    def voters(self) -> int:
        return self.weight * len(self.purses)


@dataclass(frozen=True, slots=True)
class _Stall:
    """An option and those who may buy it; `dots` and `supporters` count them all."""

    option: IdeaNumber
    bundles: tuple[_Bundle, ...]
    dots: int
    supporters: int

    @classmethod
    def of(cls, option: IdeaNumber, held: Mapping[tuple[int, int], list[int]]) -> _Stall:
        bundles = tuple(_Bundle(dots, weight, tuple(purses)) for (dots, weight), purses in held.items())
        dots = sum(bundle.dots * bundle.voters for bundle in bundles)
        return cls(option, bundles, dots, sum(bundle.voters for bundle in bundles))


@dataclass(frozen=True, slots=True)
class _Market:
    """What stays the same however large the shares: `stalls` in the order that parts ties, and numbers.

    Equal ballots share one purse, because they pay alike at every purchase.
    """

    stalls: tuple[_Stall, ...]
    voters: int
    purses: int

    @classmethod
    def of(cls, papers: Iterable[Paper]) -> _Market:
        alike = Counter(frozenset((o, dots) for o, dots in paper.items() if dots > 0) for paper in papers)
        held: dict[IdeaNumber, dict[tuple[int, int], list[int]]] = {}
        for purse, (paper, weight) in enumerate(alike.items()):
            for option, dots in paper:
                held.setdefault(option, {}).setdefault((dots, weight), []).append(purse)
        stalls = [_Stall.of(option, purses) for option, purses in held.items()]
        stalls.sort(key=lambda stall: (-stall.dots, -stall.supporters, stall.option))
        return cls(tuple(stalls), alike.total(), len(alike))


@dataclass(frozen=True, slots=True)
class _Price:
    """A price a dot: `left` money, of `place` a place, over `dots` of those who can pay it in full."""

    left: int
    dots: int
    place: int

    @property
    def about(self) -> float:
        return self.left / (self.dots * self.place)

    @property
    def exact(self) -> Fraction:
        return Fraction(self.left, self.dots * self.place)


@dataclass(slots=True)
class _Basket:
    """What one size of share buys. Money is whole: what a place costs grows with all purses when they must divide."""

    market: _Market
    purses: list[int]
    place: int
    chosen: list[IdeaNumber] = field(default_factory=list)
    tied: set[IdeaNumber] = field(default_factory=set)
    emptied: bool = False
    """Somebody was asked for more than they had left; with a larger share that price would be another."""
    missing: Fraction | None = None
    """Places a voter: by how much shares must grow before what could not be paid for comes within reach."""

    @classmethod
    def bought(cls, market: _Market, places: int, raised: int) -> _Basket:
        """Buys until nobody can pay any more; shares are larger than the first by `raised` hundredths."""
        share, place = places * (STEPS + raised), market.voters * STEPS
        basket = cls(market, [share] * market.purses, place)
        waiting = []  # a heap from the start: stalls are sorted by dots
        for at, stall in enumerate(market.stalls):
            lacking = place - share * stall.supporters
            if lacking > 0:  # spares looking into purses that cannot be enough even before anything is bought
                basket._miss(stall, lacking)
            else:
                waiting.append((1 / stall.dots, at))
        while basket._buy(waiting):
            pass
        return basket

    def _buy(self, waiting: list[tuple[float, int]]) -> bool:
        """Buys the option of the lowest price and takes it from the heap `waiting`; False when nobody can pay any.

        The heap holds (price when last looked at, place among the stalls). A price never falls while purses empty, so
        an option behind the lowest one found so far need not be looked at again.
        """
        seen: list[tuple[float, int, _Price]] = []
        lowest = float("inf")
        while waiting and waiting[0][0] <= lowest * NEARLY:
            _, at = heappop(waiting)
            price = self._price(self.market.stalls[at])
            if price is not None:
                seen.append((price.about, at, price))
                lowest = min(lowest, price.about)
        if not seen:
            return False
        near = {at: price.exact for about, at, price in seen if about <= lowest * NEARLY}
        cheapest = min(near.values())
        equal = [at for at, price in near.items() if price == cheapest]
        best = min(equal)
        self.tied.update(self.market.stalls[at].option for at in equal if len(equal) > 1)
        for about, at, price in seen:
            if at == best:
                self._pay(self.market.stalls[at], price)
            else:
                heappush(waiting, (about, at))
        return True

    def _price(self, stall: _Stall) -> _Price | None:
        """The smallest price a dot at which the supporters can pay one place together; None when they cannot."""
        purses = self.purses
        held = [(bundle, [purses[purse] for purse in bundle.purses]) for bundle in stall.bundles]
        lacking = self.place - sum(bundle.weight * sum(money) for bundle, money in held)
        if lacking > 0:
            self._miss(stall, lacking)
            return None
        left, dots = self.place, stall.dots
        while True:
            poor, gone, rich = 0, 0, []
            for bundle, money in held:
                due = -(-left * bundle.dots // dots)
                able = money if min(money) >= due else [purse for purse in money if purse >= due]
                if len(able) < len(money):
                    poor += bundle.weight * (sum(money) - sum(able))
                    gone += bundle.weight * bundle.dots * (len(money) - len(able))
                if able:
                    rich.append((bundle, able))
            if not gone:
                return _Price(left, dots, self.place)
            self.emptied = True
            left, dots, held = left - poor, dots - gone, rich

    def _miss(self, stall: _Stall, lacking: int) -> None:
        missing = Fraction(lacking, self.place * stall.supporters)
        self.missing = missing if self.missing is None else min(missing, self.missing)

    def _pay(self, stall: _Stall, price: _Price) -> None:
        divisor = gcd(price.left, price.dots)
        due, parts = price.left // divisor, price.dots // divisor
        if parts > 1:
            self.place *= parts
            self.purses = [purse * parts for purse in self.purses]
        for bundle in stall.bundles:
            paid = due * bundle.dots
            for purse in bundle.purses:
                self.purses[purse] = max(0, self.purses[purse] - paid)
        self.chosen.append(stall.option)


def _filled(market: _Market, places: int, wanted: int) -> tuple[_Basket, int]:
    """The purchase that counts, and by how many hundredths shares had grown for it."""
    best, raised = _Basket.bought(market, places, 0), 0
    step = 0
    while len(best.chosen) < wanted:
        step += _steps(best, places)
        richer = _Basket.bought(market, places, step)
        if len(richer.chosen) > wanted:
            break
        if richer.chosen != best.chosen:
            raised = step
        best = richer
    return best, raised


def _steps(basket: _Basket, places: int) -> int:
    """Hundredths until a larger share may buy anything else.

    Where no purse was empty too early, prices stay as they are, and each voter keeps all of what is added: nothing
    changes before the nearest option that could not be paid for comes within reach.
    """
    if basket.emptied or basket.missing is None:
        return 1
    return max(1, ceil(basket.missing * STEPS * basket.market.voters / places))
