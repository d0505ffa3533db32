"""A hunt in several rooms and a person of several accounts: rooms taken out, links undone, on each database."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.domain.errors import (
    AlreadyVoted,
    BadForm,
    NoHuntHere,
    NotAllowed,
    NotAVoter,
    OnlyRoom,
    VotedAsOne,
    WrongPhase,
)
from bot.domain.hunt import Standing
from bot.domain.names import HuntId, IdeaNumber, MessageId, PersonId, RoomId, RoundNumber
from bot.domain.people import Room
from bot.domain.rules import Secrecy
from bot.screens import Deed, Note
from bot.usecases.requests import BallotView
from bot.words import Words
from tests.usecases.polls import ready
from tests.usecases.town import ROOM, TENANT, Town, person

OTHER = RoomId("19:c@thread.tacv2")
ZAK = PersonId("00000000-0000-4000-8000-000000000001")
"""Somebody of the other room alone."""
INES_THERE = PersonId("00000000-0000-4000-8000-000000000002")
KARIMA_THERE = PersonId("00000000-0000-4000-8000-000000000003")


def ours(id: str) -> bool:
    return ":" in id or "-" in id


def in_two(town: Town, hunt: HuntId) -> None:
    """Ines shows the hunt in a second room, where Zak is."""
    town.core.people.keep(person(str(ZAK)))
    town.core.people.keep_room(
        Room(TENANT, OTHER, "accueil", present=True, private=True), [ZAK, INES_THERE, KARIMA_THERE]
    )
    code = town.core.rooms.invite(town.asker("ines"), hunt, town.now).facts["code"]
    assert isinstance(code, Words)
    town.core.rooms.join(town.asker("ines"), OTHER, code.text, town.now)
    town.deliver()


def linked(town: Town, account: PersonId = INES_THERE, main: str = "ines") -> None:
    code = town.core.rooms.account_code(town.asker(main), town.now).facts["code"]
    assert isinstance(code, Words)
    town.core.rooms.link(town.asker(account), code.text, town.now, ours)


# --- rooms


def test_a_room_taken_out_says_so_on_its_board_and_what_was_posted_there_stays(town: Town) -> None:
    hunt = ready(town, 3)
    in_two(town, hunt)
    town.post(hunt, str(ZAK), "A lamp for every path")
    note = town.core.rooms.take_out(town.asker("ines"), hunt, OTHER, town.now)
    assert note.key == "rooms.is_out"
    sent = [one for one in town.deliver() if one.room == OTHER]
    assert [(one.screen, bool(one.update)) for one in sent] == [
        (Note("rooms.taken_out", {"question": "How might we share the wood?"}, good=False), True)
    ]
    with town.storage.look() as unit:
        assert [place.room for place in unit.hunts.rooms(TENANT, hunt)] == [ROOM]
        assert unit.hunts.open_in(TENANT, OTHER) is None
        assert unit.hunts.get(TENANT, hunt).ideas == 4
    town.post(hunt, "ines", "Another idea for the wood")
    assert [one for one in town.deliver() if one.room == OTHER] == []


def test_a_board_on_its_way_while_its_room_is_taken_out_says_so_too(town: Town) -> None:
    hunt = ready(town, 3)
    code = town.core.rooms.invite(town.asker("ines"), hunt, town.now).facts["code"]
    assert isinstance(code, Words)
    town.core.rooms.join(town.asker("ines"), OTHER, code.text, town.now)
    under_way = [one for one, outgoing in town.letters() if outgoing.room == OTHER]
    town.core.rooms.take_out(town.asker("ines"), hunt, OTHER, town.now)
    town.core.post.delivered(under_way[0], MessageId("there"), town.now)
    farewell = [one for one in town.deliver() if one.room == OTHER]
    assert [one.update for one in farewell] == ["there"]


def test_the_people_of_a_room_that_was_taken_out_do_not_vote_and_may_come_back_with_a_code(town: Town) -> None:
    hunt = ready(town, 3)
    in_two(town, hunt)
    town.core.rooms.take_out(town.asker("ines"), hunt, OTHER, town.now)
    town.open_vote(hunt)
    with pytest.raises(NotAVoter):
        town.wish(hunt, str(ZAK), 1, 1)
    in_two(town, hunt)
    town.wish(hunt, str(ZAK), 1, 1)
    with town.storage.look() as unit:
        assert {place.standing for place in unit.hunts.rooms(TENANT, hunt)} == {Standing.LIVE}


def test_only_a_facilitator_takes_a_room_out_and_never_the_last_one(town: Town) -> None:
    hunt = ready(town, 3)
    with pytest.raises(OnlyRoom):
        town.core.rooms.take_out(town.asker("ines"), hunt, ROOM, town.now)
    in_two(town, hunt)
    with pytest.raises(NotAllowed):
        town.core.rooms.take_out(town.asker("paul"), hunt, OTHER, town.now)
    with pytest.raises(NoHuntHere):
        town.core.rooms.take_out(town.asker("ines"), hunt, RoomId("C9"), town.now)


def test_no_room_is_taken_out_while_a_vote_is_open(town: Town) -> None:
    hunt = ready(town, 3)
    in_two(town, hunt)
    town.open_vote(hunt)
    with pytest.raises(WrongPhase):
        town.core.rooms.take_out(town.asker("ines"), hunt, OTHER, town.now)


def test_the_rooms_of_a_hunt_offer_to_take_each_out_once_there_are_two(town: Town) -> None:
    hunt = ready(town, 3)
    assert town.core.rooms.invite(town.asker("ines"), hunt, town.now).buttons == ()
    in_two(town, hunt)
    offered = town.core.rooms.invite(town.asker("ines"), hunt, town.now).buttons
    assert [(one.deed, one.confirm) for one in offered] == [(Deed.TAKE_OUT, True)] * 2
    assert {one.target for one in offered} == {f"{hunt}|{ROOM}", f"{hunt}|{OTHER}"}


# --- accounts


def test_a_link_is_undone_from_either_account_and_ideas_stay_with_the_main_one(town: Town) -> None:
    for by in (town.asker("ines"), town.asker(INES_THERE)):
        linked(town)
        assert town.core.rooms.accounts(TENANT) == {INES_THERE: "ines"}
        assert town.core.rooms.unlink(by, town.now).key == "unlink.done"
        assert town.core.rooms.accounts(TENANT) == {}
    assert town.core.rooms.unlink(town.asker("ines"), town.now).key == "unlink.none"


def test_ideas_written_as_one_stay_with_the_account_that_gave_the_code(town: Town) -> None:
    hunt = ready(town, 3)
    in_two(town, hunt)
    town.post(hunt, str(INES_THERE), "A lamp for every path")
    linked(town)
    town.core.rooms.unlink(town.asker("ines"), town.now)
    with town.storage.look() as unit:
        assert len(unit.ideas.by(TENANT, hunt, PersonId("ines"))) == 1
        assert unit.ideas.by(TENANT, hunt, INES_THERE) == ()


def test_while_the_person_has_an_open_ballot_they_stay_one(town: Town) -> None:
    hunt = ready(town, 3)
    in_two(town, hunt)
    town.open_vote(hunt)
    linked(town)
    town.wish(hunt, "ines", 1, 1)
    for by in ("ines", str(INES_THERE)):
        with pytest.raises(VotedAsOne):
            town.core.rooms.unlink(town.asker(by), town.now)
    assert town.core.rooms.accounts(TENANT) == {INES_THERE: "ines"}
    town.wish(hunt, "ines", 1, 0)
    town.core.rooms.unlink(town.asker("ines"), town.now)
    town.wish(hunt, str(INES_THERE), 1, 1)


def test_undoing_a_link_waits_for_a_vote_under_way(town: Town) -> None:
    hunt = ready(town, 3)
    in_two(town, hunt)
    town.open_vote(hunt)
    linked(town)
    with ThreadPoolExecutor(1) as pool:
        with town.storage.begin() as unit:
            round = unit.rounds.pinned(TENANT, hunt, RoundNumber(1))
            unit.rounds.wish(round, PersonId("ines"), IdeaNumber(1), 1, "under way", town.now)
            undone = pool.submit(town.core.rooms.unlink, town.asker("ines"), town.now)
            with pytest.raises(TimeoutError):
                undone.result(timeout=0.5)
        with pytest.raises(VotedAsOne):
            undone.result()


def test_a_ballot_that_was_cast_keeps_them_one_until_the_close(town: Town) -> None:
    hunt = ready(town, 3)
    in_two(town, hunt)
    town.open_vote(hunt, secrecy=Secrecy.DETACHED)
    linked(town)
    town.core.ballots.cast(town.asker("ines"), hunt, RoundNumber(1), {IdeaNumber(1): 1}, BallotView(), town.now)
    with pytest.raises(VotedAsOne):
        town.core.rooms.unlink(town.asker("ines"), town.now)
    town.core.votes.close(town.asker("ines"), hunt, town.now)
    assert town.core.rooms.unlink(town.asker("ines"), town.now).key == "unlink.done"


def test_a_person_struck_by_their_other_account_has_no_second_ballot(town: Town) -> None:
    hunt = ready(town, 3)
    in_two(town, hunt)
    town.open_vote(hunt)
    linked(town, KARIMA_THERE, "karima")
    enter, by, both = town.core.papers.enter, town.asker("ines"), (KARIMA_THERE, PersonId("karima"))
    enter(by, hunt, RoundNumber(1), "1", both, "p1", town.now)
    with pytest.raises(AlreadyVoted):
        town.wish(hunt, "karima", 1, 1)


def test_who_voted_cannot_be_struck_by_their_other_account(town: Town) -> None:
    hunt = ready(town, 3)
    in_two(town, hunt)
    town.open_vote(hunt)
    linked(town, KARIMA_THERE, "karima")
    town.wish(hunt, "karima", 1, 1)
    with pytest.raises(BadForm):
        town.core.papers.enter(town.asker("ines"), hunt, RoundNumber(1), "1", (KARIMA_THERE,), "p1", town.now)


def test_people_chosen_by_either_account_lead_observe_and_have_a_role(town: Town) -> None:
    hunt, core, by = ready(town, 3), town.core, town.asker("ines")
    in_two(town, hunt)
    linked(town, KARIMA_THERE, "karima")
    core.facilitation.share(by, hunt, (), (KARIMA_THERE,), town.now)
    assert core.facilitation.share_form(by, hunt).observers == ("karima",)
    core.facilitation.share(by, hunt, (KARIMA_THERE,), (), town.now)
    assert core.facilitation.share_form(by, hunt).cofacilitators == ("karima",)
    core.facilitation.keep_role(by, hunt, "resident", (KARIMA_THERE,), town.now)
    assert dict(core.facilitation.roles_form(by, hunt, ROOM).roles) == {"resident": 1}


def test_people_chosen_at_the_launch_are_known_by_either_account(town: Town) -> None:
    linked(town, KARIMA_THERE, "karima")
    hunt = town.launch(observers=(KARIMA_THERE,), cofacilitators=(PersonId("paul"),))
    assert town.core.facilitation.share_form(town.asker("ines"), hunt).observers == ("karima",)


def test_whoever_observes_with_one_account_observes_once_both_are_one(town: Town) -> None:
    hunt, core, by = ready(town, 3), town.core, town.asker("ines")
    in_two(town, hunt)
    core.facilitation.share(by, hunt, (), (KARIMA_THERE,), town.now)
    linked(town, KARIMA_THERE, "karima")
    town.open_vote(hunt)
    with pytest.raises(NotAVoter):
        town.wish(hunt, "karima", 1, 1)


def test_links_that_should_not_be_are_undone_once_no_ballot_holds_them(town: Town) -> None:
    hunt = ready(town, 3)
    town.open_vote(hunt)
    with town.storage.begin() as unit:
        unit.links.link(TENANT, PersonId("paul"), PersonId("ines"))
        unit.links.link(TENANT, PersonId("karima"), PersonId("didier"))
    town.wish(hunt, "ines", 1, 1)
    town.core.rooms.part(TENANT, [PersonId("ines"), PersonId("didier")])
    assert town.core.rooms.accounts(TENANT) == {"paul": "ines"}
    town.core.votes.close(town.asker("ines"), hunt, town.now)
    town.core.rooms.part(TENANT, [PersonId("ines")])
    assert town.core.rooms.accounts(TENANT) == {}
