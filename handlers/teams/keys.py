"""Microsoft's public keys: whose signature a request must carry. Fetched seldom, one fetch at a time, never by force.

It stands where the SDK has PyJWT's client, which fetches with a blocking call whenever somebody names a key it does not
know, and so could be kept busy by anybody.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

import httpx
import jwt

log = logging.getLogger(__name__)

FRESH = 3600.0
"""Seconds after which the keys are read again, beside the requests."""
APART = 30.0
"""Seconds between two fetches, whatever is asked: until then a key that is not known is refused at once."""
APART_AT_FIRST = 2.0
"""The same while none was read yet."""
MOST_WAITING = 50
"""Requests that wait for a fetch under way; one more is refused at once."""


class Keys:
    """The keys of one issuer, by their names."""

    def __init__(self, http: httpx.AsyncClient, url: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._http = http
        self._url = url
        self._clock = clock
        self._known: dict[str, jwt.PyJWK] = {}
        self._asked = float("-inf")
        self._fetching: asyncio.Task[None] | None = None
        self._waiting = 0

    async def learn(self, token: str) -> None:
        """Knows the key of this token from now on, where it is Microsoft's and may be asked for now."""
        known = _name(token) in self._known
        pause = FRESH if known else APART if self._known else APART_AT_FIRST
        if self._fetching is None and self._clock() - self._asked >= pause:
            self._asked = self._clock()
            self._fetching = asyncio.create_task(self._fetch())
        if known or self._fetching is None or self._waiting >= MOST_WAITING:
            return
        self._waiting += 1
        try:
            await asyncio.wait((self._fetching,))
        finally:
            self._waiting -= 1

    def get_signing_key_from_jwt(self, token: str) -> jwt.PyJWK:
        """As PyJWT's client, from what is known. Raises jwt.InvalidTokenError."""
        try:
            return self._known[_name(token)]
        except KeyError:
            raise jwt.InvalidTokenError("signed with a key that is not known") from None

    async def _fetch(self) -> None:
        """What cannot be read leaves the known keys as they are."""
        try:
            answer = (await self._http.get(self._url)).raise_for_status()
            found = jwt.PyJWKSet.from_dict(answer.json()).keys
        except (httpx.HTTPError, ValueError, AttributeError, jwt.PyJWTError) as trouble:
            log.warning("Microsoft's keys were not read (%s)", type(trouble).__name__)
        else:
            self._known = {key.key_id: key for key in found if key.key_id and key.public_key_use in {"sig", None}}
        finally:
            self._fetching = None

    def close(self) -> None:
        """Fetches no more."""
        if self._fetching is not None:
            self._fetching.cancel()


def _name(token: str) -> str:
    """The name of the key a token says it was signed with."""
    try:
        return str(jwt.get_unverified_header(token).get("kid") or "")
    except jwt.InvalidTokenError:
        return ""
