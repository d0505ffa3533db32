"""File cards as Teams takes them: one that asks for consent, one of a file that is there."""

from __future__ import annotations

from standins.teams.wire import Json, Refused

CONSENT = "application/vnd.microsoft.teams.card.file.consent"
INFO = "application/vnd.microsoft.teams.card.file.info"
KINDS = frozenset({CONSENT, INFO})


def check(card: Json) -> Json:
    """The card. Raises Refused for one without what its kind must have."""
    content = card.get("content") or {}
    good = bool(card.get("name"))
    if card.get("contentType") == CONSENT:
        good &= isinstance(content.get("sizeInBytes"), int) and content["sizeInBytes"] > 0
        good &= bool(content.get("description")) and "acceptContext" in content and "declineContext" in content
    else:
        good &= bool(card.get("contentUrl") and content.get("uniqueId") and content.get("fileType"))
    if not good:
        raise Refused(400, "BadArgument", "a file card without what it must have")
    return card
