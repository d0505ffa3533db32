"""The screens of a closed round: built from its sealed tally, and from nothing else."""

from __future__ import annotations

from bot.domain.ballot import Round
from bot.domain.hunt import Hunt
from bot.domain.names import IdeaNumber
from bot.ports import Unit
from bot.screens import IdeaLine, Results
from bot.usecases.lines import themes_by_id


def results_screen(unit: Unit, hunt: Hunt, round: Round) -> Results:
    """The results in the words frozen at the opening; raises WrongPhase while the round is open."""
    tally = unit.rounds.tally(round)
    dots = {rank.option: rank.dots for rank in tally.ranks}
    names = {theme.name: theme.id for theme in themes_by_id(unit, hunt).values()}
    lines: dict[IdeaNumber, IdeaLine] = {
        option.number: IdeaLine(
            option.number,
            option.text,
            option.title,
            theme=names.get(option.theme),
            theme_name=option.theme,
            dots=dots.get(option.number, 0),
        )
        for option in unit.rounds.options(round)
    }
    return Results(hunt, round, tally, lines)
