"""What the core asks of the world: a place to keep things (Storage) and a Themer."""

from __future__ import annotations

from bot.ports.hunts import HuntStore
from bot.ports.ideas import IdeaStore
from bot.ports.letters import Calendar, LetterStore
from bot.ports.links import LinkStore
from bot.ports.people import PeopleStore
from bot.ports.records import Judged, Schedule, Step, Trace, Week
from bot.ports.rounds import RoundStore
from bot.ports.storage import Storage, Unit
from bot.ports.themer import Themer, Unanswered

__all__ = [
    "Calendar",
    "HuntStore",
    "IdeaStore",
    "Judged",
    "LetterStore",
    "LinkStore",
    "PeopleStore",
    "RoundStore",
    "Schedule",
    "Step",
    "Storage",
    "Themer",
    "Trace",
    "Unanswered",
    "Unit",
    "Week",
]
