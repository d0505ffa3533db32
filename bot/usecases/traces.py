"""The link between a platform message and the idea made of it; ideas without a name have none."""

from __future__ import annotations

from bot.domain.hunt import Hunt
from bot.domain.ideas import Idea, Source
from bot.ports import Trace, Unit


def idea_of(unit: Unit, hunt: Hunt, source: Source) -> Idea | None:
    """The idea of this hunt a message was already made into, withdrawn or not."""
    trace = unit.ideas.trace(hunt.tenant, source.room, source.message)
    if trace is None or trace.hunt != hunt.id or trace.number is None:
        return None
    return unit.ideas.get(hunt.tenant, hunt.id, trace.number)


def link(unit: Unit, idea: Idea) -> None:
    """Remembers which idea a message became, for its edits, its deletion and its second delivery."""
    if idea.source is not None:
        source = idea.source
        unit.ideas.keep_trace(Trace(idea.tenant, source.room, source.message, idea.hunt, idea.number, source.edited))
