"""The log: its two shapes, and that no secret comes through it."""

from __future__ import annotations

import io
import json
import logging
import warnings
from collections.abc import Iterator

import pytest

from bot.cli.logs import HIDDEN, Redactor, start_logging


@pytest.fixture(autouse=True)
def as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    logging.captureWarnings(False)
    root.handlers[:] = handlers
    root.setLevel(level)


@pytest.mark.parametrize(
    "text",
    [
        "token xoxb-12345-canary used",
        "xapp-1-A01-22-canary",
        "refresh xoxe.xoxp-1-canary",
        "postgresql+psycopg://user:canary@host/db",
        "wss://wss-primary.slack.com/link/?ticket=canary&app_id=A1",
        "https://hooks.slack.com/commands/T1/2/canary",
        "the signing secret is s3cr3t-canary!",
    ],
)
def test_what_looks_like_a_secret_is_hidden(text: str) -> None:
    hidden = Redactor({"s3cr3t-canary!"})(text)
    assert "canary" not in hidden
    assert HIDDEN in hidden


def test_what_is_no_secret_is_left_alone() -> None:
    plain = "https://slack.com/api/chat.postMessage answered 200 in 12 ms at 10:30:00, <mailto:a@b.c>"
    assert Redactor({""})(plain) == plain


@pytest.mark.parametrize("shape", ["console", "json"])
def test_secrets_are_hidden_in_messages_fields_and_tracebacks(shape: str) -> None:
    out = io.StringIO()
    start_logging("DEBUG", shape, {"canary"}, out)
    try:
        {}["xoxb-canary in an error, canary itself too"]
    except KeyError:
        logging.getLogger("bot.x").exception("it failed with %s", "canary", extra={"room": "canary", "ms": 3})
    assert "canary" not in out.getvalue()
    assert "KeyError" in out.getvalue()


def test_json_lines_can_be_read_by_a_program() -> None:
    out = io.StringIO()
    start_logging("INFO", "json", {"null"}, out)
    logging.getLogger("bot.x").warning('a "null"\nline', extra={"hunt": "abc", "ms": 3, "none": None})
    line = json.loads(out.getvalue())
    assert line["message"] == f'a "{HIDDEN}"\nline'
    assert (line["level"], line["logger"], line["hunt"], line["ms"], line["none"]) == (
        "WARNING",
        "bot.x",
        "abc",
        3,
        None,
    )
    assert line["at"].endswith("Z")


def test_the_console_shows_the_fields_behind_the_sentence() -> None:
    out = io.StringIO()
    start_logging("INFO", "console", (), out)
    logging.getLogger("bot.x").info("Ready", extra={"port": 8080})
    assert out.getvalue().endswith("INFO    bot.x: Ready  port=8080\n")


def test_libraries_that_print_whole_requests_stay_quiet_at_debug() -> None:
    out = io.StringIO()
    start_logging("DEBUG", "console", (), out)
    for name in ("slack_sdk.web.async_client", "aiohttp.client", "sqlalchemy.engine", "asyncio"):
        logging.getLogger(name).debug("body: an idea")
        logging.getLogger(name).info("body: an idea")
    logging.getLogger("handlers.slack").debug("ours")
    assert "an idea" not in out.getvalue()
    assert "ours" in out.getvalue()


def test_warnings_of_the_interpreter_come_through_the_log() -> None:
    out = io.StringIO()
    start_logging("INFO", "console", (), out)
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(True)
        warnings.warn("canary", UserWarning, stacklevel=1)
    assert "canary" in out.getvalue()
