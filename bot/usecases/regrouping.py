"""Looking again at where suggested ideas belong, once a hunt has been quiet for a moment."""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from bot.domain.hunt import Hunt, Phase
from bot.domain.ideas import Idea, Origin, Pile, Reason, Standing, StandingTheme, Theme
from bot.domain.names import HuntId, IdeaNumber, PersonId, TenantId, ThemeId
from bot.ports import Step, Storage, Themer, Unanswered, Unit
from bot.theming.lexicon import WordList
from bot.usecases.announcements import redraw
from bot.usecases.grouping import BEFORE_VOTE, STANDING, rivals_of
from bot.usecases.lines import themes_by_id
from bot.usecases.reasons import reasons_of
from bot.usecases.steps import REGROUP
from bot.usecases.wordlist import heard, own_words

log = logging.getLogger(__name__)

MOST = 5_000
"""Ideas of a hunt that are looked at again while people write."""
FEWEST = 8
"""Ideas from which a hunt is grouped as a whole."""
AGAIN = timedelta(seconds=60)
"""When a hunt whose grouping had no answer is looked at again."""
NEW = 4
"""Ideas of a new pile for which others may leave a pile that was taken."""
QUIET = timedelta(seconds=10)
"""How long nothing came before a hunt is looked at again: people who write see nothing move."""

NOBODY = PersonId("")
"""Who takes the bot's own steps."""
Mark = tuple[int, str, bool]
"""How far a hunt is: a number that grows with whatever a grouping reads of it, the workspace's own words, and whether
ideas are in the open: then they are compared, too."""


@dataclass(frozen=True, slots=True)
class Regrouping:
    """Use cases of the engine's second look. It moves suggestions only, never what a person decided."""

    storage: Storage
    themer: Themer
    _met: dict[HuntId, tuple[Mark, datetime]] = field(default_factory=dict)
    """When each open hunt was first met as far as it is; lost with the process, and then met anew."""
    _done: dict[HuntId, Mark] = field(default_factory=dict)
    """How far each hunt was when it was last looked at, to the end."""

    def due(self, now: datetime) -> tuple[Hunt, ...]:
        """Open hunts that changed and then were quiet, with themes to suggest or ideas that all may see.

        A hunt is due until it was looked at: whoever asks takes care not to look at it twice at once.
        """
        with self.storage.look() as unit:
            hunts = [hunt for tenant in unit.people.tenants() for hunt in unit.hunts.open(tenant.id)]
            found = tuple(hunt for hunt in hunts if _large(hunt) and self._changed(unit, hunt, now))
        self._forget({hunt.id for hunt in hunts})
        return found

    def _changed(self, unit: Unit, hunt: Hunt, now: datetime) -> bool:
        mark = _mark(unit, hunt)
        if self._done.get(hunt.id) == mark:
            return False
        themes = themes_by_id(unit, hunt)
        if not (hunt.shows_ideas or (themes and unit.ideas.suggests(hunt.tenant, hunt.id))):
            return False
        met, since = self._met.get(hunt.id, (None, now))
        if met != mark:
            self._met[hunt.id] = (mark, now)
            return False
        return now - since >= QUIET

    def _forget(self, known: set[HuntId]) -> None:
        for gone in self._met.keys() - known:
            del self._met[gone]
        for gone in self._done.keys() - known:
            del self._done[gone]

    def look_later(self, id: HuntId, now: datetime) -> None:
        """Makes a hunt due once more although it was looked at: something was left to do."""
        if (mark := self._done.pop(id, None)) is not None:
            self._met[id] = (mark, now + AGAIN)

    def regroup(self, tenant: TenantId, id: HuntId, now: datetime) -> int:
        """Moves suggestions to where they fit best; returns how many ideas changed. Long: outside any transaction."""
        with self.storage.look() as unit:
            read = _read(unit, tenant, id)
        try:
            piles = self.themer.regroup(heard(read.own, read.ideas.values()), read.standing) if read.wanted else ()
        except Unanswered:
            log.info("hunt %s could not be grouped now; it is looked at again in %s", id, AGAIN)
            self._met[id] = (read.mark, now + AGAIN)
            return 0
        moved, self._done[id] = self._carry_out(tenant, id, read, piles, now) if piles else (0, read.mark)
        return moved

    def _carry_out(
        self, tenant: TenantId, id: HuntId, read: _Read, piles: tuple[Pile, ...], now: datetime
    ) -> tuple[int, Mark]:
        """Moves the suggestions that nobody changed since they were read; how many, and up to where this look saw."""
        wanted = _wanted(piles, read)
        told = reasons_of(piles, read.ideas, read.standing, read.own)
        with self.storage.begin() as unit:
            hunt = unit.hunts.locked(tenant, id)
            if hunt.phase not in BEFORE_VOTE or not unit.ideas.suggests(tenant, id):
                return 0, read.mark
            alone = _mark(unit, hunt) == read.mark
            moved = _move_all(unit, hunt, wanted)
            _tell_why(unit, hunt, told, {idea.number for idea in moved})
            if moved:
                unit.ideas.add_step(tenant, id, Step(0, REGROUP, NOBODY, tuple(moved), ()), now)
                unit.calendar.note(tenant, None, REGROUP, f"{id} {len(moved)}", now)
                redraw(unit, hunt, now)
            return len(moved), _mark(unit, hunt) if alone else read.mark  # its own moves need no other look


@dataclass(frozen=True, slots=True)
class _Read:
    """What a look starts from, read in one moment.

    `taken`: themes that were made of piles. `wanted`: whether the engine is asked at all.
    """

    mark: Mark
    own: WordList
    ideas: Mapping[IdeaNumber, Idea]
    standing: Standing
    taken: frozenset[int]
    wanted: bool


def _read(unit: Unit, tenant: TenantId, id: HuntId) -> _Read:
    hunt, ideas = unit.hunts.get(tenant, id), unit.ideas.page(tenant, id, states=STANDING, limit=MOST)
    themes, own = list(themes_by_id(unit, hunt).values()), own_words(unit, tenant)
    return _Read(
        _mark(unit, hunt),
        own,
        {idea.number: idea for idea in ideas},
        _standing(unit, hunt, ideas, themes, own),
        frozenset(int(theme.id) for theme in themes if theme.origin is Origin.SUGGESTED),
        wanted=unit.ideas.suggests(tenant, id) and len(ideas) >= FEWEST and bool(themes),
    )


def _mark(unit: Unit, hunt: Hunt) -> Mark:
    return unit.ideas.changes(hunt.tenant, hunt.id), unit.people.words(hunt.tenant), hunt.shows_ideas


def _large(hunt: Hunt) -> bool:
    return hunt.phase in BEFORE_VOTE and hunt.ideas >= FEWEST


def _standing(unit: Unit, hunt: Hunt, ideas: tuple[Idea, ...], themes: list[Theme], own: WordList) -> Standing:
    """What people see and what they decided, themes in the workspace's words as ideas are.

    Once ideas are revealed and somebody sorts them, those they left where they saw them are decided too: only ideas
    without a theme are still suggested for one.
    """
    by_hand = unit.ideas.moved_by_hand(hunt.tenant, hunt.id)
    frozen = frozenset(idea.number for idea in ideas if _frozen(hunt, by_hand, idea))
    chosen = {idea.number for idea in ideas if idea.theme is not None and not idea.suggested}
    pinned = chosen | by_hand | frozen
    told = {idea.theme for idea in ideas if idea.number in chosen}
    return Standing(
        tuple(StandingTheme(int(theme.id), own.apply(theme.name), named=_named(theme, told)) for theme in themes),
        {int(idea.number): int(idea.theme) for idea in ideas if idea.theme is not None},
        frozenset(int(number) for number in pinned),
        tuple((int(one), int(other)) for one, other in unit.ideas.kept_apart(hunt.tenant, hunt.id)),
        _looked_over(unit, hunt, ideas),
    )


def _named(theme: Theme, told: Collection[ThemeId | None]) -> bool:
    """Whether its name says what belongs in a theme: it was given, or opened and nobody put an idea there yet.

    Of a theme that somebody opened for an idea, the idea says it: its name alone would draw others out of piles that
    were taken, whose names say nothing.
    """
    return theme.origin is Origin.GIVEN or (theme.origin is Origin.PERSON and theme.id not in told)


def _looked_over(unit: Unit, hunt: Hunt, ideas: Iterable[Idea]) -> frozenset[int]:
    """Ideas that were there when a person last sorted, and that nothing moved since."""
    at = unit.ideas.sorted_at(hunt.tenant, hunt.id)
    if at is None:
        return frozenset()
    since = unit.ideas.moved_since_sorting(hunt.tenant, hunt.id)
    return frozenset(int(idea.number) for idea in ideas if idea.created_at <= at and idea.number not in since)


def _frozen(hunt: Hunt, by_hand: Collection[IdeaNumber], idea: Idea) -> bool:
    return hunt.phase is Phase.REVEALED and bool(by_hand) and idea.theme is not None


def _wanted(piles: tuple[Pile, ...], read: _Read) -> list[tuple[Idea, ThemeId | None]]:
    """Ideas that no person placed, each with the theme it should be suggested for, where that is another."""
    found = []
    for pile in piles:
        theme = ThemeId(pile.theme) if pile.theme is not None else None
        held = frozenset[int]() if theme is not None else _held(pile, read)
        for number in pile.ideas:
            idea = read.ideas[IdeaNumber(number)]
            if number not in read.standing.pinned and number not in held and idea.theme != theme:
                found.append((idea, theme))
    return found


def _held(pile: Pile, read: _Read) -> frozenset[int]:
    """Ideas that stay in the piles that a facilitator took, although the engine sees them elsewhere.

    They wanted those piles: ideas leave them for a theme that stands, or for a new pile large enough to become one.
    """
    leaving = frozenset(number for number in pile.ideas if read.ideas[IdeaNumber(number)].theme in read.taken)
    return leaving if len(pile.ideas) < NEW or not pile.label else frozenset()


def _move_all(unit: Unit, hunt: Hunt, wanted: Sequence[tuple[Idea, ThemeId | None]]) -> list[Idea]:
    """Moves suggestions, but for what people decided while the engine was thinking; the moved ideas as they were."""
    present = {idea.number: idea for idea in unit.ideas.page(hunt.tenant, hunt.id, states=STANDING, limit=MOST)}
    rivals = rivals_of(unit.ideas.kept_apart(hunt.tenant, hunt.id))
    at = {number: idea.theme for number, idea in present.items()}
    free, places = _still(unit, hunt, wanted, present), dict[IdeaNumber, ThemeId | None]()
    for _ in range(2):  # a place that a rival leaves later in the first turn is free in the second
        waiting: list[tuple[IdeaNumber, ThemeId | None]] = []
        for number, to in free:
            if to is not None and any(at.get(one) == to for one in rivals.get(number, ())):
                waiting.append((number, to))
            else:
                at[number] = places[number] = to
        free = waiting
    unit.ideas.keep_places(hunt.tenant, hunt.id, places, suggested=True)
    return [present[number] for number in places]


def _still(
    unit: Unit, hunt: Hunt, wanted: Sequence[tuple[Idea, ThemeId | None]], present: Mapping[IdeaNumber, Idea]
) -> list[tuple[IdeaNumber, ThemeId | None]]:
    """The moves of ideas that are as they were read; where somebody was faster, theirs counts."""
    there = themes_by_id(unit, hunt)
    by_hand = unit.ideas.moved_by_hand(hunt.tenant, hunt.id)
    return [
        (known.number, to)
        for known, to in wanted
        if known.number not in by_hand
        and not _frozen(hunt, by_hand, known)
        and (to is None or to in there)
        and (now := present.get(known.number)) is not None
        and (now.theme, now.suggested, now.text) == (known.theme, known.suggested, known.text)
    ]


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
