"""Two people launch in one room at the same instant: one hunt opens, the other is told."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from bot.domain.errors import HuntOpenHere
from bot.usecases.requests import LaunchRequest
from tests.usecases.town import ROOM, TENANT, Town


def test_one_of_two_simultaneous_launches_opens(town: Town) -> None:
    gate = Barrier(4)

    def launch(name: str) -> str:
        gate.wait()
        try:
            town.core.hunts.launch(town.asker(name), LaunchRequest(ROOM, f"What does {name} ask?"), name, now=town.now)
        except HuntOpenHere:
            return "refused"
        return "opened"

    with ThreadPoolExecutor(4) as pool:
        outcomes = sorted(pool.map(launch, ("ines", "paul", "karima", "didier")))
    assert outcomes == ["opened", "refused", "refused", "refused"]
    with town.storage.look() as unit:
        assert len(unit.hunts.open(TENANT)) == 1
