"""The whole product in one afternoon: the real bot, the strict stand-in for Slack, twenty-one people and a clock."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from dataclasses import dataclass
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


@dataclass(frozen=True)
class Lived:
    """A day that was played, with the database it left."""

    day: Day
    outcome: Outcome
    database: Path

    def rows(self, asked: str) -> list[tuple[object, ...]]:
        with closing(sqlite3.connect(self.database)) as kept:
            return kept.execute(asked).fetchall()


@pytest.fixture(scope="module", params=["fr", "en"])
def lived(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Lived:
    folder, day = tmp_path_factory.mktemp("day"), bois_des_forts(request.param)
    return Lived(day, asyncio.run(played(day, folder)), folder / "ideahunt.db")


pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def test_the_day_gives_every_figure_it_must_give(lived: Lived) -> None:
    assert lived.outcome.differences == []
    assert lived.outcome.compared > 40


def test_the_day_leaves_its_files_and_a_story_one_can_read(lived: Lived) -> None:
    assert set(lived.outcome.files) == {"board.html", "ideas.csv", "report.json", "report.md"}
    assert 80 <= len(lived.outcome.transcript.splitlines()) <= 180


def test_nothing_in_the_database_leads_from_an_idea_without_a_name_to_its_author(lived: Lived) -> None:
    kept = lived.rows("select text, author, saved_by, source_room, source_message from idea")
    nameless = {line.text for line in lived.day.lines if line.nameless}
    assert {row for row in kept if row[0] in nameless} == {(text, None, None, None, None) for text in nameless}
    numbers = "select number from idea where author is null"
    assert lived.rows(f"select * from message_trace where number in ({numbers})") == []


def test_nothing_in_the_database_leads_from_a_dot_to_a_voter_once_the_vote_is_closed(lived: Lived) -> None:
    people = {str(person) for (person,) in lived.rows("select id from person")}
    dots = repr([lived.rows(f"select * from {table}") for table in ("ballot", "dot", "vote_ledger")])
    assert [person for person in people if person in dots] == []
    assert lived.rows("select * from round_key") == []


def test_a_day_over_ideas_that_nobody_here_wrote_counts_what_was_clicked(tmp_path: Path) -> None:
    outcome = asyncio.run(played(day_of_ideas(IDEAS, "voisins.txt", "fr"), tmp_path))
    assert outcome.differences == []
    assert "=SOMME" in outcome.files["ideas.csv"]
    assert "refusées par le bot\u00a0: 1" in outcome.transcript
