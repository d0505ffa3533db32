"""Naming, merging and splitting themes, and taking the piles the bot proposes."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.errors import ThemeNameTaken, TooShort, UnknownTheme
from bot.domain.hunt import MAX_THEME, Hunt, Phase
from bot.domain.ideas import Idea, IdeaState, Origin, Pile, Theme, folded_name
from bot.domain.names import HuntId, IdeaNumber, ThemeId
from bot.domain.people import Asker
from bot.ports import Storage, Themer, Unit
from bot.screens import IdeaLine, Note, PileLine, ProposedThemes, ThemeBlock, ThemesForm, Told
from bot.text import one_line
from bot.usecases.announcements import redraw
from bot.usecases.grouping import SORTABLE, add_theme, before_vote, rivals_of
from bot.usecases.lines import idea_line, themes_by_id
from bot.usecases.requests import TickedPile
from bot.usecases.steps import all_under, remember
from bot.usecases.wordlist import heard, own_words

STANDING = frozenset({IdeaState.STANDING})
SHOWN = 3
"""Ideas of a theme, or of a pile, that are shown with it."""
FEWEST = 2
"""Ideas that a theme must have to be split."""
ALL = 5_000


@dataclass(frozen=True, slots=True)
class Themes:
    """Use cases about themes; all are the facilitators'."""

    storage: Storage
    themer: Themer

    def themes(self, asker: Asker, hunt: HuntId, now: datetime) -> ThemesForm:
        """The themes with their first ideas; whoever reads them may soon ask for suggestions."""
        self.themer.wake()
        with self.storage.look() as unit:
            kept = unit.hunts.get(asker.tenant, hunt)
            kept.expect_leader(asker.person, "themes")
            return _form(unit, kept)

    def add_theme(self, asker: Asker, hunt: HuntId, name: str, now: datetime) -> ThemesForm:
        """A new, empty theme. Raises TooShort for an empty name, ThemeNameTaken, TooManyThemes."""
        with self.storage.begin() as unit:
            kept = before_vote(unit, asker, hunt, "themes")
            _expect_free(unit, kept, name)
            theme = add_theme(unit, kept, name)
            remember(unit, kept, asker, "add_theme", (), (replace(theme, gone=True),), now)
            redraw(unit, kept, now)
            return _form(unit, kept)

    def suggest(self, asker: Asker, hunt: HuntId, wanted: bool, now: datetime) -> ThemesForm:
        """Whether the bot suggests themes for ideas of this hunt from now on; what it suggested stays.

        Who wants suggestions again wants them also for ideas that stayed where an undo put them.
        """
        with self.storage.begin() as unit:
            kept = before_vote(unit, asker, hunt, "themes")
            unit.ideas.keep_suggests(asker.tenant, hunt, wanted)
            if wanted:
                unit.ideas.release(asker.tenant, hunt)
            unit.calendar.note(asker.tenant, asker.person, "suggest" if wanted else "suggest_no_more", hunt, now)
            return _form(unit, kept, *([Told(Note("themes.told.suggest_again"))] if wanted else []))

    def name_of(self, asker: Asker, hunt: HuntId, theme: ThemeId, now: datetime) -> str:
        """The present name of a theme, for who is about to change it. Raises UnknownTheme."""
        with self.storage.look() as unit:
            kept = unit.hunts.get(asker.tenant, hunt)
            kept.expect_leader(asker.person, "rename")
            return _theme(unit, kept, theme).name

    def rename(self, asker: Asker, hunt: HuntId, theme: ThemeId, name: str, now: datetime) -> ThemesForm:
        """Another name for a theme; what belongs there stays. Raises TooShort for an empty one, ThemeNameTaken."""
        with self.storage.begin() as unit:
            kept = before_vote(unit, asker, hunt, "rename")
            known, clean = _theme(unit, kept, theme), one_line(name, MAX_THEME)
            if not clean:
                raise TooShort(1)
            _expect_free(unit, kept, clean, apart_from=theme)
            if clean != known.name:
                remember(unit, kept, asker, "rename", (), (known,), now)
                unit.ideas.keep_theme(replace(known, name=clean))
                redraw(unit, kept, now)
            return _form(unit, kept)

    def merge_themes(self, asker: Asker, hunt: HuntId, theme: ThemeId, into: ThemeId, now: datetime) -> ThemesForm:
        """Moves every idea of a theme into another; the emptied one goes away."""
        with self.storage.begin() as unit:
            kept = before_vote(unit, asker, hunt, "merge_themes")
            source, target = _theme(unit, kept, theme), _theme(unit, kept, into)
            if theme != into:
                ideas = all_under(unit, kept, theme)
                remember(unit, kept, asker, "merge_themes", ideas, (source, target), now)
                places: dict[IdeaNumber, ThemeId | None] = dict.fromkeys((idea.number for idea in ideas), into)
                unit.ideas.keep_places(asker.tenant, hunt, places, suggested=False)
                unit.ideas.keep_theme(replace(source, gone=True))
                redraw(unit, kept, now)
            told = Note("themes.told.merged", {"theme": source.name, "into": target.name})
            return _form(unit, kept, *([Told(told, into)] if theme != into else []))

    def split_theme(self, asker: Asker, hunt: HuntId, theme: ThemeId, now: datetime) -> ThemesForm:
        """Splits a theme into the piles the bot sees in it; the largest keeps the theme. One step, undone at once.

        From then on every idea of the theme is where a person put it: no later grouping joins the parts again.
        Where the bot sees one pile only, nothing changes and the form says why.
        """
        with self.storage.look() as unit:
            kept = unit.hunts.get(asker.tenant, hunt)
            kept.expect_leader(asker.person, "split")
            own = own_words(unit, asker.tenant)
            texts = heard(own, (idea for idea in all_under(unit, kept, theme) if idea.state in SORTABLE))
            apart = unit.ideas.kept_apart(asker.tenant, hunt)
        piles = sorted(_named(self.themer.group(texts), apart), key=lambda p: -len(p.ideas))
        with self.storage.begin() as unit:
            kept = before_vote(unit, asker, hunt, "split")
            known = _theme(unit, kept, theme)
            if len(piles) > 1:
                ideas = all_under(unit, kept, theme)
                here: dict[IdeaNumber, ThemeId | None] = dict.fromkeys((idea.number for idea in ideas), theme)
                unit.ideas.keep_places(asker.tenant, hunt, here, suggested=False)
                fresh = _take(unit, kept, piles[1:], {idea.number: idea for idea in ideas})
                remember(unit, kept, asker, "split", ideas, (known, *fresh), now)
                redraw(unit, kept, now)
            return _form(unit, kept, _split_told(known, len(texts), len(piles)))

    def propose(self, asker: Asker, hunt: HuntId, now: datetime) -> ProposedThemes:
        """The bot's piles for ideas without a theme; nothing changes. Long on large hunts."""
        with self.storage.look() as unit:
            kept = unit.hunts.get(asker.tenant, hunt)
            kept.expect_leader(asker.person, "themes")
            if not kept.shows_ideas:
                kept.expect(Phase.REVEALED)
            loose, apart = _loose(unit, kept), unit.ideas.kept_apart(asker.tenant, hunt)
            texts = heard(own_words(unit, asker.tenant), loose)
        named = _named(self.themer.group(texts), apart)
        lines = {int(idea.number): idea_line(idea, kept, {}) for idea in loose}
        alone = len(loose) - sum(len(pile.ideas) for pile in named)
        return ProposedThemes(kept, tuple(_pile_line(pile, lines) for pile in named), alone)

    def take_piles(self, asker: Asker, hunt: HuntId, ticked: tuple[TickedPile, ...], now: datetime) -> ThemesForm:
        """Makes themes of proposed piles as they were shown, whatever arrived since; under the names that were ticked.

        Of a pile too large for its form to name all its ideas, the engine tells the rest again. While ideas still come
        their place stays a suggestion; once they are revealed it is decided.
        """
        with self.storage.look() as unit:
            kept = unit.hunts.get(asker.tenant, hunt)
            kept.expect_leader(asker.person, "themes")
            apart = unit.ideas.kept_apart(asker.tenant, hunt)
            texts = heard(own_words(unit, asker.tenant), _loose(unit, kept))
        seen = () if all(one.whole for one in ticked) else self.themer.group(texts)
        with self.storage.begin() as unit:
            kept = before_vote(unit, asker, hunt, "themes")
            ideas = {idea.number: idea for idea in _loose(unit, kept)}
            piles = _named(_meant(ticked, seen, ideas), apart)
            taken = tuple(ideas[IdeaNumber(n)] for p in piles for n in p.ideas)
            if taken:
                fresh = _take(unit, kept, piles, ideas, suggested=kept.phase is Phase.COLLECTING)
                remember(unit, kept, asker, "take_piles", taken, fresh, now)
                redraw(unit, kept, now)
            return _form(unit, kept)


def _meant(ticked: Iterable[TickedPile], seen: Sequence[Pile], loose: Collection[IdeaNumber]) -> Iterator[Pile]:
    """The piles people ticked, each idea in the first that holds it; those that no idea is left of are left out."""
    free = set(loose)
    for one in ticked:
        again = max(seen, key=lambda pile: len({*pile.ideas} & {*one.ideas}), default=None)
        known = not one.whole and again is not None and 2 * len({*again.ideas} & {*one.ideas}) >= len(one.ideas)
        wanted = map(IdeaNumber, again.ideas) if known and again is not None else one.ideas
        if ideas := tuple(number for number in wanted if number in free):
            free -= {*ideas}
            yield Pile(one.label, ideas, ideas[0])


def _take(
    unit: Unit, hunt: Hunt, piles: Sequence[Pile], ideas: dict[IdeaNumber, Idea], *, suggested: bool = False
) -> tuple[Theme, ...]:
    """Makes a theme of each pile; returns the new themes as they must be after an undo: gone."""
    before = themes_by_id(unit, hunt)
    fresh: list[Theme] = []
    places: dict[IdeaNumber, ThemeId | None] = {}
    for pile in piles:
        theme = add_theme(unit, hunt, pile.label, Origin.SUGGESTED)
        if theme.id not in before:
            fresh.append(replace(theme, gone=True))
        places |= {IdeaNumber(number): theme.id for number in pile.ideas if IdeaNumber(number) in ideas}
    unit.ideas.keep_places(hunt.tenant, hunt.id, places, suggested=suggested)
    return tuple(fresh)


def _named(piles: Iterable[Pile], apart: Iterable[tuple[IdeaNumber, IdeaNumber]]) -> list[Pile]:
    """Piles with a name, where no two ideas are that a person wants in two themes: the later one is left alone."""
    rivals = rivals_of(apart)
    found = []
    for pile in (pile for pile in piles if pile.label):
        kept: dict[int, None] = {}
        for number in pile.ideas:
            if not any(int(one) in kept for one in rivals.get(IdeaNumber(number), ())):
                kept[number] = None
        found.append(replace(pile, ideas=tuple(kept)))
    return found


def _loose(unit: Unit, hunt: Hunt) -> tuple[Idea, ...]:
    return unit.ideas.page(hunt.tenant, hunt.id, states=STANDING, unsorted=True, limit=ALL)


def _theme(unit: Unit, hunt: Hunt, id: ThemeId) -> Theme:
    theme = themes_by_id(unit, hunt).get(id)
    if theme is None:
        raise UnknownTheme
    return theme


def _expect_free(unit: Unit, hunt: Hunt, name: str, apart_from: ThemeId | None = None) -> None:
    """Raises ThemeNameTaken where another theme that stands has this name."""
    wanted = folded_name(one_line(name, MAX_THEME))
    for theme in themes_by_id(unit, hunt).values():
        if theme.id != apart_from and folded_name(theme.name) == wanted:
            raise ThemeNameTaken(theme.name)


def _pile_line(pile: Pile, lines: Mapping[int, IdeaLine]) -> PileLine:
    numbers = tuple(IdeaNumber(number) for number in pile.ideas)
    first = sorted(pile.ideas, key=lambda number: (number != pile.example, number in pile.unsure))
    shown = tuple(lines[number] for number in first[:SHOWN])
    return PileLine(pile.label, numbers, shown, pile.shared, len({*pile.unsure} & {*pile.ideas}))


def _split_told(theme: Theme, ideas: int, piles: int) -> Told:
    """That a theme was split, or why it was not."""
    if piles > 1:
        return Told(Note("themes.told.split", {"theme": theme.name, "n": piles}), theme.id)
    key = "themes.told.few" if ideas < FEWEST else "themes.told.alike"
    return Told(Note(key, {"theme": theme.name}, good=False), theme.id)


def _form(unit: Unit, hunt: Hunt, *told: Told) -> ThemesForm:
    step = unit.ideas.last_step(hunt.tenant, hunt.id)
    suggests = unit.ideas.suggests(hunt.tenant, hunt.id)
    undoes = step.deed if step is not None else ""
    held = unit.ideas.holds(hunt.tenant, hunt.id)
    return ThemesForm(hunt, theme_blocks(unit, hunt, SHOWN), step is not None, suggests, undoes, told, held)


def theme_blocks(unit: Unit, hunt: Hunt, shown: int) -> tuple[ThemeBlock, ...]:
    """Every theme with its first ideas (none of them while ideas are hidden), in order."""
    themes = themes_by_id(unit, hunt)
    blocks = []
    for theme in themes.values():
        ideas = (
            unit.ideas.page(hunt.tenant, hunt.id, states=STANDING, theme=theme.id, shuffled=True, limit=shown)
            if hunt.shows_ideas
            else ()
        )
        blocks.append(ThemeBlock(theme.id, theme.name, theme.ideas, tuple(idea_line(i, hunt, themes) for i in ideas)))
    return tuple(blocks)
