"""The doctor's questions to Slack: does it know us, what may we do, does the socket open, do our clocks agree."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

import aiohttp
from pydantic import SecretStr
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web.async_client import AsyncWebClient

from bot.cli.findings import Finding, State
from bot.cli.settings import APP, BOT, WHERE, Settings, SlackKeys
from handlers.slack.manifest import OPTIONAL_SCOPES, SCOPES, VITAL

PATIENCE = 10
"""Seconds for an answer, and for the socket's first word."""
SKEW_NOTED, SKEW_REFUSED = timedelta(seconds=30), timedelta(minutes=5)
"""Slack signs what it sends with its own time, and five minutes later the signature is worth nothing."""

REINSTALL = "Add {} under OAuth & Permissions on your app's page, then reinstall the app."
REFUSED: Mapping[str, str] = {
    "invalid_auth": "is not a token Slack knows",
    "not_authed": "is not a token Slack knows",
    "account_inactive": "belongs to an app that was removed from the workspace",
    "token_revoked": "was revoked",
    "token_expired": "has expired",
    "not_allowed_token_type": "is a token of the wrong kind",
    "missing_scope": "lacks the scope connections:write",
}
UNREACHABLE = (aiohttp.ClientError, TimeoutError, OSError, SlackClientError, ValueError)
"""What the network and whoever answers in Slack's place may do; ValueError is an answer that is no JSON."""


async def check_slack(settings: Settings, keys: SlackKeys, now: datetime) -> list[Finding]:
    """Everything Slack can tell about our tokens; never raises. `now` is aware UTC, by this machine's clock."""
    findings, headers = await _known(settings, keys.bot_token)
    findings += [scopes_found(headers), _skew(headers, now)] if headers is not None else []
    if settings.slack_transport == "socket":
        findings.append(await _socket(settings, keys.app_token))
    return findings


def client(settings: Settings, token: SecretStr) -> AsyncWebClient:
    """Slack's Web API with one of our tokens, for a few questions."""
    return AsyncWebClient(token=token.get_secret_value(), base_url=settings.slack_api_url, timeout=PATIENCE)


# --- the bot's token


async def _known(settings: Settings, token: SecretStr) -> tuple[list[Finding], Mapping[str, str] | None]:
    try:
        answer = await client(settings, token).auth_test()
    except SlackApiError as refused:
        return [Finding("Slack knows the bot", State.FAULT, *refusal(BOT, refused))], None
    except UNREACHABLE as trouble:
        return [unreachable("Slack knows the bot", settings, type(trouble).__name__)], None
    who = f"Slack knows the bot as @{answer.get('user')} in {answer.get('team')}."
    return [Finding("Slack knows the bot", State.FINE, who)], {k.lower(): v for k, v in answer.headers.items()}


def refusal(name: str, refused: SlackApiError) -> tuple[str, str]:
    """What Slack said against the token of this name, and what to do about it."""
    error = str(refused.response.get("error") or "an error without a name")
    if error in REFUSED:
        return f"{name} {REFUSED[error]}.", WHERE[name]
    if error == "ratelimited":
        return "Slack says we ask too often.", "Wait a minute and try again."
    return f"Slack refuses {name} with {error}.", "Look the word up in Slack's documentation, or try again later."


def unreachable(check: str, settings: Settings, trouble: str) -> Finding:
    """Nobody answers there, or somebody who is not Slack; `trouble` is the error's own name."""
    what = f"Slack does not answer at {settings.slack_api_url} ({trouble})."
    fix = "Check the network, the proxy and IDEAHUNT_SLACK_API_URL, which is left out for the real Slack."
    return Finding(check, State.FAULT, what, fix)


def scopes_found(headers: Mapping[str, str]) -> Finding:
    """The permissions the bot has, by the header of any answer (names in small letters), against the manifest's."""
    check = "permissions"
    if not headers.get("x-oauth-scopes", "").strip():
        return Finding(check, State.NOTE, "Slack did not say which permissions the bot has.")
    granted = {scope.strip() for scope in headers["x-oauth-scopes"].split(",")}
    if missing := [scope for scope in SCOPES if scope not in granted]:
        lost = "; ".join(f"{scope}: {SCOPES[scope]}" for scope in missing)
        state = State.FAULT if set(VITAL) & set(missing) else State.WARNING
        return Finding(check, state, f"Missing: {lost}.", REINSTALL.format(", ".join(missing)))
    if declined := [scope for scope in OPTIONAL_SCOPES if scope not in granted]:
        lost = "; ".join(f"{scope}: {OPTIONAL_SCOPES[scope]}" for scope in declined)
        return Finding(check, State.NOTE, f"All that are needed. Without the optional {lost}.")
    return Finding(check, State.FINE, f"All {len(SCOPES)} that are needed, and the optional ones.")


def _skew(headers: Mapping[str, str], now: datetime) -> Finding:
    check = "clock"
    try:
        theirs = parsedate_to_datetime(headers["date"])
    except (KeyError, ValueError):
        return Finding(check, State.NOTE, "Slack did not say what time it is.")
    skew = abs(now - (theirs if theirs.tzinfo else theirs.replace(tzinfo=UTC)))
    seconds = round(skew.total_seconds())
    if skew <= SKEW_NOTED:
        return Finding(check, State.FINE, f"Within {max(seconds, 1)} s of Slack's.")
    state = State.WARNING if skew < SKEW_REFUSED else State.FAULT
    return Finding(
        check, state, f"This machine's clock is {seconds} s away from Slack's.", "Let the machine set its clock (NTP)."
    )


# --- the socket


async def _socket(settings: Settings, token: SecretStr) -> Finding:
    check = "socket"
    try:
        opened = await client(settings, token).apps_connections_open(app_token=token.get_secret_value())
        hello = await _first_word(str(opened["url"]))
    except SlackApiError as refused:
        return Finding(check, State.FAULT, *refusal(APP, refused))
    except UNREACHABLE as trouble:
        return unreachable(check, settings, type(trouble).__name__)
    if hello.get("type") == "hello":
        return Finding(check, State.FINE, "Slack opens a socket and says hello.")
    if hello.get("reason") == "link_disabled":
        return Finding(
            check,
            State.FAULT,
            "Socket Mode is turned off for this app.",
            "Turn it on under Socket Mode on your app's page.",
        )
    return Finding(check, State.FAULT, "The socket opens, and Slack does not say hello.", "Try again in a minute.")


async def _first_word(url: str) -> dict[str, Any]:
    """What Slack says first, or nothing when what comes is not JSON text."""
    async with asyncio.timeout(PATIENCE), aiohttp.ClientSession() as session, session.ws_connect(url) as socket:
        message = await socket.receive()
        if message.type is not aiohttp.WSMsgType.TEXT:
            return {}
        said = json.loads(message.data)
        return said if isinstance(said, dict) else {}
