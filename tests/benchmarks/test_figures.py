"""The benchmarks' figures: what a ratio, an aim and a verdict mean. The measuring itself is not run by the tests."""

from __future__ import annotations

import pytest

from benchmarks.__main__ import SCENARIOS, main
from benchmarks.figures import Aim, Row, Spread, at_least, at_most, ratios
from benchmarks.load import Outcome


def row(ours: list[float], floor: list[float] | None, aim: Aim | None) -> Row:
    return Row("ingest", "CPU", Spread.of(ours), "us", Spread.of(floor) if floor else None, aim)


def test_a_ratio_is_taken_round_by_round() -> None:
    assert ratios(Spread.of([10, 40]), Spread.of([5, 10])).samples == (2.0, 4.0)


def test_a_spread_tells_its_middle_and_its_ends() -> None:
    assert Spread.of([3, 1, 2_000]).told == "3 (1 to 2,000)"
    assert Spread.of([0.126]).told == "0.13"


@pytest.mark.parametrize(
    ("ours", "aim", "verdict"),
    [
        ([12.0], at_most(1.2), "reached"),
        ([13.0], at_most(1.2), "near"),
        ([24.0], at_most(1.2), "missed, 2 times off"),
        ([10.0], at_least(0.95), "reached"),
        ([1.0], at_least(1), "missed, 10 times off"),
        ([12.0], at_most(12, "figure"), "reached"),
        ([12.0], None, "told, not judged"),
    ],
)
def test_a_verdict_is_told_in_words(ours: list[float], aim: Aim | None, verdict: str) -> None:
    assert row(ours, [10.0], aim).verdict == verdict


def test_nothing_lost_is_reached_and_anything_lost_is_missed() -> None:
    assert row([0.0], None, at_most(0, "figure")).verdict == "reached"
    assert row([1.0], None, at_most(0, "figure")).verdict.startswith("missed")


def test_the_slowest_in_a_hundred_is_no_average() -> None:
    outcome = Outcome(latencies=[1.0] * 99 + [3_001.0])
    assert outcome.at(0.5) == 1.0
    assert outcome.at(0.99) == 3_001.0
    assert outcome.late == 1


def test_an_unknown_scenario_is_told_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["nonsense"]) == 2
    assert all(one.name in capsys.readouterr().err for one in SCENARIOS[:1])


def test_scenarios_have_names_of_their_own() -> None:
    assert len({one.name for one in SCENARIOS}) == len(SCENARIOS)
