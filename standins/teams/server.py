"""The stand-in itself: one tenant listening on the loopback, and what a test may ask of it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Sequence
from contextlib import suppress
from types import TracebackType
from typing import Self, TypeVar

import uvicorn
from starlette.applications import Starlette

from standins.teams.clock import Clock, machine_clock
from standins.teams.connector import Connector
from standins.teams.delivery import Delivery
from standins.teams.desk import Desk
from standins.teams.hands import Hands
from standins.teams.keys import Keys
from standins.teams.rates import Pace, Rates
from standins.teams.tenant import Chat, Tenant
from standins.teams.wire import Refused, StandinViolation, Violation

T = TypeVar("T")
APP_ID = "00000000-0000-4000-8000-00000000beef"
TENANT_ID = "00000000-0000-4000-8000-000000007e2a"


class TeamsStandin:
    """A strict Teams for one tenant and one bot; open it with `async with`, then `connect` the bot."""

    def __init__(
        self,
        *,
        clock: Clock = machine_clock,
        secret: str = "standin-secret",  # noqa: S107 - opens nothing
        pace: Pace = Pace.STRICT,
        name: str = "ideahunt",
    ) -> None:
        tenant = Tenant(clock, TENANT_ID, APP_ID, name)
        self.desk = Desk(tenant, Keys(), secret, Rates(pace))
        self._delivery = Delivery(self.desk)
        self._server: uvicorn.Server | None = None
        self._serving: asyncio.Task[None] | None = None
        self._forgiven: set[str] = set()

    @property
    def app_id(self) -> str:
        """The bot's own id."""
        return self.desk.tenant.app_id

    @property
    def tenant_id(self) -> str:
        """The tenant's id."""
        return self.desk.tenant.id

    @property
    def url(self) -> str:
        """Where the connector, its keys and its tokens are."""
        return self.desk.base_url

    async def __aenter__(self) -> Self:
        listener = socket.create_server(("127.0.0.1", 0))
        host, port = listener.getsockname()[:2]
        self.desk.base_url = f"http://{host}:{port}/"
        self.desk.bot_token = self.desk.keys.token("https://api.botframework.com", self.desk.base_url)
        app = Starlette(routes=Connector(self.desk).routes())
        config = uvicorn.Config(app, lifespan="off", log_config=None, access_log=False, ws="none")
        self._server = _Server(config)
        self._serving = asyncio.create_task(self._server.serve([listener]))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._delivery.close()
        if self._server is not None and self._serving is not None:
            self._server.should_exit = True
            await self._serving
        if kind is None and self.violations:
            raise StandinViolation(self.violations)

    # --- the town

    def connect(self, endpoint: str) -> None:
        """Where the bot listens."""
        self.desk.endpoint = endpoint

    def person(self, name: str, *, locale: str = "en-US", zone: str = "UTC", guest: bool = False) -> Hands:
        """Somebody new, to act as."""
        return Hands(self.desk, self._delivery, self.desk.tenant.person(name, locale, zone, guest=guest))

    def channel(self, name: str, people: Sequence[Hands], *, consented: bool = False, installed: bool = True) -> Chat:
        """A channel with these people in it."""
        members = [one.person for one in people]
        return self.desk.tenant.channel(name, members, consented=consented, installed=installed)

    def group(self, name: str, people: Sequence[Hands]) -> Chat:
        """A group chat with these people in it."""
        return self.desk.tenant.group(name, [one.person for one in people])

    async def install(self, chat: Chat, by: Hands) -> None:
        """Adds the bot to a conversation: it is told twice, as Teams does."""
        await self._delivery.installed(chat, by.person, added=True)

    async def remove(self, chat: Chat, by: Hands) -> None:
        """Removes the bot from a conversation."""
        await self._delivery.installed(chat, by.person, added=False)

    async def raw(self, activity: dict[str, object], token: str | None = None) -> int:
        """Sends the bot anything at all, signed, or with this token; the status it answers."""
        return (await self._delivery.send(dict(activity), token=token)).status

    # --- the weather

    def storm(self, status: int, code: str, *, times: int = 1, wait: float = 0.0) -> None:
        """The next calls of the bot are answered so."""
        self.desk.storms += [Refused(status, code, wait=wait) for _ in range(times)]

    @property
    def violations(self) -> list[Violation]:
        """What the bot did wrong and nobody forgave."""
        return [one for one in self.desk.violations if one.code not in self._forgiven]

    def forgive(self, *codes: str) -> None:
        """These violations are the point of the story."""
        self._forgiven |= set(codes)

    async def until(self, wanted: Callable[[], T], within: float = 10.0) -> T:
        """What `wanted` gives once it gives something. Raises TimeoutError."""
        async with asyncio.timeout(within):
            while not (found := wanted()):
                self.desk.changed.clear()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self.desk.changed.wait(), 0.1)
        return found


class _Server(uvicorn.Server):
    """Uvicorn, leaving signals to whoever runs the story."""

    def install_signal_handlers(self) -> None:
        """None of ours."""
