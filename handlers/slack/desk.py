"""Slack's desk: what every listener works with, and what only Slack has."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from handlers.desk.desk import Desk
from handlers.slack.answers import Answers
from handlers.slack.payloads import Home
from handlers.slack.people import People
from handlers.slack.platform import SlackPlatform


@dataclass(frozen=True, slots=True, kw_only=True)
class SlackDesk(Desk):
    """Our workspace, and Slack's own ways to answer in it."""

    home: Home
    people: People
    answers: Answers
    platform: SlackPlatform
    catch_up: Callable[[], Awaitable[object]]
    """Reads what was said while nobody listened."""
    alone: Callable[[], bool]
    """Whether no other platform is served here."""
