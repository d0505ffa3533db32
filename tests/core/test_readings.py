"""Second readings: whom the list covers, for each way a tie may fall, and the balanced list."""

from __future__ import annotations

from bot.domain.names import IdeaNumber
from bot.domain.readings import Papers, read
from bot.domain.tally import Coverage, Score, Tally, count


def tally_of(papers: Papers, options: int, places: int) -> Tally:
    scores = [
        Score(IdeaNumber(n), sum(p.get(IdeaNumber(n), 0) for p in papers), sum(1 for p in papers if IdeaNumber(n) in p))
        for n in range(1, options + 1)
    ]
    return count(scores, places, len(papers), 0, 9)


def papers(*ballots: dict[int, int]) -> Papers:
    return [{IdeaNumber(option): dots for option, dots in ballot.items()} for ballot in ballots]


def test_a_clean_list_is_covered_once() -> None:
    cast = papers({1: 2}, {1: 1, 2: 2}, {3: 1})
    told = read(tally_of(cast, 3, 2), cast)
    assert told.coverages == (Coverage((IdeaNumber(1), IdeaNumber(2)), 2),)
    assert told.covered == 2


def test_a_tie_is_covered_for_each_way_it_may_fall() -> None:
    cast = papers({1: 3}, {2: 1}, {3: 1}, {1: 1, 2: 1}, {3: 1, 1: 1})
    told = read(tally_of(cast, 3, 2), cast)
    assert [(c.chosen, c.voters) for c in told.coverages] == [((1, 2), 4), ((1, 3), 4)]


def test_a_tie_with_many_ways_to_fall_is_told_without_any_rather_than_with_a_few() -> None:
    cast = papers(*({n: 1} for n in range(1, 41)))
    told = read(tally_of(cast, 40, 20), cast)
    assert told.coverages == ()
    assert told.balanced is not None


def test_below_five_voters_there_is_no_balanced_list() -> None:
    cast = papers({1: 1}, {1: 1}, {2: 1}, {3: 1})
    assert read(tally_of(cast, 3, 2), cast).balanced is None
    assert read(tally_of(cast, 3, 2), papers(*[{1: 1}] * 5), balance=False).balanced is None
