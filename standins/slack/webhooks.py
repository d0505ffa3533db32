"""Signed HTTP: the other way to the app, for events, clicks and commands."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
from urllib.parse import urlencode

import aiohttp

from standins.slack.app import App
from standins.slack.chaos import Chaos
from standins.slack.clock import seconds
from standins.slack.delivery import Envelope, Timing
from standins.slack.wire import Json, token


def signature(secret: str, body: bytes, at: int) -> str:
    """Sign a body as Slack does: HMAC-SHA256 over version, seconds since 1970, body."""
    base = b"v0:%d:%s" % (at, body)
    return "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()


def signed_headers(secret: str, body: bytes, at: int | None = None) -> dict[str, str]:
    """Draw the two headers that prove a request comes from Slack; `at` defaults to the machine's clock."""
    at = seconds() if at is None else at
    return {"X-Slack-Request-Timestamp": str(at), "X-Slack-Signature": signature(secret, body, at)}


class Webhooks:
    """The app's address on the network; the HTTP way of carrying envelopes."""

    def __init__(self, url: str, app: App, timing: Timing, chaos: Chaos) -> None:
        self.url = url
        self.app = app
        self.timing = timing
        self.chaos = chaos
        self.verified = asyncio.Event()
        self._session: aiohttp.ClientSession | None = None

    async def ready(self) -> None:
        """Wait for nothing: an address is always there, whoever answers."""

    async def back(self) -> None:
        """Wait for ever: nothing tells that an address answers again."""
        await asyncio.Event().wait()

    async def verify(self) -> None:
        """Ask the app to prove that the address is its own, until it does."""
        challenge = token(size=16)
        body = {"token": self.app.verification_token, "challenge": challenge, "type": "url_verification"}
        while not self.verified.is_set():
            answer = await self._post(json.dumps(body).encode(), {"Content-Type": "application/json"})
            if isinstance(answer, tuple) and challenge in answer[1]:
                self.verified.set()
            else:
                await asyncio.sleep(0.05)

    async def carry(self, envelope: Envelope, attempt: int, reason: str) -> str | None:
        """Post the envelope, signed, and read the answer."""
        body, kind = _body(envelope)
        headers = {"Content-Type": kind}
        if attempt:
            headers |= {"X-Slack-Retry-Num": str(attempt), "X-Slack-Retry-Reason": reason}
        answer = await self._post(body, headers)
        if isinstance(answer, str):
            return answer
        envelope.answered = True
        if self.chaos.ignored_acks:
            self.chaos.ignored_acks -= 1
            return "http_timeout"
        envelope.accept(_json(answer[1]))
        return None

    async def close(self) -> None:
        """Hang up."""
        if self._session is not None:
            await self._session.close()

    async def _post(self, body: bytes, headers: dict[str, str]) -> tuple[int, str] | str:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=self.timing.ack))
        headers |= signed_headers(self.app.signing_secret, body)
        headers["User-Agent"] = "Slackbot 1.0 (+https://api.slack.com/robots)"
        try:
            async with self._session.post(self.url, data=body, headers=headers, allow_redirects=False) as response:
                said = await response.text()
        except TimeoutError:
            return "http_timeout"
        except aiohttp.ClientError:
            return "connection_failed"
        if not 200 <= response.status < 300:  # noqa: PLR2004 - HTTP
            return "no_retry" if response.headers.get("X-Slack-No-Retry") == "1" else "http_error"
        return response.status, said


def _body(envelope: Envelope) -> tuple[bytes, str]:
    if envelope.kind == "events_api":
        return json.dumps(envelope.payload).encode(), "application/json"
    form = envelope.payload if envelope.kind == "slash_commands" else {"payload": json.dumps(envelope.payload)}
    return urlencode(form).encode(), "application/x-www-form-urlencoded"


def _json(text: str) -> Json:
    try:
        said = json.loads(text) if text else {}
    except ValueError:
        return {"text": text}
    return said if isinstance(said, dict) else {}
