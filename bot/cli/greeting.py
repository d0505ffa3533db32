"""The first word with Slack when the bot starts: tokens and permissions, before anything is promised to anybody."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Mapping

from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.cli.findings import State
from bot.cli.problems import Problem, Stopped
from bot.cli.settings import APP, BOT, Settings, SlackKeys
from bot.cli.slack_checks import UNREACHABLE, client, refusal, scopes_found, unreachable

log = logging.getLogger("ideahunt")

WITHIN = 20.0
"""Seconds in which Slack must answer; then the bot refuses to start, and whoever keeps it running starts it again."""
PAUSE = 2.0
PASSING = frozenset({"ratelimited", "internal_error", "fatal_error", "service_unavailable", "request_timeout", ""})


class Silent(Exception):
    """No answer that says anything; its text is the error's own name."""


async def greet(settings: Settings, keys: SlackKeys) -> None:
    """Asks Slack whether our tokens are good; logs what will not work. Raises Stopped when the bot cannot run."""
    end = asyncio.get_running_loop().time() + WITHIN
    while True:
        try:
            return await _ask(settings, keys)
        except Silent as silent:
            if asyncio.get_running_loop().time() + PAUSE > end:
                found = unreachable("Slack", settings, str(silent))
                raise Stopped(Problem(found.what, found.fix)) from None
            log.warning("Slack does not answer (%s); asked again in %.0f s", silent, PAUSE)
        await asyncio.sleep(PAUSE)


async def _ask(settings: Settings, keys: SlackKeys) -> None:
    known = await _answer(BOT, client(settings, keys.bot_token).auth_test())
    _weigh({name.lower(): value for name, value in known.headers.items()})
    if settings.slack_transport == "socket":
        # An address nobody uses: only to hear at once that the token is wrong, instead of trying for ever.
        token = keys.app_token
        await _answer(APP, client(settings, token).apps_connections_open(app_token=token.get_secret_value()))


async def _answer(name: str, asked: Awaitable[AsyncSlackResponse]) -> AsyncSlackResponse:
    try:
        return await asked
    except SlackApiError as refused:
        error = str(refused.response.get("error") or "")
        if error in PASSING:
            raise Silent(error or "an answer without a word") from None
        raise Stopped(Problem(*refusal(name, refused))) from None
    except UNREACHABLE as trouble:
        raise Silent(type(trouble).__name__) from None


def _weigh(headers: Mapping[str, str]) -> None:
    found = scopes_found(headers)
    if found.state is State.FAULT:
        raise Stopped(Problem(found.what, found.fix))
    if found.state is State.WARNING:
        log.warning("%s %s", found.what, found.fix)
