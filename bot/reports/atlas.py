"""The map of a hunt: themes as areas, ideas as points; where each lies, so that a template only draws it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, pi, sin, sqrt
from unicodedata import east_asian_width

WIDTH = 960.0
GAP = 18.0
TURN = pi * (3 - sqrt(5))
"""The golden angle: points fill a disc evenly, however many (Vogel 1979)."""
NUMBERED = 150
"""Ideas up to which each point carries its number."""
SIGN, CAPITAL, WIDE = 8.5, 11.0, 15.0
"""The widths of letters of a label, in units of the map: a page test measures that names touch nothing."""
LINE = 17.0
MOST_ON_LINE = 24
SAID = 90
"""Characters of an idea that its point tells."""


@dataclass(frozen=True, slots=True)
class Spot:
    """One idea: its number as shown, and its first words."""

    number: str
    words: str


@dataclass(frozen=True, slots=True)
class Land:
    """A theme as it is to be drawn: its name, its count in words, its colour (0: no theme) and its ideas."""

    name: str
    count: str
    hue: int
    spots: tuple[Spot, ...]


@dataclass(frozen=True, slots=True)
class Point:
    """An idea's place on the map."""

    x: float
    y: float
    spot: Spot


@dataclass(frozen=True, slots=True)
class Area:
    """A theme's place on the map: the middle and radius of its disc, and the lines of its name under it."""

    x: float
    y: float
    radius: float
    land: Land
    lines: tuple[str, ...]
    points: tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Atlas:
    """The whole map. `dot` is the radius of a point; `told` says in words what the picture shows."""

    width: float
    height: float
    dot: float
    numbered: bool
    areas: tuple[Area, ...]
    told: str


def atlas(lands: Sequence[Land]) -> Atlas:
    """Places themes in rows, the largest first, each as large as its ideas are many. Same lands, same map."""
    count = sum(len(land.spots) for land in lands)
    numbered = count <= NUMBERED
    dot = 10.0 if numbered else max(2.0, 10.0 * sqrt(NUMBERED / count))
    order = sorted(lands, key=lambda land: (not land.hue, -len(land.spots)))
    areas: list[Area] = []
    top = 2.0
    for row in _rows(order, dot):
        tall = max(_radius(land, dot) for land in row)
        left = (WIDTH - sum(_wide(land, dot) for land in row) - GAP * (len(row) - 1)) / 2
        for land in row:
            areas.append(_area(land, left + _wide(land, dot) / 2, top + tall, dot))
            left += _wide(land, dot) + GAP
        top += 2 * tall + LINE * (1 + max(len(_lines(land.name)) for land in row)) + GAP
    told = " ".join(f"{land.name} ({land.count})." for land in order)
    return Atlas(WIDTH, round(max(top, 1.0), 1), round(dot, 1), numbered, tuple(areas), told)


def _rows(lands: Sequence[Land], dot: float) -> list[list[Land]]:
    rows: list[list[Land]] = []
    room = -1.0
    for land in lands:
        wide = _wide(land, dot) + GAP
        if room < wide:
            rows.append([])
            room = WIDTH + GAP
        rows[-1].append(land)
        room -= wide
    return rows


def _area(land: Land, x: float, y: float, dot: float) -> Area:
    points = tuple(_point(place, spot, x, y, dot) for place, spot in enumerate(land.spots))
    return Area(round(x, 1), round(y, 1), round(_radius(land, dot), 1), land, _lines(land.name), points)


def _point(place: int, spot: Spot, x: float, y: float, dot: float) -> Point:
    away = 2.3 * dot * sqrt(place)
    return Point(round(x + away * cos(place * TURN), 1), round(y + away * sin(place * TURN), 1), spot)


def _radius(land: Land, dot: float) -> float:
    return 2.3 * dot * sqrt(len(land.spots)) + 1.2 * dot


def _wide(land: Land, dot: float) -> float:
    return max(2 * _radius(land, dot), *map(_long, (*_lines(land.name), land.count)))


def _long(line: str) -> float:
    """How long a line of a label is at most, in units of the map."""
    return sum(WIDE if _is_wide(sign) else CAPITAL if sign.isupper() else SIGN for sign in line)


def _is_wide(sign: str) -> bool:
    return sign in "MWmw" or east_asian_width(sign) in {"W", "F"}


def _lines(name: str) -> tuple[str, ...]:
    """A name on two lines at most, cut between words."""
    if len(name) <= MOST_ON_LINE:
        return (name,)
    cuts = [place for place, sign in enumerate(name) if sign == " "]
    if not cuts:
        return (name,)
    cut = min(cuts, key=lambda place: abs(place - len(name) // 2))
    return (name[:cut], name[cut + 1 :])
