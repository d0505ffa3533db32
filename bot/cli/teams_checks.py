"""The doctor's questions about Teams: does Microsoft give us a token, and can its requests reach us."""

from __future__ import annotations

from bot.cli.findings import Finding, State
from bot.cli.problems import Stopped
from bot.cli.settings import Settings, TeamsKeys
from bot.cli.teams_settings import APP_ID, APP_SECRET, TENANT_ID

CHECK = "Teams"


async def check_teams(settings: Settings) -> list[Finding]:
    """Everything that can be told from here; never raises."""
    try:
        keys = settings.teams_keys()
    except Stopped as stopped:
        faults = [Finding("Teams keys", State.FAULT, problem.what, problem.fix) for problem in stopped.problems]
        return [*faults, Finding(CHECK, State.SKIPPED, "Not asked, because of the keys.")]
    fine = Finding("Teams keys", State.FINE, f"{APP_ID}, {APP_SECRET} and {TENANT_ID} have the right shape.")
    return [fine, await _token(settings, keys), _address(settings)]


async def _token(settings: Settings, keys: TeamsKeys) -> Finding:
    from handlers.platform import TenantDead, Trouble
    from handlers.teams.app import first_word

    try:
        await first_word(keys.app_id, keys.app_secret, keys.tenant_ids, settings.teams_standin_url or "")
    except TenantDead:
        fix = f"Check {APP_ID}, {APP_SECRET} and {TENANT_ID}; a secret ends after some months, then make a new one."
        return Finding(CHECK, State.FAULT, "Microsoft refuses the bot's id, secret or tenant.", fix)
    except Trouble as trouble:
        fix = "Let this machine reach login.microsoftonline.com and smba.trafficmanager.net over https."
        return Finding(CHECK, State.FAULT, f"Microsoft cannot be asked ({trouble}).", fix)
    return Finding(CHECK, State.FINE, "Microsoft gives the bot a token.")


def _address(settings: Settings) -> Finding:
    """Whether the public address leads here cannot be seen from inside."""
    where = f"http://{settings.http_host}:{settings.http_port}/api/messages"
    what = f"Teams posts to a public https address; it must lead to {where}."
    return Finding("Teams address", State.NOTE, what, "Set it as the messaging endpoint of the bot (docs/teams.md).")
