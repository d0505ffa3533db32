"""The options of open rounds are read once, and what was never committed, or is closed, is not kept."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.ballot import Option
from bot.domain.names import IdeaNumber, RoundNumber
from storage.shelf import MOST_ROUNDS, Shelf
from tests.contracts.samples import NOW, a_round

HIDE = (Option(IdeaNumber(1), "Build a hide to watch birds."),)
LOOP = (Option(IdeaNumber(2), "Mark a loop for bikes."),)


class Rows:
    """A table that counts how often it is read."""

    def __init__(self, options: tuple[Option, ...] = HIDE) -> None:
        self.options = options
        self.read = 0

    def __call__(self) -> tuple[Option, ...]:
        """What is in it."""
        self.read += 1
        return self.options


def test_the_options_of_an_open_round_are_read_once() -> None:
    shelf, rows = Shelf(), Rows()
    assert [shelf.options(a_round(voters=voters), rows) for voters in range(3)] == [HIDE] * 3
    assert rows.read == 1


def test_an_opening_that_was_rolled_back_leaves_nothing_for_the_next_one() -> None:
    shelf = Shelf()
    assert shelf.options(a_round(seed="never committed"), Rows(HIDE)) == HIDE
    assert shelf.options(a_round(seed="committed"), Rows(LOOP)) == LOOP


def test_the_options_of_a_closed_round_are_read_each_time() -> None:
    shelf, rows = Shelf(), Rows()
    shelf.options(a_round(), rows)
    closed = a_round(closed_at=NOW)
    assert [shelf.options(closed, rows) for _ in range(2)] == [HIDE] * 2
    assert rows.read == 3


def test_only_the_rounds_asked_for_last_are_held() -> None:
    shelf, rows = Shelf(), Rows()
    for number in range(1, MOST_ROUNDS + 2):
        shelf.options(replace(a_round(), number=RoundNumber(number)), rows)
    shelf.options(replace(a_round(), number=RoundNumber(MOST_ROUNDS + 1)), rows)
    assert rows.read == MOST_ROUNDS + 1
    shelf.options(a_round(), rows)
    assert rows.read == MOST_ROUNDS + 2
