"""Everything the stand-in holds for one workspace, and the few gestures that all its parts share."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from standins.slack.app import App
from standins.slack.chaos import CallMade, Chaos
from standins.slack.delivery import Envelope, Postbox, Timing
from standins.slack.messages import Message
from standins.slack.modals import View, Views
from standins.slack.rates import Rates
from standins.slack.wire import Json, Refused, Violation, token
from standins.slack.workspace import Channel, Person, Workspace

# What counts as silence, in seconds without a call.
QUIET = 0.15


@dataclass(slots=True)
class Trigger:
    """The short-lived right to open a modal in front of somebody."""

    person: str
    here: str | None
    view: View | None
    born: float
    used: bool = False


@dataclass(slots=True)
class ResponseUrl:
    """The right to answer an interaction five times within half an hour."""

    person: str
    channel: Channel
    message: Message | None
    until: float
    uses: int = 5


@dataclass(slots=True, repr=False)
class Desk:
    """The state of one workspace while the stand-in is open."""

    workspace: Workspace
    app: App
    bot: Person
    timing: Timing
    rates: Rates
    chaos: Chaos = field(default_factory=Chaos)
    views: Views = field(default_factory=Views)
    violations: list[Violation] = field(default_factory=list)
    calls: list[CallMade] = field(default_factory=list)
    ephemerals: list[Message] = field(default_factory=list)
    triggers: dict[str, Trigger] = field(default_factory=dict)
    response_urls: dict[str, ResponseUrl] = field(default_factory=dict)
    files: dict[str, Json] = field(default_factory=dict)
    base_url: str = ""
    revoked: str = ""
    calls_open: int = 0
    last_sign: float = 0.0
    postbox: Postbox = field(init=False)

    def __post_init__(self) -> None:
        self.postbox = Postbox(self.timing, self.chaos, self.touch)

    def touch(self) -> None:
        """Note that something just happened."""
        self.last_sign = time.monotonic()

    def breach(self, kind: str, facts: str) -> None:
        """Note what the app did wrong."""
        self.violations.append(Violation(kind, facts))

    def tell(self, subscription: str, event: Json, scope: str | None = None) -> list[Envelope]:
        """Send an event, if the app subscribed to it and may see it; list the envelopes."""
        if not self.app.hears(subscription, scope):
            return []
        return [self.postbox.send("events_api", str(event["type"]), self.event_callback(event))]

    def event_callback(self, event: Json) -> Json:
        """Wrap an event as Slack does, with an identifier of its own."""
        team = self.workspace.team
        authorization = {
            "enterprise_id": None, "team_id": team, "user_id": self.bot.id, "is_bot": True,
            "is_enterprise_install": False,
        }  # fmt: skip
        return {
            "token": self.app.verification_token, "team_id": team, "context_team_id": team,
            "context_enterprise_id": None, "api_app_id": self.app.id, "event": event, "type": "event_callback",
            "event_id": token("Ev"), "event_time": int(self.workspace.now().timestamp()),
            "authorizations": [authorization], "is_ext_shared_channel": False, "event_context": token("4-"),
        }  # fmt: skip

    def trigger(self, person: str, here: str | None, view: View | None = None) -> str:
        """Give the right to open a modal, for three seconds and one use."""
        name = f"{len(self.triggers) + 1}.{token(size=12)}"
        self.triggers[name] = Trigger(person, here, view, time.monotonic())
        return name

    def redeem(self, name: object) -> Trigger:
        """Take a trigger, refused when unknown, too old or used."""
        trigger = self.triggers.get(str(name))
        if trigger is None:
            raise Refused("invalid_trigger_id", breach="invalid_arguments")
        if trigger.used:
            raise Refused("exchanged_trigger_id")
        if time.monotonic() - trigger.born > self.timing.trigger:
            raise Refused("expired_trigger_id")
        trigger.used = True
        return trigger

    def response_url(self, person: str, channel: Channel, message: Message | None = None) -> str:
        """Give an address where the app may answer this interaction."""
        name = token(size=12)
        until = self.workspace.now().timestamp() + self.timing.response_url
        self.response_urls[name] = ResponseUrl(person, channel, message, until)
        return f"{self.base_url}/response/{self.workspace.team}/{name}"

    async def until(self, condition: Callable[[], object], timeout: float) -> None:  # noqa: ASYNC109 - the tests' word
        """Wait until something is true; `TimeoutError` after so many seconds."""
        async with asyncio.timeout(timeout):
            while not condition():  # noqa: ASYNC110 - any condition, nobody signals it
                await asyncio.sleep(0.01)

    @property
    def quiet(self) -> bool:
        """Say whether nothing is in flight and nothing happened for a moment."""
        idle = not self.calls_open and not self.postbox.in_flight
        return idle and time.monotonic() - self.last_sign >= QUIET
