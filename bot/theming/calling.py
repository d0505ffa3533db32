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
FOLLOWS = 3
"""An idea follows one that a person put under a theme when that one is among so many of its nearest."""
STAYS = 0.04
"""How much less an idea needs to stay under the theme it is shown in: people see little move."""
LIKELY = 0.2
"""An idea is to check below this nearness to the name it is under, or when another name is nearer."""


@dataclass(frozen=True, slots=True)
class Names:
    """Given themes by id, and how near each idea (row) is to the name of each (column).

    `present`: the theme each place is shown in.
    """

    ids: tuple[int, ...]
    close: Floats
    present: Mapping[int, int] = field(default_factory=dict)


def call(names: Names, graph: Sparse, labels: Ints, fixed: Mapping[int, int]) -> Ints:
    """The labels of a grouping, with each idea under the given theme that calls it.

    What no name calls leaves a theme that is told by its name, as a new pile, but for what follows an idea that a
    person put there; `fixed` places never move.
    """
    import numpy as np

    clearly, called = _called(names, graph, labels)
    made = np.where(called >= 0, np.array(names.ids)[called], labels)
    fresh = int(labels.min(initial=0)) - 1
    followed = _followed(graph, labels, fixed)
    for column, theme in enumerate(names.ids):
        if not _told_by_ideas(theme, column, clearly, names.present):
            made[(labels == theme) & (called < 0) & ~followed] = fresh - column
    for place, theme in fixed.items():
        made[place] = theme
    return np.asarray(made, dtype=np.int64)


def _called(names: Names, graph: Sparse, labels: Ints) -> tuple[Ints, Ints]:
    """The column of the name that calls each idea clearly, -1 where none does; the same with what stays as shown."""
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
    rows = np.arange(len(scores))
    best = scores.argmax(1)
    top = scores[rows, best]
    others = scores.copy()
    others[rows, best] = -1
    near_enough = (close[rows, best] >= SELF) | (means[pile][rows, best] >= PILE)
    clearly = np.where(near_enough & (top >= ENOUGH) & (top >= others.max(1) + CLEARLY), best, -1)
    called = clearly.copy()
    for place, theme in names.present.items():
        at = column.get(theme)
        if at is not None and scores[place, at] >= max(ENOUGH, top[place] - CLEARLY) - STAYS:
            called[place] = at
    return clearly, called


def _followed(graph: Sparse, labels: Ints, fixed: Mapping[int, int]) -> NDArray[np.bool_]:
    """Places that have an idea which a person put under their theme among their nearest."""
    import numpy as np

    theme = np.full(graph.shape[0], np.iinfo(np.int64).min)
    theme[list(fixed)] = list(fixed.values())
    edges = graph.tocoo()
    order = np.lexsort((edges.col, -edges.data, edges.row))
    rows, columns = edges.row[order], edges.col[order]
    nearest = np.arange(len(rows)) - np.searchsorted(rows, rows) < FOLLOWS
    rows, columns = rows[nearest], columns[nearest]
    found = np.zeros(graph.shape[0], dtype=bool)
    found[rows[theme[columns] == labels[rows]]] = True
    return found


def _told_by_ideas(theme: int, column: int, clearly: Ints, present: Mapping[int, int]) -> bool:
    """Whether most of the ideas shown under a theme its name would not call: then they tell what belongs."""
    inside: Sequence[int] = [place for place, shown in present.items() if shown == theme]
    return bool(inside) and 2 * sum(int(clearly[place]) == column for place in inside) < len(inside)


def doubtful(names: Names, piles: Mapping[int, Sequence[int]]) -> frozenset[int]:
    """Places under a given theme (`piles` by id) that its name alone would not have called: what is around them did."""
    best = names.close.argmax(1)
    found = ((place, column) for column, theme in enumerate(names.ids) for place in piles.get(theme, ()))
    return frozenset(place for place, column in found if best[place] != column or names.close[place, column] < LIKELY)
