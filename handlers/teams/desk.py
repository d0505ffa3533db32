"""Teams' desk: what every listener works with, and what only Teams has."""

from __future__ import annotations

from dataclasses import dataclass

from handlers.desk.desk import Desk
from handlers.teams.answers import Answers
from handlers.teams.payloads import Home
from handlers.teams.people import People
from handlers.teams.platform import TeamsPlatform


@dataclass(frozen=True, slots=True, kw_only=True)
class TeamsDesk(Desk):
    """Our bot, and Teams' own ways to answer with it."""

    home: Home
    people: People
    answers: Answers
    platform: TeamsPlatform
