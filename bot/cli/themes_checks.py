"""The doctor's question to the engine that groups ideas: can it be used."""

from __future__ import annotations

from bot.cli.findings import Finding, State
from bot.cli.problems import Stopped
from bot.cli.settings import Settings
from bot.cli.themes_settings import choice_of
from bot.theming.choice import WORDS, WORDS_ONLY, Choice, engine
from bot.theming.models import BadModel

GROUPING = "grouping"


def check_themes(settings: Settings) -> list[Finding]:
    """What groups ideas here, and whether a model or an endpoint of the owner's own answers; never raises."""
    try:
        choice = choice_of(settings)
    except Stopped as stopped:
        return [Finding(GROUPING, State.FAULT, problem.what, problem.fix) for problem in stopped.problems]
    if choice.model == WORDS:
        return [Finding(GROUPING, State.FINE, "Ideas are grouped by their words alone, as IDEAHUNT_THEMES_MODEL says.")]
    return [_asked(choice) if choice.model or choice.url else _shipped(choice)]


def _shipped(choice: Choice) -> Finding:
    if choice.name == WORDS_ONLY:
        return Finding(GROUPING, State.NOTE, "Ideas are grouped by their words alone.", "pip install ideahunt[themes]")
    return Finding(GROUPING, State.FINE, f"Ideas are grouped by {choice.name}, on this machine.")


def _asked(choice: Choice) -> Finding:
    """The model reads a dash; an endpoint is sent no more than that."""
    try:
        engine(choice).wake()
    except BadModel as bad:
        what = f"{bad.sentence[:1].upper()}{bad.sentence[1:]}. Ideas are grouped by their words alone."
        fix = "Correct IDEAHUNT_THEMES_MODEL or IDEAHUNT_EMBEDDINGS_*, or leave them out."
        return Finding(GROUPING, State.WARNING, what, fix)
    return Finding(GROUPING, State.FINE, f"Ideas are grouped by {choice.name}.")
