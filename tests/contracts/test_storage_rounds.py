"""Rounds, ballots and dots, on both databases."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot.domain.ballot import Ballot, Elector, Option
from bot.domain.errors import BadDots, CapReached, NoDotsLeft, NotAnOption, UnknownRound, VoteOver, WrongPhase
from bot.domain.names import HuntId, IdeaNumber, PersonId, RoundNumber
from bot.domain.rules import Electorate, Quorum, RoundKind, TieRule
from bot.ports import Unit
from storage.problems import Inconsistent
from storage.rows import METADATA
from storage.sql import SqlStorage
from tests.contracts.samples import ACME, ANNA, BEN, CHLOE, HUNT, NOW, a_round, later, opened, wish


def voters(unit: Unit) -> int:
    return unit.rounds.get(ACME, HUNT, RoundNumber(1)).voters


def test_a_round_comes_back_as_opened(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        assert unit.rounds.latest(ACME, HUNT) is None
        told = {"closes_at": later(hours=1), "kind": RoundKind.RUNOFF, "quorum": Quorum.HALF, "tie": TieRule.KEEP}
        told |= {"who": Electorate.PRESENT, "by_role": True, "keep_days": 30, "waved": 2, "waved_by": CHLOE}
        kept = opened(unit, 3, (ANNA, BEN, ANNA), **told)
        assert kept == a_round(**told, eligible=2)
        again = replace(kept, number=RoundNumber(2))
        unit.rounds.open(again, [Option(IdeaNumber(9), "t", "theme", "title"), Option(IdeaNumber(4), "u")], {})
        assert unit.rounds.latest(ACME, HUNT) == replace(again, eligible=0)
        assert unit.rounds.pinned(ACME, HUNT, RoundNumber(1)) == kept
        assert [o.number for o in unit.rounds.options(again)] == [9, 4]
        assert unit.rounds.options(again)[0] == Option(IdeaNumber(9), "t", "theme", "title")
        with pytest.raises(UnknownRound):
            unit.rounds.get(ACME, HUNT, RoundNumber(3))


def test_a_wish_is_absolute(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        kept = opened(unit)
        for turn, (option, dots) in enumerate(((1, 2), (1, 1), (2, 2), (1, 0), (3, 1), (1, 2))):
            wish(unit, kept, ANNA, option, dots, str(turn))
        assert unit.rounds.ballot(kept, ANNA, lock=True).placed == {1: 2, 2: 2, 3: 1}
        assert unit.rounds.ballot(kept, BEN) == Ballot()
        assert unit.rounds.check(kept) == ()


def test_an_action_counts_once(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        kept = opened(unit)
        wish(unit, kept, ANNA, 1, 2, "click")
        wish(unit, kept, ANNA, 1, 0, "click")
        wish(unit, kept, BEN, 1, 1, "click")
        assert unit.rounds.ballot(kept, ANNA).placed == {1: 2}
        assert unit.rounds.ballot(kept, BEN).placed == {1: 1}


def test_refuses_what_the_rules_forbid_and_consumes_nothing(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        kept = opened(unit)
        wish(unit, kept, ANNA, 1, 2)
        wish(unit, kept, ANNA, 2, 2)
        for option, dots, refusal in (
            (1, 3, CapReached),
            (3, 2, NoDotsLeft),
            (99, 1, NotAnOption),
            (1, -1, BadDots),
        ):
            with pytest.raises(refusal):
                wish(unit, kept, ANNA, option, dots)
        wish(unit, kept, ANNA, 3, 1)
        assert unit.rounds.ballot(kept, ANNA).placed == {1: 2, 2: 2, 3: 1}


def test_counts_who_has_dots_placed_now(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        kept = opened(unit)
        seen = []
        for person, option, dots in ((ANNA, 1, 1), (ANNA, 2, 1), (BEN, 1, 2), (ANNA, 1, 0), (ANNA, 2, 0)):
            wish(unit, kept, person, option, dots)
            seen.append(voters(unit))
        assert seen == [1, 1, 2, 2, 1]


def test_a_dot_at_the_closing_instant_is_late(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        kept = opened(unit, closes_at=later(minutes=1))
        ends = later(minutes=1)
        unit.rounds.wish(kept, ANNA, IdeaNumber(1), 1, "just in time", later(minutes=1, microseconds=-1))
        with pytest.raises(VoteOver) as over:
            unit.rounds.wish(kept, ANNA, IdeaNumber(2), 1, "too late", ends)
        assert over.value.closed_at == ends


def test_a_ballots_version_grows_with_each_wish(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        kept = opened(unit)
        seen = [unit.rounds.ballot(kept, ANNA).version]
        for dots in (1, 2, 0):
            wish(unit, kept, ANNA, 1, dots)
            seen.append(unit.rounds.ballot(kept, ANNA, lock=True).version)
        assert seen == sorted(set(seen))
        assert unit.rounds.ballot(kept, BEN).version == 0


def test_keeps_who_may_vote_who_declined_and_who_is_done(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        kept = opened(unit)
        assert unit.rounds.electors(kept) == {ANNA, BEN}
        assert unit.rounds.elector(kept, ANNA) == Elector(enrolled=True, listed=True)
        assert unit.rounds.elector(kept, CHLOE) == Elector()
        unit.rounds.decline(kept, CHLOE, declined=True)
        assert unit.rounds.elector(kept, CHLOE) == Elector(enrolled=True, declined=True)
        for _ in range(2):
            unit.rounds.admit(kept, CHLOE, "resident")
        unit.rounds.finish(kept, CHLOE, done=True)
        assert unit.rounds.elector(kept, CHLOE) == Elector(
            enrolled=True, listed=True, declined=True, done=True, role="resident"
        )
        assert unit.rounds.get(ACME, HUNT, kept.number).eligible == 3
        unit.rounds.decline(kept, CHLOE, declined=False)
        unit.rounds.finish(kept, CHLOE, done=False)
        assert unit.rounds.elector(kept, CHLOE) == Elector(enrolled=True, listed=True, role="resident")
        assert unit.rounds.elector(kept, ANNA) == Elector(enrolled=True, listed=True)


def test_a_facilitator_is_known_and_counted_only_once_they_vote(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        kept = opened(unit)
        unit.rounds.enrol(kept, {CHLOE: "host"})
        assert unit.rounds.elector(kept, CHLOE) == Elector(enrolled=True, role="host")
        assert unit.rounds.electors(kept) == {ANNA, BEN}
        unit.rounds.admit(kept, CHLOE, "host")
        assert unit.rounds.get(ACME, HUNT, kept.number).eligible == 3


def test_whoever_is_excused_leaves_the_count_unless_they_voted(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        kept = opened(unit)
        wish(unit, kept, ANNA, 1, 1)
        for person in (ANNA, BEN, CHLOE, BEN):
            unit.rounds.excuse(kept, person)
        assert unit.rounds.electors(kept) == {ANNA}
        assert unit.rounds.elector(kept, BEN) == Elector(enrolled=True)
        assert unit.rounds.get(ACME, HUNT, kept.number).eligible == 1


def test_a_close_counts_once_and_seals(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        kept = opened(unit)
        for person, option, dots in ((ANNA, 2, 2), (BEN, 2, 1), (BEN, 1, 2), (CHLOE, 3, 1), (CHLOE, 3, 0)):
            wish(unit, kept, person, option, dots)
        for sealed in (unit.rounds.tally, unit.rounds.papers):
            with pytest.raises(WrongPhase):
                sealed(kept)
        tally = unit.rounds.close(kept, NOW)
        assert tally is not None
        assert [(r.place, r.option, r.dots, r.supporters) for r in tally.ranks] == [
            (1, 2, 3, 2),
            (2, 1, 2, 1),
            (3, 3, 0, 0),
            (3, 4, 0, 0),
        ]
        assert (tally.voters, tally.eligible, tally.dots_placed, tally.dots_possible) == (2, 2, 5, 10)
        assert (tally.winners, tally.covered) == ((2,), 2)
        assert unit.rounds.close(kept, NOW) is None
        assert unit.rounds.tally(kept) == tally
        assert unit.rounds.check(kept) == ()
        assert unit.rounds.get(ACME, HUNT, kept.number).closed_at == NOW
        assert unit.rounds.papers(kept) == ()  # two ballots: a list of them could point at somebody


def test_five_ballots_are_kept_for_recounts_and_fewer_are_not(storage: SqlStorage) -> None:
    crowd = [PersonId(f"U{n}") for n in range(5)]
    with storage.begin() as unit:
        kept = opened(unit, electors=(*crowd,))
        for n, person in enumerate(crowd):
            wish(unit, kept, person, n % 2 + 1, 1 + n % 2)
        unit.rounds.close(kept, NOW)
        assert sorted(map(repr, unit.rounds.papers(kept))) == ["{1: 1}"] * 3 + ["{2: 2}"] * 2
        assert unit.rounds.check(kept) == ()
        few = opened(unit, electors=(*crowd,), hunt=HuntId("few"))
        for person in crowd[:4]:
            wish(unit, few, person, 1, 2)
        unit.rounds.close(few, NOW)
        assert unit.rounds.papers(few) == ()
        assert unit.rounds.check(few) == ()
        ledger = METADATA.tables["vote_ledger"]
        rows = unit.rounds.connection.execute(ledger.select().where(ledger.c.hunt == "few")).all()
        assert [(row.voter, row.option, row.delta) for row in rows] == [("", 1, 8)]


def test_a_round_without_ballots_closes(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        kept = opened(unit, electors=())
        tally = unit.rounds.close(kept, NOW)
    assert tally is not None
    assert (tally.voters, tally.winners, tally.tied_at_cut) == (0, (), ())


def test_after_the_close_nothing_is_taken_and_nothing_leads_to_a_voter(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        kept = opened(unit)
        wish(unit, kept, ANNA, 2, 2, f"{ANNA}:click")
        before = rows_of(unit, *BALLOTS)
        unit.rounds.close(kept, NOW)
        after = rows_of(unit, *BALLOTS, "round_elector")
        with pytest.raises(VoteOver):
            wish(unit, kept, BEN, 2, 1)
        unit.rounds.admit(kept, CHLOE, "")
        unit.rounds.decline(kept, BEN, declined=True)
        unit.rounds.finish(kept, BEN, done=True)
        assert {unit.rounds.elector(kept, person) for person in (ANNA, BEN, CHLOE)} == {Elector()}
        assert unit.rounds.electors(kept) == frozenset()
        assert unit.rounds.ballot(kept, ANNA) == Ballot()
    assert ANNA not in repr(before) + repr(after)
    names = {value for row in before for value in row if isinstance(value, (str, bytes)) and len(value) >= 32}
    assert len(names) >= 3  # the key, the voter, the action
    assert not names & {value for row in after for value in row}


BALLOTS = ("round_key", "ballot", "dot", "vote_ledger")


def rows_of(unit: Unit, *names: str) -> list[tuple[object, ...]]:
    found = (unit.rounds.connection.execute(METADATA.tables[name].select()) for name in names)
    return [tuple(row) for rows in found for row in rows]


TAMPERING = {
    "a dot moved": "UPDATE dot SET option = 3 WHERE option = 2",
    "a dot taken away": "DELETE FROM dot WHERE option = 2 AND nth = 2",
    "an entry changed": "UPDATE vote_ledger SET delta = 1 WHERE option = 2",
    "the tally rewritten": "UPDATE round SET tally = replace(tally, '2', '3')",
    "the number of voters changed": "UPDATE round_count SET voters = 7",
}


@pytest.mark.parametrize("deed", TAMPERING)
def test_a_recount_finds_one_row_tampered_with(storage: SqlStorage, deed: str) -> None:
    with storage.begin() as unit:
        kept = opened(unit)
        for person in (ANNA, *(f"U{n}" for n in range(4))):
            wish(unit, kept, person, 2, 2)
        unit.rounds.close(kept, NOW)
        unit.rounds.connection.execute(text(TAMPERING[deed]))
    with storage.look() as unit:
        assert unit.rounds.check(kept) != ()


def test_a_round_whose_books_differ_is_not_closed(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        kept = opened(unit)
        wish(unit, kept, ANNA, 2, 2)
        unit.rounds.connection.execute(text("DELETE FROM dot WHERE nth = 2"))
    with pytest.raises(Inconsistent), storage.begin() as unit:
        unit.rounds.close(kept, NOW)
    with storage.look() as unit:
        assert unit.rounds.get(ACME, HUNT, kept.number).open


FORBIDDEN = {
    "a sixth slot": "UPDATE dot SET slot = 6 WHERE slot = 1",
    "a third dot on one option": "UPDATE dot SET nth = 3 WHERE nth = 2",
    "an option that is not on the ballot": "UPDATE dot SET option = 99",
    "one slot twice": "UPDATE dot SET slot = 1",
    "one nth twice": "UPDATE dot SET nth = 1",
    "a dot of nobody": "UPDATE dot SET voter = 'nobody'",
}


@pytest.mark.parametrize("deed", FORBIDDEN)
def test_the_schema_itself_refuses(storage: SqlStorage, deed: str) -> None:
    with storage.begin() as unit:
        kept = opened(unit)
        wish(unit, kept, ANNA, 1, 2)
    with pytest.raises(IntegrityError), storage.begin() as unit:
        unit.rounds.connection.execute(text(FORBIDDEN[deed]))
