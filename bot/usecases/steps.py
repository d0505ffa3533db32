"""Steps of grouping: each is remembered as things were before it, and can be taken back, the newest first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from bot.domain.hunt import Hunt
from bot.domain.ideas import Idea, IdeaState, Theme
from bot.domain.names import ThemeId
from bot.domain.people import Asker
from bot.ports import Judged, Step, Unit
from bot.usecases.lines import themes_by_id

REGROUP, STAY = "regroup", "stay"
"""Steps of the bot, and what their undoing leaves: ideas that a person wants where they are."""
PART = 1_000
"""Ideas read at once where all of a theme are asked for."""


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
        for idea in step.ideas:
            unit.ideas.keep(_as_before(unit, idea, there), now)
    for theme in step.themes:
        if theme.gone:
            for idea in all_under(unit, hunt, theme.id):
                unit.ideas.keep(replace(idea, theme=None, suggested=False), now)
            unit.ideas.keep_theme(theme)
    for pair in step.pairs:
        unit.ideas.judge(hunt.tenant, hunt.id, pair, asker.person)


def _stay(unit: Unit, hunt: Hunt, step: Step, asker: Asker, now: datetime) -> None:
    """Ideas that the bot moved go back and stay there, as a person wants; what was decided since is left alone."""
    there = themes_by_id(unit, hunt)
    unit.ideas.drop_reasons(hunt.tenant, hunt.id, (idea.number for idea in step.ideas))
    back = []
    for before in step.ideas:
        present = unit.ideas.get(hunt.tenant, hunt.id, before.number)
        if present.theme is None or present.suggested:
            theme = before.theme if before.theme in there else None
            unit.ideas.keep(replace(present, theme=theme, suggested=False), now)
            back.append(before)
    unit.ideas.add_step(hunt.tenant, hunt.id, Step(0, STAY, asker.person, tuple(back), ()), now)


def all_under(unit: Unit, hunt: Hunt, theme: ThemeId) -> tuple[Idea, ...]:
    """Every idea of a theme, in whatever state."""
    found: list[Idea] = []
    while part := unit.ideas.page(
        hunt.tenant, hunt.id, states=frozenset(IdeaState), theme=theme, offset=len(found), limit=PART
    ):
        found += part
    return tuple(found)


def _as_before(unit: Unit, idea: Idea, there: Mapping[ThemeId, Theme]) -> Idea:
    """The idea's place as it was; its words stay as its author left them since."""
    present = unit.ideas.get(idea.tenant, idea.hunt, idea.number)
    withdrawn = present.state is IdeaState.WITHDRAWN
    stands = idea.theme is None or idea.theme in there
    return replace(
        present,
        theme=idea.theme if stands else None,
        suggested=idea.suggested and stands,
        state=present.state if withdrawn else idea.state,
        merged_into=idea.merged_into,
        voices=idea.voices,
        title=idea.title,
    )
