"""The methods that are compared: ours, and what others would use; each gives a theme number, or -1, per idea."""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from bot.domain.ideas import IdeaText
from bot.theming.engine import Themes
from bot.theming.meanings import Encoder, Meanings, Part, shipped
from bot.theming.stopwords import ENGLISH, FRENCH

Labels = np.ndarray


@dataclass
class Task:
    """A hunt as its texts and language, with MiniLM's vectors computed once for all who use them."""

    texts: Sequence[str]
    language: str
    raw: np.ndarray
    glossed: np.ndarray


@dataclass
class Method:
    """A name, what it needs, and how it groups."""

    name: str
    group: Callable[[Task], Labels]
    needs: tuple[str, ...] = ()
    most: int = 20_000
    french_only: bool = False
    engine: Any = field(default=None)


class Remembered:
    """A model whose vectors are kept: ours and its peers share them, as they share the hunts."""

    def __init__(self, encoder: Encoder) -> None:
        self.name, self._encoder = encoder.name, encoder
        self._kept: dict[str, np.ndarray] = {}

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        fresh = [text for text in dict.fromkeys(texts) if text not in self._kept]
        if fresh:
            self._kept.update(zip(fresh, self._encoder.encode(fresh), strict=True))
        return np.array([self._kept[text] for text in texts])


def models() -> tuple[Part, ...]:
    """The shipped models, remembered."""
    return tuple(replace(part, encoder=Remembered(part.encoder)) for part in shipped())


def ours(name: str, parts: Sequence[Part]) -> Method:
    """Our engine with these models."""
    engine = Themes(Meanings(parts, kept=120_000))

    def group(task: Task) -> Labels:
        piles = engine.group([IdeaText(number, text) for number, text in enumerate(task.texts)])
        labels = np.full(len(task.texts), -1)
        for theme, pile in enumerate(pile for pile in piles if pile.label):
            labels[list(pile.ideas)] = theme
        return labels

    return Method(name, group, engine=engine)


def bertopic(name: str, glossed: bool) -> Method:
    """BERTopic 0.17 tuned to the hunt's size, outliers given to the nearest topic by embedding."""
    from bertopic import BERTopic
    from hdbscan import HDBSCAN
    from sklearn.feature_extraction.text import CountVectorizer
    from umap import UMAP

    def group(task: Task) -> Labels:
        vectors = task.glossed if glossed else task.raw
        count = len(task.texts)
        narrow = UMAP(
            n_neighbors=min(15, count - 1),
            n_components=5,
            min_dist=0.0,
            metric="cosine",
            random_state=42,
            init="random" if count < 40 else "spectral",
        )
        least = max(3, min(10, count // 20))
        model = BERTopic(
            embedding_model=None,
            umap_model=narrow,
            calculate_probabilities=False,
            hdbscan_model=HDBSCAN(
                min_cluster_size=least, metric="euclidean", cluster_selection_method="eom", prediction_data=True
            ),
            vectorizer_model=CountVectorizer(stop_words=sorted(FRENCH | ENGLISH)),
        )
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            try:
                topics, _ = model.fit_transform(list(task.texts), embeddings=vectors)
                if -1 in topics and len(set(topics)) > 1:
                    topics = model.reduce_outliers(list(task.texts), topics, strategy="embeddings", embeddings=vectors)
            except (ValueError, TypeError):  # too few words or ideas for it: nothing is grouped
                return np.full(count, -1)
        return np.array(topics)

    return Method(name, group, french_only=glossed)


def k_means(task: Task) -> Labels:
    """k-means with the number of themes of the best silhouette."""
    from sklearn.cluster import KMeans
    from sklearn.metrics import silhouette_score

    best: tuple[float, Labels] | None = None
    count = len(task.texts)
    for themes in sorted({*range(2, 16), 20, 25, 30, 40}):
        if themes < count - 1:
            labels = KMeans(themes, n_init=3, random_state=0).fit_predict(task.raw)
            score = silhouette_score(task.raw, labels, metric="cosine", sample_size=min(count, 2_000), random_state=0)
            if best is None or score > best[0]:
                best = (float(score), labels)
    return best[1] if best else np.zeros(count, dtype=int)


def hdbscan(task: Task) -> Labels:
    """HDBSCAN on MiniLM's vectors."""
    from sklearn.cluster import HDBSCAN

    return np.array(HDBSCAN(min_cluster_size=max(3, min(10, len(task.texts) // 20)), copy=True).fit_predict(task.raw))


def affinity(task: Task) -> Labels:
    """Affinity propagation on cosines."""
    from sklearn.cluster import AffinityPropagation

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        run = AffinityPropagation(affinity="precomputed", random_state=0).fit(task.raw @ task.raw.T)
    return np.array(run.labels_)


def parabol(task: Task) -> Labels:
    """Parabol's similarity rule (commit b079c4d): merge the closest centroids while the cosine is 0.81 and more.

    Every card beyond three asks 0.05 more. With MiniLM in the place of its own embedder.
    """
    members = [[place] for place in range(len(task.texts))]
    centres = [task.raw[place] for place in range(len(task.texts))]
    near = np.array(centres) @ np.array(centres).T
    np.fill_diagonal(near, -1)
    while True:
        sizes = np.array([len(one) for one in members])
        asked = 0.81 + 0.05 * np.maximum(0, sizes[:, None] + sizes[None, :] - 3)
        worth = np.where(near >= asked, near, -1)
        one, other = np.unravel_index(int(worth.argmax()), worth.shape)
        if worth[one, other] < 0:
            break
        members[one] += members[other]
        members[other] = []
        centre = task.raw[members[one]].mean(0)
        centres[one] = centre / np.linalg.norm(centre)
        near[one] = near[:, one] = np.array(centres) @ centres[one]
        near[one, one] = -1
        near[other] = near[:, other] = -1
        near[[place for place, some in enumerate(members) if not some]] = -1
        near[:, [place for place, some in enumerate(members) if not some]] = -1
    labels = np.full(len(task.texts), -1)
    for theme, places in enumerate(some for some in members if len(some) > 1):
        labels[places] = theme
    return labels


def methods(wanted: str, parts: Sequence[Part]) -> list[Method]:
    """Ours with every part and with less, then the peers that are installed, whose names match."""
    made = [ours("ideahunt", parts)]
    english = next((part.encoder for part in parts if part.glossed), None)
    if english:
        made.append(ours("ideahunt, no lexicon", [Part(english, 1.0)]))
    made.append(ours("ideahunt, words only", ()))
    try:
        made += [bertopic("BERTopic", glossed=False), bertopic("BERTopic, glossed", glossed=True)]
    except ImportError:
        print("BERTopic is not installed: see benchmarks/themes/README.md")
    try:
        import sklearn  # noqa: F401 - only whether it is there

        made += [Method("k-means", k_means, most=3_000), Method("HDBSCAN", hdbscan, most=5_000)]
        made.append(Method("affinity propagation", affinity, most=1_500))
    except ImportError:
        print("scikit-learn is not installed: see benchmarks/themes/README.md")
    made.append(Method("Parabol's rule", parabol, most=600))
    return [one for one in made if re.search(wanted, one.name, re.IGNORECASE)]
