"""The map of a hunt: a disc for each theme, a point for each idea; how each lies, so that a template only draws it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import asin, cos, pi, sin, sqrt

DOT, LARGEST_DOT = 14.0, 20.0
"""The radius of a point that carries its number, in units of the map: sixteen are the height of the page's letters."""
LEAST_DOT = 1.5
NUMBERED = 150
"""Ideas up to which each point carries its number."""
LARGE = 105.0
"""The radius that the largest disc is given where its points may still grow."""
FITS = 158.0
"""The radius of a disc that fits a telephone, where its numbers can still be read."""
APART = 2.15
"""From one point to the next, in radii of a point."""
EDGE = 1.5
"""From the middle of the outermost points to the edge of the disc, in radii of a point."""
FIRST = range(1, 6)
"""Points that the innermost ring may hold."""
MARGIN = 2.0
"""Around a disc: room for half its line, and for what a browser rounds away at the edge of a drawing."""
TURN = pi * (3 - sqrt(5))
"""Each ring is turned by the golden angle, so that rings do not line up."""
SAID = 90
"""Characters of an idea that its point tells."""


class Mark(StrEnum):
    """How a point is drawn, from the surest to the least sure; the legend says what each means."""

    SOLID = "solid"
    TINTED = "tinted"
    HOLLOW = "hollow"
    LOOSE = "loose"
    """Under no theme: nothing to be sure of."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One idea: its number as shown, its first words, and how sure its place is."""

    number: str
    words: str
    mark: Mark = Mark.SOLID


@dataclass(frozen=True, slots=True)
class Land:
    """A theme as it is to be drawn: its name, what is counted in it, its colour (0: no theme) and its ideas."""

    name: str
    count: str
    hue: int
    spots: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """An idea's place, seen from the middle of its disc."""

    x: float
    y: float
    spot: Spot


@dataclass(frozen=True, slots=True)
class Area:
    """A theme's disc: its radius, and the points in it."""

    radius: float
    land: Land
    points: tuple[Point, ...]

    @property
    def reach(self) -> float:
        """From its middle to the edge of its drawing."""
        return round(self.radius + MARGIN, 1)


@dataclass(frozen=True, slots=True)
class Atlas:
    """The whole map, in the order of the lands. `dot` is the radius of a point; `legend`: what each mark means."""

    dot: float
    numbered: bool
    areas: tuple[Area, ...]
    legend: tuple[tuple[Mark, str], ...]


def atlas(lands: Sequence[Land], meanings: Mapping[Mark, str]) -> Atlas:
    """A disc for each land, as large as its ideas are many, the least sure at its edge. Same lands, same map.

    `meanings` says marks in words; the legend holds those that occur, and nothing where one says it all.
    """
    count = sum(len(land.spots) for land in lands)
    reach = max((_rings(len(land.spots))[-1][1] for land in lands if land.spots), default=0.0) + EDGE
    numbered = count <= NUMBERED and reach * DOT <= FITS
    if numbered:
        dot = max(DOT, min(LARGEST_DOT, LARGE / reach))
    else:
        dot = max(LEAST_DOT, min(DOT * sqrt(NUMBERED / max(count, NUMBERED)), FITS / reach))
    drawn = {spot.mark for land in lands for spot in land.spots}
    legend = tuple((mark, meanings[mark]) for mark in Mark if mark in drawn and mark in meanings)
    told = legend if drawn & {Mark.TINTED, Mark.HOLLOW} else ()
    return Atlas(round(dot, 1), numbered, tuple(_area(land, dot) for land in lands), told)


def _area(land: Land, dot: float) -> Area:
    surest = sorted(land.spots, key=lambda spot: list(Mark).index(spot.mark))
    rings = _rings(len(surest))
    places = [
        (away * dot, TURN * ring + 2 * pi * place / held)
        for ring, (held, away) in enumerate(rings)
        for place in range(held)
    ]
    points = (
        Point(round(away * cos(turn), 1), round(away * sin(turn), 1), spot)
        for (away, turn), spot in zip(places, surest, strict=True)
    )
    return Area(round((rings[-1][1] + EDGE) * dot, 1), land, tuple(points))


def _rings(count: int) -> list[tuple[int, float]]:
    """Points on each ring and its radius, in radii of a point, innermost first: the tightest way there is."""
    return min((_filled(first, count) for first in FIRST), key=lambda rings: rings[-1][1])


def _filled(first: int, count: int) -> list[tuple[int, float]]:
    away = 0.0 if first == 1 else APART / 2 / sin(pi / first)
    rings = [(min(first, count), away)]
    left = count - first
    while left > 0:
        away += APART
        room = int(pi / asin(APART / 2 / away) + 1e-9)
        rings.append((min(room, left), away))
        left -= room
    return rings
