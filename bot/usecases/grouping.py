"""Reading, sorting, merging and undoing: people decide, the bot only points out."""

from __future__ import annotations

from collections import OrderedDict, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from bot.domain.errors import NothingToUndo, TooManyThemes, TooShort, UnknownTheme
from bot.domain.hunt import MAX_THEME, MAX_THEMES, Hunt, Phase
from bot.domain.ideas import MAX_TITLE, Idea, IdeaState, IdeaText, Likeness, Origin, Reason, Theme, Verdict
from bot.domain.names import HuntId, IdeaNumber, TenantId, ThemeId
from bot.domain.people import Asker
from bot.ports import Judged, Storage, Themer, Unanswered, Unit
from bot.screens import Browse, Button, Deed, DuplicatesForm, Note, Pair, SortForm, Told, Why
from bot.text import one_line
from bot.usecases.announcements import notice, redraw
from bot.usecases.lines import PAGE, SORT_PAGE, clamp_page, idea_line, pages, theme_choices, themes_by_id
from bot.usecases.steps import REGROUP, remember, take_back
from bot.usecases.wordlist import own_words
from bot.words import Key

STANDING = frozenset({IdeaState.STANDING})
SORTABLE = frozenset({IdeaState.STANDING, IdeaState.PARKED})
PAIRS_SHOWN = 10
REMEMBERED = 1_000
DECIDED = Told(Note("duplicates.told.decided", good=False))
"""Pressed twice, or by two people at once: nothing was left to do."""
BEFORE_VOTE = (Phase.DRAFT, Phase.COLLECTING, Phase.REVEALED)


@dataclass(frozen=True, slots=True)
class Grouping:
    """Use cases about where ideas belong; all but `browse` are the facilitators'."""

    storage: Storage
    themer: Themer
    _compared: OrderedDict[HuntId, bool] = field(default_factory=OrderedDict)
    """The latest hunts whose pairs the engine told since this process began."""

    def browse(
        self, asker: Asker, hunt: HuntId, now: datetime, page: int = 1, theme: ThemeId | None = None
    ) -> Browse | Note:
        """A page of all ideas, privately; a Note with their number while they are hidden."""
        with self.storage.look() as unit:
            return browse_page(unit, unit.hunts.get(asker.tenant, hunt), page, theme)

    def sort(self, asker: Asker, hunt: HuntId, now: datetime, page: int = 1, unsorted: bool = False) -> SortForm:
        """The facilitator's page of ideas with their themes."""
        self.themer.wake()
        with self.storage.look() as unit:
            kept = unit.hunts.get(asker.tenant, hunt)
            kept.expect_leader(asker.person, "sort")
            return _sort_form(unit, kept, page, unsorted)

    def move(
        self,
        asker: Asker,
        hunt: HuntId,
        number: IdeaNumber,
        theme: ThemeId | None,
        now: datetime,
        page: int = 1,
        unsorted: bool = False,
        new_theme: str = "",
    ) -> SortForm:
        """Puts an idea under a theme (None: under none), until the vote opens."""
        with self.storage.begin() as unit:
            kept = before_vote(unit, asker, hunt, "move")
            idea = unit.ideas.get(asker.tenant, hunt, number)
            if new_theme.strip():
                theme = add_theme(unit, kept, new_theme).id
            elif theme is not None and theme not in themes_by_id(unit, kept):
                raise UnknownTheme
            if idea.theme != theme or idea.suggested or idea.state is IdeaState.PARKED:
                remember(unit, kept, asker, "move", (idea,), (), now)
                moved = replace(idea, theme=theme, suggested=False, state=_unparked(idea.state))
                unit.ideas.keep(moved, now)
                redraw(unit, kept, now)
            return _sort_form(unit, kept, page, unsorted)

    def park(
        self,
        asker: Asker,
        hunt: HuntId,
        number: IdeaNumber,
        parked: bool,
        now: datetime,
        page: int = 1,
        unsorted: bool = False,
    ) -> SortForm:
        """Sets an idea aside as off topic, or takes it back; nothing is deleted."""
        with self.storage.begin() as unit:
            kept = before_vote(unit, asker, hunt, "park")
            idea = unit.ideas.get(asker.tenant, hunt, number)
            wanted = IdeaState.PARKED if parked else IdeaState.STANDING
            if idea.state in SORTABLE and idea.state is not wanted:
                remember(unit, kept, asker, "park", (idea,), (), now)
                unit.ideas.keep(replace(idea, state=wanted), now)
                redraw(unit, kept, now)
            return _sort_form(unit, kept, page, unsorted)

    def compare(self, tenant: TenantId, hunt: HuntId, *, patient: bool = False) -> bool:
        """Looks for near-duplicates and keeps the undecided pairs; False where the engine did not answer.

        Long on large hunts: it reads, compares outside any transaction, then writes. `patient` where nobody waits; else
        an answer that would take more than a moment is left to the next look, and pairs stay as they were.
        """
        with self.storage.look() as unit:
            own = own_words(unit, tenant)
            texts = [IdeaText(idea.number, own.apply(idea.text)) for idea in unit.ideas.texts(tenant, hunt)]
        try:
            pairs = self.themer.alike(texts, patient=patient)
        except Unanswered:
            if not patient:
                self._compare_words(tenant, hunt, texts)
            return False
        with self.storage.begin() as unit:
            unit.ideas.keep_pairs(tenant, hunt, pairs)
        self._compared[hunt] = True
        while len(self._compared) > REMEMBERED:
            self._compared.popitem(last=False)
        return True

    def _compare_words(self, tenant: TenantId, hunt: HuntId, texts: Sequence[IdeaText]) -> None:
        """Keeps pairs by words, where none stand and the engine did not deny them: it was never asked of this hunt."""
        with self.storage.look() as unit:
            if hunt in self._compared or unit.ideas.count_pairs(tenant, hunt):
                return
        pairs = self.themer.alike_in_words(texts)
        with self.storage.begin() as unit:
            if not unit.ideas.count_pairs(tenant, hunt):
                unit.ideas.keep_pairs(tenant, hunt, pairs)

    def duplicates(self, asker: Asker, hunt: HuntId, now: datetime) -> DuplicatesForm:
        """The pairs that may be the same idea, with the words they share; only once ideas may be seen."""
        with self.storage.look() as unit:
            kept = unit.hunts.get(asker.tenant, hunt)
            kept.expect_leader(asker.person, "merge")
            if not kept.shows_ideas:
                kept.expect(Phase.REVEALED, Phase.VOTING, Phase.CLOSED)
        self.compare(asker.tenant, hunt)
        with self.storage.look() as unit:
            return _duplicates_form(unit, unit.hunts.get(asker.tenant, hunt))

    def merge(
        self,
        asker: Asker,
        hunt: HuntId,
        one: IdeaNumber,
        other: IdeaNumber,
        now: datetime,
        title: str = "",
    ) -> DuplicatesForm:
        """Tells two ideas together under the first; both authors keep the credit and hear of it."""
        with self.storage.begin() as unit:
            kept = before_vote(unit, asker, hunt, "merge")
            first, second = (unit.ideas.get(asker.tenant, hunt, number) for number in (one, other))
            if first.state is IdeaState.STANDING and second.state is IdeaState.STANDING and one != other:
                self._merge(unit, kept, asker, first, second, one_line(title, MAX_TITLE), now)
                return _duplicates_form(unit, kept, _pair_told("duplicates.told.merged", one, other))
            return _duplicates_form(unit, kept, DECIDED)

    def _merge(
        self, unit: Unit, hunt: Hunt, asker: Asker, first: Idea, second: Idea, title: str, now: datetime
    ) -> None:
        behind = unit.ideas.merged_into(hunt.tenant, hunt.id, second.number)
        pair = _judged(unit, hunt, first.number, second.number)
        remember(unit, hunt, asker, "merge", (first, second, *behind), (), now, pair)
        unit.ideas.judge(hunt.tenant, hunt.id, replace(pair, verdict=Verdict.MERGED), asker.person)
        unit.ideas.keep(replace(second, state=IdeaState.MERGED, merged_into=first.number), now)
        for idea in behind:
            unit.ideas.keep(replace(idea, merged_into=first.number), now)
        together = replace(first, voices=first.voices + second.voices, title=title or first.title)
        unit.ideas.keep(together, now)
        for author in {first.author, second.author} - {None, asker.person}:
            assert author is not None
            once = f"merged:{first.number}:{second.number}"
            title = together.headline[:200]
            notice(unit, hunt, author, "merge.told", now, once=once, number=int(first.number), title=title)
        redraw(unit, hunt, now)

    def keep_apart(
        self, asker: Asker, hunt: HuntId, one: IdeaNumber, other: IdeaNumber, now: datetime
    ) -> DuplicatesForm:
        """Says that these are two ideas, which may share a theme; the pair is not pointed out again."""
        with self.storage.begin() as unit:
            kept = before_vote(unit, asker, hunt, "merge")
            pair = _judged(unit, kept, one, other)
            if pair.verdict is not Verdict.APART:
                remember(unit, kept, asker, "keep_apart", (), (), now, pair)
                unit.ideas.judge(kept.tenant, kept.id, replace(pair, verdict=Verdict.APART), asker.person)
                return _duplicates_form(unit, kept, _pair_told("duplicates.told.apart", one, other))
            return _duplicates_form(unit, kept, DECIDED)

    def other_theme(
        self, asker: Asker, hunt: HuntId, one: IdeaNumber, other: IdeaNumber, now: datetime
    ) -> DuplicatesForm:
        """Says that these are two ideas of two themes. Where both are in one, the less decided leaves it.

        The bot may then suggest another theme for the one that left, never the same again.
        """
        with self.storage.begin() as unit:
            kept = before_vote(unit, asker, hunt, "merge")
            pair = _judged(unit, kept, one, other)
            if pair.verdict is Verdict.OTHER_THEME:
                return _duplicates_form(unit, kept, DECIDED)
            leaving = _leaving(unit, kept, one, other)
            told = _left_told(leaving, themes_by_id(unit, kept)) or _pair_told("duplicates.told.two_themes", one, other)
            remember(unit, kept, asker, "other_theme", leaving, (), now, pair)
            unit.ideas.judge(kept.tenant, kept.id, replace(pair, verdict=Verdict.OTHER_THEME), asker.person)
            for idea in leaving:
                unit.ideas.keep(replace(idea, theme=None, suggested=False), now)
                redraw(unit, kept, now)
            return _duplicates_form(unit, kept, told)

    def undo(self, asker: Asker, hunt: HuntId, now: datetime) -> Note:
        """Takes the last step of grouping back, as often as there are steps, until the vote opens."""
        with self.storage.begin() as unit:
            kept = before_vote(unit, asker, hunt, "undo")
            step = unit.ideas.last_step(asker.tenant, hunt)
            if step is None:
                raise NothingToUndo
            take_back(unit, kept, step, asker, now)
            unit.ideas.drop_step(asker.tenant, hunt, step.seq)
            unit.calendar.note(asker.tenant, asker.person, "undo", f"{hunt} {step.deed}", now)
            redraw(unit, kept, now)
        buttons = (Button(Deed.UNDO, hunt), Button(Deed.SORT, hunt))
        if step.deed == REGROUP:
            return Note("undo.done.regroup", buttons=(*buttons, Button(Deed.SUGGEST_AGAIN, hunt)))
        return Note("undo.done", {"deed": Key(f"deed.{step.deed}")}, buttons)


def browse_page(unit: Unit, hunt: Hunt, page: int, theme: ThemeId | None) -> Browse | Note:
    """A page of the hunt's standing ideas, shuffled, or how many there are while they are hidden."""
    if not hunt.shows_ideas:
        return Note(
            "browse.hidden",
            {"n": hunt.ideas, "voices": hunt.voices},
            (Button(Deed.ADD_IDEA, hunt.id, main=True),),
        )
    total = unit.ideas.count(hunt.tenant, hunt.id, states=STANDING, theme=theme)
    page = clamp_page(page, total, PAGE)
    ideas = unit.ideas.page(
        hunt.tenant, hunt.id, states=STANDING, theme=theme, shuffled=True, offset=(page - 1) * PAGE, limit=PAGE
    )
    themes = themes_by_id(unit, hunt)
    lines = tuple(idea_line(idea, hunt, themes) for idea in ideas)
    return Browse(hunt, lines, theme_choices(themes.values()), theme, page, pages(total, PAGE), total)


def add_theme(unit: Unit, hunt: Hunt, name: str, origin: Origin = Origin.PERSON) -> Theme:
    """A new theme (or the one of that name); raises TooShort for an empty name, TooManyThemes."""
    clean = one_line(name, MAX_THEME)
    if not clean:
        raise TooShort(1)
    theme = unit.ideas.add_theme(hunt.tenant, hunt.id, clean, origin)
    if len(themes_by_id(unit, hunt)) > MAX_THEMES:
        raise TooManyThemes(MAX_THEMES)
    return theme


def before_vote(unit: Unit, asker: Asker, hunt: HuntId, deed: str) -> Hunt:
    """The hunt, locked, if this person leads it and no vote froze its ideas. Raises NotAllowed, WrongPhase."""
    kept = unit.hunts.locked(asker.tenant, hunt)
    kept.expect_leader(asker.person, deed)
    kept.expect(*BEFORE_VOTE)
    return kept


def _unparked(state: IdeaState) -> IdeaState:
    return IdeaState.STANDING if state is IdeaState.PARKED else state


def _judged(unit: Unit, hunt: Hunt, one: IdeaNumber, other: IdeaNumber) -> Judged:
    """The pair as people left it. Raises UnknownIdea for ideas that are not there."""
    for number in (one, other):
        unit.ideas.get(hunt.tenant, hunt.id, number)
    return Judged(one, other, unit.ideas.verdict(hunt.tenant, hunt.id, one, other))


def _leaving(unit: Unit, hunt: Hunt, one: IdeaNumber, other: IdeaNumber) -> tuple[Idea, ...]:
    """Which of two ideas in one theme leaves it: a suggestion rather than a decision, else the second."""
    first, second = (unit.ideas.get(hunt.tenant, hunt.id, number) for number in (one, other))
    if first.theme is None or first.theme != second.theme:
        return ()
    return (first,) if first.suggested and not second.suggested else (second,)


def rivals_of(apart: Iterable[tuple[IdeaNumber, IdeaNumber]]) -> dict[IdeaNumber, list[IdeaNumber]]:
    """For each idea of a pair that belongs in two themes, the ideas it must not share a theme with."""
    found: dict[IdeaNumber, list[IdeaNumber]] = defaultdict(list)
    for one, other in apart:
        found[one].append(other)
        found[other].append(one)
    return found


def _sort_form(unit: Unit, hunt: Hunt, page: int, unsorted: bool) -> SortForm:
    if not hunt.shows_ideas:
        hunt.expect(Phase.REVEALED)  # hidden from facilitators too
    loose = unit.ideas.count(hunt.tenant, hunt.id, states=STANDING, unsorted=True)
    states = STANDING if unsorted else SORTABLE
    total = loose if unsorted else unit.ideas.count(hunt.tenant, hunt.id, states=states)
    page = clamp_page(page, total, SORT_PAGE)
    ideas = unit.ideas.page(
        hunt.tenant,
        hunt.id,
        states=states,
        unsorted=unsorted,
        offset=(page - 1) * SORT_PAGE,
        limit=SORT_PAGE,
    )
    themes = themes_by_id(unit, hunt)
    reasons = unit.ideas.reasons(hunt.tenant, hunt.id, [idea.number for idea in ideas])
    step = unit.ideas.last_step(hunt.tenant, hunt.id)
    return SortForm(
        hunt,
        tuple(
            replace(idea_line(idea, hunt, themes), why=_why(idea, reasons.get(idea.number), themes)) for idea in ideas
        ),
        theme_choices(themes.values()),
        page,
        pages(total, SORT_PAGE),
        unsorted,
        loose,
        step is not None,
        step.deed if step is not None else "",
    )


def _why(idea: Idea, reason: Reason | None, themes: Mapping[ThemeId, Theme]) -> Why | None:
    """The reason of a suggestion that still stands; None for what people decided, set aside, or nobody ever moved."""
    if idea.state is IdeaState.PARKED:
        return None
    if reason is None or reason.theme != idea.theme:
        return Why() if idea.suggested else None
    if idea.theme is not None and not idea.suggested:
        return None
    was = themes.get(reason.was) if reason.was is not None else None
    return Why(reason.unsure, reason.shared, reason.near, was.name if was else "", out=idea.theme is None)


def _pair_told(key: str, one: IdeaNumber, other: IdeaNumber) -> Told:
    return Told(Note(key, {"one": int(one), "other": int(other)}))


def _left_told(leaving: Iterable[Idea], themes: Mapping[ThemeId, Theme]) -> Told | None:
    """Which idea left which theme, where one did."""
    for idea in leaving:
        if idea.theme is not None and idea.theme in themes:
            facts = {"number": int(idea.number), "theme": themes[idea.theme].name}
            return Told(Note("duplicates.told.left", facts))
    return None


def _duplicates_form(unit: Unit, hunt: Hunt, *told: Told) -> DuplicatesForm:
    themes = themes_by_id(unit, hunt)

    def pair(likeness: Likeness) -> Pair:
        one, other = (
            idea_line(unit.ideas.get(hunt.tenant, hunt.id, IdeaNumber(number)), hunt, themes)
            for number in (likeness.one, likeness.other)
        )
        return Pair(one, other, likeness.shared, round(100 * likeness.score))

    pairs = unit.ideas.pairs(hunt.tenant, hunt.id, PAIRS_SHOWN)
    step = unit.ideas.last_step(hunt.tenant, hunt.id)
    return DuplicatesForm(
        hunt,
        tuple(pair(one) for one in pairs),
        unit.ideas.count_pairs(hunt.tenant, hunt.id),
        step is not None,
        step.deed if step is not None else "",
        told,
    )
