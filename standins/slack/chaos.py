"""The weather between Slack and the app: late, twice, out of order, cut off, or refused."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from aiohttp import web

from standins.slack.wire import Json


class Lines(Protocol):
    """The connections of the app."""

    def drop(self) -> None:
        """Cut them all."""

    async def refresh(self, reason: str) -> None:
        """Ask them all to come back."""


@dataclass(slots=True)
class Trouble:
    """What happens to the next calls of one method."""

    times: int
    status: int = 200
    body: str | bytes = ""
    content_type: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)
    after: bool = False
    lose: bool = False
    wait: float = 0.0

    def response(self) -> web.Response:
        """Draw the answer that comes instead of the true one."""
        body = self.body.encode() if isinstance(self.body, str) else self.body
        return web.Response(status=self.status, body=body, headers={**self.headers, "Content-Type": self.content_type})


class Chaos:
    """What a test asks the weather to be; every `times` counts down to fair weather again."""

    def __init__(self) -> None:
        self.late = 0.0
        self.forgetful = False
        """Whether history comes without the metadata of messages, as on a plainer platform."""
        self.ignored_acks = 0
        self._twice: dict[str, int] = {}
        self._troubles: dict[str, list[Trouble]] = {}
        self.held = 0
        self._lines: Lines | None = None

    def bind(self, lines: Lines) -> None:
        """Learn which connections there are to cut."""
        self._lines = lines

    def drop_connections(self) -> None:
        """Cut every socket of the app without a word."""
        if self._lines is not None:
            self._lines.drop()

    async def refresh_connections(self, reason: str = "refresh_requested") -> None:
        """Ask every socket to come back elsewhere: `warning`, `refresh_requested` or `link_disabled`."""
        if self._lines is not None:
            await self._lines.refresh(reason)

    def duplicate(self, kind: str, times: int = 1) -> None:
        """Deliver the next envelope of a kind (`message`, `block_actions`, `*`…) so many times more."""
        self._twice[kind] = times

    def copies(self, kinds: tuple[str, ...]) -> int:
        """Say how many more times this envelope goes out, and forget it."""
        return sum(self._twice.pop(kind, 0) for kind in (*kinds, "*"))

    def reorder(self, n: int) -> None:
        """Hold the next `n` envelopes back, then deliver them last first."""
        self.held = n

    def delay(self, seconds: float) -> None:
        """Deliver every envelope so many seconds late, until told 0."""
        self.late = seconds

    def suppress_acks(self, times: int) -> None:
        """Lose the next acknowledgements of the app: Slack believes it said nothing."""
        self.ignored_acks = times

    def answer(  # noqa: PLR0913 - everything an HTTP answer is made of
        self,
        method: str,
        *,
        status: int = 200,
        error: str | None = None,
        retry_after: object = None,
        times: int = 1,
        body: str | bytes | None = None,
        content_type: str = "application/json",
        headers: dict[str, str] | None = None,
        after: bool = False,
    ) -> None:
        """Answer the next calls of a method so; `after` first does what was asked."""
        said = error or ("ratelimited" if status == 429 else "internal_error")  # noqa: PLR2004 - HTTP
        drawn = f'{{"ok":false,"error":"{said}"}}' if body is None else body
        extra = dict(headers or {}) | ({} if retry_after is None else {"Retry-After": str(retry_after)})
        self._add(method, Trouble(times, status, drawn, content_type, extra, after=after))

    def lose_answer(self, method: str, times: int = 1) -> None:
        """Do what is asked, then cut the connection before the answer."""
        self._add(method, Trouble(times, lose=True, after=True))

    def slow(self, method: str, seconds: float, times: int = 1) -> None:
        """Answer the next calls of a method truly, but so many seconds late."""
        self._add(method, Trouble(times, wait=seconds))

    def trouble(self, method: str) -> Trouble | None:
        """Take what happens to this call, and count it."""
        waiting = self._troubles.get(method) or self._troubles.get("*") or []
        if not waiting:
            return None
        waiting[0].times -= 1
        return waiting.pop(0) if waiting[0].times <= 0 else waiting[0]

    def _add(self, method: str, trouble: Trouble) -> None:
        self._troubles.setdefault(method, []).append(trouble)


@dataclass(slots=True)
class CallMade:
    """One call of the Web API, for the record."""

    method: str
    args: Json
    at: datetime
    answer: Json | None = None
