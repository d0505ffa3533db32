"""The bot dies at every named step between arrival and delivery, and comes back: nothing is lost, nothing doubled."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.failpoint import NAMES
from tests.e2e.tale import hunt
from tests.e2e.test_power_cuts import AT_NIGHT
from tests.e2e.village import village

WITHIN_A_CLOSE = {"round.close.keyless", "round.close.sealed"}
"""Steps of the one transaction that closes a round: tests/storage/test_dying.py dies at each."""
CHAINS = {
    "the arrival": (
        "desk.before_ask:2",
        "desk.after_answer:2",
        "inbox.before_ack:3",
        "line.after_ack:2",
        "desk.before_ask:4",
        "inbox.before_ack:5",
    ),
    "the writing": ("batch.before_commit:6", "batch.after_commit:6", "batch.before_commit:12", "round.close.counted"),
    "the ballots": (
        "desk.after_answer:11",
        "inbox.before_ack:6",
        "line.after_ack:3",
        "desk.before_ask",
        "batch.after_commit",
    ),
    "the delivery": (
        "courier.entered",
        "courier.after_claim",
        "courier.after_http",
        "courier.after_settle",
        "letters.claimed:2",
        "letters.settled:2",
        "courier.after_http:4",
    ),
}


def test_every_named_step_is_tried() -> None:
    assert {step.partition(":")[0] for chain in CHAINS.values() for step in chain} | AT_NIGHT | WITHIN_A_CLOSE == NAMES


@pytest.mark.slow
@pytest.mark.timeout(180)
@pytest.mark.parametrize("chain", CHAINS)
def test_a_whole_hunt_survives_a_death_at(chain: str, migrated_url: str, tmp_path: Path) -> None:
    async def story() -> None:
        async with village(tmp_path, migrated_url, CHAINS[chain]) as here:
            await hunt(here)
            assert here.died == list(CHAINS[chain])

    asyncio.run(story())
