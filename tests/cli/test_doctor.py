"""The doctor as a process of its own, asking a strict Slack with every kind of fault."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.cli.database_checks import sound
from bot.cli.findings import State
from bot.cli.settings import Settings
from bot.cli.slack_checks import _skew
from bot.cli.themes_checks import check_themes
from handlers.slack.manifest import OPTIONAL_SCOPES, SCOPES, manifest
from standins.slack import SlackStandin

BOT, APP = "xoxb-canary-bot", "xapp-canary-app"


@dataclass
class Visit:
    """What a visit to the doctor ended with."""

    code: int
    said: str
    checks: dict[str, dict[str, str]]


def visit(
    folder: Path,
    trouble: Callable[[SlackStandin], object] = lambda _: None,
    *,
    declined: Iterable[str] = (),
    as_json: bool = True,
    **changes: str,
) -> Visit:
    """Runs `ideahunt doctor` in an empty folder against a stand-in; nothing secret may ever come out."""

    async def ask() -> Visit:
        async with SlackStandin(manifest(), bot_token=BOT, app_token=APP, declined_scopes=declined) as slack:
            for breach in ("invalid_auth", "missing_scope", "unknown_method"):
                slack.forgive(breach)
            trouble(slack)
            tokens = {"SLACK_BOT_TOKEN": BOT, "SLACK_APP_TOKEN": APP, "IDEAHUNT_SLACK_API_URL": slack.api_url}
            return await asked(folder, {**tokens, "IDEAHUNT_HTTP_PORT": "0", **changes}, as_json=as_json)

    return asyncio.run(ask())


async def asked(folder: Path, environment: dict[str, str], *, as_json: bool) -> Visit:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "bot",
        "doctor",
        *(["--json"] if as_json else []),
        cwd=folder,
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(Path(__file__).parents[2]), **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    out, err = (text.decode() for text in await process.communicate())
    assert "Traceback" not in err
    assert "canary" not in out + err
    checks = {check["check"]: check for check in json.loads(out)["checks"]} if as_json else {}
    return Visit(process.returncode or 0, out + err, checks)


def test_all_is_well(tmp_path: Path) -> None:
    seen = visit(tmp_path)
    assert {check["state"] for check in seen.checks.values()} <= {"fine", "note"}, seen.said
    assert seen.code == 0
    assert {"settings", "tokens", "permissions", "socket", "clock", "database", "time zones"} <= set(seen.checks)


def test_people_read_a_table_that_says_what_to_do(tmp_path: Path) -> None:
    seen = visit(tmp_path, as_json=False, declined=["users:read"])
    assert "users:read" in seen.said
    assert "→" in seen.said
    assert "will not work" in seen.said


@pytest.mark.parametrize("scope", ["users:read", "im:history"])
def test_a_missing_permission_is_named_with_what_it_disables(scope: str, tmp_path: Path) -> None:
    seen = visit(tmp_path, declined=[scope])
    assert seen.code == 1
    assert f"{scope}: {SCOPES[scope]}" in seen.checks["permissions"]["what"]
    assert "reinstall" in seen.checks["permissions"]["fix"]


def test_without_the_vital_permissions_the_bot_cannot_run(tmp_path: Path) -> None:
    seen = visit(tmp_path, declined=["chat:write"])
    assert (seen.code, seen.checks["permissions"]["state"]) == (2, "fault")


def test_a_declined_optional_permission_is_only_noted(tmp_path: Path) -> None:
    seen = visit(tmp_path, declined=list(OPTIONAL_SCOPES))
    assert (seen.code, seen.checks["permissions"]["state"]) == (0, "note")


def test_a_wrong_token_is_named(tmp_path: Path) -> None:
    seen = visit(tmp_path, SLACK_BOT_TOKEN="xoxb-canary-other")
    assert seen.code == 2
    assert "IDEAHUNT_SLACK_BOT_TOKEN is not a token Slack knows" in seen.checks["Slack knows the bot"]["what"]


def test_a_wrong_app_token_is_named(tmp_path: Path) -> None:
    seen = visit(tmp_path, SLACK_APP_TOKEN="xapp-canary-other")
    assert seen.code == 2
    assert "IDEAHUNT_SLACK_APP_TOKEN" in seen.checks["socket"]["what"]


@pytest.mark.parametrize("error", ["token_revoked", "account_inactive", "ratelimited", "fatal_error"])
def test_what_slack_refuses_is_told_in_words(error: str, tmp_path: Path) -> None:
    seen = visit(tmp_path, lambda slack: slack.chaos.answer("auth.test", error=error))
    assert (seen.code, seen.checks["Slack knows the bot"]["state"]) == (2, "fault")
    assert seen.checks["Slack knows the bot"]["fix"]


def test_an_answer_that_is_no_json_is_told(tmp_path: Path) -> None:
    seen = visit(tmp_path, lambda slack: slack.chaos.answer("auth.test", body="<html>", content_type="text/html"))
    assert (seen.code, seen.checks["Slack knows the bot"]["state"]) == (2, "fault")


def test_a_slack_that_is_not_there_is_told_with_its_address(tmp_path: Path) -> None:
    seen = visit(tmp_path, IDEAHUNT_SLACK_API_URL="http://127.0.0.1:9/api/")
    assert seen.code == 2
    assert "does not answer at http://127.0.0.1:9/api/" in seen.checks["Slack knows the bot"]["what"]


def test_swapped_tokens_are_told_and_slack_is_not_asked(tmp_path: Path) -> None:
    seen = visit(tmp_path, SLACK_BOT_TOKEN=APP, SLACK_APP_TOKEN=BOT)
    assert (seen.code, seen.checks["tokens"]["fix"]) == (2, "Swap the two values.")
    assert seen.checks["Slack"]["state"] == "skipped"


def test_nothing_set_is_told_setting_by_setting(tmp_path: Path) -> None:
    seen = asyncio.run(asked(tmp_path, {}, as_json=True))
    assert seen.code == 2
    assert "IDEAHUNT_SLACK_BOT_TOKEN is missing" in seen.said
    assert "IDEAHUNT_SLACK_APP_TOKEN is missing" in seen.said


def test_a_setting_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    seen = visit(tmp_path, IDEAHUNT_TIME_ZONE="canary/zone")
    assert (seen.code, list(seen.checks)) == (2, ["settings"])


def test_a_mistyped_name_is_a_warning(tmp_path: Path) -> None:
    seen = visit(tmp_path, IDEAHUNT_TIMEZONE="Europe/Paris")
    assert seen.code == 1
    assert seen.checks["settings"]["fix"] == "Write IDEAHUNT_TIME_ZONE instead."


def test_a_mistyped_name_is_told_also_where_another_setting_is_wrong(tmp_path: Path) -> None:
    seen = visit(tmp_path, IDEAHUNT_TIME_ZONE="canary/zone", IDEAHUNT_LOG_LEVL="debug")
    assert seen.code == 2
    assert "IDEAHUNT_LOG_LEVL" in seen.said


def test_over_http_no_socket_is_asked_for(tmp_path: Path) -> None:
    http = {"IDEAHUNT_SLACK_TRANSPORT": "http", "IDEAHUNT_SLACK_SIGNING_SECRET": "canary-secret"}
    seen = visit(tmp_path, SLACK_APP_TOKEN="", **http)
    assert seen.code == 0
    assert "socket" not in seen.checks


def test_a_database_that_cannot_be_opened_is_a_fault(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file where a folder should be", "utf-8")
    seen = visit(tmp_path)
    assert (seen.code, seen.checks["database"]["state"]) == (2, "fault")
    assert seen.checks["database"]["fix"]


@pytest.mark.parametrize(
    ("apart", "state"),
    [(timedelta(seconds=3), "fine"), (timedelta(seconds=90), "warning"), (timedelta(minutes=6), "fault")],
)
def test_a_clock_that_is_wrong_is_told_by_how_much(apart: timedelta, state: str) -> None:
    theirs = datetime(2026, 3, 18, 9, tzinfo=UTC)
    for now in (theirs + apart, theirs - apart):
        found = _skew({"date": "Wed, 18 Mar 2026 09:00:00 GMT"}, now)
        assert found.state == state
    assert _skew({}, theirs).state == "note"
    assert _skew({"date": "yesterday"}, theirs).state == "note"


@pytest.mark.parametrize(
    ("version", "fine"),
    [
        ((3, 40, 1), False),
        ((3, 44, 5), False),
        ((3, 44, 6), True),
        ((3, 50, 6), False),
        ((3, 50, 7), True),
        ((3, 51, 2), False),
        ((3, 51, 3), True),
        ((3, 52, 0), True),
    ],
)
def test_sqlite_versions_with_the_rare_fault_are_known(version: tuple[int, ...], fine: bool) -> None:
    assert sound(version) is fine


def grouping(**given: object) -> tuple[State, str]:
    chosen = {"words_file": None, "themes_model": None, "embeddings_url": None, "embeddings_key": None} | given
    [found] = check_themes(Settings.model_construct(**chosen, embeddings_model="large"))
    return found.state, found.what


def test_what_groups_ideas_is_told_and_a_model_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"broken")
    assert grouping()[0] in {State.FINE, State.NOTE}
    state, told = grouping(themes_model=str(tmp_path))
    assert (state, told.startswith(f"The folder {tmp_path} holds no whole model")) == (State.WARNING, True)
    state, told = grouping(embeddings_url="http://127.0.0.1:9/v1")
    assert (state, told.startswith("The embeddings of large cannot be asked for")) == (State.WARNING, True)
    assert "by their words alone" in told
    assert grouping(words_file=tmp_path / "none.txt")[0] is State.FAULT
    alone = "Ideas are grouped by their words alone, as IDEAHUNT_THEMES_MODEL says."
    assert grouping(themes_model="words", embeddings_url="http://127.0.0.1:9/v1") == (State.FINE, alone)
