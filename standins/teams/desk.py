"""What every part of the stand-in works with: the tenant, the keys, the weather, and what the bot did wrong."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from standins.teams.keys import Keys
from standins.teams.rates import Rates
from standins.teams.tenant import Tenant
from standins.teams.wire import Json, Refused, Violation


@dataclass
class Desk:
    """One installation."""

    tenant: Tenant
    keys: Keys
    secret: str
    rates: Rates
    granted: set[str] = field(default_factory=set)
    """The tokens of the bot that are good."""
    base_url: str = ""
    endpoint: str = ""
    """Where the bot listens."""
    violations: list[Violation] = field(default_factory=list)
    key_calls: int = 0
    token_calls: int = 0
    """Tokens given."""
    refused_tokens: int = 0
    connector_calls: int = 0
    """Calls of the connector, whatever became of them."""
    storms: list[Refused] = field(default_factory=list)
    """What the next calls are answered, whatever they ask."""
    lost_answers: int = 0
    refusing_tokens: Json | None = None
    """What whoever asks for a token is answered, whatever the secret."""
    revoked: bool = False
    """No token of the bot is good, a new one neither."""
    held: int = 0
    """Messages that are there and wait to be answered."""
    open: asyncio.Event = field(default_factory=asyncio.Event)
    """While it is not set, what the bot sent is not answered."""
    no_targeting: bool = False
    no_reactions: bool = False
    no_files: bool = False
    """The app was uploaded without `supportsFiles`."""
    uploads: dict[str, bytes] = field(default_factory=dict)
    """What was brought to people's OneDrive, by the address it was brought to."""
    blocked: set[str] = field(default_factory=set)
    """People who blocked the bot."""
    sent: list[Json] = field(default_factory=list)
    """Every activity the bot was sent."""
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def breach(self, code: str, detail: str) -> None:
        """Notes what the real Teams would not have borne."""
        self.violations.append(Violation(code, detail))

    async def hold(self) -> None:
        """Returns when answers are given."""
        if not self.open.is_set():
            self.held += 1
            self.changed.set()
            await self.open.wait()

    def weather(self) -> None:
        """Raises the next storm, where one waits."""
        if self.storms:
            raise self.storms.pop(0)
