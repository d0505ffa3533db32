"""What a grouping is worth: adjusted mutual information and Rand index, themes, ideas alone; means with intervals."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from sklearn.metrics import adjusted_mutual_info_score, adjusted_rand_score

RESAMPLES = 2_000


@dataclass(frozen=True, slots=True)
class Score:
    """One method on one hunt. `alone` is the share of ideas in no theme; they count as themes of one."""

    method: str
    source: str
    family: str
    language: str
    size: int
    draw: int
    ami: float
    ari: float
    themes: int
    true: int
    alone: float
    seconds: float


def measured(labels: np.ndarray, true: Sequence[str]) -> tuple[float, float, int, float]:
    """AMI, ARI, number of themes, share alone."""
    told = labels.copy()
    lonely = np.flatnonzero(told < 0)
    told[lonely] = told.max(initial=0) + 1 + np.arange(len(lonely))
    themes = len(set(labels[labels >= 0].tolist()))
    ami = float(adjusted_mutual_info_score(true, told))
    return ami, float(adjusted_rand_score(true, told)), themes, len(lonely) / len(labels)


def interval(values: Sequence[float]) -> tuple[float, float]:
    """The middle 90 % of resampled means."""
    chance = np.random.default_rng(0)
    told = np.array(values)
    means = told[chance.integers(0, len(told), (RESAMPLES, len(told)))].mean(1)
    return float(np.quantile(means, 0.05)), float(np.quantile(means, 0.95))


def ratio(ours: Sequence[float], theirs: Sequence[float]) -> tuple[float, float, float]:
    """Mean over mean on the same hunts, with the middle 90 % over resampled hunts."""
    chance = np.random.default_rng(0)
    one, other = np.array(ours), np.array(theirs)
    drawn = chance.integers(0, len(one), (RESAMPLES, len(one)))
    ratios = one[drawn].mean(1) / np.maximum(other[drawn].mean(1), 1e-6)
    return (
        float(one.mean() / max(other.mean(), 1e-6)),
        float(np.quantile(ratios, 0.05)),
        float(np.quantile(ratios, 0.95)),
    )
