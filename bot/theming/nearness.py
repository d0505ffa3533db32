"""How near ideas are to one another: their meaning and their words together, as a graph of nearest neighbours."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import log
from typing import TYPE_CHECKING, Any, TypeAlias

from bot.theming.stems import Stem

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float32]
    Ints = NDArray[np.int64]

Sparse: TypeAlias = Any
"""A sparse matrix of scipy, which is published without types."""
Places: TypeAlias = Any
"""What numpy takes as an index: a slice, a list or an array of places."""

WORDS_SHARE = 0.2
"""Of the similarity, what shared words bring beside the meaning: more does not help, less hurts small hunts."""
FEW_TEXTS = 12
"""Texts below which their middle says less: around the middle of four, each is the contrary of the others, and none has
a neighbour."""
DOUBT = 2
"""Texts that speak against the middle of few: of four, two thirds of it are taken off."""
GRAM = 4
BLOCK = 1_024
EXACT = 6_000
"""Ideas compared all with all; above, a search in the nearest cells is enough, in fewer dimensions."""
NARROW = 128
CELLS_LOOKED_AT = 6
LEAST = 1e-3
SIZES = (30, 100, 300, 1_000, 5_000)
NEIGHBOURS = (4, 8, 12, 21, 30)
"""Neighbours that serve best at these sizes; between them by the logarithm."""
OF_MANY = 21
"""Neighbours where only the nearest cells are searched: more join themes that are apart."""


@dataclass(frozen=True, slots=True)
class Nearness:
    """The vectors of ideas: `meaning` dense (none without a model), `words` sparse; a product is a similarity."""

    meaning: Floats | None
    words: Sparse
    count: int

    def of_pairs(self, ones: Ints, others: Ints) -> Floats:
        """The similarity of each place of `ones` with the one beside it in `others`."""
        import numpy as np

        shared = np.asarray(self.words[ones].multiply(self.words[others]).sum(1), dtype=np.float32).ravel()
        if self.meaning is None:
            return shared
        meant = np.einsum("ij,ij->i", self.meaning[ones], self.meaning[others])
        return np.asarray((1 - WORDS_SHARE) * meant + WORDS_SHARE * shared, dtype=np.float32)

    def with_all(self, rows: Places) -> Floats:
        """Similarities of some ideas with all."""
        import numpy as np

        shared = (self.words[rows] @ self.words.T).toarray().astype(np.float32)
        if self.meaning is None:
            return np.asarray(shared, dtype=np.float32)
        return np.asarray(
            (1 - WORDS_SHARE) * (self.meaning[rows] @ self.meaning.T) + WORDS_SHARE * shared, dtype=np.float32
        )


def nearness(
    stems: Sequence[Sequence[Stem]],
    senses: Sequence[str],
    vectors: Sequence[tuple[float, Floats]],
    languages: Sequence[str] | None,
    doubt: float = DOUBT,
) -> Nearness:
    """From the stems of each idea, its gloss, and a share and a matrix for each model.

    With the languages given, meanings are taken around the middle of each; without, as they are. `doubt`: texts that
    speak against a middle of few.
    """
    import numpy as np

    words = _words(stems, senses)
    if not vectors:
        return Nearness(None, words, len(stems))
    parts = [
        np.float32(share**0.5) * (_centred(matrix, languages, doubt) if languages else _unit(matrix))
        for share, matrix in vectors
    ]
    return Nearness(np.concatenate(parts, axis=1), words, len(stems))


def _centred(matrix: Floats, languages: Sequence[str], doubt: float) -> Floats:
    """Unit vectors around the middle of their own language: else a hunt in two languages splits by language."""
    import numpy as np

    out = np.array(matrix, dtype=np.float32)
    told = np.array(languages)
    for language in sorted(set(languages)):
        chosen = told == language
        count = int(chosen.sum())
        if count > 1:
            share = count / (count + doubt) if count < FEW_TEXTS else 1.0
            out[chosen] -= out[chosen].mean(0) * np.float32(share)
    return _unit(out)


def _unit(matrix: Floats) -> Floats:
    import numpy as np

    lengths = np.linalg.norm(matrix, axis=1, keepdims=True)
    return np.asarray(matrix / np.maximum(lengths, 1e-6), dtype=np.float32)


def _words(stems: Sequence[Sequence[Stem]], senses: Sequence[str]) -> Sparse:
    """Words, senses and letters, each a unit TF-IDF vector, side by side."""
    from scipy.sparse import hstack

    bare = [[one.stem for one in told] for told in stems]
    grams = [[gram for word in dict.fromkeys(told) for gram in _grams(word)] for told in bare]
    told = [_tfidf(bare), _tfidf([sense.split() for sense in senses]), _tfidf(grams)]
    return hstack([share**0.5 * one for share, one in zip((0.35, 0.3, 0.35), told, strict=True)], format="csr")


def _grams(word: str) -> Iterator[str]:
    padded = f" {word} "
    return (padded[start : start + GRAM] for start in range(max(1, len(padded) - GRAM + 1)))


def _tfidf(texts: Sequence[Sequence[str]]) -> Sparse:
    """Rows of unit length: `(1 + log times) · (1 + log((1 + texts) / (1 + texts with it)))`."""
    import numpy as np
    from scipy.sparse import csr_matrix

    counted = [Counter(tokens) for tokens in texts]
    column: dict[str, int] = {}
    columns = np.fromiter((column.setdefault(token, len(column)) for one in counted for token in one), dtype=np.int64)
    times = np.fromiter((count for one in counted for count in one.values()), dtype=np.float64)
    rows = np.repeat(np.arange(len(texts)), [len(one) for one in counted])
    held = np.bincount(columns, minlength=max(1, len(column)))
    weights = (1 + np.log(times)) * (1 + np.log((1 + len(texts)) / (1 + held)))[columns]
    made = csr_matrix((weights, (rows, columns)), shape=(len(texts), max(1, len(column))), dtype=np.float32)
    lengths = np.sqrt(np.asarray(made.multiply(made).sum(1)).ravel())
    made.data /= np.repeat(np.maximum(lengths, 1e-9), np.diff(made.indptr))
    return made


def wanted(count: int) -> int:
    """How many neighbours each of so many ideas gets."""
    import numpy as np

    if count > EXACT:
        return OF_MANY
    found = round(float(np.interp(log(max(count, 2)), [log(size) for size in SIZES], NEIGHBOURS)))
    return max(1, min(count - 1, found))


def graph(near: Nearness, neighbours: int) -> Sparse:
    """A symmetric sparse matrix: each idea with its nearest, weighted by their similarity, both ways added."""
    from scipy.sparse import csr_matrix

    rows, columns, weights = _exact(near, neighbours) if near.count <= EXACT else _searched(near, neighbours)
    made = csr_matrix((weights, (rows, columns)), shape=(near.count, near.count))
    made.setdiag(0)
    made.eliminate_zeros()
    return (made + made.T).tocsr()


def _exact(near: Nearness, neighbours: int) -> tuple[Ints, Ints, Floats]:
    import numpy as np

    found: list[tuple[Ints, Ints, Floats]] = []
    for start in range(0, near.count, BLOCK):
        rows = np.arange(start, min(start + BLOCK, near.count))
        block = near.with_all(rows)
        block[np.arange(len(rows)), rows] = -2
        found.append(_best(block, rows, np.arange(near.count), neighbours))
    return _joined(found)


def _best(block: Floats, rows: Ints, columns: Ints, neighbours: int) -> tuple[Ints, Ints, Floats]:
    """The nearest of each row, those with nothing in common left out."""
    import numpy as np

    most = min(neighbours, block.shape[1])
    nearest = np.argpartition(-block, most - 1, axis=1)[:, :most]
    weights = np.take_along_axis(block, nearest, axis=1)
    chosen = weights > LEAST
    return np.repeat(rows, most)[chosen.ravel()], columns[nearest][chosen], weights[chosen]


def _joined(found: Sequence[tuple[Ints, Ints, Floats]]) -> tuple[Ints, Ints, Floats]:
    import numpy as np

    rows, columns, weights = (np.concatenate([one[part] for one in found]) for part in range(3))
    return rows, columns, weights


def _searched(near: Nearness, neighbours: int) -> tuple[Ints, Ints, Floats]:
    """Neighbours looked for in the nearest cells of a coarse division, in the main dimensions only."""
    import numpy as np

    narrow = _narrow(near)
    centres = _centres(narrow, max(8, round(near.count**0.5 / 2)))
    looked = np.argsort(-(narrow @ centres.T), axis=1, kind="stable")[:, :CELLS_LOOKED_AT]
    found: list[tuple[Ints, Ints, Floats]] = []
    for cell in range(len(centres)):
        rows = np.flatnonzero(looked[:, 0] == cell)
        columns = np.flatnonzero((looked == cell).any(1))
        for start in range(0, len(rows), BLOCK):
            some = rows[start : start + BLOCK]
            block = narrow[some] @ narrow[columns].T
            block[some[:, None] == columns[None, :]] = -2
            found.append(_best(block, some, columns, neighbours))
    return _joined(found)


def _narrow(near: Nearness) -> Floats:
    """The main dimensions of the meaning; without a model, of the words."""
    import numpy as np
    from scipy.sparse.linalg import svds

    if near.meaning is None:
        wide = near.words
        most = min(NARROW, min(wide.shape) - 1)
        _, _, turn = svds(wide, k=most, v0=np.ones(min(wide.shape)))
        return _unit(np.asarray(wide @ turn.T, dtype=np.float32))
    wide = near.meaning
    some = wide[:: max(1, len(wide) // 20_000)]
    _, turned = np.linalg.eigh((some.T @ some).astype(np.float64))
    return _unit(np.asarray(wide @ turned[:, -NARROW:].astype(np.float32)))


def _centres(points: Floats, count: int) -> Floats:
    """The middles of cells: a few rounds of k-means on a sample, begun at even steps."""
    import numpy as np

    sample = points[:: max(1, len(points) // (count * 60))]
    centres = sample[:: max(1, len(sample) // count)][:count].copy()
    for _ in range(6):
        nearest = (sample @ centres.T).argmax(1)
        sums = np.zeros_like(centres)
        np.add.at(sums, nearest, sample)
        filled = np.bincount(nearest, minlength=len(centres)) > 0
        centres[filled] = _unit(sums[filled])
    return centres
