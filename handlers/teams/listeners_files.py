"""Listeners for files: somebody agreed to one, or did not."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.domain.names import MessageId
from bot.screens import Note
from handlers.desk.wishes import Wish, text_at
from handlers.teams.desk import TeamsDesk

Body = Mapping[str, Any]


async def answered(desk: TeamsDesk, wish: Wish, body: Body) -> None:
    """Brings the file once they agree; else, and where it cannot be brought, its text."""
    value = body.get("value")
    offered = desk.platform.files.taken(text_at(value, "context", "token"), wish.who.account)
    if offered is None:
        await desk.answers.whisper(wish, Note("teams.file.gone", good=False))
        return
    upload = value.get("uploadInfo") if isinstance(value, Mapping) and text_at(value, "action") == "accept" else None
    card = MessageId(text_at(body, "replyToId"))
    desk.later(desk.platform.hand_over(offered, card, upload if isinstance(upload, Mapping) else {}))
