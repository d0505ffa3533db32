"""What ideahunt says, in French and in English: sentences made of parts, from one catalogue per language."""

from bot.words.catalogue import Fact, Translator, UnknownWords, translator
from bot.words.parts import Key, Mention, Moment, OneOf, Part, Raw, RoomLink, Sentence, Style, Words
from bot.words.refusals import refusal_key, refusal_sentence, refusal_words

__all__ = [
    "Fact",
    "Key",
    "Mention",
    "Moment",
    "OneOf",
    "Part",
    "Raw",
    "RoomLink",
    "Sentence",
    "Style",
    "Translator",
    "UnknownWords",
    "Words",
    "refusal_key",
    "refusal_sentence",
    "refusal_words",
    "translator",
]
