"""A hunt as it grows: what people would see change, and what their corrections bring."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from pathlib import Path
from statistics import mean

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import numpy as np  # noqa: E402 - after the number of threads is set

from benchmarks.themes.hunts import DrawnHunt, drawn, read_sets  # noqa: E402
from benchmarks.themes.scores import measured  # noqa: E402
from bot.domain.ideas import IdeaText, Standing, StandingTheme, ThemeSeed  # noqa: E402
from bot.theming.engine import Themes  # noqa: E402
from bot.theming.meanings import Meanings, shipped  # noqa: E402

FIRST, GROWTH = 8, 1.3
"""A regrouping at this many ideas, then each time they grew by this factor, and one when they stop coming."""
CORRECTED = 0.2


@dataclass
class Growing:
    """A hunt under way: where each idea is shown, and what a person decided."""

    engine: Themes
    texts: Sequence[str]
    placed: dict[int, int]
    pinned: set[int]
    touched: set[int]
    fresh: int = 1
    decided: dict[int, int] = field(default_factory=dict)

    def arrive(self, number: int) -> None:
        """An idea comes and gets its likely theme among those that stand."""
        seeds = [
            ThemeSeed(theme, "", tuple(self.texts[n] for n in members)) for theme, members in self.members().items()
        ]
        found = self.engine.place(self.texts[number], [seed for seed in seeds if seed.examples])
        if found is not None:
            self.placed[number] = found

    def members(self) -> dict[int, list[int]]:
        told: dict[int, list[int]] = {}
        for number, theme in self.placed.items():
            told.setdefault(theme, []).append(number)
        return told

    def regroup(self, numbers: Sequence[int]) -> None:
        """All is looked at again, decisions and names kept."""
        themes = tuple(StandingTheme(theme, f"T{theme}", touched=theme in self.touched) for theme in self.members())
        ideas = [IdeaText(number, self.texts[number]) for number in numbers]
        piles = self.engine.regroup(ideas, Standing(themes, dict(self.placed), frozenset(self.pinned)))
        for pile in piles:
            theme = pile.theme
            if theme is None and pile.label:
                theme = self.fresh
                self.fresh += 1
            for number in pile.ideas:
                if theme is None:
                    self.placed.pop(number, None)
                else:
                    self.placed[number] = theme

    def labels(self, numbers: Sequence[int]) -> np.ndarray:
        return np.array([self.placed.get(number, -1) for number in numbers])


def grown(engine: Themes, hunt: DrawnHunt, *, corrected: float = 0.0) -> dict[str, float]:
    """One hunt from the first idea to the last, in an order of chance."""
    chance = np.random.default_rng(hunt.draw)
    order = [int(number) for number in chance.permutation(len(hunt.texts))]
    live = Growing(engine, hunt.texts, {}, set(), set())
    engine.meanings.vectors(hunt.texts, [hunt.source.language] * len(hunt.texts))
    changes, agreements, waits, next_at = 0, [], [], FIRST
    for count, number in enumerate(order, start=1):
        before = dict(live.placed)
        start = time.perf_counter()
        live.arrive(number)
        waits.append(time.perf_counter() - start)
        if count >= next_at or count == len(order):
            live.regroup(order[:count])
            next_at = int(count * GROWTH) + 1
        changes += sum(live.placed.get(n, -1) != theme for n, theme in before.items())
        agreements.append(_agreement(before, live.placed))
        if corrected and count == len(order) // 2:
            _correct(live, hunt, order[:count], corrected)
    untouched = _untouched(order, hunt, corrected or CORRECTED)
    ami = measured(live.labels(untouched), [hunt.labels[number] for number in untouched])[0]
    piles = engine.group([IdeaText(number, text) for number, text in enumerate(hunt.texts)])
    scratch = {number: theme for theme, pile in enumerate(piles) for number in pile.ideas}
    scratch_ami = measured(np.array([scratch[number] for number in order]), [hunt.labels[n] for n in order])[0]
    return {
        "ami": ami,
        "scratch": scratch_ami,
        "agreement": mean(agreements),
        "changes": changes / len(order),
        "wait": 1_000 * mean(waits),
        "kept": mean([live.placed.get(n) == theme for n, theme in live.decided.items()] or [True]),
    }


def _agreement(before: dict[int, int], after: dict[int, int]) -> float:
    """The share of pairs of ideas that are together, or not, as before."""
    both = [number for number in before if number in after]
    pairs = [(before[a] == before[b]) == (after[a] == after[b]) for a, b in combinations(both, 2)]
    return sum(pairs) / len(pairs) if pairs else 1.0


def _untouched(order: Sequence[int], hunt: DrawnHunt, share: float) -> list[int]:
    """The ideas that a facilitator who corrects this share does not touch: judged with corrections and without."""
    return [number for number in order if number not in _chosen(order[: len(order) // 2], hunt, share)]


def _chosen(numbers: Sequence[int], hunt: DrawnHunt, share: float) -> set[int]:
    return {int(n) for n in np.random.default_rng(hunt.draw).permutation(numbers)[: round(share * len(numbers))]}


def _correct(live: Growing, hunt: DrawnHunt, numbers: Sequence[int], share: float) -> None:
    """A facilitator puts some ideas in the theme that stands for their true one, or opens it where none does."""
    met = Counter((hunt.labels[n], live.placed[n]) for n in numbers if n in live.placed)
    main: dict[str, int] = {}
    for (label, theme), _ in sorted(met.items(), key=lambda one: (-one[1], one[0])):
        if label not in main and theme not in main.values():
            main[label] = theme
    for label in sorted({hunt.labels[n] for n in numbers} - main.keys()):
        main[label] = live.fresh
        live.fresh += 1
    for number in sorted(_chosen(numbers, hunt, share)):
        live.placed[number] = live.decided[number] = main[hunt.labels[number]]
        live.pinned.add(number)
        live.touched.add(main[hunt.labels[number]])


def rows(engine: Themes, hunts: Sequence[DrawnHunt], corrected: float) -> Iterator[dict[str, float]]:
    for hunt in hunts:
        told = grown(engine, hunt, corrected=corrected)
        print(hunt.source.name, {name: round(value, 3) for name, value in told.items()}, file=sys.stderr, flush=True)
        yield told


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the means over hunts, without and with corrections."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.themes.live", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--size", type=int, default=100)
    parser.add_argument("--draws", type=int, default=2)
    parser.add_argument("--corrected", type=float, nargs="+", default=[0.0, CORRECTED])
    parser.add_argument("--set", default="")
    asked = parser.parse_args(arguments)
    engine = Themes(Meanings(shipped()))
    sets = [one for one in read_sets(asked.folder) if asked.set in one.name]
    hunts = [hunt for one in sets for hunt in drawn(one, [asked.size], asked.draws)]
    for corrected in asked.corrected:
        told = list(rows(engine, hunts, corrected))
        means = {name: mean(row[name] for row in told) for name in told[0]}
        print(
            f"{len(told)} hunts of {asked.size}, {corrected:.0%} corrected at half-time: "
            f"AMI {means['ami']:.3f} ({means['ami'] / means['scratch']:.2f} of from scratch), "
            f"agreement {means['agreement']:.4f}, changes an idea {means['changes']:.2f}, "
            f"decisions kept {means['kept']:.0%}, {means['wait']:.1f} ms an arriving idea"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
