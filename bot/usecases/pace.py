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
    # The whole first: who has posted little in it has posted little in the last minute too, and is not asked twice.
    posted = unit.ideas.posted_since(hunt.tenant, hunt.id, person, hunt.created_at)
    if posted >= A_HUNT:
        raise TooManyIdeas(A_HUNT, "hunt")
    minute = now - timedelta(minutes=1)
    if posted >= A_MINUTE and unit.ideas.posted_since(hunt.tenant, hunt.id, person, minute) >= A_MINUTE:
        raise TooManyIdeas(A_MINUTE, "minute")
