"""A process that dies at any failpoint loses nothing it told, and the next one goes on."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from bot.domain.names import IdeaNumber
from bot.failpoint import DIED, NAMES, SETTING
from storage.sql import SqlStorage
from tests.contracts.samples import ACME, HUNT, a_round, later, letter, opened, wish

DEEDS = {
    "batch.before_commit": "post",
    "batch.after_commit": "post",
    "round.close.counted": "close",
    "letters.claimed": "send",
    "letters.settled": "send",
}


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


def prepare(url: str) -> None:
    storage = SqlStorage(url)
    with storage.begin() as unit:
        kept = opened(unit)
        wish(unit, kept, "U1", 1, 2)
        wish(unit, kept, "U2", 2, 1)
        for n in (1, 2):
            unit.letters.announce(letter(f"k{n}", room=f"C{n}"))
    storage.close()


def die(url: str, failpoint: str) -> list[str]:
    """Runs the failpoint's deed in a process that dies there; returns what it told before."""
    deed = DEEDS[failpoint.partition(":")[0]]
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


def test_a_round_that_died_while_closing_gives_the_same_tally(migrated_url: str) -> None:
    prepare(migrated_url)
    die(migrated_url, "round.close.counted")
    storage = SqlStorage(migrated_url)
    with storage.begin() as unit:
        assert unit.rounds.get(ACME, HUNT, a_round().number).open
        tally = unit.rounds.close(a_round(), later(minutes=1))
        assert tally is not None
        assert tally.winners == (IdeaNumber(1),)
    storage.close()
