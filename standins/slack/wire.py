"""What goes over the wire: JSON, refusals with Slack's own words, and what the app did wrong."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from typing import Any

Json = dict[str, Any]


class Refused(Exception):
    """The Web API says no; `error` is Slack's word, `breach` names a mistake of the app when it is one."""

    def __init__(self, error: str, *, breach: str | None = None, **facts: object) -> None:
        super().__init__(error)
        self.error = error
        self.breach = breach
        self.facts = facts

    def answer(self) -> Json:
        """Draw the JSON body that Slack sends for this refusal."""
        return {"ok": False, "error": self.error, **self.facts}


class StandinViolation(AssertionError):
    """The app broke a rule of Slack while the stand-in was open."""


class NotAcknowledged(AssertionError):
    """The app did not acknowledge what a person did, within Slack's deadline."""


class NothingThere(LookupError):
    """A person looked for a button, a field or a screen that is not in front of her."""


@dataclass(frozen=True, slots=True)
class Violation:
    """One thing the app did wrong: its kind, and the facts for whoever reads the failed test."""

    kind: str
    facts: str

    def __str__(self) -> str:
        return f"{self.kind}: {self.facts}"


def token(prefix: str = "", size: int = 8) -> str:
    """Make an identifier nobody can guess; `size` is in bytes of chance."""
    return prefix + secrets.token_hex(size).upper()


def pointed(messages: list[str]) -> Json:
    """Lay findings out as Slack does, under `response_metadata`."""
    return {"messages": messages}
