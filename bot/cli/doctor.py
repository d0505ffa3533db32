"""The doctor: runs every check, and tells what was found as a table or as JSON."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from bot.cli.findings import Finding, State, exit_code
from bot.cli.problems import Stopped
from bot.cli.settings import Settings, mistyped_names, read_settings

SUMMARY = {0: "All is well.", 1: "The bot can run, and something of it will not work.", 2: "The bot cannot run."}
SIGNS = {
    State.FINE: ("✓", "green"),
    State.NOTE: ("i", "cyan"),
    State.WARNING: ("!", "yellow"),
    State.FAULT: ("✗", "red"),
    State.SKIPPED: ("–", "dim"),
}


async def examine() -> list[Finding]:
    """What each check found, in an order people can follow; a check that cannot be made is told as skipped."""
    from bot.cli.database_checks import check_database
    from bot.cli.port_checks import check_port
    from bot.cli.themes_checks import check_themes

    try:
        settings = read_settings()
    except Stopped as stopped:
        faults = [Finding("settings", State.FAULT, problem.what, problem.fix) for problem in stopped.problems]
        return [*faults, *_mistyped()]
    findings = _mistyped() or [Finding("settings", State.FINE, "Every setting can be read.")]
    findings += await _slack(settings) if settings.serves_slack else []
    findings += await _teams(settings) if settings.serves_teams else []
    findings += check_database(settings)
    findings += check_themes(settings)
    return [*findings, _zones(settings), await check_port(settings)]


def _mistyped() -> list[Finding]:
    return [Finding("settings", State.WARNING, problem.what, problem.fix) for problem in mistyped_names()]


async def _slack(settings: Settings) -> list[Finding]:
    from bot.cli.slack_checks import check_slack

    try:
        keys = settings.slack_keys()
    except Stopped as stopped:
        faults = [Finding("tokens", State.FAULT, problem.what, problem.fix) for problem in stopped.problems]
        return [*faults, Finding("Slack", State.SKIPPED, "Not asked, because of the tokens.")]
    fine = Finding("tokens", State.FINE, "The tokens have the right shape.")
    return [fine, *await check_slack(settings, keys, datetime.now(UTC))]


async def _teams(settings: Settings) -> list[Finding]:
    from bot.cli.teams_checks import check_teams

    return await check_teams(settings)


def _zones(settings: Settings) -> Finding:
    try:
        noon = datetime(2026, 7, 1, 12, tzinfo=ZoneInfo("Europe/Paris"))
    except ZoneInfoNotFoundError:
        return Finding("time zones", State.FAULT, "This machine knows no time zones.", "Run pip install tzdata.")
    if noon.utcoffset() != datetime(2026, 7, 1, 12, tzinfo=ZoneInfo("Europe/Berlin")).utcoffset():
        return Finding("time zones", State.WARNING, "The time zones here are wrong.", "Run pip install -U tzdata.")
    return Finding(
        "time zones", State.FINE, f"Known; yours is {settings.time_zone} for whoever Slack knows nothing of."
    )


def tell(findings: Sequence[Finding], *, as_json: bool) -> int:
    """Prints the findings; returns the exit code."""
    code = exit_code(findings)
    if as_json:
        checks = [{"check": f.check, "state": str(f.state), "what": f.what, "fix": f.fix} for f in findings]
        print(json.dumps({"exit": code, "checks": checks}, ensure_ascii=False, indent=2))
        return code
    _draw(findings)
    print(SUMMARY[code])
    return code


def _draw(findings: Sequence[Finding]) -> None:
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table("", "check", "what was found, and what to do", box=None, pad_edge=False, header_style="bold")
    for finding in findings:
        sign, style = SIGNS[finding.state]
        told = Text(finding.what)
        if finding.fix:
            told.append(f"\n→ {finding.fix}", style="bold")
        table.add_row(Text(f"{sign} {finding.state}", style=style), Text(finding.check), told)
    console = Console()
    console.print(table)
