"""How a whole hunt writes its words: with which capitals, as verbs, or only beside the words they qualify."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from bot.theming.lines import Line
from bot.theming.stems import spans_of

AT_FIRST = 0.2
"""A word that begins a sentence with a capital is one of small letters, so far as this goes."""
IN_A_NAME = 0.5
"""A capital beside another may be that of a longer name: the word alone may do without."""
ACRONYM = 4
"""Letters that are written in capitals because they stand for words."""
VERB = 0.5
"""What a verb is worth beside a noun."""
SELDOM = 0.25
"""A word is a noun when it is seen where nouns stand this often: the rest are adjectives and participles."""
NO_NOUN = 0.4
"""What those are worth alone."""
QUALIFIES = 0.6
"""A word is taken to qualify others when this share of its sights stands beside one, and is worth as much alone."""
ATTRIBUTE = 0.85
"""The same in English, where nouns stand before nouns too."""


@dataclass(slots=True)
class Habits:
    """Counts of sights: `cased` by word and way of writing, `beside` and `seen` by stem, the others by word."""

    cased: dict[str, dict[str, float]] = field(default_factory=dict)
    seen: Counter[str] = field(default_factory=Counter)
    beside: Counter[str] = field(default_factory=Counter)
    forms: Counter[str] = field(default_factory=Counter)
    verbs: Counter[str] = field(default_factory=Counter)
    nouns: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, lines: Iterable[Line], wanted: Collection[str]) -> Habits:
        """Reads every sight of the stems that are wanted."""
        made = cls()
        for line in lines:
            for at, root in enumerate(line.roots):
                if root in wanted:
                    made._see(line, at, root)
        return made

    def _see(self, line: Line, at: int, root: str) -> None:
        low = line.low[at]
        self.seen[root] += 1
        self.forms[low] += 1
        self.beside[root] += line.beside(at)
        if line.verb(at):
            self.verbs[low] += 1
        elif line.noun(at):
            self.nouns[low] += 1
        if line.plain:
            return
        word, cased = line.words[at], self.cased.setdefault(low, {})
        if word[1:].islower() and word != low:
            if line.first(at):
                cased[low] = cased.get(low, 0) + AT_FIRST
                return
            cased[word] = cased.get(word, 0) + (IN_A_NAME if line.named(at) else 1)
        else:
            cased[word] = cased.get(word, 0) + 1

    def verb(self, low: str) -> bool:
        """Whether a word is mostly a verb."""
        return 2 * self.verbs[low] > self.forms[low]

    def bearing(self, low: str) -> float:
        """How well a way of writing stands as a noun, 1 at best."""
        if self.verb(low):
            return VERB
        return 1 if self.nouns[low] >= SELDOM * self.forms[low] > 0 or not self.forms[low] else NO_NOUN

    def alone(self, low: str, root: str) -> float:
        """What a word is worth by itself, 1 at best."""
        return self.bearing(low) * (QUALIFIES if self.beside[root] > QUALIFIES * self.seen[root] else 1)

    def noun(self, low: str, root: str, language: str) -> bool:
        """Whether a word can be said beside others: neither a verb nor an adjective."""
        most = QUALIFIES if language == "fr" else ATTRIBUTE
        return self.bearing(low) == 1 and self.beside[root] <= most * self.seen[root]

    def spelled(self, low: str) -> str:
        """Words in small letters, with the capitals that each has most often inside sentences."""
        said, end = "", 0
        for start, stop in spans_of(low):
            said += low[end:start] + self._cased(low[start:stop])
            end = stop
        return said + low[end:]

    def _cased(self, word: str) -> str:
        forms = self.cased.get(word)
        return min(forms, key=lambda one: (-forms[one], _loud(one), one)) if forms else word


def _loud(word: str) -> int:
    """Of ways of writing that are as frequent: a short acronym before small letters, what is shouted last."""
    if word.isupper():
        return 0 if len(word) <= ACRONYM else 3
    return 1 if word.islower() else 2
