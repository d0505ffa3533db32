"""What goes over the line: JSON, refusals of the connector, and what the bot did wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(eq=False)
class Refused(Exception):
    """An answer of the connector that is no 2xx: `{"error": {"code", "message"}}` (Bot Connector REST reference)."""

    status: int
    code: str
    message: str = ""
    wait: float = 0.0

    def body(self) -> Json:
        """The body of the answer."""
        return {"error": {"code": self.code, "message": self.message or self.code}}


@dataclass(frozen=True, slots=True)
class Violation:
    """Something the bot did that the real Teams would not have borne."""

    code: str
    detail: str


class StandinViolation(AssertionError):
    """The story ended with violations nobody forgave."""
