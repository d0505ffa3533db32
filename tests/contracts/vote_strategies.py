"""What a random vote is made of: people, options, ballots and rules, fair ones and crafted ones."""

from __future__ import annotations

from datetime import timedelta

import hypothesis.strategies as st

from bot.domain.names import IdeaNumber
from bot.domain.rules import Electorate, Quorum, Rules, Secrecy, TieRule
from tests.contracts.samples import NOW
from tests.contracts.vote_model import EVERYBODY, VOTERS

OPTIONS = tuple(IdeaNumber(n) for n in range(1, 6))
CRAFTED = (IdeaNumber(0), IdeaNumber(-1), IdeaNumber(99), IdeaNumber(1_000_001), IdeaNumber(10**12))

people = st.sampled_from(EVERYBODY)
voters = st.sampled_from(VOTERS)
options = st.sampled_from((*OPTIONS, *OPTIONS, *OPTIONS, *CRAFTED))
dots = st.sampled_from((0, 1, 1, 1, 2, 2, 3, -1, 10**6))
fair = st.dictionaries(st.sampled_from(OPTIONS), st.integers(0, 2), min_size=1, max_size=3)
unfair = st.dictionaries(options, dots, min_size=1, max_size=3)
placings = st.one_of(fair, fair, fair, unfair)
ends = st.one_of(st.none(), st.sampled_from([20, 60, 240]).map(lambda minutes: NOW + timedelta(minutes=minutes)))
rules = st.builds(
    Rules,
    dots=st.integers(2, 5),
    cap=st.integers(1, 3),
    places=st.integers(1, 3),
    closes_at=ends,
    who=st.sampled_from(Electorate),
    quorum=st.sampled_from(Quorum),
    tie=st.sampled_from((TieRule.ASK, TieRule.KEEP)),
    secrecy=st.sampled_from((Secrecy.SEALED, Secrecy.SEALED, Secrecy.DETACHED)),
    by_role=st.booleans(),
    keep_days=st.sampled_from((0, 30, 365)),
)
