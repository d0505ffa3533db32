"""Communities of the graph of neighbours: what belongs together, with what people decided kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from typing import TYPE_CHECKING

from bot.theming.nearness import Sparse

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Ints = NDArray[np.int64]

FINENESS = 1.0
"""Louvain's resolution: 0.7 gives about a sixth fewer themes, 1.4 a quarter more."""
MANY = 6_000
"""Ideas above which Louvain sees no small themes: the limit of its resolution (Fortunato and Barthélemy 2007)."""
FINER = 1.5
"""What makes up for it there: of 10,000 ideas, 20 to 45 themes instead of 20 to 30, nearer to the true ones."""
TRIES = 4
OFTEN = 20_000
"""Ideas up to which several tries are worth their time."""
STICKS = (0.0, 0.1, 0.3, 0.6)
"""Pulls of an idea's present theme that are tried, in mean degrees of the graph."""
TOUCHED = 0.1
"""The least pull of a theme that people touched on every idea in it."""
LOOKED_OVER = 0.45
"""The same on ideas that a person left there when they sorted: more likely they are right."""
SPREAD = 1.0
"""How much an idea that a person placed pulls its neighbours to its theme, of what it is near to them."""
THREAD = 0.001
"""What holds an idea that a person placed at its theme, in mean degrees: it is there, and pulls nothing else there."""
LOSS = 0.1
"""What moving all ideas would cost, in modularity: of two groupings as good, people keep the one they know."""


@dataclass(frozen=True, slots=True)
class Ties:
    """What a grouping must keep, by place in the list of ideas.

    `pinned`: the theme a person put an idea in. `present`: the theme an idea is shown in. `touched`: themes that
    people gave, named or changed; they never merge. `apart`: pairs a person said are different. `looked_over`:
    ideas that a person left where they are when they sorted.
    """

    pinned: Mapping[int, int] = field(default_factory=dict)
    present: Mapping[int, int] = field(default_factory=dict)
    touched: frozenset[int] = frozenset()
    apart: tuple[tuple[int, int], ...] = ()
    looked_over: frozenset[int] = frozenset()


FREE = Ties()


def communities(graph: Sparse, fineness: float = FINENESS) -> Ints:
    """A community number for each node, 0 the first met; the best of TRIES runs by modularity."""
    import numpy as np

    if graph.nnz == 0:
        return np.arange(graph.shape[0])
    if graph.shape[0] > MANY:
        fineness *= FINER
    runs = [_louvain(graph, seed, fineness) for seed in range(TRIES if graph.shape[0] <= OFTEN else 1)]
    return _renumbered(max(runs, key=lambda run: _modularity(graph, run, fineness)))


def kept_communities(graph: Sparse, ties: Ties, fineness: float = FINENESS) -> Ints:
    """Theme numbers for each node: those of `ties` where a community goes on, new ones (below 0) where one is born.

    Tries several pulls of the present themes and keeps the run with the best modularity less LOSS for moves. Pairs
    kept apart may still be together: see `parted`.
    """
    best: tuple[float, Ints] | None = None
    for stick in STICKS:
        for seed in range(TRIES):
            pulled, names = _pulled(graph, ties, stick)
            found = _louvain(pulled, seed, fineness)
            named = _named(found, names, ties, graph)
            worth = _modularity(graph, named, fineness) - LOSS * _moved(named, ties)
            if best is None or worth > best[0] + 1e-9:
                best = (worth, named)
    assert best is not None
    return best[1]


def _louvain(graph: Sparse, seed: int, fineness: float) -> Ints:
    import numpy as np
    from sknetwork.clustering import Louvain

    if graph.nnz == 0:
        return np.arange(graph.shape[0])
    run = Louvain(resolution=fineness, random_state=seed, shuffle_nodes=seed > 0)
    return np.asarray(run.fit_predict(graph), dtype=np.int64)


def _modularity(graph: Sparse, labels: Ints, fineness: float) -> float:
    import numpy as np

    whole = graph.sum()
    if not whole:
        return 0.0
    numbers = _renumbered(labels)
    degrees = np.bincount(numbers, weights=np.asarray(graph.sum(1)).ravel())
    edges = graph.tocoo()
    inside = edges.data[numbers[edges.row] == numbers[edges.col]].sum()
    return float(inside / whole - fineness * ((degrees / whole) ** 2).sum())


def _renumbered(labels: Ints) -> Ints:
    """The same division, numbered by its first members."""
    import numpy as np

    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first, kind="stable")] = np.arange(len(first))
    return rank[inverse]


def _pulled(graph: Sparse, ties: Ties, stick: float) -> tuple[Sparse, list[int]]:
    """The graph with one node more for each theme that is shown, and edges from it to the theme's ideas.

    Ideas that a person placed leave the graph of the others: as bridges they would draw what lies around them together,
    the more the further they were moved. Their neighbours are pulled to where they are now instead.
    """
    from scipy.sparse import bmat, csr_matrix

    names = sorted({*ties.present.values(), *ties.pinned.values(), *ties.touched})
    row = {name: place for place, name in enumerate(names)}
    count = graph.shape[0]
    degree = float(graph.sum()) / max(1, count)
    pulls: dict[tuple[int, int], float] = {}
    for place, theme in ties.present.items():
        firm = LOOKED_OVER if place in ties.looked_over else TOUCHED
        pull = max(stick, firm if theme in ties.touched else 0.0)
        if pull:
            pulls[row[theme], place] = pull * degree
    for place, theme in ties.pinned.items():
        for near, weight in _neighbours(graph, place):
            if near not in ties.pinned:  # it hangs on its own theme alone
                pulls[row[theme], near] = pulls.get((row[theme], near), 0.0) + SPREAD * weight
    for place, theme in ties.pinned.items():
        pulls[row[theme], place] = THREAD * degree
    graph = _without(graph, list(ties.pinned))
    keys = list(pulls)
    side = csr_matrix(
        (list(pulls.values()), ([one for one, _ in keys], [place for _, place in keys])), shape=(len(names), count)
    )
    return bmat(
        [[graph, side.T], [side, csr_matrix((len(names), len(names)))]], format="csr"
    ) if names else graph, names


def _without(graph: Sparse, places: Sequence[int]) -> Sparse:
    """The graph without the edges of some nodes."""
    import numpy as np
    from scipy.sparse import diags

    kept = np.ones(graph.shape[0])
    kept[list(places)] = 0
    left = (diags(kept) @ graph @ diags(kept)).tocsr()
    left.eliminate_zeros()
    return left


def _neighbours(graph: Sparse, place: int) -> list[tuple[int, float]]:
    start, end = graph.indptr[place], graph.indptr[place + 1]
    found = zip(graph.indices[start:end], graph.data[start:end], strict=True)
    return [(int(near), float(weight)) for near, weight in found]


def _named(found: Ints, names: Sequence[int], ties: Ties, graph: Sparse) -> Ints:
    """Communities under the names of themes: the largest overlap with what is shown first; pins keep theirs."""
    import numpy as np

    count = graph.shape[0]
    members = found[:count]
    holding: dict[int, list[int]] = {}
    for place, name in enumerate(names):
        holding.setdefault(int(found[count + place]), []).append(name)
    named = -1 - _renumbered(members)
    free = set(names)
    overlaps = sorted(_overlaps(members, ties), reverse=True) + _seats(found, count, names)
    given: set[int] = set()
    for _, name, community in overlaps:
        if name in free and community not in given:
            named[members == community] = name
            free.discard(name)
            given.add(community)
    _divide(named, members, holding, ties, graph)
    for place, name in ties.pinned.items():
        named[place] = name
    return np.asarray(named)


def _overlaps(members: Ints, ties: Ties) -> list[tuple[int, int, int]]:
    """How many ideas of a theme lie in a community, for themes and communities that meet."""
    met: dict[tuple[int, int], int] = {}
    for place, name in {**ties.present, **ties.pinned}.items():
        key = (name, int(members[place]))
        met[key] = met.get(key, 0) + 1
    return [(shared, name, community) for (name, community), shared in met.items()]


def _seats(found: Ints, count: int, names: Sequence[int]) -> list[tuple[int, int, int]]:
    """A theme without ideas of its own goes where its node fell."""
    return [(0, name, int(found[count + place])) for place, name in enumerate(names)]


def _divide(named: Ints, members: Ints, holding: Mapping[int, list[int]], ties: Ties, graph: Sparse) -> None:
    """Where themes that people touched fell into one community, each of its ideas goes to the nearest of them."""
    import numpy as np

    for community, names in holding.items():
        touched = [name for name in names if name in ties.touched]
        inside = np.flatnonzero(members == community)
        if len(touched) < 2 or not len(inside):  # noqa: PLR2004 - two
            continue
        own = {**ties.present, **ties.pinned}
        anchors = [
            np.array([place for place in inside if own.get(int(place)) == name], dtype=np.int64) for name in touched
        ]
        pulls = np.stack([np.asarray(graph[inside][:, anchor].sum(1)).ravel() for anchor in anchors], axis=1)
        nearest = np.array(touched)[pulls.argmax(1)]
        settled = np.array(
            [
                own.get(int(place)) if own.get(int(place)) in touched else name
                for place, name in zip(inside, nearest, strict=True)
            ]
        )
        named[inside] = settled


def _moved(named: Ints, ties: Ties) -> float:
    """The share of ideas that people would see in another theme than before."""
    if not ties.present:
        return 0.0
    return sum(int(named[place]) != theme for place, theme in ties.present.items()) / len(ties.present)


def parted(named: Ints, ties: Ties, graph: Sparse) -> Ints:
    """Two ideas that a person kept apart are never in one theme: the one that is free goes to its next nearest."""
    import numpy as np

    fresh = int(named.min(initial=0)) - 1
    rivals: dict[int, set[int]] = {}
    for one, other in ties.apart:
        rivals.setdefault(one, set()).add(other)
        rivals.setdefault(other, set()).add(one)
    for one, other in ties.apart:
        if named[one] != named[other]:
            continue
        leaving = other if other not in ties.pinned else one
        if leaving in ties.pinned:
            continue  # a person put both there by hand: the later deed wins
        row = graph[leaving].tocoo()
        pulls: dict[int, float] = {}
        forbidden = {int(named[rival]) for rival in rivals[leaving]}
        for place, weight in zip(row.col, row.data, strict=True):
            pulls[int(named[place])] = pulls.get(int(named[place]), 0.0) + float(weight)
        likely = [theme for theme in sorted(pulls, key=lambda theme: (-pulls[theme], theme)) if theme not in forbidden]
        named[leaving] = likely[0] if likely else fresh
        fresh -= not likely
    return np.asarray(named)


def grouped(labels: Sequence[int]) -> list[list[int]]:
    """Places by label, in the order of their first members."""
    order = sorted(range(len(labels)), key=lambda place: (labels[place], place))
    piles = [list(places) for _, places in groupby(order, key=lambda place: labels[place])]
    return sorted(piles)
