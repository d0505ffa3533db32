"""How the bot's log is written: for people or as JSON lines, and never with a secret in it."""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import TextIO

CHATTY = (
    "slack_sdk",
    "slack_bolt",
    "aiohttp",
    "asyncio",
    "apscheduler",
    "sqlalchemy",
    "alembic",
    "uvicorn",
    "httpx",
    "msal",
)
"""Libraries kept at WARNING: at DEBUG slack_sdk prints whole requests, people's words and tokens included."""

SHAPES = re.compile(
    r"""
      (?:xox[a-zA-Z]|xapp|xoxe\.xox[a-z])-[\w.-]{4,}      # tokens
    | (?<=://)[^/\s:@]*:[^/\s@]+(?=@)                     # user:password of an address
    | (?<=[?&]ticket=)[^&\s"']+                           # a socket's one-time ticket
    | (?<=hooks\.slack\.com/)[\w./-]+                     # an address anybody may post to
    """,
    re.VERBOSE,
)
HIDDEN = "[hidden]"
LEAST_SECRET = 4
"""A shorter secret is nobody's, and hiding it would spoil every line."""
OWN_FIELDS = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName", "color_message"}


class Redactor:
    """Hides what looks like a secret, and the secrets it was told."""

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        known = sorted((s for s in secrets if len(s) >= LEAST_SECRET), key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def __call__(self, text: str) -> str:
        """The text without secrets."""
        text = SHAPES.sub(HIDDEN, text)
        return self._known.sub(HIDDEN, text) if self._known else text


class ConsoleFormatter(logging.Formatter):
    """One line a record for people's eyes, with the record's own fields behind; redacted as a whole."""

    def __init__(self, redact: Redactor) -> None:
        super().__init__("%(asctime)s %(levelname)-7s %(name)s: %(message)s", "%H:%M:%S")
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        drawn = super().format(record)
        fields = " ".join(f"{name}={value}" for name, value in _fields(record).items())
        first, *rest = drawn.split("\n")
        return self._redact("\n".join([f"{first}  {fields}" if fields else first, *rest]))


class JsonFormatter(logging.Formatter):
    """One JSON object a record: `at` (UTC), `level`, `logger`, `message`, the record's own fields, `error`."""

    def __init__(self, redact: Redactor) -> None:
        super().__init__()
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        line = {
            "at": at.replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **_fields(record),
        }
        if record.exc_info:
            line["error"] = self.formatException(record.exc_info)
        # Each text alone, so that hiding a part never breaks the JSON around it.
        safe = {name: self._redact(v) if isinstance(v, str) else v for name, v in line.items()}
        return json.dumps(safe, ensure_ascii=False, default=lambda v: self._redact(str(v)))


def _fields(record: logging.LogRecord) -> dict[str, object]:
    return {name: value for name, value in vars(record).items() if name not in OWN_FIELDS}


def start_logging(level: str, shape: str, secrets: Iterable[str], out: TextIO | None = None) -> None:
    """Sends every record of the process to `out` (standard error by default), at `level` and above, redacted."""
    redact = Redactor(secrets)
    handler = logging.StreamHandler(out or sys.stderr)
    handler.setFormatter(JsonFormatter(redact) if shape == "json" else ConsoleFormatter(redact))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    logging.captureWarnings(True)
    for name in CHATTY:
        logging.getLogger(name).setLevel(max(logging.WARNING, root.level))
