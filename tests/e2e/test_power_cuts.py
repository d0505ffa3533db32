"""Power cuts at any moment, and deaths at the steps of what happens while nobody looks: clock, history, files."""

from __future__ import annotations

import asyncio
import signal
from pathlib import Path
from random import Random

import pytest

from tests.e2e.tale import CURTAINS, LUNCH, RUBBER, hunt
from tests.e2e.village import Village, village

SEED = 7
AT_NIGHT = {"catchup.before_cursor", "clock.advanced", "digest.moved", "courier.before_file"}
"""The failpoints that are tried here."""


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_a_whole_hunt_survives_a_power_cut_at_any_moment(migrated_url: str, tmp_path: Path) -> None:
    async def story() -> None:
        async with village(tmp_path, migrated_url) as here:
            cutting = asyncio.create_task(cut(here, Random(f"{SEED}{migrated_url[:6]}")))
            await hunt(here)
            cutting.cancel()

    asyncio.run(story())


async def cut(here: Village, chance: Random) -> None:
    """The power goes every now and then, whatever the bot is doing."""
    for _ in range(4):
        await asyncio.sleep(chance.uniform(0.05, 1.5))
        await here.awake.wait()
        if not here.resting:
            here.bot.signal(signal.SIGKILL)


@pytest.mark.slow
def test_history_that_died_half_read_is_read_once(migrated_url: str, tmp_path: Path) -> None:
    async def story() -> None:
        async with village(tmp_path, migrated_url) as here:
            await here.launch()
            kept = await here.reply(here.karim, "Rubber fet")
            gone = await here.reply(here.jonas, "Never mind")
            await here.rest()
            for text in (CURTAINS, LUNCH):
                await here.salome.post(here.room, text, thread_ts=here.board, wait=False)
            await here.karim.edit(kept, RUBBER, wait=False)
            await here.jonas.delete(gone, wait=False)
            unheard(here)
            await here.rise("catchup.before_cursor")
            await here.until(lambda: len(here.records.ideas()) == 3)
            await here.calm()
            await here.rest()
            assert here.died == ["catchup.before_cursor"]
            assert here.records.ideas() == [RUBBER, CURTAINS, LUNCH]

    asyncio.run(story())


def unheard(here: Village) -> None:
    """Slack gives up what it could not bring: only history knows of it."""
    for envelope in here.slack.desk.postbox.in_flight:
        envelope.give_up()
    here.slack.envelopes[:] = [envelope for envelope in here.slack.envelopes if not envelope.given_up]


@pytest.mark.slow
def test_the_clock_that_died_between_its_steps_does_each_once(migrated_url: str, tmp_path: Path) -> None:
    async def story() -> None:
        async with village(tmp_path, migrated_url) as here:
            await here.launch()
            await here.reply(here.karim, CURTAINS)
            await here.reply(here.salome, LUNCH)
            await here.calm()
            await here.rest()
            here.records.the_deadline_passes()
            await here.rise("clock.advanced")
            await here.until(lambda: here.tables)
            await here.calm()
            await here.rest()
            here.records.monday_comes()  # beside the deadline, both deeds would be under way at once
            await here.rise("digest.moved")
            await here.until(lambda: len(here.said) == 2)
            await here.calm()
            await here.rest()
            assert here.died == ["clock.advanced", "digest.moved"]
            assert (len(here.tables), len(here.said)) == (1, 2)
            assert here.records.rows("SELECT phase FROM hunt")[0].phase == "revealed"
            assert len(here.records.rows("SELECT id FROM letter WHERE kind = 'digest'")) == 1

    asyncio.run(story())


@pytest.mark.slow
def test_a_file_whose_carrier_died_after_its_words_arrives(migrated_url: str, tmp_path: Path) -> None:
    async def story() -> None:
        async with village(tmp_path, migrated_url, ["courier.before_file"]) as here:
            await here.launch()
            await here.reply(here.karim, CURTAINS)
            await here.reveal()
            await here.export()
            await here.calm()
            await here.rest()
            assert here.died == ["courier.before_file"]
            assert len(here.files) == 1

    asyncio.run(story())
