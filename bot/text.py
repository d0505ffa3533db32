"""What people typed, made safe and fair to show: cleaned, measured, folded to compare, shortened, split."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Collection, Sequence
from itertools import takewhile

import regex

from bot.domain.errors import TooLong, TooShort
from bot.domain.ideas import LEAST_WORDS, MAX_TEXT, MAX_TITLE, TITLE_FROM

MAX_MARKS = 3
"""Combining marks kept after one letter: enough for every language, too few to climb over other lines."""
MAX_BLANK_LINES = 1
LEAST_DENSE = 6
"""Letters that make an idea where words have no spaces or are dense (Chinese, Japanese, Thai, Korean…)."""
LEAST_TITLE = 20
"""A sentence that ends sooner is an abbreviation or a greeting ("M.", "Bonjour.")."""
MAX_ITEMS = 50

NEWLINES = re.compile(r"\r\n?|[\v\f\x1c-\x1e\x85\u2028\u2029]")
GONE = regex.compile(
    r"[\p{Cs}\p{Co}\p{Cn}\u034f\u17b4\u17b5]|[\p{Cc}--[\t\n]]|[\p{Cf}--[\u200c\u200d\U000e0020-\U000e007f]]",
    regex.V1,
)
"""Controls, invisible formats (bidi overrides, zero-width, soft hyphen, BOM), lone surrogates, private use,
unassigned. Joiners stay, because emoji families and Persian need them, and so do the tags of England's flag;
`STRAY` and `TAGS` then take those that join nothing."""
STRAY = regex.compile(
    r"(?<![\p{L}\p{M}\p{Extended_Pictographic}\p{Emoji_Modifier}\u200c\u200d])[\u200c\u200d]+"
    r"|(?<=[\p{Latin}\p{Greek}\p{Cyrillic}])[\u200c\u200d]+"
    r"|[\u200c\u200d]++(?![\p{L}\p{Extended_Pictographic}])"
)
TAGS = regex.compile(r"(?<!\U0001f3f4)(?<![\U000e0020-\U000e007f])[\U000e0020-\U000e007f]+")
BLANK = regex.compile(r"[\p{Zs}\t\u115f\u1160\u3164\uffa0\u2800\ufffc]")
"""Looks like nothing: spaces, Hangul fillers, the empty braille pattern, object replacements."""
ZALGO = regex.compile(rf"(\p{{M}}{{{MAX_MARKS}}})\p{{M}}+")
LEADING_MARKS = regex.compile(r"(?<![^\s])\p{M}+")
SPACES = re.compile(r" {2,}")
LINE_ENDS = re.compile(r" ?\n ?")
FEWER_LINES = re.compile(rf"\n{{{MAX_BLANK_LINES + 2},}}")
WORD = regex.compile(r"[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}])*+")
DENSE = regex.compile(r"[\p{Han}\p{Hiragana}\p{Katakana}\p{Hangul}\p{Thai}\p{Lao}\p{Khmer}\p{Myanmar}]")
LETTERS = regex.compile(r"\p{L}\p{M}*\p{L}")
EMOJI_NAME = re.compile(r":[a-z0-9_+'-]+(?:::skin-tone-[2-6])?:")
"""How Slack writes an emoji inside a message: ":tada:" is no word."""
CLUSTER = regex.compile(r"\X")
SENTENCE_END = regex.compile(r"(?<=[\p{L}\p{N}»”\")])\s?[.!?…]+(?=\s)|\n")
ITEM = re.compile(r"(?:[-*+•◦▪‣–—·]|\(?\d{1,3}[.)]|[a-zA-Z]\))[ \t]+(?=\S)")
NOT_EQUAL = regex.compile(r"[^\p{L}\p{N}\p{M}]+")


def clean(text: str) -> str:
    """The text in NFC with nothing invisible, deceptive or towering in it; at most one blank line in a row.

    Linear in the length of the text, whatever it holds.
    """
    text = NEWLINES.sub("\n", text)
    text = BLANK.sub(" ", TAGS.sub("", GONE.sub("", text)))
    text = ZALGO.sub(r"\1", STRAY.sub("", text))  # before the next line, whose sorting of marks is quadratic
    text = LEADING_MARKS.sub("", ZALGO.sub(r"\1", unicodedata.normalize("NFC", text)))
    text = FEWER_LINES.sub("\n" * (MAX_BLANK_LINES + 1), LINE_ENDS.sub("\n", SPACES.sub(" ", text)))
    return text.strip()


def one_line(text: str, most: int) -> str:
    """The cleaned text on one line of at most `most` characters: questions, names of themes, titles."""
    return clean(clean(text).replace("\n", " "))[:most].rstrip()


def unstopped(text: str) -> str:
    """A headline without its full stop, so that it reads inside another sentence; three dots stay."""
    return text.removesuffix(".") if not text.endswith("..") else text


def accept(text: str) -> str:
    """The cleaned text of an idea; raises TooShort or TooLong."""
    if len(text) > MAX_TEXT * 50:
        raise TooLong(MAX_TEXT, len(text))
    kept = clean(text)
    if len(kept) > MAX_TEXT:
        raise TooLong(MAX_TEXT, len(kept))
    if not says_something(kept):
        raise TooShort(LEAST_WORDS)
    return kept


def says_something(text: str) -> bool:
    """Whether a cleaned text has LEAST_WORDS words, or LEAST_DENSE letters of a script without spaces."""
    said = EMOJI_NAME.sub(" ", text)
    if len(DENSE.findall(said)) >= LEAST_DENSE:
        return True
    return len(WORD.findall(said)) >= LEAST_WORDS and LETTERS.search(said) is not None


def title_of(text: str) -> str:
    """For a text longer than TITLE_FROM: its first sentence, at most MAX_TITLE characters; else nothing."""
    if len(text) <= TITLE_FROM:
        return ""
    end = SENTENCE_END.search(text, LEAST_TITLE)
    first = text[: end.end()] if end else text
    return shorten(" ".join(first.split()).removesuffix("."), MAX_TITLE)


def split_list(text: str) -> tuple[str, ...]:
    """The items of a pasted list ("- a", "• b", "1. c", "1) d", one a line), or nothing when it is none.

    First lines without a mark are the list's heading and left out; a later one continues the item above it.
    """
    items: list[str] = []
    for line in clean(text).split("\n"):
        mark = ITEM.match(line)
        if mark:
            items.append(line[mark.end() :])
        elif items and line:
            items[-1] = f"{items[-1]} {line}"
    return tuple(items) if 2 <= len(items) <= MAX_ITEMS else ()  # noqa: PLR2004


def fold(text: str) -> str:
    """The text without case, accents, punctuation or doubled spaces: two equal ones say the same thing.

    A text of signs alone keeps them, so that two different emoji stay different.
    """
    apart = unicodedata.normalize("NFKD", clean(text).casefold().replace("œ", "oe").replace("æ", "ae"))
    bare = "".join(sign for sign in apart if not unicodedata.combining(sign))
    return NOT_EQUAL.sub(" ", bare).strip() or bare


def shorten(text: str, most: int) -> str:
    """At most `most` characters: cut after a word where one is near, never inside a sign, then `…`."""
    if len(text) <= most:
        return text
    kept = _clusters(text, most - 1)
    at_word = kept.rfind(" ")
    if at_word > len(kept) // 2 and not text[len(kept)].isspace():
        kept = kept[:at_word]
    return kept.rstrip(" ,;:.\n\u00a0\u202f") + "…" if most > 0 else ""


def told_apart(names: Sequence[str], most: int) -> tuple[str, ...]:
    """Names in at most `most` characters each; those that would then read alike lose their common beginning instead."""
    short = [shorten(name, most) for name in names]
    alike = defaultdict(set)
    for name, cut in zip(names, short, strict=True):
        alike[cut].add(name)
    return tuple(_ending(name, alike[cut], most) for name, cut in zip(names, short, strict=True))


def _ending(name: str, alike: Collection[str], most: int) -> str:
    """What a name has of its own among those that begin alike, behind `…`; the name itself where none does."""
    each = (other.split(" ") for other in alike) if len(alike) > 1 else ()
    shared = takewhile(lambda words: len(set(words)) == 1, zip(*each, strict=False))
    own = name[sum(len(words[0]) + 1 for words in shared) :]
    return f"…{shorten(own, most - 1)}" if own and own != name else shorten(name, most)


def _clusters(text: str, most: int) -> str:
    """As many whole visible signs from the start as fit in `most` characters."""
    end = 0
    for cluster in CLUSTER.finditer(text, 0, max(most, 0) + 64):
        if cluster.end() > most:
            break
        end = cluster.end()
    return text[:end]
