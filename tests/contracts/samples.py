"""Small values to keep: a hunt, an idea, a round, a letter."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.domain.ballot import Option, Round
from bot.domain.hunt import Hunt, HuntRoom
from bot.domain.ideas import Idea
from bot.domain.letters import Letter, LetterKind
from bot.domain.names import HuntId, IdeaNumber, PersonId, RoomId, RoundNumber, TenantId
from bot.ports import Unit

NOW = datetime(2026, 3, 18, 8, 30, 0, 123_456, tzinfo=UTC)
ACME = TenantId("slack:T0ACME")
OTHER = TenantId("slack:T0OTHER")
ROOM = RoomId("C01")
HUNT = HuntId("a1b2c3d4e5f6")
ANNA, BEN, CHLOE = PersonId("U0ANNA"), PersonId("U0BEN"), PersonId("U0CHLOE")


def later(**ahead: float) -> datetime:
    return NOW + timedelta(**ahead)


def hunt(**changed: Any) -> Hunt:
    return replace(Hunt(ACME, HUNT, "What would make the forest welcoming?", ANNA, NOW), **changed)


def idea(text: str = "A bench at every turn", **changed: Any) -> Idea:
    return replace(Idea(ACME, HUNT, IdeaNumber(0), text, NOW), **changed)


def letter(key: str, **changed: Any) -> Letter:
    kept = Letter(ACME, LetterKind.RESULTS, key, NOW, room=ROOM)
    return replace(kept, **changed)


def a_round(**changed: Any) -> Round:
    return replace(Round(ACME, HUNT, RoundNumber(1), 5, 2, 1, NOW, seed="5eed"), **changed)


def launched(unit: Unit, **changed: Any) -> Hunt:
    """A hunt kept with its room."""
    kept = hunt(**changed)
    unit.hunts.add(kept)
    unit.hunts.keep_room(HuntRoom(kept.tenant, kept.id, ROOM))
    return kept


def opened(unit: Unit, options: int = 4, electors: tuple[PersonId, ...] = (ANNA, BEN), **changed: Any) -> Round:
    """A round opened over fresh options 1, 2, 3… of a fresh hunt."""
    kept = a_round(**changed)
    launched(unit, tenant=kept.tenant, id=kept.hunt)
    choices = [Option(IdeaNumber(n), f"Idea {n}") for n in range(1, options + 1)]
    unit.rounds.open(kept, choices, dict.fromkeys(electors, ""))
    return unit.rounds.get(kept.tenant, kept.hunt, kept.number)


def wish(unit: Unit, round: Round, person: str, option: int, dots: int, action: str = "") -> None:
    """Wishes `dots` on an option, under an action of its own."""
    named = action or f"{person}:{option}:{dots}"
    unit.rounds.wish(round, PersonId(person), IdeaNumber(option), dots, named, NOW)
