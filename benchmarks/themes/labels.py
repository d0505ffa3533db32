"""Labels tried as queries, on the ideas of the same set that were not in the hunt."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np

from benchmarks.themes.hunts import DrawnHunt
from benchmarks.themes.peers import Method
from benchmarks.themes.scores import ratio
from bot.domain.ideas import IdeaText, Pile
from bot.theming.stems import stems_of, words_of
from bot.theming.stopwords import ENGLISH, FRENCH

WORDS = 3
ALL = "all"
MOST_OUTSIDE = 3_000
Hit = tuple[str, str, bool, bool, str]
"""Labeller, language, whether its words found the class first, whether the theme was 60 % pure, which hunt."""


def labelled(hunt: DrawnHunt, ours: Method) -> list[Hit]:
    """Every labeller on our partition of one hunt."""
    ideas = [IdeaText(number, text) for number, text in enumerate(hunt.texts)]
    piles = [pile for pile in ours.engine.group(ideas) if pile.label]
    inside = set(hunt.places)
    outside = [place for place in range(len(hunt.source.texts)) if place not in inside][:: _step(hunt)]
    classes = sorted(set(hunt.labels))
    names = [hunt.source.labels[place] for place in outside]
    if not piles or not set(classes) <= set(names):
        return []
    find = _Finder([hunt.source.texts[place] for place in outside], names, hunt.source.language)
    hits = []
    for labeller, labels in _labellers(hunt, piles).items():
        for pile, words in zip(piles, labels, strict=True):
            most, count = Counter(hunt.labels[number] for number in pile.ideas).most_common(1)[0]
            found, pure = find.first(words, classes) == most, count >= 0.6 * len(pile.ideas)
            hits.append((labeller, hunt.source.language, found, pure, f"{hunt.source.name} {hunt.size} {hunt.draw}"))
    return hits


def _step(hunt: DrawnHunt) -> int:
    return max(1, len(hunt.source.texts) // MOST_OUTSIDE)


class _Finder:
    """Ideas outside the hunt as TF-IDF of stems, and their classes."""

    def __init__(self, texts: Sequence[str], names: Sequence[str], language: str) -> None:
        self._language = language
        self._stems = [{one.stem for one in stems_of(text, language)} for text in texts]
        self._held = Counter(stem for stems in self._stems for stem in stems)
        self._names = np.array(names)

    def first(self, words: str, classes: Sequence[str]) -> str:
        """The class whose ideas hold the words most, by the mean of the rarity of the words held."""
        asked = {one.stem for one in stems_of(words, self._language)}
        rarity = {stem: np.log((1 + len(self._stems)) / (1 + self._held[stem])) for stem in asked}
        scores = np.array([sum(rarity[stem] for stem in stems & asked) for stems in self._stems])
        means = [float(scores[self._names == one].mean()) for one in classes]
        return classes[int(np.argmax(means))] if max(means) > 0 else ""


def _labellers(hunt: DrawnHunt, piles: Sequence[Pile]) -> dict[str, list[str]]:
    texts = hunt.texts
    told = {"ideahunt": [pile.label for pile in piles], "Parabol's title": [_parabol(texts, pile) for pile in piles]}
    documents = [" ".join(texts[number] for number in pile.ideas) for pile in piles]
    try:
        told["BERTopic's c-TF-IDF"] = _bertopic(documents, stop=False)
        told["BERTopic's c-TF-IDF, stop words"] = _bertopic(documents, stop=True)
    except (ImportError, ValueError):
        pass  # not installed, or no word left: then this labeller says nothing
    return told


def _parabol(texts: Sequence[str], pile: Pile) -> str:
    """Its title without AI: the first three words longer than three letters, of the first card."""
    return " ".join([word for word in words_of(texts[pile.ideas[0]]) if len(word) > 3][:WORDS])


def _bertopic(documents: Sequence[str], *, stop: bool) -> list[str]:
    from bertopic.vectorizers import ClassTfidfTransformer
    from sklearn.feature_extraction.text import CountVectorizer

    counter = CountVectorizer(stop_words=sorted(FRENCH | ENGLISH) if stop else None)
    counts = counter.fit_transform(documents)
    weights = ClassTfidfTransformer().fit_transform(counts).toarray()
    words = counter.get_feature_names_out()
    return [" ".join(words[place] for place in np.argsort(-row, kind="stable")[:WORDS]) for row in weights]


def label_table(hits: Sequence[Hit]) -> str:
    """The share of hits of each labeller, all themes and those that are 60 % pure, by language and over all sets."""
    lines = [
        "**Labels as queries**",
        "",
        "| labeller | language | themes | hit | ours ÷ (90 %) | pure themes | hit | ours ÷ |",
        "|---" * 8 + "|",
    ]
    for language in (*dict.fromkeys(hit[1] for hit in hits), ALL):
        mine = [hit for hit in hits if language in {hit[1], ALL}]
        own = _rates(mine, "ideahunt")
        for name in dict.fromkeys(hit[0] for hit in mine):
            count, rate, pure, pure_rate = _rates(mine, name)
            lead, low, high = _lead(mine, name)
            lines.append(
                f"| {name} | {language} | {count} | {rate:.3f} | {lead:.2f} ({low:.2f}–{high:.2f}) "
                f"| {pure} | {pure_rate:.3f} | {own[3] / max(pure_rate, 1e-9):.2f} |"
            )
    return "\n".join(lines) + "\n"


def _rates(hits: Sequence[Hit], name: str) -> tuple[int, float, int, float]:
    some = [hit for hit in hits if hit[0] == name]
    pure = [hit for hit in some if hit[3]]
    return len(some), _share(some), len(pure), _share(pure)


def _lead(hits: Sequence[Hit], name: str) -> tuple[float, float, float]:
    """Our hits over another's on the same themes, with the middle 90 % over resampled hunts."""
    both = [Counter(hit[4] for hit in hits if hit[0] == one and hit[2]) for one in ("ideahunt", name)]
    hunts = list(dict.fromkeys(hit[4] for hit in hits if hit[0] == name))
    return ratio([both[0][hunt] for hunt in hunts], [both[1][hunt] for hunt in hunts])


def _share(hits: Sequence[Hit]) -> float:
    return sum(hit[2] for hit in hits) / max(1, len(hits))
