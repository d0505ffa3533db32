"""The stand-in itself: one workspace listening on the loopback, and what a test may ask of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable
from types import TracebackType
from typing import Self

from aiohttp import web

from standins.slack.app import App
from standins.slack.chaos import CallMade, Chaos
from standins.slack.clock import Clock, machine_clock
from standins.slack.delivery import Envelope, Timing
from standins.slack.desk import Desk
from standins.slack.hands import Hands
from standins.slack.messages import Message
from standins.slack.posting import change
from standins.slack.rates import Pace, Rates
from standins.slack.sockets import Sockets
from standins.slack.web_api import WebApi
from standins.slack.webhooks import Webhooks, signed_headers
from standins.slack.wire import Json, StandinViolation, Violation
from standins.slack.workspace import Channel, Person, Workspace


class SlackStandin:
    """A strict Slack for one workspace and one app; open it with `async with`."""

    def __init__(  # noqa: PLR0913 - what an installation is made of
        self,
        manifest: Json,
        *,
        clock: Clock = machine_clock,
        signing_secret: str = "standin-signing-secret",  # noqa: S107 - opens nothing
        bot_token: str = "xoxb-standin",  # noqa: S107 - opens nothing
        app_token: str = "xapp-standin",  # noqa: S107 - opens nothing
        pace: Pace = Pace.STRICT,
        timing: Timing | None = None,
        team: str = "T0STANDIN",
        domain: str = "standin",
        declined_scopes: Iterable[str] = (),
    ) -> None:
        workspace = Workspace(clock, team, domain)
        app = App(
            manifest, "A0STANDIN", bot_token, app_token, signing_secret, "standin-verification",
            frozenset(declined_scopes),
        )  # fmt: skip
        name = manifest["features"].get("bot_user", {}).get("display_name", "bot")
        bot = workspace.add_person(Person(workspace.mint("U"), name, name, "en-US", "UTC", bot_id="B0STANDIN"))
        self.desk = Desk(workspace, app, bot, timing or Timing(), Rates(pace))
        self.sockets = Sockets(app.id, self.desk.timing, self.chaos, self.desk.violations)
        self.desk.postbox.transport = self.sockets
        self.chaos.bind(self.sockets)
        self._forgiven: set[str] = set()
        self._runner: web.AppRunner | None = None
        self._webhooks: Webhooks | None = None

    async def __aenter__(self) -> Self:
        web_app = web.Application(client_max_size=8 * 1024 * 1024)
        web_app.add_routes(WebApi(self.desk, self.sockets).routes())
        self._runner = web.AppRunner(web_app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.desk.base_url = f"http://{host}:{port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.desk.postbox.close()
        await self.sockets.close()
        if self._webhooks is not None:
            await self._webhooks.close()
        if self._runner is not None:
            await self._runner.cleanup()
        if kind is None and self.violations:
            raise StandinViolation("\n".join(map(str, self.violations)))

    @property
    def api_url(self) -> str:
        """Give the base address of the Web API: the only thing the app has to be told."""
        return f"{self.desk.base_url}/api/"

    @property
    def team(self) -> str:
        """Give the workspace's identifier."""
        return self.desk.workspace.team

    @property
    def bot_user_id(self) -> str:
        """Give the bot's user."""
        return self.desk.bot.id

    @property
    def bot_id(self) -> str:
        """Give the bot's other identifier, that messages carry."""
        return str(self.desk.bot.bot_id)

    @property
    def app_id(self) -> str:
        """Give the app's identifier."""
        return self.desk.app.id

    @property
    def chaos(self) -> Chaos:
        """Give what makes the weather bad."""
        return self.desk.chaos

    @property
    def calls(self) -> list[CallMade]:
        """Give every call of the Web API so far."""
        return self.desk.calls

    @property
    def envelopes(self) -> list[Envelope]:
        """Give everything sent to the app so far."""
        return self.desk.postbox.sent

    def person(
        self,
        handle: str,
        *,
        name: str | None = None,
        locale: str = "en-US",
        tz: str = "UTC",
        guest: bool = False,
        deactivated: bool = False,
    ) -> Hands:
        """Let somebody into the workspace; `tz` is an IANA name."""
        workspace = self.desk.workspace
        person = Person(workspace.mint("U"), handle, name or handle.title(), locale, tz, guest, deactivated)
        return Hands(self.desk, workspace.add_person(person))

    def channel(
        self, name: str, members: Iterable[Hands] = (), *, private: bool = False, bot_member: bool = False
    ) -> Channel:
        """Open a channel with these people, and the bot if asked."""
        ids = [hands.id for hands in members]
        creator = ids[0] if ids else self.bot_user_id
        if bot_member:
            ids.append(self.bot_user_id)
        return self.desk.workspace.add_channel(name, "group" if private else "channel", iter(ids), creator)

    def deliver_to(self, url: str) -> None:
        """Send everything signed to this address from now on, instead of over sockets."""
        self._webhooks = Webhooks(url, self.desk.app, self.desk.timing, self.chaos)
        self.desk.postbox.transport = self._webhooks

    async def connected(self, timeout: float = 10) -> None:  # noqa: ASYNC109 - the tests' word
        """Wait until the app has a socket open, or has proved its address."""
        async with asyncio.timeout(timeout):
            await (self.sockets.connected.wait() if self._webhooks is None else self._webhooks.verify())

    async def uninstall(self) -> None:
        """Put the app out of the workspace: its tokens are dead, and it is told so in two events."""
        self.desk.revoked = "account_inactive"
        told = self.desk.tell("tokens_revoked", {"type": "tokens_revoked", "tokens": {"bot": [self.bot_user_id]}})
        told += self.desk.tell("app_uninstalled", {"type": "app_uninstalled"})
        await self.desk.postbox.wait(*told)

    def revoke_token(self) -> None:
        """Revoke the tokens of the app without a word: every call answers `token_revoked`."""
        self.desk.revoked = "token_revoked"

    def signed_headers(self, body: bytes, at: int | None = None) -> dict[str, str]:
        """Sign a body of one's own; `at` in seconds since 1970."""
        return signed_headers(self.desk.app.signing_secret, body, at)

    def redeliver(self, envelope: Envelope) -> Envelope:
        """Send something past again: the same event, under the same `event_id`."""
        return self.desk.postbox.send(envelope.kind, envelope.name, envelope.payload)

    def unfurl(self, message: Message) -> list[Envelope]:
        """Draw the preview of a link: the message changes, its words do not."""
        before = message.payload()
        message.attachments = [{"id": 1, "title": "A preview", "from_url": "https://example.org/"}]
        return change(self.desk, message, before)

    async def settle(self, timeout: float = 5) -> None:  # noqa: ASYNC109 - the tests' word
        """Wait until nothing is in flight and the app has been silent for 150 ms."""
        try:
            await self.desk.until(lambda: self.desk.quiet, timeout)
        except TimeoutError:
            waiting = ", ".join(map(str, self.desk.postbox.in_flight)) or "the app keeps calling"
            raise TimeoutError(f"not settled after {timeout} s: {waiting}") from None

    async def until(self, condition: Callable[[], object], timeout: float = 5) -> None:  # noqa: ASYNC109 - same
        """Wait until something is true; `TimeoutError` after so many seconds."""
        await self.desk.until(condition, timeout)

    @property
    def violations(self) -> list[Violation]:
        """List what the app did wrong and nobody forgave."""
        lost = [Violation("not_acknowledged", str(each)) for each in self.envelopes if each.lost]
        return [each for each in (*self.desk.violations, *lost) if each.kind not in self._forgiven]

    def forgive(self, kind: str) -> None:
        """Expect the app to do this wrong: a test of the refusal itself."""
        self._forgiven.add(kind)
