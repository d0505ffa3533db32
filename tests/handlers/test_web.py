"""The guard before Slack's requests: bytes, kind, signature, shape; quickly, and without a word of the body."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import logging
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

import pytest
from pydantic import SecretStr
from starlette.applications import Starlette
from starlette.routing import Route

from handlers.web import Guard, Web

SECRET = "canary-signing-secret"
NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
STAMP = str(int(NOW.timestamp()))
EVENT = b'{"type":"event_callback","event":{"type":"message","text":"canary words"}}'


def signed(body: bytes, stamp: str = STAMP, secret: str = SECRET) -> dict[str, str]:
    base = b"v0:" + stamp.encode() + b":" + body
    signature = "v0=" + hmac.new(secret.encode(), base, hashlib.sha256).hexdigest()
    return {"x-slack-request-timestamp": stamp, "x-slack-signature": signature, "content-type": "application/json"}


class Answered:
    """What an ASGI application answered, and what arrived behind the guard."""

    def __init__(self) -> None:
        self.status = 0
        self.body = b""
        self.taken: list[dict[str, Any]] = []


def ask(body: bytes, headers: Mapping[str, str], chunk: int = 65_536) -> Answered:
    """Posts a body to the application, a chunk at a time."""
    answered = Answered()

    async def take(payload: dict[str, Any], _: Mapping[str, str]) -> tuple[int, str, str]:
        answered.taken.append(payload)
        return 200, "application/json", '{"response_action":"clear"}'

    web = Web(None, Guard(SecretStr(SECRET), lambda: NOW), take)  # type: ignore[arg-type]  # health is not asked here
    app = Starlette(routes=[Route("/slack/events", web.slack, methods=["POST"])])
    pieces = [body[at : at + chunk] for at in range(0, len(body), chunk)] or [b""]

    async def receive() -> dict[str, Any]:
        piece = pieces.pop(0)
        return {"type": "http.request", "body": piece, "more_body": bool(pieces)}

    async def send(message: Mapping[str, Any]) -> None:
        answered.status = message.get("status", answered.status)
        answered.body += message.get("body", b"")

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/slack/events",
        "query_string": b"",
        "headers": [(name.encode(), value.encode("utf-8")) for name, value in headers.items()],
    }
    asyncio.run(app(scope, receive, send))
    return answered


def test_lets_in_what_slack_signed() -> None:
    answered = ask(EVENT, signed(EVENT))
    assert answered.status == 200
    assert answered.taken[0]["event"]["text"] == "canary words"


def test_lets_in_interactions_and_commands() -> None:
    form = {"content-type": "application/x-www-form-urlencoded"}
    pressed = urlencode({"payload": '{"type":"block_actions","actions":[],"text":"é & ü"}'}).encode()
    typed = urlencode({"command": "/ideahunt", "text": "idée : 100 % d'accord + é"}).encode()
    assert ask(pressed, signed(pressed) | form).taken == [{"type": "block_actions", "actions": [], "text": "é & ü"}]
    assert ask(typed, signed(typed) | form).taken == [{"command": "/ideahunt", "text": "idée : 100 % d'accord + é"}]


def test_answers_the_question_who_we_are() -> None:
    body = b'{"type":"url_verification","challenge":"3eZbrw1a"}'
    answered = ask(body, signed(body))
    assert (answered.status, answered.body) == (200, b'{"challenge":"3eZbrw1a"}')


@pytest.mark.parametrize("late", [-301, 301, 86_400])
def test_refuses_a_stale_or_early_signature(late: int) -> None:
    answered = ask(EVENT, signed(EVENT, str(int(NOW.timestamp()) + late)))
    assert (answered.status, answered.body, answered.taken) == (401, b"", [])


def test_takes_a_signature_five_minutes_old() -> None:
    assert ask(EVENT, signed(EVENT, str(int(NOW.timestamp()) - 300))).status == 200


@pytest.mark.parametrize("stamp", ["", "abc", "NaN", "1e9", "-5", " 12", "9" * 400, "١٢٣"])
def test_refuses_a_strange_timestamp(stamp: str) -> None:
    assert ask(EVENT, signed(EVENT) | {"x-slack-request-timestamp": stamp}).status == 401


@pytest.mark.parametrize(
    "signature", ["", "v0=", "v1=" + "a" * 64, "v0=" + "é" * 64, "v0=" + "a" * 63, "v0=" + "A" * 64]
)
def test_refuses_a_strange_signature(signature: str) -> None:
    assert ask(EVENT, signed(EVENT) | {"x-slack-signature": signature}).status == 401


def test_refuses_a_forged_signature_and_other_bytes() -> None:
    assert ask(EVENT, signed(EVENT, secret="another")).status == 401
    assert ask(EVENT + b" ", signed(EVENT)).status == 401


def test_refuses_requests_without_the_headers() -> None:
    assert ask(EVENT, {"content-type": "application/json"}).status == 401


@pytest.mark.parametrize("body", [b"", b"null", b"[]", b"3", b"{", b"[" * 100_000, b'{"a":' * 90_000, b"\xff\xfe{}"])
def test_refuses_what_is_no_object_quickly(body: bytes) -> None:
    assert ask(body, signed(body)).status == 400


def test_refuses_an_object_nested_deeper_than_any_payload() -> None:
    body = b'{"a":' * 150 + b"1" + b"}" * 150
    assert ask(body, signed(body)).status == 400


@pytest.mark.parametrize("form", [b"payload=null", b"payload=[]", b"payload=%ff", b"\xc3\xa9=1"])
def test_refuses_a_form_that_is_none(form: bytes) -> None:
    headers = signed(form) | {"content-type": "application/x-www-form-urlencoded"}
    assert ask(form, headers).status == 400


def test_refuses_a_body_over_a_megabyte_before_reading_it_whole() -> None:
    body = b" " * (2 * 1024 * 1024)
    assert ask(body, signed(body)).status == 413


@pytest.mark.parametrize("header", [{"content-type": "text/xml"}, {"content-encoding": "gzip"}, {"content-type": ""}])
def test_refuses_other_kinds_and_anything_packed(header: dict[str, str]) -> None:
    assert ask(EVENT, signed(EVENT) | header).status == 415


def test_the_body_and_the_secret_are_in_no_log(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        ask(EVENT, signed(EVENT, secret="another"))
        ask(EVENT, signed(EVENT))
    assert "canary" not in caplog.text
