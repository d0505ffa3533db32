"""Settings: where they come from, how a wrong one is named, and that none is ever shown."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from bot.cli.problems import Stopped
from bot.cli.settings import (
    APP,
    BOT,
    SECRET,
    Settings,
    environment_name,
    known_secrets,
    mistyped_names,
    read_settings,
)

ROOT = Path(__file__).parents[2]
GOOD_BOT, GOOD_APP = "xoxb-1-2-canarybird", "xapp-1-A1-2-canarybird"


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for name in os.environ:
        if name.startswith(("IDEAHUNT_", "SLACK_")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def problems_of(stopped: pytest.ExceptionInfo[Stopped]) -> str:
    return "\n".join(f"{problem.what} {problem.fix}" for problem in stopped.value.problems)


@pytest.mark.parametrize("name", ["IDEAHUNT_SLACK_BOT_TOKEN", "SLACK_BOT_TOKEN", "SLACK_CLI_XOXB"])
def test_a_token_is_read_under_our_name_and_under_slacks(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, f" {GOOD_BOT}\n")
    monkeypatch.setenv("SLACK_APP_TOKEN", GOOD_APP)
    assert read_settings().slack_keys().bot_token.get_secret_value() == GOOD_BOT


def test_our_own_name_wins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-somebody-elses")
    monkeypatch.setenv(BOT, GOOD_BOT)
    monkeypatch.setenv(APP, GOOD_APP)
    assert read_settings().slack_keys().bot_token.get_secret_value() == GOOD_BOT


def test_a_file_is_read_and_the_environment_wins_over_it(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_text("IDEAHUNT_HTTP_PORT=9000\nIDEAHUNT_LANGUAGE=FR\nANOTHER=1\n", "utf-8")
    monkeypatch.setenv("IDEAHUNT_HTTP_PORT", "9001")
    settings = read_settings()
    assert (settings.http_port, settings.language) == (9001, "fr")


def test_an_empty_value_is_no_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IDEAHUNT_DATABASE_URL", "")
    monkeypatch.setenv("IDEAHUNT_HTTP_PORT", "")
    assert read_settings().database == f"sqlite:///{Path('data/ideahunt.db')}"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("slack_transport", "canary-pigeon"),
        ("slack_api_url", "canary.example.org"),
        ("database_url", "mysql://canary:canary@host/db"),
        ("database_url", "sqlite:///:memory:"),
        ("database_url", "canary"),
        ("http_port", "canary"),
        ("http_port", "70000"),
        ("language", "canary"),
        ("time_zone", "Europe/Canary"),
        ("time_zone", "../canary"),
        ("log_level", "canary"),
        ("log_format", "canary"),
    ],
)
def test_a_wrong_value_is_named_and_not_shown(field: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(environment_name(field), value)
    with pytest.raises(Stopped) as stopped:
        read_settings()
    told = problems_of(stopped)
    assert environment_name(field) in told
    assert value not in told
    assert stopped.value.__cause__ is None
    assert stopped.value.__suppress_context__, "a traceback would show what was typed"


@pytest.mark.parametrize("model", ["", "  "])
def test_an_endpoint_without_the_name_of_a_model_is_refused_at_start(
    monkeypatch: pytest.MonkeyPatch, model: str
) -> None:
    monkeypatch.setenv("IDEAHUNT_EMBEDDINGS_URL", "https://models.example/v1")
    monkeypatch.setenv("IDEAHUNT_EMBEDDINGS_MODEL", model)
    with pytest.raises(Stopped) as stopped:
        read_settings()
    assert "IDEAHUNT_EMBEDDINGS_MODEL is missing, and IDEAHUNT_EMBEDDINGS_URL is set" in problems_of(stopped)
    monkeypatch.setenv("IDEAHUNT_EMBEDDINGS_MODEL", "large")
    assert read_settings().embeddings_model == "large"


def test_every_wrong_setting_is_told_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IDEAHUNT_HTTP_PORT", "canary")
    monkeypatch.setenv("IDEAHUNT_LANGUAGE", "canary")
    with pytest.raises(Stopped) as stopped:
        read_settings()
    assert len(stopped.value.problems) == 2


def test_a_file_that_is_no_text_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    Path(".env").write_bytes(b"SLACK_BOT_TOKEN=\xff\xfe\n")
    with pytest.raises(Stopped, match=r"\.env cannot be read"):
        read_settings()


def test_the_key_of_an_endpoint_is_kept_from_a_traceback_also_where_another_setting_is_wrong(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("IDEAHUNT_EMBEDDINGS_KEY", "sesame")
    assert "sesame" in read_settings().secrets
    monkeypatch.setenv("IDEAHUNT_HTTP_PORT", "canary")
    assert known_secrets() == {"sesame"}
    monkeypatch.setenv("IDEAHUNT_EMBEDDINGS_URL", "canary")
    assert known_secrets() == frozenset()


# --- tokens


def told_of(**fields: str) -> str:
    with pytest.raises(Stopped) as stopped:
        Settings(_env_file=None, **fields).slack_keys()
    return problems_of(stopped)


def test_missing_tokens_are_told_together_with_where_to_find_them() -> None:
    told = told_of()
    assert f"{BOT} is missing" in told
    assert f"{APP} is missing" in told
    assert "OAuth & Permissions" in told
    assert "Basic Information" in told


def test_swapped_tokens_are_recognised() -> None:
    told = told_of(slack_bot_token=GOOD_APP, slack_app_token=GOOD_BOT)
    assert "each other's" in told
    assert "Swap" in told


@pytest.mark.parametrize(
    ("token", "kind"),
    [
        ("xapp-1-canarybird", "an app-level token"),
        ("xoxp-1-canarybird", "a user token"),
        ("xoxe.xoxb-1-canarybird", "a token that expires"),
        ("canarybird", "does not hold a bot token."),
        ("xoxb-", "not a whole token"),
        ("xoxb-1 canarybird", "not a whole token"),
        ("“xoxb-1-canarybird”", "does not hold a bot token"),
    ],
)
def test_what_is_no_bot_token_is_named_by_its_kind(token: str, kind: str) -> None:
    told = told_of(slack_bot_token=token, slack_app_token=GOOD_APP)
    assert kind in told
    assert "canarybird" not in told


def test_over_http_a_signing_secret_is_needed_and_an_app_token_is_not() -> None:
    assert f"{SECRET} is missing" in told_of(slack_bot_token=GOOD_BOT, slack_transport="http")
    settings = Settings(
        _env_file=None, slack_bot_token=GOOD_BOT, slack_transport="http", slack_signing_secret="canarybird"
    )
    assert settings.slack_keys().signing_secret.get_secret_value() == "canarybird"


def test_a_token_in_the_place_of_the_secret_is_recognised() -> None:
    fields = {"slack_bot_token": GOOD_BOT, "slack_app_token": GOOD_APP}
    assert "holds a token" in told_of(**fields, slack_signing_secret=GOOD_BOT)


# --- never shown


def test_no_secret_shows_in_a_repr_or_a_dump() -> None:
    settings = Settings(
        _env_file=None,
        slack_bot_token=GOOD_BOT,
        slack_app_token=GOOD_APP,
        slack_signing_secret="canarybird",
        database_url="postgres://user:canary%40bird@host/ideahunt?options=canarybird",
    )
    shown = f"{settings!r} {settings} {settings.model_dump()} {settings.slack_keys()!r} {settings.database_shown}"
    assert "canary" not in shown.replace("canarybird_", "")
    assert settings.database_shown == "postgresql+psycopg://user:***@host/ideahunt"
    assert {GOOD_BOT, GOOD_APP, "canarybird", "canary%40bird"} <= settings.secrets


def test_settings_cannot_be_changed() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Settings(_env_file=None).http_port = 1  # type: ignore[misc]


# --- names


def test_a_mistyped_name_is_told_with_the_nearest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("IDEAHUNT_DATABSE_URL", "x")
    monkeypatch.setenv("IDEAHUNT_HTTP_PORT", "8080")
    Path(".env").write_text("IDEAHUNT_WOLLMILCHSAU=1\n", "utf-8")
    assert [problem.what.split()[0] for problem in mistyped_names()] == [
        "IDEAHUNT_DATABSE_URL",
        "IDEAHUNT_WOLLMILCHSAU",
    ]
    assert mistyped_names()[0].fix == "Write IDEAHUNT_DATABASE_URL instead."


def test_the_page_and_the_example_name_every_setting_and_no_other() -> None:
    names = {environment_name(field) for field in Settings.model_fields}
    page = (ROOT / "docs" / "settings.md").read_text("utf-8")
    example = (ROOT / ".env.example").read_text("utf-8")
    assert set(re.findall(r"`(IDEAHUNT_[A-Z_]+)`", page)) - {"IDEAHUNT_TEST_PG_URL"} == names
    assert set(re.findall(r"(?m)^# ?(IDEAHUNT_[A-Z_]+)=|^(IDEAHUNT_[A-Z_]+)=", example)) != set()
    assert {a or b for a, b in re.findall(r"(?m)^# ?(IDEAHUNT_[A-Z_]+)=|^(IDEAHUNT_[A-Z_]+)=", example)} == names


def test_the_page_tells_the_default_of_every_setting() -> None:
    page = (ROOT / "docs" / "settings.md").read_text("utf-8")
    told = {
        environment_name(name): str(field.default)
        for name, field in Settings.model_fields.items()
        if field.default is not None
    }
    rows = dict(re.findall(r"(?m)^\| `(IDEAHUNT_[A-Z_]+)` \| ([^|]*) \|", page))
    assert {name: default for name, default in told.items() if f"`{default}`" not in rows[name]} == {}
