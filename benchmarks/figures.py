"""Figures: samples with their middle and spread, aims, and rows that say in words how one compares to the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Literal

SLACK = 1.2
"""An aim missed by less than a fifth is called near: other work on the machine moves ratios by as much."""


@dataclass(frozen=True, slots=True)
class Spread:
    """Samples of one quantity, in the order they were taken."""

    samples: tuple[float, ...]

    @classmethod
    def of(cls, samples: Sequence[float]) -> Spread:
        """Of any sequence."""
        return cls(tuple(samples))

    @property
    def middle(self) -> float:
        """The median."""
        return median(self.samples)

    @property
    def told(self) -> str:
        """The median, and the least and the most where there are several samples."""
        if len(self.samples) == 1:
            return short(self.middle)
        return f"{short(self.middle)} ({short(min(self.samples))} to {short(max(self.samples))})"


def short(number: float) -> str:
    """Three figures that count, thousands apart."""
    size = abs(number)
    digits = 0 if size >= 100 or number == int(number) else 1 if size >= 10 else 2 if size >= 0.1 else 3
    return f"{number:,.{digits}f}"


def ratios(ours: Spread, floor: Spread) -> Spread:
    """Ours over the floor, round by round: both of a round were taken one after the other."""
    return Spread.of([a / b if b else float("nan") for a, b in zip(ours.samples, floor.samples, strict=False)])


@dataclass(frozen=True, slots=True)
class Aim:
    """A limit for the ratio to the floor, or for our own figure."""

    limit: float
    sense: Literal["at most", "at least"]
    of: Literal["ratio", "figure"] = "ratio"

    @property
    def told(self) -> str:
        """In words: `at most 1.2x`."""
        return f"{self.sense} {short(self.limit)}{'x' if self.of == 'ratio' else ''}"

    def missed_by(self, value: float) -> float:
        """How many times worse than the limit; 1 or less is reached."""
        if self.sense == "at most":
            return value / self.limit if self.limit else float(value > 0) * 99 + (value == 0)
        return self.limit / value if value else 99.0


def at_most(limit: float, of: Literal["ratio", "figure"] = "ratio") -> Aim:
    """The figure or the ratio must not be larger."""
    return Aim(limit, "at most", of)


def at_least(limit: float, of: Literal["ratio", "figure"] = "ratio") -> Aim:
    """The figure or the ratio must not be smaller."""
    return Aim(limit, "at least", of)


@dataclass(frozen=True, slots=True)
class Row:
    """One line of the table: what was measured, our figure, its floor, the aim, and a remark."""

    scenario: str
    what: str
    ours: Spread
    unit: str
    floor: Spread | None = None
    aim: Aim | None = None
    note: str = ""

    @property
    def ratio(self) -> Spread | None:
        """Ours over the floor."""
        return ratios(self.ours, self.floor) if self.floor else None

    @property
    def missed_by(self) -> float | None:
        """How many times worse than aimed at; None where nothing is aimed at."""
        if self.aim is None:
            return None
        judged = self.ratio if self.aim.of == "ratio" else self.ours
        return self.aim.missed_by(judged.middle) if judged else None

    @property
    def verdict(self) -> str:
        """In words."""
        missed = self.missed_by
        if missed is None:
            return "told, not judged"
        if missed <= 1:
            return "reached"
        return "near" if missed <= SLACK else f"missed, {short(missed)} times off"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A scenario that could not be measured here, and why."""

    scenario: str
    why: str
