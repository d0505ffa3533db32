"""How fast one person may post: enough for anybody typing, too little for a flood."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.domain.errors import TooManyIdeas
from bot.domain.hunt import Hunt
from bot.domain.names import PersonId
from bot.ports import Unit

A_MINUTE = 10
A_HUNT = 200


def expect_pace(unit: Unit, hunt: Hunt, person: PersonId, now: datetime) -> None:
    """Raises TooManyIdeas beyond 10 ideas a minute or 200 a hunt under one name (reliability: abuse limits)."""
    if unit.ideas.posted_since(hunt.tenant, hunt.id, person, now - timedelta(minutes=1)) >= A_MINUTE:
        raise TooManyIdeas(A_MINUTE, "minute")
    if unit.ideas.posted_since(hunt.tenant, hunt.id, person, hunt.created_at) >= A_HUNT:
        raise TooManyIdeas(A_HUNT, "hunt")
