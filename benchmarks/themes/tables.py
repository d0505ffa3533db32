"""The tables of a run, as people read them in docs/themes.md."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from statistics import mean

from benchmarks.themes.scores import Score, interval, ratio


def by_method(scores: Sequence[Score], title: str) -> str:
    """A line a method: scores with their intervals, themes found and true, ideas alone, seconds."""
    names = list(dict.fromkeys(one.method for one in scores))
    lines = [
        f"**{title}**",
        "",
        "| method | hunts | AMI | 90 % | ARI | themes | true | alone | seconds |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for name in names:
        some = [one for one in scores if one.method == name]
        low, high = interval([one.ami for one in some])
        lines.append(
            f"| {name} | {len(some)} | {mean(s.ami for s in some):.3f} | {low:.3f}–{high:.3f} "
            f"| {mean(s.ari for s in some):.3f} "
            f"| {mean(s.themes for s in some):.1f} | {mean(s.true for s in some):.1f} "
            f"| {mean(s.alone for s in some):.0%} "
            f"| {mean(s.seconds for s in some):.2f} |"
        )
    return "\n".join(lines) + "\n"


def across(scores: Sequence[Score], title: str, key: Callable[[Score], object]) -> str:
    """AMI of each method, a column for each set or size."""
    columns = list(dict.fromkeys(key(one) for one in scores))
    names = list(dict.fromkeys(one.method for one in scores))
    lines = [
        f"**{title}** (AMI)",
        "",
        f"| method | {' | '.join(map(str, columns))} |",
        "|---" * (len(columns) + 1) + "|",
    ]
    for name in names:
        cells = [[one.ami for one in scores if one.method == name and key(one) == column] for column in columns]
        lines.append(f"| {name} | {' | '.join(f'{mean(cell):.3f}' if cell else '–' for cell in cells)} |")
    return "\n".join(lines) + "\n"


def ratios(scores: Sequence[Score], title: str, ours: str = "ideahunt") -> str:
    """Ours over each peer, on the hunts that both did."""
    lines = [f"**{title}**", "", "| ideahunt ÷ | hunts | AMI ratio | 90 % |", "|---|---|---|---|"]
    own = {_hunt(one): one.ami for one in scores if one.method == ours}
    for name in dict.fromkeys(one.method for one in scores if one.method != ours):
        theirs = {_hunt(one): one.ami for one in scores if one.method == name}
        both = [hunt for hunt in own if hunt in theirs]
        if both:
            middle, low, high = ratio([own[hunt] for hunt in both], [theirs[hunt] for hunt in both])
            lines.append(f"| {name} | {len(both)} | {middle:.2f} | {low:.2f}–{high:.2f} |")
    return "\n".join(lines) + "\n"


def _hunt(one: Score) -> tuple[str, int, int]:
    return one.source, one.size, one.draw


def report(scores: Sequence[Score]) -> Iterable[str]:
    """Every table of a run."""
    for language, word in (("fr", "French"), ("en", "English")):
        some = [one for one in scores if one.language == language]
        if some:
            yield by_method(some, f"{word}, all hunts")
            yield ratios(some, f"{word}, ours over each peer")
            yield across(some, f"{word}, by set", lambda one: one.family)
            yield across(some, f"{word}, by ideas in the hunt", lambda one: one.size or "all")
