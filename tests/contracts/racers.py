"""What processes do when they race; each opens the storage itself, then waits for the others at a barrier."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any

from bot.domain.errors import VoteRefused
from bot.domain.ideas import Origin
from bot.domain.names import IdeaNumber, PersonId
from storage.sql import SqlStorage
from tests.contracts.samples import ACME, HUNT, NOW, a_round, idea, letter

_SPAWN = multiprocessing.get_context("spawn")
PATIENCE = 90
"""Seconds until every process has started: a busy machine may be slow."""


def race(url: str, *runs: tuple[Callable[..., Any], Any]) -> list[Any]:
    """Starts one process a run, lets them go together, and returns what each brings back."""
    barrier, results = _SPAWN.Barrier(len(runs)), _SPAWN.Queue()
    racers = [_SPAWN.Process(target=_race, args=(url, barrier, results, place, *run)) for place, run in enumerate(runs)]
    for racer in racers:
        racer.start()
    brought = dict(results.get(timeout=2 * PATIENCE) for _ in racers)
    for racer in racers:
        racer.join(timeout=PATIENCE)
    return [brought[place] for place in range(len(runs))]


def _race(url: str, barrier: Any, results: Any, place: int, run: Callable[..., Any], wanted: Any) -> None:
    storage = SqlStorage(url, threads=2, alone=False)
    with storage.look() as unit:
        unit.people.tenants()
    barrier.wait(timeout=PATIENCE)
    try:
        brought = run(storage, wanted)
    except BaseException as error:
        results.put((place, repr(error)))
        raise
    results.put((place, brought))
    storage.close()


def click(storage: SqlStorage, wishes: Sequence[tuple[str, int, int]]) -> int:
    """Clicks of one device: (person, option, dots); tells how many were refused."""
    refused = 0
    for person, option, dots in wishes:
        refused += storage.submit(lambda p=person, o=option, d=dots: _click(storage, p, o, d)).result()
    return refused


def _click(storage: SqlStorage, person: str, option: int, dots: int) -> int:
    round = a_round()
    action = f"{person}:{option}:{dots}:{id(storage)}:{multiprocessing.current_process().pid}"
    try:
        with storage.begin() as unit:
            unit.rounds.wish(round, PersonId(person), IdeaNumber(option), dots, action, NOW)
    except VoteRefused:
        return 1
    return 0


def vote_for_all(storage: SqlStorage, people: Sequence[str]) -> list[str]:
    """One dot of each person; tells whose were taken."""
    return [person for person in people if not _click(storage, person, 1, 1)]


def close(storage: SqlStorage, _: Any) -> Any:
    """Closes the round; brings back the tally, or nothing when another closed it."""
    with storage.begin() as unit:
        return unit.rounds.close(a_round(), NOW)


def claim_all(storage: SqlStorage, most: int) -> list[str]:
    """Claims until nothing is due, a second later each time; brings back the keys."""
    found: list[str] = []
    for second in range(most):
        with storage.begin() as unit:
            taken = unit.letters.claim(NOW + timedelta(seconds=second), 5, 3_600)
        found += [one.letter.key for one in taken]
    return found


def post(storage: SqlStorage, wanted: tuple[str, int]) -> list[int]:
    """Posts ideas of one author; brings back their numbers."""
    author, many = wanted

    def one() -> int:
        with storage.begin() as unit:
            unit.hunts.pinned(ACME, HUNT)
            return unit.ideas.add(idea(author=PersonId(author))).number

    return [storage.submit(one).result() for _ in range(many)]


def name_theme(storage: SqlStorage, names: Sequence[str]) -> list[int]:
    """Adds themes by name; brings back their ids."""
    found = []
    for name in names:
        with storage.begin() as unit:
            found.append(int(unit.ideas.add_theme(ACME, HUNT, name, Origin.PERSON).id))
    return found


def announce(storage: SqlStorage, keys: Sequence[str]) -> int:
    """Writes letters of one topic; tells how many were new."""
    written = 0
    for key in keys:
        with storage.begin() as unit:
            written += unit.letters.announce(letter(key, topic="board"))
    return written
