"""Second readings of the same ballots: whom a list covers, and the list in which every voter weighs the same."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations
from math import comb

from bot.domain.names import IdeaNumber
from bot.domain.rules import LEAST_VOTERS
from bot.domain.shares import equal_shares
from bot.domain.tally import Coverage, Tally, coverage

MOST_WAYS = 6
"""A tie with more ways to fall than this is told without a coverage line for each."""
Papers = Sequence[Mapping[IdeaNumber, int]]


def read(tally: Tally, papers: Papers, *, balance: bool = True) -> Tally:
    """The tally with its coverages, and with the balanced list where `balance` asks for it.

    Not below five voters: there a list could point at somebody.
    """
    balanced = _balanced(tally, papers) if balance and tally.voters - tally.papers >= LEAST_VOTERS else None
    covered = coverage(papers, tally.winners)
    return replace(tally, covered=covered, coverages=_coverages(tally, papers), balanced=balanced)


def _balanced(tally: Tally, papers: Papers) -> Coverage:
    chosen = equal_shares(papers, tally.places).chosen
    return Coverage(chosen, coverage(papers, chosen))


def _coverages(tally: Tally, papers: Papers) -> tuple[Coverage, ...]:
    """Coverage of the winners; with a tie at the cut, one for each way it may fall, or none where these are many."""
    tied, open_places = tally.tied_at_cut, tally.places - len(tally.winners)
    if not tied:
        return (Coverage(tally.winners, coverage(papers, tally.winners)),)
    if comb(len(tied), open_places) > MOST_WAYS:  # a few of them would look like all of them
        return ()
    lists = [(*tally.winners, *way) for way in combinations(tied, open_places)]
    return tuple(Coverage(chosen, coverage(papers, chosen)) for chosen in lists)
