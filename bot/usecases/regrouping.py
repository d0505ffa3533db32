"""Looking again at where suggested ideas belong, once a hunt has been quiet for a moment."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.hunt import Hunt, Phase
from bot.domain.ideas import Idea, IdeaText, Origin, Pile, Standing, StandingTheme, Theme
from bot.domain.names import HuntId, IdeaNumber, TenantId, ThemeId
from bot.ports import Storage, Themer, Unanswered, Unit
from bot.usecases.announcements import redraw
from bot.usecases.grouping import BEFORE_VOTE, STANDING

log = logging.getLogger(__name__)

MOST = 5_000
"""Ideas of a hunt that are looked at again while people write."""
FEWEST = 8
"""Ideas from which a hunt is grouped as a whole."""
AGAIN = timedelta(seconds=60)
"""When a hunt whose grouping had no answer is looked at again."""
QUIET = timedelta(seconds=10)
"""How long nothing came before a hunt is looked at again: people who write see nothing move."""

Mark = tuple[int, int, int]
"""How far a hunt is: its ideas, its themes, the ideas a person moved."""


@dataclass(frozen=True, slots=True)
class Regrouping:
    """Use cases of the engine's second look. It moves suggestions only, never what a person decided."""

    storage: Storage
    themer: Themer
    _seen: dict[HuntId, tuple[Mark, datetime]] = field(default_factory=dict)
    """When each open hunt was first seen as far as it is; lost with the process, and then seen anew."""
    _done: dict[HuntId, Mark] = field(default_factory=dict)
    """How far each hunt was when it was last looked at, to the end."""

    def due(self, now: datetime) -> tuple[Hunt, ...]:
        """Open hunts that grew and then were quiet, with themes to suggest or ideas that all may see.

        A hunt is due until it was looked at: whoever asks takes care not to look at it twice at once.
        """
        with self.storage.look() as unit:
            hunts = [hunt for tenant in unit.people.tenants() for hunt in unit.hunts.open(tenant.id)]
            found = tuple(hunt for hunt in hunts if _large(hunt) and self._grew(unit, hunt, now))
        self._forget({hunt.id for hunt in hunts})
        return found

    def _grew(self, unit: Unit, hunt: Hunt, now: datetime) -> bool:
        themes = [theme for theme in unit.ideas.themes(hunt.tenant, hunt.id) if not theme.gone]
        mark = _mark(hunt, themes)
        useful = hunt.shows_ideas or (themes and unit.ideas.suggests(hunt.tenant, hunt.id))
        if not useful or self._done.get(hunt.id) == mark:
            return False
        seen, since = self._seen.get(hunt.id, (None, now))
        if seen != mark:
            self._seen[hunt.id] = (mark, now)
            return False
        return now - since >= QUIET

    def _forget(self, known: set[HuntId]) -> None:
        for gone in self._seen.keys() - known:
            del self._seen[gone]
        for gone in self._done.keys() - known:
            del self._done[gone]

    def regroup(self, tenant: TenantId, id: HuntId, now: datetime) -> int:
        """Moves suggestions to where they fit best; returns how many ideas changed. Long: outside any transaction."""
        with self.storage.look() as unit:
            ideas = unit.ideas.page(tenant, id, states=STANDING, limit=MOST)
            themes = [theme for theme in unit.ideas.themes(tenant, id) if not theme.gone]
            hunt = unit.hunts.get(tenant, id)
            standing = _standing(unit, hunt, ideas, themes)
            mark = _mark(hunt, themes)
            wanted = unit.ideas.suggests(tenant, id) and len(ideas) >= FEWEST and bool(themes)
        try:
            moves = self._moves(ideas, standing) if wanted else []
        except Unanswered:
            log.info("hunt %s could not be grouped now; it is looked at again in %s", id, AGAIN)
            self._seen[id] = (mark, now + AGAIN)
            return 0
        moved, inside = self._carry_out(tenant, id, moves, now) if moves else (0, mark[2])
        self._done[id] = (*mark[:2], inside)  # an idea that came meanwhile makes another mark, and another look
        return moved

    def _moves(self, ideas: tuple[Idea, ...], standing: Standing) -> list[tuple[Idea, ThemeId | None]]:
        piles = self.themer.regroup([IdeaText(int(idea.number), idea.text) for idea in ideas], standing)
        return _wanted(piles, {idea.number: idea for idea in ideas}, standing)

    def _carry_out(
        self, tenant: TenantId, id: HuntId, moves: list[tuple[Idea, ThemeId | None]], now: datetime
    ) -> tuple[int, int]:
        """Moves the suggestions that nobody changed since they were read; how many, and the ideas under themes then."""
        with self.storage.begin() as unit:
            hunt = unit.hunts.locked(tenant, id)
            places = _still(unit, hunt, moves) if hunt.phase in BEFORE_VOTE else {}
            if places:
                unit.ideas.keep_places(tenant, id, places, suggested=True)
                unit.calendar.note(tenant, None, "regroup", f"{id} {len(places)}", now)
                redraw(unit, hunt, now)
            themes = [theme for theme in unit.ideas.themes(tenant, id) if not theme.gone]
            return len(places), _mark(hunt, themes)[2]


def _mark(hunt: Hunt, themes: Sequence[Theme]) -> Mark:
    return (hunt.ideas, len(themes), sum(theme.ideas for theme in themes))


def _large(hunt: Hunt) -> bool:
    return hunt.phase in BEFORE_VOTE and hunt.ideas >= FEWEST


def _standing(unit: Unit, hunt: Hunt, ideas: tuple[Idea, ...], themes: list[Theme]) -> Standing:
    """What people see and what they decided.

    Once ideas are revealed and somebody sorts them, those they left where they saw them are decided too: only ideas
    without a theme are still suggested for one.
    """
    by_hand = unit.ideas.moved_by_hand(hunt.tenant, hunt.id)
    sorting = hunt.phase is Phase.REVEALED and bool(by_hand)
    seen = frozenset(idea.number for idea in ideas if idea.theme is not None) if sorting else frozenset()
    chosen = {idea.number for idea in ideas if idea.theme is not None and not idea.suggested}
    filled = {idea.theme for idea in ideas if idea.number in chosen}
    return Standing(
        tuple(
            StandingTheme(int(theme.id), theme.name, given or theme.id in filled, given)
            for theme in themes
            for given in [theme.origin is not Origin.SUGGESTED]
        ),
        {int(idea.number): int(idea.theme) for idea in ideas if idea.theme is not None},
        frozenset(int(number) for number in chosen | by_hand | seen),
        tuple((int(one), int(other)) for one, other in unit.ideas.kept_apart(hunt.tenant, hunt.id)),
    )


def _wanted(
    piles: tuple[Pile, ...], ideas: Mapping[IdeaNumber, Idea], standing: Standing
) -> list[tuple[Idea, ThemeId | None]]:
    """Ideas that no person placed, each with the theme it should be suggested for, where that is another."""
    found = []
    for pile in piles:
        theme = ThemeId(pile.theme) if pile.theme is not None else None
        for number in pile.ideas:
            idea = ideas[IdeaNumber(number)]
            if number not in standing.pinned and idea.theme != theme:
                found.append((idea, theme))
    return found


def _still(unit: Unit, hunt: Hunt, moves: Sequence[tuple[Idea, ThemeId | None]]) -> dict[IdeaNumber, ThemeId | None]:
    """The moves of ideas that are as they were read; where somebody was faster, theirs counts.

    Whoever suggests no more, or let a theme go meanwhile, was faster too.
    """
    if not unit.ideas.suggests(hunt.tenant, hunt.id):
        return {}
    themes = {theme.id for theme in unit.ideas.themes(hunt.tenant, hunt.id) if not theme.gone}
    present = {
        idea.number: (idea.theme, idea.suggested, idea.text)
        for idea in unit.ideas.page(hunt.tenant, hunt.id, states=STANDING, limit=MOST)
    }
    by_hand = unit.ideas.moved_by_hand(hunt.tenant, hunt.id)
    return {
        known.number: theme
        for known, theme in moves
        if present.get(known.number) == (known.theme, known.suggested, known.text)
        and known.number not in by_hand
        and (theme is None or theme in themes)
    }
