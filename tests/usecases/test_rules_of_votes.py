"""The rules of a vote: set before, printed from the settings, moved only later or more private after the first dot."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.ballot import Extra
from bot.domain.errors import BadForm, NotAllowed, NotAVoter, Problem, UnknownHunt, WrongPhase
from bot.domain.names import IdeaNumber, RoundNumber, TenantId
from bot.domain.rules import Electorate, Quorum, RoundKind, Secrecy, TieRule
from bot.screens import BallotForm, Board, Note, Nudge, VoteForm
from bot.trust import rules_told, trust_told
from bot.usecases.requests import IdeaRequest, VoteRequest
from tests.usecases.polls import VOTERS, audit, closed, join, ready, results, round_of, rows
from tests.usecases.town import ROOM, TENANT, Town, person

FORM_ROUND = RoundNumber(1)


def change(town: Town, hunt: str, by: str = "ines", **rules: object) -> Note:
    return town.core.votes.change(town.asker(by), VoteRequest(hunt, **rules), now=town.now)  # type: ignore[arg-type]


def ballot(town: Town, hunt: str, by: str = "karima") -> BallotForm:
    return town.core.ballots.ballot(town.asker(by), hunt, now=town.now)  # type: ignore[arg-type]


def form(town: Town, hunt: str, by: str = "ines") -> VoteForm:
    return town.core.votes.form(town.asker(by), hunt, now=town.now)  # type: ignore[arg-type]


# --- before


def test_the_form_suggests_a_third_of_the_options_and_two_dots_on_one_idea(town: Town) -> None:
    hunt = ready(town, options=8)
    told = form(town, hunt)
    assert (told.options, told.rules.dots, told.rules.cap, told.rules.places) == (8, 3, 2, 3)
    assert (told.rules.quorum, told.rules.tie, told.rules.secrecy) == (Quorum.TWO_THIRDS, TieRule.ASK, Secrecy.SEALED)
    with pytest.raises(NotAllowed):
        form(town, hunt, by="didier")


def test_every_rule_asked_for_is_the_rounds_own_and_is_told_on_ballot_and_board(town: Town) -> None:
    hunt = ready(town)
    until = town.now + timedelta(days=3)
    rules = {
        "dots": 4, "cap": 1, "places": 2, "closes_at": until, "who": Electorate.PRESENT, "quorum": Quorum.HALF,
        "tie": TieRule.AUTO, "by_role": True, "keep_days": 30,
    }  # fmt: skip
    town.open_vote(hunt, **rules)
    told = ballot(town, hunt)
    assert {name: getattr(told.round.rules, name) for name in rules} == rules
    assert told.rules == rules_told(told.round)
    assert told.trust == trust_told(told.round)
    boards = [out.screen for out in town.deliver() if isinstance(out.screen, Board)]
    assert boards[-1].round is not None
    assert rules_told(boards[-1].round) == told.rules


def test_wording_and_merges_are_frozen_at_the_opening(town: Town) -> None:
    hunt = ready(town)
    before = {line.number: line.text for line in _all_lines(town, hunt)}
    town.open_vote(hunt)
    with pytest.raises(WrongPhase):
        town.core.grouping.merge(town.asker("ines"), hunt, IdeaNumber(1), IdeaNumber(2), now=town.now)
    with pytest.raises(WrongPhase):
        town.core.ideas.post(town.asker("paul"), IdeaRequest(hunt, "One more idea for the wood."), "k", now=town.now)
    assert {line.number: line.text for line in ballot(town, hunt).lines} == before


def _all_lines(town: Town, hunt: str) -> tuple[object, ...]:
    return town.core.grouping.browse(town.asker("paul"), hunt, now=town.now).lines  # type: ignore[arg-type]


# --- undecided duplicates


def alike(town: Town) -> str:
    hunt = town.launch()
    for name in ("paul", "karima"):
        town.post(hunt, name, "Fence a field where the dogs can run.")
    town.post(hunt, "didier", "Build a hide to watch birds.")
    town.core.hunts.reveal(town.asker("ines"), hunt, now=town.now)
    return hunt


def test_likely_duplicates_are_counted_in_the_form_and_stop_the_vote_until_somebody_decides(town: Town) -> None:
    hunt = alike(town)
    assert form(town, hunt).undecided == 1
    with pytest.raises(BadForm) as refusal:
        town.open_vote(hunt)
    assert refusal.value.problems == {"wave": Problem("vote.problem.undecided", {"n": 1})}
    assert not rows(town, "select * from round")
    town.core.grouping.keep_apart(town.asker("ines"), hunt, IdeaNumber(1), IdeaNumber(2), now=town.now)
    assert form(town, hunt).undecided == 0
    town.open_vote(hunt)
    assert round_of(town, hunt).waved == 0  # type: ignore[arg-type]
    assert not audit(town, "wave_duplicates")


def test_waved_through_they_go_to_the_vote_under_the_name_of_who_did(town: Town) -> None:
    hunt = alike(town)
    form(town, hunt)
    town.open_vote(hunt, wave=True)
    round = round_of(town, hunt)  # type: ignore[arg-type]
    assert (round.waved, round.waved_by) == (1, "ines")
    assert audit(town, "wave_duplicates") == [("ines", f"{hunt}:1")]
    assert len(ballot(town, hunt).lines) == 3


# --- options that are nobody's idea


def test_extra_options_stand_on_the_ballot_in_the_hunts_language_and_take_dots(town: Town) -> None:
    hunt = ready(town, options=3, language="fr")
    town.open_vote(hunt, dots=3, extras=frozenset(Extra))
    told = {line.number: line.text for line in ballot(town, hunt).lines}
    assert len(told) == 5
    assert told[Extra.NOTHING.number] == "Ne rien changer"
    assert told[Extra.OUTSIDE.number] == "Confier cela à quelqu’un de l’extérieur"
    for name in VOTERS:
        town.wish(hunt, name, Extra.NOTHING.number, 2)
    tally = closed(town, hunt)
    assert tally.winners[0] == Extra.NOTHING.number
    assert results(town).lines[Extra.NOTHING.number].text == "Ne rien changer"
    report = town.core.reports.of_hunt(TENANT, hunt, now=town.now)
    assert report.rounds[0].options[-2].headline == "Ne rien changer"


def test_suggested_dots_count_the_ideas_and_not_the_extra_options(town: Town) -> None:
    hunt = ready(town, options=8)
    town.open_vote(hunt, extras=frozenset(Extra))
    assert round_of(town, hunt).dots == 3


# --- the ratchet


def test_before_the_first_dot_every_rule_may_change_and_the_board_and_the_audit_follow(town: Town) -> None:
    hunt = ready(town)
    town.open_vote(hunt, dots=3)
    town.deliver()
    note = change(
        town, hunt, dots=5, cap=1, places=1, closes_at=town.now + timedelta(hours=5), who=Electorate.PRESENT,
        quorum=Quorum.NONE, tie=TieRule.KEEP, secrecy=Secrecy.DETACHED, by_role=True, keep_days=400,
    )  # fmt: skip
    assert note.key == "vote.changed"
    round = round_of(town, hunt)
    assert (round.dots, round.cap, round.places, round.secrecy, round.by_role) == (5, 1, 1, Secrecy.DETACHED, True)
    boards = [out.screen for out in town.deliver() if isinstance(out.screen, Board)]
    assert boards[-1].round is not None
    assert boards[-1].round.rules == round.rules
    moved = "dots,cap,places,closes_at,who,quorum,tie,secrecy,by_role,keep_days"
    assert audit(town, "change_vote") == [("ines", f"{hunt}:1:{moved}")]


def test_after_the_first_dot_each_rule_that_would_move_is_named_and_nothing_moves(town: Town) -> None:
    hunt = ready(town)
    until = town.now + timedelta(days=2)
    town.open_vote(hunt, dots=3, closes_at=until, keep_days=90)
    town.wish(hunt, "karima", 1, 1)
    before = round_of(town, hunt).rules
    with pytest.raises(BadForm) as refusal:
        change(
            town, hunt, dots=4, cap=1, places=1, closes_at=until - timedelta(hours=1), who=Electorate.PRESENT,
            quorum=Quorum.NONE, tie=TieRule.AUTO, secrecy=Secrecy.DETACHED, by_role=True, keep_days=91,
        )  # fmt: skip
    frozen = ["dots", "cap", "places", "who", "quorum", "tie", "secrecy", "closes_at", "by_role", "keep_days"]
    assert refusal.value.problems == dict.fromkeys(frozen, "vote.problem.frozen")
    assert round_of(town, hunt).rules == before
    assert not audit(town, "change_vote")


def test_a_dot_that_was_lifted_again_still_began_the_vote(town: Town) -> None:
    hunt = ready(town)
    town.open_vote(hunt, dots=3)
    town.wish(hunt, "karima", 1, 1)
    town.wish(hunt, "karima", 1, 0)
    with pytest.raises(BadForm):
        change(town, hunt, dots=4)


def test_a_cast_ballot_and_a_paper_ballot_begin_the_vote_too(town: Town) -> None:
    hunt = ready(town)
    town.open_vote(hunt, dots=3)
    town.core.papers.enter(town.asker("ines"), hunt, FORM_ROUND, "1x2 2", [], "k", now=town.now)
    with pytest.raises(BadForm):
        change(town, hunt, dots=4)


def test_after_the_first_dot_the_close_moves_away_and_results_become_more_private(town: Town) -> None:
    hunt = ready(town)
    until = town.now + timedelta(days=2)
    town.open_vote(hunt, dots=3, closes_at=until, by_role=True, keep_days=90)
    town.wish(hunt, "karima", 1, 1)
    change(town, hunt, dots=3, closes_at=until + timedelta(days=1), keep_days=0)
    round = round_of(town, hunt)
    assert (round.closes_at, round.by_role, round.keep_days) == (until + timedelta(days=1), False, 0)
    town.now = until + timedelta(hours=1)
    assert town.core.clock.tick(town.now) == 0
    town.now = until + timedelta(days=1)
    assert town.core.clock.tick(town.now) == 1


def test_a_close_that_moved_moves_its_reminder_and_the_old_one_stays_away(town: Town) -> None:
    hunt = ready(town)
    until = town.now + timedelta(days=2)
    town.open_vote(hunt, dots=3, closes_at=until)
    town.wish(hunt, "karima", 1, 1)
    change(town, hunt, dots=3, closes_at=until + timedelta(days=2))
    town.now = until - timedelta(hours=20)
    assert not [out for out in town.deliver() if isinstance(out.screen, Nudge)]
    town.now = until + timedelta(days=1, hours=1)
    nudged = [out.person for out in town.deliver() if isinstance(out.screen, Nudge)]
    assert sorted(map(str, nudged)) == sorted(VOTERS)


def test_the_same_rules_again_change_nothing_and_leave_no_trace(town: Town) -> None:
    hunt = ready(town)
    town.open_vote(hunt, dots=3)
    town.wish(hunt, "karima", 1, 1)
    change(town, hunt, dots=3)
    assert not audit(town, "change_vote")


def test_only_a_facilitator_changes_rules_and_only_while_the_vote_is_open(town: Town) -> None:
    hunt = ready(town)
    with pytest.raises(WrongPhase):
        change(town, hunt, dots=4)
    town.open_vote(hunt, dots=3)
    with pytest.raises(NotAllowed):
        change(town, hunt, by="didier", dots=4)
    town.core.votes.close(town.asker("ines"), hunt, now=town.now)
    with pytest.raises(WrongPhase):
        change(town, hunt, dots=4)


@pytest.mark.parametrize(
    ("rules", "field"),
    [
        ({"keep_days": -1}, "keep_days"),
        ({"keep_days": 99_999}, "keep_days"),
        ({"dots": 0}, "dots"),
        ({"cap": 100}, "cap"),
        ({"places": -3}, "places"),
        ({"closes_at": timedelta()}, "closes_at"),
        ({"closes_at": timedelta(days=4_000)}, "closes_at"),
    ],
)
def test_a_rule_that_makes_no_sense_is_named_at_the_opening_and_at_a_change(
    town: Town, rules: dict[str, object], field: str
) -> None:
    if isinstance(away := rules.get("closes_at"), timedelta):
        rules = {"closes_at": town.now + away}
    hunt = ready(town)
    with pytest.raises(BadForm) as refusal:
        town.open_vote(hunt, **rules)
    assert set(refusal.value.problems) == {field}
    town.open_vote(hunt)
    if rules.get("closes_at"):
        rules = {"closes_at": town.now}
    with pytest.raises(BadForm) as refusal:
        change(town, hunt, **rules)
    assert set(refusal.value.problems) == {field}


# --- who may vote


def test_by_the_rule_of_those_present_who_joins_later_reads_and_does_not_vote(town: Town) -> None:
    hunt = ready(town)
    town.open_vote(hunt, dots=3, who=Electorate.PRESENT)
    join(town, "zoe")
    with pytest.raises(NotAVoter):
        town.wish(hunt, "zoe", 1, 1)
    town.wish(hunt, "karima", 1, 1)
    assert closed(town, hunt).eligible == len(VOTERS)


def test_observers_read_and_do_not_vote_and_are_not_counted(town: Town) -> None:
    hunt = ready(town)
    town.core.facilitation.share(town.asker("ines"), hunt, [], [town.asker("didier").person], now=town.now)
    town.open_vote(hunt, dots=3)
    assert round_of(town, hunt).eligible == len(VOTERS) - 1
    with pytest.raises(NotAVoter):
        town.wish(hunt, "didier", 1, 1)
    with pytest.raises(BadForm) as refusal:
        town.core.facilitation.share(town.asker("ines"), hunt, [], [], now=town.now)
    assert refusal.value.problems == {"observers": "share.problem.voting"}


def test_facilitators_who_abstain_are_out_of_the_quorum_and_who_votes_is_in_it(town: Town) -> None:
    hunt = ready(town)
    town.core.facilitation.share(town.asker("ines"), hunt, [town.asker("paul").person], [], now=town.now)
    join(town, "zoe", "lou")
    town.open_vote(hunt, dots=3, quorum=Quorum.TWO_THIRDS)
    assert round_of(town, hunt).eligible == 6
    for name in ("karima", "didier", "zoe", "lou"):
        town.wish(hunt, name, 1, 1)
    town.wish(hunt, "paul", 2, 1)
    tally = closed(town, hunt)
    assert (tally.voters, tally.eligible, tally.quorum, tally.quorate) == (5, 7, 5, True)


def test_a_quorum_that_was_missed_is_told_and_cancels_nothing(town: Town) -> None:
    hunt = ready(town)
    town.open_vote(hunt, dots=3)
    town.wish(hunt, "karima", 1, 1)
    tally = closed(town, hunt)
    assert (tally.quorum, tally.quorate, tally.winners) == (4, False, (1,))


def test_where_it_is_not_known_how_many_may_vote_no_quorum_is_told(town: Town) -> None:
    with town.storage.begin() as unit:
        unit.people.keep_members(TENANT, ROOM, [])
    hunt = ready(town)
    town.open_vote(hunt, dots=3)
    town.wish(hunt, "karima", 1, 1)
    told = ballot(town, hunt)
    assert not any(key.startswith("rules.quorum") for key, _ in told.rules)
    tally = closed(town, hunt)
    assert (tally.eligible, tally.quorum, tally.quorate) == (0, None, None)


def test_guests_and_deactivated_people_are_neither_counted_nor_let_in(town: Town) -> None:
    join(town, "guest", outsider=True)
    join(town, "gone", inactive=True)
    hunt = ready(town)
    town.open_vote(hunt, dots=3)
    assert round_of(town, hunt).eligible == len(VOTERS)
    for name in ("guest", "gone"):
        with pytest.raises(NotAVoter):
            town.wish(hunt, name, 1, 1)


# --- many options


def many(town: Town) -> str:
    hunt = town.launch(themes=("Paths", "Animals", "Trees"))
    for n in range(28):
        town.post(hunt, VOTERS[n % 5], f"{chr(97 + n % 26) * 6} {n} stones by water {n}.", theme=(n % 3 + 1))
        town.wait(seconds=20)
    town.post(hunt, "paul", "Something that belongs nowhere at all.")
    town.core.hunts.reveal(town.asker("ines"), hunt, now=town.now)
    return hunt


def test_with_more_than_twenty_five_ideas_a_vote_on_the_themes_is_offered(town: Town) -> None:
    hunt = many(town)
    told = form(town, hunt)
    assert (told.options, told.themes) == (29, 4)


def test_with_fewer_ideas_no_vote_on_the_themes_is_offered(town: Town) -> None:
    assert form(town, ready(town, themes=("Paths", "Animals"))).themes == 0


def test_themes_first_and_then_the_ideas_of_those_chosen(town: Town) -> None:
    hunt = many(town)
    town.open_vote(hunt, wave=True, by_theme=True, places=2, dots=3)
    names = {line.text: line.number for line in ballot(town, hunt).lines}
    assert len(names) == 4
    assert round_of(town, hunt).kind is RoundKind.THEMES
    for name in VOTERS:
        town.wish(hunt, name, names["Paths"], 2)
    town.wish(hunt, "paul", names["Trees"], 1)
    town.core.votes.close(town.asker("ines"), hunt, now=town.now)
    hub = town.core.hunts.hub(town.asker("ines"), ROOM, now=town.now)
    assert getattr(hub, "themes_chosen", 0) == 2
    told = form(town, hunt)
    assert (told.options, told.themes, told.undecided) == (19, 0, 0)
    town.open_vote(hunt, places=3)
    second = town.core.ballots.ballot(town.asker("karima"), hunt, now=town.now)
    assert {line.theme for line in second.lines} == {"Paths", "Trees"}
    assert second.round.kind is RoundKind.MAIN
    for name in VOTERS:
        town.wish(hunt, name, 1, 1, round=2)
    assert closed(town, hunt).winners == (1,)


def test_after_a_vote_on_ideas_no_second_one_opens(town: Town) -> None:
    hunt = ready(town)
    town.open_vote(hunt)
    town.wish(hunt, "karima", 1, 1)
    closed(town, hunt)
    with pytest.raises(WrongPhase):
        town.open_vote(hunt)
    with pytest.raises(WrongPhase):
        form(town, hunt)


def test_a_visitor_of_another_tenant_finds_no_such_hunt(town: Town) -> None:
    hunt = ready(town)
    town.open_vote(hunt)
    stranger = replace(town.asker("karima"), tenant=TenantId("slack:T2"))
    town.core.people.keep(replace(person("karima"), tenant=TenantId("slack:T2")))
    with pytest.raises(UnknownHunt):
        town.core.ballots.ballot(stranger, hunt, now=town.now)
    with pytest.raises(UnknownHunt):
        town.core.votes.close(stranger, hunt, now=town.now)
