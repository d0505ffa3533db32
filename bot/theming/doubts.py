"""Which ideas people should look at: they lie loosely in their pile, or another pile pulls them as well."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from bot.theming.nearness import Nearness, Sparse

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

NEARLY = 0.7
"""An idea is to check when another pile pulls it this much of what its own does."""
LOOSE = 0.15
"""And when its nearest ideas in its own pile are less near than this on average."""
BEST = 3
"""How many nearest ideas of its own pile tell how well an idea lies there."""


def doubts(near: Nearness, web: Sparse, piles: Sequence[Sequence[int]]) -> frozenset[int]:
    """Places to check; none where there is a single pile, as all ideas are what it is about."""
    import numpy as np

    if len(piles) < 2:  # noqa: PLR2004 - with a single pile there is no other
        return frozenset()
    pile = np.full(near.count, -1)
    for number, places in enumerate(piles):
        pile[list(places)] = number
    found = (pile >= 0) & (_pulled_away(web, pile, len(piles)) | _loose(near, web, pile))
    return frozenset(np.flatnonzero(found).tolist())


def _pulled_away(web: Sparse, pile: Ints, count: int) -> NDArray[np.bool_]:
    """Whether the neighbours of each place lie in another pile at least nearly as much as in its own."""
    import numpy as np
    from scipy.sparse import csr_matrix

    inside = np.flatnonzero(pile >= 0)
    member = csr_matrix((np.ones(len(inside)), (inside, pile[inside])), shape=(len(pile), count))
    pulls = (web @ member).toarray()
    own = pulls[inside, pile[inside]].copy()
    pulls[inside, pile[inside]] = -1
    away = np.zeros(len(pile), dtype=bool)
    away[inside] = pulls[inside].max(1) >= NEARLY * own
    return away


def _loose(near: Nearness, web: Sparse, pile: Ints) -> NDArray[np.bool_]:
    """Whether the nearest neighbours of each place in its own pile are far; a place without any is not judged here."""
    import numpy as np

    edges = web.tocoo()
    same = pile[edges.row] == pile[edges.col]
    rows, columns, weights = edges.row[same], edges.col[same], edges.data[same]
    order = np.lexsort((-weights, rows))
    rows, columns = rows[order], columns[order]
    rank = np.arange(len(rows)) - np.searchsorted(rows, rows)
    rows, columns = rows[rank < BEST], columns[rank < BEST]
    sums, times = np.zeros(len(pile)), np.zeros(len(pile))
    np.add.at(sums, rows, near.of_pairs(rows, columns))
    np.add.at(times, rows, 1)
    return np.asarray((times > 0) & (sums < LOOSE * times))
