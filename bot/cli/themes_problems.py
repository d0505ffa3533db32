"""What stops `ideahunt themes`: a problem and what to do about it, in the reader's language."""

from __future__ import annotations

from bot.cli.problems import Problem, Stopped
from bot.words import Fact, Raw, Translator


def problem(told: Translator, what: str, fix: str = "", **facts: Fact) -> Problem:
    """What the catalogue has under `themes.problem.` and `themes.fix.`; `fix` where it is the remedy of others too."""
    held: dict[str, Fact] = {name: Raw(fact) if isinstance(fact, str) else fact for name, fact in facts.items()}
    said = (told.say(f"themes.problem.{what}", **held), told.say(f"themes.fix.{fix or what}", **held))
    return Problem(*map(told.flat, said))


def stopped(told: Translator, what: str, fix: str = "", **facts: Fact) -> Stopped:
    """The same, as what ends the command."""
    return Stopped(problem(told, what, fix, **facts))
