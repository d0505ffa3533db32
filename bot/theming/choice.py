"""Which engine groups here: the best that is installed and asked for, and what it calls itself."""

from __future__ import annotations

from bot.ports import Themer
from bot.theming.communities import FINENESS
from bot.theming.lexical import LexicalThemer
from bot.theming.lexicon import EMPTY, WordList, lexicon_with

WORDS_ONLY = "words only (install ideahunt[themes] to compare meanings too)"


def engine(model: str = "", own: WordList = EMPTY, fineness: float = FINENESS) -> Themer:
    """The engine: with `model`, that model of people's own; else the shipped ones; else words only.

    Raises BadModel when the model asked for cannot be read.
    """
    from bot.theming.meanings import Meanings, installed, shipped

    if not installed() and not model:
        return LexicalThemer()
    from bot.theming.engine import Themes
    from bot.theming.models import named_model

    parts = (named_model(model),) if model else shipped()
    return Themes(Meanings(parts, lexicon_with(own)), own, fineness)


def engine_name(model: str = "") -> str:
    """What the engine is, for people."""
    from bot.theming.meanings import installed

    names = {"minilm": "all-MiniLM-L6-v2", "use": "USE multilingual 3"}
    return model or " + ".join(names[one] for one in installed()) or WORDS_ONLY
