"""Paper ballots as they are typed: every way people write them, and every fault by its line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ballot import Round
from bot.domain.errors import BadForm, Problem
from bot.domain.names import FIRST_EXTRA, NO_THEME, HuntId, IdeaNumber, RoundNumber, TenantId, sign
from bot.domain.paper import FIELD, MOST_PAPERS, read_papers
from bot.domain.rules import RoundKind
from tests.core.test_rules import NOON

A = IdeaNumber(FIRST_EXTRA)
T3 = IdeaNumber(NO_THEME + 3)
ROUND = Round(TenantId("slack:T1"), HuntId("h"), RoundNumber(1), dots=5, cap=2, places=3, opened_at=NOON)
OPTIONS = frozenset(map(IdeaNumber, (1, 2, 7, 9, 10, 12, A, T3)))


def read(typed: str, round: Round = ROUND) -> list[dict[int, int]]:
    return [dict(paper) for paper in read_papers(typed, round, OPTIONS)]


def problem(typed: str) -> tuple[str, Mapping[str, object]]:
    with pytest.raises(BadForm) as refusal:
        read(typed)
    told = refusal.value.problems[FIELD]
    return (told.key, told.facts) if isinstance(told, Problem) else (told, {})


@pytest.mark.parametrize(
    "typed",
    [
        "7x2 10 9",
        "7 7 10 9",
        "7 x 2, 10, 9",
        "7×2;10;9",
        "7*2 + 10 + 9",
        "#7:2 #10 #9",
        "7=2 10 9",
        "n°7x2 n° 10 N°9",
        "  10   9\t7X2  ",
        "7x1 7 10x1 9x01",
        "07x2 010 09",
    ],
)
def test_one_ballot_in_every_way_people_write_it(typed: str) -> None:
    assert read(typed) == [{7: 2, 10: 1, 9: 1}]


def test_a_line_a_ballot_and_empty_lines_are_none() -> None:
    assert read("7x2\n\n   \n10 9\r\na t3\n") == [{7: 2}, {10: 1, 9: 1}, {A: 1, T3: 1}]


@pytest.mark.parametrize(
    ("typed", "why", "facts"),
    [
        ("", "none", {}),
        (" \n\t\n", "none", {}),
        ("7\n10 seven", "unread", {"line": 2, "sign": "seven"}),
        ("7\n\n-2", "unread", {"line": 3, "sign": "-2"}),
        ("7x100", "unread", {"line": 1, "sign": "7x100"}),
        ("7x-1", "unread", {"line": 1, "sign": "7x-1"}),
        ("7x2x2", "unread", {"line": 1, "sign": "7x2x2"}),
        ("1.5", "unread", {"line": 1, "sign": "1.5"}),
        ("7\n8", "option", {"line": 2, "sign": "8"}),
        ("B", "option", {"line": 1, "sign": "B"}),
        ("T9", "option", {"line": 1, "sign": "T9"}),
        ("7x3", "cap", {"line": 1, "cap": 2, "sign": "7"}),
        ("10\n#7 7 7", "cap", {"line": 2, "cap": 2, "sign": "#7"}),
        ("7x2 10x2 9x2", "dots", {"line": 1, "total": 5}),
        ("10\n7x0", "blank", {"line": 2}),
    ],
)
def test_a_fault_names_its_line_and_what_was_typed(typed: str, why: str, facts: dict[str, object]) -> None:
    assert problem(typed) == (f"papers.problem.{why}", facts)


def test_more_ballots_than_one_form_takes_are_refused_whole() -> None:
    assert len(read("7\n" * MOST_PAPERS)) == MOST_PAPERS
    assert problem("7\n" * (MOST_PAPERS + 1)) == ("papers.problem.many", {"most": MOST_PAPERS})


BALLOTS = st.lists(
    st.dictionaries(st.sampled_from(sorted(OPTIONS)), st.integers(1, 2), min_size=1, max_size=4).filter(
        lambda ballot: sum(ballot.values()) <= ROUND.dots
    ),
    min_size=1,
    max_size=12,
)


@given(BALLOTS, st.data())
def test_what_is_typed_from_ballots_reads_back(ballots: list[dict[IdeaNumber, int]], data: st.DataObject) -> None:
    between = st.sampled_from([" ", ", ", ";", " + ", "  "])
    times = st.sampled_from(["x", " x ", "×", "*", ":", "=", "X"])

    def piece(option: IdeaNumber, dots: int) -> str:
        bare = data.draw(st.sampled_from([sign(option), sign(option).lstrip("#"), sign(option).lower()]))
        return bare if dots == 1 and data.draw(st.booleans()) else f"{bare}{data.draw(times)}{dots}"

    lines = [data.draw(between).join(piece(*one) for one in ballot.items()) for ballot in ballots]
    assert read("\n".join(lines)) == ballots


@given(st.text(alphabet="0123456789x×*#:=,;+ tTaAbnN°-.\n", max_size=60))
def test_whatever_is_typed_a_ballot_keeps_to_the_rules_or_a_sentence_says_why(typed: str) -> None:
    papers, problems = [], [FIELD]
    try:
        papers = read(typed)
    except BadForm as refusal:
        problems = list(refusal.problems)
    assert problems == [FIELD]
    for paper in papers:
        assert set(paper) <= OPTIONS
        assert 0 < sum(paper.values()) <= ROUND.dots
        assert all(1 <= dots <= ROUND.cap for dots in paper.values())


def test_a_run_off_takes_one_dot_a_paper() -> None:
    short = replace(ROUND, dots=1, cap=1, kind=RoundKind.RUNOFF)
    assert read("7\n10", short) == [{7: 1}, {10: 1}]
