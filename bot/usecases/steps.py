"""Steps of grouping: each is remembered as things were before it, and can be taken back, the newest first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from bot.domain.hunt import Hunt
from bot.domain.ideas import Idea, IdeaState, Theme
from bot.domain.names import IdeaNumber, ThemeId
from bot.domain.people import Asker
from bot.ports import Judged, Step, Unit
from bot.text import title_of
from bot.usecases.lines import themes_by_id

REGROUP, STAY = "regroup", "stay"
"""Steps of the bot, and what their undoing leaves: ideas that a person wants where they are."""
PART = 1_000
"""Ideas read at once where all of a theme are asked for."""
FEW = 50
"""Ideas up to which each is read by itself."""


def remember(
    unit: Unit,
    hunt: Hunt,
    asker: Asker,
    deed: str,
    ideas: Iterable[Idea],
    themes: Iterable[Theme],
    now: datetime,
    *pairs: Judged,
) -> None:
    """Keeps how things were before a step, so that it can be taken back, and who did it."""
    before = tuple(ideas)
    unit.ideas.add_step(hunt.tenant, hunt.id, Step(0, deed, asker.person, before, tuple(themes), pairs), now)
    unit.ideas.drop_reasons(hunt.tenant, hunt.id, (idea.number for idea in before))
    unit.calendar.note(hunt.tenant, asker.person, deed, hunt.id, now)


def take_back(unit: Unit, hunt: Hunt, step: Step, asker: Asker, now: datetime) -> None:
    """Ideas, themes and pairs as they were. Whatever came since into a theme that goes away is under none."""
    for theme in step.themes:
        if not theme.gone:
            unit.ideas.keep_theme(theme)
    there = themes_by_id(unit, hunt)
    if step.deed == REGROUP:
        _stay(unit, hunt, step, asker, now)
    else:
        _put_back(unit, hunt, step.ideas, there, now)
    for theme in step.themes:
        if theme.gone:
            left: dict[IdeaNumber, ThemeId | None] = {idea.number: None for idea in all_under(unit, hunt, theme.id)}
            unit.ideas.keep_places(hunt.tenant, hunt.id, left, suggested=False)
            unit.ideas.keep_theme(theme)
    for pair in step.pairs:
        unit.ideas.judge(hunt.tenant, hunt.id, pair, asker.person)


def _stay(unit: Unit, hunt: Hunt, step: Step, asker: Asker, now: datetime) -> None:
    """Ideas that the bot moved go back and stay there until suggestions are wanted again.

    They are suggestions as before: nobody decided where they belong. What was decided since is left alone.
    """
    there = themes_by_id(unit, hunt)
    unit.ideas.drop_reasons(hunt.tenant, hunt.id, (idea.number for idea in step.ideas))
    present = _present(unit, hunt, step.ideas)
    back = [one for one in step.ideas if present[one.number].theme is None or present[one.number].suggested]
    places = {one.number: one.theme for one in back if one.theme in there}
    out: dict[IdeaNumber, ThemeId | None] = {one.number: None for one in back if one.number not in places}
    unit.ideas.keep_places(hunt.tenant, hunt.id, places, suggested=True)
    unit.ideas.keep_places(hunt.tenant, hunt.id, out, suggested=False)
    unit.ideas.add_step(hunt.tenant, hunt.id, Step(0, STAY, asker.person, tuple(back), ()), now)


def all_under(unit: Unit, hunt: Hunt, theme: ThemeId) -> tuple[Idea, ...]:
    """Every idea of a theme, in whatever state."""
    return tuple(_paged(unit, hunt, theme))


def _put_back(unit: Unit, hunt: Hunt, ideas: Sequence[Idea], there: Mapping[ThemeId, Theme], now: datetime) -> None:
    """Ideas as they were: those of which the place alone changed in a few statements, however many they are."""
    places: dict[bool, dict[IdeaNumber, ThemeId | None]] = {True: {}, False: {}}
    now_there = _present(unit, hunt, ideas)
    for idea in ideas:
        present = now_there[idea.number]
        before = _as_before(present, idea, there)
        if replace(before, theme=present.theme, suggested=present.suggested) == present:
            places[before.suggested][idea.number] = before.theme
        else:
            unit.ideas.keep(before, now)
    for suggested, some in places.items():
        unit.ideas.keep_places(hunt.tenant, hunt.id, some, suggested=suggested)


def _present(unit: Unit, hunt: Hunt, ideas: Sequence[Idea]) -> dict[IdeaNumber, Idea]:
    """The same ideas as they are now: one by one where they are few, else among all of the hunt."""
    if len(ideas) < FEW:
        return {idea.number: unit.ideas.get(hunt.tenant, hunt.id, idea.number) for idea in ideas}
    return {idea.number: idea for idea in _paged(unit, hunt)}


def _paged(unit: Unit, hunt: Hunt, theme: ThemeId | None = None) -> Iterator[Idea]:
    """Every idea, of a theme where one is given, in whatever state."""
    read = 0
    while part := unit.ideas.page(
        hunt.tenant, hunt.id, states=frozenset(IdeaState), theme=theme, offset=read, limit=PART
    ):
        yield from part
        read += len(part)


def _as_before(present: Idea, idea: Idea, there: Mapping[ThemeId, Theme]) -> Idea:
    """The idea's place as it was; its words stay as its author left them since."""
    withdrawn = present.state is IdeaState.WITHDRAWN
    stands = idea.theme is None or idea.theme in there
    return replace(
        present,
        theme=idea.theme if stands else None,
        suggested=idea.suggested and stands,
        state=present.state if withdrawn else idea.state,
        merged_into=idea.merged_into,
        voices=idea.voices,
        title=idea.title if present.text == idea.text else title_of(present.text),
    )
