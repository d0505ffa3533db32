"""`python -m benchmarks.themes FOLDER`: groups hunts drawn from labelled sets with ours and with its peers."""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

for _name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"):
    os.environ.setdefault(_name, "1")  # one thread for everybody: times can be compared

import numpy as np  # noqa: E402 - after the number of threads is set

from benchmarks.themes.hunts import DrawnHunt, LabelledSet, drawn, read_sets  # noqa: E402
from benchmarks.themes.labels import Hit, label_table, labelled  # noqa: E402
from benchmarks.themes.peers import Method, Task, methods, models  # noqa: E402
from benchmarks.themes.scores import Score, measured  # noqa: E402
from benchmarks.themes.tables import report  # noqa: E402
from bot.theming.lexicon import lexicon  # noqa: E402
from bot.theming.meanings import Part  # noqa: E402


def main(arguments: Sequence[str] | None = None) -> int:
    """Prints the tables, and writes scores and tables where asked."""
    asked = _parser().parse_args(arguments)
    sets = [one for one in read_sets(asked.folder) if asked.set in one.name]
    if not sets:
        print(f"There is no labelled set (*.tsv: text, label, lang) in {asked.folder}.", file=sys.stderr)
        return 2
    parts = models()
    chosen = methods(asked.methods, parts)
    scores: list[Score] = []
    hits: list[Hit] = []
    for source in sets:
        hunts = list(drawn(source, asked.sizes, asked.draws))
        vectors = _vectors(source, hunts, parts)
        for hunt in hunts:
            print(f"{source.name} {hunt.size or 'all'} {hunt.draw}", file=sys.stderr, flush=True)
            scores += _scored(hunt, chosen, vectors)
            if asked.labels and hunt.size in {30, 100, 300}:
                hits += labelled(hunt, chosen[0])
        _write(asked.out, scores, hits)

    print(_write(asked.out, scores, hits))
    return 0


def _write(out: Path | None, scores: Sequence[Score], hits: Sequence[Hit]) -> str:
    """The tables so far; in a folder too where asked, so that a long run shows what it has."""
    told = "\n".join(report(scores)) + (label_table(hits) if hits else "")
    if out:
        out.mkdir(parents=True, exist_ok=True)
        (out / "tables.md").write_text(told, "utf-8")
        (out / "scores.json").write_text(json.dumps([asdict(one) for one in scores], indent=1), "utf-8")
    return told


def _vectors(
    source: LabelledSet, hunts: Sequence[DrawnHunt], parts: Sequence[Part]
) -> dict[int, tuple[np.ndarray, np.ndarray]]:
    """MiniLM's vectors of every idea that is in some hunt, raw and glossed."""
    english = next((part.encoder for part in parts if part.glossed), None)
    places = sorted({place for hunt in hunts for place in hunt.places})
    if english is None:
        return {place: (np.ones(2), np.ones(2)) for place in places}
    texts = [source.texts[place] for place in places]
    raw = english.encode(texts)
    glossed = english.encode([lexicon().gloss(text) for text in texts]) if source.language == "fr" else raw
    return dict(zip(places, zip(raw, glossed, strict=True), strict=True))


def _scored(
    hunt: DrawnHunt, chosen: Sequence[Method], vectors: dict[int, tuple[np.ndarray, np.ndarray]]
) -> list[Score]:
    raw, glossed = (np.array([vectors[place][part] for place in hunt.places]) for part in (0, 1))
    task = Task(hunt.texts, hunt.source.language, raw, glossed)
    scores = []
    for method in chosen:
        if len(hunt.places) > method.most or (method.french_only and hunt.source.language != "fr"):
            continue
        if method.engine:
            method.engine.read([])  # models are loaded before the clock starts
            method.group(task)  # and the vectors are known, as they are for the peers
        start = time.perf_counter()
        labels = method.group(task)
        seconds = time.perf_counter() - start
        ami, ari, themes, alone = measured(labels, hunt.labels)
        source = hunt.source
        scores.append(
            Score(
                method.name,
                source.name,
                source.family,
                source.language,
                hunt.size,
                hunt.draw,
                ami,
                ari,
                themes,
                len(set(hunt.labels)),
                alone,
                seconds,
            )
        )
    return scores


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.themes", description=__doc__)
    parser.add_argument("folder", type=Path, help="a folder of labelled sets: *.tsv with text, label, lang")
    parser.add_argument("--sizes", type=int, nargs="+", default=[30, 100, 300, 1000, 0], help="ideas a hunt; 0 is all")
    parser.add_argument("--draws", type=int, default=5, help="hunts of each size and set")
    parser.add_argument("--methods", default="", help="only methods whose name matches")
    parser.add_argument("--set", default="", help="only sets whose name holds this")
    parser.add_argument("--labels", action="store_true", help="also try the labels as queries")
    parser.add_argument("--out", type=Path, help="a folder for tables.md and scores.json")
    return parser


if __name__ == "__main__":
    sys.exit(main())
