"""Deeds of a process that dies at a failpoint: `python -m tests.storage.deeds URL DEED`."""

from __future__ import annotations

import sys

from storage.sql import SqlStorage
from tests.contracts.samples import NOW, a_round, idea, later


def post(storage: SqlStorage) -> None:
    """Posts ideas, and says each number once it is told."""

    def one() -> int:
        with storage.begin() as unit:
            return unit.ideas.add(idea()).number

    say(storage.submit(one).result())
    for future in [storage.submit(one) for _ in range(20)]:
        say(future.result())


def close(storage: SqlStorage) -> None:
    with storage.begin() as unit:
        unit.rounds.close(a_round(), NOW)


def send(storage: SqlStorage) -> None:
    """Claims, says what it sends, settles."""
    with storage.begin() as unit:
        taken = unit.letters.claim(later(days=1), 10, 60)
    for one in taken:
        say(one.letter.key)
        with storage.begin() as unit:
            unit.letters.settle(one, None)


def say(what: object) -> None:
    sys.stdout.write(f"{what}\n")
    sys.stdout.flush()


DEEDS = {"post": post, "close": close, "send": send}

if __name__ == "__main__":
    opened = SqlStorage(sys.argv[1])
    DEEDS[sys.argv[2]](opened)
    opened.close()
