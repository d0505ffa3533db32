"""Slack as a whole: built from its keys, started, stopped within seconds with nothing acknowledged lost."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import aiohttp
from pydantic import SecretStr
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette
from starlette.routing import Route

from bot.domain.names import PersonId
from bot.usecases import Core
from handlers.catchup import CatchUp
from handlers.clock import utc_now
from handlers.desk.wishes import text_at
from handlers.door import Door, Shut
from handlers.health import Figures
from handlers.office import STOP_WITHIN, Office
from handlers.platform import Ambiguous, Trouble, Wait
from handlers.slack.answers import Answers
from handlers.slack.connection import Connection
from handlers.slack.desk import SlackDesk
from handlers.slack.inbox import Inbox
from handlers.slack.pace import Pace
from handlers.slack.payloads import Home, ours
from handlers.slack.people import People
from handlers.slack.platform import SlackPlatform
from handlers.slack.web_api import WebApi
from handlers.web import Guard, Web

log = logging.getLogger(__name__)

GREETING_PAUSE = 2.0
LONGEST_GREETING_PAUSE = 30.0
CONNECT_WITHIN = 15.0


@dataclass(frozen=True, slots=True)
class SlackAccess:
    """Keys and address. Socket Mode with an app token, else signed HTTP with a signing secret."""

    bot_token: SecretStr
    app_token: SecretStr | None = None
    signing_secret: SecretStr | None = None
    api_url: str = "https://slack.com/api/"
    language: str = "en"
    zone: str = "UTC"
    second: float = 1.0
    """How many real seconds one second of Slack's limits lasts: less only for a stand-in."""


class SlackSide:
    """Everything that arrives from Slack and leaves for it."""

    name = "slack"

    def __init__(
        self, core: Core, door: Door, access: SlackAccess, now: Callable[[], datetime], office: Office | None = None
    ) -> None:
        self._core = core
        self._door = door
        self._access = access
        self._now = now
        self._connection: Connection | None = None
        self._inbox: Inbox | None = None
        self._session: aiohttp.ClientSession | None = None
        self._answers: Answers | None = None
        self._people: People | None = None
        self._stopping = False
        self.catch_up: CatchUp | None = None
        self.office = office or Office(core, door, now)
        self.office.add(self)
        self.courier, self.ticker, self.health = self.office.courier, self.office.ticker, self.office.health

    # --- what others look at -------------------------------------------------------------------------------------

    def connected(self) -> bool:
        """Whether Slack can reach us, as far as can be known here."""
        if self._stopping or self._inbox is None:
            return False
        return self._connection is None or self._connection.alive()

    def web_app(self, *more: Route) -> Starlette:
        """Health for everybody; Slack's requests only where there is no Socket Mode; `more` routes of others."""
        secret = self._access.signing_secret
        if self._access.app_token is not None or secret is None:
            return Web(self.health).app(*more)
        return Web(self.health, Guard(secret, self._now), self._over_http).app(*more)

    async def _over_http(self, body: dict[str, Any], headers: Mapping[str, str]) -> tuple[int, str, str]:
        if self._inbox is None:
            return 503, "", ""
        answer = await self._inbox.take(body, headers)
        kind = (answer.headers.get("content-type") or [""])[0]
        return answer.status, kind, answer.body or ""

    def figures(self) -> Figures:
        """What came, by what became of it."""
        counted = self._inbox.counted if self._inbox else {}
        figures = {f"payloads_{what}": n for what, n in counted.items()}
        if self.catch_up is not None:
            figures["recovered"] = self.catch_up.recovered
        return figures

    # --- starting ------------------------------------------------------------------------------------------------

    async def start(self) -> None:
        """Asks Slack who we are, connects, and begins to work. Raises TenantDead or BadPayload for a bad token.

        Then it may be called again.
        """
        self._session = self._session or aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=30))
        web = self._client(self._access.bot_token)
        api = WebApi(web, Pace(self._access.second))
        home, bot_id = await self._greet(api)
        desk = self._build(api, home)
        # The token stays with our own client: Bolt makes a client for each payload, and none of them may call.
        self._inbox = Inbox(desk, self._client(None), bot_id)
        self.office.spawn(desk.people.run())
        if self._access.app_token is not None:
            await self._connect(self._access.app_token)
        await self.office.start()
        self.office.spawn(self.caught_up())

    def _client(self, token: SecretStr | None) -> AsyncWebClient:
        """One session for all, and no repetition by the SDK: a repeated post is two posts."""
        return AsyncWebClient(
            token=token.get_secret_value() if token else None,
            base_url=self._access.api_url,
            session=self._session,
            retry_handlers=[],
        )

    async def _greet(self, api: WebApi) -> tuple[Home, str]:
        """Who we are; asked until Slack answers."""
        pause = GREETING_PAUSE
        while True:
            try:
                answer = await api.call("auth.test")
                break
            except Wait as wait:
                await asyncio.sleep(wait.seconds)
            except Ambiguous as silent:
                log.warning("Slack does not answer (%s); asked again in %.0f s", silent, pause)
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_GREETING_PAUSE)
        home = Home(text_at(answer, "team_id"), PersonId(text_at(answer, "user_id")), text_at(answer, "bot_id"))
        await self._keep_tenant(home)
        return home, text_at(answer, "bot_id")

    async def _keep_tenant(self, home: Home) -> None:
        """The workspace is served (again)."""
        door = self._door.patient(CONNECT_WITHIN)
        known = await door.look(self._core.people.tenant, home.tenant)
        if known.bot is None:
            known = replace(known, language=self._access.language, zone=self._access.zone)
        await door.do(self._core.people.keep_tenant, replace(known, bot=home.bot, active=True))

    def _build(self, api: WebApi, home: Home) -> SlackDesk:
        assert self._session is not None
        self._people = people = People(self._core, self._door, api, home, self._now)
        platform = SlackPlatform(home, api, people.names, people.strangers)
        self._answers = Answers(api, people, self._session)
        self.office.serve(self.name, platform, ours)
        known = self.office.accounts(home.tenant).itself
        self.catch_up = CatchUp(self._core, self._door, platform, self._now, known, ours)
        self.office.learns(lambda members: people.learn(one for one in members if ours(one)))
        return SlackDesk(
            home=home,
            core=self._core,
            door=self._door,
            people=people,
            answers=self._answers,
            platform=platform,
            nudge=self.courier.nudge,
            now=self._now,
            accounts=self.office.accounts(home.tenant),
            later=self.office.later,
            ours=ours,
            shows_everybody=False,
            catch_up=self.caught_up,
            alone=self.office.alone,
        )

    async def _connect(self, app_token: SecretStr) -> None:
        assert self._inbox is not None
        self._connection = Connection(app_token, self._client(None), self._inbox.take, self._reconnected)
        self._connection.start()
        try:
            await asyncio.wait_for(self._connection.connected(), CONNECT_WITHIN)
        except TimeoutError:
            log.warning("not connected to Slack yet; still trying")

    def _reconnected(self) -> None:
        """What was said while the line was down is in the history."""
        if self.ticker.last is not None:
            self.office.spawn(self.caught_up())

    async def caught_up(self) -> None:
        """Reads what was said while nobody listened."""
        if self.catch_up is None or self._stopping:
            return
        try:
            found = await self.catch_up.run()
        except (Trouble, Shut) as trouble:
            log.warning("history was not read: %s", trouble)
        else:
            self.courier.nudge()
            log.debug("history read: %d messages", found)

    # --- stopping ------------------------------------------------------------------------------------------------

    async def stop(self, within: float = STOP_WITHIN) -> None:
        """Stops the office, with every platform in it."""
        await self.office.close(within)

    def shut(self) -> None:
        """Takes nothing more."""
        self._stopping = True
        if self._people is not None:
            self._people.stopping = True

    async def drained(self) -> None:
        """When everything taken is answered."""
        if self._inbox is not None:
            await self._inbox.drained()
        if self._answers is not None:
            await self._answers.drained()

    async def hung_up(self) -> None:
        """Closes its connections."""
        if self._connection is not None:
            await self._connection.close()
        if self._session is not None:
            await self._session.close()


def build_slack(
    core: Core,
    door: Door,
    access: SlackAccess,
    now: Callable[[], datetime] = utc_now,
    office: Office | None = None,
) -> SlackSide:
    """Slack's side over the core. Call it where the event loop runs; then `await side.start()`.

    `office`: what it shares with other platforms; one of its own where it is alone.
    """
    return SlackSide(core, door, access, now, office)
