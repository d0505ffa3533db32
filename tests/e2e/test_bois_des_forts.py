"""The whole product in one afternoon: the real bot, the strict stand-in for Slack, twenty-one people and a clock."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.cli.compose import running
from bot.cli.settings import Settings
from handlers.slack.manifest import manifest
from standins.play import Day, Outcome, PlayClock, bois_des_forts, day_of_ideas, play
from standins.slack import Pace, SlackStandin

IDEAS = (
    "Mettre des bancs à l'ombre le long de l'allée.",
    "Planter des haies entre la route et l'école.",
    "Ouvrir la cour de l'école le samedi matin.",
    "Des bancs à l'ombre dans l'allée, près de l'école.",
    "👍👍",
    "Un composteur pour les immeubles de la rue haute.",
    "=SOMME(A1:A9) pour tous les voisins",
    "Repeindre le passage piéton avec les enfants de l'école.",
    "Prêter des outils entre voisins un samedi par mois.",
)


async def played(day: Day, folder: Path) -> Outcome:
    """A day, with a bot of its own."""
    clock = PlayClock(day.moments["launch"])
    async with SlackStandin(manifest(language=day.language), clock=clock.now, pace=Pace.OFF) as slack:
        settings = Settings(
            _env_file=None,
            slack_bot_token=SecretStr("xoxb-standin"),
            slack_app_token=SecretStr("xapp-standin"),
            slack_api_url=slack.api_url,
            data_dir=folder,
            language=day.language,
            time_zone=day.zone,
        )
        async with running(settings, clock.now, second=0, web=False, check=False) as bot:
            await slack.connected()
            return await play(slack, day, clock, bot.tick)


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_day_gives_every_figure_it_must_give(language: str, tmp_path: Path) -> None:
    outcome = asyncio.run(played(bois_des_forts(language), tmp_path))
    assert outcome.differences == []
    assert outcome.compared > 40
    assert set(outcome.files) == {"board.html", "ideas.csv", "report.json", "report.md"}
    assert 80 <= len(outcome.transcript.splitlines()) <= 180


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_a_day_over_ideas_that_nobody_here_wrote_counts_what_was_clicked(tmp_path: Path) -> None:
    outcome = asyncio.run(played(day_of_ideas(IDEAS, "voisins.txt", "fr"), tmp_path))
    assert outcome.differences == []
    assert "=SOMME" in outcome.files["ideas.csv"]
    assert "refusées par le bot\u00a0: 1" in outcome.transcript
