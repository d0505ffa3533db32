"""The bot's own token: asked of Microsoft Entra, kept until shortly before it ends, renewed when it is refused.

The grant is one form and one answer (OAuth 2.0, RFC 6749 §4.4). It is asked here and not by the SDK, because the SDK
tells no more of a refusal than `invalid_client`, keeps a refused token until it ends, and cannot be tried with a
stand-in.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from typing import Any

import httpx
from pydantic import SecretStr

from handlers.platform import Ambiguous, TenantDead, Trouble

SCOPE = "https://api.botframework.com/.default"
EARLY = 60.0
"""Seconds before its end at which a token is no longer used: the two clocks differ a little."""
SHORTEST = 60.0
DEAD: Mapping[str, str] = {
    "7000215": "the client secret is wrong",
    "7000218": "the client secret is missing",
    "7000222": "the client secret has ended",
    "700016": "no such app in this tenant",
    "70001": "the app is disabled",
    "7000112": "the app is disabled",
    "90002": "no such tenant",
    "900023": "no such tenant",
    "50059": "no such tenant",
    "50128": "no such tenant",
}
"""Entra's codes (AADSTS…) that a person must do something about; every other one may pass by itself."""
DEAD_WORDS = frozenset({"invalid_client", "unauthorized_client"})
"""The standard's own words for the same, where an answer tells no code."""


class Tokens:
    """One app's tokens for the Bot Connector. `url`: the token endpoint of its tenant."""

    def __init__(
        self,
        http: httpx.AsyncClient,
        url: str,
        app_id: str,
        secret: SecretStr,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._http = http
        self._url = url
        self._app_id = app_id
        self._secret = secret
        self._clock = clock
        self._held = ""
        self._until = 0.0
        self._asking = asyncio.Lock()

    async def token(self, refused: str = "") -> str:
        """A token, another one than `refused`. Raises TenantDead where a person must act, else Ambiguous."""
        async with self._asking:
            if not self._held or self._held == refused or self._clock() >= self._until:
                self._held = ""
                await self._ask()
            return self._held

    async def _ask(self) -> None:
        form = {
            "grant_type": "client_credentials",
            "client_id": self._app_id,
            "client_secret": self._secret.get_secret_value(),
            "scope": SCOPE,
        }
        try:
            answer = await self._http.post(self._url, data=form)
        except httpx.HTTPError as away:
            raise Ambiguous(type(away).__name__) from away
        told = _object(answer)
        if answer.is_error or not isinstance(held := told.get("access_token"), str):
            raise refusal(told, answer.status_code)
        lives = told.get("expires_in")
        seconds = float(lives) if isinstance(lives, int | float) else SHORTEST
        self._held, self._until = held, self._clock() + max(seconds - EARLY, SHORTEST)


def refusal(told: Mapping[str, Any], status: int) -> Trouble:
    """The trouble behind an answer without a token, in Entra's own word."""
    found, word = told.get("error_codes"), told.get("error")
    codes = [str(code) for code in found] if isinstance(found, list) else []
    for code in codes:
        if code in DEAD:
            return TenantDead(f"{DEAD[code]}, AADSTS{code}")
    if not codes and word in DEAD_WORDS:
        return TenantDead(str(word))
    return Ambiguous(f"AADSTS{codes[0]}" if codes else str(word or f"status {status}"))


def _object(answer: httpx.Response) -> dict[str, Any]:
    try:
        found = answer.json()
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
