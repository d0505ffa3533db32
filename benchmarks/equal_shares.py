"""Our equal shares beside those of pabutools: on random ballots, both must choose the same options in the same order.

`python -m benchmarks.equal_shares --profiles 3000`, in an environment of its own that has pabutools (GPL-3.0, so it is
no dependency of ours): docs/decisions/0009-equal-shares.md. With `--write FILE` some of the profiles are kept with
pabutools' outcomes, for the tests that run without it.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random

from gmpy2 import mpq
from pabutools.election import Additive_Cardinal_Sat, CardinalBallot, CardinalProfile, Instance, Project
from pabutools.rules import greedy_utilitarian_welfare, method_of_equal_shares
from pabutools.tiebreaking import TieBreakingRule

from bot.domain.names import IdeaNumber
from bot.domain.shares import STEPS, equal_shares

Paper = dict[int, int]


@dataclass(frozen=True)
class Profile:
    """Ballots of one imagined vote."""

    kind: str
    options: int
    places: int
    papers: list[Paper]


# --- imagined votes


def scattered(random: Random, options: int, cap: int, dots: int) -> Paper:
    """Any options, as dots fall."""
    return piled(random, range(1, options + 1), cap, dots)


def clustered(random: Random, options: int, cap: int, dots: int) -> Paper:
    """Two camps with options of their own, a large one and a small one."""
    half = max(1, options // 2)
    mine = range(1, half + 1) if random.random() < 0.7 else range(half, options + 1)
    return piled(random, mine, cap, dots)


def tailed(random: Random, options: int, cap: int, dots: int) -> Paper:
    """A few options that many choose and many that few choose."""
    ranked = range(1, options + 1)
    return piled(random, random.choices(ranked, [1 / rank**2 for rank in ranked], k=dots), cap, dots)


def alike(random: Random, options: int, cap: int, dots: int) -> Paper:
    """One of three ballots, so that ties abound; sometimes an empty one."""
    start = random.randrange(4)
    return {} if start == 3 else {1 + (start + at) % options: cap for at in range(max(1, dots // cap))}


def approved(random: Random, options: int, cap: int, dots: int) -> Paper:  # noqa: ARG001 - one of a family
    """One dot an option."""
    return dict.fromkeys(random.sample(range(1, options + 1), min(dots, options)), 1)


def piled(random: Random, among: Sequence[int], cap: int, dots: int) -> Paper:
    """Up to `dots` dots, at most `cap` on one option."""
    paper: Paper = {}
    for _ in range(random.randint(0, dots)):
        option = random.choice(among)
        paper[option] = min(cap, paper.get(option, 0) + 1)
    return paper


KINDS: tuple[Callable[[Random, int, int, int], Paper], ...] = (scattered, clustered, tailed, alike, approved)


def profiles(random: Random, voters: int, options: int) -> Iterator[Profile]:
    """Votes of every kind by turns, without end: 2 to `options` options, 1 to `voters` voters, 1 to 8 places."""
    while True:
        for kind in KINDS:
            shown = random.randint(2, options)
            cap, dots = random.randint(1, 5), random.randint(1, 10)
            # Many small ones, where ties and empty places are common; some large.
            people = round(voters ** random.random())
            papers = [kind(random, shown, cap, dots) for _ in range(people)]
            yield Profile(kind.__name__, shown, random.randint(1, 8), papers)


# --- both counts


@dataclass(frozen=True)
class Outcome:
    """What was bought, in order, and what was added by its dots."""

    bought: list[int]
    added: list[int]


def ours(profile: Profile) -> Outcome:
    papers = [{IdeaNumber(option): dots for option, dots in paper.items()} for paper in profile.papers]
    found = equal_shares(papers, profile.places)
    cut = len(found.chosen) - found.completed
    return Outcome([*found.chosen[:cut]], [*found.chosen[cut:]])


def theirs(profile: Profile) -> Outcome:
    projects = {option: Project(str(option), 1) for option in range(1, profile.options + 1)}
    instance = Instance(projects.values(), budget_limit=profile.places)
    ballots = [CardinalBallot({projects[o]: dots for o, dots in paper.items()}) for paper in profile.papers]
    cast = CardinalProfile(ballots, instance=instance)
    weight = {o: tuple(paper[o] for paper in profile.papers if o in paper) for o in projects}
    rule = TieBreakingRule(lambda _i, _c, p: (-sum(w := weight[int(p.name)]), -len(w), int(p.name)))
    step = mpq(profile.places, STEPS * len(ballots))
    bought = method_of_equal_shares(
        instance, cast, Additive_Cardinal_Sat, tie_breaking=rule, voter_budget_increment=step
    )
    filled = greedy_utilitarian_welfare(
        instance, cast, Additive_Cardinal_Sat, tie_breaking=rule, initial_budget_allocation=list(bought)
    )
    names = [int(project.name) for project in filled]
    return Outcome(names[: len(bought)], [name for name in names[len(bought) :] if weight[name]])


# --- the command


def main(arguments: Sequence[str] | None = None) -> int:
    """Compares, prints the figures, writes the profiles where wanted; 1 when any outcome differs."""
    asked = _parser().parse_args(arguments)
    kept: list[dict[str, object]] = []
    differing, spent, filled = 0, [0.0, 0.0], 0
    for number, profile in enumerate(islice(profiles(Random(asked.seed), asked.voters, asked.options), asked.profiles)):
        begun = time.perf_counter()
        mine = ours(profile)
        between = time.perf_counter()
        other = theirs(profile)
        spent = [spent[0] + between - begun, spent[1] + time.perf_counter() - between]
        filled += bool(other.added)
        if mine != other:
            differing += 1
            print(f"{number}: {profile}\n  ours {mine}\n  theirs {other}")
        kept.append({**vars(profile), **vars(other)})
        if number % 100 == 99:
            print(f"{number + 1} of {asked.profiles}, {differing} differ", file=sys.stderr)
    if asked.write:
        asked.write.write_text("[\n" + ",\n".join(json.dumps(one, separators=(",", ":")) for one in kept) + "\n]\n")
    print(f"{asked.profiles} profiles, {differing} differ; {filled} filled by dots in the end")
    print(f"seconds: ours {spent[0]:.1f}, theirs {spent[1]:.1f}")
    return 1 if differing else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.equal_shares", description=__doc__)
    parser.add_argument("--profiles", type=int, default=500)
    parser.add_argument("--voters", type=int, default=200)
    parser.add_argument("--options", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--write", type=Path)
    return parser


if __name__ == "__main__":
    sys.exit(main())
