"""Which given themes call which ideas: by their names, by what lies near an idea, and by the pile it is in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from bot.theming.nearness import Sparse

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Ints = NDArray[np.int64]

OWN = 0.4
"""Of a call, what an idea's own nearness to a name counts; the rest is that of its neighbours and of its pile together,
their geometric mean: both must be near."""
ENOUGH = 0.06
CLEARLY = 0.03
"""A name calls an idea from this score, when no other name comes so near."""
ALL = 0.7
"""How much of what all ideas have of a name counts as nothing: in a hunt about banks, all are near to "Cards"."""
SELF, PILE = 0.12, 0.07
"""And never what is far from it: the idea itself must be as near as this, or its pile on average."""
WORD = 0.1
"""What a word of the name in the idea adds to their nearness."""
STAYS = 0.03
"""What being shown under a theme already adds: people see little move."""


@dataclass(frozen=True, slots=True)
class Names:
    """Given themes by id, and how near each idea (row) is to the name of each (column).

    `present`: the theme each place is shown in. `shown`: themes that a person put ideas in, so that their ideas tell
    what belongs there as well as their name.
    """

    ids: tuple[int, ...]
    close: Floats
    present: Mapping[int, int] = field(default_factory=dict)
    shown: frozenset[int] = frozenset()


def call(names: Names, graph: Sparse, labels: Ints, fixed: Mapping[int, int]) -> Ints:
    """The labels of a grouping, with each idea under the given theme that calls it.

    What no name calls leaves a theme that is told by its name alone, as a new pile; `fixed` places never move.
    """
    import numpy as np

    called = _called(names, graph, labels)
    made = np.where(called >= 0, np.array(names.ids)[called], labels)
    fresh = int(labels.min(initial=0)) - 1
    for column, theme in enumerate(names.ids):
        if theme not in names.shown and not _told_by_ideas(theme, column, called, names.present):
            made[(labels == theme) & (called < 0)] = fresh - column
    for place, theme in fixed.items():
        made[place] = theme
    return np.asarray(made, dtype=np.int64)


def _called(names: Names, graph: Sparse, labels: Ints) -> Ints:
    """The column of the name that calls each idea, -1 where none does clearly."""
    import numpy as np

    column = {theme: place for place, theme in enumerate(names.ids)}
    close = names.close - ALL * np.maximum(names.close.mean(0), 0)
    degrees = np.maximum(np.asarray(graph.sum(1)).ravel(), 1e-9)[:, None]
    near = np.asarray(graph @ close) / degrees
    _, pile = np.unique(labels, return_inverse=True)
    sums = np.zeros((pile.max(initial=0) + 1, len(names.ids)))
    np.add.at(sums, pile, close)
    means = sums / np.bincount(pile)[:, None]
    around = np.sqrt(np.maximum(near, 0) * np.maximum(means[pile], 0))
    scores = OWN * close + (1 - OWN) * around
    for place, theme in names.present.items():
        if theme in column:
            scores[place, column[theme]] += STAYS
    rows = np.arange(len(scores))
    best = scores.argmax(1)
    top = scores[rows, best]
    scores[rows, best] = -1
    near_enough = (close[rows, best] >= SELF) | (means[pile][rows, best] >= PILE)
    return np.where(near_enough & (top >= ENOUGH) & (top >= scores.max(1) + CLEARLY), best, -1)


def _told_by_ideas(theme: int, column: int, called: Ints, present: Mapping[int, int]) -> bool:
    """Whether most of the ideas shown under a theme are not what its name calls: then they tell what belongs there."""
    inside: Sequence[int] = [place for place, shown in present.items() if shown == theme]
    return bool(inside) and 2 * sum(int(called[place]) == column for place in inside) < len(inside)
