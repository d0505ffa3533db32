"""The settings of Teams: their shapes, and what to do about each that is wrong."""

from __future__ import annotations

import re
from importlib.util import find_spec

from pydantic import SecretStr

from bot.cli.problems import Problem, Stopped
from bot.cli.settings import PREFIX, Settings, TeamsKeys

APP_ID, APP_SECRET, TENANT_ID = (f"{PREFIX}TEAMS_{name}" for name in ("APP_ID", "APP_SECRET", "TENANT_ID"))
GUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
WHERE = {
    APP_ID: "Copy the Application (client) ID of your bot's app registration (docs/teams.md shows where).",
    APP_SECRET: "Make a client secret under Certificates & secrets of the app registration, and copy its Value.",
    TENANT_ID: "Copy the Directory (tenant) ID of your organisation; several tenants are parted by commas.",
}


def read_keys(settings: Settings) -> TeamsKeys:
    """What opens Teams' door; raises Stopped with every problem at once."""
    secret = (settings.teams_app_secret or SecretStr("")).get_secret_value().strip()
    tenants = tuple(one.strip().lower() for one in (settings.teams_tenant_id or "").split(",") if one.strip())
    app_id = (settings.teams_app_id or "").strip().lower()
    problems = [*_extra(), *_guids(APP_ID, (app_id,) if app_id else ()), *_guids(TENANT_ID, tenants), *_secret(secret)]
    if problems:
        raise Stopped(*problems)
    return TeamsKeys(app_id, SecretStr(secret), tenants)


def _extra() -> list[Problem]:
    if find_spec("microsoft_teams") is not None:
        return []
    return [Problem("Teams is set, and its library is not installed.", "Install the extra: ideahunt[teams].")]


def _guids(name: str, found: tuple[str, ...]) -> list[Problem]:
    if not found:
        return [Problem(f"{name} is missing.", WHERE[name])]
    return (
        [] if all(map(GUID.fullmatch, found)) else [Problem(f"{name} is not an id such as Microsoft's.", WHERE[name])]
    )


def _secret(secret: str) -> list[Problem]:
    if not secret:
        return [Problem(f"{APP_SECRET} is missing.", WHERE[APP_SECRET])]
    if GUID.fullmatch(secret.lower()):
        return [Problem(f"{APP_SECRET} holds an id: the Secret ID stands beside the Value.", WHERE[APP_SECRET])]
    return []
