"""One idea as its words and what stands between them: phrases, capitals, and which words seem to be verbs."""

# ruff: noqa: SIM905  # words are read in a line more easily than in a list

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.theming.stems import SHORTEST_BARE, stem, words_of
from bot.theming.stopwords import ACRONYMS, ENGLISH, FOR_LABELS, FRENCH

HYPHENS = frozenset("-\u2010\u2011")
BREAKS = frozenset(',;:.!?…()[]«»“”"/|•–—\n\t')
LINKS = frozenset(
    "de du des d la le les l à au aux en et sans sur pour dans par entre"
    " of and the for in to on at with without s my our your".split()
)
"""Little words that may stand inside a phrase, never at its ends."""
MOST_LINKS = 2
BOTH = frozenset({"et", "and"})
"""No little word follows one of these: "habitants et des associations" is no heading."""
CLITICS = frozenset("vous nous t il elle ils elles on ce ci là je tu moi toi le la les y en".split())
"""What a hyphen joins to a verb, or to a word it points at: no compound."""
PARTICLES = frozenset("up ups off out down back".split())
"""What an English verb takes along: "top up"."""
TITLED = 0.5
"""Where more of the later words begin with capitals than this, the idea is written like a title: they prove nothing."""
LEAST_TITLED = 3
ARTICLES = frozenset(
    "le la les l un une des du au aux ce cet cette ces nos notre vos votre leur leurs son sa ses mon ma mes chaque the"
    " a an my our your his her their its this these those of".split()
)
"""A word after one of these is no verb."""
OBJECTS = frozenset(
    "le la les l un une ce cet cette ces nos notre vos leur leurs son sa ses mon ma mes plus moins davantage tout tous"
    " toutes the a an my our their more all new".split()
)
"""A word before one of these may be a verb, when it looks like one or stands first."""
OBJECTS_AT_FIRST = OBJECTS | frozenset("des du de d à aux contre en sur dans avec".split())
CALLS_FRENCH = frozenset("pour faut peut peuvent doit doivent va vont pourrait faudrait devrait sans contre".split())
"""A word after one of these is a verb, when it looks like one."""
CALLS = frozenset("to can could will would should must do does did i we you they not cannot t don please let".split())
"""An English word after one of these is a verb."""
STATES = frozenset("am is are was were be been being have has had very so too get got it".split())
"""What follows one of these says how something is."""
STATED = ("ed", "ly")
LONG = 6
INFINITIVES = ("er", "ir", "dre", "tre", "ire", "vre")


@dataclass(frozen=True, slots=True)
class Line:
    """One idea: its words, the same in small letters, what stands before each, and the stems.

    A stem is empty where a word says nothing. `plain`: its capitals prove nothing.
    """

    words: list[str]
    low: list[str]
    gaps: list[str]
    roots: list[str]
    language: str
    plain: bool

    @classmethod
    def of(cls, text: str, language: str) -> Line:
        """Reads the words that `stems_of` reads."""
        words = words_of(text)
        low = [word.lower() for word in words]
        stop = FRENCH if language == "fr" else ENGLISH
        roots = [
            "" if (one in stop and word not in ACRONYMS) or len(one) < SHORTEST_BARE else stem(one, language)
            for one, word in zip(low, words, strict=True)
        ]
        return cls(words, low, _gaps(text, words), roots, language, _plain(text, words))

    def first(self, at: int) -> bool:
        """Whether a word begins the idea, a sentence, or what follows a colon, a bracket, a quotation mark."""
        return at == 0 or (self._broken(at) and "," not in self.gaps[at])

    def verb(self, at: int) -> bool:
        """Whether a word seems to be a verb: from what stands beside it, and in French from how it ends."""
        before = self.low[at - 1] if at and not self._broken(at) else ""
        if before in ARTICLES:
            return False
        after = self.low[at + 1] if at + 1 < len(self.low) and not self._broken(at + 1) else ""
        if self.language != "fr":
            return before in CALLS or (after in OBJECTS and (not before or not self.roots[at - 1]))
        low = self.low[at]
        if not low.endswith(INFINITIVES) or (low.endswith("ier") and not low.endswith("fier")):
            return False
        return before in CALLS_FRENCH or after in (OBJECTS if before else OBJECTS_AT_FIRST)

    def noun(self, at: int) -> bool:
        """Whether a word that is no verb stands where nouns do.

        French: first in a breath, after an article or a preposition. English: anywhere but after what calls for an
        adjective or a participle, unless it ends like one.
        """
        before = self.low[at - 1] if at and not self._broken(at) else ""
        if self.language == "fr":
            if self.low[at].endswith(("er", "ir")) and not self.low[at].endswith("ier"):
                return before in ARTICLES
            return not before or before in ARTICLES or before in LINKS
        low = self.low[at]
        return before not in STATES and not (len(low) > LONG and low.endswith(STATED) and not low.endswith("eed"))

    def beside(self, at: int) -> bool:
        """Whether a telling word stands right before (French) or right after (English): this may only qualify it."""
        if self.language != "fr" and self.low[at][-1] == "s":
            return False
        other = at - 1 if self.language == "fr" else at + 1
        return 0 <= other < len(self.low) and self.roots[other] != "" and self.gaps[max(at, other)] == " "

    def named(self, at: int) -> bool:
        """Whether a word's capital may be that of a longer name: another stands beside it, over little words."""
        return self._capital(at, -1) or self._capital(at, 1)

    def _capital(self, at: int, step: int) -> bool:
        other = at + step
        while 0 <= other < len(self.low) and self.low[other] in LINKS:
            other += step
        return 0 <= other < len(self.low) and self.words[other][0].isupper()

    def compound(self, at: int) -> tuple[int, int]:
        """The first and the last place of the words that hyphens join to this one."""
        start = end = at
        while start and self._joined(start):
            start -= 1
        while end + 1 < len(self.low) and self._joined(end + 1):
            end += 1
        if self.language == "en" and end + 1 < len(self.low) and self.low[end + 1] in PARTICLES:
            end += self.gaps[end + 1] in {" ", "-"}
        return start, end

    def _joined(self, at: int) -> bool:
        return self.gaps[at] in HYPHENS and (self.low[at] not in CLITICS or self.low[at - 1] == "rendez")

    def written(self, start: int, end: int) -> str:
        """The words from one place to another, as written but for spaces and for the apostrophe."""
        if start == end:
            return self.words[start]
        said = self.words[start] + "".join(self.gaps[at] + self.words[at] for at in range(start + 1, end + 1))
        return " ".join(said.replace("’", "'").split())

    def run(self, start: int, end: int) -> bool:
        """Whether two telling words are said in one breath, at most MOST_LINKS little ones between."""
        if end - start > 1 + MOST_LINKS or self.low[start] in FOR_LABELS or self.low[end] in FOR_LABELS:
            return False
        between = self.low[start + 1 : end]
        if not LINKS.issuperset(between) or (len(between) > 1 and not BOTH.isdisjoint(between)):
            return False
        return not any(self._broken(at) for at in range(start + 1, end + 1))

    def _broken(self, at: int) -> bool:
        """Whether a mark, or a hyphen with spaces, stands before a word."""
        gap = self.gaps[at]
        return gap not in {" ", "'", "-"} and (not BREAKS.isdisjoint(gap) or (gap.strip() in HYPHENS and len(gap) > 1))


def _gaps(text: str, words: Sequence[str]) -> list[str]:
    """What stands before each word: the next word begins where a letter or a figure is found next."""
    gaps, end = [], 0
    for word in words:
        start = text.find(word, end)
        gaps.append(text[end:start])
        end = start + len(word)
    return gaps


def _plain(text: str, words: list[str]) -> bool:
    if text.islower() or text.isupper():
        return True
    later = words[1:]
    return len(later) >= LEAST_TITLED and sum(one[0].isupper() for one in later) > TITLED * len(later)
