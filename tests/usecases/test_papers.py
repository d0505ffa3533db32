"""People in the room: paper ballots typed in one form, struck voters, and batches taken out again."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.domain.errors import AlreadyVoted, BadForm, NotAllowed, Problem, VoteOver, WrongPhase
from bot.domain.names import PersonId, RoundNumber
from bot.domain.rules import Secrecy
from bot.screens import BallotForm, Board, Deed, Note, Nudge
from bot.words import Mention
from tests.usecases.polls import VOTERS, audit, ballot_of, closed, join, ready, round_of
from tests.usecases.town import Town, person

ONE = RoundNumber(1)


def enter(town: Town, hunt: str, typed: str, *struck: str, by: str = "ines", key: str = "") -> Note:
    people = [PersonId(name) for name in struck]
    once = key or f"p{next(town.keys)}"
    return town.core.papers.enter(town.asker(by), hunt, ONE, typed, people, once, now=town.now)  # type: ignore[arg-type]


def open_vote(town: Town, **rules: object) -> str:
    hunt = ready(town)
    town.open_vote(hunt, dots=3, **rules)
    return hunt


def problems(town: Town, hunt: str, typed: str, *struck: str) -> object:
    before = round_of(town, hunt)  # type: ignore[arg-type]
    with pytest.raises(BadForm) as refusal:
        enter(town, hunt, typed, *struck)
    assert round_of(town, hunt) == before  # type: ignore[arg-type]  # all or none
    return refusal.value.problems


def test_ballots_typed_in_one_form_count_like_any_other_and_leave_a_mark(town: Town) -> None:
    hunt = open_vote(town)
    town.wish(hunt, "karima", 1, 1)
    note = enter(town, hunt, "1x2 2\n2, 3\n\n3*2")
    assert (note.key, note.facts["n"]) == ("papers.entered", 3)
    town.deliver()
    assert audit(town, "papers") == [("ines", f"{hunt}:1:1:3")]
    tally = closed(town, hunt)  # type: ignore[arg-type]
    assert (tally.voters, tally.papers) == (4, 3)
    assert {rank.option: (rank.dots, rank.supporters) for rank in tally.ranks if rank.dots} == {
        1: (3, 2),
        3: (3, 2),
        2: (2, 2),
    }


def test_the_board_says_how_many_ballots_were_on_paper(town: Town) -> None:
    hunt = open_vote(town)
    enter(town, hunt, "1x2 2\n2")
    boards = [out.screen for out in town.deliver() if isinstance(out.screen, Board)]
    assert boards[-1].round is not None
    assert (boards[-1].round.papers, boards[-1].round.voters) == (2, 2)


def test_a_fault_names_its_line_and_no_ballot_is_kept(town: Town) -> None:
    hunt = open_vote(town)
    for typed, why, facts in (
        ("1\n2 seven", "unread", {"line": 2, "sign": "seven"}),
        ("1\n99", "option", {"line": 2, "sign": "99"}),
        ("1x3", "cap", {"line": 1, "cap": 2, "sign": "1"}),
        ("1\n\n1x2 2x2", "dots", {"line": 3, "total": 3}),
        ("1x0", "blank", {"line": 1}),
    ):
        assert problems(town, hunt, typed) == {"papers": Problem(f"papers.problem.{why}", facts)}
    assert problems(town, hunt, " \n ") == {"papers": "papers.problem.none"}


def test_the_same_form_sent_twice_is_entered_once(town: Town) -> None:
    hunt = open_vote(town)
    assert enter(town, hunt, "1\n2", key="same").key == "papers.entered"
    assert enter(town, hunt, "1\n2", key="same").key == "papers.already"
    assert closed(town, hunt).papers == 2  # type: ignore[arg-type]


def test_a_form_that_was_refused_may_be_sent_again_corrected(town: Town) -> None:
    hunt = open_vote(town)
    with pytest.raises(BadForm):
        enter(town, hunt, "1\n2 x", key="same")
    assert enter(town, hunt, "1\n2", key="same").key == "papers.entered"


def test_who_is_struck_cannot_vote_again_and_is_not_reminded(town: Town) -> None:
    hunt = open_vote(town, closes_at=town.now + timedelta(days=3))
    enter(town, hunt, "1\n2", "karima", "paul")
    for door in (
        lambda: town.wish(hunt, "karima", 1, 1),  # type: ignore[arg-type]
        lambda: town.core.ballots.ballot(town.asker("paul"), hunt, now=town.now),  # type: ignore[arg-type]
        lambda: town.core.ballots.validate(town.asker("karima"), hunt, ONE, now=town.now),  # type: ignore[arg-type]
    ):
        with pytest.raises(AlreadyVoted):
            door()
    town.wait(days=2)
    nudged = {out.person for out in town.deliver() if isinstance(out.screen, Nudge)}
    assert nudged == set(VOTERS) - {"karima", "paul"}


def test_who_voted_in_the_chat_cannot_be_struck_and_is_named(town: Town) -> None:
    hunt = open_vote(town)
    town.wish(hunt, "karima", 1, 1)
    told = problems(town, hunt, "1\n2", "paul", "karima")
    assert told == {"struck": Problem("papers.problem.voted", {"person": Mention(PersonId("karima"), "Karima")})}
    assert isinstance(town.wish(hunt, "paul", 1, 1), BallotForm)  # type: ignore[arg-type]


def test_nobody_is_struck_twice(town: Town) -> None:
    hunt = open_vote(town)
    enter(town, hunt, "1", "karima")
    told = problems(town, hunt, "2", "karima")
    assert told == {"struck": Problem("papers.problem.voted", {"person": Mention(PersonId("karima"), "Karima")})}


def test_more_people_than_papers_and_people_without_a_vote_are_refused(town: Town) -> None:
    town.core.people.keep(person("visitor", outsider=True))
    hunt = open_vote(town)
    told = problems(town, hunt, "1", "karima", "paul")
    assert told == {"struck": Problem("papers.problem.struck", {"n": 1, "people": 2})}
    told = problems(town, hunt, "1", "visitor")
    assert told == {
        "struck": Problem("papers.problem.not_a_voter", {"person": Mention(PersonId("visitor"), "Visitor")})
    }


def test_a_person_named_twice_in_the_form_is_struck_once(town: Town) -> None:
    hunt = open_vote(town)
    enter(town, hunt, "1\n2", "karima", "karima")
    tally = closed(town, hunt)  # type: ignore[arg-type]
    assert (tally.voters, tally.eligible) == (2, 6)  # the other paper is of somebody not on the list


def test_a_batch_taken_out_gives_the_struck_their_vote_back(town: Town) -> None:
    hunt = open_vote(town)
    enter(town, hunt, "1\n2", "karima")
    enter(town, hunt, "3")
    for number in (2, 0):
        note = town.core.papers.take_back(town.asker("ines"), hunt, ONE, 1, now=town.now)  # type: ignore[arg-type]
        assert (note.key, note.facts["n"], note.good) == ("papers.taken_back", number, bool(number))
    assert audit(town, "papers_back") == [("ines", f"{hunt}:1:1:2")]
    town.wish(hunt, "karima", 2, 1)  # type: ignore[arg-type]
    tally = closed(town, hunt)  # type: ignore[arg-type]
    assert (tally.voters, tally.papers) == (2, 1)
    assert {rank.option: rank.dots for rank in tally.ranks if rank.dots} == {3: 1, 2: 1}


@pytest.mark.parametrize("batch", [0, -1, 99, 999_999_999])
def test_a_batch_that_is_not_there_takes_nothing_out(town: Town, batch: int) -> None:
    hunt = open_vote(town)
    enter(town, hunt, "1\n2")
    note = town.core.papers.take_back(town.asker("ines"), hunt, ONE, batch, now=town.now)  # type: ignore[arg-type]
    assert (note.facts["n"], note.good) == (0, False)
    assert round_of(town, hunt).papers == 2  # type: ignore[arg-type]


def test_papers_go_beside_detached_ballots_and_strike_their_voters(town: Town) -> None:
    hunt = open_vote(town, secrecy=Secrecy.DETACHED)
    enter(town, hunt, "1x2 2", "karima")
    with pytest.raises(AlreadyVoted):
        town.core.ballots.ballot(town.asker("karima"), hunt, now=town.now)  # type: ignore[arg-type]
    tally = closed(town, hunt)  # type: ignore[arg-type]
    assert (tally.voters, tally.papers, tally.dots_placed) == (1, 1, 3)


def test_only_facilitators_see_and_use_the_form_and_only_while_the_vote_is_open(town: Town) -> None:
    hunt = ready(town)
    with pytest.raises(WrongPhase):
        town.core.papers.form(town.asker("ines"), hunt, now=town.now)
    town.open_vote(hunt, dots=3, closes_at=town.now + timedelta(hours=1))
    with pytest.raises(NotAllowed):
        town.core.papers.form(town.asker("didier"), hunt, now=town.now)
    with pytest.raises(NotAllowed):
        enter(town, hunt, "1", by="didier")
    enter(town, hunt, "1")
    form = town.core.papers.form(town.asker("ines"), hunt, now=town.now)
    assert ([line.number for line in form.lines], form.batches) == ([1, 2, 3, 4, 5, 6], ((1, 1),))
    with pytest.raises(NotAllowed):
        town.core.papers.take_back(town.asker("didier"), hunt, ONE, 1, now=town.now)
    town.wait(hours=1)
    with pytest.raises(VoteOver):
        enter(town, hunt, "1")
    with pytest.raises(VoteOver):
        town.core.papers.take_back(town.asker("ines"), hunt, ONE, 1, now=town.now)
    assert closed(town, hunt).papers == 1


def test_no_row_joins_a_struck_person_to_a_paper(town: Town) -> None:
    hunt = open_vote(town)
    join(town, "zoe", "lou")
    enter(town, hunt, "1x2\n2x2", "karima", "paul")
    assert ballot_of(town, hunt, "karima").placed == {}  # type: ignore[arg-type]
    assert ballot_of(town, hunt, "paul").placed == {}  # type: ignore[arg-type]


def test_the_note_after_an_entry_offers_the_next_form_and_the_way_back(town: Town) -> None:
    hunt = open_vote(town)
    note = enter(town, hunt, "1\n2")
    assert [button.deed for button in note.buttons] == [Deed.PAPERS, Deed.TAKE_BACK]
    assert note.buttons[1].confirm
