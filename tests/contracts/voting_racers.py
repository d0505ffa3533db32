"""What processes do when they race over one vote: move dots, watch, cast, strike, take back, change rules, close."""

from __future__ import annotations

import multiprocessing
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import text

from bot.domain.ballot import Round
from bot.domain.errors import AlreadyVoted, BadForm, Refusal, VoteRefused, WrongPhase
from bot.domain.names import IdeaNumber, PersonId
from bot.domain.people import Asker
from bot.ports import Unit
from bot.theming import LexicalThemer
from bot.usecases import build_core
from bot.usecases.requests import VoteRequest
from storage.sql import SqlStorage
from tests.contracts.samples import ACME, ANNA, HUNT, NOW, a_round, later

ENDS = later(minutes=1)


def tried(storage: SqlStorage, deed: Callable[[Unit], Any]) -> Any:
    """Does it in a transaction of its own, as a running bot does, deadlocks tried again; a refusal is what it is."""

    def one() -> Any:
        with storage.begin() as unit:
            return deed(unit)

    try:
        return storage.submit(one).result()
    except (Refusal, VoteRefused) as refused:
        return type(refused)


def _wish(unit: Unit, person: str, option: int, dots: int, action: str, now: datetime = NOW) -> None:
    unit.rounds.wish(a_round(), PersonId(person), IdeaNumber(option), dots, action, now)


def _pinned(unit: Unit) -> Round:
    return unit.rounds.pinned(ACME, HUNT, a_round().number)


def move(storage: SqlStorage, wanted: tuple[str, int]) -> int:
    """Moves dots of one person from option to option, both halves in one transaction; tells how often it worked."""
    person, device = wanted
    moved = 0
    for n in range(12):
        here, there = (device + n) % 5 + 1, (device + 3 * n) % 5 + 1

        def one(unit: Unit, n: int = n, here: int = here, there: int = there) -> bool:
            _wish(unit, person, here, 0, f"{device}:{n}:off")
            _wish(unit, person, there, 1 + n % 2, f"{device}:{n}:on")
            return True

        moved += tried(storage, one) is True
    return moved


_MOST = "SELECT count(*) AS dots FROM dot GROUP BY voter UNION ALL SELECT 0 ORDER BY 1 DESC LIMIT 1"
_MOST_HERE = "SELECT count(*) AS dots FROM dot GROUP BY voter, option UNION ALL SELECT 0 ORDER BY 1 DESC LIMIT 1"
_ASKEW = (
    "SELECT (SELECT count(*) FROM dot) - (SELECT coalesce(sum(delta), 0) FROM vote_ledger),"
    " (SELECT count(DISTINCT voter) FROM dot) - (SELECT voters FROM round_count)"
)


def watch(storage: SqlStorage, looks: int) -> tuple[int, int, set[tuple[int, int]]]:
    """Looks at what is committed, again and again: most dots of a voter, most on one option, books that differ."""
    most = here = 0
    askew = set()
    for _ in range(looks):
        with storage.look() as unit:
            run = unit.people.connection.execute
            most = max(most, run(text(_MOST)).scalar_one())
            here = max(here, run(text(_MOST_HERE)).scalar_one())
            dots, voters = run(text(_ASKEW)).one()  # one statement: one moment on both databases
            askew.add((int(dots), int(voters)))
    return most, here, askew


def cast_for_all(storage: SqlStorage, people: Sequence[str]) -> list[str]:
    """Casts a whole ballot for each; tells whose counted."""
    device = multiprocessing.current_process().pid or 0
    placed = {IdeaNumber(device % 3 + 1): 2, IdeaNumber(4): 1}
    return [
        p for p in people if tried(storage, lambda u, p=p: u.rounds.cast(_pinned(u), PersonId(p), placed, NOW)) is None
    ]


def vote_at(storage: SqlStorage, crowd: Sequence[tuple[str, int]]) -> list[str]:
    """One dot each, so many milliseconds after the closing time; tells whose were taken."""
    taken = []
    for person, after in crowd:
        at = later(minutes=1, milliseconds=after)
        if tried(storage, lambda u, p=person, at=at: _wish(u, p, 1, 1, "instant", at)) is None:
            taken.append(person)
    return taken


def wish_for_all(storage: SqlStorage, people: Sequence[str]) -> list[str]:
    """Two dots of each; tells whose were taken."""
    return [p for p in people if tried(storage, lambda u, p=p: _wish(u, p, 1, 2, f"{p}:2")) is None]


def strike_all(storage: SqlStorage, people: Sequence[str]) -> list[str]:
    """A paper ballot for each, who is struck with it; tells who was."""
    paper = [{IdeaNumber(2): 1}]
    struck = []
    for person in people:
        batch = tried(storage, lambda u, p=person: u.rounds.enter(_pinned(u), paper, [PersonId(p)], NOW))
        if batch is not AlreadyVoted:
            assert isinstance(batch, int), batch
            struck.append(person)
    return struck


def take_back_all(storage: SqlStorage, batches: Sequence[int]) -> int:
    """Takes batches back; tells how many papers came out."""
    out = [tried(storage, lambda u, b=b: u.rounds.take_back(_pinned(u), b, NOW)) for b in batches]
    return sum(number for number in out if isinstance(number, int))


def close_by_hand(storage: SqlStorage, _: Any) -> bool:
    """Closes as a facilitator does; whether this was the one that did it."""
    core = build_core(storage, LexicalThemer())
    told = storage.submit(lambda: core.votes.close(Asker(ACME, ANNA), HUNT, ENDS)).result()
    return told.key == "close.vote_done"


def close_by_clock(storage: SqlStorage, _: Any) -> bool:
    """Ticks once; whether it closed."""
    core = build_core(storage, LexicalThemer())
    return storage.submit(lambda: core.clock.tick(ENDS)).result() == 1


def change_rules(storage: SqlStorage, budgets: Sequence[int]) -> list[int]:
    """Asks for other budgets, as a facilitator does; tells which were granted."""
    core = build_core(storage, LexicalThemer())
    granted = []
    for dots in budgets:
        wanted = VoteRequest(HUNT, dots=dots, cap=1 if dots == 1 else 2, places=1)
        try:
            storage.submit(lambda w=wanted: core.votes.change(Asker(ACME, ANNA), w, NOW)).result()
        except (BadForm, WrongPhase):
            continue
        granted.append(dots)
    return granted
