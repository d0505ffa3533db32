"""The doctor's question to our own port: is it free, or does a bot answer there, and is it well."""

from __future__ import annotations

import socket
from typing import Any

import aiohttp

from bot.cli.findings import Finding, State
from bot.cli.settings import Settings

CHECK = "port"
PATIENCE = 5
EVERYWHERE = {"0.0.0.0": "127.0.0.1", "::": "::1"}  # noqa: S104 - compared, not listened on
HELP = "Look at the bot's log, and at the other lines here."


async def check_port(settings: Settings) -> Finding:
    """A free port is fine, and so is a healthy bot on it; never raises."""
    place = f"{settings.http_host}:{settings.http_port}"
    try:
        with socket.create_server((settings.http_host, settings.http_port)):
            return Finding(CHECK, State.FINE, f"{place} is free for health and events.")
    except OSError as error:
        reason = error.strerror
    figures = await _figures(settings)
    if figures is None:
        what = f"{place} cannot be listened on ({reason}), and no ideahunt answers there."
        return Finding(CHECK, State.WARNING, what, "Set IDEAHUNT_HTTP_PORT to a free port.")
    missing = ", ".join(name for name, value in figures.items() if value is False and name != "ready")
    if figures.get("ready") is True and not missing:
        return Finding(CHECK, State.FINE, f"A bot runs at {place}, and it is ready.")
    if figures.get("ready") is True:
        return Finding(CHECK, State.WARNING, f"A bot runs at {place}, and it is ready, but without {missing}.", HELP)
    return Finding(CHECK, State.WARNING, f"A bot runs at {place}, and it is not ready: {missing}.", HELP)


async def _figures(settings: Settings) -> dict[str, Any] | None:
    """What a bot on our port says of itself; None when whoever is there is no bot of ours."""
    host = EVERYWHERE.get(settings.http_host, settings.http_host)
    host = f"[{host}]" if ":" in host else host
    url = f"http://{host}:{settings.http_port}/readyz"
    try:
        async with _session() as session, session.get(url) as answer:
            told = await answer.json(content_type=None)
    except (aiohttp.ClientError, TimeoutError, OSError, ValueError):
        return None
    return told if isinstance(told, dict) and "ready" in told else None


def _session() -> aiohttp.ClientSession:
    return aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=PATIENCE))
