"""The screens of closed rounds: built from their sealed tallies, and from nothing else."""

from __future__ import annotations

from dataclasses import replace

from bot.domain.ballot import Round
from bot.domain.hunt import Hunt
from bot.domain.names import IdeaNumber, RoundNumber
from bot.ports import Unit
from bot.screens import IdeaLine, Parted, Results
from bot.usecases.lines import themes_by_id


def results_screen(unit: Unit, hunt: Hunt, round: Round) -> Results:
    """One round's results in the words frozen at its opening; raises WrongPhase while it is open.

    A run-off tells the final list beside its own dots.
    """
    screen = _own(unit, hunt, round)
    if not round.runoff:
        return screen
    rounds = closed_rounds(unit, hunt)
    return replace(screen, lines={**_own(unit, hunt, rounds[0]).lines, **screen.lines}, parted=parted(unit, rounds))


def outcome(unit: Unit, hunt: Hunt) -> Results | None:
    """The result of the hunt: its main round's, with what run-offs decided since; None before any round closed."""
    rounds = closed_rounds(unit, hunt)
    if not rounds:
        return None
    return replace(_own(unit, hunt, rounds[0]), parted=parted(unit, rounds) if len(rounds) > 1 else None)


def closed_rounds(unit: Unit, hunt: Hunt) -> tuple[Round, ...]:
    """The main round, then its run-offs, as far as they are closed."""
    last = unit.rounds.latest(hunt.tenant, hunt.id)
    numbers = range(1, int(last.number) + 1) if last else ()
    rounds = (unit.rounds.get(hunt.tenant, hunt.id, RoundNumber(number)) for number in numbers)
    return tuple(round for round in rounds if not round.open)


def parted(unit: Unit, rounds: tuple[Round, ...]) -> Parted:
    """What the run-offs among these closed rounds decided: winners of the main round first, then of each run-off."""
    tallies = [unit.rounds.tally(round) for round in rounds]
    return Parted(tallies[-1], tuple(number for tally in tallies for number in tally.winners))


def _own(unit: Unit, hunt: Hunt, round: Round) -> Results:
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
