"""What ideahunt says, in French and in English: sentences made of parts, from one catalogue per language."""

from bot.words.catalogue import Fact, Translator, UnknownWords, translator
from bot.words.parts import Mention, Moment, Part, Raw, RoomLink, Sentence, Style, Words

__all__ = [
    "Fact",
    "Mention",
    "Moment",
    "Part",
    "Raw",
    "RoomLink",
    "Sentence",
    "Style",
    "Translator",
    "UnknownWords",
    "Words",
    "translator",
]
