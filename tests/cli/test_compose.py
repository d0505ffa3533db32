"""What is put together fits together: the bot that runs meets a failing database as its parts were tested to."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.cli.compose import door_of
from bot.domain.errors import NoHuntHere
from handlers.door import Shut
from storage.problems import DatabaseBusy, DiskFull, StorageProblem, Unreachable
from storage.sql import SqlStorage


@pytest.fixture
def storage(tmp_path: Path) -> Iterator[SqlStorage]:
    storage = SqlStorage(f"sqlite:///{tmp_path / 'hunts.db'}")
    yield storage
    storage.close()


@pytest.mark.parametrize("problem", [DiskFull(), DatabaseBusy(), Unreachable("08006")])
def test_what_the_database_cannot_do_shuts_the_door_of_the_running_bot(
    storage: SqlStorage, problem: StorageProblem
) -> None:
    def fail() -> None:
        raise problem

    door = door_of(storage)
    for ask in (door.do, door.look, door.patient(20).do):
        with pytest.raises(Shut, match=type(problem).__name__):
            asyncio.run(ask(fail))


def test_a_refusal_passes_the_door_of_the_running_bot(storage: SqlStorage) -> None:
    def refuse() -> None:
        raise NoHuntHere

    with pytest.raises(NoHuntHere):
        asyncio.run(door_of(storage).do(refuse))
