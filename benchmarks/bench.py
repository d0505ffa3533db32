"""What every scenario is given: how much to do, where to put files, and whom to tell how far it is."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from benchmarks.figures import Row, Skipped
from benchmarks.machine import Ground


@dataclass(frozen=True, slots=True)
class Bench:
    """One run of the harness."""

    ground: Ground
    quick: bool

    @property
    def rounds(self) -> int:
        """How often each side is measured, in turn: A B A B and so on. Once is a look, not a measure."""
        return 1 if self.quick else 3

    def size(self, full: int, quick: int) -> int:
        """A number of events, ideas or voters."""
        return quick if self.quick else full

    def turns(self) -> Iterator[int]:
        """The rounds, each told on standard error."""
        for number in range(1, self.rounds + 1):
            self.tell(f"  round {number} of {self.rounds}")
            yield number

    def tell(self, words: str) -> None:
        """Progress, on standard error: standard output is for the figures."""
        print(words, file=sys.stderr, flush=True)


Measured = Iterable[Row | Skipped]
Run = Callable[[Bench], Measured]


@dataclass(frozen=True, slots=True)
class Scenario:
    """A question with its name on the command line."""

    name: str
    asks: str
    run: Run


def seconds(work: Callable[[], object], times: int = 1) -> float:
    """Wall time of one call, the mean of `times` calls."""
    start = time.perf_counter()
    for _ in range(times):
        work()
    return (time.perf_counter() - start) / times


def cpu_seconds(work: Callable[[], object], times: int = 1) -> float:
    """CPU time of this whole process for one call, the mean of `times` calls."""
    start = time.process_time()
    for _ in range(times):
        work()
    return (time.process_time() - start) / times
