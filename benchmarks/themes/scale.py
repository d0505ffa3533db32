"""Large files: time, memory and AMI of grouping many ideas, their vectors known, as the peers' are."""

from __future__ import annotations

import argparse
import os
import resource
import sys
import time
from collections.abc import Sequence
from pathlib import Path

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
    os.environ.setdefault(_name, "1")

import numpy as np  # noqa: E402 - after the number of threads is set

from benchmarks.themes.hunts import read_sets  # noqa: E402
from benchmarks.themes.peers import Task, bertopic  # noqa: E402
from benchmarks.themes.scores import measured  # noqa: E402
from bot.theming.communities import communities  # noqa: E402
from bot.theming.meanings import shipped  # noqa: E402
from bot.theming.nearness import graph, nearness, wanted  # noqa: E402
from bot.theming.stems import stems_of  # noqa: E402


def gathered(folder: Path, count: int) -> tuple[list[str], list[str], list[str]]:
    """Ideas of all sets, shuffled, their labels and languages; copies with a word left out once there are no more."""
    chance = np.random.default_rng(0)
    rows = [
        (text, f"{one.name} {label}", one.language)
        for one in read_sets(folder)
        for text, label in zip(one.texts, one.labels, strict=True)
    ]
    order = chance.permutation(len(rows))
    found = [rows[place] for place in order[:count]]
    while len(found) < count:
        text, label, language = rows[int(chance.integers(len(rows)))]
        words = text.split()
        if len(words) > 1:
            words.pop(int(chance.integers(len(words))))
        found.append((" ".join(words), label, language))
    texts, labels, languages = zip(*found, strict=True)
    return list(texts), list(labels), list(languages)


def kept_vectors(folder: Path | None, texts: Sequence[str]) -> np.ndarray:
    """The vectors of texts, one row each, kept in a folder where one is given: reading 100,000 takes minutes."""
    file = folder / f"{len(texts)}.npy" if folder else None
    if file and file.exists():
        return np.asarray(np.load(file))
    made = shipped()[-1].encoder.encode(texts)  # the model that reads both languages: figures are of the graph
    if file:
        file.parent.mkdir(parents=True, exist_ok=True)
        np.save(file, made)
    return made


def ours(texts: Sequence[str], languages: Sequence[str], vectors: np.ndarray) -> np.ndarray:
    """Our graph and its communities."""
    stems = [stems_of(text, lang) for text, lang in zip(texts, languages, strict=True)]
    near = nearness(stems, texts, [(1.0, vectors)], languages)
    return communities(graph(near, wanted(len(texts))))


def theirs(texts: Sequence[str], _: Sequence[str], vectors: np.ndarray) -> np.ndarray:
    """BERTopic, tuned as in the table, outliers given to the nearest topic."""
    return bertopic("BERTopic", glossed=False).group(Task(texts, "", vectors, vectors))


def main(arguments: Sequence[str] | None = None) -> int:
    """A line for each size. Each size is a process of its own where memory matters: run it alone."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.themes.scale", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 10_000])
    parser.add_argument("--bertopic", action="store_true", help="BERTopic instead of ours, on the same vectors")
    parser.add_argument("--vectors", type=Path, help="a folder where vectors are kept")
    asked = parser.parse_args(arguments)
    for size in asked.sizes:
        texts, labels, languages = gathered(asked.folder, size)
        vectors = kept_vectors(asked.vectors, texts)
        start, cpu = time.perf_counter(), time.process_time()
        found = (theirs if asked.bertopic else ours)(texts, languages, vectors)
        clock, cpu = time.perf_counter() - start, time.process_time() - cpu
        ami, _, themes, _ = measured(found, labels)
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        print(
            f"{size:,} ideas: {clock:.1f} s on the clock, {cpu:.1f} s of CPU, "
            f"{memory:.0f} MiB at most, {themes} themes, AMI {ami:.3f}",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    sys.exit(main())
