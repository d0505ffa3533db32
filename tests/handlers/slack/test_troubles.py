"""Slack's refusals, each sorted into what the courier does about it."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.errors import SlackApiError

from handlers.platform import (
    Ambiguous,
    BadPayload,
    MessageGone,
    NotInvited,
    PersonUnreachable,
    RoomGone,
    TenantDead,
    Wait,
)
from handlers.slack.troubles import DEFAULT_WAIT, MOST_WAIT, patience, trouble


class Answer:
    """A response as slack_sdk holds it."""

    def __init__(self, data: object, status: int = 200, headers: dict[str, str] | None = None) -> None:
        self.data = data
        self.status_code = status
        self.headers = headers or {}


def sorted_into(data: object, status: int = 200, **headers: str) -> Any:
    return trouble("chat.postMessage", SlackApiError("no", Answer(data, status, headers)))  # type: ignore[no-untyped-call]


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("internal_error", Ambiguous),
        ("fatal_error", Ambiguous),
        ("request_timeout", Ambiguous),
        ("service_unavailable", Ambiguous),
        ("not_in_channel", NotInvited),
        ("channel_not_found", NotInvited),
        ("is_archived", RoomGone),
        ("restricted_action", RoomGone),
        ("ekm_access_denied", RoomGone),
        ("messages_tab_disabled", PersonUnreachable),
        ("cannot_dm_bot", PersonUnreachable),
        ("user_disabled", PersonUnreachable),
        ("token_revoked", TenantDead),
        ("account_inactive", TenantDead),
        ("invalid_auth", TenantDead),
        ("message_not_found", MessageGone),
        ("cant_update_message", MessageGone),
        ("invalid_blocks", BadPayload),
        ("msg_too_long", BadPayload),
        ("missing_scope", BadPayload),
        ("a_word_of_next_year", BadPayload),
        ("ratelimited", Wait),
        ("org_login_required", Wait),
    ],
)
def test_sorts_errors_by_what_to_do(word: str, kind: type[Exception]) -> None:
    found = sorted_into({"ok": False, "error": word})
    assert type(found) is kind
    assert str(found) == word


@pytest.mark.parametrize("data", [None, {}, "<html>", b"gz", {"ok": False, "error": None}])
def test_an_answer_that_says_nothing_is_ambiguous(data: object) -> None:
    assert type(sorted_into(data)) is Ambiguous


def test_a_server_error_is_ambiguous_whatever_it_says() -> None:
    assert type(sorted_into({"ok": False, "error": "is_archived"}, 503)) is Ambiguous


@pytest.mark.parametrize(
    ("header", "seconds"),
    [
        ("30", 30.0),
        ("0", 1.0),
        ("-5", 1.0),
        ("abc", DEFAULT_WAIT),
        (None, DEFAULT_WAIT),
        ("nan", DEFAULT_WAIT),
        ("inf", DEFAULT_WAIT),
        ("86400", MOST_WAIT),
        ("9" * 400, DEFAULT_WAIT),
    ],
)
def test_waits_within_sane_bounds(header: str | None, seconds: float) -> None:
    assert patience(header) == seconds


def test_a_429_closes_the_gate_it_came_from() -> None:
    answer = Answer({"ok": False, "error": "ratelimited"}, 429, {"Retry-After": "7"})
    found = trouble("chat.postMessage", SlackApiError("no", answer), "C1")  # type: ignore[no-untyped-call]
    assert isinstance(found, Wait)
    assert (found.seconds, found.gate) == (7.0, "C1")
