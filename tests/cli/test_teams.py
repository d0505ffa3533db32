"""What the command line knows of Teams: settings, the app package, the doctor's questions."""

from __future__ import annotations

import asyncio
import io
import json
import os
import struct
import zipfile
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft4Validator
from pydantic import SecretStr, ValidationError
from typer.testing import CliRunner

from bot.cli.app import app
from bot.cli.findings import State
from bot.cli.problems import Stopped
from bot.cli.settings import Settings
from bot.cli.teams_checks import check_teams
from handlers.desk.wire import HUNT_NEW, IDEA_FROM_MESSAGE, IDEA_NEW
from handlers.teams.manifest import PERMISSIONS, manifest, package
from standins.teams import TeamsStandin

ID = "00000000-0000-4000-8000-00000000beef"
SCHEMA = json.loads((Path(__file__).parent / "teams-manifest-1.29.schema.json").read_text("utf-8"))


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in os.environ:
        if name.startswith(("IDEAHUNT_", "SLACK_")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def settings(**held: Any) -> Settings:
    return Settings(_env_file=None, **held)


GOOD = {"teams_app_id": ID, "teams_app_secret": SecretStr("a~secret.value"), "teams_tenant_id": ID}


# --- the package


@pytest.mark.parametrize("language", ["en", "fr"])
def test_the_manifest_is_one_by_microsofts_own_schema(language: str) -> None:
    assert [error.message for error in Draft4Validator(SCHEMA).iter_errors(manifest(ID, language))] == []


def test_the_package_holds_a_manifest_and_two_icons_of_the_right_size() -> None:
    with zipfile.ZipFile(io.BytesIO(package(ID))) as packed:
        assert sorted(packed.namelist()) == ["color.png", "manifest.json", "outline.png"]
        sizes = {name: struct.unpack(">II", packed.read(name)[16:24]) for name in ("color.png", "outline.png")}
        assert sizes == {"color.png": (192, 192), "outline.png": (32, 32)}
        assert json.loads(packed.read("manifest.json"))["bots"][0]["botId"] == ID


def test_the_manifest_asks_for_what_the_program_uses() -> None:
    told = manifest(ID)
    asked = told["authorization"]["permissions"]["resourceSpecific"]
    assert {one["name"] for one in asked} == set(PERMISSIONS)
    commands = told["composeExtensions"][0]["commands"]
    assert {one["id"] for one in commands} == {HUNT_NEW, IDEA_NEW, IDEA_FROM_MESSAGE}
    assert all(one["fetchTask"] for one in commands)


def test_the_command_writes_the_package_and_needs_an_id() -> None:
    ran = CliRunner().invoke(app, ["manifest", "--teams", "app.zip", "--app-id", ID, "--lang", "fr"])
    assert ran.exit_code == 0
    assert zipfile.is_zipfile("app.zip")
    with pytest.raises(Stopped):
        CliRunner().invoke(app, ["manifest", "--teams", "app.zip"], catch_exceptions=False)


# --- settings


def test_teams_is_served_where_it_is_set_and_slack_where_it_is_or_nothing_is() -> None:
    assert (settings().serves_slack, settings().serves_teams) == (True, False)
    alone = settings(**GOOD)
    assert (alone.serves_slack, alone.serves_teams) == (False, True)
    both = settings(**GOOD, slack_bot_token=SecretStr("xoxb-1-2"))
    assert (both.serves_slack, both.serves_teams) == (True, True)


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"teams_app_id": ""}, "IDEAHUNT_TEAMS_APP_ID is missing"),
        ({"teams_app_id": "ideahunt"}, "IDEAHUNT_TEAMS_APP_ID is not an id"),
        ({"teams_app_secret": None}, "IDEAHUNT_TEAMS_APP_SECRET is missing"),
        ({"teams_app_secret": SecretStr(ID)}, "IDEAHUNT_TEAMS_APP_SECRET holds an id"),
        ({"teams_tenant_id": "contoso.com"}, "IDEAHUNT_TEAMS_TENANT_ID is not an id"),
    ],
)
def test_each_wrong_setting_is_named_with_what_to_do(wrong: dict[str, Any], told: str) -> None:
    with pytest.raises(Stopped) as stopped:
        settings(**{**GOOD, **wrong}).teams_keys()
    (problem,) = stopped.value.problems
    assert told in problem.what
    assert problem.fix


def test_a_stand_in_elsewhere_than_on_this_machine_is_refused() -> None:
    assert settings(teams_standin_url="http://127.0.0.1:3978").teams_standin_url == "http://127.0.0.1:3978/"
    with pytest.raises(ValidationError):
        settings(teams_standin_url="https://keys.example.org/")


def test_the_secret_is_among_those_never_shown() -> None:
    assert "a~secret.value" in settings(**GOOD).secrets
    assert "a~secret.value" not in repr(settings(**GOOD))


def test_taking_in_the_library_reads_no_file_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    import subprocess
    import sys

    Path(".env").write_text("CLIENT_ID=leaked\n", "utf-8")
    asked = "import os, handlers.teams.sdk; print(os.environ.get('CLIENT_ID'))"
    root = Path(__file__).parents[2]
    ran = subprocess.run(
        [sys.executable, "-c", asked],
        env={**os.environ, "PYTHONPATH": str(root)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert ran.stdout.strip() == "None"


# --- the doctor


def test_the_doctor_asks_for_a_token_and_says_where_requests_must_arrive() -> None:
    async def asked(secret: str) -> list[State]:
        async with TeamsStandin() as teams:
            held = {**GOOD, "teams_app_secret": SecretStr(secret), "teams_standin_url": teams.url}
            return [found.state for found in await check_teams(settings(**held))]

    assert asyncio.run(asked("standin-secret")) == [State.FINE, State.FINE, State.NOTE]
    assert asyncio.run(asked("wrong")) == [State.FINE, State.FAULT, State.NOTE]


def test_the_doctor_names_what_is_missing_and_asks_nothing_then() -> None:
    found = asyncio.run(check_teams(settings(teams_app_id=ID)))
    assert [one.state for one in found] == [State.FAULT, State.FAULT, State.SKIPPED]
