"""Races of processes over one database: what must never happen does not, on either."""

from __future__ import annotations

from bot.domain.hunt import HuntRoom
from bot.domain.names import PersonId, RoomId
from storage.sql import SqlStorage
from tests.contracts.racers import announce, claim_all, click, close, name_theme, post, race, vote_for_all
from tests.contracts.samples import ACME, ANNA, HUNT, ROOM, a_round, launched, letter, opened


def with_round(url: str) -> None:
    storage = SqlStorage(url, alone=False)
    with storage.begin() as unit:
        opened(unit, options=6)
    storage.close()


def test_one_voter_on_six_devices_never_overspends_nor_breaks_the_cap(migrated_url: str) -> None:
    with_round(migrated_url)
    devices = [[(ANNA, (device + n) % 6 + 1, 1 + (n + device) % 2) for n in range(24)] for device in range(6)]
    refused = race(migrated_url, *((click, wishes) for wishes in devices))
    assert sum(refused) > 0
    storage = SqlStorage(migrated_url, alone=False)
    with storage.begin() as unit:
        placed = unit.rounds.ballot(a_round(), ANNA).placed
        assert sum(placed.values()) <= 5
        assert max(placed.values()) <= 2
        assert unit.rounds.check(a_round()) == ()
        tally = unit.rounds.close(a_round(), a_round().opened_at)
    assert tally is not None
    assert (tally.dots_placed, tally.voters) == (sum(placed.values()), 1)
    storage.close()


def test_a_vote_while_closing_is_counted_or_refused(migrated_url: str) -> None:
    with_round(migrated_url)
    crowds = [[f"U{crowd}{n:03}" for n in range(60)] for crowd in range(4)]
    *taken, tally = race(migrated_url, *((vote_for_all, crowd) for crowd in crowds), (close, None))
    assert tally.dots_placed == tally.voters == sum(map(len, taken))
    storage = SqlStorage(migrated_url, alone=False)
    with storage.look() as unit:
        assert unit.rounds.check(a_round()) == ()
        assert unit.rounds.tally(a_round()) == tally
    storage.close()


def test_of_several_closers_one_counts(migrated_url: str) -> None:
    with_round(migrated_url)
    brought = race(migrated_url, *[(close, None)] * 4)
    assert sum(tally is not None for tally in brought) == 1


def test_each_letter_is_claimed_once(migrated_url: str) -> None:
    storage = SqlStorage(migrated_url, alone=False)
    with storage.begin() as unit:
        for n in range(60):
            unit.letters.announce(letter(f"k{n}", room=RoomId(f"C{n % 20}")))
    storage.close()
    brought = race(migrated_url, *[(claim_all, 12)] * 4)
    assert sorted(key for keys in brought for key in keys) == sorted(f"k{n}" for n in range(60))


def test_numbers_and_counters_survive_a_crowd(migrated_url: str) -> None:
    storage = SqlStorage(migrated_url, alone=False)
    with storage.begin() as unit:
        launched(unit)
    brought = race(migrated_url, *((post, (f"U{n % 3}", 25)) for n in range(4)))
    assert sorted(number for numbers in brought for number in numbers) == list(range(1, 101))
    with storage.look() as unit:
        kept = unit.hunts.get(ACME, HUNT)
        assert (kept.ideas, kept.voices) == (100, 3)
        assert len(unit.ideas.by(ACME, HUNT, PersonId("U0"))) == 50
    storage.close()


def test_a_theme_named_by_several_at_once_is_one_theme(migrated_url: str) -> None:
    storage = SqlStorage(migrated_url, alone=False)
    with storage.begin() as unit:
        launched(unit)
        unit.hunts.keep_room(HuntRoom(ACME, HUNT, ROOM))
    names = [f"Theme {n}" for n in range(8)]
    brought = race(migrated_url, *[(name_theme, names)] * 4)
    with storage.look() as unit:
        assert sorted(theme.name for theme in unit.ideas.themes(ACME, HUNT)) == names
    assert all(ids == brought[0] for ids in brought)
    storage.close()


def test_one_letter_of_a_topic_waits_whoever_writes(migrated_url: str) -> None:
    brought = race(migrated_url, *((announce, [f"{n}:{m}" for m in range(20)]) for n in range(4)))
    assert sum(brought) == 1
