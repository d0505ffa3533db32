"""The connector's refusals sorted into the platform's troubles (the classes of the design's reliability.md §4.3)."""

from __future__ import annotations

from collections.abc import Mapping

import httpx

from handlers.platform import (
    Ambiguous,
    BadPayload,
    MessageGone,
    NotInvited,
    PersonUnreachable,
    RoomGone,
    TenantDead,
    Trouble,
    Wait,
)

LEAST_WAIT, MOST_WAIT, DEFAULT_WAIT = 1.0, 600.0, 5.0
"""Seconds; what Teams asks for is kept within these bounds, whatever the header says."""
TOO_BIG = "MessageSizeTooBig"
UNSURE = frozenset({408, 412, 500, 502, 503, 504})
"""A 502 may hide a message that was delivered: it is not said again before it was looked for, where that can be."""
BY_CODE: Mapping[str, type[Trouble]] = {
    "BotNotInConversationRoster": NotInvited,
    "MessageWritesBlocked": PersonUnreachable,
    "ConversationBlockedByUser": PersonUnreachable,
    "ConversationNotFound": RoomGone,
    "BotDisabledByAdmin": RoomGone,
    "ForbiddenOperationException": RoomGone,
    "ActivityNotFoundInConversation": MessageGone,
    "MessageNotFound": MessageGone,
}
BY_STATUS: Mapping[int, type[Trouble]] = {401: TenantDead, 403: NotInvited, 404: RoomGone, 413: BadPayload}


def trouble(error: Exception, conversation: str) -> Trouble:
    """The trouble behind an error of a call."""
    if not isinstance(error, httpx.HTTPStatusError):
        return Ambiguous(type(error).__name__)
    answer = error.response
    code = code_of(answer)
    if answer.status_code == httpx.codes.TOO_MANY_REQUESTS:
        return Wait(code or "TooManyRequests", patience(answer.headers.get("Retry-After")), conversation)
    if answer.status_code in UNSURE:
        return Ambiguous(code or f"status {answer.status_code}")
    if answer.status_code == httpx.codes.REQUEST_ENTITY_TOO_LARGE:
        return BadPayload(TOO_BIG)
    kind = BY_CODE.get(code) or BY_STATUS.get(answer.status_code, BadPayload)
    return kind(code or f"status {answer.status_code}")


def code_of(answer: httpx.Response) -> str:
    """The connector's own word for it."""
    try:
        found = answer.json()
    except ValueError:
        return ""
    error = found.get("error") if isinstance(found, dict) else None
    code = error.get("code") if isinstance(error, dict) else None
    return code if isinstance(code, str) else ""


def patience(asked: object) -> float:
    """Seconds to wait, out of a `Retry-After` header that may be missing, 0, a word, or a whole day."""
    try:
        seconds = float(str(asked))
    except ValueError:
        return DEFAULT_WAIT
    return min(max(seconds, LEAST_WAIT), MOST_WAIT) if seconds == seconds else DEFAULT_WAIT  # noqa: PLR0124 - not a number
