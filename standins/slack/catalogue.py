"""The methods of the Web API: arguments, scope and tier of each, and how a call is checked and run."""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from standins.slack.desk import Desk
from standins.slack.wire import Json, Refused, pointed
from standins.slack.workspace import Channel, Person

# Accepted by every method, whatever it does.
ALWAYS = frozenset({"token", "team_id"})


@dataclass(slots=True)
class Call:
    """One call being answered: the workspace, the arguments as JSON values, who is in front of it."""

    desk: Desk
    args: Json

    def text(self, name: str) -> str | None:
        """Read an argument as a string, None when absent."""
        value = self.args.get(name)
        return None if value is None else str(value)

    def flag(self, name: str) -> bool:
        """Read an argument as yes or no."""
        return str(self.args.get(name, "")).lower() in {"1", "true"}

    def count(self, name: str, default: int, most: int) -> int:
        """Read an argument as a number, between 1 and `most`."""
        try:
            value = int(self.args.get(name, default) or default)
        except ValueError:
            raise Refused("invalid_limit", breach="invalid_arguments") from None
        if not 1 <= value <= most:
            raise Refused("invalid_limit", breach="invalid_arguments")
        return value

    def person(self, name: str = "user") -> Person:
        """Find the person an argument names; `user_not_found`."""
        person = self.desk.workspace.people.get(str(self.args.get(name)))
        if person is None:
            raise Refused("user_not_found")
        return person

    def seen(self, name: str = "channel") -> Channel:
        """Find a conversation that the bot may know of; `channel_not_found`."""
        channel = self.desk.workspace.channels.get(str(self.args.get(name)))
        if channel is None or (channel.private and self.desk.bot.id not in channel.members):
            raise Refused("channel_not_found")
        return channel

    def joined(self, name: str = "channel") -> Channel:
        """Find a conversation that the bot is a member of; `not_in_channel`."""
        channel = self.seen(name)
        if self.desk.bot.id not in channel.members:
            raise Refused("not_in_channel")
        return channel

    def page(self, things: list[Any], default: int, most: int) -> tuple[list[Any], str]:
        """Cut one page by `limit` and `cursor`; give it with the next cursor, empty at the end."""
        limit = self.count("limit", default, most)
        start = _start(str(self.args.get("cursor") or ""))
        more = start + limit < len(things)
        return things[start : start + limit], f"next:{start + limit}" if more else ""


def _start(cursor: str) -> int:
    prefix, _, number = cursor.partition(":")
    if cursor and (prefix != "next" or not number.isdigit()):
        raise Refused("invalid_cursor", breach="invalid_arguments")
    return int(number or 0)


Run = Callable[[Call], Json | Awaitable[Json]]


@dataclass(frozen=True, slots=True)
class Method:
    """One method of the Web API."""

    name: str
    run: Run
    scopes: tuple[str, ...]
    tier: int
    needs: frozenset[str]
    takes: frozenset[str]
    token: str

    def check(self, call: Call) -> None:
        """Refuse missing and unknown arguments, and what the manifest has no scope for."""
        unknown = call.args.keys() - self.needs - self.takes - ALWAYS
        missing = {name for name in self.needs if call.args.get(name) in (None, "")}
        if unknown or missing:
            messages = [f"[ERROR] unknown argument {name}" for name in sorted(unknown)]
            messages += [f"[ERROR] missing required field: {name}" for name in sorted(missing)]
            raise Refused("invalid_arguments", breach="invalid_arguments", response_metadata=pointed(messages))
        call.desk.app.require(*self.scopes)

    async def answer(self, call: Call) -> Json:
        """Do what is asked and draw the answer."""
        said = self.run(call)
        return {"ok": True, **(await said if inspect.isawaitable(said) else said)}


METHODS: dict[str, Method] = {}


def method(
    name: str,
    *,
    scopes: tuple[str, ...] = (),
    tier: int = 3,
    needs: str = "",
    takes: str = "",
    token: str = "bot",  # noqa: S107 - the kind of token
) -> Callable[[Run], Run]:
    """Enter a function in the catalogue under Slack's name for it."""

    def enter(run: Run) -> Run:
        METHODS[name] = Method(name, run, scopes, tier, frozenset(needs.split()), frozenset(takes.split()), token)
        return run

    return enter
