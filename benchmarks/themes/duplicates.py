"""`python -m benchmarks.themes.duplicates FOLDER`: which pairs are pointed out as duplicates, at which threshold.

Three labelled sources: the 26 ideas of the Bois des Forts, in French and in English, with the pairs its script expects;
hunts of 100 messages drawn from banking77 (77 intents of one trade, in English), fifty intents with two messages each:
a pair of one intent asks the same thing; and `pairs_fr.tsv` beside this file, French pairs of our own, same and near
misses, half of them to choose by, half to tell by. Precision is the share of pairs pointed out that are expected,
recall the share of expected ones that are pointed out; both over all hunts of a source together.

Four ways to compare: by words; by meaning; by both as the engine does (`bot.theming.pairs`); and each idea with those
before it, as its author is told (`bot.theming.twins`: at most one each, by words, contraries left out).
"""

from __future__ import annotations

import argparse
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.themes.hunts import read_sets
from bot.domain.ideas import IdeaText
from bot.theming import LexicalThemer
from bot.theming.meanings import Meanings, shipped
from bot.theming.pairs import pairs
from bot.theming.stems import language_of_one
from bot.theming.twins import TWIN, twin
from standins.play import bois_des_forts

Pair = tuple[int, int]
WORDS_AT = (0.15, 0.20, 0.25, 0.30, 0.35, 0.40, 0.50)
MEANING_AT = (0.55, 0.60, 0.65, 0.70, 0.75, 0.80, 0.85)
BOTH_AT = (0.35, 0.40, 0.45, 0.50, 0.55, 0.60)
OWN_PAIRS = Path(__file__).with_name("pairs_fr.tsv")
FLOOR = 0.05
INTENTS, DRAWS = 50, 20


@dataclass(frozen=True, slots=True)
class Labelled:
    """Texts of one hunt, their language, and the pairs that say the same."""

    source: str
    language: str
    texts: tuple[str, ...]
    same: frozenset[Pair]


def labelled(folder: Path) -> Iterator[Labelled]:
    """Every hunt of both sources; the same ones each time."""
    for language, told in (("fr", "French"), ("en", "English")):
        day = bois_des_forts(language)
        place = {line.key: number for number, line in enumerate(day.lines)}
        same = frozenset((min(place[one], place[other]), max(place[one], place[other])) for one, other in day.pairs)
        yield Labelled(f"Bois des Forts ({told})", language, tuple(line.text for line in day.lines), same)
    yield from own_pairs()
    for found in read_sets(folder):
        if found.name == "banking77_en":
            yield from _twins(found.texts, found.labels)


def own_pairs() -> Iterator[Labelled]:
    """Our own French pairs, a hunt for each place they speak of."""
    lines = [line for line in OWN_PAIRS.read_text("utf-8").splitlines() if not line.startswith("#")]
    rows = [line.split("\t") for line in lines[1:]]
    for part, hunt in dict.fromkeys((row[1], row[0]) for row in rows):
        chosen = [row for row in rows if row[0] == hunt]
        texts = tuple(text for row in chosen for text in row[4:])
        same = frozenset((2 * at, 2 * at + 1) for at, row in enumerate(chosen) if row[2] == "1")
        yield Labelled(f"our own pairs, to {part} by (French)", "fr", texts, same)


def _twins(texts: Sequence[str], labels: Sequence[str]) -> Iterator[Labelled]:
    by_intent: dict[str, list[str]] = {}
    for text, label in zip(texts, labels, strict=True):
        by_intent.setdefault(label, []).append(text)
    for draw in range(DRAWS):
        chance = random.Random(draw)
        intents = chance.sample(sorted(by_intent), INTENTS)
        told = [text for intent in intents for text in chance.sample(by_intent[intent], 2)]
        same = frozenset((2 * place, 2 * place + 1) for place in range(INTENTS))
        yield Labelled("banking77 (English)", "en", tuple(told), same)


def by_words(hunt: Labelled) -> Mapping[Pair, float]:
    """The score of every pair that shares words."""
    ideas = [IdeaText(number, text) for number, text in enumerate(hunt.texts)]
    return {(pair.one, pair.other): pair.score for pair in LexicalThemer(alike_from=FLOOR).alike(ideas)}


def by_meaning(hunt: Labelled, meanings: Meanings) -> Mapping[Pair, float]:
    """The similarity of every pair."""
    languages = [language_of_one(text, hunt.language) for text in hunt.texts]
    read = zip(meanings.parts, meanings.vectors(hunt.texts, languages), strict=True)
    close = sum(part.share * (vectors @ vectors.T) for part, vectors in read)
    return {(int(a), int(b)): float(close[a, b]) for a, b in zip(*np.triu_indices(len(hunt.texts), 1), strict=True)}


def by_both(hunt: Labelled, meanings: Meanings) -> Mapping[Pair, float]:
    """The score of every pair that the engine looks at."""
    ideas = [IdeaText(number, text) for number, text in enumerate(hunt.texts)]
    return {(pair.one, pair.other): pair.score for pair in pairs(ideas, meanings, FLOOR)}


def by_author(hunt: Labelled) -> Mapping[Pair, float]:
    """What each author would be told, ideas coming in their order."""
    ideas = [IdeaText(number, text) for number, text in enumerate(hunt.texts)]
    found = ((twin(one.text, ideas[: one.number]), one.number) for one in ideas)
    return {(other, number): TWIN for other, number in found if other is not None}


def told(name: str, hunts: Sequence[tuple[Labelled, Mapping[Pair, float]]], thresholds: Sequence[float]) -> list[str]:
    """The rows of one way to compare."""
    rows = []
    expected = sum(len(hunt.same) for hunt, _ in hunts)
    for threshold in thresholds:
        shown = [(hunt, {pair for pair, score in scores.items() if score >= threshold}) for hunt, scores in hunts]
        right = sum(len(pairs & hunt.same) for hunt, pairs in shown)
        count = sum(len(pairs) for _, pairs in shown)
        precision, recall = right / count if count else 0.0, right / expected
        both = 2 * precision * recall / (precision + recall) if right else 0.0
        figures = " | ".join(f"{figure:.2f}" for figure in (precision, recall, both))
        rows.append(f"| {name} | {threshold:.2f} | {count / len(hunts):.1f} | {figures} |")
    return rows


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints a table for each source."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.themes.duplicates", description=__doc__)
    parser.add_argument("folder", type=Path, help="labelled sets: *.tsv with text, label, lang")
    hunts = list(labelled(parser.parse_args(arguments).folder))
    meanings = Meanings(shipped())
    for source in dict.fromkeys(hunt.source for hunt in hunts):
        chosen = [hunt for hunt in hunts if hunt.source == source]
        first = f"{len(chosen[0].texts)} ideas, {len(chosen[0].same)} pairs in the first"
        print(f"\n{source}: {len(chosen)} hunts, {first}\n")
        print("| compared | from | pairs a hunt | precision | recall | F1 |\n|---|---|---|---|---|---|")
        words = [(hunt, by_words(hunt)) for hunt in chosen]
        print("\n".join(told("words", words, WORDS_AT)))
        print("\n".join(told("author", [(hunt, by_author(hunt)) for hunt in chosen], (TWIN,))))
        if meanings.parts:
            meant = [(hunt, by_meaning(hunt, meanings)) for hunt in chosen]
            print("\n".join(told("meaning", meant, MEANING_AT)))
            both = [(hunt, by_both(hunt, meanings)) for hunt in chosen]
            print("\n".join(told("both", both, BOTH_AT)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
