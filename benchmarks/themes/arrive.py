"""An idea that arrives: how long its likely theme takes, its words read anew, and how often it is the right one."""

from __future__ import annotations

import argparse
import os
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import numpy as np  # noqa: E402 - after the number of threads is set

from benchmarks.themes.hunts import DrawnHunt, drawn, read_sets  # noqa: E402
from bot.domain.ideas import IdeaText, ThemeSeed  # noqa: E402
from bot.theming import aside  # noqa: E402
from bot.theming.aside import AsideThemer  # noqa: E402
from bot.theming.engine import MOST_EXAMPLES  # noqa: E402

Arrival = tuple[str, float, bool, bool, bool]
"""The language, milliseconds, whether a theme was told, whether the right one, whether words alone tell it."""


def arrivals(themer: AsideThemer, hunt: DrawnHunt) -> Iterator[Arrival]:
    """Half of a hunt grouped, its piles taken as themes; then the other half arrives, an idea at a time."""
    texts, labels = hunt.texts, hunt.labels
    order = [int(place) for place in np.random.default_rng(hunt.draw).permutation(len(texts))]
    half = len(order) // 2
    piles = [pile for pile in themer.group([IdeaText(place, texts[place]) for place in order[:half]]) if pile.label]
    seeds = [
        ThemeSeed(number, pile.label, tuple(texts[place] for place in pile.ideas[:MOST_EXAMPLES]))
        for number, pile in enumerate(piles)
    ]
    most = [Counter(labels[place] for place in pile.ideas).most_common(1)[0][0] for pile in piles]
    for place in order[half:]:
        start = time.perf_counter()
        themer.foresee(texts[place], seeds)
        found = themer.place(texts[place], seeds)
        spent = 1_000 * (time.perf_counter() - start)
        by_words = themer.words.place(texts[place], seeds)
        right = [one is not None and most[one] == labels[place] for one in (found, by_words)]
        yield hunt.source.language, spent, found is not None, right[0], right[1]


def main(arguments: Sequence[str] | None = None) -> int:
    """A line for each language. The limit of an answer is lifted, so that the milliseconds are those it takes."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.themes.arrive", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--size", type=int, default=100)
    parser.add_argument("--draws", type=int, default=2)
    asked = parser.parse_args(arguments)
    limit, aside.AT_ONCE = aside.AT_ONCE, 5.0
    themer = AsideThemer()
    try:
        hunts = [hunt for one in read_sets(asked.folder) for hunt in drawn(one, [asked.size], asked.draws)]
        told = [arrival for hunt in hunts for arrival in arrivals(themer, hunt)]
    finally:
        themer.close()
    for language in sorted({one[0] for one in told}):
        mine = [one for one in told if one[0] == language]
        spent = np.array([one[1] for one in mine])
        placed, right, by_words = (sum(one[part] for one in mine) for part in (2, 3, 4))
        print(
            f"{language}: {len(mine)} ideas, median {np.median(spent):.1f} ms, 95 % {np.percentile(spent, 95):.1f} ms, "
            f"within {1_000 * limit:.0f} ms {np.mean(spent <= 1_000 * limit):.1%}; placed {placed / len(mine):.2f}, "
            f"rightly {right / len(mine):.3f} of all ({right / max(1, placed):.2f} of placed), "
            f"by words alone {by_words / len(mine):.3f}"
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
