"""A process that dies at any failpoint loses nothing it told, and the next one goes on."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
from sqlalchemy import text

from bot.domain.names import IdeaNumber
from bot.domain.tally import Tally
from bot.failpoint import DIED, NAMES, SETTING
from storage.rows import METADATA
from storage.sql import SqlStorage
from tests.contracts.samples import ACME, HUNT, NOW, a_round, later, letter, opened, wish

DEEDS = {
    "batch.before_commit": "post",
    "batch.after_commit": "post",
    "round.close.counted": "close",
    "round.close.keyless": "close",
    "round.close.sealed": "close",
    "letters.claimed": "send",
    "letters.settled": "send",
}

OF_RANDOM_NAMES = {"ballots", "ledger", "left"}
"""Digests of rows whose names are drawn at random, and the digest of these digests."""


def test_every_failpoint_of_the_storage_is_tried() -> None:
    assert set(DEEDS) == {name for name in NAMES if name.partition(".")[0] in {"batch", "round", "letters"}}


@pytest.mark.parametrize("name", sorted(DEEDS))
def test_nothing_told_is_lost(migrated_url: str, name: str) -> None:
    prepare(migrated_url)
    told = die(migrated_url, f"{name}:2" if name.startswith("batch") else name)
    storage = SqlStorage(migrated_url)
    with storage.begin() as unit:
        kept = {text.number for text in unit.ideas.texts(ACME, HUNT)}
        assert {int(number) for number in told if number.isdigit()} <= kept
        assert unit.hunts.get(ACME, HUNT).ideas == len(kept)
        assert unit.rounds.check(a_round()) == ()
        tally = unit.rounds.close(a_round(), later(minutes=1))
        assert tally is not None
        assert tally.dots_placed == 3
        assert unit.rounds.tally(a_round()) == tally
        again = unit.letters.claim(later(days=2), 10, 60)
        assert {one.letter.key for one in again} == {"k1", "k2"}
        sent_maybe = {one.letter.key for one in again if one.maybe_sent}
        assert {key for key in told if key.startswith("k")} <= sent_maybe
    storage.close()


def prepare(url: str, voters: int = 2) -> None:
    storage = SqlStorage(url)
    with storage.begin() as unit:
        kept = opened(unit)
        wish(unit, kept, "U1", 1, 2)
        wish(unit, kept, "U2", 2, 1)
        for n in range(3, voters + 1):
            wish(unit, kept, f"U{n}", 1, 2)
        for n in (1, 2):
            unit.letters.announce(letter(f"k{n}", room=f"C{n}"))
    storage.close()


def die(url: str, failpoint: str, deed: str = "") -> list[str]:
    """Runs the failpoint's deed in a process that dies there; returns what it told before."""
    deed = deed or DEEDS[failpoint.partition(":")[0]]
    run = subprocess.run(
        [sys.executable, "-m", "tests.storage.deeds", url, deed],
        env={**os.environ, SETTING: failpoint},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert run.returncode == DIED, run.stderr
    return run.stdout.split()


def closed(url: str) -> tuple[Tally, str]:
    """Closes the round; its tally, and the digests it was sealed with but for those of random names."""
    storage = SqlStorage(url)
    with storage.begin() as unit:
        assert unit.rounds.get(ACME, HUNT, a_round().number).open
        tally = unit.rounds.close(a_round(), NOW)
        assert tally is not None
        record = unit.rounds.connection.execute(text("SELECT record FROM round")).scalar_one()
        assert unit.rounds.check(a_round()) == ()
        papers = unit.rounds.papers(a_round())
    storage.close()
    kept = {name: digest for name, digest in json.loads(record).items() if name not in OF_RANDOM_NAMES}
    return tally, json.dumps([kept, sorted(map(repr, papers))])


@pytest.mark.parametrize("voters", [2, 6])
def test_a_round_that_dies_at_every_step_of_its_close_ends_as_if_it_had_not(voters: int, migrated_url: str) -> None:
    prepare(migrated_url, voters)
    before = vote_rows(migrated_url)
    for name in sorted(name for name, deed in DEEDS.items() if deed == "close"):
        die(migrated_url, name)
        assert vote_rows(migrated_url) == before
    die(migrated_url, "batch.before_commit" if "postgres" in migrated_url else "round.close.sealed", "close")
    tally, sealed = closed(migrated_url)
    assert tally.winners == (IdeaNumber(1),)
    assert (tally.voters, tally.dots_placed) == (voters, 3 + 2 * (voters - 2))
    assert sealed == undisturbed(migrated_url, voters)


def undisturbed(url: str, voters: int) -> str:
    """What the same round is sealed with where nobody dies."""
    storage = SqlStorage(url)
    with storage.begin() as unit:
        unit.rounds.connection.execute(text("DELETE FROM hunt"))
        unit.rounds.connection.execute(text("DELETE FROM letter"))
    storage.close()
    prepare(url, voters)
    return closed(url)[1]


def vote_rows(url: str) -> list[str]:
    storage = SqlStorage(url)
    names = ("round", "round_count", "round_elector", "round_key", "ballot", "dot", "vote_ledger")
    with storage.look() as unit:
        run = unit.rounds.connection.execute
        found = sorted(repr(tuple(row)) for name in names for row in run(METADATA.tables[name].select()))
    storage.close()
    return found
