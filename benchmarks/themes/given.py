"""Themes given at launch: what the second look puts under them, and what their names alone would."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import mean

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import numpy as np  # noqa: E402 - after the number of threads is set

from benchmarks.themes.hunts import DrawnHunt, drawn, read_sets  # noqa: E402
from benchmarks.themes.scores import measured  # noqa: E402
from bot.domain.ideas import IdeaText, Pile, Standing, StandingTheme, ThemeSeed  # noqa: E402
from bot.theming.engine import Themes  # noqa: E402
from bot.theming.meanings import Meanings, shipped  # noqa: E402


def given(hunt: DrawnHunt, share: float) -> dict[int, str]:
    """Names of some true themes of a hunt by the id they get, the largest first: what a facilitator would foresee."""
    names = sorted(set(hunt.labels), key=lambda name: (-hunt.labels.count(name), name))
    return dict(enumerate(names[: max(1, round(share * len(names)))], start=1))


def said(name: str) -> str:
    """A label of a set as people would write it."""
    return name.replace("_", " ")


def second_look(engine: Themes, hunt: DrawnHunt, names: Mapping[int, str]) -> tuple[Pile, ...]:
    """Piles of ideas that stand nowhere yet, under given themes."""
    themes = tuple(StandingTheme(id, said(name), named=True) for id, name in names.items())
    ideas = [IdeaText(place, text) for place, text in enumerate(hunt.texts)]
    return engine.regroup(ideas, Standing(themes, {}, frozenset(), ()))


def by_name(engine: Themes, hunt: DrawnHunt, names: Mapping[int, str]) -> dict[int, int]:
    """The given theme of each idea that its name calls."""
    seeds = tuple(ThemeSeed(id, said(name)) for id, name in names.items())
    found = ((place, engine.place(text, seeds)) for place, text in enumerate(hunt.texts))
    return {place: theme for place, theme in found if theme is not None}


def told(hunt: DrawnHunt, names: Mapping[int, str], placed: Mapping[int, int]) -> dict[str, float]:
    """Of the ideas of given themes how many are found, and of those placed how many rightly."""
    wanted = [place for place, label in enumerate(hunt.labels) if label in names.values()]
    right = sum(names[theme] == hunt.labels[place] for place, theme in placed.items())
    return {
        "placed": len(placed) / len(hunt.labels),
        "precision": right / max(1, len(placed)),
        "recall": right / len(wanted),
    }


def rows(engine: Themes, hunts: Sequence[DrawnHunt], share: float) -> list[dict[str, float]]:
    """One row a hunt: the look's figures, those of names alone, and the AMI of all that the look shows."""
    found = []
    for hunt in hunts:
        names = given(hunt, share)
        piles = second_look(engine, hunt, names)
        at = {place: number for number, pile in enumerate(piles) for place in pile.ideas if pile.label}
        labels = np.array([at.get(place, -1 - place) for place in range(len(hunt.labels))])
        look = {place: pile.theme for pile in piles if pile.theme is not None for place in pile.ideas}
        sure = {
            place: pile.theme
            for pile in piles
            if pile.theme is not None
            for place in pile.ideas
            if place not in pile.unsure
        }
        row = told(hunt, names, look) | {f"sure {k}": v for k, v in told(hunt, names, sure).items()}
        row |= {f"name {k}": v for k, v in told(hunt, names, by_name(engine, hunt, names)).items()}
        row["ami"] = measured(labels, hunt.labels)[0]
        scratch = engine.group([IdeaText(place, text) for place, text in enumerate(hunt.texts)])
        alone = {place: number for number, pile in enumerate(scratch) for place in pile.ideas}
        row["free ami"] = measured(np.array([alone[p] for p in range(len(hunt.labels))]), hunt.labels)[0]
        found.append(row)
    return found


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the means over the hunts of each set."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.themes.given", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=[40, 100])
    parser.add_argument("--draws", type=int, default=3)
    parser.add_argument("--shares", type=float, nargs="+", default=[1.0, 0.5], help="of the true themes, given")
    asked = parser.parse_args(arguments)
    engine = Themes(Meanings(shipped()))
    for share in asked.shares:
        whole: list[dict[str, float]] = []
        for one in read_sets(asked.folder):
            if some := rows(engine, list(drawn(one, asked.sizes, asked.draws)), share):
                whole += some
                _print(f"{one.name} {share:.0%}", some)
        _print(f"all {share:.0%}", whole)
    return 0


def _print(name: str, told: Sequence[Mapping[str, float]]) -> None:
    means = {key: mean(row[key] for row in told) for key in told[0]}
    print(f"{name:32} {len(told):3}", *(f"{key} {value:.2f}" for key, value in means.items()), sep="  ", flush=True)


if __name__ == "__main__":
    sys.exit(main())
