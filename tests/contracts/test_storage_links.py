"""What joins two platforms, on both databases: codes, addresses, and two accounts that become one voter."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.domain.names import PersonId, RoomId
from bot.domain.people import Code, Conversation
from bot.ports import Unit
from storage.sql import SqlStorage
from tests.contracts.samples import ACME, ANNA, BEN, CHLOE, HUNT, NOW, OTHER, ROOM, a_round, idea, later, opened, wish

OTHER_ANNA = PersonId("00000000-0000-4000-8000-000000000001")
TALK = Conversation(ACME, RoomId("19:c@thread.tacv2"), "19:c@thread.tacv2", "https://smba.trafficmanager.net/teams/")


def test_a_code_is_good_until_its_end_and_is_given_once(storage: SqlStorage) -> None:
    code = Code(ACME, "K7QF", later(hours=1), hunt=HUNT)
    with storage.begin() as unit:
        assert unit.links.add_code(code)
        assert not unit.links.add_code(replace(code, hunt=None, person=ANNA))
    with storage.begin() as unit:
        assert unit.links.code(ACME, "K7QF", NOW) == code
        assert unit.links.code_of(ACME, HUNT, NOW) == code
        assert unit.links.code(ACME, "K7QF", later(hours=1)) is None
        unit.links.drop_old_codes(later(hours=2))
        assert unit.links.code(ACME, "K7QF", NOW) is None


def test_a_workspace_stays_where_it_was_served_first(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        assert unit.links.workspace("teams:1") is None
        unit.links.keep_workspace("teams:1", ACME)
        unit.links.keep_workspace("teams:1", ACME)
        assert unit.links.workspace("teams:1") == ACME


def test_an_address_is_replaced_and_forgotten(storage: SqlStorage) -> None:
    moved = replace(TALK, service_url="https://smba.trafficmanager.net/emea/")
    with storage.begin() as unit:
        unit.links.keep_conversation(TALK)
        unit.links.keep_conversation(moved)
        assert unit.links.conversation(ACME, TALK.place) == moved
        assert unit.links.conversation(OTHER, TALK.place) is None
        unit.links.drop_conversation(ACME, TALK.place)
        assert unit.links.conversation(ACME, TALK.place) is None


def test_an_account_is_its_person_and_follows_when_that_one_is_linked_too(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        unit.links.link(ACME, OTHER_ANNA, ANNA)
        unit.links.link(ACME, ANNA, BEN)
        assert [unit.links.itself(ACME, one) for one in (OTHER_ANNA, ANNA, BEN)] == [BEN, BEN, BEN]
        assert unit.links.accounts(ACME) == {OTHER_ANNA: BEN, ANNA: BEN}


def test_members_are_told_as_people_and_kept_as_accounts(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        unit.links.link(ACME, OTHER_ANNA, ANNA)
        unit.people.keep_members(ACME, ROOM, [OTHER_ANNA, BEN])
        assert unit.people.members(ACME, ROOM) == {ANNA, BEN}
        assert unit.people.is_member(ACME, ROOM, ANNA)
        assert unit.people.is_member(ACME, ROOM, CHLOE) is False
        unit.people.keep_members(ACME, ROOM, [OTHER_ANNA])
        assert unit.people.members(ACME, ROOM) == {ANNA}


def dots(unit: Unit, person: PersonId) -> dict[int, int]:
    return {int(n): d for n, d in unit.rounds.ballot(a_round(), person).placed.items()}


@pytest.mark.parametrize(
    ("theirs", "mine", "left", "voters"),
    [
        ({}, {}, {}, 0),
        ({1: 2, 2: 1}, {}, {1: 2, 2: 1}, 1),
        ({}, {3: 2}, {3: 2}, 1),
        ({1: 2}, {3: 1}, {3: 1}, 1),
    ],
)
def test_two_accounts_have_one_ballot_whoever_voted(
    storage: SqlStorage, theirs: dict[int, int], mine: dict[int, int], left: dict[int, int], voters: int
) -> None:
    with storage.begin() as unit:
        round = opened(unit, electors=(ANNA, OTHER_ANNA, BEN))
        for person, wishes in ((OTHER_ANNA, theirs), (ANNA, mine)):
            for option, number in wishes.items():
                wish(unit, round, person, option, number)
    with storage.begin() as unit:
        unit.links.link(ACME, OTHER_ANNA, ANNA)
    with storage.begin() as unit:
        assert dots(unit, ANNA) == left
        assert dots(unit, OTHER_ANNA) == {}
        kept = unit.rounds.get(ACME, HUNT, a_round().number)
        assert (kept.voters, kept.eligible) == (voters, 2)
        assert unit.rounds.electors(kept) == {ANNA, BEN}
        assert unit.rounds.check(kept) == ()
        tally = unit.rounds.close(kept, NOW)
        assert tally is not None
        assert tally.dots_placed == sum(left.values())


def test_a_dot_after_the_link_is_on_the_one_ballot(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        round = opened(unit, electors=(ANNA, OTHER_ANNA))
        wish(unit, round, OTHER_ANNA, 1, 2)
        unit.links.link(ACME, OTHER_ANNA, ANNA)
        wish(unit, round, ANNA, 2, 2)
        assert dots(unit, ANNA) == {1: 2, 2: 2}
        assert unit.rounds.get(ACME, HUNT, round.number).voters == 1


def test_what_an_account_wrote_is_its_persons(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        opened(unit)
        unit.ideas.add(idea(author=OTHER_ANNA))
        unit.links.link(ACME, OTHER_ANNA, ANNA)
        assert len(unit.ideas.by(ACME, HUNT, ANNA)) == 1
