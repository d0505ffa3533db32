"""Teams as a whole: built from its keys, started, stopped within seconds with nothing acknowledged lost."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.domain.names import TenantId
from bot.usecases import Core
from handlers.clock import utc_now
from handlers.door import Door
from handlers.health import Figures
from handlers.office import STOP_WITHIN, NotFirst, Office
from handlers.platform import Ambiguous
from handlers.teams.answers import Answers
from handlers.teams.connector import Connector
from handlers.teams.desk import TeamsDesk
from handlers.teams.inbox import Inbox
from handlers.teams.pace import Pace
from handlers.teams.payloads import Home, owns, tenant_of
from handlers.teams.people import People
from handlers.teams.platform import TeamsPlatform
from handlers.teams.rosters import Rosters
from handlers.teams.sdk import SERVICE_URL, Sdk
from handlers.teams.seal import Seal
from handlers.web import Refused, Web, read_json

log = logging.getLogger(__name__)

ENDPOINT = "/api/messages"
GREETING_PAUSE, LONGEST_GREETING_PAUSE = 2.0, 30.0
CONNECT_WITHIN = 15.0
SERVICE_HOSTS = frozenset({"smba.trafficmanager.net", "smba.infra.gcc.teams.microsoft.com"})
"""Where Teams' connector is: the public cloud, and its part for governments. Nothing is written to anywhere else."""
UNAVAILABLE = 503


@dataclass(frozen=True, slots=True)
class TeamsAccess:
    """The bot's registration, and whom it serves. `standin`: the address of a stand-in, for tests and the demo."""

    app_id: str
    app_secret: SecretStr
    tenant_ids: tuple[str, ...]
    language: str = "en"
    zone: str = "UTC"
    standin: str = ""
    second: float = 1.0
    """How many real seconds one second of Teams' limits lasts: less only for a stand-in."""


class TeamsSide:
    """Everything that arrives from Teams and leaves for it."""

    name = "teams"

    def __init__(
        self, core: Core, door: Door, access: TeamsAccess, now: Callable[[], datetime], office: Office | None = None
    ) -> None:
        self._core = core
        self._door = door
        self._access = access
        self._now = now
        self._inbox: Inbox | None = None
        self._answers: Answers | None = None
        self._sdk: Sdk | None = None
        self._stopping = False
        self.office = office or Office(core, door, now)
        self.office.add(self)
        self.courier, self.ticker, self.health = self.office.courier, self.office.ticker, self.office.health

    # --- what others look at -------------------------------------------------------------------------------------

    def connected(self) -> bool:
        """Whether activities are taken. Teams says nothing while nobody writes."""
        return self._inbox is not None and not self._stopping

    def figures(self) -> Figures:
        """What came, by what became of it."""
        counted = self._inbox.counted if self._inbox else {}
        return {f"activities_{what}": n for what, n in counted.items()}

    async def caught_up(self) -> None:
        """Nothing: what was said while nobody listened is not readable by a bot in Teams."""

    def web_app(self) -> Starlette:
        """Health, and Teams' requests."""
        return Web(self.health).app(self.route())

    def route(self) -> Route:
        """Where Teams' requests arrive."""
        return Route(ENDPOINT, self._over_http, methods=["POST"])

    async def _over_http(self, request: Request) -> Response:
        """Size, kind and depth first; then the SDK verifies the token, and only then anything is looked at."""
        try:
            body = await read_json(request)
        except Refused as refused:
            return Response(status_code=refused.status)
        except ClientDisconnect:
            return Response(status_code=400)
        if not all(isinstance(body.get(name, ""), str) for name in ("type", "id", "serviceUrl")):
            return Response(status_code=400)
        if self._sdk is None or self._inbox is None:
            return Response(status_code=UNAVAILABLE)
        answer = await self._sdk.door.take(body, dict(request.headers))
        content = answer.get("body")
        return Response(status_code=answer["status"]) if content is None else JSONResponse(content, answer["status"])

    # --- starting ------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Gets a token, and begins to work. Raises TenantDead where the id or the secret is wrong, NotFirst.

        Then it may be called again.
        """
        access = self._access
        self._sdk = sdk = self._sdk or Sdk(
            access.app_id, access.app_secret, access.tenant_ids[0], self._take, access.standin
        )
        connector = Connector(sdk.client, sdk.token, Pace(access.second))
        await self._greet(connector)
        home = Home(await self._tenant(), access.app_id, access.tenant_ids)
        self._inbox = Inbox(self._build(home, connector), self._allowed)
        await self.office.read_accounts()
        await self.office.start()

    async def _take(self, body: dict[str, Any]) -> dict[str, Any]:
        assert self._inbox is not None
        return await self._inbox.take(body)

    async def _greet(self, connector: Connector) -> None:
        """Asked until Microsoft answers."""
        pause = GREETING_PAUSE
        while True:
            try:
                await connector.greet()
            except Ambiguous as silent:
                log.warning("Microsoft gives no token (%s); asked again in %.0f s", silent, pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_GREETING_PAUSE)
            else:
                return

    async def _tenant(self) -> TenantId:
        """The organisation this tenant of Teams is part of: Slack's, where both are served here for the first time."""
        own = tenant_of(self._access.tenant_ids[0])
        together = self.office.tenants[0] if self.office.tenants else own
        door = self._door.patient(CONNECT_WITHIN)
        if self.office.expects_another() and not await door.look(self._core.rooms.is_served, own):
            raise NotFirst
        served = await door.do(self._core.rooms.shared, own, together)
        known = await door.look(self._core.people.tenant, served)
        if served == own and known.bot is None:
            known = replace(known, language=self._access.language, zone=self._access.zone)
        bot = known.bot or Home(served, self._access.app_id, ()).bot
        await door.do(self._core.people.keep_tenant, replace(known, bot=bot, active=True))
        return served

    def _allowed(self, service_url: str) -> bool:
        """Whether answers may be sent there: a forged address would get our token."""
        if self._access.standin:
            return service_url.rstrip("/") == self._access.standin.rstrip("/")
        return is_teams(service_url)

    def _build(self, home: Home, connector: Connector) -> TeamsDesk:
        people = People(self._core, self._door, home.tenant, self._now)
        accounts = self.office.accounts(home.tenant)
        service_url = self._access.standin or SERVICE_URL
        rosters = Rosters(home, self._core, self._door, connector, people, self._now)
        platform = TeamsPlatform(home, self._core, self._door, connector, people, rosters, service_url, accounts.every)
        self._answers = Answers(platform, people, self.office.later, Seal(self._access.app_secret))
        self.office.serve(self.name, platform, owns)
        return TeamsDesk(
            home=home,
            core=self._core,
            door=self._door,
            people=people,
            answers=self._answers,
            platform=platform,
            nudge=self.courier.nudge,
            now=self._now,
            accounts=accounts,
            later=self.office.later,
            ours=owns,
        )

    # --- stopping ------------------------------------------------------------------------------------------------

    async def stop(self, within: float = STOP_WITHIN) -> None:
        """Stops the office, with every platform in it."""
        await self.office.close(within)

    def shut(self) -> None:
        """Takes nothing more."""
        self._stopping = True

    async def drained(self) -> None:
        """When every activity taken is answered."""
        if self._inbox is not None:
            await self._inbox.drained()

    async def hung_up(self) -> None:
        """Closes its connections."""
        if self._sdk is not None:
            await self._sdk.close()


def is_teams(service_url: str) -> bool:
    """Whether an address is one of Teams' own."""
    try:
        parts = urlsplit(service_url)
        port = parts.port
    except ValueError:  # no address at all
        return False
    return parts.scheme == "https" and parts.hostname in SERVICE_HOSTS and port in {None, 443}


async def first_word(app_id: str, secret: SecretStr, tenant_ids: tuple[str, ...], standin: str = "") -> None:
    """Asks once whether the keys are good. Raises TenantDead where they are not, Ambiguous where nobody answers."""

    async def nobody(_: dict[str, Any]) -> dict[str, Any]:
        return {"status": UNAVAILABLE}

    sdk = Sdk(app_id, secret, tenant_ids[0], nobody, standin)
    try:
        await Connector(sdk.client, sdk.token, Pace(0)).greet()
    finally:
        await sdk.close()


def build_teams(
    core: Core,
    door: Door,
    access: TeamsAccess,
    now: Callable[[], datetime] = utc_now,
    office: Office | None = None,
) -> TeamsSide:
    """Teams' side over the core. Call it where the event loop runs; then `await side.start()`.

    `office`: what it shares with other platforms; one of its own where it is alone.
    """
    return TeamsSide(core, door, access, now, office)
