"""A strict Slack on the loopback: Web API, Socket Mode, signed HTTP, and people with hands.

    async with SlackStandin(manifest) as slack:
        alice = slack.person("alice", locale="fr-FR", tz="Europe/Paris")
        room = slack.channel("transfo", members=[alice], bot_member=True)
        ...                                    # start the app on slack.api_url, with slack's two tokens
        await slack.connected()
        await alice.post(room, "An idea")      # returns once the app acknowledged the event
        reply = await alice.command("/do", "vote", channel=room)
        await alice.click(reply.view, "Next")
        await slack.settle()
        print(room.visible_text())

Leaving the block raises `StandinViolation` when the app did anything wrong that nobody forgave.
"""

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
