"""Slack's refusals sorted into the platform's troubles (the classes of the design's reliability.md §4.3)."""

from __future__ import annotations

import math
from collections.abc import Mapping

from slack_sdk.errors import SlackApiError

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

LEAST_WAIT, MOST_WAIT, DEFAULT_WAIT = 1.0, 600.0, 10.0
"""Seconds; what Slack asks for is kept within these bounds, whatever the header says."""
MOVING_WAIT = 3600.0
TOO_FAST = frozenset({"ratelimited", "rate_limited", "message_limit_exceeded"})
MOVING = frozenset({"team_added_to_org", "org_login_required"})
UNSURE = frozenset(
    {"internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_access_not_granted"}
)
DEAD = frozenset({"token_revoked", "token_expired", "account_inactive", "invalid_auth", "not_authed"})
OUTSIDE = frozenset({"not_in_channel", "channel_not_found", "method_not_supported_for_channel_type"})
CLOSED = frozenset(
    {
        "is_archived",
        "restricted_action",
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
        "restricted_action_non_threadable_channel",
        "restricted_action_thread_locked",
        "ekm_access_denied",
        "channel_type_not_supported",
    }
)
UNREACHABLE = frozenset(
    {
        "messages_tab_disabled",
        "cannot_dm_bot",
        "user_disabled",
        "user_not_found",
        "users_not_found",
        "user_not_visible",
        "recipient_disabled",
    }
)
LOST = frozenset(
    {"message_not_found", "cant_update_message", "edit_window_closed", "thread_not_found", "bad_timestamp"}
)
SORTED: Mapping[str, type[Trouble]] = {
    **dict.fromkeys(UNSURE, Ambiguous),
    **dict.fromkeys(DEAD, TenantDead),
    **dict.fromkeys(OUTSIDE, NotInvited),
    **dict.fromkeys(CLOSED, RoomGone),
    **dict.fromkeys(UNREACHABLE, PersonUnreachable),
    **dict.fromkeys(LOST, MessageGone),
}
NOT_OK = 300
BROKEN = 500
TOO_MANY = 429


def trouble(method: str, error: SlackApiError, gate: str = "") -> Trouble:
    """The trouble behind an error of the Web API. `gate` is what a wait closes; the method where nothing is given."""
    response = error.response
    answered = getattr(response, "data", None)
    word = str(answered.get("error") or "") if isinstance(answered, dict) else ""
    status = int(getattr(response, "status_code", 0) or 0)
    if status == TOO_MANY or word in TOO_FAST:
        headers = getattr(response, "headers", None) or {}
        return Wait(word or "ratelimited", patience(headers.get("Retry-After")), gate or method)
    if word in MOVING:
        return Wait(word, MOVING_WAIT, gate or method)
    if status >= BROKEN or not word:
        return Ambiguous(word or f"status {status}")
    return SORTED.get(word, BadPayload)(word)


def patience(asked: object) -> float:
    """Seconds to wait, out of a `Retry-After` header that may be missing, 0, a word, or a whole day."""
    try:
        seconds = float(str(asked))
    except ValueError:
        return DEFAULT_WAIT
    if not math.isfinite(seconds):
        return DEFAULT_WAIT
    return min(max(seconds, LEAST_WAIT), MOST_WAIT)
