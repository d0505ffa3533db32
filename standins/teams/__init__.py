"""A strict stand-in for Microsoft Teams: one tenant on the loopback that signs, checks and refuses as Teams does."""

from __future__ import annotations

from standins.teams.eyes import Answer, Post, TaskShown
from standins.teams.hands import Hands
from standins.teams.rates import Pace
from standins.teams.server import TeamsStandin
from standins.teams.tenant import Chat, Kind, Person
from standins.teams.wire import StandinViolation, Violation

__all__ = [
    "Answer",
    "Chat",
    "Hands",
    "Kind",
    "Pace",
    "Person",
    "Post",
    "StandinViolation",
    "TaskShown",
    "TeamsStandin",
    "Violation",
]
