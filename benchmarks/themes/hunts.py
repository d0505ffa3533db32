"""Hunts drawn from labelled sets: some true themes, then ideas among them, the same for every method."""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

FEWEST_THEMES, MOST_THEMES = 4, 10
MOST_AT_ONCE = 12_000
"""Ideas of the largest hunt drawn as a whole."""


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """Texts with the theme that people gave them, in one language."""

    name: str
    language: str
    texts: tuple[str, ...]
    labels: tuple[str, ...]

    @property
    def family(self) -> str:
        """Small sets of one survey count as one."""
        return self.name.split("_q")[0] if "_q" in self.name else self.name


@dataclass(frozen=True, slots=True)
class DrawnHunt:
    """One hunt: places in its set, and how many ideas were asked for (0: all)."""

    source: LabelledSet
    size: int
    draw: int
    places: tuple[int, ...]

    @property
    def texts(self) -> list[str]:
        return [self.source.texts[place] for place in self.places]

    @property
    def labels(self) -> list[str]:
        return [self.source.labels[place] for place in self.places]


def read_sets(folder: Path) -> list[LabelledSet]:
    """Every `*.tsv` (text, label, lang) of a folder; sets whose labels are conversations, not themes, are left out."""
    sets = [_read(path) for path in sorted(folder.glob("*.tsv"))]
    return [one for one in sets if len(set(one.labels)) > 1 and "mixed" not in one.name]


def _read(path: Path) -> LabelledSet:
    rows = [line.split("\t") for line in path.read_text("utf-8").split("\n")[1:] if line.strip()]
    return LabelledSet(path.stem, rows[0][2], tuple(row[0] for row in rows), tuple(row[1] for row in rows))


def drawn(source: LabelledSet, sizes: Sequence[int], draws: int) -> Iterator[DrawnHunt]:
    """Hunts of each size (0 is the whole set, once), as many draws as asked for where the set is large enough."""
    labels = np.array(source.labels)
    names = np.unique(labels)
    for size in sizes:
        if size == 0:
            if len(labels) <= MOST_AT_ONCE:
                yield DrawnHunt(source, 0, 0, tuple(range(len(labels))))
            continue
        if size > 0.95 * len(labels):
            continue
        for draw in range(draws):
            chance = np.random.default_rng(zlib.crc32(f"{source.name} {size} {draw}".encode()))
            pool = _pool(labels, names, size, chance)
            places = np.sort(chance.choice(pool, min(size, len(pool)), replace=False))
            yield DrawnHunt(source, size, draw, tuple(int(place) for place in places))


def _pool(labels: np.ndarray, names: np.ndarray, size: int, chance: np.random.Generator) -> np.ndarray:
    """The ideas of some true themes, enough of them; of all themes when no draw of ours is."""
    for _ in range(50):
        count = min(int(chance.integers(FEWEST_THEMES, MOST_THEMES + 1)), len(names))
        pool = np.flatnonzero(np.isin(labels, chance.choice(names, count, replace=False)))
        if len(pool) >= size:
            return pool
    return np.arange(len(labels))
