"""A hunt told whole from the database: the rules, people and tallies of real rounds, nothing while one is open."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest

from bot.domain.ballot import Extra
from bot.domain.ideas import Reason
from bot.domain.names import HuntId, IdeaNumber, ThemeId
from bot.domain.rules import Electorate, Quorum, Secrecy, TieRule
from bot.reports import FORMATS, write
from tests.usecases.town import TENANT, Town

VOTED = re.compile(
    r'\b[01](?= voters? out of 5)|(?<=<b>)[01](?=</b>)|(?<=width=")[0-9.]+|voters?\b|(?<="voters": )[01]'
)
"""Where a report says how many of five people voted: in words, as a figure, and as the length of its gauge."""
VOTERS = ("paul", "youssef", "monique", "karima", "didier")


def ready(town: Town, **launch: object) -> HuntId:
    hunt = town.launch(themes=("Ways", "Places"), **launch)
    for place, word in enumerate(("benches", "signs", "bridges", "lamps", "maps", "trails")):
        town.post(
            hunt,
            VOTERS[place % len(VOTERS)],
            f"Put new {word} where the old road meets the {word}.",
            theme=ThemeId(1 + place % 2),
        )
    town.core.hunts.reveal(town.asker("ines"), hunt, now=town.now)
    return hunt


def told(town: Town, hunt: HuntId, form: str = "json") -> str:
    return write(town.core.reports.of_hunt(TENANT, hunt, town.now, "en"), form)


def document(town: Town, hunt: HuntId) -> Any:
    return json.loads(told(town, hunt))


def voted(town: Town, hunt: HuntId, places: tuple[int, ...] = (1, 1, 1, 2, 2)) -> None:
    for name, option in zip(VOTERS, places, strict=True):
        town.wish(hunt, name, option, 1)


def test_a_closed_round_is_told_with_the_rules_it_was_voted_by(town: Town) -> None:
    hunt = ready(town)
    rules = {"who": Electorate.PRESENT, "quorum": Quorum.HALF, "tie": TieRule.KEEP, "keep_days": 12, "by_role": True}
    town.open_vote(hunt, dots=3, places=1, wave=True, extras=frozenset({Extra.NOTHING}), **rules)
    voted(town, hunt)
    town.core.votes.close(town.asker("ines"), hunt, now=town.now)
    round = document(town, hunt)["rounds"][0]
    assert [round[key] for key in ("who", "quorum_rule", "tie_rule", "secrecy", "keep_days", "by_role", "kind")] == [
        "present", "half", "keep", "sealed", 12, True, "main",
    ]  # fmt: skip
    assert (round["eligible"], round["quorum"], round["quorum_reached"]) == (5, 3, True)  # the facilitator abstains
    assert [option["sign"] for option in round["ballot"]][-1] == "A"
    assert round["close_calls"] == [{"above": [1], "below": [2], "dots": 3, "gap": 1}]


def test_the_fingerprint_told_is_that_of_the_record(town: Town) -> None:
    hunt = ready(town)
    town.open_vote(hunt, dots=3, places=1, wave=True)
    voted(town, hunt)
    town.core.votes.close(town.asker("ines"), hunt, now=town.now)
    with town.storage.look() as unit:
        latest = unit.rounds.latest(TENANT, hunt)
        assert latest is not None
        kept = unit.rounds.fingerprint(latest)
    assert len(kept) == 64
    assert document(town, hunt)["rounds"][0]["sha256"] == kept
    assert kept in told(town, hunt, "md")
    assert kept in told(town, hunt, "html")


def test_who_waved_likely_duplicates_through_is_named(town: Town) -> None:
    hunt = town.launch()
    for name in ("paul", "karima"):
        town.post(hunt, name, "Put new benches along the river path for tired walkers.")
    town.core.hunts.reveal(town.asker("ines"), hunt, now=town.now)
    town.core.votes.form(town.asker("ines"), hunt, now=town.now)
    town.open_vote(hunt, dots=3, places=1, wave=True)
    town.core.votes.close(town.asker("ines"), hunt, now=town.now)
    assert document(town, hunt)["rounds"][0]["waved"] == {"pairs": 1, "by": "Ines"}
    assert "Ines opened the vote knowing this" in told(town, hunt, "md")


@pytest.mark.parametrize("by_theme", [False, True])
@pytest.mark.parametrize("secrecy", list(Secrecy))
@pytest.mark.parametrize("form", FORMATS)
def test_while_a_vote_is_open_dots_change_nothing_that_is_told_but_turnout(
    town: Town, form: str, secrecy: Secrecy, by_theme: bool
) -> None:
    hunt = ready(town)
    town.open_vote(hunt, dots=3, places=1, wave=True, secrecy=secrecy, by_theme=by_theme)
    with town.storage.look() as unit:
        round = unit.rounds.latest(TENANT, hunt)
        assert round is not None
        options = [option.number for option in unit.rounds.options(round)]
    before = told(town, hunt, form)
    if secrecy is Secrecy.DETACHED:
        with town.storage.begin() as unit:
            unit.rounds.cast(round, town.asker("karima").person, {options[0]: 2}, town.now)
    else:
        town.wish(hunt, "karima", options[0], 2)
    after = told(town, hunt, form)
    assert round.seed not in before + after
    changed = [(a, b) for a, b in zip(before.splitlines(), after.splitlines(), strict=True) if a != b]
    assert [VOTED.sub("#", a) for a, _ in changed] == [VOTED.sub("#", b) for _, b in changed]


def test_a_closed_vote_over_themes_is_no_result_over_ideas(town: Town) -> None:
    hunt = ready(town)
    town.open_vote(hunt, dots=3, places=1, wave=True, by_theme=True)
    with town.storage.look() as unit:
        round = unit.rounds.latest(TENANT, hunt)
        assert round is not None
        option = unit.rounds.options(round)[0].number
    town.wish(hunt, "karima", option, 1)
    town.core.votes.close(town.asker("ines"), hunt, now=town.now)
    report = document(town, hunt)
    assert (report["final"], report["undecided"]) == ([], [])
    assert report["rounds"][0]["ranks"][0]["idea"] is None
    assert "## The vote by theme" in told(town, hunt, "md")


def test_below_five_voters_no_ballot_is_said_to_be_kept(town: Town) -> None:
    hunt = ready(town)
    town.open_vote(hunt, dots=3, places=1, wave=True)
    town.wish(hunt, "karima", 1, 1)
    town.core.votes.close(town.asker("ines"), hunt, now=town.now)
    assert document(town, hunt)["rounds"][0]["kept_until"] is None
    assert "Fewer than 5 voters" in told(town, hunt, "md")
    assert document(town, hunt)["rounds"][0]["coverage"] == [{"ideas": [1], "voters": 1}]


def test_what_the_bot_suggested_and_was_unsure_of_is_told_until_a_person_decides(town: Town) -> None:
    hunt, at = ready(town), IdeaNumber
    with town.storage.begin() as unit:
        places = {at(1): ThemeId(1), at(2): ThemeId(1), at(3): ThemeId(1), at(4): None}
        unit.ideas.keep_places(TENANT, hunt, places, suggested=True)
        unsure = (Reason(at(2), ThemeId(1), unsure=True), Reason(at(5), ThemeId(1), unsure=True))
        stale = Reason(at(3), ThemeId(2), unsure=True)  # of another theme than where the idea is now
        unit.ideas.keep_reasons(TENANT, hunt, (*unsure, stale, Reason(at(4), None, unsure=True)))

    def marks() -> dict[int, tuple[bool, bool]]:
        return {one["number"]: (one["theme_suggested"], one["theme_to_check"]) for one in document(town, hunt)["ideas"]}

    no = (False, False)
    assert marks() == {1: (True, False), 2: (True, True), 3: (True, False), 4: no, 5: no, 6: no}
    town.core.grouping.move(town.asker("ines"), hunt, at(2), ThemeId(1), now=town.now)
    assert marks()[2] == no
    town.core.grouping.merge(town.asker("ines"), hunt, at(3), at(1), now=town.now)
    with town.storage.begin() as unit:
        unit.ideas.keep_reasons(TENANT, hunt, (Reason(at(1), ThemeId(1), unsure=True),))
    assert marks()[1] == no  # told through the one it joined
