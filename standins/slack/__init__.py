"""A strict Slack on the loopback: Web API, Socket Mode, signed HTTP, and people with hands."""

from __future__ import annotations

from standins.slack.delivery import Envelope, Timing
from standins.slack.eyes import Reply, Submission
from standins.slack.hands import Hands
from standins.slack.messages import Message
from standins.slack.modals import View
from standins.slack.rates import Pace
from standins.slack.server import SlackStandin
from standins.slack.wire import NotAcknowledged, NothingThere, StandinViolation, Violation
from standins.slack.workspace import Channel

__all__ = [
    "Channel",
    "Envelope",
    "Hands",
    "Message",
    "NotAcknowledged",
    "NothingThere",
    "Pace",
    "Reply",
    "SlackStandin",
    "StandinViolation",
    "Submission",
    "Timing",
    "View",
    "Violation",
]
