"""The screens of closed rounds: built from their sealed tallies, and from nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.domain.ballot import Round
from bot.domain.chain import latest_chain
from bot.domain.hunt import Hunt, Phase
from bot.domain.names import IdeaNumber, RoundNumber
from bot.domain.rules import RoundKind, TieRule
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
    chain = latest_chain(closed_rounds(unit, hunt), round)
    return replace(screen, lines={**_own(unit, hunt, chain[0]).lines, **screen.lines}, parted=parted(unit, chain))


def outcome(unit: Unit, hunt: Hunt) -> Results | None:
    """The result of the hunt: its newest round's, with what run-offs decided since; None before any round closed."""
    chain = latest_chain(closed_rounds(unit, hunt))
    if not chain:
        return None
    return replace(_own(unit, hunt, chain[0]), parted=parted(unit, chain) if len(chain) > 1 else None)


def closed_rounds(unit: Unit, hunt: Hunt) -> tuple[Round, ...]:
    """Every closed round, in order: a round over themes perhaps, the main round, and after each its run-offs."""
    last = unit.rounds.latest(hunt.tenant, hunt.id)
    numbers = range(1, int(last.number) + 1) if last else ()
    rounds = (unit.rounds.get(hunt.tenant, hunt.id, RoundNumber(number)) for number in numbers)
    return tuple(round for round in rounds if not round.open)


def parted(unit: Unit, chain: Sequence[Round]) -> Parted:
    """What the run-offs of this chain decided: winners of its first round first, then of each run-off."""
    tallies = [unit.rounds.tally(round) for round in chain]
    return Parted(tallies[-1], tuple(number for tally in tallies for number in tally.winners))


def tied(unit: Unit, hunt: Hunt) -> int:
    """Options tied at the cut of the last round, once closed, where a facilitator may open a run-off; else 0."""
    last = unit.rounds.latest(hunt.tenant, hunt.id)
    if hunt.phase is not Phase.CLOSED or last is None or last.open or last.tie is TieRule.KEEP:
        return 0
    return len(unit.rounds.tally(last).tied_at_cut)


def themes_chosen(unit: Unit, hunt: Hunt) -> frozenset[IdeaNumber] | None:
    """The themes a closed vote over themes chose (as options), while the vote over their ideas is still to come.

    None where no such vote waits for the next; empty where nobody placed a dot. Themes tied at the cut all stay, unless
    a run-off parted them.
    """
    chain = latest_chain(closed_rounds(unit, hunt))
    if hunt.phase is not Phase.CLOSED or not chain or chain[0].kind is not RoundKind.THEMES:
        return None
    told = parted(unit, chain)
    return frozenset(told.final) | frozenset(told.tally.tied_at_cut)


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
    after = unit.rounds.latest(hunt.tenant, hunt.id)
    follows = after is not None and after.open and after.runoff and after.number == round.number + 1
    return Results(
        hunt,
        round,
        tally,
        lines,
        fingerprint=unit.rounds.fingerprint(round),
        runoff_until=after.closes_at if after and follows and round.tie is TieRule.AUTO else None,
    )
