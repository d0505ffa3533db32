"""Looking again at where suggested ideas belong, once a hunt has been quiet for a moment."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.domain.hunt import Hunt
from bot.domain.ideas import Idea, IdeaState, Origin, Pile, Reason, Standing, StandingTheme, Theme
from bot.domain.names import HuntId, IdeaNumber, PersonId, TenantId, ThemeId
from bot.ports import Step, Storage, Themer, Unit
from bot.usecases.announcements import redraw
from bot.usecases.grouping import BEFORE_VOTE, STANDING, rivals_of
from bot.usecases.lines import themes_by_id
from bot.usecases.reasons import reasons_of
from bot.usecases.steps import REGROUP
from bot.usecases.wordlist import heard, own_words

MOST = 5_000
"""Ideas of a hunt that are looked at again while people write."""
FEWEST = 8
"""Ideas from which a hunt is grouped as a whole."""
QUIET = timedelta(seconds=10)
"""How long nothing came before a hunt is looked at again: people who write see nothing move."""

NOBODY = PersonId("")
"""Who takes the bot's own steps."""
Mark = tuple[int, str]
"""How far a hunt is: a number that grows with whatever a grouping reads of it, and the workspace's own words."""


@dataclass(frozen=True, slots=True)
class Regrouping:
    """Use cases of the engine's second look. It moves suggestions only, never what a person decided."""

    storage: Storage
    themer: Themer
    _seen: dict[HuntId, tuple[Mark, datetime]] = field(default_factory=dict)
    """When each open hunt was first seen as far as it is; lost with the process, and then seen anew."""
    _done: dict[HuntId, Mark] = field(default_factory=dict)

    def due(self, now: datetime) -> tuple[Hunt, ...]:
        """Open hunts that changed and then were quiet, with themes to suggest or ideas that all may see."""
        with self.storage.look() as unit:
            hunts = [hunt for tenant in unit.people.tenants() for hunt in unit.hunts.open(tenant.id)]
            found = tuple(hunt for hunt in hunts if _large(hunt) and self._changed(unit, hunt, now))
        self._forget({hunt.id for hunt in hunts})
        return found

    def _changed(self, unit: Unit, hunt: Hunt, now: datetime) -> bool:
        mark = _mark(unit, hunt.tenant, hunt.id)
        if self._done.get(hunt.id) == mark:
            return False
        themes = themes_by_id(unit, hunt)
        if not (hunt.shows_ideas or (themes and unit.ideas.suggests(hunt.tenant, hunt.id))):
            return False
        seen, since = self._seen.get(hunt.id, (None, now))
        if seen != mark:
            self._seen[hunt.id] = (mark, now)
            return False
        if now - since < QUIET:
            return False
        self._done[hunt.id] = mark
        return True

    def _forget(self, known: set[HuntId]) -> None:
        for gone in self._seen.keys() - known:
            del self._seen[gone]
        for gone in self._done.keys() - known:
            del self._done[gone]

    def regroup(self, tenant: TenantId, id: HuntId, now: datetime) -> int:
        """Moves suggestions to where they fit best; returns how many ideas changed. Long: outside any transaction."""
        with self.storage.look() as unit:
            if not unit.ideas.suggests(tenant, id):
                return 0
            mark = _mark(unit, tenant, id)
            own = own_words(unit, tenant)
            ideas = unit.ideas.page(tenant, id, states=STANDING, limit=MOST)
            themes = [theme for theme in unit.ideas.themes(tenant, id) if not theme.gone]
            standing = _standing(unit, tenant, id, ideas, themes)
        if len(ideas) < FEWEST or not themes:
            return 0
        piles = self.themer.regroup(heard(own, ideas), standing)
        by_number = {idea.number: idea for idea in ideas}
        wanted = _wanted(piles, by_number, standing)
        told = reasons_of(piles, by_number, standing, own)
        with self.storage.begin() as unit:
            hunt = unit.hunts.locked(tenant, id)
            if hunt.phase not in BEFORE_VOTE or not piles or not unit.ideas.suggests(tenant, id):
                return 0
            alone = _mark(unit, tenant, id) == mark
            moved = _move_all(unit, hunt, wanted, now)
            _tell_why(unit, hunt, told, {idea.number for idea in moved})
            if moved:
                unit.ideas.add_step(tenant, id, Step(0, REGROUP, NOBODY, tuple(moved), ()), now)
                unit.calendar.note(tenant, None, REGROUP, f"{id} {len(moved)}", now)
                redraw(unit, hunt, now)
            if alone and id in self._done:  # its own moves are no reason to look again
                self._done[id] = _mark(unit, tenant, id)
            return len(moved)


def _mark(unit: Unit, tenant: TenantId, id: HuntId) -> Mark:
    return unit.ideas.changes(tenant, id), unit.people.words(tenant)


def _large(hunt: Hunt) -> bool:
    return hunt.phase in BEFORE_VOTE and hunt.ideas >= FEWEST


def _standing(unit: Unit, tenant: TenantId, hunt: HuntId, ideas: tuple[Idea, ...], themes: list[Theme]) -> Standing:
    """What people see and what they decided."""
    by_hand = unit.ideas.moved_by_hand(tenant, hunt)
    chosen = {idea.number for idea in ideas if idea.theme is not None and not idea.suggested}
    filled = {idea.theme for idea in ideas if idea.number in chosen}
    return Standing(
        tuple(
            StandingTheme(int(theme.id), theme.name, given or theme.id in filled, given)
            for theme in themes
            for given in [theme.origin is not Origin.SUGGESTED]
        ),
        {int(idea.number): int(idea.theme) for idea in ideas if idea.theme is not None},
        frozenset(int(number) for number in chosen | by_hand),
        tuple((int(one), int(other)) for one, other in unit.ideas.kept_apart(tenant, hunt)),
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


def _move_all(unit: Unit, hunt: Hunt, wanted: list[tuple[Idea, ThemeId | None]], now: datetime) -> list[Idea]:
    """Moves suggestions, but for what people decided while the engine was thinking; the moved ideas as they were."""
    there = themes_by_id(unit, hunt)
    by_hand = unit.ideas.moved_by_hand(hunt.tenant, hunt.id)
    rivals = rivals_of(unit.ideas.kept_apart(hunt.tenant, hunt.id))
    free = [(known, to) for known, to in wanted if known.number not in by_hand and (to is None or to in there)]
    moved: list[Idea] = []
    for _ in range(2):  # a place that a rival leaves later in the first turn is free in the second
        waiting: list[tuple[Idea, ThemeId | None]] = []
        for known, to in free:
            if _meets(unit, hunt, rivals.get(known.number, ()), to):
                waiting.append((known, to))
            elif before := _move(unit, hunt, known, to, now):
                moved.append(before)
        free = waiting
    return moved


def _meets(unit: Unit, hunt: Hunt, rivals: Iterable[IdeaNumber], theme: ThemeId | None) -> bool:
    """Whether one of the ideas that must not share a theme with this one is in that theme."""
    return theme is not None and any(unit.ideas.get(hunt.tenant, hunt.id, one).theme == theme for one in rivals)


def _move(unit: Unit, hunt: Hunt, known: Idea, theme: ThemeId | None, now: datetime) -> Idea | None:
    """Moves one suggestion, unless somebody was faster; the idea as it was, None when it stays."""
    present = unit.ideas.get(hunt.tenant, hunt.id, known.number)
    same = (present.theme, present.suggested, present.text) == (known.theme, known.suggested, known.text)
    if present.state is not IdeaState.STANDING or not same:
        return None
    unit.ideas.keep(replace(present, theme=theme, suggested=theme is not None), now)
    return present


def _tell_why(unit: Unit, hunt: Hunt, told: Iterable[Reason], moved: Collection[IdeaNumber]) -> None:
    """Keeps why ideas were moved, and what else is newly so of suggestions that stay."""
    known = unit.ideas.reasons(hunt.tenant, hunt.id)
    fresh = []
    for reason in told:
        before = known.get(reason.number)
        if reason.number in moved:
            fresh.append(reason)
        elif reason.theme is not None and reason.theme == reason.was:  # it stays: where it came from stays too
            same = before is not None and before.theme == reason.theme
            staying = replace(reason, was=before.was if same and before else None)
            fresh += [staying] if staying != before else []
    unit.ideas.keep_reasons(hunt.tenant, hunt.id, fresh)
