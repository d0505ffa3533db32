"""The manifest against the limits of Slack's own reference, and against what the program uses."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from handlers.slack.listeners_events import EVENTS as LISTENED
from handlers.slack.manifest import EVENTS, OPTIONAL_SCOPES, SCOPES, manifest

HTTP = "https://ideas.example.org"


@pytest.fixture(params=["en", "fr"])
def told(request: pytest.FixtureRequest) -> dict[str, Any]:
    return manifest(language=request.param)


def test_its_texts_fit_in_slack(told: dict[str, Any]) -> None:
    display, features = told["display_information"], told["features"]
    command = features["slash_commands"][0]
    assert len(display["name"]) <= 35
    assert len(display["description"]) <= 140
    assert 174 <= len(display["long_description"]) <= 4000
    assert len(command["description"]) <= 2000
    assert len(command["usage_hint"]) <= 1000
    assert all(len(each["name"]) <= 24 and len(each["description"]) <= 150 for each in features["shortcuts"])
    assert all(len(each["callback_id"]) <= 255 for each in features["shortcuts"])


def test_it_asks_for_eleven_permissions_and_three_optional_ones(told: dict[str, Any]) -> None:
    scopes = told["oauth_config"]["scopes"]
    assert set(scopes) == {"bot", "bot_optional"}, "nothing in the name of a person"
    assert scopes["bot"] == list(SCOPES)
    assert len(scopes["bot"]) == 11
    assert scopes["bot_optional"] == list(OPTIONAL_SCOPES)


def test_every_event_it_asks_for_is_listened_to_and_every_listener_hears_its_event() -> None:
    messages = {"message.channels", "message.groups", "message.im"}
    assert set(EVENTS) - messages == set(LISTENED) - {"user_change"}
    assert messages <= set(EVENTS)


def test_over_a_socket_it_names_no_address(told: dict[str, Any]) -> None:
    assert told["settings"]["socket_mode_enabled"] is True
    assert "http" not in json.dumps({k: v for k, v in told.items() if k != "display_information"})


def test_over_http_everything_comes_to_one_address() -> None:
    told = manifest(HTTP + "/")
    command, settings = told["features"]["slash_commands"][0], told["settings"]
    address = f"{HTTP}/slack/events"
    assert settings["socket_mode_enabled"] is False
    assert [command["url"], settings["event_subscriptions"]["request_url"]] == [address] * 2
    assert settings["interactivity"]["request_url"] == address


def test_people_can_write_to_the_bot(told: dict[str, Any]) -> None:
    home = told["features"]["app_home"]
    assert home["messages_tab_enabled"] is True
    assert home["messages_tab_read_only_enabled"] is False


def test_both_languages_ask_for_the_same_things() -> None:
    def shape(value: object) -> object:
        if isinstance(value, dict):
            return {name: shape(inner) for name, inner in value.items()}
        return [shape(inner) for inner in value] if isinstance(value, list) else type(value)

    english, french = manifest(language="en"), manifest(language="fr")
    assert shape(english) == shape(french)
    assert english["settings"] == french["settings"]
    assert english["oauth_config"] == french["oauth_config"]
    assert english["features"]["shortcuts"] != french["features"]["shortcuts"]


def test_french_words_follow_french_typography() -> None:
    said = json.dumps(manifest(language="fr")["display_information"], ensure_ascii=False)
    assert "\u202f;" in said
    assert " ;" not in said
    assert "\u00a0:" in said


@pytest.mark.parametrize("lang", ["en", "fr"])
def test_the_link_carries_the_whole_manifest_and_fits_in_an_address(lang: str) -> None:
    printed = ideahunt("manifest", "--link", "--lang", lang).stdout.strip()
    query = parse_qs(urlsplit(printed).query)
    assert printed.startswith("https://api.slack.com/apps?new_app=1&manifest_json=")
    assert json.loads(query["manifest_json"][0]) == manifest(language=lang)
    assert len(printed) < 8000


def test_the_command_prints_json_for_slack() -> None:
    assert json.loads(ideahunt("manifest").stdout) == manifest()
    assert json.loads(ideahunt("manifest", "--http", HTTP, "--lang", "fr").stdout) == manifest(HTTP, "fr")


@pytest.mark.parametrize("wrong", [("--lang", "de"), ("--http", "http://example.org")])
def test_the_command_says_what_it_cannot_take(wrong: tuple[str, str]) -> None:
    ended = ideahunt("manifest", *wrong, check=False)
    assert ended.returncode == 2
    assert ended.stdout == ""
    assert "→" in ended.stderr
    assert "Traceback" not in ended.stderr


def ideahunt(*arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot", *arguments]
    return subprocess.run(command, capture_output=True, encoding="utf-8", check=check)
